"""Write TOML as a person would: strings, lists, entries and comments that are safe to print.

TOML 1.0.0, https://toml.io/en/v1.0.0. Characters that act on a terminal, or hide or reorder text,
are written as escapes: an editor shows them, and a parser reads them as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from casefile.text.inert import inert, inert_lines

Value: TypeAlias = bool | str | Sequence[str | Mapping[str, str]]

_WIDTH = 96
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES_IN_LONG = {"\\": "\\\\", "\t": "\\t", "\r": "\\r"}
_ESCAPES = {**_ESCAPES_IN_LONG, '"': '\\"', "\n": "\\n"}
# Longer than any grapheme cluster: a letter with five marks and joiners between them.
_CLUSTER = 16
# Where a line may be broken: after a single space, since TOML drops the white space that follows.
_BREAK = re.compile(r"(?<=\S) (?=[^ \t\n])")


def entry_lines(table: str, keys: Mapping[str, Value]) -> Iterator[str]:
    """Yield the lines of one entry of a table."""
    yield f"[[{table}]]"
    for name, value in keys.items():
        yield from assignment_lines(name, value)


def assignment_lines(name: str, value: Value) -> Iterator[str]:
    """Yield the lines of `name = value`, with long text and long lists over several lines."""
    start = f"{_key(name)} = "
    if isinstance(value, str) and ("\n" in value or len(start) + len(value) + 2 > _WIDTH):
        yield f'{start}"""'
        yield from _long_string(value)
        return
    line = start + _inline(value)
    if not isinstance(value, bool | str) and len(line) > _WIDTH:
        yield f"{start}["
        yield from (f"    {_inline(one)}," for one in value)
        yield "]"
        return
    yield line


def _key(name: str) -> str:
    """Return a name as a TOML key: bare if possible, else quoted."""
    return name if _BARE_KEY.fullmatch(name) else basic_string(name)


def _inline(value: Value | Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return basic_string(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {basic_string(one)}" for name, one in value.items())
        return f"{{ {pairs} }}"
    return f"[{', '.join(_inline(one) for one in value)}]"


def basic_string(text: str) -> str:
    """Return a text as a basic string, on one line."""
    return f'"{_escaped(text, _ESCAPES)}"'


def comment_lines(text: str) -> Iterator[str]:
    """Yield a text as lines of comment, made inert because comments have no escapes."""
    for line in inert_lines(_without_surrogates(text)):
        yield f"# {line}".rstrip()


def commented_out(lines: Iterable[str]) -> Iterator[str]:
    """Return lines of TOML, each behind a number sign."""
    return (f"# {line}" if line else "#" for line in lines)


def _long_string(text: str) -> Iterator[str]:
    """Yield the lines of a multi-line string, after the opening quotation marks."""
    lines = [line for part in text.split("\n") for line in _wrapped(_escaped_line(part))]
    if lines[-1].endswith('"'):
        lines = [*lines[:-1], f"{lines[-1]}\\", ""]
    lines[-1] += '"""'
    yield from lines


def _escaped_line(line: str) -> str:
    written = _escaped(line, _ESCAPES_IN_LONG).replace('"""', '""\\"')
    # Many editors strip trailing spaces.
    return f"{written[:-1]}\\u0020" if written.endswith(" ") else written


def _wrapped(line: str) -> Iterator[str]:
    """Yield a line in pieces that end in a backslash, so that TOML joins them again."""
    places = [found.end() for found in _BREAK.finditer(line)]
    start = end = 0
    # Not before a combining mark, which belongs to the character before it.
    for place in [*(one for one in places if inert(line[one]) == line[one]), len(line)]:
        if place > start + _WIDTH and end > start:
            yield f"{line[start:end]}\\"
            start = end
        end = place
    yield line[start:]


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    if inert(text) == text and not any(one in text for one in escapes):
        return text
    written: list[str] = []
    before = ""
    for character in _without_surrogates(text):
        is_unchanged = inert(before + character) == inert(before) + character
        if character not in escapes and is_unchanged:
            written.append(character)
            before = (before + character)[-_CLUSTER:]
        else:
            number = ord(character)
            code = f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
            written.append(escapes.get(character, code))
            before = ""
    return "".join(written)


def _without_surrogates(text: str) -> str:
    """Return a text without lone surrogates, as an undecodable file name has them."""
    return text.encode("utf-8", "replace").decode()
