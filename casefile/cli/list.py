"""`casefile list`: which cases there are, what they hold, and where they are."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from casefile.config import read_config
from casefile.console import FINDINGS, FINE, Refused, complain, say
from casefile.library import cases, duplicates, open_library
from casefile.notes.drafts import DraftFolder, cases_with_drafts
from casefile.places import Places, find_places
from casefile.state.recent import forget_cases
from casefile.state.visits import forget_visits
from casefile.text.plurals import counted
from casefile.views.library_listing import Listed, as_json, in_lines, listed


def add_arguments(parser: ArgumentParser) -> None:
    """Take a form, or the wish that nothing of what was opened is remembered."""
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument(
        "--forget-recent",
        action="store_true",
        help="forget which cases were opened, and how they were then; list nothing",
    )


def run(arguments: Namespace) -> int:
    """Print every case that is known, then what can't be read and which ids stand twice."""
    places = find_places(arguments.notes_dir)
    if arguments.forget_recent:
        return _forget(places)
    config = read_config(places)
    listing: list[Listed] = []
    for known in cases(open_library(places, config)):
        listing.append(listed(places, known))
        # At once, for there may be hundreds.
        if arguments.format == "plain" and not known.problem:
            say(in_lines(listing[-1]))
    if arguments.format == "json":
        say(_in_json([as_json(one) for one in listing]))
    complain([*map(str, config.problems), *_doubles(listing)], FINE)
    complain(_left_drafts(places, listing), FINE)
    unread = list(_unread(listing))
    complain(unread, FINDINGS)
    return FINDINGS if unread or not config.is_read else FINE


def _forget(places: Places) -> int:
    if not all([forget_cases(places), forget_visits(places)]):
        raise Refused(f"Not all could be forgotten; remove it from {places.state}.", code=FINDINGS)
    say(["It is forgotten which cases were opened."])
    return FINE


def _in_json(several: list[dict[str, Any]]) -> list[str]:
    import json

    # In ASCII nothing is left that printing would make inert, and so change.
    return json.dumps(several, indent=2).splitlines()


def _doubles(listing: list[Listed]) -> Iterator[str]:
    for case_id, paths in duplicates(one.known for one in listing).items():
        several = " and ".join(map(str, paths))
        yield f"“{case_id}” is the id of {several}; notes on one are on both, so give one another."


def _left_drafts(places: Places, listing: list[Listed]) -> Iterator[str]:
    """Name the drafts that are offered nowhere, since a case was given another id, or has gone."""
    known = {one.known.id for one in listing}
    for case_id in cases_with_drafts(places):
        if case_id not in known and (count := len(DraftFolder(places, case_id).waiting())):
            waits = f"{counted(count, 'draft')} {'waits' if count == 1 else 'wait'}"
            folder = places.drafts(case_id)
            yield f"{waits} on “{case_id}”, an id that no case here has, in {folder}"


def _unread(listing: list[Listed]) -> Iterator[str]:
    for one in listing:
        if one.known.problem:
            yield str(one.known.problem)
        yield from (f"{path}: {reason}" for path, reason in one.unreadable)
