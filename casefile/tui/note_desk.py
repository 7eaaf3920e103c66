"""What is done to notes: begun, answered, edited, deleted, moved, restored, undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from casefile.notes.annotation import Revision, SaveError
from casefile.notes.authors import author_in_words
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftTaken
from casefile.notes.history import Note
from casefile.notes.note_store import STILL_READING
from casefile.notes.notebook import Notebook
from casefile.text.folding import folded
from casefile.tui.source_desk import SourceDesk
from casefile.tui.stage import Stage
from casefile.tui.writing_desk import WritingDesk
from casefile.views import entry_notes, phrases, revisions, timestamps
from casefile.views.page import Destination
from casefile.views.panes import DraftRow, NoteRow

if TYPE_CHECKING:
    from casefile.tui.chooser import Find
    from casefile.views.open_case import OpenCase

UNDO_HINT = "u takes it back."

_Act: TypeAlias = "Callable[[NoteDesk, Note], Awaitable[None]]"
_OnKey: TypeAlias = "Callable[[NoteDesk], Awaitable[None]]"


def _has_text(note: Note, _reader: str) -> bool:
    """Return whether a note is a text, or a check that may have a remark."""
    return note.is_written or note.is_check


def _is_ours_to_edit(note: Note, reader: str) -> bool:
    """Return whether a note is a text, or a check of the reader's own, which may have a remark."""
    return note.is_written or (note.is_check and note.author == reader)


def _is_ours_to_change(note: Note, reader: str) -> bool:
    return note.is_written or note.author == reader


def _on_note(
    title: str,
    is_meant: Callable[[Note, str], bool] = lambda _note, _reader: True,
    *,
    with_deleted: bool = False,
) -> Callable[[_Act], _OnKey]:
    """Make a key's method of one that takes a note: the selected one, else one that is chosen.

    `is_meant` returns whether it may be a note, for the reader of that name.
    """

    def decorate(act: _Act) -> _OnKey:
        async def run(desk: NoteDesk) -> None:
            await desk.with_note(title, partial(act, desk), is_meant, with_deleted=with_deleted)

        return run

    return decorate


