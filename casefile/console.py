"""What a verb prints, and with which code it ends: inert, and quiet when nobody listens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper

FINE, FINDINGS, WRONG_USE, FAULT = 0, 1, 2, 70
"""Exit codes: all is well; something was found; wrong use or a file that is no case; our fault."""


class Refused(Exception):
    """A verb can't do what was asked for; its lines say why, and what would be right."""

    def __init__(self, *lines: str, code: int = WRONG_USE) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.code = code


class OutputFailed(Exception):
    """Standard output is closed, or takes no more."""


def say(lines: Iterable[str]) -> None:
    """Print lines to standard output; raises OutputFailed, and BrokenPipeError for `| head`."""
    if sys.stdout is None:
        raise OutputFailed("standard output is closed")
    from casefile.text import printable

    encoding = sys.stdout.encoding or "ascii"
    try:
        for line in lines:
            sys.stdout.write(printable(line, encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(error.strerror) from error


def speak_utf8() -> None:
    """Print in UTF-8 from now on, as data has to be, unless a terminal shows it."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def complain(lines: Iterable[str], code: int) -> int:
    """Say what is wrong, as far as anybody can be told; give the exit code."""
    from casefile.text import printable

    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        with suppress(OSError):
            for line in lines:
                sys.stderr.write(printable(line, encoding) + "\n")
            sys.stderr.flush()
    return code


def forget_output() -> None:
    """Keep Python from trying at its exit what has just failed."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
