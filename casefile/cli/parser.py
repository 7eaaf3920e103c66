"""The argument parser of a verb, whose messages are safe to print on a terminal."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path

from casefile.console import WRONG_USE, print_errors, print_lines


class _SafeParser(ArgumentParser):
    """A parser whose messages can't act on the terminal, whatever was typed."""

    def _print_message(self, message: str, file: object = None) -> None:
        lines = message.removesuffix("\n").split("\n")
        if file is sys.stderr:
            print_errors(lines, WRONG_USE)
        else:
            print_lines(lines)


def make_parser(program: str, description: str, epilog: str | None = None) -> ArgumentParser:
    """Return a parser with the options that every verb has."""
    parser = _SafeParser(
        prog=program,
        description=description,
        epilog=epilog,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--notes-dir", type=folder_path, metavar="DIR", help="keep notes and drafts in this folder"
    )
    return parser


def nonempty(name: str) -> str:
    """Return the name of a file, a folder or a note; raise ArgumentTypeError if it is empty.

    An empty name, as of an unset variable, would mean the working directory, or all notes.
    """
    if not name:
        raise ArgumentTypeError("the name is empty")
    return name


def folder_path(name: str) -> Path:
    """Return the path of a folder; raise ArgumentTypeError if its name is empty."""
    return Path(nonempty(name))
