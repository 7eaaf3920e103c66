"""The notes on one case, and the commands that add, edit, delete and undo."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from msgspec.structs import replace

from casefile.notes.annotation import (
    LIST_LIMIT,
    SIZE_LIMIT,
    NoteTooLarge,
    Revision,
    SaveError,
    Target,
    check_length,
    encode_within_limit,
)
from casefile.notes.authors import author_in_words
from casefile.notes.checks import counting_order, remark_kept
from casefile.notes.clock import is_ahead
from casefile.notes.history import Note, about_of, given_at, in_equal_groups, tags_of
from casefile.notes.next_revision import parents_up_to_date, with_sources_of, with_verdict_of
from casefile.notes.note_store import NoteStore
from casefile.notes.undoing import UndoHistory, Undone, latest_change, restored_date, undos_of
from casefile.places import Places

if TYPE_CHECKING:
    from casefile.notes.draft import Draft

_MOST_AT_ONCE = 12
"""The most texts that one command writes; somebody may flood a note with thousands."""
_MOST_BYTES_AT_ONCE = 2 * SIZE_LIMIT
"""The most bytes that these have; each is read again once it is written."""
_AGAIN = " · again undoes the change before it"


class TooManyTexts(SaveError):
    """A note has more texts than are changed side by side."""


class TextOfAnother(SaveError):
    """A text in a note of the author's is another's, and would be put under the author's name."""

    def __init__(self, author: str) -> None:
        whose = f"{author_in_words(author)}’s"
        super().__init__(f"the text is {whose}, and would be under your name; edit it first (e)")


