"""Checking what cites contain: other values, and words of the quote that a claim is made in."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.cite_fields import parse_field
from casefile.case.disputes import is_value_of
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import CaseFile, Cite, Entry
from casefile.case.problem import excerpt, in_quotes
from casefile.case.sources.quotations import words_within


def values_of_cites(inspection: Inspection) -> Iterator[Finding]:
    """Yield values of cites that are of no field, or don't contradict that of the entry."""
    for entry, number, cite in inspection.cites:
        if cite.value is not None and (what := _wrong_value(inspection.case_file, entry, cite)):
            keys = ("cites", number, "value")
            yield inspection.finding("cite-value", entry.id, keys, f"cites: {what}")


def _wrong_value(case_file: CaseFile, entry: Entry, cite: Cite) -> str | None:
    if not cite.field:
        return 'this is the value of no field; name it, for example with `field = "date"`'
    # A field that can't be parsed is another finding.
    if parse_field(cite.field) and is_value_of(case_file, entry, cite):
        name = excerpt(cite.field)
        return f"the entry has this value of `{name}` already; leave `value` out, or correct it"
    if cite.stance != "contradicts":
        return 'a source with another value contradicts the entry; add `stance = "contradicts"`'
    return None


def words_outside_quotes(inspection: Inspection) -> Iterator[Finding]:
    """Yield cites of claims that have their place from a quote, but words that it doesn't have."""
    for entry, number, (cite, _places, quote) in inspection.complete_cites:
        if cite.quote and quote and words_within(quote, cite.quote) is None:
            words = in_quotes(" ".join(cite.quote.split()))
            what = (
                f"cites: {words} is not in the quote {in_quotes(quote.id)}, in which the claim is "
                "made; quote its words, or say with `at` where these are"
            )
            yield inspection.finding("outside-quote", entry.id, ("cites", number, "quote"), what)
