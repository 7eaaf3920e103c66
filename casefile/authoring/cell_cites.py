"""The cites in the cells of a spreadsheet: sources by title, with a place in each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class CellCite(NamedTuple):
    """A source by its title, the place in it, and its URL."""

    title: str = ""
    at: str = ""
    url: str = ""


_LONGEST = 500
_UNIT = (
    r"(?:(?:[Pp]p?|[Pp]aras?|[Pp]ages?|[Pp]aragraphs?|[Ll]ines?|l|[Rr]ows?|at|S|Bl|Rn|Rz|Tz"
    r"|[Ss]ections?|[Ss]ec|[Cc]ounts?)\.? ?|¶¶? ?|§§? ?)"
)
_NUMBER = r"\d+[a-z]?(?:\(\w{1,5}\))*"
# The page and line of a transcript, or a unit and its numbers: `45:12-46:3`, `p. 45 l. 12 - 14`.
_PIN = (
    r"(?:\d{1,4}:\d{1,3}(?: ?[-–] ?\d{1,4}(?::\d{1,3})?)?"
    rf"|{_UNIT}{_NUMBER}(?:(?:, ?| ?[-–&] ?| )(?:{_UNIT})?{_NUMBER})*(?: ?ff?\.?)?)"
)
_TITLE_AND_PIN = re.compile(rf"(?P<title>.*?[^\s,])(?:, ?| )(?:at (?=\d+:))?(?P<at>{_PIN})")
_TITLE_AND_URL = re.compile(r"(?P<title>.*?)[\s(<]*(?P<url>https?://[^\s)>]+)[)>]?")


def parse_cites(pieces: Sequence[str]) -> list[CellCite]:
    """Parse cites such as `Smith Dep. 45:12` and `Report, p. 3`.

    A place alone, as in `Report, p. 3; p. 5`, is in the source before it.
    """
    found: list[CellCite] = []
    for piece in pieces:
        if len(piece) > _LONGEST:
            found.append(CellCite(piece))
            continue
        parts = _TITLE_AND_PIN.fullmatch(piece)
        if found and re.fullmatch(_PIN, piece):
            found.append(found[-1]._replace(at=piece))
        elif parts:
            found.append(_with_url(CellCite(parts["title"], parts["at"])))
        else:
            found.append(_with_url(CellCite(piece)))
    return found


def pair_cites(
    titles: Sequence[str], places: Sequence[str], urls: Sequence[str]
) -> list[CellCite] | None:
    """Join the sources, places and URLs of a row; return None if their numbers don't match."""
    titles = titles or urls or [""]
    count = max(len(titles), len(places), len(urls))
    columns = [values or [""] * count for values in (titles, places, urls)]
    if len(titles) == 1:
        columns = [[*column] * count if len(column) == 1 else column for column in columns]
    if len({len(column) for column in columns}) > 1:
        return None
    return [CellCite(*cells) for cells in zip(*columns, strict=True)]


def _with_url(cite: CellCite) -> CellCite:
    """Return a cite with the URL taken out of its title, if there is one in it."""
    found = _TITLE_AND_URL.fullmatch(cite.title)
    if found is None:
        return cite
    return CellCite(found["title"] or found["url"], cite.at, found["url"])
