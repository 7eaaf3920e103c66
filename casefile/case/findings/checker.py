"""Everything that is wrong with a case file or worth a look in it, less what its writer accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path

import msgspec

from casefile.case.findings import (
    amount_conflicts,
    cite_places,
    forms,
    order,
    references,
    support,
    unknown_keys,
    unused,
)
from casefile.case.findings.acceptance import Acceptance
from casefile.case.findings.inspection import Found, Inspection
from casefile.case.findings.quoted_texts import TextFindings, TextOf, no_text
from casefile.case.positions import Position
from casefile.case.problem import Problem, Tally, in_file_order
from casefile.case.reader import LoadResult

FINDERS: tuple[Callable[[Inspection], Iterator[Found]], ...] = (
    unknown_keys.unknown_keys,
    unknown_keys.unknown_tables,
    unknown_keys.unknown_fields,
    references.wrong_kinds,
    references.self_references,
    order.cycles,
    order.orders_against_dates,
    order.parts_beyond_whole,
    order.undated_with_words,
    amount_conflicts.disagreements,
    support.unsourced,
    support.cites_without_source,
    cite_places.odd_places,
    support.single_sources,
    unused.unused,
    forms.country_codes,
    forms.languages,
    forms.durations,
    forms.hashes,
)


class Accepted(msgspec.Struct, frozen=True):
    """A finding that the case silences, and why."""

    problem: Problem
    reason: str


class Checked(msgspec.Struct, frozen=True):
    """What came of checking a file: the problems that are left, and those that are accepted."""

    problems: tuple[Problem, ...]
    accepted: tuple[Accepted, ...] = ()
    without_text: tuple[str, ...] = ()
    """The cited sources whose text is not at hand, so that nothing could be looked up in it."""


def check(reading: LoadResult, text_of: TextOf = no_text, *, coverage: bool = False) -> Checked:
    """Give all that is wrong with a file that was read, in the order of the file.

    Texts of sources are looked at where they are given; which of their paragraphs nothing cites is
    found if it is asked for.
    """
    if reading.case_file is None:
        return Checked(reading.problems)
    inspection = Inspection(reading, reading.case_file)
    acceptance = Acceptance(inspection)
    texts = TextFindings(inspection, text_of, coverage=coverage)
    tally, accepted_tally = Tally(), Tally()
    found: list[Found] = []
    accepted: list[Found] = []
    reasons: list[str] = []
    for one in chain(*(finder(inspection) for finder in FINDERS), texts.found()):
        reason = acceptance.reason_for(one)
        if reason is None and tally.takes(one.code):
            found.append(one)
        elif reason is not None and accepted_tally.takes(one.code):
            accepted.append(one)
            reasons.append(reason)
    late = acceptance.findings(not_looked_for=texts.not_looked_for)
    found += (one for one in late if tally.takes(one.code))
    problems = [*reading.problems, *_placed(reading.path, found)]
    problems += tally.beyond(reading.path, is_finding=True)
    silenced = map(Accepted, _placed(reading.path, accepted), reasons)
    return Checked(
        tuple(sorted(problems, key=in_file_order)),
        tuple(sorted(silenced, key=lambda one: in_file_order(one.problem))),
        tuple(texts.without_text),
    )


def _placed(path: Path, found: Sequence[Found]) -> list[Problem]:
    """Give what was found as problems, each with its place, in the same order."""
    positions: dict[int, Position | None] = {}
    by_part = sorted(range(len(found)), key=lambda number: id(found[number].row.part))
    for part, numbers in groupby(by_part, key=lambda number: found[number].row.part):
        positions |= {number: found[number].position for number in numbers}
        # The places of a part take many times the room of its text.
        part.forget_positions()
    return [
        Problem(path, positions[number], one.code, one.what, one.entry, is_finding=True)
        for number, one in enumerate(found)
    ]
