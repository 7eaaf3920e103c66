"""Write the lines of a note's file as TOML, in proportion to what is in them.

Anybody may have written what is written again: tables are inline, since each header would repeat
the path of its table, and no loop goes through the characters of a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT_ESCAPES = {"\\": r"\\", '"': r"\"", "\b": r"\b", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
"""The backslash comes first: it is in what the others become."""
_CONTROLS = {chr(code) for code in (*range(32), 127)} - {"\t"}
_ESCAPES = _SHORT_ESCAPES | {
    sign: f"\\u{ord(sign):04X}" for sign in sorted(_CONTROLS - {*_SHORT_ESCAPES})
}
_MOST_ESCAPES = 10_000
"""With more of them a text is literal, if it can be: each takes time to read, and room."""
# A text that a literal string of several lines can hold as it is.
_LITERAL = re.compile(r"(?:[^\x00-\x08\x0b-\x1f\x7f'\ud800-\udfff]++|'(?!''))*+")


def toml_line(key: str, value: object) -> bytes:
    """Return the line of a key and its value; raises ValueError for a lone surrogate."""
    text = _pair(key, value) + "\n"
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ValueError(
            f"the text has half of a character (U+{code:04X}), which UTF-8 lacks"
        ) from None


def size_in_file(text: str) -> int:
    """Return the number of bytes that a text takes in a file when it is escaped."""
    return len(_escaped(text).encode(errors="surrogatepass"))


def _pair(key: str, value: object) -> str:
    name = key if _BARE_KEY.fullmatch(key) else f'"{_escaped(key)}"'
    return f"{name} = {_written(value)}"


def _written(value: object) -> str:
    match value:
        case str():
            return _string(value)
        case bool():
            return str(value).lower()
        case Mapping():
            return f"{{{', '.join(_pair(key, one) for key, one in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
    # A number, a date or a time.
    return str(value)


def _string(text: str) -> str:
    escaped = _escaped(text)
    if len(escaped) - len(text) > _MOST_ESCAPES and _LITERAL.fullmatch(text):
        return f"'''\n{text}'''"
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text
