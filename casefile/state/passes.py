"""How far a reader has come in the verification pass of a case, from one run to the next."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal, TypeAlias

import msgspec

from casefile.places import Places
from casefile.state.store import forget, recall, remember

FOLDER = "passes"

_FORMAT = "casefile-pass/1"
# Room for some 200,000 ids.
_SIZE_LIMIT = 16 * 1024 * 1024

Order: TypeAlias = Literal["source", "pane"]
"""By what a pass goes through the entries: by source and paragraph, or by pane."""


class Pass(msgspec.Struct, frozen=True):
    """A verification pass: where it stands, in what order it goes, and what it has put off."""

    entry: str = ""
    """The entry that it stands at; none before it begins and at its end."""
    order: Order = "source"
    later: tuple[str, ...] = ()
    """The entries that are left for the end, as the reader put them off."""


def recall_pass(places: Places, case_id: str) -> Pass:
    """Give how far the pass of a case has come; one that begins, where nothing can be read."""
    import tomli

    data = recall(places, _name(case_id), _SIZE_LIMIT)
    with suppress(ValueError, RecursionError):
        table = tomli.loads((data or b"").decode())
        if table.pop("format", None) == _FORMAT:
            return msgspec.convert(table, Pass)
    return Pass()


def remember_pass(places: Places, case_id: str, reached: Pass) -> bool:
    """Remember how far the pass of a case has come, and say whether that could be done."""
    import tomli_w

    table = {"format": _FORMAT, **msgspec.to_builtins(reached)}
    return remember(places, _name(case_id), tomli_w.dumps(table).encode())


def forget_pass(places: Places, case_id: str) -> bool:
    """Forget the pass of a case, and say whether nothing of it is left."""
    return forget(places, _name(case_id))


def _name(case_id: str) -> str:
    return f"{FOLDER}/{case_id}.toml"
