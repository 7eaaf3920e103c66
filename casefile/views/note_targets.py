"""The target of a note: its entry as it is now, and from which sources its words are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from msgspec.structs import replace

from casefile.case.relations import cites_of
from casefile.notes.annotation import (
    LIST_LIMIT,
    Revision,
    Target,
    errors_as_save_errors,
    target_of,
)
from casefile.notes.draft import Draft
from casefile.notes.history import Note
from casefile.notes.next_revision import with_sources_of
from casefile.text.ids import is_id
from casefile.views.open_case import OpenCase


def note_target(
    open_case: OpenCase,
    entry_id: str,
    label: str,
    about: str | Mapping[str, object] | None = None,
    *,
    is_new: bool = True,
) -> Target:
    """Return the target of a note: the title and row of an entry now, and the texts that it cites.

    `about` is the field, place or words that the note is about. A missing entry has an empty row,
    and `label`, which it was called before. The target of a confidential source has neither its
    title nor its row. The sources of a missing entry are not known, unless the note is not new: it
    is edited or answers another, and has the sources of that, which are added when it is written.
    Raises SaveError if what that takes can't be loaded.
    """
    entry = open_case.entry(entry_id)
    cites = cites_of(open_case.case_file, entry) if entry else ()
    sources = dict.fromkeys(filter(None, map(open_case.case_file.source_of, cites)))
    row = open_case.case_file.rows.get(entry_id, {})
    is_confidential = entry_id in open_case.origins.confidential
    title = open_case.title(entry_id) if entry else label
    with errors_as_save_errors():
        hashes = {source: open_case.texts.hash_of(source) for source in sources}
        known = {source: text_hash for source, text_hash in hashes.items() if text_hash}
        shown = entry_id if is_confidential else title
        target = target_of(shown, row, known, about, has_snapshot=not is_confidential)
    return _with_sources(target, open_case, entry_id, is_new=is_new)


def text_here(open_case: OpenCase, note: Note, entry_id: str) -> Revision:
    """Return the text of a note to go on from on the page of an entry.

    That is the last one on this entry. If there is none, it is the last one on an entry that is in
    the file: a note is on several if it was moved in one place and edited in another.
    """
    on_page = (text for text in reversed(note.texts) if text.entry == entry_id)
    there = (text for text in reversed(note.texts) if open_case.entry(text.entry) is not None)
    return next(chain(on_page, there), note.current)


def draft_target(open_case: OpenCase, draft: Draft) -> Target:
    """Return the target of the note that a draft is to be.

    It has the sources of the entry as it is now and as it was while the text was written, and those
    of the note that is edited or answered. Raises SaveError as `note_target` does.
    """
    of = _note_before(open_case, draft)
    is_new = of is None
    target = note_target(open_case, draft.entry, draft.label, draft.about, is_new=is_new)
    return with_sources_of(target, [*(of.targets if of else ()), _as_target(draft)])


def with_sources_now(open_case: OpenCase, draft: Draft) -> Draft:
    """Return a draft that also tells what it is held back for as the case and notes are now.

    The note that is edited or answered may be gone by the time the draft is kept, and so may the
    entry. Of a confidential source the draft has no title.
    """
    of = _note_before(open_case, draft)
    before = _as_target(draft)
    is_new = draft.note is None and draft.reply_to is None
    now = _with_sources(before, open_case, draft.entry, is_new=is_new)
    both = with_sources_of(now, [before, *(of.targets if of else ())])
    return replace(
        draft,
        label=draft.entry if draft.entry in open_case.origins.confidential else draft.label,
        private=draft.private or (of is not None and of.private),
        cited=both.cited,
        confidential=both.confidential,
    )


def _note_before(open_case: OpenCase, draft: Draft) -> Note | None:
    """Return the note that a draft edits or answers."""
    return open_case.notebook.note(draft.note or draft.reply_to or "")


def _as_target(draft: Draft) -> Target:
    return Target(
        draft.label, "", field=draft.about, cited=draft.cited, confidential=draft.confidential
    )


def _with_sources(target: Target, open_case: OpenCase, entry_id: str, *, is_new: bool) -> Target:
    """Return the target of a note on an entry with its sources, if all of them can be told."""
    origins = open_case.origins
    sources = set[str | None](origins.named_in(target.field))
    if open_case.entry(entry_id) is not None:
        sources |= origins.of_entry(entry_id)
    elif is_new:
        sources.add(None)
    ids = sorted(name for name in sources if name is not None and is_id(name))
    return replace(
        target,
        cited=tuple(ids) if len(ids) == len(sources) <= LIST_LIMIT else None,
        confidential=not origins.confidential.isdisjoint(sources),
    )
