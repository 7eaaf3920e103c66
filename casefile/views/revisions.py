"""The revisions of a note: what each did, a page of each, and restoring the text of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from casefile.case.difference.budget import Budget
from casefile.notes.annotation import Revision
from casefile.notes.authors import author_in_words
from casefile.notes.checks import verdict_of
from casefile.notes.clock import local
from casefile.notes.history import MARKS, Note, kind_in_words, parents_of, replaced_by
from casefile.notes.notebook import Notebook
from casefile.notes.undoing import is_undo
from casefile.text.inert import first_line
from casefile.views import timestamps
from casefile.views.page import Item, Page, Section
from casefile.views.verdicts import verdict_in_words

_MOST_TAGS = 12
"""The number of tags that are named in what a revision did."""
_NUMBERS = {2: "two", 3: "three"}


class RevisionLine(msgspec.Struct, frozen=True):
    """A line of the list of a note's revisions."""

    revision: Revision
    when: str
    done: str
    """What the revision did, in words."""
    text: str
    """The first line of its text."""
    is_current: bool
    """Whether no other revision replaces it."""


def revision_lines(note: Note) -> tuple[RevisionLine, ...]:
    """Return the revisions of a note, newest first; with the year only if they span several."""
    years = {local(revision.modified).year for revision in note.history}
    done = changes_in_words(note.by_hash)
    heads = frozenset(note.head_hashes)
    return tuple(
        RevisionLine(
            revision,
            timestamps.minute(revision.modified, with_year=len(years) > 1),
            done[revision.hash],
            "" if revision.deleted else first_line(revision.body),
            revision.hash in heads,
        )
        for revision in reversed(note.history)
    )


def reason_not_restorable(note: Note, revision: Revision) -> str | None:
    """Return why the text of a revision can't be restored, or None if it can."""
    if revision.deleted:
        return "A deletion has no text to restore; choose another revision."
    is_other = note.conflict or note.deleted
    restored = replace(revision, private=note.private or revision.private)
    if not is_other and _content(restored) == _content(note.current):
        return "This is the current text already; there is nothing to restore."
    return None


def restore(notebook: Notebook, note: Note, revision: Revision, here: Revision) -> Revision:
    """Replace all current texts of a note by that of an earlier revision; raises SaveError.

    The note stays on the entry of `here`, one of its texts, and private if it is. If `revision` was
    on another entry, the new one has the target of `here`, so that it does not claim to be on a row
    that it never saw. A verdict stays on its row.
    """
    return notebook.keep_edit(
        note.id,
        revision.body,
        revision.target if revision.entry == here.entry else here.target,
        parents=note.head_hashes,
        entry=here.entry,
        verdict=revision,
        tags=revision.tags,
        private=note.private or revision.private,
    )


def notes_with_deleted_on(notebook: Notebook, entry_id: str) -> tuple[Note, ...]:
    """Return the notes on an entry, deleted ones included, oldest first."""
    return tuple(
        note for note in notebook.notes if any(head.entry == entry_id for head in note.heads)
    )


def page_of_revision(note: Note, line: RevisionLine) -> Page:
    """Return the page of the revision in a line: its text and what it changed."""
    revision, known = line.revision, note.by_hash
    count = len(note.heads)
    current = f"one of {_number(count)} current texts" if count > 1 else "current"
    subtitle = f"{line.done} · {current}" if line.is_current else line.done
    title = f"{author_in_words(revision.author)}, {timestamps.minute(revision.modified)}"
    sections = (
        _text(revision),
        *_changes_on_page(revision, replaced_by(revision, known)),
        *_facts(revision),
    )
    return Page(revision.entry, title, subtitle, sections)


def changes_in_words(known: Mapping[str, Revision]) -> dict[str, str]:
    """Return what each revision of a note did, by hash; `known` are these revisions by hash.

    As in “note edited, tags +release”, “undone: note deleted” or “joined two texts”.
    """
    # Once for each: thousands of revisions may undo the same one.
    undone = {name: one.undoes or "" for name, one in known.items() if is_undo(one, known)}
    done = {name: _done(one, known) for name, one in known.items() if name not in undone}
    return {name: done[name] if name in done else _undone(done.get(undone[name])) for name in known}


def _undone(done: str | None) -> str:
    """Return that a change is undone; of one that undoes another, no more."""
    return f"undone: {done}" if done else "a change undone"


def _done(revision: Revision, known: Mapping[str, Revision]) -> str:
    """Return what a revision did that undoes no other."""
    kind = kind_in_words(revision)
    before = replaced_by(revision, known)
    if revision.deleted:
        return "star removed" if revision.motivation == "bookmarking" else f"{kind} deleted"
    if not revision.parents:
        return _first_in_words(revision, f"new {kind}")
    missing = len(revision.parents) - len(parents_of(revision, known))
    if not before:
        return f"{_first_in_words(revision, f'{kind} edited')}, after a missing revision"
    return ", ".join(_changes(before, revision, kind, missing)) or f"{kind} kept again, unchanged"


