"""The notes on one case, and the commands that add, edit, delete and undo."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from casefile.background import run_to_end
from casefile.notes.annotation import (
    LIST_LIMIT,
    NoteTooLarge,
    Revision,
    SaveError,
    Target,
    check_length,
    check_tags,
    decode,
    encode_within_limit,
    errors_as_save_errors,
)
from casefile.notes.clock import Clock, believed
from casefile.notes.history import (
    Note,
    Undone,
    generation,
    generations,
    in_equal_groups,
    latest_change,
    texts_before,
    undo_of,
)
from casefile.notes.note_index import NoteIndex
from casefile.notes.revision_folder import FolderChanges, RevisionFolder
from casefile.places import Places, login_name

if TYPE_CHECKING:
    from casefile.notes.drafts import Draft

_RESTORED_AT_ONCE = 12
"""The number of texts that one undo restores; somebody may flood a note with thousands."""


class Notebook(RevisionFolder):
    """The notes on one case as of the last refresh, and the commands on them.

    Each command writes a revision and returns it, or raises SaveError.
    """

    def __init__(
        self,
        places: Places,
        case_id: str,
        author_name: str | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        super().__init__(places, case_id)
        self.author = author_name or login_name()
        self.clock = Clock(clock)
        self._index = NoteIndex(self.author)
        self._passed_over: set[str] = set()
        self.clock_warning: str | None = None
        """Why the clock may be wrong by which the last revision is dated."""

    @property
    def is_first(self) -> bool:
        """Whether there are no notes on any case yet."""
        try:
            return self.folder is not None and not self.folder.parent.exists()
        except OSError:
            # Writing the note fails too, and reports why.
            return False

    @property
    def dated_ahead(self) -> tuple[Note, ...]:
        """This author's notes with a date that is yet to come: a clock is or was wrong."""
        now = self.clock.now
        own = (note for note in self.notes if note.author == self.author)
        return tuple(note for note in own if note.is_dated_ahead(self.author, now))

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, deleted ones included, oldest first."""
        return self._index.in_order

    def note(self, note_id: str) -> Note | None:
        """Return a note by its id, or None if no revision of it is readable."""
        return self._index.by_id.get(note_id)

    def on(self, entry_id: str) -> tuple[Note, ...]:
        """Return the notes on an entry that are not deleted, oldest first."""
        return self._index.on(entry_id)

    def counts(self, *motivations: str) -> Counter[str]:
        """Return the number of undeleted notes by entry, only of the given motivations if any."""
        return Counter(
            entry
            for note in self._index.by_id.values()
            if not motivations or note.current.motivation in motivations
            for entry in note.entries
        )

    def own(self, entry: str, motivation: str) -> Note | None:
        """Return this author's last check, star or tags on an entry, deleted or not."""
        own = (
            note
            for note in self._index.ever_on(entry)
            if (note.current.entry, note.current.motivation) == (entry, motivation)
            and note.author == self.author
        )
        now = self.clock.now
        return max(own, key=lambda note: believed(note.current.modified, now), default=None)

    def refresh(self, *, thorough: bool = False) -> bool:
        """Read new files from the folder and return whether anything changed.

        A folder with an unchanged modification time is listed again only if `thorough`: a network
        file system may report a change late.
        """
        return run_to_end(self.refresh_in_steps(thorough=thorough))

    def refresh_in_steps(self, *, thorough: bool = False) -> Generator[float, None, bool]:
        """Refresh in steps of a few milliseconds; yield the fraction done."""
        changes = yield from self._read_changes(thorough=thorough)
        self._take_account(changes.added)
        for _ in self._index.change_in_steps(changes.added, changes.lost):
            yield 1.0
        return changes != FolderChanges()

    def keep_new(
        self,
        entry: str,
        body: str,
        target: Target,
        *,
        motivation: str = "commenting",
        value: str | None = None,
        tags: Sequence[str] = (),
        private: bool = False,
        reply_to: str | None = None,
    ) -> Revision:
        """Add an annotation to an entry."""
        check_length(body)
        modified = self.clock.next_moment()
        revision = Revision(
            id=str(uuid.uuid4()),
            rev=1,
            case=self.case_id,
            entry=entry,
            body=body,
            author=self.author,
            created=modified,
            modified=modified,
            target=target,
            motivation=motivation,
            value=value,
            tags=tuple(tags),
            private=private,
            reply_to=reply_to,
        )
        kept = self._write_within_limit(revision)
        self._take_in([kept])
        return kept

    def keep_edit(
        self,
        note_id: str,
        body: str,
        target: Target,
        *,
        parents: Sequence[str] | None = None,
        entry: str | None = None,
        value: str | None = None,
        tags: Sequence[str] | None = None,
        private: bool | None = None,
    ) -> Revision:
        """Edit a note; arguments that are None keep their value.

        `parents` are the hashes of the heads that the text was edited from, by default all heads.
        Any other head is then in conflict with the new text.
        """
        note = self._known(note_id)
        named = dict.fromkeys(note.head_hashes if parents is None else parents)
        before = [kept for kept in note.history if kept.hash in named] or note.heads
        base = before[-1]
        check_length(body, [kept.body for kept in before])
        text = replace(
            base,
            body=body,
            target=target,
            entry=base.entry if entry is None else entry,
            value=base.value if value is None else value,
            tags=base.tags if tags is None else tuple(tags),
            private=any(kept.private for kept in before) if private is None else private,
            deleted=False,
        )
        return self._keep_after([*named], text)

    def keep_draft(self, draft: Draft, body: str, target: Target) -> Revision:
        """Save a draft as a new annotation, or as an edit of the note that it was begun from."""
        if draft.note is not None:
            return self.keep_edit(draft.note, body, target, parents=draft.parents)
        return self.keep_new(
            draft.entry,
            body,
            target,
            motivation=draft.motivation,
            value=draft.value,
            tags=draft.tags,
            private=draft.private,
            reply_to=draft.reply_to,
        )

    def delete(self, note_id: str) -> Revision:
        """Delete a note, unless it is deleted already; its revisions stay.

        A note that was private in any of its texts stays so.
        """
        note = self._known(note_id)
        if note.deleted:
            return note.current
        deleted = replace(note.current, deleted=True, private=note.private)
        return self._keep_after(note.head_hashes, deleted)

    def assess(
        self, entry: str, value: str, target: Target, *, body: str | None = None
    ) -> Revision:
        """Set this author's verdict on an entry.

        Without `body`, the remark is kept if the verdict is the same, and removed otherwise.
        """
        if body is None:
            note = self.own(entry, "assessing")
            is_same = note is not None and note.current.value == value and not note.deleted
            body = note.current.body if note and is_same else ""
        return self._keep_own(entry, "assessing", target, body=body, value=value)

    def star(self, entry: str, target: Target) -> Revision:
        """Set this author's star on an entry."""
        return self._keep_own(entry, "bookmarking", target)

    def tag(self, entry: str, tags: Sequence[str], target: Target) -> Revision:
        """Set this author's tags on an entry, replacing the previous ones."""
        return self._keep_own(entry, "tagging", target, tags=tags)

    def make_private(self, note_id: str, *, private: bool) -> Revision:
        """Make a note private or no longer private; the texts of a conflict stay side by side."""
        note = self._known(note_id)
        # One private text makes the note private.
        heads = [] if private else [head for head in note.heads if head.private]
        for head in heads or [note.current]:
            kept = self._keep_after([head.hash], replace(head, private=private))
        return kept

    def redate(self, note_id: str, created: dt.datetime) -> tuple[Revision, ...]:
        """Correct when a note was written: in a conflict the author's texts, equal ones as one."""
        return tuple(
            self._keep_after([text.hash for text in same], replace(same[-1], created=created))
            for same in in_equal_groups(self._known(note_id).texts_by(self.author))
        )

    def undo(self) -> Undone | None:
        """Undo this author's latest change that is neither an undo nor undone, if there is one.

        What others have written since stays, as a conflict. One that joined many texts is undone in
        several turns. A change that can't be undone, or not as a whole, is passed over from then
        on; one of which nothing can be is reported first.
        """
        self.refresh(thorough=True)
        notes, now = self._index.by_id.values(), self.clock.now
        change = latest_change(notes, self.author, now, self._passed_over)
        if change is None:
            return None
        reason = "is not among the readable notes"
        by: list[Revision] = []
        for text in texts_before(change, self._known(change.id))[:_RESTORED_AT_ONCE]:
            # One by one, since each revision changes the note's heads.
            parents, content = undo_of(change, text, self._known(change.id))
            try:
                by.append(self._keep_after(parents, content, undoes=change.hash))
            except NoteTooLarge:
                self._passed_over.add(change.hash)
                reason = "is too long to be kept again; it is in the history"
        if not by:
            self._passed_over.add(change.hash)
            raise SaveError(
                f"the text before the change on {change.target.label} {reason} · "
                "again undoes the change before it"
            )
        return Undone(change, tuple(by))

    def add_revisions(self, contents: Iterable[bytes]) -> Iterator[Revision]:
        """Write the files of revisions of any author, except those that are here already.

        Yield each revision once it is on disk.
        """
        added: list[Revision] = []
        try:
            for data in contents:
                added.append(self._write(data))
                yield added[-1]
        finally:
            # Once at the end: after each of the revisions of one note would be quadratic.
            self._index.change(added)

    def _keep_own(
        self,
        entry: str,
        motivation: str,
        target: Target,
        *,
        body: str = "",
        value: str | None = None,
        tags: Sequence[str] = (),
    ) -> Revision:
        note = self.own(entry, motivation)
        if note is None:
            return self.keep_new(entry, body, target, motivation=motivation, value=value, tags=tags)
        return self.keep_edit(note.id, body, target, value=value, tags=tags)

    def _known(self, note_id: str) -> Note:
        note = self.note(note_id)
        if note is None:
            raise SaveError("the note is no longer there")
        return note

    def _keep_after(
        self, parents: Sequence[str], text: Revision, *, undoes: str | None = None
    ) -> Revision:
        """Write a text as the revision after `parents`, by this author, now.

        More parents than a revision can name are followed in several steps, with the same text.
        """
        left, followed = [*parents], list[str]()
        numbers = generations(self._known(text.id))
        steps: list[Revision] = []
        try:
            while left or not steps:
                room = LIST_LIMIT - len(followed)
                followed, left = [*followed, *left[:room]], left[room:]
                modified = self.clock.next_moment()
                revision = replace(
                    text,
                    rev=generation(followed, numbers),
                    parents=tuple(followed),
                    author=self.author,
                    created=min(text.created, modified),
                    modified=modified,
                    undoes=undoes,
                )
                steps.append(self._write_within_limit(revision))
                followed = [steps[-1].hash]
                numbers[steps[-1].hash] = revision.rev
        finally:
            # Once at the end: after each step it would be quadratic.
            self._take_in(steps)
        return steps[-1]

    def _write_within_limit(self, revision: Revision) -> Revision:
        check_tags(revision.tags)
        with errors_as_save_errors():
            data = encode_within_limit(revision)
        return self._write(data)

    def _take_in(self, written: Sequence[Revision]) -> None:
        own = [note.current.modified for note in self.notes if note.author == self.author]
        self._index.change(written)
        if written:
            self.clock_warning = self.clock.warning(written[-1].modified, own)

    def _write(self, data: bytes) -> Revision:
        if reason := self.write_problem:
            raise SaveError(reason)
        with errors_as_save_errors():
            # Decoded first: a file that can't be read back must not be written.
            kept = decode(data)
            if kept.case != self.case_id:
                raise SaveError(f"it belongs to the case {kept.case}")
            self._put(kept, data)
        self._take_account([kept])
        return kept

    def _take_account(self, added: Iterable[Revision]) -> None:
        for revision in added:
            if revision.author == self.author:
                self.clock.take_account(revision.modified)


def open_notebook(places: Places, case_id: str, author_name: str | None = None) -> Notebook:
    """Return the notebook of a case with its notes read; creates no directory."""
    notebook = Notebook(places, case_id, author_name)
    notebook.refresh()
    return notebook
