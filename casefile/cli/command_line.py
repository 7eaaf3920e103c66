"""The command line: which verbs there are, and how one of them is run.

Each verb is imported when it is run: `--version` and `--help` need next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from casefile import __version__
from casefile.console import (
    FINE,
    WRONG_USE,
    CommandError,
    OutputFailed,
    forget_output,
    print_errors,
    print_lines,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Sequence

OPEN = "open"
VERBS = {
    "check": ("check FILE…", "report errors and warnings in case files"),
    "list": ("list", "list the cases and where their files are"),
    "show": ("show CASE [ENTRY]", "print a case, one pane or one entry as plain text"),
    "source": ("source add CASE SOURCE FILE", "add, list or remove your copies of source texts"),
    "notes": ("notes CASE|--all", "print the notes, as text or as data"),
    "notes merge": ("notes merge PATH…", "import another reader’s notes: a folder, or a pack"),
    "notes pack": ("notes pack CASE FILE|-", "write the notes on a case to one file, to be sent"),
    "notes forget": ("notes forget ID", "remove a note for good, with all its revisions"),
    "notes redate": ("notes redate CASE [ID]", "correct the date that a wrong clock gave to notes"),
    "note add": ("note add CASE ENTRY", "add a note from standard input"),
    "log": ("log CASE [ENTRY]", "print the history of the notes: what was done, when, by whom"),
    "diff": ("diff OLD NEW", "print what changed between two versions of a case file"),
    "schema": ("schema", "print the JSON Schema of case files, for editors and linters"),
    "new": ("new FILE", "write a commented example to start a case file from"),
    "from-csv": ("from-csv FILE [--map …]", "print a spreadsheet's rows as a case file"),
    "where": ("where", "print the folders that casefile uses"),
}
"""The usage and the summary of each verb; its arguments are declared in its own module."""

_VERSION = f"casefile {__version__}"
_OPENING = ("[CASE]", "open a case: its file, or its id as `list` prints it")


def run(argv: Sequence[str]) -> int:
    """Run a command line, without the program's name, and return the exit code."""
    try:
        return _run(argv)
    except CommandError as refused:
        return print_errors(refused.lines, refused.code)
    except BrokenPipeError:
        forget_output()
        return FINE
    except OutputFailed as error:
        forget_output()
        return print_errors([f"The output can't be printed: {error}"], WRONG_USE)


def _run(argv: Sequence[str]) -> int:
    if [*argv] == ["--version"]:
        # Without argparse, which would take half of the time.
        print_lines([_VERSION])
        return FINE
    general, argv = _split_general(argv)
    words = next((argv[:count] for count in (2, 1) if " ".join(argv[:count]) in VERBS), ())
    name = " ".join(words) or OPEN
    if len(words) < 2:
        _refuse_misspelt(argv)
    verb = import_module(f"casefile.cli.{name.replace('-', '_').replace(' ', '_')}")
    parser = _parser(name)
    verb.add_arguments(parser)
    code: int = verb.run(parser.parse_args([*general, *argv[len(words) :]]))
    return code


def _split_general(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the option of every verb that stands before the verb, as in an alias, and the rest."""
    first = argv[0] if argv else ""
    count = 2 if first == "--notes-dir" else int(first.startswith("--notes-dir="))
    return argv[:count], argv[count:]


def _refuse_misspelt(argv: Sequence[str]) -> None:
    """Raise CommandError for a misspelt verb that is followed by what looks like its arguments."""
    first, second, third = (*argv[:3], "-", "-", "-")[:3]
    longer = [verb for verb in VERBS if verb.startswith(f"{first} ")]
    if longer and not third.startswith("-"):
        _refuse_nearly(f"{first} {second}", second, longer)
    if first not in VERBS and not first.startswith("-") and len(argv) > 1:
        _refuse_nearly(first, first, VERBS)


def _refuse_nearly(written: str, word: str, verbs: Iterable[str]) -> None:
    from casefile.text.suggestions import KnownNames

    # Of a verb of two words only the second is compared: in `notes mrge` the first is right.
    known = {verb.rpartition(" ")[2]: verb for verb in verbs}
    if near := KnownNames(known).nearest(word):
        raise CommandError(f"There is no verb {written}; the nearest is {known[near]}.")


def _parser(name: str) -> ArgumentParser:
    from casefile.cli.parser import make_parser

    if name != OPEN:
        what = VERBS[name][1]
        return make_parser(f"casefile {name}", f"{what[0].upper()}{what[1:]}.")
    about = "Read a case file, check it against its sources, annotate it."
    usages = [_OPENING, *VERBS.values()]
    width = max(len(usage) for usage, _ in usages)
    verbs = "\n".join(f"casefile {usage:{width}}  {what}" for usage, what in usages)
    parser = make_parser("casefile", about, verbs)
    parser.add_argument("--version", action="version", version=_VERSION)
    return parser
