"""`casefile where`: the directories that are used."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from casefile.console import FINDINGS, FINE, Refused, say
from casefile.places import find_places, shipped


def add_arguments(_parser: ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: Namespace) -> int:
    """Print each directory on a line of its own, whether or not it exists yet."""
    places = find_places(arguments.notes_dir)
    if places.problem:
        raise Refused(places.problem, code=FINDINGS)
    say(
        (
            f"notes     {places.data}/notes",
            f"drafts    {places.state}/drafts",
            f"config    {places.config}",
            f"shipped   {shipped('data')}",
        )
    )
    return FINE
