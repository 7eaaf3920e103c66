"""The sources that a cell names, and the place in each, as far as the words part them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class Cited(NamedTuple):
    """A source by its title, the place in it, and its address."""

    title: str = ""
    at: str = ""
    url: str = ""


_LONGEST = 500
_UNIT = (
    r"(?:(?:[Pp]p?|[Pp]aras?|[Pp]ages?|[Pp]aragraphs?|[Ll]ines?|l|[Rr]ows?|at|S|Bl|Rn|Rz|Tz)\.? ?"
    r"|¶¶? ?|§§? ?)"
)
_NUMBER = r"\d+[a-z]?"
# The page and line of a transcript, or a unit and its numbers: `45:12-46:3`, `p. 45 l. 12 - 14`.
_PIN = (
    r"(?:\d{1,4}:\d{1,3}(?: ?[-–] ?\d{1,4}(?::\d{1,3})?)?"
    rf"|{_UNIT}{_NUMBER}(?:(?:, ?| ?[-–&] ?| )(?:{_UNIT})?{_NUMBER})*(?: ?ff?\.?)?)"
)
_TITLE_AND_PIN = re.compile(rf"(?P<title>.*?[^\s,])(?:, ?| )(?P<at>{_PIN})")
_TITLE_AND_URL = re.compile(r"(?P<title>.*?)[\s(<]*(?P<url>https?://[^\s)>]+)[)>]?")


def cited(pieces: Sequence[str]) -> list[Cited]:
    """Read `Smith Dep. 45:12`, `Report, p. 3`: what ends in a place has one; one alone goes on."""
    found: list[Cited] = []
    for piece in pieces:
        if len(piece) > _LONGEST:
            found.append(Cited(piece))
            continue
        parts = _TITLE_AND_PIN.fullmatch(piece)
        if found and re.fullmatch(_PIN, piece):
            found.append(found[-1]._replace(at=piece))
        elif parts:
            found.append(_addressed(Cited(parts["title"], parts["at"])))
        else:
            found.append(_addressed(Cited(piece)))
    return found


def paired(titles: Sequence[str], places: Sequence[str], urls: Sequence[str]) -> list[Cited] | None:
    """Join the sources, places and addresses of a row, or give None if they can't be joined."""
    titles = titles or urls or [""]
    is_one = len(titles) == 1
    count = max(len(titles), len(places), len(urls))

    def for_each(several: Sequence[str]) -> Sequence[str]:
        several = several or [""] * count
        return [*several] * count if is_one and len(several) == 1 else several

    parts = [for_each(several) for several in (titles, places, urls)]
    return [Cited(*one) for one in zip(*parts, strict=True)] if _are_alike(parts) else None


def _are_alike(several: Sequence[Sequence[str]]) -> bool:
    return len({len(one) for one in several}) == 1


def _addressed(one: Cited) -> Cited:
    found = _TITLE_AND_URL.fullmatch(one.title)
    if found is None:
        return one
    return Cited(found["title"] or found["url"], one.at, found["url"])
