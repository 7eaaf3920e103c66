"""The keys of the verdicts, the same after `v` and in the verification pass."""

from __future__ import annotations

from textual.binding import Binding

from casefile.notes.checks import CHECKED, NEEDS_ATTENTION, TO_CHECK, WRONG

VERDICT_BINDINGS = (
    Binding("c", f"give('{CHECKED}')", "checked", id="check.checked",
            tooltip="It is as its source has it"),
    Binding("exclamation_mark", f"give('{NEEDS_ATTENTION}')", "needs attention",
            id="check.attention", tooltip="It has to be seen to"),
    Binding("w", f"give('{WRONG}')", "wrong", id="check.wrong",
            tooltip="It is wrong; write what would be right"),
    Binding("minus", f"give('{TO_CHECK}')", "to check again", id="check.again",
            tooltip="It is to be checked, for the first time or again"),
)  # fmt: skip
"""For a widget or screen with an action `give`."""
