"""`casefile source`: add, list or remove your own copies of the texts of sources."""

from __future__ import annotations

import errno
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from casefile import files
from casefile.case.model import CaseFile, Source
from casefile.case.sources.numbering import numbering_hint
from casefile.case.sources.quotations import CitationMismatch, check_citations
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import (
    LoadedText,
    TextUnavailable,
    decode_text,
    keep_copy,
    load_text,
    remove_copy,
)
from casefile.cli.named_case import open_named_case
from casefile.cli.parser import folder_path, nonempty
from casefile.console import FINDINGS, FINE, CommandError, print_lines
from casefile.limits import TEXT_SIZE
from casefile.places import Places
from casefile.text.ids import is_id
from casefile.text.plurals import pluralize
from casefile.text.suggestions import nearest_or_all


def add_arguments(parser: ArgumentParser) -> None:
    """Add the subcommands of `casefile source`."""
    verbs = parser.add_subparsers(metavar="add | list | remove", required=True)
    for name, action, what, operands in (
        ("add", _add, "add a copy of a source’s text", ("case", "source", "file")),
        ("list", _list, "print where the text of each source is", ("case",)),
        ("remove", _remove, "remove your copy of a source’s text", ("case", "source")),
    ):
        verb = verbs.add_parser(name, help=what, description=f"{what.capitalize()}.")
        verb.set_defaults(action=action)
        for operand in operands:
            verb.add_argument(operand, type=nonempty, metavar=operand.upper())
        # The option may be before the subcommand or after it.
        verb.add_argument(
            "--notes-dir", type=folder_path, metavar="DIR", default=SUPPRESS, help=SUPPRESS
        )
        if action is _add:
            verb.add_argument("--replace", action="store_true", help="replace another copy")


def run(arguments: Namespace) -> int:
    """Open the case and run the subcommand."""
    open_case, places = open_named_case(arguments)
    code: int = arguments.action(arguments, open_case.case_file, places)
    return code


def _add(arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    source = _source(case_file, arguments.source)
    _refuse_if_case_has_text(case_file, source, places)
    data = _bytes_of_text(Path(arguments.file))
    try:
        keep_copy(places, case_file.case.id, source.id, data, replace=arguments.replace)
    except FileExistsError as error:
        hint = "--replace replaces it"
        raise CommandError(f"You already have another copy of {source.id}; {hint}.") from error
    except OSError as error:
        raise CommandError(f"Not kept: {files.error_with_path(error)}", code=FINDINGS) from error
    try:
        at_hand = load_text(case_file, source, places)
    except TextUnavailable as error:
        raise CommandError(
            f"The copy was kept but can’t be read: {error.what}.", code=FINDINGS
        ) from error
    found = check_citations(case_file, source.id, at_hand.text)
    astray = [*found.missing_places, *found.missing_quotations]
    print_lines(
        (
            f"Kept as {at_hand.path}",
            f"The text has {_divided(at_hand.text)}.",
            f"{_share(found.places, found.missing_places)} cited places are in it.",
            f"{_share(found.quotations, found.missing_quotations)} quotations are where cited.",
            *(f"{source.id}: {line}" for line in _on_digest(at_hand)),
            *(f"{source.id}: {line}" for line in _on_numbers(at_hand)),
            *(f"{one.entry}: {one.what}" for one in (*astray, *found.repeated_places)),
        )
    )
    return FINDINGS if astray or at_hand.is_as_recorded is False else FINE


def _list(_arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    for source in case_file.of(Source):
        print_lines(f"{source.id}: {line}" for line in _whereabouts(case_file, source, places))
    return FINE


def _remove(arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    # A copy may be of a source that the case no longer has.
    if not is_id(arguments.source):
        _source(case_file, arguments.source)
    try:
        path = remove_copy(places, case_file.case.id, arguments.source)
    except FileNotFoundError as error:
        raise CommandError(f"You have no copy of {arguments.source}.") from error
    except OSError as error:
        raise CommandError(f"Not removed: {files.error_with_path(error)}", code=FINDINGS) from error
    print_lines([f"Removed {path}"])
    return FINE


def _source(case_file: CaseFile, source_id: str) -> Source:
    source = case_file.entries.get(source_id)
    if not isinstance(source, Source):
        nearest = nearest_or_all(source_id, (one.id for one in case_file.of(Source)))
        raise CommandError(f"There is no source “{source_id}” in this case; {nearest}.")
    return source


def _refuse_if_case_has_text(case_file: CaseFile, source: Source, places: Places) -> None:
    try:
        at_hand = load_text(case_file, source, places)
    except TextUnavailable:
        return
    if not at_hand.is_own:
        where = f"the case has the text, in {at_hand.path}"
        raise CommandError(f"A copy of {source.id} would not be used; {where}.")


def _bytes_of_text(path: Path) -> bytes:
    """Return the content of a text file; raise CommandError if it is no text."""
    try:
        data = files.read_regular(path, TEXT_SIZE.in_bytes)
        decode_text(data)
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        said = (
            f"it {TEXT_SIZE.excess_message}"
            if is_large
            else f"can't be read: {files.error_reason(error)}"
        )
        raise CommandError(f"{path}: {said}") from error
    except TextUnavailable as error:
        raise CommandError(f"{path}: {error.what}") from error
    return data


def _whereabouts(case_file: CaseFile, source: Source, places: Places) -> Iterator[str]:
    try:
        at_hand = load_text(case_file, source, places)
    except TextUnavailable as error:
        hint = f"`casefile source add {case_file.case.id} {source.id} FILE` adds a copy"
        yield f"not at hand: {error.what}; {hint}"
        return
    whose = "your copy" if at_hand.is_own else "beside the case file"
    yield f"{whose}, {at_hand.path}: {_divided(at_hand.text)}"
    if at_hand.skipped_file is not None:
        yield f"not the file that the case names: {at_hand.skipped_file.what}"
    yield from _on_digest(at_hand)
    yield from _on_numbers(at_hand)


def _on_numbers(at_hand: LoadedText) -> Iterator[str]:
    if hint := numbering_hint(at_hand.text, at_hand.source.paragraphs):
        yield hint


def _on_digest(at_hand: LoadedText) -> Iterator[str]:
    if at_hand.is_as_recorded is False:
        yield f"its sha256 differs from the one in the case file: {at_hand.sha256}"


def _divided(text: SourceText) -> str:
    by = "one on each line" if text.separation == "line" else "separated by blank lines"
    by = "by the numbers printed at their beginnings" if text.bears_numbers else by
    paragraphs, pages = pluralize(len(text.paragraphs), "paragraph"), ""
    if text.page_count > 1:
        pages = f" on {pluralize(text.page_count, 'page')}"
    return f"{paragraphs}{pages}, {by}"


def _share(count: int, astray: tuple[CitationMismatch, ...]) -> str:
    return f"{count - len(astray):,} of {count:,}"
