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
        "--notes-dir", type=given_folder, metavar="DIR", help="keep notes and drafts in this folder"
    )
    return parser


def given_name(name: str) -> str:
    """Return the name of a file or folder; an empty one, as of an unset variable, is refused.

    It would mean the working directory.
    """
    if not name:
        raise ArgumentTypeError("the name is empty")
    return name


def given_folder(name: str) -> Path:
    """Return the path of a folder; an empty name is refused."""
    return Path(given_name(name))