def _first_in_words(revision: Revision, text: str) -> str:
    """Return the verdict, star or tags of a revision; of a text, `text` and the tags."""
    match revision.motivation:
        case "assessing":
            text = verdict_in_words(verdict_of(revision))
        case "bookmarking":
            text = "starred"
        case "tagging":
            text = "tags"
    return " ".join([text, *_named([f"+{tag}" for tag in revision.tags])])


def _changes(before: Sequence[Revision], after: Revision, kind: str, missing: int) -> Iterator[str]:
    texts = [parent for parent in before if not parent.deleted]
    if not texts:
        yield "starred" if after.motivation == "bookmarking" else f"{kind} brought back"
    if all(parent.entry != after.entry for parent in before):
        yield f"{kind} moved here from {before[0].entry}"
    verdict = verdict_of(after)
    is_same = verdict in map(verdict_of, before)
    if verdict and (after.gives_verdict or not is_same):
        yield verdict_in_words(verdict)
    is_kept = any(one.body == after.body for one in texts or before)
    # A parent that can't be read counts as a text too.
    text_count = missing + len(texts)
    if text_count > 1:
        yield f"{'kept one of' if is_kept else 'joined'} {_number(text_count)} texts"
    elif not is_kept:
        yield "text edited" if after.motivation in MARKS else f"{kind} edited"
    if all(parent.tags != after.tags for parent in before):
        yield from _tag_changes(before, after)
    if all(parent.private != after.private for parent in before):
        yield "made private" if after.private else "made public"
    if all(parent.created != after.created for parent in before):
        yield from _date_change(before[-1], after)


def _date_change(before: Revision, after: Revision) -> Iterator[str]:
    for in_words in (timestamps.day, timestamps.minute):
        written, was = in_words(after.created), in_words(before.created)
        if written != was:
            yield f"dated {written} instead of {was}"
            return


def _tag_changes(before: Sequence[Revision], after: Revision) -> Iterator[str]:
    had = dict.fromkeys(tag for parent in before for tag in parent.tags)
    has = dict.fromkeys(after.tags)
    changed = [f"+{tag}" for tag in has if tag not in had]
    changed += [f"-{tag}" for tag in had if tag not in has]
    # Joining two texts unites their tags, which changes nothing.
    if changed:
        yield " ".join(["tags", *_named(changed)])


def _named(tags: Sequence[str]) -> Iterator[str]:
    """Yield the first tags, and how many more there are."""
    yield from tags[:_MOST_TAGS]
    if len(tags) > _MOST_TAGS:
        yield f"and {len(tags) - _MOST_TAGS:,} more"


def _number(count: int) -> str:
    return _NUMBERS.get(count, str(count))


def _text(revision: Revision) -> Section:
    if revision.body.strip() and not revision.deleted:
        return Section("", (Item(revision.body, manner="note"),))
    words = "The note was deleted here." if revision.deleted else "no text"
    return Section("", (Item(words, manner="faint"),))


def _changes_on_page(revision: Revision, parents: Sequence[Revision]) -> Iterator[Section]:
    if revision.parents and not parents:
        words = "The revision before this one can’t be read, so its changes are not known."
        yield Section("", (Item(words, manner="faint"),))
        return
    # Imported here: comparing texts takes some milliseconds to import.
    from casefile.case.difference.changes import changes_by_key, cost_of
    from casefile.views.differences import changes_in_lines

    now = _content(revision) | {"entry": revision.entry}
    budget = Budget()
    for number, parent in enumerate(parents):
        if budget.is_spent:
            words = f"What changed against {len(parents) - number:,} more texts is not shown."
            yield Section("", (Item(words, manner="faint"),))
            return
        before = _content(parent) | {"entry": parent.entry}
        budget.spend(cost_of(before) + cost_of(now))
        lines = tuple(changes_in_lines(changes_by_key(before, now, budget)))
        whose = (
            f", against {author_in_words(parent.author)}’s of {timestamps.minute(parent.modified)}"
        )
        heading = Item(f"Changed{whose if len(parents) > 1 else ''}", manner="heading")
        if lines:
            yield Section("", (heading, *(Item(line, manner="faint") for line in lines)))


def _facts(revision: Revision) -> Iterator[Section]:
    labelled = {
        "On": revision.target.label,
        "Verdict": verdict_in_words(verdict_of(revision)),
        "Tags": ", ".join(revision.tags),
        "Private": "yes" if revision.private else "",
    }
    return (Section(label, (Item(words),)) for label, words in labelled.items() if words)


def _content(revision: Revision) -> dict[str, object]:
    """Return the text, verdict, tags and privacy of a revision, without empty values."""
    content = {
        "text": revision.body,
        "verdict": verdict_in_words(verdict_of(revision)),
        "tags": list(revision.tags),
        "private": revision.private,
    }
    return {key: value for key, value in content.items() if value}
