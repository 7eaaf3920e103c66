"""TOML as a person would write it: strings, lists, entries and comments that are safe to print.

TOML 1.0.0, https://toml.io/en/v1.0.0. Whatever acts on a terminal, hides or reorders what is read
is written as an escape, so that it is there for the editor to see and comes back as it was.
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
# A letter may carry five marks; with joiners between them this is more than any cluster takes.
_CLUSTER = 16
# A line may be broken after a space that no other white space follows: TOML drops all that does.
_BREAK = re.compile(r"(?<=\S) (?=[^ \t\n])")


def entry(table: str, keys: Mapping[str, Value]) -> Iterator[str]:
    """Give the lines of one entry of a table."""
    yield f"[[{table}]]"
    for name, value in keys.items():
        yield from assignment(name, value)


def assignment(name: str, value: Value) -> Iterator[str]:
    """Give the lines that give a key its value, long text and long lists over several."""
    start = f"{key(name)} = "
    if isinstance(value, str) and ("\n" in value or len(start) + len(value) + 2 > _WIDTH):
        yield f'{start}"""'
        yield from _long_string(value)
        return
    line = start + inline(value)
    if not isinstance(value, bool | str) and len(line) > _WIDTH:
        yield f"{start}["
        yield from (f"    {inline(one)}," for one in value)
        yield "]"
        return
    yield line


def key(name: str) -> str:
    """Give a name as a key: bare where it can be, else in quotation marks."""
    return name if _BARE_KEY.fullmatch(name) else string(name)


def inline(value: Value | Mapping[str, str]) -> str:
    """Give a value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key(name)} = {string(one)}' for name, one in value.items())} }}"
    return f"[{', '.join(inline(one) for one in value)}]"


def string(text: str) -> str:
    """Give a text as a string on one line."""
    return f'"{_escaped(text, _ESCAPES)}"'


def comment(text: str) -> Iterator[str]:
    """Give a text as lines of comment, made inert: a comment knows no escapes."""
    for line in inert_lines(_whole_characters(text)):
        yield f"# {line}".rstrip()


def commented_out(lines: Iterable[str]) -> Iterator[str]:
    """Give lines of TOML behind number signs; without these they are what they were."""
    return (f"# {line}" if line else "#" for line in lines)


def _long_string(text: str) -> Iterator[str]:
    """Give the lines after the opening quotation marks of a multi-line string, these included."""
    lines = [line for part in text.split("\n") for line in _folded_at_spaces(_in_long_string(part))]
    if lines[-1].endswith('"'):
        lines = [*lines[:-1], f"{lines[-1]}\\", ""]
    lines[-1] += '"""'
    yield from lines


def _in_long_string(line: str) -> str:
    written = _escaped(line, _ESCAPES_IN_LONG).replace('"""', '""\\"')
    # Many editors take away the spaces at a line's end.
    return f"{written[:-1]}\\u0020" if written.endswith(" ") else written


def _folded_at_spaces(line: str) -> Iterator[str]:
    """Give a line in pieces that TOML joins again, each but the last ending in a backslash."""
    places = [found.end() for found in _BREAK.finditer(line)]
    start = end = 0
    # A mark at the start of a line would stand on nothing.
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
    for character in _whole_characters(text):
        if (escape := escapes.get(character)) is None and _shows_as_it_is(before, character):
            written.append(character)
            before = (before + character)[-_CLUSTER:]
        else:
            written.append(escape or _by_number(character))
            before = ""
    return "".join(written)


def _shows_as_it_is(before: str, character: str) -> bool:
    return inert(before + character) == inert(before) + character


def _by_number(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _whole_characters(text: str) -> str:
    """Give a text without the halves of characters that an undecodable file name leaves."""
    return text.encode("utf-8", "replace").decode()
