"""`casefile source`: the reader's own copies of the texts that a case rests on."""

from __future__ import annotations

import errno
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from casefile import files
from casefile.case.model import CaseFile, Source
from casefile.case.sources.citation_check import Astray, verified
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import (
    NoText,
    TextAtHand,
    keep_copy,
    remove_copy,
    text_in,
    text_of,
)
from casefile.cli.named_case import open_named_case
from casefile.console import FINDINGS, FINE, Refused, say
from casefile.limits import TEXT_SIZE
from casefile.places import Places
from casefile.text.ids import is_id
from casefile.text.plurals import counted
from casefile.text.suggestions import nearest_or_all


def add_arguments(parser: ArgumentParser) -> None:
    """Take what is to be done with the copies of a case's sources."""
    verbs = parser.add_subparsers(metavar="add | list | remove", required=True)
    for name, act, what, operands in (
        ("add", _add, "keep a copy of a source’s text", ("case", "source", "file")),
        ("list", _list, "say where the text of each source is", ("case",)),
        ("remove", _remove, "remove your copy of a source’s text", ("case", "source")),
    ):
        verb = verbs.add_parser(name, help=what, description=f"{what.capitalize()}.")
        verb.set_defaults(act=act)
        for operand in operands:
            verb.add_argument(operand, metavar=operand.upper())
        # Before these words it is known already; it may stand after them as well.
        verb.add_argument("--notes-dir", type=Path, metavar="DIR", default=SUPPRESS, help=SUPPRESS)
        if act is _add:
            verb.add_argument("--replace", action="store_true", help="in place of another copy")


def run(arguments: Namespace) -> int:
    """Do it with the case that is named."""
    open_case, places = open_named_case(arguments)
    code: int = arguments.act(arguments, open_case.case_file, places)
    return code


def _add(arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    source = _source(case_file, arguments.source)
    _refuse_where_the_case_has_it(case_file, source, places)
    data = _bytes_of_text(Path(arguments.file))
    try:
        keep_copy(places, case_file.case.id, source.id, data, replace=arguments.replace)
    except FileExistsError as error:
        hint = "--replace puts this one in its place"
        raise Refused(f"You keep another copy of {source.id} already; {hint}.") from error
    except OSError as error:
        raise Refused(f"Not kept: {files.reason(error)}", code=FINDINGS) from error
    try:
        at_hand = text_of(case_file, source, places)
    except NoText as error:
        raise Refused(f"Kept, but not to be read: {error.what}.", code=FINDINGS) from error
    found = verified(case_file, source.id, at_hand.text)
    astray = [*found.astray_places, *found.astray_quotations]
    say(
        (
            f"Kept as {at_hand.path}",
            f"It has {_divided(at_hand.text)}.",
            f"{_share(found.places, found.astray_places)} places cited are in it.",
            f"{_share(found.quotations, found.astray_quotations)} quotations stand as cited.",
            *(f"{source.id}: {line}" for line in _on_digest(at_hand)),
            *(f"{one.entry}: {one.what}" for one in astray),
        )
    )
    return FINDINGS if astray or at_hand.is_as_recorded is False else FINE


def _list(_arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    for source in case_file.of(Source):
        say(f"{source.id}: {line}" for line in _whereabouts(case_file, source, places))
    return FINE


def _remove(arguments: Namespace, case_file: CaseFile, places: Places) -> int:
    # Also of a source that the case no longer names.
    if not is_id(arguments.source):
        _source(case_file, arguments.source)
    try:
        path = remove_copy(places, case_file.case.id, arguments.source)
    except FileNotFoundError as error:
        raise Refused(f"You keep no copy of {arguments.source}.") from error
    except OSError as error:
        raise Refused(f"Not removed: {files.reason(error)}", code=FINDINGS) from error
    say([f"Removed {path}"])
    return FINE


def _source(case_file: CaseFile, source_id: str) -> Source:
    source = case_file.entries.get(source_id)
    if not isinstance(source, Source):
        nearest = nearest_or_all(source_id, (one.id for one in case_file.of(Source)))
        raise Refused(f"There is no source “{source_id}” in this case; {nearest}.")
    return source


def _refuse_where_the_case_has_it(case_file: CaseFile, source: Source, places: Places) -> None:
    try:
        at_hand = text_of(case_file, source, places)
    except NoText:
        return
    if not at_hand.is_own:
        where = f"the case brings it, as {at_hand.path}"
        raise Refused(f"A copy of {source.id} would not be read; {where}.")


def _bytes_of_text(path: Path) -> bytes:
    """Give what a file holds, if that is text."""
    try:
        data = files.read_regular(path, TEXT_SIZE.in_bytes)
        text_in(data)
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        said = f"it {TEXT_SIZE.told}" if is_large else f"can't be read: {files.why(error)}"
        raise Refused(f"{path}: {said}") from error
    except NoText as error:
        raise Refused(f"{path}: {error.what}") from error
    return data


def _whereabouts(case_file: CaseFile, source: Source, places: Places) -> Iterator[str]:
    try:
        at_hand = text_of(case_file, source, places)
    except NoText as error:
        hint = f"`casefile source add {case_file.case.id} {source.id} FILE` keeps a copy of yours"
        yield f"not at hand: {error.what}; {hint}"
        return
    whose = "your copy" if at_hand.is_own else "beside the case file"
    yield f"{whose}, {at_hand.path}: {_divided(at_hand.text)}"
    if at_hand.passed_over is not None:
        yield f"not beside the case file: {at_hand.passed_over.what}"
    yield from _on_digest(at_hand)


def _on_digest(at_hand: TextAtHand) -> Iterator[str]:
    if at_hand.is_as_recorded is False:
        yield f"its sha256 is not the one in the case file, but {at_hand.sha256}"


def _divided(text: SourceText) -> str:
    by = "each of one line" if text.division == "line" else "parted by blank lines"
    paragraphs, pages = counted(text.paragraph_count, "paragraph"), ""
    if text.page_count > 1:
        pages = f" on {counted(text.page_count, 'page')}"
    return f"{paragraphs}{pages}, {by}"


def _share(count: int, astray: tuple[Astray, ...]) -> str:
    return f"{count - len(astray):,} of {count:,}"