class Notebook(NoteStore):
    """The notes on one case as of the last refresh, and the commands on them.

    Each command writes a revision and returns it, or raises SaveError. `author_name` is the author
    in the settings, if there is one: it decides whose a note is, and so what its revisions say.
    """

    def __init__(
        self,
        places: Places,
        case_id: str,
        author_name: str | None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:
        super().__init__(places, case_id, author_name, clock)
        self._passed_over: set[str] = set()

    @property
    def dated_ahead(self) -> tuple[Note, ...]:
        """This author's notes with a date that is yet to come: a clock is or was wrong."""
        now = self.clock.now
        own = (note for note in self.notes if note.author == self.author and not note.deleted)
        return tuple(note for note in own if is_ahead(note.latest_date, now))

    def on(self, entry_id: str) -> tuple[Note, ...]:
        """Return the notes on an entry that are not deleted, oldest first."""
        return self._index.on(entry_id)

    def own(self, entry: str, motivation: str) -> Note | None:
        """Return this author's last check, star or tags on an entry; deleted if all are."""
        return next(reversed(self.every_own(entry, motivation)), None)

    def every_own(self, entry: str, motivation: str) -> Sequence[Note]:
        """Return this author's checks, stars or tags on an entry, the one that counts last.

        There are several if the first was made in two places; deleted ones come first.
        """
        own = (
            note
            for note in self._index.ever_on(entry)
            if (note.text_on(entry).entry, note.current.motivation) == (entry, motivation)
            and note.author == self.author
        )
        now = self.clock.now
        return sorted(
            own,
            key=lambda note: (
                not note.deleted,
                counting_order(note.id, given_at(note.text_on(entry)), now),
            ),
        )

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
        """Add an annotation to an entry; a reply is as private and confidential as its note."""
        check_length(body)
        answered = self.note(reply_to) if reply_to else None
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
            target=with_sources_of(target, answered.targets if answered else ()),
            motivation=motivation,
            value=value,
            tags=tuple(tags),
            private=private or (reply_to is not None and self.may_be_private(reply_to)),
            reply_to=reply_to,
        )
        return self._keep(revision)

    def keep_edit(
        self,
        note_id: str,
        body: str,
        target: Target,
        *,
        parents: Sequence[str] | None = None,
        entry: str | None = None,
        value: str | None = None,
        verdict: Revision | None = None,
        tags: Sequence[str] | None = None,
        private: bool | None = None,
    ) -> Revision:
        """Edit a note; arguments that are None keep their value, which is the tags of all parents.

        `parents` are the hashes of the heads that the text was edited from, by default all heads.
        Any other head is then in conflict with the new text. A note that is private now, or was
        when its text was edited, stays so. In a check, `value` gives a verdict on `target`; without
        it that of a revision is kept: `verdict`, or the last one of `parents` that are still heads,
        or else of all heads.
        """
        note = self._known(note_id)
        named = dict.fromkeys(note.head_hashes if parents is None else parents)
        known = note.by_hash
        before = [known[name] for name in named if name in known] or note.heads
        edited = [kept for kept in before if not kept.deleted]
        own_first = sorted(edited, key=lambda kept: kept.author != self.author)
        base = (edited or before)[-1]
        is_private = note.private or any(kept.private for kept in before)
        check_length(body, [kept.body for kept in before])
        text = replace(
            base,
            body=body,
            target=target,
            entry=base.entry if entry is None else entry,
            value=base.value if value is None else value,
            given=None,
            tags=tags_of(own_first)[:LIST_LIMIT] if tags is None else tuple(tags),
            private=is_private if private is None else private,
            deleted=False,
        )
        if note.is_check and value is None:
            text = with_verdict_of(verdict or note.text_on(text.entry, named), text)
        return self._keep_after([*named], text)

    def up_to_date(self, draft: Draft) -> Draft:
        """Return a draft as if it had been begun after this author's later moves and the like."""
        note = self.note(draft.note) if draft.note else None
        parents = parents_up_to_date(note, draft.parents, self.author) if note else draft.parents
        if note is None or parents == draft.parents:
            return draft
        texts = [note.by_hash[name] for name in parents if name in note.by_hash]
        last = next((text for text in texts if text.entry == draft.entry), texts[-1])
        target = last.target
        return replace(
            draft, parents=parents, entry=last.entry, label=target.label, about=about_of(target)
        )

    def keep_draft(self, draft: Draft, body: str, target: Target) -> Revision:
        """Save a draft as a new annotation, or as an edit of the note that it was begun from."""
        if draft.case != self.case_id:
            raise SaveError(f"it is on another case, {draft.case}")
        if draft.note is not None:
            return self.keep_edit(
                draft.note, body, target, parents=draft.parents, entry=draft.entry
            )
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

        Without `body`, the remark is kept as `remark_kept` says.
        """
        replaced = None
        if body is None and (note := self.own(entry, "assessing")) is not None:
            body, replaced = remark_kept(note, value)
        return self._keep_own(
            entry, "assessing", target, body=body or "", value=value, replaced=replaced
        )

    def star(self, entry: str, target: Target) -> Revision:
        """Set this author's star on an entry."""
        return self._keep_own(entry, "bookmarking", target)

    def unstar(self, entry: str) -> Revision:
        """Delete this author's stars on an entry, of which there is at least one."""
        return [self.delete(star.id) for star in self.every_own(entry, "bookmarking")][-1]

    def tag(self, entry: str, tags: Sequence[str], target: Target) -> Revision:
        """Set this author's tags on an entry, replacing the previous ones."""
        own = self.every_own(entry, "tagging")
        if not own:
            return self.keep_new(entry, "", target, motivation="tagging", tags=tags)
        *others, last = own
        elsewhere = {tag for note in others for tag in note.tags}
        kept = [
            self.keep_edit(
                note.id, "", target, entry=entry, tags=[tag for tag in note.tags if tag in tags]
            )
            for note in others
            if not {*note.tags} <= {*tags}
        ]
        here = [tag for tag in tags if tag in last.tags or tag not in elsewhere]
        # A revision that changes nothing would be what `u` undoes.
        if not kept or {*here} != {*last.tags}:
            kept.append(self.keep_edit(last.id, "", target, entry=entry, tags=here))
        return kept[-1]

    def make_private(self, note_id: str, *, private: bool) -> Revision:
        """Make a note private or no longer private; the texts of a conflict stay side by side."""
        note = self._known(note_id)
        own = note.texts_by(self.author)
        # One private text makes the note private.
        heads = own[-1:] if private else [head for head in note.heads if head.private]
        changed = heads or [note.current]
        others = [head for head in changed if not head.deleted and head not in own]
        if others and note.author == self.author:
            raise TextOfAnother(others[-1].author)
        return self._keep_each([[head] for head in changed], private=private)[-1]

    def redate(self, note_id: str, created: dt.datetime) -> tuple[Revision, ...]:
        """Correct when an own note was written: in a conflict the own texts, equal ones as one."""
        note = self._known(note_id)
        if note.author != self.author:
            raise SaveError(f"only {author_in_words(note.author)}, who wrote the note, can date it")
        texts = note.texts_by(self.author)
        if not texts:
            raise TextOfAnother(note.current.author)
        given = created if note.is_check else None
        return self._keep_each(in_equal_groups(texts), created=created, given=given)

    def undo(self) -> Undone | None:
        """Undo this author's latest change that is neither an undo nor undone, if there is one.

        What others have written since stays, as a conflict. One that joined many texts is undone in
        several turns. A change that can't be undone, or not as a whole, is passed over from then
        on; one of which nothing can be, or that is undone in the files, is reported first.
        """
        self.refresh(thorough=True)
        change = latest_change(self.notes, self.author, self.clock.now, self._passed_over)
        if change is None:
            return None
        note = self._known(change.id)
        undos = UndoHistory(note)
        before, left = undos.texts_before(change), undos.not_restored(change)
        if before and not left:
            # Somebody else may have undone it, also under this name: then the reader should know.
            self._passed_over.update(*(UndoHistory(note).undone_hashes for note in self.notes))
            # What to do comes first: a narrow line is cut at its end.
            raise SaveError(f"it is undone already{_AGAIN} · {Undone(change, before).words}")
        restored = undos_of(change, left, note)
        restored = restored[: _count_at_once([text for _, text in restored])]
        by = self._restore(change, restored, restored_date(change, before))
        if len(by) == len(left):
            self._passed_over.add(change.hash)
        return Undone(change, before, by)

    def _restore(
        self,
        change: Revision,
        undos: Iterable[tuple[Sequence[str], Revision]],
        created: dt.datetime | None,
    ) -> tuple[Revision, ...]:
        """Undo a change by restoring texts after these parents, as far as there is room for them.

        If there is none for the first private text, nothing is restored: the public ones alone
        would make the note public.
        """
        reason = "is not among the readable notes"
        by: list[Revision] = []
        with self._following(change.id) as follow:
            for parents, text in undos:
                try:
                    by.append(follow(parents, text, undoes=change.hash, created=created))
                except NoteTooLarge:
                    reason = "is too long to be kept again; it is in the history"
                    if text.private and not by:
                        break
        if not by:
            self._passed_over.add(change.hash)
            what = f"the text before the change on {change.target.label}"
            raise SaveError(f"{what} {reason}{_AGAIN}")
        return tuple(by)

    def _keep_own(
        self,
        entry: str,
        motivation: str,
        target: Target,
        *,
        body: str = "",
        value: str | None = None,
        replaced: Sequence[str] | None = None,
    ) -> Revision:
        note = self.own(entry, motivation)
        if note is None:
            return self.keep_new(entry, body, target, motivation=motivation, value=value)
        return self.keep_edit(note.id, body, target, parents=replaced, entry=entry, value=value)

    def _keep_each(
        self,
        texts: Sequence[Sequence[Revision]],
        created: dt.datetime | None = None,
        **changed: object,
    ) -> tuple[Revision, ...]:
        """Change some texts of a note, each from equal ones; they stay side by side."""
        if len(texts) > _count_at_once([same[-1] for same in texts]):
            what = f"that would change {len(texts):,} texts of the note"
            raise TooManyTexts(f"{what}; keep one of them first (H)")
        with self._following(texts[0][0].id) as follow:
            return tuple(
                follow([one.hash for one in same], replace(same[-1], **changed), created=created)
                for same in texts
            )


def _count_at_once(texts: Sequence[Revision]) -> int:
    """Return how many of some texts one command writes, which is at least one."""
    sizes = accumulate(map(_size_again, texts[:_MOST_AT_ONCE]))
    return max(1, sum(1 for _ in takewhile(_MOST_BYTES_AT_ONCE.__ge__, sizes)))


def _size_again(text: Revision) -> int:
    """Return about how many bytes a text takes when it is written again, 0 if it can't be."""
    try:
        return len(encode_within_limit(text))
    except NoteTooLarge:
        return 0


def open_notebook(places: Places, case_id: str, author_name: str | None) -> Notebook:
    """Return the notebook of a case with its notes read; creates no directory."""
    notebook = Notebook(places, case_id, author_name)
    notebook.refresh()
    return notebook