class NoteDesk:
    """Does to a note what the reader asks: to the selected one, else to one that is chosen."""

    def __init__(self, stage: Stage, writing: WritingDesk, sources: SourceDesk) -> None:
        self._stage = stage
        self._session = stage.session
        self._writing = writing
        self._sources = sources

    @property
    def _notebook(self) -> Notebook:
        return self._session.open_case.notebook

    # Writing

    async def annotate(self, *, outside: bool = False) -> None:
        """Write a note on this entry, from the text that was begun here if there is one."""
        if self._session.open_case.entry(self._stage.entry_id or "") is None:
            self._stage.say("There is no entry here to annotate.")
        else:
            await self._writing.write(self._is_of_new_note, self._new_note, outside=outside)

    @_on_note("Edit which note?", _is_ours_to_edit)
    async def edit(self, note: Note) -> None:
        """Open the editor on a note."""
        await self._writing.edit(note)

    @_on_note("Edit which note?", _is_ours_to_edit)
    async def edit_outside(self, note: Note) -> None:
        """Open the reader's own editor on a note."""
        await self._writing.edit(note, outside=True)

    @_on_note("Reply to which note?", _has_text)
    async def reply(self, note: Note) -> None:
        """Open the editor on a reply to a note."""
        here = self._writing.text_here(note)
        await self._writing.write(
            lambda draft: draft.reply_to == note.id and draft.note is None,
            lambda: self._session.open_case.drafts.begin(
                here.entry,
                here.target.label,
                motivation="replying",
                reply_to=note.id,
                # Also if the note is not there any more when the reply is saved.
                private=self._notebook.may_be_private(note.id),
            ),
        )

    async def resume(self, draft: Draft) -> None:
        """Go to the entry of a draft, and open it in the editor."""
        self._stage.go_to(Destination(draft.entry))
        await self._writing.write(lambda one: one.id == draft.id, _none_is_left)

    @property
    def subject(self) -> str | None:
        """What a note begun here is about: the field or the place in a source at the cursor."""
        area = self._stage.area
        if area.is_source_open and area.stop == "source":
            return self._sources.place
        line = area.detail.line if area.detail.has_focus else None
        return line.about if line else None

    def _is_of_new_note(self, draft: Draft) -> bool:
        begun = (draft.entry, draft.about, draft.note, draft.motivation)
        return begun == (self._stage.entry_id, self.subject, None, "commenting")

    def _new_note(self) -> Draft:
        open_case, entry_id = self._session.open_case, self._stage.entry_id or ""
        return open_case.drafts.begin(entry_id, open_case.title(entry_id), about=self.subject)

    # Changing

    @_on_note("Which note stays at home?")
    async def turn_private(self, note: Note) -> None:
        """Leave a note out when notes are shared, or include it again."""
        wanted = not note.private
        count = sum(head.private for head in note.heads)
        hint = "u takes its texts back one by one." if count > 1 else UNDO_HINT
        if self._change(lambda: self._notebook.make_private(note.id, private=wanted), ""):
            # Others may have made it private more often than one revision can follow.
            is_private = self._notebook.may_be_private(note.id)
            said = "stays at home: it is private" if is_private else "is shared with the others"
            self._stage.say(f"It {said}; {hint}")

    @_on_note("Delete which note?")
    async def delete(self, note: Note) -> None:
        """Delete a note."""
        if _is_ours_to_change(note, self._notebook.author):
            self._change(lambda: self._notebook.delete(note.id), "Deleted; u brings it back.")
        else:
            self._stage.say(_only_answer(note))

    @_on_note("History of which note?", with_deleted=True)
    async def show_history(self, note: Note) -> None:
        """Show all revisions of a note, deleted or not, and restore the one that is chosen."""
        from casefile.tui.revisions_screen import RevisionsScreen

        def chosen(revision: Revision | None) -> None:
            if revision is not None and not _is_ours_to_change(note, self._notebook.author):
                self._stage.say(_only_answer(note))
            elif revision is not None:
                when = timestamps.minute(revision.modified)
                said = f"Restored the text of {when}; {UNDO_HINT}"
                here = self._writing.text_here(note)
                restore = partial(revisions.restore, self._notebook, note, revision, here)
                if self._change(restore, said, "Not restored"):
                    self._stage.area.detail.go_to_note(note.id)

        self._stage.app.push_screen(RevisionsScreen(note), chosen)

    @_on_note("Move which note?", _is_ours_to_change)
    async def move(self, note: Note) -> None:
        """Move a note to another entry that is chosen."""
        from casefile.tui.chooser import choose
        from casefile.views.note_moving import move_note

        def move_to(entry_id: str) -> None:
            if not self._stage.has_entry(entry_id):
                return
            open_case = self._session.open_case
            said = f"Moved to {phrases.quoted(open_case.title(entry_id))}; {UNDO_HINT}"
            if self._change(lambda: move_note(open_case, note, entry_id), "", "Not moved"):
                self._stage.go_to(Destination(entry_id, note=note.id))
                self._stage.say(said)

        find = _new_places(self._session.open_case, note)
        hint = "an id or a name; the likeliest entries come first"
        choose(self._stage.app, "Move the note to", find, move_to, placeholder=hint)

    def undo(self) -> None:
        """Undo the last thing done to a note, and say what that was."""
        try:
            undone = self._notebook.undo()
        except SaveError as error:
            self._stage.say(f"Not undone: {error.reason}", warning=True)
            return
        if undone is None:
            self._stage.say("There is nothing to undo.")
            return
        self._session.lay_out()
        self._stage.say(f"Undone: {undone.words}")
        self._stage.undone(undone)

    def _change(self, act: Callable[[], Revision], said: str, failed: str = "Not done") -> bool:
        revision = self._writing.change(act, failed)
        if revision is not None:
            self._stage.say(said)
        return revision is not None

    # Choosing

    async def with_note(
        self,
        title: str,
        act: Callable[[Note], Awaitable[None]],
        is_meant: Callable[[Note, str], bool],
        *,
        with_deleted: bool,
    ) -> None:
        """Do something with the selected note, else with the one on this entry, or one of them."""
        row, detail, reader = self._session.row, self._stage.area.detail, self._notebook.author
        if isinstance(row, DraftRow) and not detail.has_focus:
            self._stage.say("This is a draft, not a note yet · Enter goes on with it")
            return
        in_list = row.note if isinstance(row, NoteRow) else None
        selected = detail.note if detail.has_focus else in_list
        note = self._notebook.note(selected) if selected else None
        if note is not None and not is_meant(note, reader):
            no_text = "This is a check, star or tag; change it with v, * or t"
            self._stage.say(no_text if note.author == reader else _only_answer(note))
            return
        among = revisions.notes_with_deleted_on if with_deleted else Notebook.on
        on_entry = among(self._notebook, self._stage.entry_id or "")
        notes = [note] if note else [one for one in on_entry if is_meant(one, reader)]
        if not notes and not self._notebook.is_complete:
            self._stage.say(f"Not now: {STILL_READING}")
        elif not notes:
            self._stage.say("There is no note here · press a to write one")
        elif len(notes) == 1:
            await act(notes[0])
        else:
            from casefile.tui.chooser import Choice, choose

            async def act_on(chosen: str) -> None:
                # It may have been edited or removed since it was offered.
                if note := self._notebook.note(chosen):
                    await act(note)
                else:
                    self._stage.say("The note is no longer there.")

            choices = [
                Choice(entry_notes.note_in_line(one), _when_and_who(one, reader), one.id)
                for one in notes
            ]
            choose(self._stage.app, title, choices, act_on)


def _new_places(open_case: OpenCase, note: Note) -> Find:
    """Find entries that a note can be moved to: by id or title, equally good ones by likeness."""
    from casefile.tui.chooser import Choice
    from casefile.views.entry_search import MOST_RESULTS, kind_name, search_entries
    from casefile.views.note_moving import likely_entries

    likeliest = likely_entries(open_case, note)
    places = {entry_id: place for place, entry_id in enumerate(likeliest)}

    def find(typed: str) -> list[Choice]:
        found = likeliest[:MOST_RESULTS]
        if wanted := folded(typed.strip()):
            nearest = search_entries(open_case, wanted)
            ranked = sorted((near, places[one], one) for near, one in nearest if one in places)
            found = [entry_id for *_, entry_id in ranked]
        return [Choice(open_case.title(one), kind_name(open_case, one), one) for one in found]

    return find


def _when_and_who(note: Note, reader: str) -> str:
    when = timestamps.minute(note.current.modified, with_year=False)
    made = when if note.author == reader else f"{when}, {author_in_words(note.author)}"
    return f"deleted {made}" if note.deleted else made


def _only_answer(note: Note) -> str:
    return f"{author_in_words(note.author)} said so; you can only say otherwise."


def _none_is_left() -> Draft:
    """Begin nothing in place of a draft that was saved or taken while it stood in the pane."""
    raise DraftTaken("another terminal has it, or has kept it")
