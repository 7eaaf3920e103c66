"""`casefile where`: print the folders that casefile uses, and the path of its settings."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from typing import get_args

from casefile.cli.settings import read_settings
from casefile.config import config_path
from casefile.console import FINDINGS, FINE, CommandError, print_errors, print_lines
from casefile.exposure import exposure
from casefile.library import BUNDLED
from casefile.places import CaseFolder, Places, find_places, shipped, write_problem
from casefile.state import recent


def add_arguments(_parser: ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: Namespace) -> int:
    """Print each path on its own line, whether or not it exists yet."""
    places = find_places(arguments.notes_dir)
    if places.problem:
        raise CommandError(places.problem, code=FINDINGS)
    config = read_settings(places)
    recent_cases = f"{places.state}/{recent.NAME}" if config.recent else "not remembered"
    print_lines(
        (
            f"notes     {places.data}/notes",
            f"sources   {places.data}/sources",
            f"workshop  {places.data}/workshop",
            f"drafts    {places.state}/drafts",
            f"editing   {places.state}/editing",
            f"recent    {recent_cases}",
            f"state     {places.state}",
            f"config    {config_path(places) or 'none without a home directory'}",
            f"shipped   {shipped('data')}",
        )
    )
    print_errors(exposure(places, _cases(places)), FINE)
    unusable = _unusable(places)
    return print_errors(unusable, FINDINGS if unusable else FINE)


def _unusable(places: Places) -> list[str]:
    """Return why notes can't be kept in one of the folders, or sources, or drafts."""
    # Of the case that every reader has.
    folders = (places.case_folder(kind, BUNDLED) for kind in get_args(CaseFolder))
    return [*dict.fromkeys(filter(None, map(write_problem, folders)))]


def _cases(places: Places) -> set[str]:
    with suppress(OSError):
        return {*places.cases_with("notes"), *places.cases_with("drafts")}
    return set()
