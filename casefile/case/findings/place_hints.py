"""What to write for the place of a cite that can't be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from casefile.case.source_names import SourceNames, fold_abbreviation
from casefile.case.sources.pins import parse_pin
from casefile.text.suggestions import KnownNames

_LONGEST = 200
_MOST_PLACES = 6
_WORDS = ("para", "paragraph", "page", "line", "row", "section", "count", "exhibit")
_UNITS = ("para", "p.", "§", "Ex.", "Dkt.")

_MISSPELT = re.compile(r"([^\W\d_]{3,12})\.? ?([0-9][0-9 –-]*)")
_BETWEEN_PLACES = re.compile(r"\s*(?:[,;&]|\b(?:and|or)\b)\s*(?:(?:and|or|&)\s+)?")
_SIGN_OF_PLURAL = re.compile(r"(?<=[a-z])s(?=\.?\s)|(?<=¶)¶|(?<=§)§|(?<=p)p(?=\.)|(?<=l)l(?=\.)")
_ITEM_AT_END = re.compile(r"\(\w{1,5}\)$")
_NUMBER_AT_END = re.compile(r"[0-9]+(?:\s?[-–]\s?[0-9]+)?$")
_GAP = re.compile(r",?\s+(?:at\s+(?=[0-9]+:))?")
_PAGE_AND_LINE = re.compile(
    r"(?:pp?\.?\s*)?([0-9]{1,6})(?:\s?[.:/]\s?|,?\s+ln?s?\.?\s*)([0-9]{1,6})", re.IGNORECASE
)


class PlaceHints:
    """Forms of places that are near to what can't be read as one."""

    def __init__(self, names: SourceNames, abbreviations: Iterable[str]) -> None:
        """Know the names by which cites may name a source."""
        self._ids = names.ids
        self._abbreviations = {fold_abbreviation(one): one for one in abbreviations}
        self._folded = KnownNames(self._abbreviations)
        self._words = KnownNames(_WORDS)

    def hint(self, at: str, *, may_name_source: bool) -> str:
        """Return what to write for a place, as a clause that begins with a verb.

        `may_name_source` says whether the text may begin with a source, since the cite has no
        `source` of its own.
        """
        words = at.strip()
        if len(words) > _LONGEST:
            return "shorten it"
        return (
            (self._source_before(words) if may_name_source else None)
            or _several_places(words)
            or self._after_name(words, may_name_source=may_name_source)
            or self._misspelt(words)
            or _in_other_words(words)
        )

    def _source_before(self, words: str) -> str | None:
        """Return the correct form of a cite that lacks the comma after its source, or None."""
        found = re.match(r"([a-z0-9][a-z0-9-]*)[ :;]+(.+)", words)
        if found is None or found[1] not in self._ids or parse_pin(found[2]) is None:
            return None
        return f'write "{found[1]}, {found[2]}"'

    def _after_name(self, words: str, *, may_name_source: bool) -> str | None:
        """Return what makes a place after an unknown abbreviation readable, or None."""
        for gap in reversed(list(_GAP.finditer(words))):
            name, place = words[: gap.start()], words[gap.end() :]
            if not _may_be_name(name) or parse_pin(place) is None:
                continue
            near = self._folded.nearest(fold_abbreviation(name)) if may_name_source else None
            if near:
                return f'write "{self._abbreviations[near]} {place}"'
            return f'give its source `abbreviation = "{name}"`, or write "{place}"'
        return None

    def _misspelt(self, words: str) -> str | None:
        found = _MISSPELT.fullmatch(words)
        near = self._words.nearest(found[1].casefold()) if found else None
        written = f"{near} {found[2].strip(' –-')}" if found and near else ""
        return f'write "{written}"' if parse_pin(written) else None


def _may_be_name(words: str) -> bool:
    """Return whether words may be those for a source: without a number, and not before one."""
    has_number = re.search(r"\d", words) is not None
    return words[:1].isalpha() and not has_number and parse_pin(f"{words} 1") is None


def _several_places(words: str) -> str | None:
    """Return how to write several places in one, as in `para 4, 6 and 9`, or None."""
    first, *others = _BETWEEN_PLACES.split(words)
    first = _SIGN_OF_PLURAL.sub("", first, count=1)
    places = [first, *(one if parse_pin(one) else _completed(one, first) for one in others)]
    if not others or not all(map(parse_pin, places)):
        return None
    several = ", ".join(f'"{one}"' for one in places[:_MOST_PLACES])
    return f"write a cite for each: {several}"


def _completed(last: str, first: str) -> str:
    """Return the last of several places with what only the first of them says."""
    end = _ITEM_AT_END if last.startswith("(") else _NUMBER_AT_END
    return end.sub("", first) + last


def _in_other_words(words: str) -> str:
    """Return the forms that a place may have, or the part of it that can be read."""
    forms = list(_forms_for(words))
    if not forms and (readable := _readable_part(words)):
        return f'write only "{readable}"'
    numbers = re.findall(r"(?<![0-9])[0-9]{1,6}(?![0-9])", words)
    if not forms and numbers:
        units = ("p.", "para") if words[0] in "pP" else ("para", "p.")
        forms = [f"{unit} {numbers[0]}" for unit in units]
    if not forms:
        return "write it with numbers of up to six digits, or describe it without"
    return " or ".join(f'"{form}"' for form in forms[:2]).join(("write it in a form such as ", ""))


def _forms_for(words: str) -> Iterator[str]:
    if found := _PAGE_AND_LINE.fullmatch(words):
        yield f"p. {found[1]} l. {found[2]}"
    number = words.strip("[] ")
    with_ascii_digits = re.sub(r"\d", lambda digit: str(int(digit[0])), words)
    written = (with_ascii_digits, *(f"{unit} {number}" for unit in _UNITS))
    yield from (form for form in written if parse_pin(form))


def _readable_part(words: str) -> str | None:
    """Return the longest part from the beginning that is a place, or None."""
    ends = [match.end() for match in re.finditer(r"\w+|\)", words)]
    return next((words[:end] for end in reversed(ends) if parse_pin(words[:end])), None)
