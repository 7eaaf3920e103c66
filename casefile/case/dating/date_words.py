"""Parsing dates in words into EDTF, also to explain errors in dates that had to be EDTF.

Nothing is guessed: neither the order of day and month, nor the century, nor how long "early" is.
The result says whether EDTF holds all that the words say; if not, the caller keeps the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import msgspec

from casefile.case.dating.calendar_words import normalised
from casefile.case.dating.clock_words import UnclearDate
from casefile.case.dating.date_error import NO_DATE, DateError, NotEdtfError
from casefile.case.dating.day_words import (
    ORDINARY,
    AmbiguousDate,
    DateParts,
    DayMonthOrder,
    inferred_order,
    parse_date,
    parse_parts,
)
from casefile.case.dating.edtf import parse


class ParsedDateWords(msgspec.Struct, frozen=True):
    """A parsed date in words; if both `edtf` and `unclear` are None, no date is stated."""

    edtf: str | None = None
    says_all: bool = False
    """Whether `edtf` says all that the words do, so that they need not be kept."""
    unclear: str | None = None
    """Why the words can't be read and, after a semicolon, what to write instead."""
    needs_order: bool = False
    """Whether it could be read if the order of day and month were known."""


def parse_date_words(words: str, order: DayMonthOrder | None = None) -> ParsedDateWords:
    """Parse a date in words; `order` is the order of day and month in dates all in numbers."""
    if len(words) > _LONGEST:
        return ParsedDateWords(unclear="too long for a date; write only the date")
    if _is_edtf(words.strip()):
        return ParsedDateWords(words.strip(), says_all=True)
    text = normalised(words)
    if _NO_DATE.fullmatch(text):
        return ParsedDateWords()
    try:
        edtf, says_all = _to_edtf(text, order)
        parse(edtf)
    except (UnclearDate, DateError) as error:
        return ParsedDateWords(unclear=str(error), needs_order=isinstance(error, AmbiguousDate))
    return ParsedDateWords(edtf, says_all)


UNREAD = "the date can't be read"
"""The reason for `DateWords.unclear` if there is no better one."""

_LONGEST = 200
_NO_DATE = re.compile(
    r"[\W_]*|n/?a|n\. ?a\.|n\. ?d\.|nd|none|unknown|undated|date unknown|no date|tb[da]|"
    r"to be determined|unbekannt|undatiert|o\. ?d\.|inconnu|sans date|s\. ?d\.|غير معروف|不详|未知"
)
_OF_EDTF_ALONE = re.compile(r"[][{}/~%X]|\d\?$")


def _to_edtf(text: str, order: DayMonthOrder | None) -> tuple[str, bool]:
    """Return the EDTF, and whether it says all that the words do."""
    # CaseMap's `#2`: the place among several facts of one time.
    text, numbers_removed = re.subn(r" ?#\d+$", "", text)
    if parts := parse_date(text, order):
        return parts.edtf, parts.exact and not numbers_removed
    for pattern, days, template in _QUALIFIED:
        if (found := pattern.fullmatch(text)) and (parts := parse_date(found["date"], order)):
            return template.format(_next_to(parts, days) if days else parts.edtf), False
    if edtf := _season(text) or _either(text, order):
        return edtf, True
    if edtf := _decade(text) or _range(text, order):
        return edtf, False
    raise UnclearDate(_why(text))


def _is_edtf(words: str) -> bool:
    if not _OF_EDTF_ALONE.search(words):
        return False
    try:
        parse(words)
    except DateError:
        return False
    return True


def _next_to(parts: DateParts, days: int) -> str:
    """Return the day, month or year after `parts`, or before it if `days` is negative."""
    if parts.clock or parts.unspecified:
        raise UnclearDate("“before” and “after” need a day, month or year; write the date as EDTF")
    unit = parse(parts.edtf).units[0]
    day = (unit.latest if days > 0 else unit.earliest) + timedelta(days=days)
    return DateParts(day.year, parts.month and day.month, parts.day and day.day).edtf


