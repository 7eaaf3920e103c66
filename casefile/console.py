"""What a verb prints, and with which code it ends: inert, and quiet when nobody listens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from io import TextIOWrapper
from typing import NamedTuple, TypeAlias

FINE, FINDINGS, WRONG_USE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130
"""Exit codes: all is well; something was found; wrong use or a file that is no case; our fault;
and what a shell gives for an interrupt from the keyboard."""


STREAM = "-"
"""What stands on a command line for standard input or output, in place of a file."""


class Paint(StrEnum):
    """What a piece of a line is, and the colour that shows it on a terminal (ECMA-48, SGR)."""

    NONE = ""
    STRONG = "1"
    FAINT = "2"
    WRONG = "1;31"
    DOUBTFUL = "1;33"
    POINTER = "1;32"


class Piece(NamedTuple):
    """A piece of a line in one colour; its text is as little trusted as any."""

    text: str
    paint: Paint = Paint.NONE


Line: TypeAlias = str | tuple[Piece, ...]


class Refused(Exception):
    """A verb can't do what was asked for; its lines say why, and what would be right."""

    def __init__(self, *lines: str, code: int = WRONG_USE) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.code = code


class OutputFailed(Exception):
    """Standard output is closed, or takes no more."""


def say(lines: Iterable[Line], *, is_plain: bool = False) -> None:
    """Print lines to standard output; raises OutputFailed, and BrokenPipeError for `| head`.

    Lines are painted where the terminal takes colours, unless they are to be plain.
    """
    if sys.stdout is None:
        raise OutputFailed("standard output is closed")
    encoding = sys.stdout.encoding or "ascii"
    is_painted = takes_colours() and not is_plain
    try:
        for line in lines:
            sys.stdout.write(_written(line, encoding, is_painted=is_painted) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(error.strerror) from error


def send(pieces: Iterable[bytes]) -> None:
    """Write data to standard output; raises OutputFailed, also where its reader has gone."""
    if sys.stdout is None:
        raise OutputFailed("standard output is closed")
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OutputFailed(error.strerror) from error


def speak_utf8() -> None:
    """Print in UTF-8 from now on, as data has to be, unless a terminal shows it."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def is_terminal() -> bool:
    """Say whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def takes_colours() -> bool:
    """Say whether standard output is a terminal with colours, and its reader wants them.

    NO_COLOR, if it is not empty, says that colours aren't wanted (no-color.org).
    """
    is_plain = os.environ.get("TERM", "") in ("", "dumb") or bool(os.environ.get("NO_COLOR"))
    return is_terminal() and not is_plain


def _written(line: Line, encoding: str, *, is_painted: bool) -> str:
    if isinstance(line, str):
        return _printable(line, encoding)
    shown = ((_printable(piece.text, encoding), piece.paint) for piece in line)
    return "".join(
        f"\x1b[{paint}m{text}\x1b[0m" if is_painted and paint else text for text, paint in shown
    )


def _printable(text: str, encoding: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # Imported here: ASCII needs none of its tables.
    from casefile.text.inert import printable

    return printable(text, encoding)


def complain(lines: Iterable[str], code: int) -> int:
    """Say what is wrong, as far as anybody can be told; give the exit code."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        with suppress(OSError):
            for line in lines:
                sys.stderr.write(_printable(line, encoding) + "\n")
            sys.stderr.flush()
    return code


def forget_output() -> None:
    """Keep Python from trying at its exit what has just failed."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
