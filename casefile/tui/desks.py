"""The desks of a reading screen: plain objects that each do one part of its work."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from casefile.tui.reading_area import ReadingArea
from casefile.tui.stage import Stage
from casefile.tui.watcher import Watcher
from casefile.views.session import Session

if TYPE_CHECKING:
    from casefile.tui.marks import Marks
    from casefile.tui.note_desk import NoteDesk
    from casefile.tui.search import Search
    from casefile.tui.source_desk import SourceDesk
    from casefile.tui.unfinished_notes import UnfinishedNotes
    from casefile.tui.writing_desk import WritingDesk


class Desks:
    """What the keys of one screen work on.

    Each desk is imported and made when it is first asked for: the first screen needs none.
    """

    def __init__(self, stage: Stage, watcher: Watcher) -> None:
        """Work on a screen, with what watches the files of its session."""
        self.watcher = watcher
        self._stage = stage

    @property
    def session(self) -> Session:
        """The state of reading."""
        return self._stage.session

    @property
    def area(self) -> ReadingArea:
        """The body of the screen."""
        return self._stage.area

    @cached_property
    def search(self) -> Search:
        """The desk that finds and filters."""
        from casefile.tui.search import Search

        return Search(self._stage)

    @cached_property
    def sources(self) -> SourceDesk:
        """The desk that opens sources."""
        from casefile.tui.source_desk import SourceDesk

        return SourceDesk(self._stage, self.search)

    @cached_property
    def writing(self) -> WritingDesk:
        """The desk that opens texts in the editor."""
        from casefile.tui.writing_desk import WritingDesk

        return WritingDesk(self._stage)

    @cached_property
    def unfinished(self) -> UnfinishedNotes:
        """The desk that offers unfinished notes."""
        from casefile.tui.unfinished_notes import UnfinishedNotes

        return UnfinishedNotes(self.watcher, self.writing)

    @cached_property
    def notes(self) -> NoteDesk:
        """The desk that changes notes."""
        from casefile.tui.note_desk import NoteDesk

        return NoteDesk(self._stage, self.writing, self.sources)

    @cached_property
    def marks(self) -> Marks:
        """The desk that sets checks, stars and tags."""
        from casefile.tui.marks import Marks

        return Marks(self._stage, self.writing)
