"""The command line: which verbs there are, and how one is run.

Imports stand where they are first needed: `--version` and `--help` need next to nothing.
"""

from __future__ import annotations

import argparse
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from casefile import __version__
from casefile.console import (
    FINE,
    INTERRUPTED,
    WRONG_USE,
    OutputFailed,
    Refused,
    complain,
    forget_output,
    say,
)

OPEN = "open"
VERBS = {
    "check": ("check FILE…", "name what is wrong in case files, and what is worth a look"),
    "list": ("list", "print which cases there are, and where"),
    "show": ("show CASE [ENTRY]", "print its panes, or one entry, as plain text"),
    "source": ("source add CASE SOURCE FILE", "keep, list or remove copies of sources’ texts"),
    "notes": ("notes CASE|--all", "print the notes, as text or as data"),
    "notes merge": ("notes merge PATH…", "take in another reader’s notes: a folder, or a pack"),
    "notes pack": ("notes pack CASE FILE|-", "write the notes on a case to one file, to be sent"),
    "notes forget": ("notes forget ID", "remove a note for good, with all its revisions"),
    "note add": ("note add CASE ENTRY", "keep what comes by standard input as a note"),
    "log": ("log CASE [ENTRY]", "print what was done to the notes, when and by whom"),
    "diff": ("diff OLD NEW", "print what changed between two versions of a case file"),
    "schema": ("schema", "print the JSON Schema of case files, for editors and linters"),
    "new": ("new FILE", "write a commented starting point for a case of your own"),
    "from-csv": ("from-csv FILE [--map …]", "print a spreadsheet's rows as a case file"),
    "where": ("where", "print the directories that are used"),
}
"""Each verb, how it is called, and what it does; what it takes stands in its own module."""

_OPENING = ("[CASE]", "open a case: its file, or its id as `list` has it")


class Verb(Protocol):
    """A module of `casefile.cli`: what it takes, and what it does."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the verb takes."""

    def run(self, arguments: Namespace) -> int:
        """Do it; give the exit code. Raises Refused where it can't be done."""


def run(argv: Sequence[str]) -> int:
    """Run a command line without the program's name; give the exit code."""
    try:
        return _run(argv)
    except Refused as refused:
        return complain(refused.lines, refused.code)
    except BrokenPipeError:
        forget_output()
        return FINE
    except KeyboardInterrupt:
        return complain([""], INTERRUPTED)
    except OutputFailed as error:
        forget_output()
        return complain([f"What was asked for can't be printed: {error}"], WRONG_USE)


def _run(argv: Sequence[str]) -> int:
    words = _words(argv)
    name = " ".join(words) or OPEN
    if name == OPEN and "--version" in argv:
        # It needs not even the verb, whose import is not free.
        _parser(OPEN).parse_known_args(argv)
    if len(words) < 2:
        _refuse_misspelt(argv)
    module = name.replace("-", "_").replace(" ", "_")
    verb = cast("Verb", import_module(f"casefile.cli.{module}"))
    parser = _parser(name)
    verb.add_arguments(parser)
    return verb.run(parser.parse_args(argv[len(words) :]))


def _words(argv: Sequence[str]) -> Sequence[str]:
    """Give the words with which a command line names a verb: two, one, or none."""
    return next((argv[:count] for count in (2, 1) if " ".join(argv[:count]) in VERBS), ())


def _refuse_misspelt(argv: Sequence[str]) -> None:
    """Raise Refused for what is nearly a verb, and followed by what a verb would take."""
    first, second, third = (*argv[:3], "-", "-", "-")[:3]
    longer = [verb for verb in VERBS if verb.startswith(f"{first} ")]
    if longer and not third.startswith("-"):
        _refuse_nearly(f"{first} {second}", second, longer)
    if first not in VERBS and not first.startswith("-") and len(argv) > 1:
        _refuse_nearly(first, first, VERBS)


def _refuse_nearly(written: str, word: str, verbs: Iterable[str]) -> None:
    from casefile.text.suggestions import KnownNames

    # A verb of two words is meant by its second: of `notes mrge` the first is right.
    known = {verb.rpartition(" ")[2]: verb for verb in verbs}
    if near := KnownNames(known).nearest(word):
        raise Refused(f"There is no verb {written}; the nearest is {known[near]}.")


class _Parser(ArgumentParser):
    """A parser whose messages can't act on the terminal, whatever was typed."""

    def _print_message(self, message: str, file: object = None) -> None:
        lines = message.removesuffix("\n").split("\n")
        if file is sys.stderr:
            complain(lines, WRONG_USE)
        else:
            say(lines)


def _parser(name: str) -> ArgumentParser:
    parser = _Parser(
        prog="casefile" if name == OPEN else f"casefile {name}",
        description=(
            "Read a case file, check it against its sources, annotate it."
            if name == OPEN
            else f"{VERBS[name][1].capitalize()}."
        ),
        epilog=_help() if name == OPEN else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--notes-dir", type=_folder, metavar="DIR", help="keep notes and drafts there"
    )
    if name == OPEN:
        parser.add_argument("--version", action="version", version=f"casefile {__version__}")
    return parser


def _folder(name: str) -> Path:
    # An empty name, as of a variable that is not set, would mean the working directory.
    if not name:
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(name)


def _help() -> str:
    calls = [_OPENING, *VERBS.values()]
    width = max(len(call) for call, _ in calls)
    return "\n".join(f"casefile {call:{width}}  {what}" for call, what in calls)
