"""The cases that were opened last, newest first."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec

from casefile.case.model import CaseFile
from casefile.places import Places, shipped
from casefile.state.store import StateFile
from casefile.text.ids import PATTERN

NAME = "recent.toml"
MOST = 50

_SIZE_LIMIT = 1024 * 1024
_TITLE_LENGTH = 200


class Recent(msgspec.Struct, frozen=True):
    """A case that was opened, with its id and title at that time."""

    path: Annotated[str, msgspec.Meta(pattern=r"^/[^\0]*$")]
    """The absolute path of the file, links not resolved."""
    id: Annotated[str, msgspec.Meta(pattern=rf"^{PATTERN}\Z")]
    title: str
    opened: Annotated[dt.datetime, msgspec.Meta(tz=True)]


class _Recents(msgspec.Struct, frozen=True):
    # Unvalidated, so that one damaged row costs no other.
    case: tuple[object, ...]


def recent_cases(places: Places) -> tuple[Recent, ...]:
    """Return the cases that were opened last, newest first, without rows that can't be read."""
    # In the stored order, not by `opened`: clocks are set back.
    return tuple(islice(_read_rows(places), MOST))


def remember_case(places: Places, case_file: CaseFile, moment: dt.datetime | None = None) -> bool:
    """Put a case at the head of the recent cases and return whether that succeeded.

    Shipped cases are left out: the library lists them anyway, and their path differs between
    versions of the program.
    """
    now = (moment or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    # Not resolved: a link may be meant to point at the latest version of a file.
    path = os.path.abspath(case_file.path)  # noqa: PTH100 -- resolve() would follow links
    if Path(path).is_relative_to(shipped("data")):
        return False
    opened = Recent(path, case_file.case.id, case_file.case.title[:_TITLE_LENGTH], now)
    before = [recent for recent in recent_cases(places) if recent.path != path]
    return _file(places).save(_Recents((opened, *before)[:MOST]))


def forget_cases(places: Places) -> bool:
    """Remove the list of recent cases and return whether it is gone."""
    return _file(places).forget()


def _file(places: Places) -> StateFile[_Recents]:
    return StateFile(places, NAME, "casefile-recent/1", _Recents, _SIZE_LIMIT)


def _read_rows(places: Places) -> Iterator[Recent]:
    stored = _file(places).load()
    for row in stored.case if stored else ():
        with suppress(msgspec.ValidationError):
            yield msgspec.convert(row, Recent)
