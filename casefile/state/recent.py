"""The cases that were opened lately, remembered in the state directory, newest first."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from casefile.case.model import CaseFile
from casefile.places import Places, shipped
from casefile.state.store import forget, recall, remember
from casefile.text.ids import is_id

NAME = "recent.toml"
MOST = 50

_FORMAT = "casefile-recent/1"
_SIZE_LIMIT = 1024 * 1024
_TITLE_LENGTH = 200


class Recent(msgspec.Struct, frozen=True):
    """A case that was opened: its file, and its id, its title and the moment then."""

    path: str
    id: str
    title: str
    opened: dt.datetime


def recent_cases(places: Places) -> tuple[Recent, ...]:
    """Give the cases that were opened lately, newest first; what can't be read is left out."""
    data = recall(places, NAME, _SIZE_LIMIT)
    # Their order is kept, not worked out from the moments: clocks are set back.
    return () if data is None else tuple(islice(_decoded(data), MOST))


def remember_case(places: Places, case_file: CaseFile, moment: dt.datetime | None = None) -> bool:
    """Remember that a case is opened now, and say whether that could be done.

    One that is shipped is not remembered: it is there anyway, and another version of the program
    has it in another place.
    """
    now = (moment or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    # The path as it was given: a link that is kept pointing at the latest version stays one.
    path = os.path.abspath(case_file.path)  # noqa: PTH100 -- resolve() would follow links
    if Path(path).is_relative_to(shipped("data")):
        return False
    opened = Recent(path, case_file.case.id, case_file.case.title[:_TITLE_LENGTH], now)
    before = [recent for recent in recent_cases(places) if recent.path != path]
    try:
        data = _encoded([opened, *before][:MOST])
    except UnicodeEncodeError:
        # A path of bytes that are no UTF-8 has no form in TOML.
        return False
    return remember(places, NAME, data)


def forget_cases(places: Places) -> bool:
    """Forget which cases were opened, and say whether nothing of it is left."""
    return forget(places, NAME)


def _encoded(several: Iterable[Recent]) -> bytes:
    # Not at the start, which only reads.
    import tomli_w

    table = {"format": _FORMAT, "case": [msgspec.structs.asdict(recent) for recent in several]}
    return tomli_w.dumps(table).encode()


def _decoded(data: bytes) -> Iterator[Recent]:
    import tomli

    table: dict[str, object] = {}
    with suppress(ValueError, RecursionError):
        table = tomli.loads(data.decode())
    rows = table.get("case") if table.get("format") == _FORMAT else None
    for row in rows if isinstance(rows, list) else ():
        with suppress(msgspec.ValidationError):
            recent = msgspec.convert(row, Recent)
            if _is_sound(recent):
                yield recent


def _is_sound(recent: Recent) -> bool:
    is_path = recent.path.startswith("/") and "\0" not in recent.path
    return is_path and is_id(recent.id) and recent.opened.tzinfo is not None