_ABOUT = (
    r"(?:approximately|approx\.?|about|around|circa|ca\.?|c\.?|~|≈|"
    r"ungefähr|etwa|gegen|um|environ|vers|hacia|حوالي|约)(?![^\W\d_])"
)
_NOW = "(?:present|today|now|ongoing|heute|aujourd'hui)"
# How dates are qualified, by how many days the bound is moved, and the EDTF for the same.
_QUALIFIED = tuple(
    (re.compile(pattern), days, template)
    for pattern, days, template in (
        (rf"{_ABOUT} ?(?P<date>.+)", 0, "{}~"),
        (rf"(?P<date>.+?),? \(?{_ABOUT}\)?", 0, "{}~"),
        (r"(?P<date>.+?) ?\(?\?+\)?", 0, "{}?"),
        (r"(?:by|no later than|not later than|on or before) (?P<date>.+)", 0, "[..{}]"),
        (r"(?P<date>.+?) or (?:earlier|before)", 0, "[..{}]"),
        (r"(?:on or after|no earlier than|not before) (?P<date>.+)", 0, "[{}..]"),
        (r"(?P<date>.+?) or (?:later|after)", 0, "[{}..]"),
        (r"(?:before |prior to |vor |avant |<) ?(?P<date>.+)", -1, "[..{}]"),
        (r"(?:after |nach |après |>) ?(?P<date>.+)", +1, "[{}..]"),
        (r"(?:since|ever since|from|seit|ab|depuis) (?P<date>.+)", 0, "{}/.."),
        (rf"(?P<date>.+?)(?: on| onwards?|(?: to | ?[-–—] ?){_NOW}| ?[-–—])", 0, "{}/.."),
        (r"(?:until|up until|till|bis|jusqu'(?:à|en|au)) (?P<date>.+)", 0, "/{}"),
    )
)


_SEASONS = {
    **dict.fromkeys(("spring", "frühling", "frühjahr", "printemps"), 21),
    **dict.fromkeys(("summer", "sommer", "été"), 22),
    **dict.fromkeys(("autumn", "fall", "herbst", "automne"), 23),
    **dict.fromkeys(("winter", "hiver"), 24),
}


def _season(text: str) -> str | None:
    found = re.fullmatch(r"(?:in )?(?:the )?([^\W\d]+) (?:of )?(\d{4})", text)
    number = _SEASONS.get(found[1]) if found else None
    return f"{found[2]}-{number}" if found and number else None


def _either(text: str, order: DayMonthOrder | None) -> str | None:
    """Return the EDTF set for "one day or another", or None."""
    sides = re.split(r" (?:or|oder|ou) ", text)
    dates = [parse_date(side, order) for side in sides] if len(sides) > 1 else []
    return f"[{','.join(date.edtf for date in dates if date)}]" if dates and all(dates) else None


def _decade(text: str) -> str | None:
    # The 1900s may be ten years or a hundred.
    found = re.fullmatch(r"(?:in )?(?:the )?([12]\d[1-9])0['’]?s", text)
    return f"{found[1]}X" if found else None


# A hyphen between words separates the ends of a range; one between digits only if no other does.
_RANGE_DASH = re.compile(r" ?[–—―] ?| - | to | bis | until | till | through | thru | au ")
_TIMES = re.compile(r"(.*\d:\d{2})-(\d{1,2}:\d{2}.*)")


def _range(text: str, order: DayMonthOrder | None) -> str | None:
    """Return the EDTF interval for a range with two ends, or None."""
    sides = _RANGE_DASH.split(re.sub(r"^(?:from|von|vom|du) ", "", text))
    if len(sides) == 1:
        times = _TIMES.fullmatch(sides[0])
        sides = list(times.groups()) if times else sides[0].split("-")
    if len(sides) != 2:
        return None
    # Both ends have the same order of day and month.
    start, end = (parse_parts(side, order or inferred_order(text)) for side in sides)
    if start is None or end is None:
        return None
    start, end = start.completed_by(end), end.completed_by(start)
    if not start.is_whole or not end.is_whole:
        return None
    first, last = parse(start.edtf).units[0], parse(end.edtf).units[0]
    if last.latest < first.earliest:
        raise UnclearDate("the end is before the start; write both dates with their years")
    return start.edtf if start.edtf == end.edtf else f"{start.edtf}/{end.edtf}"


