"""What only keys need, imported after the first paint and between keys: no key waits for it.

Afterwards nothing is imported any more: the program can be upgraded or removed while it is open.
"""

from __future__ import annotations

import traceback
from collections.abc import Generator
from importlib import import_module

IDLE_SECONDS = 0.3
"""How long after the first paint the imports begin."""

NOT_LOADED = "A part of casefile can’t be loaded: was it upgraded? · quit and start it again"

_MODULES = (
    "casefile.tui.search",
    "casefile.tui.find_line",
    "casefile.case.sources.verbatim",
    "casefile.case.sources.source_text",
    "casefile.tui.source_desk",
    "casefile.views.source_lines",
    "casefile.tui.source_view",
    "casefile.tui.unfinished_notes",
    "casefile.tui.writing_desk",
    "casefile.tui.note_desk",
    "textual.widgets.text_area",
    "casefile.tui.note_panel",
    "casefile.tui.marks",
    "casefile.tui.check_line",
    "casefile.views.source_texts",
    "casefile.case.sources.text_files",
    "json",
    "hashlib",
    "casefile.views.notes_pane",
    "casefile.tui.chooser",
    "casefile.tui.palette",
    "casefile.tui.help_screen",
    "casefile.views.filtering",
    "casefile.views.verification",
    "casefile.tui.verify_screen",
    "casefile.views.tags",
    "casefile.case.difference.changes",
    "casefile.views.differences",
    "casefile.tui.revisions_screen",
    "casefile.views.note_moving",
    "casefile.tui.library_screen",
    "casefile.tui.editor_command",
    "casefile.case.dating.corrections",
    "casefile.case.dating.clock_words",
    "casefile.case.dating.day_words",
    "casefile.case.dating.date_words",
    "zoneinfo",
    "casefile.state.recent",
    "casefile.state.visits",
    "casefile.state.crash_log",
)
"""In the order in which readers are likely to need them; the last only as the program ends."""


def import_in_steps() -> Generator[float, None, bool]:
    """Import one module a step, yield the part that is done, and return whether all were found."""
    is_complete = True
    for number, name in enumerate(_MODULES, start=1):
        try:
            import_module(name)
        except Exception as error:
            if not is_failed_import(error):
                raise
            is_complete = False
        yield number / len(_MODULES)
    return is_complete


def is_failed_import(error: BaseException) -> bool:
    """Whether an exception was raised because a module is missing, damaged or can't be read."""
    frames = traceback.walk_tb(error.__traceback__)
    return isinstance(error, ImportError | SyntaxError) or any(
        frame.f_code.co_filename.startswith("<frozen importlib") for frame, _ in frames
    )
