"""What only keys need, imported after the first paint and between keys: no key waits for it."""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module

_MODULES = (
    "casefile.tui.search",
    "casefile.tui.find_line",
    "casefile.tui.source_desk",
    "casefile.views.source_lines",
    "casefile.tui.source_view",
    "casefile.tui.writing_desk",
    "casefile.tui.note_desk",
    "casefile.tui.note_panel",
    "casefile.tui.marks",
    "casefile.tui.check_line",
    "casefile.tui.chooser",
    "casefile.tui.palette",
    "casefile.tui.help_screen",
    "casefile.views.filtering",
    "casefile.views.verification",
    "casefile.tui.verify_screen",
    "casefile.views.tags",
    "casefile.tui.revisions_screen",
)
"""In the order in which readers are likely to need them."""


def import_in_steps() -> Generator[float, None, None]:
    """Import one module a step, and yield the part that is done."""
    for number, name in enumerate(_MODULES, start=1):
        try:
            import_module(name)
        except ImportError:
            # The key that needs it says what is missing.
            return
        yield number / len(_MODULES)
