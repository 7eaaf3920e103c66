"""The notes on one case: every revision in its folder, and the commands that add to them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from casefile import files
from casefile.background import run_to_end
from casefile.notes.annotation import (
    LATEST,
    NotKept,
    Revision,
    Target,
    decode,
    encode,
)
from casefile.notes.history import (
    Note,
    Undone,
    follows,
    latest_change,
    note_of,
    parents_of,
    standing,
    undone_times,
)
from casefile.notes.revision_folder import RevisionFolder
from casefile.places import Places, author

if TYPE_CHECKING:
    from casefile.notes.drafts import Draft

# The precision that every TOML reader keeps.
_TICK = dt.timedelta(milliseconds=1)
_END = LATEST - dt.timedelta(days=1)
# A change within one tick of a file system's clock leaves the folder's time as it was.
_SETTLED_NS = 2_000_000_000


class Notebook:
    """The notes on one case, as they were found at the last look, and the commands on them.

    `unreadable` names what is left as it is, with the reason. Each command gives the revision
    it kept, and raises NotKept if it could not.
    """

    def __init__(
        self,
        places: Places,
        case_id: str,
        author_name: str | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self.case_id = case_id
        self.author = author_name or author()
        self._clock = clock or _now
        self._folder = RevisionFolder(places, case_id)
        self._revisions: dict[str, dict[str, Revision]] = {}
        self._notes: dict[str, Note] = {}
        self._by_entry: dict[str, dict[str, Note]] = {}
        self._in_order: tuple[Note, ...] | None = None
        self._on: dict[str, tuple[Note, ...]] = {}
        self._last_change = dt.datetime.min.replace(tzinfo=dt.UTC)

    @property
    def refuses(self) -> str | None:
        """Why no note can be kept now, or None if one can."""
        return self._folder.refuses

    @property
    def folder(self) -> Path | None:
        """The folder of the notes, whether it is there yet or not; None without a home."""
        return self._folder.path

    @property
    def unreadable(self) -> tuple[tuple[Path, str], ...]:
        """The files that hold no readable revision, each with the reason."""
        return self._folder.unreadable

    @property
    def is_first(self) -> bool:
        """Whether what is kept next is, as far as can be seen, the first note in any case."""
        try:
            return self.folder is not None and not self.folder.parent.exists()
        except OSError:
            # Keeping it is what fails then, and tells.
            return False

    @property
    def is_complete(self) -> bool:
        """Whether all notes that there were at the last look have been read."""
        return self._folder.is_complete

    def may_have_changed(self) -> bool:
        """Say whether there may be something new; costs next to nothing."""
        return self._folder.may_have_changed()

    @property
    def by_file(self) -> Mapping[Path, Revision]:
        """The revisions by the files that they were read from; a copy makes one stand twice."""
        folder = self.folder or Path()
        return {folder / name: kept for name, kept in self._folder.revisions.items()}

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, the deleted too, oldest first."""
        if self._in_order is None:
            self._in_order = _oldest_first(self._notes.values())
        return self._in_order

    def note(self, note_id: str) -> Note | None:
        """Give a note, or None where no readable revision of it is there."""
        return self._notes.get(note_id)

    def on(self, entry_id: str) -> tuple[Note, ...]:
        """Give the notes on an entry that are not deleted, oldest first."""
        if entry_id not in self._on:
            found = self._by_entry.get(entry_id, {}).values()
            self._on[entry_id] = _oldest_first(note for note in found if entry_id in note.entries)
        return self._on[entry_id]

    def counts(self, *motivations: str) -> Counter[str]:
        """Count by entry the notes that are not deleted, of these motivations or of all."""
        return Counter(
            entry
            for note in self._notes.values()
            if not motivations or note.current.motivation in motivations
            for entry in note.entries
        )

    def own(self, entry: str, motivation: str) -> Note | None:
        """Give this author's annotation of a kind that an entry has one of, deleted or not.

        Where a merge brought two, the one modified last counts.
        """
        found = (
            note
            for note in self._by_entry.get(entry, {}).values()
            if (note.current.entry, note.current.motivation) == (entry, motivation)
            and note.author == self.author
        )
        return max(found, key=lambda note: note.current.modified, default=None)

    def refresh(self, *, thorough: bool = False) -> bool:
        """Read what is new in the folder, and say whether anything changed.

        A folder whose time stands still is taken as unchanged unless `thorough`: a network file
        system may be late to tell.
        """
        return run_to_end(self.refresh_in_steps(thorough=thorough))

    def refresh_in_steps(self, *, thorough: bool = False) -> Generator[float, None, bool]:
        """Do as `refresh` does, in steps of some milliseconds; give how much is done, up to 1.

        Until the last step the notes are as they were.
        """
        news = yield from self._folder.look(thorough=thorough)
        if news.has_losses:
            for index in (self._revisions, self._notes, self._by_entry):
                index.clear()
        come = self._folder.revisions.values() if news.has_losses else news.come
        for revision in come:
            self._add(revision)
        self._settle({revision.id for revision in come})
        return bool(news)

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
        """Keep a new annotation on an entry."""
        modified = self._next_moment(())
        return self._keep(
            Revision(
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
        )

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
        """Keep a new text of a note; what is None stays as it was.

        `parents` are the hashes of the heads the text was begun from, else all heads. A head not
        among them stays beside the new text, as a conflict.
        """
        note = self._known(note_id)
        named = note.head_hashes if parents is None else parents
        before = [was for was in note.history if was.hash in named] or note.heads
        base = before[-1]
        text = replace(
            base,
            body=body,
            target=target,
            entry=base.entry if entry is None else entry,
            value=base.value if value is None else value,
            tags=base.tags if tags is None else tuple(tags),
            private=any(was.private for was in before) if private is None else private,
            deleted=False,
        )
        return self._keep_after(named, text)

    def keep_draft(self, draft: Draft, body: str, target: Target) -> Revision:
        """Keep what a draft has become: a new annotation, or a new text of the one it edits."""
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
        """Keep a revision that says the note is deleted; one deleted already stays as it is."""
        note = self._known(note_id)
        if note.deleted:
            return note.current
        return self._keep_after(note.head_hashes, replace(note.current, deleted=True))

    def assess(
        self, entry: str, value: str, target: Target, *, body: str | None = None
    ) -> Revision:
        """Keep this author's verdict on an entry, as a revision of the one before.

        The same verdict given again keeps its remark; another one begins without.
        """
        if body is None:
            note = self.own(entry, "assessing")
            is_same = note is not None and note.current.value == value and not note.deleted
            body = note.current.body if note and is_same else ""
        return self._keep_own(entry, "assessing", target, body=body, value=value)

    def star(self, entry: str, target: Target) -> Revision:
        """Keep this author's star on an entry, also where it was taken away before."""
        return self._keep_own(entry, "bookmarking", target)

    def tag(self, entry: str, tags: Sequence[str], target: Target) -> Revision:
        """Keep these as this author's tags of an entry, in place of those before."""
        return self._keep_own(entry, "tagging", target, tags=tags)

    def make_private(self, note_id: str, *, private: bool) -> Revision:
        """Say of a note whether it stays at home, all else as it is."""
        current = self._known(note_id).current
        return self.keep_edit(note_id, current.body, current.target, private=private)

    def undo(self) -> Undone | None:
        """Take back this author's latest change that is no undo and not undone, if there is one.

        What others have written since stays, as a conflict.
        """
        self.refresh(thorough=True)
        change = latest_change(self._revisions, self.author)
        if change is None:
            return None
        before = parents_of(change, self._revisions[change.id])
        if change.parents and not before:
            raise NotKept("the text before this change is not among the readable notes")
        already = undone_times(self._revisions[change.id].values())[change.hash]
        restored = before[already:] or (replace(change, deleted=True),)
        return Undone(change, tuple(self._take_back(change, text) for text in restored))

    def keep_written(self, data: bytes) -> Revision:
        """Keep a revision byte for byte as its author wrote it; one that is here stays as it is."""
        if reason := self.refuses:
            raise NotKept(reason)
        try:
            # What could not be read back would be lost as surely as what was not written.
            kept = decode(data)
            if kept.case != self.case_id:
                raise NotKept(f"it belongs to the case {kept.case}")
            self._folder.put(kept, data)
        except ValueError as error:
            raise NotKept(str(error)) from None
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        self._add(kept)
        self._settle({kept.id})
        return kept

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
        """Keep this author's annotation of a kind that an entry has one of."""
        note = self.own(entry, motivation)
        if note is None:
            return self.keep_new(entry, body, target, motivation=motivation, value=value, tags=tags)
        return self.keep_edit(note.id, body, target, value=value, tags=tags)

    def _known(self, note_id: str) -> Note:
        note = self._notes.get(note_id)
        if note is None:
            raise NotKept("the note is no longer there")
        return note

    def _take_back(self, change: Revision, text: Revision) -> Revision:
        """Keep `text` again in place of the change, or what a rival head has made of it since."""
        heads, known = self._notes[change.id].heads, self._revisions[change.id]
        stands = standing(change, known)
        rivals = [head for head in heads if head != stands and follows(head, text, known)]
        if stands not in heads or not rivals:
            return self._keep_after([stands.hash], text, undoes=change.hash)
        rival = rivals[-1]
        return self._keep_after([stands.hash, rival.hash], rival, undoes=change.hash)

    def _keep_after(
        self, parents: Sequence[str], text: Revision, *, undoes: str | None = None
    ) -> Revision:
        """Keep a text as the revision after these, by this author and of this moment."""
        known = self._revisions[text.id]
        before = [known[name] for name in parents if name in known] or list(known.values())
        return self._keep(
            replace(
                text,
                rev=1 + max(kept.rev for kept in before),
                parents=tuple(parents),
                author=self.author,
                modified=self._next_moment(known.values()),
                undoes=undoes,
            )
        )

    def _next_moment(self, revisions: Iterable[Revision]) -> dt.datetime:
        """Give the time, but later than these and this author's last change, whatever the clock.

        What is dated at the end of all times is passed over: nothing later could be kept.
        """
        now = self._clock().astimezone(dt.UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        moments = [self._last_change, *(kept.modified for kept in revisions)]
        return max([now, *(one + _TICK for one in moments if one < _END)])

    def _keep(self, revision: Revision) -> Revision:
        try:
            return self.keep_written(encode(revision))
        except ValueError as error:
            raise NotKept(str(error)) from None

    def _add(self, revision: Revision) -> None:
        self._revisions.setdefault(revision.id, {})[revision.hash] = revision
        if revision.author == self.author:
            self._last_change = max(self._last_change, revision.modified)

    def _settle(self, note_ids: Set[str]) -> None:
        """Work out anew what stands in these notes."""
        for note_id in note_ids:
            note = self._notes[note_id] = note_of(note_id, self._revisions[note_id].values())
            for entry in {kept.entry for kept in note.history}:
                self._by_entry.setdefault(entry, {})[note_id] = note
        self._in_order = None
        self._on.clear()


def open_notebook(places: Places, case_id: str, author_name: str | None = None) -> Notebook:
    """Read the notes on a case; where none can be kept, the notebook `refuses` with the reason.

    Makes no directory. Raises ValueError for what is no case id.
    """
    notebook = Notebook(places, case_id, author_name)
    notebook.refresh()
    return notebook


def _oldest_first(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.created, note.id)))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
