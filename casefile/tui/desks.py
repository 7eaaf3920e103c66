"""The desks of a reading screen: plain objects that each do one part of its work."""

from __future__ import annotations

from dataclasses import dataclass

from casefile.tui.marks import Marks
from casefile.tui.note_desk import NoteDesk
from casefile.tui.reading_area import ReadingArea
from casefile.tui.search import Search
from casefile.tui.source_desk import SourceDesk
from casefile.tui.stage import Stage
from casefile.tui.watcher import Watcher
from casefile.tui.writing_desk import WritingDesk
from casefile.views.session import Session


@dataclass(frozen=True)
class Desks:
    """What the keys of one screen work on."""

    session: Session
    area: ReadingArea
    search: Search
    sources: SourceDesk
    writing: WritingDesk
    notes: NoteDesk
    marks: Marks
    watcher: Watcher


def desks_for(stage: Stage, watcher: Watcher) -> Desks:
    """Return new desks that work on one screen."""
    search = Search(stage)
    sources = SourceDesk(stage, search)
    writing = WritingDesk(stage)
    return Desks(
        stage.session,
        stage.area,
        search,
        sources,
        writing,
        NoteDesk(stage, writing, sources),
        Marks(stage, writing),
        watcher,
    )
