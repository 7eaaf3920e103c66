"""The words of a date as an EDTF date, where they say one thing only.

Nothing is guessed: not the order of day and month, not the century, not how long "early" is. What
is rewritten with a loss says so, and its words are to be kept beside it.
"""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from casefile.case.dating.calendar_words import plain
from casefile.case.dating.clock_words import Unclear
from casefile.case.dating.day_words import (
    ORDINARY,
    Ambiguous,
    Order,
    Part,
    only_order,
    partial,
    whole,
)
from casefile.case.dating.edtf import DateError, parse


class DateWords(msgspec.Struct, frozen=True):
    """What the words of a date say; with neither a date nor a complaint, that it states none."""

    edtf: str | None = None
    says_all: bool = False
    """Whether the date says all that the words do, so that these need not be kept."""
    unclear: str | None = None
    """What can't be read, and after a semicolon what would be right."""
    wants_order: bool = False
    """Whether it could be read if it were known which of day and month comes first."""


def read_date_words(words: str, order: Order | None = None) -> DateWords:
    """Read the words of a date; `order` says how dates all in numbers are meant."""
    if len(words) > _LONGEST:
        return DateWords(unclear="it is too long for a date; write the date alone")
    if _is_edtf(words.strip()):
        return DateWords(words.strip(), says_all=True)
    text = plain(words)
    if _NO_DATE.fullmatch(text):
        return DateWords()
    try:
        edtf, says_all = _read(text, order)
        parse(edtf)
    except (Unclear, DateError) as error:
        return DateWords(unclear=str(error), wants_order=isinstance(error, Ambiguous))
    return DateWords(edtf, says_all)


UNREAD = "it is no date that can be read"
"""Why words are unclear of which no more is known."""

_LONGEST = 200
_NO_DATE = re.compile(
    r"[\W_]*|n/?a|n\. ?a\.|n\. ?d\.|nd|none|unknown|undated|date unknown|no date|tb[da]|"
    r"to be determined|unbekannt|undatiert|o\. ?d\.|inconnu|sans date|s\. ?d\.|غير معروف|不详|未知"
)
_OF_EDTF_ALONE = re.compile(r"[][/~%X]|\d\?$")


def _read(text: str, order: Order | None) -> tuple[str, bool]:
    """Give the date, and whether it says all that the words do; raises Unclear, DateError."""
    # Where a thing stands among several of one time: CaseMap's `#2`.
    text, numbered = re.subn(r" ?#\d+$", "", text)
    if part := whole(text, order):
        return part.edtf, part.exact and not numbered
    for pattern, days, template in _QUALIFIED:
        if (found := pattern.fullmatch(text)) and (part := whole(found["date"], order)):
            return template.format(_next_to(part, days) if days else part.edtf), False
    if edtf := _season(text) or _either(text, order):
        return edtf, True
    if edtf := _decade(text) or _stretch(text, order):
        return edtf, False
    raise Unclear(_why(text))


def _is_edtf(words: str) -> bool:
    if not _OF_EDTF_ALONE.search(words):
        return False
    try:
        parse(words)
    except DateError:
        return False
    return True


def _next_to(part: Part, days: int) -> str:
    """Give the day, month or year after a part, or before it if `days` is negative."""
    if part.clock or part.some_day:
        raise Unclear("what it is before or after is no day, month or year; write it as EDTF")
    unit = parse(part.edtf).units[0]
    day = (unit.latest if days > 0 else unit.earliest) + timedelta(days=days)
    return Part(day.year, part.month and day.month, part.day and day.day).edtf


_ABOUT = (
    r"(?:approximately|approx\.?|about|around|circa|ca\.?|c\.?|~|≈|"
    r"ungefähr|etwa|gegen|um|environ|vers|hacia|حوالي|约)(?![^\W\d_])"
)
_NOW = "(?:present|today|now|ongoing|heute|aujourd'hui)"
# How dates are hedged, how many days on the bound is, and how EDTF says the same.
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


def _either(text: str, order: Order | None) -> str | None:
    """Give the set that "one day or another" names."""
    sides = re.split(r" (?:or|oder|ou) ", text)
    parts = [whole(side, order) for side in sides] if len(sides) > 1 else []
    return f"[{','.join(part.edtf for part in parts if part)}]" if parts and all(parts) else None


def _decade(text: str) -> str | None:
    # The 1900s may be ten years or a hundred.
    found = re.fullmatch(r"(?:in )?(?:the )?([12]\d[1-9])0['’]?s", text)
    return f"{found[1]}X" if found else None


# A hyphen between words ends a side, one between digits only if there is no other.
_APART = re.compile(r" ?[–—―] ?| - | to | bis | until | till | through | thru | au ")
_TIMES = re.compile(r"(.*\d:\d{2})-(\d{1,2}:\d{2}.*)")


