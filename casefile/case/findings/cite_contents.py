"""Checking what cites contain: the words of the quote that a claim is made in."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.problem import in_quotes
from casefile.case.sources.quotations import words_within


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
