"""What to write instead of a text that is nearly an EDTF date that a case file may have.

A rewriting changes one thing in the whole text, such as an offset without a colon. They are tried
one after the other, each on the result of those before, until the text is valid.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import NamedTuple, TypeAlias

from casefile.case.dating.date_error import NO_DATE, DateError, NotEdtfError

_IsValid: TypeAlias = Callable[[str], bool]

_NOT_EDTF = "not an EDTF date"
_NOTHING_STATED = re.compile(
    r"(?i:\s*|\.\.|/|\[\.\.\]|\{\.\.\}|[xu]{4}(-[xu]{2}){0,2}|open|unknown|undated|n\.? ?d\.?)"
)


def explain(text: str, part: str, is_valid: _IsValid) -> DateError:
    """Return the error for a text that can't be read, with what to write instead.

    `part` is the part of it that is not in the syntax; `is_valid` says whether a text is a date.
    """
    if _NOTHING_STATED.fullmatch(text):
        return DateError("no date is stated", NO_DATE)
    for candidate in dict.fromkeys((text, part)):
        if error := _rewritten(candidate, partial(text.replace, candidate), is_valid):
            return error
    for form, hint in _RANGES:
        if (ends := form.fullmatch(text)) and all(map(is_valid, ends.groups())):
            return DateError("a range needs brackets and two dots", hint.format(*ends.groups()))
    is_known = _EDTF_CHARACTERS.fullmatch(part) and not _SHORTENED.fullmatch(text)
    for pattern, problem, hint in _UNSUPPORTED if is_known else ():
        if found := re.search(pattern, part):
            return DateError(problem, hint.format(*found.groups()))
    return NotEdtfError(_NOT_EDTF, "write 2018, 2018-03, 2018-03-24 or 2018-03-24T14:05")


_ONCE_OR_ALL = "write [{0}..{1}] for once between them, {0}/{1} for all of it"
_DATE = r" ?([^.\[\] ]+) ?"
_RANGES = (
    (re.compile(rf"\[?{_DATE}\.{{2,3}}{_DATE}\]?"), _ONCE_OR_ALL),
    (
        re.compile(rf"{_DATE}\.{{2,3}}\]?"),
        "write [{0}..] for once, then or later, {0}/.. if it still goes on",
    ),
    (
        re.compile(rf"\[?\.{{2,3}}{_DATE}"),
        "write [..{0}] for once, then or earlier, ../{0} if it went on until then",
    ),
)
# The second date in short, as in 2018-03-04/05: date_words explains it.
_SHORTENED = re.compile(r"\d{4}(?:-\d\d){0,2}/\d\d(?:-\d\d)?")
# The messages of _UNSUPPORTED are only for text in these characters.
_EDTF_CHARACTERS = re.compile(r"[0-9ESTXYZxy:~?%+{}\[\],./-]+")
_YEARS_ONLY = "years outside 0001–9999 are not supported"
_UNSUPPORTED = (
    (r"^[yY]-?[0-9]|^-[0-9]", _YEARS_ONLY, NO_DATE),
    (r"^X", "a date needs its year", NO_DATE),
    (r"^([0-9]{2})$", "a year has four digits", "write all four, or {0}XX for the century"),
    (r"^([0-9]{3})$", "a year has four digits", "write 0{0} for the year, {0}X for the decade"),
    (
        r"[~?%].",
        "marks on parts are not supported",
        "put ~, ? or % at the end, as in 2018-03~",
    ),
    (
        r"X",
        "X in this place is not supported",
        "write XX for the whole month or day, as in 2018-XX, or leave it out",
    ),
    (r"\.\.", "a range needs brackets", "write it like [2017..2018]"),
)


class _Rewriting(NamedTuple):
    """A change of the whole text that makes some texts valid."""

    problem: str
    rewrite: Callable[[str], str]
    hint: str = "write {}"


def _rewritten(text: str, in_place: Callable[[str], str], is_valid: _IsValid) -> DateError | None:
    """Return the error with the valid form of a text, if the rewritings lead to one.

    `in_place` returns the whole date with a text in the place of this one.
    """
    current, problem = text, ""
    for one in _REWRITINGS:
        changed = one.rewrite(current)
        if changed == current:
            continue
        current, problem = changed, problem or one.problem
        if is_valid(whole := in_place(current)):
            return DateError(problem, one.hint.format(whole))
    return _months_of(text, in_place, is_valid)


# The syntax of earlier drafts, of other programs, and the current one.
_OLD_DRAFTS = {
    "unknown": "",
    "open": "..",
    "?~": "%",
    "~?": "%",
    " ": "",
    "u": "X",
    "x": "X",
    "t": "T",
    "z": "Z",
    "\N{MINUS SIGN}": "-",
}


def _in_current_syntax(text: str) -> str:
    for old, new in _OLD_DRAFTS.items():
        text = text.replace(old, new)
    return text


def _next_midnight(found: re.Match[str]) -> str:
    try:
        return f"{date.fromisoformat(found[1]) + timedelta(days=1)}T00:00{found[2] or ''}"
    except (ValueError, OverflowError):
        return found[0]


def _significant_digits(found: re.Match[str]) -> str:
    year, digits = found[1], int(found[2])
    if digits == 1:
        return f"{year[0]}XXX"
    return year[:digits] + "X" * (4 - digits)


_UNITS = re.compile(r"[0-9X~?%-]{4,}")


def _with_mark_at_end(found: re.Match[str]) -> str:
    marks = set(re.findall("[~?%]", found[0]))
    mark = next(iter(marks)) if len(marks) == 1 else "%" if marks else ""
    return re.sub("[~?%]", "", found[0]) + mark


_MASKED = re.compile(r"([0-9X]{4})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?([~?%]?)")


def _as_ranges(text: str) -> str:
    """Return a text in which the first and last possible date replace one with masked digits."""
    if text.startswith("{") or "/" in text:
        return text
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    members = [_as_range(member) for member in inner.split(",")]
    return f"[{','.join(members)}]" if members != inner.split(",") else text


def _as_range(member: str) -> str:
    found = _MASKED.fullmatch(member)
    if found is None or "X" not in member or member.startswith("X"):
        return member
    year, month, day, mark = found.groups()
    masked = [_matching(part, most) for part, most in ((month, 12), (day, 31)) if part]
    dates = product(_year_ends(year), *masked)
    possible = ["-".join(parts) for parts in dates if _exists(*map(int, parts))]
    return f"{min(possible)}{mark}..{max(possible)}{mark}" if possible else member


def _year_ends(year: str) -> list[str]:
    first, last = year.replace("X", "0"), year.replace("X", "9")
    return ["0001" if first == "0000" else first, last]


def _matching(masked: str, most: int) -> list[str]:
    """Return the numbers up to `most` that two masked digits may stand for."""
    pattern = re.compile(masked.replace("X", "[0-9]"))
    return [text for number in range(1, most + 1) if pattern.fullmatch(text := f"{number:02}")]


def _exists(year: int, month: int = 1, day: int = 1) -> bool:
    return day <= monthrange(year, month)[1]


_REWRITINGS = (
    _Rewriting(_NOT_EDTF, _in_current_syntax),
    _Rewriting(
        _NOT_EDTF,
        partial(
            re.compile(r"(?<!\d)(\d{4})[ -]?[Qq]([1-4])(?!\d)").sub,
            lambda of: f"{of[1]}-{int(of[2]) + 32}",
        ),
    ),
    _Rewriting(
        "fractions of a second are not supported",
        partial(re.compile(r"(T\d\d:\d\d:\d\d)(?:\.\d+|,\d{1,3}(?!\d))").sub, r"\1"),
    ),
    _Rewriting(
        "the offset lacks its colon",
        partial(re.compile(r"(T\d\d:\d\d(?::\d\d)?[+-]\d\d)(\d\d)").sub, r"\1:\2"),
    ),
    _Rewriting(
        "24:00 is not supported",
        partial(
            re.compile(r"(\d{4}-\d\d-\d\d)T24:00(?::00)?(Z|[+-]\d\d(?::\d\d)?)?").sub,
            _next_midnight,
        ),
        "write the next day's 00:00, {}",
    ),
    _Rewriting(
        "a year of four digits has no letter before it",
        partial(re.compile(r"(?<!\w)[Yy](\d{4})(?![\dE])").sub, r"\1"),
    ),
    _Rewriting(
        "significant digits are not supported",
        partial(re.compile(r"(?<![\dY])(\d{4})S([1-4])(?!\d)").sub, _significant_digits),
    ),
    _Rewriting(
        "marks on parts are not supported",
        partial(_UNITS.sub, _with_mark_at_end),
        "write {}, which marks all of it",
    ),
    # Seasons without a hemisphere are those of the northern one.
    _Rewriting(
        "seasons of a hemisphere are not supported",
        partial(re.compile(r"(?<=\d{4}-)2[5-8](?![\d-])").sub, lambda of: str(int(of[0]) - 4)),
    ),
    _Rewriting(
        "X in this place is not supported",
        _as_ranges,
        "write {}, and the source's words in date_text",
    ),
)

# First month and number of months of southern seasons, thirds and halves of a year.
_MONTHS = {
    29: (9, 3),
    30: (12, 3),
    31: (3, 3),
    32: (6, 3),
    37: (1, 4),
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),
    41: (7, 6),
}


def _months_of(text: str, in_place: Callable[[str], str], is_valid: _IsValid) -> DateError | None:
    """Return the error for a part of a year that level 2 has a number for, with its months."""
    found = re.fullmatch(r"(\d{4})-(\d\d)([~?%]?)", text)
    if found is None or int(found[2]) not in _MONTHS:
        return None
    first, count = _MONTHS[int(found[2])]
    later, last = divmod(first + count - 2, 12)
    ends = (
        f"{found[1]}-{first:02}{found[3]}",
        f"{int(found[1]) + later:04}-{last + 1:02}{found[3]}",
    )
    problem = f"the number {found[2]} for a part of a year is not supported"
    if not all(map(is_valid, ends)):
        return DateError(problem, NO_DATE)
    is_whole = in_place(text) == text
    hint = _ONCE_OR_ALL if is_whole else "its months are {0} to {1}"
    return DateError(problem, hint.format(*ends))
