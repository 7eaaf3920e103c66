"""The output of commands: escaped text, colours, error messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from io import TextIOWrapper
from itertools import islice
from typing import NamedTuple, TypeAlias

FINE, FINDINGS, WRONG_USE, FAULT = 0, 1, 2, 70
"""Exit codes: success; findings; wrong usage or not a case file; a crash (EX_SOFTWARE)."""

STREAM = "-"
"""The argument that means standard input or output instead of a file."""

_MOST_OF_A_KIND = 20
"""The number of complaints of one kind that are printed; a pack may hold a hundred thousand."""


class Paint(StrEnum):
    """The style of a piece of a line, as parameters of an SGR sequence (ECMA-48)."""

    NONE = ""
    STRONG = "1"
    FAINT = "2"
    WRONG = "1;31"
    DOUBTFUL = "1;33"
    POINTER = "1;32"


class Piece(NamedTuple):
    """A piece of a line in one style; its text is untrusted."""

    text: str
    paint: Paint = Paint.NONE


Line: TypeAlias = str | tuple[Piece, ...]


class CommandError(Exception):
    """A command can't be carried out; `lines` say why, and what to do."""

    def __init__(self, *lines: str, code: int = WRONG_USE) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.code = code


class OutputFailed(Exception):
    """Standard output is closed or can't be written to."""


def print_lines(lines: Iterable[Line], *, is_plain: bool = False) -> None:
    """Print lines to standard output, in colour on a terminal unless `is_plain`.

    Raises BrokenPipeError if the reading process has ended, as in `| head`, and OutputFailed.
    """
    if sys.stdout is None:
        raise OutputFailed("standard output is closed")
    encoding = sys.stdout.encoding or "ascii"
    # See https://no-color.org
    is_plain = is_plain or os.environ.get("TERM", "") in ("", "dumb")
    is_painted = is_terminal() and not (is_plain or os.environ.get("NO_COLOR"))
    try:
        for line in lines:
            sys.stdout.write(_render(line, encoding, is_painted=is_painted) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(error.strerror) from error


def print_json(data: object) -> None:
    """Print data as JSON in ASCII, in which no character has to be replaced."""
    import json

    print_lines(json.dumps(data, indent=2).splitlines())


def send(pieces: Iterable[bytes]) -> None:
    """Write bytes to standard output; raises OutputFailed, also for a broken pipe."""
    if sys.stdout is None:
        raise OutputFailed("standard output is closed")
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OutputFailed(error.strerror) from error


def speak_utf8() -> None:
    """Print in UTF-8 from now on, for data, unless standard output is a terminal."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _render(line: Line, encoding: str, *, is_painted: bool) -> str:
    if isinstance(line, str):
        return _printable(line, encoding)
    pieces = ((_printable(piece.text, encoding), piece.paint) for piece in line)
    return "".join(
        f"\x1b[{paint}m{text}\x1b[0m" if is_painted and paint else text for text, paint in pieces
    )


def _printable(text: str, encoding: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # Imported here: ASCII needs none of its tables.
    from casefile.text.inert import printable

    return printable(text, encoding)


def print_errors(lines: Iterable[str], code: int) -> int:
    """Print lines to standard error, if it is open, and return the exit code."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        with suppress(OSError):
            for line in lines:
                sys.stderr.write(_printable(line, encoding) + "\n")
            sys.stderr.flush()
    return code


def first_of(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first of some lines of one kind, then how many more there are."""
    left = iter(lines)
    yield from islice(left, _MOST_OF_A_KIND)
    if more := sum(1 for _ in left):
        yield f"… and {more:,} more"


def forget_output() -> None:
    """Discard buffered output, which Python would try to write again at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
