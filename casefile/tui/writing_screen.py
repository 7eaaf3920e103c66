"""The editor beside what is read: a text that is begun, gone on with, kept, and never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casefile.case.reader import LoadResult
from casefile.notes.annotation import NotKept, Revision
from casefile.notes.drafts import Draft, Taken
from casefile.notes.history import Note
from casefile.tui.file_screen import Watched
from casefile.tui.job import run_in_background
from casefile.tui.source_screen import SourceScreen
from casefile.views import change_counts, noting
from casefile.views.open_case import OpenCase

if TYPE_CHECKING:
    from pathlib import Path

    from casefile.tui.note_panel import NotePanel

_THOROUGH_EVERY = 10
"""One look in so many reads the names in the folder of notes, whatever its time says."""

_FAILED = "The editor failed: the text is a draft. shift+Tab goes to it."


class WritingScreen(SourceScreen):
    """Reading, with an editor under the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep_note", "keep", id="note.keep", show=False,
                tooltip="Keep the note that is open in the editor"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self.panel: NotePanel | None = None
        self._written_from = "list"
        self._warned_of: str | None = None
        self._looks = 0

    async def take_another(self, open_case: OpenCase) -> None:
        """Read another case from now on; what was being typed on this one stays a draft."""
        if self.panel is not None:
            await self.panel.remove()
            self.panel = None
        self._warned_of = None
        self.take_case(open_case)

    async def opened(self) -> None:
        """Say what hinders keeping notes; offer the text that was left unfinished."""
        if not self.open_case.notebook.is_complete:
            self.run_worker(self._take_in_notes())
        if refusal := self.open_case.notebook.refuses:
            self.say(f"Notes can’t be kept: {refusal}", warning=True)
        elif waiting := self.open_case.drafts.unfinished():
            await self._offer(waiting)
        elif unreadable := self.open_case.notebook.unreadable:
            path, reason = unreadable[0]
            self.say(
                f"A note can’t be read and is left as it is: {path.name}: {reason}", warning=True
            )
        elif unreadable := self.open_case.drafts.look().unreadable:
            self._name_draft(*unreadable[0])
        elif changes := change_counts.in_all_in_words(self.open_case):
            self.say(changes)

    def watched(self) -> Sequence[Watched]:
        """Give the notes too: another terminal, or another person's copy, may add to them."""
        return [*super().watched(), (self._notes_stir, self._take_in_notes)]

    def _notes_stir(self) -> bool:
        self._looks += 1
        return self._is_thorough or self.open_case.notebook.may_have_changed()

    @property
    def _is_thorough(self) -> bool:
        # A network file system may be late to tell that a folder has changed.
        return self._looks % _THOROUGH_EVERY == 0

    async def _take_in_notes(self) -> None:
        notebook = self.open_case.notebook
        was_complete = notebook.is_complete
        steps = notebook.refresh_in_steps(thorough=self._is_thorough)
        is_changed = await run_in_background(steps, self.app)
        if notebook is self.open_case.notebook and (is_changed or not was_complete):
            self.notes_changed()

    def action_keep_note(self) -> None:
        """Keep what stands in the editor, from wherever the reader is."""
        if self.panel and self.is_writing:
            self.panel.action_keep()
        else:
            self.say("No note is open; a writes one.")

    def notes_changed(self, note: str | None = None) -> None:
        """Show panes, page and counts as they are now, at a note if one is named."""
        self.lay_out_anew()
        if note is not None:
            self.detail.go_to_note(note)

    async def edit(self, note: Note) -> None:
        """Open the editor on a note; of one edited in two places, on both texts."""
        await self._write(lambda draft: draft.note == note.id, lambda: self._draft_of(note))

    async def edit_outside(self, note: Note) -> None:
        """Open the reader's own editor on a note."""
        await self._write_outside(lambda draft: draft.note == note.id, lambda: self._draft_of(note))

    def is_ours_to_edit(self, note: Note) -> bool:
        """Say whether it is a text, or the reader's own verdict, which may have a remark."""
        is_own = note.author == self.open_case.notebook.author
        return note.is_written or (note.is_check and is_own)

    def _draft_of(self, note: Note) -> Draft:
        current = note.current
        about = current.target.field
        return self.open_case.drafts.begin(
            current.entry,
            current.target.label,
            body=noting.joined_text(note),
            note=note.id,
            parents=note.head_hashes,
            motivation=current.motivation,
            value=current.value,
            reply_to=current.reply_to,
            about=about if isinstance(about, str) else None,
        )

    async def _write_outside(
        self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]
    ) -> None:
        """Write as `_write` does, but in the reader's own editor, and keep what comes of it."""
        drafts = self.open_case.drafts
        try:
            if not self._puts_away_panel(is_wanted):
                return
            draft = drafts.resume(is_wanted) or begin()
            ended = self.run_editor(drafts.lend(draft))
            written = drafts.take_back(draft)
        except NotKept as error:
            self.say(f"Not saved: {error.reason}. The text waits as a draft.", warning=True)
            return
        note = self.open_case.notebook.note(draft.note) if draft.note else None
        before = noting.joined_text(note) if note else ""
        if ended != 0 and draft.body and (ended is None or not written.body.strip()):
            await self._reopen(draft)
            if ended:
                self.say(_FAILED, warning=True)
        elif ended is None or written.body.strip() in ("", before.strip()):
            drafts.remove(written)
            if ended:
                self.say("The editor failed, and nothing was changed.", warning=True)
            elif ended is not None:
                self.say("Nothing was changed, so nothing is kept.")
        elif ended:
            await self._open_in_panel(written)
            self.say(_FAILED, warning=True)
        else:
            await self._keep_written(written)

    async def _reopen(self, draft: Draft) -> None:
        """Let what had been begun here before stand here again, on disk too."""
        await self._open_in_panel(draft)
        try:
            self.open_case.drafts.write(draft)
        except NotKept as error:
            self.say(f"Not saved: {error.reason}. The text is still here.", warning=True)

    async def _keep_written(self, draft: Draft) -> None:
        """Keep what was written elsewhere; where that fails, let it stand in the editor."""
        notebook = self.open_case.notebook
        is_first = notebook.is_first
        target = noting.target(self.open_case, draft.entry, draft.label, draft.about)
        try:
            revision = notebook.keep_draft(draft, draft.body, target)
        except NotKept as error:
            await self._open_in_panel(draft)
            self.say(f"Not saved: {error.reason}. The text is still here.", warning=True)
            return
        self.open_case.drafts.remove(draft)
        self.notes_changed(revision.id)
        self._say_kept(revision, is_first=is_first)

    def _say_kept(self, revision: Revision, *, is_first: bool) -> None:
        note = self.open_case.notebook.note(revision.id)
        if note is not None and note.conflict:
            words = "Kept. Another text of it was written meanwhile: both stand, e joins them."
            self.say(words, warning=True)
        else:
            self.say(noting.kept_in_words(self.open_case, is_first=is_first))

    def _puts_away_panel(self, is_wanted: Callable[[Draft], bool]) -> bool:
        """Close the editor if it holds what another one is to go on with; all is on disk then."""
        if not self.before_leaving_screen():
            return False
        if self.panel and self.panel.draft and is_wanted(self.panel.draft):
            self.panel.put_away()
        return True

    @property
    def is_writing(self) -> bool:
        """Whether a text stands in the editor."""
        return self.panel is not None and self.panel.draft is not None

    async def _write(self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]) -> None:
        """Let the reader go on with a text that was begun and not kept, or begin one."""
        in_editor = self.panel.draft if self.panel else None
        try:
            if in_editor is None or not is_wanted(in_editor):
                begun = self.open_case.drafts.resume(is_wanted)
                await self._open_in_panel(begun or begin())
                if begun:
                    # Where it stands among the notes, it has another id now.
                    self.lay_out_anew()
        except Taken as error:
            self.lay_out_anew()
            self.say(f"Not opened: {error.reason}.", warning=True)
            return
        except NotKept as error:
            self.say(f"Not opened: a draft can’t be put on disk: {error.reason}", warning=True)
            return
        if self.stop != "editor":
            self._written_from = self.stop
        self.go_to_stop("editor")

    async def _open_in_panel(self, draft: Draft) -> None:
        if self.panel is None:
            # Not at start-up: the text area costs 10 ms to import and 70 ms to open.
            from casefile.tui.note_panel import NotePanel

            self.panel = NotePanel(self.open_case.notebook, self.open_case.drafts, id="note")
            await self.query_one("#side", Vertical).mount(self.panel)
        target = noting.target(self.open_case, draft.entry, draft.label, draft.about)
        self.panel.open(draft, target, noting.draft_in_words(self.open_case, draft))

    async def _offer(self, waiting: Sequence[Draft]) -> None:
        """Open what was left unfinished, beside its entry; the reader decides to go on with it."""
        draft, *others = waiting
        self.show_entry(draft.entry)
        try:
            draft = self.open_case.drafts.take(draft)
        except Taken:
            if others:
                await self._offer(others)
            return
        except NotKept as error:
            self.say(f"An unfinished note waits; it can’t be opened: {error.reason}", warning=True)
            return
        await self._open_in_panel(draft)
        self.lay_out_anew()
        if self.open_case.drafts.vim_has_more(draft):
            case = self.open_case.case_file.case.id
            self.say(
                f"vim has more of it: “casefile notes {case}” tells how to get it.", warning=True
            )
        elif unreadable := self.open_case.drafts.look().unreadable:
            # The note that is open again is in sight.
            self._name_draft(*unreadable[0])
        elif others:
            # The keys of the editor tell how it is kept; the others are nowhere in sight.
            count = len(waiting)
            self.say(
                f"One of {count} unfinished notes is open: shift+Tab goes to it. Notes has all."
            )
        else:
            self.say("Your unfinished note is open again: shift+Tab goes to it, ctrl+s keeps it.")

    def _name_draft(self, path: Path, reason: str) -> None:
        self.say(f"A draft can’t be read, and stays: {path}: {reason}", warning=True)

    def on_note_panel_note_kept(self, event: NotePanel.NoteKept) -> None:
        """Show the note where it stands now; the first time, say where notes are.

        On the page the cursor stays on the line from which it was written.
        """
        self.notes_changed(None if self._written_from == "page" else event.revision.id)
        self.go_to_stop(self._written_from)
        self._say_kept(event.revision, is_first=event.is_first)
        self.writing_ended(event.revision.id)

    def on_note_panel_note_refused(self, event: NotePanel.NoteRefused) -> None:
        """Say why; the text is still in the editor."""
        self.say(f"Not saved: {event.reason}. The text is still here.", warning=True)

    def on_note_panel_safe(self) -> None:
        """Say that it is no longer so that the text is in memory alone."""
        self.say("There is room again: the text is on disk as a draft.")

    def on_note_panel_left(self) -> None:
        """Go back to where writing began; the text stays."""
        self.lay_out_anew()
        self.go_to_stop(self._written_from)
        self.say("Not kept yet, but on disk as a draft: shift+Tab goes back to it.")

    def on_note_panel_emptied(self) -> None:
        """Go back to where writing began."""
        self.lay_out_anew()
        self.go_to_stop(self._written_from)
        self.writing_ended(None)

    def writing_ended(self, note: str | None) -> None:
        """Take note that the editor was closed: by keeping a note, or as nothing was in it."""

    @property
    def subject(self) -> str | None:
        """What a note begun here is about: the field or the place of a source under the cursor."""
        if self.is_source_open and self.stop == "source":
            return self.source_place
        line = self.detail.line if self.detail.has_focus else None
        return line.about if line else None

    # Focus

    def stops(self) -> list[str]:
        """Let Tab go to an open editor too."""
        return [*super().stops(), *(["editor"] if self.is_writing else [])]

    @property
    def stop(self) -> str:
        """Where the focus is."""
        in_editor = self.panel is not None and self.panel.has_focus_within
        return "editor" if in_editor else super().stop

    def go_to_stop(self, stop: str) -> None:
        """Put the focus into the editor, or where reading goes on."""
        if stop == "editor" and self.panel:
            self.read_beside(self.panel.editor)
        else:
            super().go_to_stop(stop)

    def before_leaving_screen(self) -> bool:
        """Put what is being typed on disk."""
        try:
            if self.panel:
                self.panel.write_draft()
        except NotKept as error:
            self.say(f"First keep the note; it can’t be put on disk: {error.reason}", warning=True)
            return False
        return True

    def case_read_again(self, reading: LoadResult) -> None:
        """Let the note that is being written be on the entry as it is now."""
        super().case_read_again(reading)
        if self.panel and self.panel.draft:
            draft = self.panel.draft
            self.panel.target = noting.target(self.open_case, draft.entry, draft.label, draft.about)

    def put_on_disk(self, waiting: str) -> str:
        """Put what is being typed on disk, with what waits to be; say what has come of it."""
        panel, typed = self.panel, waiting if self.stop == "editor" else ""
        if panel is None or panel.draft is None or not f"{panel.text}{typed}".strip():
            return ""
        try:
            panel.write_draft(typed)
        except NotKept as error:
            return f"What was being typed could not be put on disk: {error.reason}"
        return "What was being typed is on disk."

    def leave(self) -> None:
        """Quit, with what is being typed on disk; where it can't be, only when asked twice."""
        try:
            if self.panel:
                self.panel.write_draft()
        except NotKept as error:
            text = self.panel.text if self.panel else None
            if text != self._warned_of:
                self._warned_of = text
                words = f"The note can’t be put on disk: {error.reason}. Again quits without it."
                self.say(words, warning=True)
                return
        self.app.exit()
