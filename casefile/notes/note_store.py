"""The revisions of the notes on one case: read, written, and added from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from casefile.background import run_to_end
from casefile.notes.annotation import (
    LIST_LIMIT,
    Revision,
    SaveError,
    check_tags,
    decode,
    encode_within_limit,
    errors_as_save_errors,
)
from casefile.notes.clock import TICK, Clock
from casefile.notes.history import Note, generation, generations
from casefile.notes.next_revision import followed_too, with_sources_of, without_text
from casefile.notes.note_index import NoteIndex
from casefile.notes.revision_folder import FolderChanges, RevisionFolder
from casefile.places import Places, login_name

STILL_READING = "your notes are still being read"


class NoteStore(RevisionFolder):
    """The notes on one case as of the last refresh, and the writing of revisions."""

    def __init__(
        self,
        places: Places,
        case_id: str,
        author_name: str | None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        super().__init__(places, case_id)
        self.author = author_name or login_name()
        self.clock = Clock(clock)
        self._index = NoteIndex(self.author)
        self.is_complete = False
        """Whether all notes have been read once; until then, a note may be there and not found."""
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
    def notes(self) -> tuple[Note, ...]:
        """All notes, deleted ones included, oldest first."""
        return self._index.in_order

    def note(self, note_id: str) -> Note | None:
        """Return a note by its id, or None if no revision of it is readable."""
        return self._index.by_id.get(note_id)

    def may_be_private(self, note_id: str) -> bool:
        """Whether a note is private, or may be: a revision that can't be read may have made it so.

        The note may not be there, or no revision of it be readable.
        """
        note = self.note(note_id)
        return (note is not None and note.private) or note_id in self.incomplete

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
        self.is_complete = True
        return changes != FolderChanges()

    def add_revisions(
        self, revisions: Iterable[tuple[Revision, bytes]]
    ) -> Iterator[Revision | SaveError]:
        """Write the files of revisions of any author, except those that are here already.

        Each is given with the content of its file. Yield it once it is on disk, or why it can't be
        written: that stops no other note, but the rest of its own, which it may make private.
        """
        added: list[Revision] = []
        failed: dict[str, SaveError] = {}
        try:
            for revision, data in revisions:
                if revision.id not in failed:
                    try:
                        added.append(self._write(data))
                    except SaveError as error:
                        failed[revision.id] = error
                yield failed.get(revision.id) or added[-1]
        finally:
            # Once at the end: after each of the revisions of one note would be quadratic.
            self._index.change(added)

    def _known(self, note_id: str) -> Note:
        note = self.note(note_id)
        if note is None:
            raise SaveError("the note is no longer there" if self.is_complete else STILL_READING)
        return note

    def _keep_after(self, parents: Sequence[str], text: Revision) -> Revision:
        """Write a text as the revision after `parents`, by this author, now."""
        with self._following(text.id) as follow:
            return follow(parents, text)

    @contextmanager
    def _following(self, note_id: str) -> Iterator[Callable[..., Revision]]:
        """Yield a function that writes revisions of a note, and take them in at the end.

        After each of them it would be quadratic.
        """
        note = self._known(note_id)
        # A key may come before it is seen that the note was forgotten, which would bring it back.
        if not self.has_all_of(note_id):
            raise SaveError("files of the note were removed just now")
        numbers = generations(note)
        written: list[Revision] = []

        def follow(
            parents: Sequence[str],
            text: Revision,
            *,
            undoes: str | None = None,
            created: dt.datetime | None = None,
        ) -> Revision:
            # A text of another may have the date of before it was corrected.
            text = replace(text, created=created or note.created)
            if text.body or text.tags or text.extra:
                # These may be words of any earlier revision.
                text = replace(text, target=with_sources_of(text.target, note.targets))
            left = [*dict.fromkeys((*parents, *followed_too(note, parents, text)))]
            # A change is one revision if it can be: `u` takes it back.
            left = left[: max(LIST_LIMIT, len(parents))]
            followed: list[str] = []
            while left or not followed:
                # More than a revision can name are followed in several, with the same text.
                room = LIST_LIMIT - len(followed)
                followed, left = [*followed, *left[:room]], left[room:]
                # What is deleted may be large, and is read in the last of them.
                content = without_text(text) if left and text.deleted else text
                revision = self._revision_after(followed, content, undoes, numbers)
                written.append(self._write_within_limit(revision))
                followed = [written[-1].hash]
                numbers[written[-1].hash] = revision.rev
            return written[-1]

        try:
            yield follow
        finally:
            self._take_in(written)

    def _revision_after(
        self,
        parents: Sequence[str],
        text: Revision,
        undoes: str | None,
        numbers: Mapping[str, int],
    ) -> Revision:
        modified = self.clock.next_moment()
        if modified == text.given:
            # A verdict that is kept was given at another time than that of this revision.
            modified += TICK
        return replace(
            text,
            rev=generation(parents, numbers),
            parents=tuple(parents),
            author=self.author,
            created=min(text.created, modified),
            modified=modified,
            undoes=undoes,
        )

    def _keep(self, revision: Revision) -> Revision:
        kept = self._write_within_limit(revision)
        self._take_in([kept])
        return kept

    def _write_within_limit(self, revision: Revision) -> Revision:
        # A reply takes after the note that it answers, and an entry has one check of each reader.
        if not self.is_complete and revision.motivation != "commenting":
            raise SaveError(STILL_READING)
        check_tags(revision.tags)
        with errors_as_save_errors():
            data = encode_within_limit(revision)
        return self._write(data)

    def _take_in(self, written: Sequence[Revision]) -> None:
        own = [note.last_by_author.modified for note in self.notes if note.author == self.author]
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
