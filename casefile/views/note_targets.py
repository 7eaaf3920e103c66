"""The target of a note: its entry as it is now, and from which sources its words are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from casefile.case.relations import cites_of
from casefile.notes.annotation import LIST_LIMIT, Target, errors_as_save_errors, target_of
from casefile.notes.history import Note
from casefile.text.ids import is_id
from casefile.views.open_case import OpenCase


def note_target(
    open_case: OpenCase,
    entry_id: str,
    label: str,
    about: str | Mapping[str, object] | None = None,
    *,
    of: Note | None = None,
) -> Target:
    """Return the target of a note: the title and row of an entry now, and the texts that it cites.

    `about` is the field, place or words that the note is about. A missing entry has an empty row,
    and `label`, which it was called before. The target of a confidential source has neither its
    title nor its row. What is known of the sources of the note that this is `of`, since it is
    edited or answered, is kept.
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
    return _with_sources(target, open_case, entry_id, _targets_of(of, entry_id))


def _targets_of(note: Note | None, entry_id: str) -> tuple[Target, ...]:
    """Return the targets of a note on an entry, from which it may have moved, and of its heads."""
    if note is None:
        return ()
    heads = set(note.head_hashes)
    revisions = (one for one in note.history if one.entry == entry_id or one.hash in heads)
    return tuple(one.target for one in revisions)


def _with_sources(
    target: Target, open_case: OpenCase, entry_id: str, earlier: Collection[Target]
) -> Target:
    """Return the target of a note on an entry with its sources, if all of them can be told."""
    origins = open_case.origins
    sources = set[str | None](origins.named_in(target.field))
    if open_case.entry(entry_id) is not None:
        sources |= origins.of_entry(entry_id)
    elif not earlier:
        sources.add(None)
    for one in earlier:
        sources.update((None,) if one.cited is None else one.cited)
    ids = sorted(name for name in sources if name is not None and is_id(name))
    are_known = len(ids) == len(sources) <= LIST_LIMIT
    was_confidential = any(one.confidential for one in earlier)
    return replace(
        target,
        cited=tuple(ids) if are_known else None,
        confidential=was_confidential or not origins.confidential.isdisjoint(sources),
    )
