"""The keys of the verification pass in one table; most are those of the case."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from casefile.tui.check_line import VERDICT_BINDINGS
from casefile.tui.desks import Desks
from casefile.tui.keys import (
    CLOSE,
    FILE,
    FILTER,
    FIND,
    GO,
    HELP,
    LIBRARY,
    MARKS,
    MOVES,
    NOTES,
    PANES,
    SAVE,
    SOURCE,
    VERIFY,
    Key,
    KeyTable,
)


def _is_at_end(desks: Desks) -> bool:
    return not desks.session.verification.entry


def _is_at_entry(desks: Desks) -> bool:
    return not _is_at_end(desks) and desks.area.stop != "editor"


def _is_read(desks: Desks) -> bool:
    return desks.area.stop != "editor"


def _unless_at_end(word: str) -> Callable[[Desks], str]:
    return lambda desks: "" if _is_at_end(desks) else word


def _later_word(desks: Desks) -> str:
    if not _is_at_end(desks):
        return "later"
    return "start over" if any(desks.session.verification.walk.left) else ""


def _next_cite_word(desks: Desks) -> str:
    return "next cite" if not _is_at_end(desks) and len(desks.sources.pins) > 1 else ""


_checked, _attention, _wrong, _again = (
    Key(binding.id or "", binding.key, binding.description, binding.tooltip,
        action=binding.action, works=_is_at_entry, show=True)
    for binding in VERDICT_BINDINGS
)  # fmt: skip

_PASS = (
    _checked,
    replace(_attention, word="attention"),
    _wrong,
    Key("check.later", "space", "later", "Leave this entry for the end of the pass",
        action="later", works=_is_read, word_now=_later_word, show=True),
    Key("check.back", "b", "back", "Go back to the entry before, whatever its verdict",
        action="go_back", works=_is_read, show=True),
    replace(NOTES[0], word_now=_unless_at_end("note")),
    replace(SOURCE, word_now=_next_cite_word, run=lambda desks: desks.sources.turn()),
    replace(_again, word="again"),
    Key("check.order", "o", "order", "Go by source and paragraph, or by pane",
        action="turn_order", works=_is_read, word_now=_unless_at_end("order"), show=True),
)  # fmt: skip

VERIFY_KEYS = KeyTable((
    *_PASS,
    *(replace(key, show=False) for key in (*MOVES, *FIND, *FILE, SAVE, *MARKS, *NOTES[1:])),
    # These belong to the list, and so leave the pass.
    *(replace(key, show=False) for key in PANES),
    replace(FILTER[0], run=None, action="leave_to_filter", show=False),
    replace(VERIFY, show=False),
    replace(GO, show=False), replace(LIBRARY, show=False), HELP,
    replace(CLOSE, word="leave", word_now=None),
))  # fmt: skip
"""The keys of the verification pass."""

PASS_IDS = tuple(key.id for key in _PASS)
"""The ids of the keys that stand first in its last line, in order."""
