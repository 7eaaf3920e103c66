"""The notes that were left unfinished, offered when a case is opened."""

from __future__ import annotations

from collections.abc import Sequence

from casefile.notes.annotation import SaveError
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftFolder, DraftTaken
from casefile.tui.stage import Stage
from casefile.tui.watcher import Watcher
from casefile.tui.writing_desk import WritingDesk


class UnfinishedNotes:
    """Opens an unfinished note in the editor of a screen, and tells of those that can't be."""

    def __init__(self, watcher: Watcher, writing: WritingDesk) -> None:
        self._watcher = watcher
        self._writing = writing

    @property
    def _stage(self) -> Stage:
        # The pass, if that lies over the screen by now.
        return self._watcher.stage

    @property
    def _drafts(self) -> DraftFolder:
        return self._stage.session.open_case.drafts

    async def offer(self, waiting: Sequence[Draft], *, may_open: bool = True) -> None:
        """Open an unfinished note beside its entry; the reader decides to go on with it.

        If it may not be opened, or a key has opened another text already, tell how many there are.
        """
        async with self._writing.opening:
            panel = self._stage.area.panel
            begun = panel.draft.id if panel and panel.draft else ""
            if may_open and not begun:
                await self._open_first_of(waiting)
            elif count := len({one.id for one in self._drafts.unfinished()} - {begun}):
                more = " more" if begun else ""
                self._stage.say(f"Unfinished notes: {count}{more} · the Notes pane lists them")

    async def _open_first_of(self, waiting: Sequence[Draft]) -> None:
        draft, *others = waiting
        self._stage.show_entry(draft.entry)
        try:
            await self._writing.take(draft)
        except DraftTaken:
            if others:
                await self._open_first_of(others)
            return
        except SaveError as error:
            words = f"There is an unfinished note, but it can’t be opened: {error.reason}"
            self._stage.say(words, warning=True)
            return
        self._stage.session.lay_out()
        if self._drafts.read_all().unreadable:
            self.say_unreadable()
        elif (count := len(self._drafts.unfinished())) > 1:
            # The keys of the editor tell how to save it; nothing else tells of the others.
            words = f"One of {count} unfinished notes is open · shift+Tab goes to it"
            self._stage.say(f"{words} · the Notes pane lists all")
        else:
            words = "Your unfinished note is open again · shift+Tab goes to it, ctrl+s keeps it"
            self._stage.say(words)

    def say_unreadable(self) -> None:
        """Tell where drafts, and what editors have left of them, are named that can't be read."""
        words = f"Not all drafts can be opened: see “casefile notes {self._drafts.case_id}”"
        self._stage.say(words, warning=True)
