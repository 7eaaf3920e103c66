"""The reader's progress in the verification pass of each case."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from casefile.places import Places
from casefile.state.store import StateFile, forget_all

FOLDER = "passes"
FORMAT = "casefile-pass/1"

# Some 25,000 ids, as many as are parsed in one step.
_SIZE_LIMIT = 2 * 1024 * 1024

Order: TypeAlias = Literal["source", "pane"]
"""The order of a pass: by source and paragraph, or by pane."""


class Pass(msgspec.Struct, frozen=True):
    """The state of a verification pass."""

    entry: str = ""
    """The id of the current entry; empty before the start and at the end."""
    order: Order = "source"
    later: tuple[str, ...] = ()
    """The ids of the entries that the reader put off."""


def recall_pass(places: Places, case_id: str) -> Pass:
    """Return the pass of a case; a new one if none is stored or it can't be read."""
    return _file(places, case_id).load() or Pass()


def remember_pass(places: Places, case_id: str, reached: Pass) -> bool:
    """Store the pass of a case and return whether that succeeded."""
    return _file(places, case_id).save(reached)


def forget_pass(places: Places, case_id: str) -> bool:
    """Remove the pass of a case and return whether it is gone."""
    return _file(places, case_id).forget()


def forget_passes(places: Places) -> bool:
    """Remove the passes of all cases and return whether they are gone."""
    return forget_all(places, FOLDER, FORMAT)


def _file(places: Places, case_id: str) -> StateFile[Pass]:
    return StateFile(places, f"{FOLDER}/{case_id}.toml", FORMAT, Pass, _SIZE_LIMIT)
