"""The names of months and weekdays in several languages, and normalisation of date text."""

from __future__ import annotations

import re
from functools import cache

from casefile.text.normal_forms import normalized

# English, German, French, Spanish, Italian, Portuguese, Dutch, and Arabic as in Egypt.
_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari يناير",
    "february feb februar février févr fév febrero febbraio febbr fevereiro fev februari فبراير",
    "march mar märz mär mrz mars marzo março maart mrt مارس",
    "april apr avril avr abril abr aprile أبريل ابريل إبريل",
    "may mai mayo maggio mag maio mei مايو",
    "june jun juni juin junio giugno giu junho يونيو يونيه",
    "july jul juli juillet juil julio luglio lug julho يوليو يوليه",
    "august aug août agosto ago augustus أغسطس اغسطس",
    "september sept sep septembre septiembre set settembre setembro سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out أكتوبر اكتوبر",
    "november nov novembre noviembre novembro نوفمبر",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro ديسمبر",
)
# English, German and French, Monday first.
_WEEKDAYS = (
    "monday mon montag mo lundi",
    "tuesday tue tues dienstag di mardi",
    "wednesday wed mittwoch mi mercredi",
    "thursday thu thur thurs donnerstag do jeudi",
    "friday fri freitag fr vendredi",
    "saturday sat samstag sonnabend sa samedi",
    "sunday sun sonntag so dimanche",
)
# Right-to-left text has these around digits; they carry no meaning.
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def normalised(words: str) -> str:
    """Return `words` ready for matching: case-folded, with ASCII digits and single spaces."""
    folded = _DIRECTION_MARKS.sub("", normalized("NFKC", words).casefold())
    return " ".join(re.sub(r"\d", lambda digit: str(int(digit[0])), folded).split())


def month_number(name: str) -> int | None:
    """Return the month, from 1, that a normalised name without full stop stands for, or None."""
    return _numbers(_MONTHS).get(name)


def weekday_number(name: str) -> int | None:
    """Return the ISO weekday (Monday is 1) that a normalised name stands for, or None."""
    return _numbers(_WEEKDAYS).get(name)


@cache
def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    return {
        normalised(name): number for number, line in enumerate(names, 1) for name in line.split()
    }
