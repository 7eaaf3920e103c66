"""`casefile [CASE]`: open a case, or the list of cases, on the screen."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casefile.cli.problem_lines import problem_lines
from casefile.console import FAULT, FINE, CommandError, print_errors

if TYPE_CHECKING:
    from casefile.case.load_result import LoadResult
    from casefile.case.problem import Problem
    from casefile.config import Config
    from casefile.library import Library
    from casefile.places import Places
    from casefile.tui.app import CasefileApp
    from casefile.views.case_opener import CaseOpener
    from casefile.views.open_case import OpenCase

_LARGE = 2_000_000
"""A file of more bytes is read after the screen is there."""

_NOT_LOADED = "A part of casefile can't be loaded; it may have been upgraded. Start it again."


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile`."""
    parser.add_argument(
        "--mouse", action=BooleanOptionalAction, help="use the mouse, or leave it to the terminal"
    )
    parser.add_argument("--theme", metavar="NAME", help="use this theme, for example textual-light")
    parser.add_argument("case", nargs="?", metavar="CASE")


def run(arguments: Namespace) -> int:
    """Run the application until the user quits."""
    _require_screen()
    from casefile.config import read_config
    from casefile.places import find_places

    places = find_places(arguments.notes_dir)
    config = read_config(places)
    try:
        return _run(arguments, places, config)
    except CommandError:
        # No screen has shown them.
        print_errors(map(str, config.problems), FINE)
        raise


def _run(arguments: Namespace, places: Places, config: Config) -> int:
    from casefile.library import open_library
    from casefile.tui.idle_imports import is_failed_import
    from casefile.views.case_opener import CaseOpener

    opener = CaseOpener(places, config)
    path = _path_to_open(arguments.case, open_library(places, config))
    to_open = path if path is not None and _is_large(path) else None
    open_case = None if path is None or to_open else _open(opener, path)
    app, problems = app_for(opener, open_case, places, config, arguments.theme, to_open=to_open)
    if open_case is not None:
        opener.remember_opening(open_case)
    app.run(mouse=config.mouse if arguments.mouse is None else arguments.mouse)
    if app.fault is not None:
        print_errors([app.draft_message] if app.draft_message else [], FAULT)
        if is_failed_import(app.fault):
            raise CommandError(_NOT_LOADED, code=FAULT)
        raise app.fault
    if app.refused is not None:
        raise _refusal(app.refused)
    code = app.return_code or FINE
    if app.open_case is not None and code == FINE:
        opener.remember_visit(app.open_case)
    return print_errors(map(str, problems), code)


def _require_screen() -> None:
    """Raise CommandError, and name what works instead, if no screen can be drawn."""
    instead = "`casefile show CASE` prints a case without a screen."
    # A stream that was closed before the start is None.
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise CommandError(f"This is not a terminal. {instead}")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise CommandError(f"TERM says that this terminal can't show a screen. {instead}")


def _path_to_open(name: str | None, library: Library) -> Path | None:
    from casefile.library import case_to_open, find_case

    return case_to_open(library) if name is None else find_case(name, library)


def _open(opener: CaseOpener, path: Path) -> OpenCase:
    from casefile.case.reader import read_case
    from casefile.views.case_opener import NoCase

    try:
        return opener.open_reading(read_case(path))
    except NoCase as refused:
        raise _refusal(refused.reading) from None


def _is_large(path: Path) -> bool:
    """Whether a file is so large that its reading would be noticed."""
    try:
        return path.stat().st_size > _LARGE
    except OSError:
        return False


def _refusal(reading: LoadResult) -> CommandError:
    return CommandError(*problem_lines(reading, sys.stderr))


def app_for(
    opener: CaseOpener,
    open_case: OpenCase | None,
    places: Places,
    config: Config,
    theme: str | None,
    *,
    to_open: Path | None = None,
) -> tuple[CasefileApp, Sequence[Problem]]:
    """Return the application with the user's settings, and what is wrong with these."""
    # Imported here: Textual takes 150 ms, and no other verb needs it.
    from casefile.tui.app import CasefileApp

    app = CasefileApp(opener, open_case, to_open=to_open)
    problems = [*config.problems, *_apply_keys(app, places, config)]
    wanted = config.theme if theme is None else theme
    if wanted in app.available_themes:
        app.theme = wanted
    elif wanted is not None:
        from casefile.config import setting_problem
        from casefile.text.suggestions import nearest_or_all

        what = f"here is no theme “{wanted}”; {nearest_or_all(wanted, app.available_themes)}"
        if theme is not None:
            raise CommandError(f"T{what}.")
        problems.append(setting_problem(places, ("theme",), f"t{what}"))
    if problems:
        app.warning = _summary(problems)
    return app, problems


def _apply_keys(app: CasefileApp, places: Places, config: Config) -> list[Problem]:
    if not config.keys:
        return []
    from casefile.config import setting_problem
    from casefile.tui.keymap import faults

    wrong = faults(config.keys)
    app.set_keymap({name: keys for name, keys in config.keys.items() if name not in wrong})
    return [setting_problem(places, ("keys", name), what) for name, what in wrong.items()]


def _summary(problems: Sequence[Problem]) -> str:
    first = str(problems[0]).removeprefix(f"{problems[0].path.parent}{os.sep}")
    return f"{first} (and {len(problems) - 1} more)" if len(problems) > 1 else first
