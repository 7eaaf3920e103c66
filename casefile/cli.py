"""The command line: its verbs, their arguments, and what each prints.

Imports stand where they are first needed: `--version` and `--help` need next to nothing.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from casefile import __version__

if TYPE_CHECKING:
    from casefile.places import Places
    from casefile.reading.open_case import OpenCase

FINE, FINDINGS, WRONG_USE, FAULT = 0, 1, 2, 70
VERBS = ("show", "where")


def run(argv: Sequence[str]) -> int:
    """Run a command line without the program's name; give the exit code."""
    try:
        return _run(argv)
    except BrokenPipeError:
        _forget_output()
        return FINE
    except _OutputFailed as error:
        _forget_output()
        return _complain([f"What was asked for can't be printed: {error}"], WRONG_USE)


def _run(argv: Sequence[str]) -> int:
    verb = argv[0] if argv and argv[0] in VERBS else "open"
    arguments = _parser(verb).parse_args(argv if verb == "open" else argv[1:])
    match verb:
        case "show":
            return _show(arguments)
        case "where":
            return _where(arguments)
    return _open(arguments)


_HELP = """\
casefile [CASE]             open a case: its file, or the id of a case shipped with the program
casefile show CASE [ENTRY]  print its panes, or one entry, as plain text
casefile where              print the directories that are used
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose messages can't act on the terminal, whatever was typed."""

    def _print_message(self, message: str, file: object = None) -> None:
        if file is sys.stderr:
            _complain(message.splitlines(), WRONG_USE)
        else:
            _print(message.splitlines())


def _parser(verb: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="casefile" if verb == "open" else f"casefile {verb}",
        description="Read a case file, check it against its sources, annotate it.",
        epilog=_HELP if verb == "open" else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--notes-dir", type=Path, metavar="DIR", help="keep notes and drafts there")
    if verb == "open":
        parser.add_argument("--version", action="version", version=f"casefile {__version__}")
        parser.add_argument("--no-mouse", action="store_true", help="leave it to the terminal")
        parser.add_argument("--theme", metavar="NAME", help="wear a theme, such as textual-light")
        parser.add_argument("case", nargs="?", metavar="CASE")
    if verb == "show":
        parser.add_argument("case", metavar="CASE")
        parser.add_argument("entry", nargs="?", metavar="ENTRY", help="the id of one entry")
        parser.add_argument("--pane", metavar="NAME", help="only this pane")
        parser.add_argument("--notes", action="store_true", help="with your notes")
    return parser


def _open(arguments: argparse.Namespace) -> int:
    if refusal := _no_terminal():
        return _complain([refusal], WRONG_USE)
    # Collecting garbage while everything is being made finds none and costs a tenth of the start;
    # the application turns it on again once it is on the screen.
    gc.disable()
    opened = _opened(arguments)
    if isinstance(opened, int):
        return opened
    open_case, places = opened
    # Textual costs 150 ms to import, which no verb without a screen should pay.
    from casefile.notes.drafts import DraftFolder
    from casefile.tui.app import CasefileApp

    drafts = DraftFolder(places, open_case.case_file.case.id)
    app = CasefileApp(open_case, drafts)
    if arguments.theme is not None:
        if arguments.theme not in app.available_themes:
            known = ", ".join(sorted(app.available_themes))
            return _complain([f"There is no theme {arguments.theme}, but {known}."], WRONG_USE)
        app.theme = arguments.theme
    app.run(mouse=not arguments.no_mouse)
    return app.return_code or FINE


def _show(arguments: argparse.Namespace) -> int:
    from casefile.reading import noting
    from casefile.reading.pages import page_of
    from casefile.reading.panes import NOTES, panes_of
    from casefile.reading.plain import page_in_lines, panes_in_lines

    opened = _opened(arguments)
    if isinstance(opened, int):
        return opened
    open_case, _places = opened
    problems = [str(problem) for problem in open_case.problems]
    if arguments.notes:
        problems += noting.unreadable_in_words(open_case)
    if arguments.entry is not None:
        if open_case.entry(arguments.entry) is None:
            return _complain([f"There is no entry {arguments.entry} in this case."], WRONG_USE)
        _print(page_in_lines(page_of(open_case, arguments.entry, notes=arguments.notes)))
    else:
        # Notes leave only when they are asked for.
        panes = [one for one in panes_of(open_case) if arguments.notes or one.title != NOTES]
        wanted = (arguments.pane or "").casefold()
        chosen = [pane for pane in panes if wanted in ("", pane.title.casefold())]
        if not chosen:
            names = ", ".join(pane.title for pane in panes)
            return _complain([f"There is no pane {arguments.pane}; there are {names}."], WRONG_USE)
        _print(panes_in_lines(open_case, chosen, notes=arguments.notes))
    return _complain(problems, FINDINGS) if problems else FINE


def _where(arguments: argparse.Namespace) -> int:
    from casefile.places import find_places, shipped

    places = find_places(arguments.notes_dir)
    if places.problem:
        return _complain([places.problem], FINDINGS)
    _print(
        (
            f"notes     {places.data}/notes",
            f"drafts    {places.state}/drafts",
            f"config    {places.config}",
            f"shipped   {shipped('data')}",
        )
    )
    return FINE


def _opened(arguments: argparse.Namespace) -> tuple[OpenCase, Places] | int:
    """Give the case that is named, with its notes; or, after a complaint, an exit code."""
    from casefile.case.reader import read_case
    from casefile.library import BUNDLED, find_case
    from casefile.notes.notebook import Notebook
    from casefile.places import find_places
    from casefile.reading.open_case import OpenCase

    name = BUNDLED if arguments.case is None else arguments.case
    if not name:
        return _complain(["The name of the case is empty."], WRONG_USE)
    reading = read_case(find_case(name))
    if reading.case_file is None:
        return _complain([str(problem) for problem in reading.problems], WRONG_USE)
    places = find_places(arguments.notes_dir)
    notebook = Notebook(places, reading.case_file.case.id)
    notebook.refresh()
    return OpenCase(reading.case_file, notebook, reading.problems), places


def _no_terminal() -> str | None:
    """Say why no screen can be drawn, and what works without one."""
    instead = "`casefile show CASE` prints a case without a screen."
    # A stream that was closed before the start is None.
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        return f"This is no terminal. {instead}"
    if os.environ.get("TERM", "") in ("", "dumb"):
        return f"TERM says that this terminal can't draw a screen. {instead}"
    return None


class _OutputFailed(Exception):
    """Standard output is closed, or takes no more."""


def _print(lines: Iterable[str]) -> None:
    if sys.stdout is None:
        raise _OutputFailed("standard output is closed")
    from casefile.text import printable

    encoding = sys.stdout.encoding or "ascii"
    try:
        for line in lines:
            sys.stdout.write(printable(line, encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _OutputFailed(error.strerror) from error


def _forget_output() -> None:
    """Keep Python from trying at its exit what has just failed."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(lines: Iterable[str], code: int) -> int:
    """Say what is wrong, as far as anybody can be told; give the exit code."""
    from casefile.text import printable

    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        with suppress(OSError):
            for line in lines:
                sys.stderr.write(printable(line, encoding) + "\n")
            sys.stderr.flush()
    return code
