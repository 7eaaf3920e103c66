"""`casefile list`: list the known cases, what they hold, and where their files are."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import suppress

from casefile.cli.problem_lines import unreadable_lines
from casefile.cli.settings import read_settings
from casefile.config import config_path
from casefile.console import FINDINGS, FINE, CommandError, print_errors, print_json, print_lines
from casefile.library import duplicates, list_cases, open_library
from casefile.notes.drafts import DraftFolder
from casefile.places import Places, find_places
from casefile.state.forgetting import forget_opened, what_stays
from casefile.text.plurals import pluralize
from casefile.text.shell_words import shell_word
from casefile.views.library_listing import ListedCase, case_as_json, case_as_lines, list_case


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile list`."""
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument(
        "--forget-recent",
        action="store_true",
        help="forget which cases were opened and what was in them; list nothing",
    )


def run(arguments: Namespace) -> int:
    """Print every known case, then what can't be read, and ids that several cases have."""
    places = find_places(arguments.notes_dir)
    if arguments.forget_recent:
        return _forget(places)
    config = read_settings(places)
    listing: list[ListedCase] = []
    for known in list_cases(open_library(places, config)):
        listing.append(list_case(places, known, config.author))
        # Each as soon as it is read, since there may be hundreds.
        if arguments.format == "plain" and not known.problem:
            print_lines(case_as_lines(listing[-1]))
    if arguments.format == "json":
        print_json([case_as_json(one) for one in listing])
    print_errors(_duplicate_ids(listing), FINE)
    print_errors(_orphaned_drafts(places, listing), FINE)
    unreadable = list(_unreadable(listing))
    print_errors(unreadable, FINDINGS)
    return FINDINGS if unreadable else FINE


def _forget(places: Places) -> int:
    if not forget_opened(places):
        print_lines(_kept(places))
        raise CommandError(
            f"Not all of it could be forgotten; remove the rest from {places.state}.", code=FINDINGS
        )
    print_lines(["Forgot which cases were opened.", *_kept(places)])
    return FINE


def _kept(places: Places) -> Iterator[str]:
    """Yield what still tells of cases, and the commands that remove it."""
    for kept in what_stays(places):
        were_kept = f"{kept.what[0].upper()}{kept.what[1:]} were kept"
        if kept.is_removable:
            yield f"{were_kept}; this removes them: rm -r {shell_word(str(kept.path))}"
        else:
            yield f"{were_kept}: {kept.path}"
    config = read_settings(places)
    if config.cases or config.folders:
        yield f"Your settings name cases or folders: {config_path(places)}"


def _duplicate_ids(listing: list[ListedCase]) -> Iterator[str]:
    for case_id, paths in duplicates(one.known for one in listing).items():
        several = " and ".join(map(str, paths))
        yield f"“{case_id}” is the id of {several}; they share notes, so give one another id."


def _orphaned_drafts(places: Places, listing: list[ListedCase]) -> Iterator[str]:
    """Yield where there are drafts on a case that has gone or has another id now."""
    known = {one.known.id for one in listing}
    case_ids: tuple[str, ...] = ()
    with suppress(OSError):
        case_ids = places.cases_with("drafts")
    for case_id in case_ids:
        if case_id not in known and (count := len(DraftFolder(places, case_id).read_all().waiting)):
            waits = f"{pluralize(count, 'draft')} {'waits' if count == 1 else 'wait'}"
            folder = places.drafts(case_id)
            yield f"{waits} on “{case_id}”, an id that no case here has, in {folder}"


def _unreadable(listing: list[ListedCase]) -> Iterator[str]:
    for one in listing:
        if one.known.problem:
            yield str(one.known.problem)
        yield from unreadable_lines(one.unreadable)
