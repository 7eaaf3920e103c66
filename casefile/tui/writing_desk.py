"""The editor under the page: a text that is begun, resumed, saved as a note, and never dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from casefile.notes.annotation import Revision, SaveError
from casefile.notes.draft import Draft, EditedOutside
from casefile.notes.drafts import DraftTaken
from casefile.notes.history import about_of
from casefile.notes.next_revision import joined_text
from casefile.tui.own_editor import Became, outcome_in_words, run_editor
from casefile.tui.stage import Stage
from casefile.views import entry_notes
from casefile.views.note_targets import draft_target, text_here, with_sources_now

if TYPE_CHECKING:
    from casefile.notes.history import Note
    from casefile.tui.note_panel import NotePanel, OpenText

_NO_DRAFT = "Save the note first; it can’t be saved as a draft: {}"
_NOT_SAVED = "Not saved: {}. The text is still here."
_NOTE_STAYS = "A note has words, so it stays as it was · D deletes it"
_REMARK_STAYS = "The remark stays as it was · to remove it, empty it and press ctrl+s"
_REMOVED = "The note was removed · delete the text here too, or a draft remains"


class WritingDesk:
    """Opens texts in the editor of one screen, or in the reader's own editor."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._session = stage.session
        self.opening = asyncio.Lock()
        """A key may come while unfinished notes are offered: one text is opened at a time."""
        self._written_from = ""
        self._warned_of = ("", "")
        """The draft of which quitting has warned that it can't be saved, and its text."""

    # Beginning and resuming

    async def write(
        self,
        is_wanted: Callable[[Draft], bool],
        begin: Callable[[], Draft],
        *,
        outside: bool = False,
    ) -> None:
        """Open an unfinished text that is wanted or begin one, here or in the reader's editor."""
        async with self.opening:
            if outside:
                await self._write_outside(is_wanted, begin)
            else:
                await self._write_here(is_wanted, begin)

    async def _write_here(
        self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]
    ) -> None:
        panel = self._stage.area.panel
        in_editor = panel.draft if panel else None
        drafts = self._session.open_case.drafts
        try:
            if in_editor is None or not is_wanted(in_editor):
                resumed = drafts.resume(is_wanted, self._saved_text)
                await self._open_in_panel(resumed or begin())
                if resumed:
                    # In the pane of notes it has another id now.
                    self._session.lay_out()
        except DraftTaken as error:
            self._session.lay_out()
            self._stage.say(f"Not opened: {error.reason}.", warning=True)
            return
        except SaveError as error:
            self._stage.say(f"Not opened: a draft can’t be saved: {error.reason}", warning=True)
            return
        if self._stage.area.stop != "editor":
            self._written_from = self._stage.area.stop
        self._stage.focus_stop("editor")

    async def take(self, draft: Draft) -> None:
        """Open a text that was left unfinished; raises DraftTaken and SaveError."""
        taken = self._session.open_case.drafts.take(draft, self._saved_text)
        await self._open_in_panel(taken)

    async def edit(self, note: Note, *, outside: bool = False) -> None:
        """Open an editor on a note; of one edited in two places, on both texts."""
        begin = partial(self._draft_of, note)
        await self.write(lambda draft: draft.note == note.id, begin, outside=outside)

    def text_here(self, note: Note) -> Revision:
        """Return the text of a note to go on from on the page that is being read."""
        return text_here(self._session.open_case, note, self._stage.entry_id or "")

    def _draft_of(self, note: Note) -> Draft:
        current = self.text_here(note)
        body, joined = joined_text(note)
        return self._session.open_case.drafts.begin(
            current.entry,
            current.target.label,
            body=body,
            note=note.id,
            parents=joined,
            motivation=current.motivation,
            value=current.value,
            reply_to=current.reply_to,
            about=about_of(current.target),
        )

    async def _open_in_panel(self, draft: Draft) -> None:
        area, open_case = self._stage.area, self._session.open_case
        if area.panel is None:
            # Imported here: the text area takes 80 ms to import and to open.
            from casefile.tui.note_panel import NotePanel

            await area.add_panel(NotePanel(open_case.drafts, self._draft_reported))
        if area.panel is not None:
            area.panel.open(draft, entry_notes.draft_heading(open_case, draft))
            self.take_sources()

    def take_sources(self) -> None:
        """Let the open text tell what it is held back for as the case is now."""
        panel = self._stage.area.panel
        if panel and panel.draft:
            panel.draft = with_sources_now(self._session.open_case, panel.draft)

    # The reader's own editor

    async def _write_outside(
        self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]
    ) -> None:
        """Write in the reader's own editor, and save the outcome as a note."""
        drafts = self._session.open_case.drafts
        try:
            if not self._puts_away_panel(is_wanted):
                return
            draft = drafts.resume(is_wanted, self._saved_text) or begin()
            draft = with_sources_now(self._session.open_case, draft)
            before = self._saved_text(draft)
            exit_code = run_editor(self._stage, drafts.write_for_editor(draft))
            self._session.open_case.notebook.refresh(thorough=True)
            edited = drafts.read_from_editor(draft, before, has_failed=exit_code != 0)
            await self._take_edited(draft, before, edited, exit_code)
        except SaveError as error:
            words = f"Not saved: {error.reason}. The text was left where it is."
            self._stage.say(words, warning=True)

    async def _take_edited(
        self, draft: Draft, before: str, edited: EditedOutside, exit_code: int | None
    ) -> None:
        """Take what an editor has made of a draft; `before` is the text of the note that it edits.

        The note may have been forgotten or edited elsewhere since.
        """
        written, drafts = edited.draft, self._session.open_case.drafts
        has_failed, is_blank = exit_code != 0, not written.body.strip()
        is_empty_handed = exit_code is None or edited.is_gone or (has_failed and is_blank)
        became: Became = "saved"
        has_more = draft.body.strip() != before.strip()
        if edited.is_cut_off or (is_empty_handed and has_more):
            await self._reopen(draft)
            became = "reopened"
        elif is_empty_handed or self._adds_nothing(written, before):
            drafts.remove(written)
            became = "dropped"
            if not has_failed and not edited.is_gone:
                self._stage.writing_ended(written.note)
        elif edited.has_others or has_failed:
            await self._open_in_panel(written)
            became = "opened"
        else:
            await self._save_written(written)
        if edited.has_others:
            self._session.lay_out()
        if words := outcome_in_words(became, edited, exit_code, drafts.case_id):
            self._stage.say(words, warning=edited.is_incomplete or has_failed)

    def _adds_nothing(self, draft: Draft, before: str) -> bool:
        if draft.body.strip():
            return draft.body.rstrip() == before.rstrip()
        return self._changes_nothing(draft, "")

    def _saved_text(self, draft: Draft) -> str:
        """Return the text of the note that a draft edits, or "" if it edits none."""
        note = self._session.open_case.notebook.note(draft.note) if draft.note else None
        return joined_text(note)[0] if note else ""

    async def _reopen(self, draft: Draft) -> None:
        """Put an earlier text back into the editor, and on disk."""
        await self._open_in_panel(draft)
        try:
            self._session.open_case.drafts.write(draft)
        except SaveError as error:
            self.note_refused(error.reason)

    async def _save_written(self, draft: Draft) -> None:
        """Save as a note what was written outside; if that fails, open it in the editor."""
        notebook = self._session.open_case.notebook
        is_first = notebook.is_first
        revision = self._keep(notebook.up_to_date(draft), draft.body)
        if revision is None:
            await self._open_in_panel(draft)
            return
        self._session.lay_out()
        self._stage.area.detail.go_to_note(revision.id)
        self._say_saved(revision, is_first=is_first)
        self._stage.writing_ended(revision.id)

    def _puts_away_panel(self, is_wanted: Callable[[Draft], bool]) -> bool:
        """Close the editor if it holds the wanted text; return whether the text is on disk."""
        if not self.save_draft():
            return False
        panel = self._stage.area.panel
        if panel and panel.draft and is_wanted(panel.draft):
            panel.save_and_close()
        return True

    # Saving and leaving

    def save_note(self) -> None:
        """Save what stands in the editor; one without a text or a change only closes it."""
        panel, notebook = self._stage.area.panel, self._session.open_case.notebook
        if panel is None or panel.draft is None:
            self._stage.say("No note is open · press a to write one")
            return
        draft = notebook.up_to_date(panel.draft)
        try:
            is_unchanged = self._changes_nothing(draft, panel.text)
        except SaveError as error:
            self.note_refused(error.reason)
            return
        if is_unchanged:
            self._close_without_note(panel)
            return
        is_first = notebook.is_first
        revision = self._keep(draft, panel.text)
        if revision is None:
            return
        panel.close()
        self._session.lay_out()
        # On the page, the cursor stays on the line on which the note was begun.
        if self._written_from != "page":
            self._stage.area.detail.go_to_note(revision.id)
        self._stage.focus_stop(self._written_from)
        self._say_saved(revision, is_first=is_first)
        self._stage.writing_ended(revision.id)

    def leave_editor(self) -> None:
        """Save the draft and go back to where writing began; an empty one is closed."""
        panel = self._stage.area.panel
        if panel is None:
            return
        if not panel.text.strip():
            self._close_without_note(panel)
            return
        if not self.save_draft(_NOT_SAVED):
            return
        self._session.lay_out()
        self._stage.focus_stop(self._written_from)
        self._stage.say("The text is saved as a draft, not as a note · shift+Tab goes back to it")

    def note_refused(self, reason: str) -> None:
        """Report why a note was not saved; its text is still in the editor."""
        self._stage.say(_NOT_SAVED.format(reason), warning=True)

    def _draft_reported(self, reason: str) -> None:
        if reason:
            self.note_refused(reason)
        else:
            self._stage.say("Disk space is available again; the draft has been saved.")

    def _close_without_note(self, panel: NotePanel) -> None:
        draft = panel.draft
        if draft is not None:
            self._session.open_case.drafts.remove(draft)
            if self._saved_text(draft) and not panel.text.strip():
                is_remark = draft.motivation == "assessing"
                self._stage.say(_REMARK_STAYS if is_remark else _NOTE_STAYS)
        is_here = self._stage.area.stop == "editor"
        panel.close()
        self._session.lay_out()
        if is_here:
            self._stage.focus_stop(self._written_from)
        self._stage.writing_ended(draft.note if draft else None)

    def let_go(self) -> None:
        """Close the editor if the note it edits or answers is gone, unless something was typed."""
        panel, notebook = self._stage.area.panel, self._session.open_case.notebook
        draft = panel.draft if panel else None
        note = (draft.note or draft.reply_to) if draft else None
        if panel is None or note is None or notebook.note(note):
            return
        if panel.is_untouched:
            self._close_without_note(panel)
            self._stage.say("The note was removed, so the editor is closed.")
        else:
            self._stage.say(_REMOVED, warning=True)

    def _changes_nothing(self, draft: Draft, text: str) -> bool:
        """Return whether a text need not be saved: it is empty, or the note has it already."""
        note = self._session.open_case.notebook.note(draft.note) if draft.note else None
        if not text.strip():
            has_remark = note is not None and any(text.body for text in note.texts)
            return not (draft.motivation == "assessing" and has_remark)
        if note is None or note.conflict or note.deleted:
            return False
        opened = {note.by_hash[name].body for name in draft.parents if name in note.by_hash}
        is_same_text = text == note.current.body or opened == {text}
        # A verdict stays on the row on which it was given; a note is of the entry as it is now.
        return is_same_text and (
            note.is_check or note.current.target == draft_target(self._session.open_case, draft)
        )

    def _keep(self, draft: Draft, text: str) -> Revision | None:
        """Save a text as a note in place of its draft; if that fails, say so and return None."""
        open_case = self._session.open_case
        try:
            target = draft_target(open_case, draft)
            revision = open_case.notebook.keep_draft(draft, text, target)
        except SaveError as error:
            self.note_refused(error.reason)
            return None
        open_case.drafts.remove(draft)
        return revision

    def _say_saved(self, revision: Revision, *, is_first: bool) -> None:
        note = self._session.open_case.notebook.note(revision.id)
        if note is not None and note.conflict:
            words = "Kept. It stands beside another text of it; the page says how to join them."
            self._stage.say(words, warning=True)
        else:
            self._stage.say(entry_notes.kept_in_words(self._session.open_case, is_first=is_first))

    def change(self, act: Callable[[], Revision], failed: str) -> Revision | None:
        """Write a revision and lay out the panes; say why it failed, and return None."""
        try:
            revision = act()
        except SaveError as error:
            self._stage.say(f"{failed}: {error.reason}", warning=True)
            return None
        self._session.lay_out()
        return revision

    # What is open

    def save_draft(self, failed: str = _NO_DRAFT) -> bool:
        """Save what is being typed as a draft; return whether that could be done, else say why."""
        panel = self._stage.area.panel
        try:
            if panel is not None:
                panel.save_draft()
        except SaveError as error:
            self._stage.say(failed.format(error.reason), warning=True)
            return False
        return True

    def save_draft_with(self, waiting: str) -> str:
        """Save what is being typed, with what waits to be typed; return what to say of it."""
        panel = self._stage.area.panel
        if panel is None or panel.draft is None:
            return ""
        # A dialog over the editor, which has the focus on its own screen still, gets the rest.
        typed = waiting if panel.editor is self._stage.app.focused else ""
        if not f"{panel.text}{typed}".strip():
            return ""
        try:
            panel.save_draft_with(typed)
        except SaveError as error:
            return f"What was being typed could not be saved: {error.reason}"
        return "What was being typed is saved as a draft."

    def may_quit(self) -> bool:
        """Save what is being typed; where that fails, let the reader quit only when asked twice."""
        panel = self._stage.area.panel
        if panel is None or panel.draft is None:
            return True
        unsaved = (panel.draft.id, panel.text)
        was_warned, self._warned_of = self._warned_of == unsaved, unsaved
        return self.save_draft("The note can’t be saved: {}. Again quits without it.") or was_warned

    def hand_over(self, take: Callable[[OpenText | None], object]) -> None:
        """Close the open text, saved as a draft, and pass it on; if it can't be saved, say why."""
        panel = self._stage.area.panel
        if self.save_draft(_NOT_SAVED):
            take(panel.take_out(self._written_from) if panel is not None else None)

    async def take_over(self, text: OpenText | None) -> None:
        """Open the text that the desk of another screen has given up."""
        if text is None:
            return
        async with self.opening:
            await self._open_in_panel(text.draft)
        if self._stage.area.panel is not None:
            self._stage.area.panel.take_up(text)
        self._written_from = text.written_from
        self._stage.area.arrange()