def _stretch(text: str, order: Order | None) -> str | None:
    """Give the interval that a text names by its two ends, if it does."""
    sides = _APART.split(re.sub(r"^(?:from|von|vom|du) ", "", text))
    if len(sides) == 1:
        times = _TIMES.fullmatch(sides[0])
        sides = list(times.groups()) if times else sides[0].split("-")
    if len(sides) != 2:
        return None
    # Nobody changes the order within one date.
    start, end = (partial(side, order or only_order(text)) for side in sides)
    if start is None or end is None:
        return None
    start, end = start.completed_by(end), end.completed_by(start)
    if not start.is_whole or not end.is_whole:
        return None
    first, last = parse(start.edtf).units[0], parse(end.edtf).units[0]
    if last.latest < first.earliest:
        raise Unclear("it ends before it starts; write both ends with their years")
    return start.edtf if start.edtf == end.edtf else f"{start.edtf}/{end.edtf}"


_MONTHS_OF_VAGUE = {
    **dict.fromkeys(("early", "anfang", "début"), (1, 4)),
    **dict.fromkeys(("mid", "middle", "mitte"), (5, 8)),
    "late": (9, 12),
    **dict.fromkeys(("beginning", "start"), (1, 2)),
    **dict.fromkeys(("end", "ende", "fin"), (11, 12)),
    **{f"q{quarter}": (quarter * 3 - 2, quarter * 3) for quarter in range(1, 5)},
}
_VAGUE = re.compile(
    rf"(?:(?:in|at|by) )?(?:the )?(?P<word>{'|'.join(_MONTHS_OF_VAGUE)})(?:[ -]of)?[ -](?P<rest>.+)"
)
_SEASON_IN_IT = re.compile(rf".*\b({'|'.join(_SEASONS)})(?: of)? (\d{{4}})\b.*")
_REASONS = (
    (
        r".*(?:هـ|\bhijri\b|\ba\.?h\b).*",
        "it is of the Hijri calendar; write the Gregorian date that it comes to",
    ),
    (
        r"\d{4} ?[-–—/] ?\d{2}",
        "it may be two years or a month of one; write 2015/2017 or 2015-11",
    ),
    (
        r"\d{5}(?:[.,]\d+)?",
        "it may be a spreadsheet's number for a day; format the column as dates and export again",
    ),
    (
        r"\d{4}-\d\d-\d\d[t ]\d\d[.]\d\d.*",
        "its time of day has a full stop; write a colon, as in 14:05",
    ),
    (
        r"\d{4}-\d\d-\d\d/\d\d(?:-\d\d)?",
        "its second end is short; write both whole, as in 2017-11-02/2017-11-07",
    ),
    (
        r"(?!.*\d{4}).*[-/. ]['’]?\d{2}(?:,? \d{1,2}:.*)?",
        "its year has two digits or is missing; write all four, as in 2017-11-03",
    ),
    (r"(?!.*\d{4}).*", "it names no year; write it with its year, as in 2017-11-03"),
    (
        r"(?:between|zwischen|entre) .*",
        "it may be once or all the time; write [{0}..{1}] for once, {0}/{1} for all of it",
    ),
)


def _why(text: str) -> str:
    """Say what keeps a text from being read as a date."""
    if hint := _why_vague(text) or _why_between(text):
        return hint
    years = re.findall(r"\d{4}", text) or ["2017"]
    known = (why for pattern, why in _REASONS if re.fullmatch(pattern, text))
    why = next(known, f"{UNREAD}; {ORDINARY}")
    return why.format(years[0], years[-1])


def _why_vague(text: str) -> str | None:
    """Say of words without exact bounds what is sure, and how a part of a year is written."""
    if season := _SEASON_IN_IT.fullmatch(text):
        return f"it is more than a season; that alone is written {season[2]}-{_SEASONS[season[1]]}"
    found = _VAGUE.fullmatch(text)
    rest = whole(found["rest"], None) if found else None
    if found is None or rest is None:
        return None
    first, last = _MONTHS_OF_VAGUE[found["word"]]
    year = rest.edtf
    if not re.fullmatch(r"\d{4}", year):
        return f"“{found['word']}” has no exact bounds; write {year}"
    part = f"[{year}-{first:02}..{year}-{last:02}]"
    return (
        f"“{found['word']}” has no exact bounds; write {year}, or {part} if that is what is meant"
    )


def _why_between(text: str) -> str | None:
    found = re.fullmatch(r"(?:between|zwischen|entre) (.+) (?:and|und|et) (.+)", text)
    ends = _stretch(f"{found[1]} - {found[2]}", None) if found else None
    if ends is None:
        return None
    start, _, end = ends.partition("/")
    return (
        "it may be once or all the time; "
        f"write [{start}..{end}] for once, {start}/{end} for all of it"
    )
