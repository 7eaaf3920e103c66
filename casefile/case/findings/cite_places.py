"""Places of cites that can't be read, and abbreviations of sources that cites can't use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import Source
from casefile.case.problem import in_quotes
from casefile.case.source_names import SourceNames, fold_abbreviation
from casefile.case.sources.pins import parse_pin
from casefile.text.suggestions import KnownNames

_PAGE_AND_LINE = r"[0-9]{1,6}:[0-9]{1,6}(?: ?[-–] ?(?:[0-9]{1,6}:)?[0-9]{1,6})?"
_AFTER_NAME = re.compile(rf"(.{{1,60}}?),?\s+(?:at\s+)?({_PAGE_AND_LINE})")
_COUNTED = re.compile(r"([^\W\d_]{3,12})\.? ?([0-9][0-9 –-]*)")
_SEVERAL = re.compile(
    r"(\D{0,14}?)\s*([0-9]{1,6})((?:\s*(?:,|&|and|or|;)\s*(?:and\s+)?[0-9]{1,6}(?:[-–][0-9]{1,6})?)+)"
)
_WORDS = ("para", "paragraph", "page", "line", "row", "section", "count", "exhibit")
_MOST_NUMBERS = 6


def odd_places(inspection: Inspection) -> Iterator[Finding]:
    """Yield places with a number that can't be read, once for each source and text.

    What has no number describes a place, as “the margin, near the stamp”.
    """
    names = inspection.case_file.source_names
    words = KnownNames(_WORDS)
    told = set[tuple[str | None, str]]()
    for entry, number, cite in inspection.cites:
        source = inspection.case_file.source_of(cite)
        at = cite.at or ""
        if (source, at) in told or not re.search(r"[0-9]", at) or parse_pin(at) is not None:
            continue
        told.add((source, at))
        nearest = None if cite.source else _source_before(at, names)
        hint = nearest or _several_places(at) or _after_name(at) or _misspelt(at, words)
        what = f"cites: {in_quotes(at)} can't be read as a place; {hint or _forms_for(at)}"
        yield inspection.finding("odd-place", entry.id, ("cites", number), what)


def shared_abbreviations(inspection: Inspection) -> Iterator[Finding]:
    """Yield abbreviations of several sources, and those that are the id of another source."""
    names = inspection.case_file.source_names
    for source in inspection.case_file.of(Source):
        abbreviation = source.abbreviation or ""
        folded = fold_abbreviation(abbreviation)
        if folded in names.shared:
            what = f"another source has {in_quotes(abbreviation)} too"
        elif folded in names.ids - {source.id}:
            what = f"{in_quotes(abbreviation)} is the id of another source"
        else:
            continue
        hint = "cites can't use it; write another"
        keys = ("abbreviation",)
        text = f"abbreviation: {what}; {hint}"
        yield inspection.finding("shared-abbreviation", source.id, keys, text)


def _source_before(at: str, names: SourceNames) -> str | None:
    """Return the correct form of a cite that lacks the comma after its source, or None."""
    found = re.match(r"([a-z0-9][a-z0-9-]*)[ :;]+(.+)", at)
    if found is None or found[1] not in names.ids or parse_pin(found[2]) is None:
        return None
    return f'write "{found[1]}, {found[2]}"'


def _several_places(at: str) -> str | None:
    """Return how to write several numbers in one place, as in `para 4, 6 and 9`, or None."""
    found = _SEVERAL.fullmatch(at)
    if found is None or parse_pin(f"{found[1]} {found[2]}") is None:
        return None
    unit = re.sub(r"(?<=[a-z¶§])[s¶§](?=\.?$)|(?<=p)p(?=\.$)", "", found[1])
    numbers = [found[2], *re.findall(r"[0-9]+(?:[-–][0-9]+)?", found[3])]
    places = [f'"{unit} {number}"' for number in numbers[:_MOST_NUMBERS]]
    return f"write a cite for each: {', '.join(places)}"


def _after_name(at: str) -> str | None:
    """Return what makes page and line after an unknown abbreviation readable, or None."""
    found = _AFTER_NAME.fullmatch(at.strip())
    if found is None or parse_pin(found[2]) is None:
        return None
    return f'give its source `abbreviation = "{found[1]}"`, or write "{found[2]}"'


def _misspelt(at: str, words: KnownNames) -> str | None:
    found = _COUNTED.fullmatch(at.strip())
    near = words.nearest(found[1].casefold()) if found else None
    written = f"{near} {found[2].strip(' –-')}" if found and near else ""
    return f'write "{written}"' if parse_pin(written) else None


def _forms_for(at: str) -> str:
    """Return the forms that places with the numbers in a text may have."""
    numbers = re.findall(r"(?<![0-9])[0-9]{1,6}(?![0-9])", at)
    if len(numbers) > 1:
        forms = (f"p. {numbers[0]} l. {numbers[1]}", f"para {numbers[0]}")
    elif numbers:
        forms = (f"para {numbers[0]}", f"p. {numbers[0]}")
    else:
        return "write it with numbers of up to six digits, or describe it without"
    return " or ".join(f'"{form}"' for form in forms).join(("write it in a form such as ", ""))
