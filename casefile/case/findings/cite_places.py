"""Places of cites that are read as free text but look like a place with a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import Source
from casefile.case.problem import in_quotes
from casefile.case.sources.pins import parse_pin
from casefile.text.suggestions import KnownNames

_COURT_FORM = re.compile(r"([0-9]{1,4}):([0-9]{1,3})(?: ?[-–] ?(?:([0-9]{1,4}):)?([0-9]{1,3}))?")
_COUNTED = re.compile(r"([^\W\d_]{3,12})\.? ?([0-9][0-9 –-]*)")
_WORDS = ("para", "paragraph", "page", "line", "row")


def odd_places(inspection: Inspection) -> Iterator[Finding]:
    """Yield places that can't be looked up because of a missing comma, a typo or another form."""
    sources = {source.id for source in inspection.case_file.of(Source)}
    words = KnownNames(_WORDS)
    for entry, number, cite in inspection.cites:
        if not cite.at or parse_pin(cite.at) is not None:
            continue
        correct = None if cite.source else _source_before(cite.at, sources)
        correct = correct or _court_form(cite.at) or _misspelt(cite.at, words)
        if correct:
            what = f"cites: {in_quotes(cite.at)} is read as free text; write {correct}"
            yield inspection.finding("odd-place", entry.id, ("cites", number), what)


def _source_before(at: str, sources: set[str]) -> str | None:
    """Return the correct form of a cite that lacks the comma after its source, or None."""
    found = re.match(r"([a-z0-9][a-z0-9-]*)[ :;]+(.+)", at)
    if found is None or found[1] not in sources:
        return None
    rest = _court_form(found[2]) or (f'"{found[2]}"' if parse_pin(found[2]) else None)
    return f'"{found[1]}, {rest[1:]}' if rest else None


def _court_form(at: str) -> str | None:
    """Return the place for a page and line in legal form, 45:16 or 45:16-46:3, or None."""
    found = _COURT_FORM.fullmatch(at.strip())
    if found is None:
        return None
    page, line, last_page, last_line = found.groups()
    if last_line is None:
        return f'"p. {page} l. {line}"'
    end = f"p. {last_page} l. {last_line}" if last_page else last_line
    return f'"p. {page} l. {line}{" - " if last_page else "-"}{end}"'


def _misspelt(at: str, words: KnownNames) -> str | None:
    found = _COUNTED.fullmatch(at.strip())
    near = words.nearest(found[1].casefold()) if found else None
    return f'"{near} {found[2].strip()}"' if found and near else None
