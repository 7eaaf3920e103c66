"""What is said of an entry with a key or two: a check, a star, tags."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from casefile.notes.annotation import Revision, Target
from casefile.notes.checks import WRONG, remark_kept
from casefile.tui.note_desk import UNDO_HINT
from casefile.tui.stage import Stage
from casefile.tui.writing_desk import WritingDesk
from casefile.views import entry_notes
from casefile.views.note_targets import note_target
from casefile.views.verdicts import is_checkable, verdict_in_words

if TYPE_CHECKING:
    from casefile.tui.check_line import CheckLine


class Marks:
    """Sets and takes away the reader's marks on the entry that is being read."""

    def __init__(self, stage: Stage, writing: WritingDesk) -> None:
        self._stage = stage
        self._session = stage.session
        self._writing = writing

    # Checks

    async def check(self) -> None:
        """Wait for the key of a verdict on this entry."""
        entry_id = self._stage.entry_id or ""
        if not self._is_checkable(entry_id):
            return
        from casefile.tui.check_line import CheckLine

        given = partial(self._verdict_given, entry_id, self._stage.area.stop)
        await self._stage.lay_over_keys(CheckLine(given))

    async def _verdict_given(self, entry_id: str, stop: str, line: CheckLine, verdict: str) -> None:
        """Save the verdict, if there is one; the focus goes back to where it was."""
        if await self._stage.take_from_keys(line):
            stops = self._stage.area.stops
            # A source may stand in the place of the list by now.
            self._stage.focus_stop(stop if stop in stops else stops[0])
        if not verdict or not self._stage.has_entry(entry_id):
            return
        if (revision := self.assess(entry_id, verdict)) and verdict == WRONG:
            await self.remark_on(revision)

    def assess(self, entry_id: str, verdict: str) -> Revision | None:
        """Save the reader's verdict on an entry and say so; else say why not, return None."""
        notebook = self._session.open_case.notebook
        if not self._is_checkable(entry_id):
            return None
        said = f"{self.given_in_words(entry_id, verdict).capitalize()}; {UNDO_HINT}"
        return self._save(entry_id, lambda target: notebook.assess(entry_id, verdict, target), said)

    def given_in_words(self, entry_id: str, verdict: str) -> str:
        """Return the word for a verdict that is given, and whether that takes a remark off."""
        given = verdict_in_words(verdict)
        before = self._session.open_case.notebook.own(entry_id, "assessing")
        if before is None or before.deleted or not before.current.body:
            return given
        remark, _ = remark_kept(before, verdict)
        return given if remark else f"{given}, without the earlier remark"

    async def remark_on(self, revision: Revision) -> None:
        """Open the editor on a remark to a verdict, such as what would be right."""
        note = self._session.open_case.notebook.note(revision.id)
        if note is not None:
            await self._writing.edit(note)

    def _is_checkable(self, entry_id: str) -> bool:
        entry = self._session.open_case.entry(entry_id)
        can_be_checked = entry is not None and is_checkable(entry)
        if not can_be_checked:
            self._stage.say("There is nothing here to be checked.")
        return can_be_checked

    # Stars and tags

    def star(self) -> None:
        """Star this entry, or take its star away."""
        entry_id, notebook = self._stage.entry_id or "", self._session.open_case.notebook
        star = notebook.own(entry_id, "bookmarking")
        if star is None or star.deleted:
            said = f"Starred; {UNDO_HINT}"
            self._save(entry_id, lambda target: notebook.star(entry_id, target), said)
        else:
            said = f"No longer starred; {UNDO_HINT}"
            self._save(entry_id, lambda _: notebook.unstar(entry_id), said)

    def tag(self) -> None:
        """Choose a tag that is set on this entry, or taken away from it."""
        open_case, entry_id = self._session.open_case, self._stage.entry_id or ""
        if open_case.entry(entry_id) is None:
            self._stage.say("There is no entry here to be tagged.")
            return
        from casefile.tui.chooser import Choice, choose
        from casefile.views import tags

        def find(typed: str) -> list[Choice]:
            return [
                Choice(f"{'✓' if one.is_set else ' '} {one.tag}", one.words, one.tag)
                for one in tags.suggested_tags(open_case, entry_id, typed)
            ]

        def turn(tag: str) -> None:
            if not self._stage.has_entry(entry_id):
                return
            before = tags.own_tags(open_case, entry_id)
            is_set = tag in before
            after = [one for one in before if one != tag] if is_set else [*before, tag]
            said = f"“{tag}” is {'no longer' if is_set else 'now'} a tag of it; {UNDO_HINT}"
            notebook = open_case.notebook
            self._save(entry_id, lambda target: notebook.tag(entry_id, after, target), said)

        choose(
            self._stage.app,
            f"Tags of {open_case.title(entry_id)}",
            find,
            turn,
            placeholder="a tag; Enter sets it, or takes it away",
            nothing="No tags yet · type one",
        )

    def _save(self, entry_id: str, act: Callable[[Target], Revision], said: str) -> Revision | None:
        """Save a mark on an entry and say so; else say why not, and return None."""
        open_case = self._session.open_case
        if open_case.entry(entry_id) is None:
            self._stage.say("There is no entry here.")
            return None
        is_first = open_case.notebook.is_first
        label = open_case.title(entry_id)
        revision = self._writing.change(
            lambda: act(note_target(open_case, entry_id, label)), "Not saved"
        )
        if revision is not None:
            self._stage.say(entry_notes.kept_in_words(open_case, said, is_first=is_first))
        return revision
