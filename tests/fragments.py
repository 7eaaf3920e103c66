"""Complete fragments of case files with what they lack and with the entries that they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli

from casefile.case.load_result import LoadResult
from casefile.case.reader import read_case

FORMAT = 'format = "casefile/1"\n'
CASE = '[case]\nid = "invented"\ntitle = "An invented case"\nsource = "transcript"\n'
LOOSE_KEYS = '[[event]]\nid = "happening"\ntitle = "A happening"\n'
"""The header of keys without a table."""

CAST = {
    "source": {"title": ["log", "transcript", "report", "bank-statement", "notes"]},
    "party": {
        "name": [
            *("pilot", "owner", "harbour-police", "night-caller", "judge-lima", "insurer"),
            *("customs", "buyer", "witness-2", "court", "clerk", "shell-company", "driver"),
        ]
    },
    "event": {
        "title": [
            *("grounding", "departure", "departure-by-the-pilot", "search", "second-search"),
            *("voyage-7", "hearing", "payment", "first-call", "arrest"),
        ]
    },
    "seizure": {"item": ["papers", "letters"]},
    "quote": {"words": ["pilot-on-the-light"]},
    "issue": {"title": ["who-steered", "who-is-liable"]},
}
"""The entries that a fragment may name: the required key and the ids, by table."""


def whole(fragment: str) -> str:
    """Return a fragment as a complete case file."""
    loose = "" if "[" in {line[:1] for line in fragment.splitlines()} else LOOSE_KEYS
    document = tomli.loads(loose + fragment)
    head = "" if "format" in document else FORMAT
    case = "" if "case" in document else CASE
    cast = "".join(_cast(document))
    # Keys at the top come before every table.
    if "format" in document:
        return f"{fragment}\n{case}{cast}"
    return f"{head}{case}{loose}{fragment}\n{cast}"


def rows_in(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every row of every table of a document."""
    for value in document.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict):
                yield row


def read(fragment: str, folder: Path) -> LoadResult:
    """Read a completed fragment from a file in a folder."""
    path = folder / "fragment.toml"
    path.write_text(whole(fragment), encoding="utf-8")
    return read_case(path)


def _cast(document: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of the cast that a document lacks."""
    taken = [row.get("id") for row in rows_in(document)]
    more = {"party": 'type = "Person"\n', "quote": 'speaker = "pilot"\n'}
    for table, by_key in CAST.items():
        if not isinstance(document.get(table, []), list):
            continue
        for key, ids in by_key.items():
            for one in ids:
                if one not in taken:
                    yield f'[[{table}]]\nid = "{one}"\n{key} = "{one}"\n{more.get(table, "")}'
