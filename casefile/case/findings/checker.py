"""Checking a case file: its errors and its findings, without those that the case accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path

import msgspec

from casefile.case.findings import (
    amount_conflicts,
    cite_contents,
    cite_places,
    forms,
    order,
    references,
    support,
    unknown_keys,
)
from casefile.case.findings.acceptance import Acceptance
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.findings.quoted_texts import TextFindings, TextOf, no_text
from casefile.case.load_result import LoadResult
from casefile.case.positions import Position
from casefile.case.problem import Problem, ProblemCounter, file_order_key

FINDERS: tuple[Callable[[Inspection], Iterator[Finding]], ...] = (
    unknown_keys.unknown_keys,
    unknown_keys.unknown_tables,
    unknown_keys.unknown_fields,
    cite_contents.values_of_cites,
    cite_contents.words_outside_quotes,
    references.wrong_kinds,
    references.self_references,
    order.cycles,
    order.orders_against_dates,
    order.parts_beyond_whole,
    order.undated_with_words,
    amount_conflicts.disagreements,
    amount_conflicts.shared_twice,
    support.unsourced,
    support.cites_without_source,
    cite_places.odd_places,
    cite_places.shared_abbreviations,
    support.single_sources,
    references.unused,
    forms.party_types,
    forms.bare_numbers,
    forms.country_codes,
    forms.languages,
    forms.durations,
    forms.hashes,
)

COVERAGE_FINDERS = (support.single_sources_of_key_events,)
"""Those that only look for what is not well covered."""


class AcceptedFinding(msgspec.Struct, frozen=True):
    """A finding that the case accepts, with the reason."""

    problem: Problem
    reason: str


class CheckResult(msgspec.Struct, frozen=True):
    """The result of checking a case file."""

    problems: tuple[Problem, ...]
    """The errors, and the findings that are not accepted, in the order of the file."""
    accepted: tuple[AcceptedFinding, ...] = ()
    without_text: tuple[str, ...] = ()
    """The cited sources without a text, so that nothing could be looked up in them."""


def check(reading: LoadResult, text_of: TextOf = no_text, *, coverage: bool = False) -> CheckResult:
    """Check a file that was read and, with texts from `text_of`, its quotations and coverage."""
    if reading.case_file is None:
        return CheckResult(reading.problems)
    inspection = Inspection(reading, reading.case_file)
    acceptance = Acceptance(inspection)
    texts = TextFindings(inspection, text_of, coverage=coverage)
    tally, accepted_tally = ProblemCounter(), ProblemCounter()
    findings: list[Finding] = []
    accepted: list[Finding] = []
    reasons: list[str] = []
    finders = (*FINDERS, *COVERAGE_FINDERS) if coverage else FINDERS
    for one in chain(*(finder(inspection) for finder in finders), texts.findings()):
        reason = acceptance.reason_for(one)
        if reason is None and tally.count_within_limit(one.code):
            findings.append(one)
        elif reason is not None and accepted_tally.count_within_limit(one.code):
            accepted.append(one)
            reasons.append(reason)
    bad_acceptances = acceptance.findings(texts.unchecked)
    findings += (one for one in bad_acceptances if tally.count_within_limit(one.code))
    problems = [*reading.problems, *_as_problems(reading.path, findings)]
    problems += tally.excess_problems(reading.path, is_finding=True)
    accepted_problems = map(AcceptedFinding, _as_problems(reading.path, accepted), reasons)
    return CheckResult(
        tuple(sorted(problems, key=file_order_key)),
        tuple(sorted(accepted_problems, key=lambda one: file_order_key(one.problem))),
        tuple(texts.without_text),
    )


def _as_problems(path: Path, findings: Sequence[Finding]) -> list[Problem]:
    """Return the findings as problems with their positions, in the same order."""
    positions: dict[int, Position | None] = {}
    by_part = sorted(range(len(findings)), key=lambda number: id(findings[number].row.part))
    for part, numbers in groupby(by_part, key=lambda number: findings[number].row.part):
        positions |= {number: findings[number].position for number in numbers}
        # The positions of a part take many times the memory of its text.
        part.forget_positions()
    return [
        Problem(path, positions[number], one.code, one.what, one.entry, is_finding=True)
        for number, one in enumerate(findings)
    ]
