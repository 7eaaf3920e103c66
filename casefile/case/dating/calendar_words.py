"""The names of months and weekdays as people write them, in the languages that are known."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

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
# In right-to-left text they keep the digits in order, and say nothing.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def plain(words: str) -> str:
    """Give words as dates are looked for in them: small letters, ASCII digits, single spaces."""
    known = _DIRECTION.sub("", unicodedata.normalize("NFKC", words).casefold())
    return " ".join(re.sub(r"\d", lambda digit: str(int(digit[0])), known).split())


def month_named(name: str) -> int | None:
    """Give which month, from 1, a name without its full stop is, or None."""
    return _numbers(_MONTHS).get(name)


def weekday_named(name: str) -> int | None:
    """Give which weekday, Monday being 1, a name without its full stop is, or None."""
    return _numbers(_WEEKDAYS).get(name)


@cache
def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    return {plain(one): number for number, many in enumerate(names, 1) for one in many.split()}