_VAGUE_MONTHS = {
    **dict.fromkeys(("early", "anfang", "début"), (1, 4)),
    **dict.fromkeys(("mid", "middle", "mitte"), (5, 8)),
    "late": (9, 12),
    **dict.fromkeys(("beginning", "start"), (1, 2)),
    **dict.fromkeys(("end", "ende", "fin"), (11, 12)),
}
_VAGUE = re.compile(
    rf"(?:(?:in|at|by) )?(?:the )?(?P<word>{'|'.join(_VAGUE_MONTHS)})(?:[ -]of)?[ -](?P<rest>.+)"
)
_CONTAINS_SEASON = re.compile(rf".*\b({'|'.join(_SEASONS)})(?: of)? (\d{{4}})\b.*")
_RECURRING = (
    r"(?:.* )?(?:every|each|daily|nightly|weekly|fortnightly|monthly|yearly|annually|jede[nrs]?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun|week|work)days|chaque|tous les|toutes les)(?: .*)?"
)
_BETWEEN = "this may mean once or throughout; write [{0}..{1}] for once, {0}/{1} for throughout"
_REASONS = (
    (
        r"(?:.* )?(?:minute|hour|day|week|month|year)s? (?:after|before) (?!.*\d{4}).+",
        (
            "this is counted from something else; write the date, or in a case file, with the id "
            "of an entry, “3 days after #ID”"
        ),
    ),
    (
        _RECURRING,
        (
            "this recurs; list its dates in braces, as in {{{0}-03-02,{0}-03-09}}, or write the "
            "time that it covers, as in {0}-03-02/{1}-06-29, and the source's words in date_text"
        ),
    ),
    (r".*(?:هـ|\bhijri\b|\ba\.?h\b).*", "this is a Hijri date; write the Gregorian date"),
    (r"\d{4} ?[-–—/] ?\d{2}", "this may be two years or a month; write 2015/2017 or 2015-11"),
    (
        r"\d{5}(?:[.,]\d+)?",
        "this may be a spreadsheet's day number; format the column as dates and export again",
    ),
    (
        r"\d{4}-\d\d-\d\d[t ]\d\d[.]\d\d.*",
        "the time of day has a full stop; write a colon, as in 14:05",
    ),
    (
        r"\d{4}-\d\d(?:-\d\d)?/\d\d(?:-\d\d)?",
        "the second date is shortened; write both in full, as in 2017-11-02/2017-11-07",
    ),
    (
        r"(?!.*\d{4}).*[-/. ]['’]?\d{2}(?:,? \d{1,2}:.*)?",
        "the year has two digits or is missing; write all four, as in 2017-11-03",
    ),
    (r"(?!.*\d{4}).*", "the year is missing; write the date with its year, as in 2017-11-03"),
    (r"(?:between|zwischen|entre) .*", _BETWEEN),
)


def _why(text: str) -> str:
    """Return why `text` can't be read as a date and, after a semicolon, what to write instead."""
    if hint := _why_vague(text) or _why_between(text):
        return hint
    years = re.findall(r"\d{4}", text) or ["2017"]
    reasons = (why for pattern, why in _REASONS if re.fullmatch(pattern, text))
    why = next(reasons, f"{UNREAD}; {ORDINARY}")
    return why.format(years[0], years[-1])


def _why_vague(text: str) -> str | None:
    """Return what to write in place of words without exact bounds, such as "early 2018"."""
    if season := _CONTAINS_SEASON.fullmatch(text):
        return f"a season can only be read alone; it is written {season[2]}-{_SEASONS[season[1]]}"
    found = _VAGUE.fullmatch(text)
    rest = parse_date(found["rest"], None) if found else None
    if found is None or rest is None:
        return None
    first, last = _VAGUE_MONTHS[found["word"]]
    year = rest.edtf
    if not re.fullmatch(r"\d{4}", year):
        return f"“{found['word']}” has no exact bounds; write {year}"
    vague_part = f"[{year}-{first:02}..{year}-{last:02}]"
    return f"“{found['word']}” has no exact bounds; write {year}, or {vague_part} if that is meant"


def _why_between(text: str) -> str | None:
    found = re.fullmatch(r"(?:between|zwischen|entre) (.+) (?:and|und|et) (.+)", text)
    ends = _range(f"{found[1]} - {found[2]}", None) if found else None
    return _BETWEEN.format(*ends.split("/")) if ends and "/" in ends else None


# Text with one of these is meant as EDTF, not as words.
_MEANT_AS_EDTF = re.compile(r"[]\[{}~%X]")


def with_hint(written: str, refusal: NotEdtfError) -> DateError:
    """Return `refusal` with the EDTF for a date in words, or with the reason why it is unclear."""
    if _MEANT_AS_EDTF.search(written):
        return refusal
    if readings := dict.fromkeys(
        edtf for order in DayMonthOrder for edtf in _as_edtf(written, order)
    ):
        return DateError(refusal.problem, f"write {' or '.join(readings)}")
    unclear = parse_date_words(written, DayMonthOrder.DAY_FIRST).unclear
    if unclear is None:
        return DateError("no date is stated", NO_DATE)
    why, _, hint = unclear.partition("; ")
    return refusal if why == UNREAD else DateError(f"{refusal.problem} ({why})", hint)


def _as_edtf(written: str, order: DayMonthOrder) -> Iterator[str]:
    """Yield the EDTF for a date in words, or for two of them with a slash in between."""
    if edtf := parse_date_words(written, order).edtf:
        yield edtf
        return
    ends = [parse_date_words(side, order).edtf for side in written.split("/")]
    if len(ends) == 2 and all(ends):
        yield "/".join(filter(None, ends))
