"""The notes on entries in words: phrases for titles, messages and lines, and signs for lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from casefile.notes.annotation import Revision
from casefile.notes.authors import YOU, author_in_words
from casefile.notes.checks import TO_CHECK, WRONG, verdict_of
from casefile.notes.clock import believed
from casefile.notes.draft import Draft
from casefile.notes.history import Note, kind_in_words
from casefile.notes.notebook import Notebook
from casefile.places import without_home
from casefile.text.folding import folded
from casefile.text.inert import first_line
from casefile.text.plurals import pluralize
from casefile.views import phrases, timestamps
from casefile.views.case_record import CaseRecord
from casefile.views.labels import LABELS, field_label
from casefile.views.open_case import OpenCase
from casefile.views.verdicts import counts_in_words, mark_of, verdict_in_words


def remembered_title(open_case: OpenCase, entry_id: str) -> str | None:
    """Return the title that an entry had when the reader, or else another, last noted it."""
    notebook = open_case.notebook
    latest = next(iter(latest_on(notebook, entry_id, notebook.on(entry_id))), None)
    return latest.target.label if latest else None


def latest_on(notebook: Notebook, entry_id: str, notes: Iterable[Note]) -> Sequence[Revision]:
    """Return the revisions of some notes on an entry, the reader's own first, the latest first."""
    now = notebook.clock.now

    def order(one: Revision) -> tuple[bool, dt.datetime]:
        return one.author == notebook.author, believed(one.modified, now)

    revisions = (one for note in notes for one in note.history if one.entry == entry_id)
    return sorted(revisions, key=order, reverse=True)


# Phrases


def note_counts_in_words(open_case: OpenCase) -> str:
    """Return how many notes and checks there are; if there are none, the key that adds one."""
    notebook = open_case.notebook
    if notebook.write_problem:
        return "notes can’t be kept"
    if not notebook.is_complete:
        return "reading your notes…"
    notes = [note for note in notebook.notes if not note.deleted]
    own = [note for note in notes if note.author == notebook.author]
    others = [note for note in notes if note.author != notebook.author]
    checked = counts_in_words(open_case.checks.counts) if any(note.is_check for note in own) else ""
    parts = [
        # The last part is the first to be cut off where there is no room.
        _number_of("unreadable note", len(notebook.unreadable)),
        _counts_of(YOU, checked, own),
        _counts_of("others", _number_of("check", sum(note.is_check for note in others)), others),
    ]
    if not notes and not notebook.unreadable:
        return "No notes yet · a adds one"
    return ", ".join(filter(None, parts))


def _counts_of(who: str, checks: str, notes: Iterable[Note]) -> str:
    written = _number_of("note", sum(note.is_written for note in notes))
    counts = ", ".join(filter(None, (checks, written)))
    return f"{who}: {counts}" if counts else ""


def _number_of(thing: str, number: int) -> str:
    return pluralize(number, thing) if number else ""


def entry_marks(open_case: OpenCase, entry_id: str) -> str:
    """Return the signs of the notes on an entry in a list, as in “≠★✓✎2”.

    They are: readers disagree, the reader's own star and check, and the number of written notes.
    """
    notebook = open_case.notebook
    notes = notebook.on(entry_id)
    if not notes:
        return ""
    own = {note.current.motivation for note in notes if note.author == notebook.author}
    written = sum(note.is_written for note in notes)
    star = "★" if "bookmarking" in own else ""
    check = mark_of(open_case.checks.own(entry_id)) if "assessing" in own else ""
    disputed = "≠" if open_case.checks.is_disputed(entry_id) else ""
    return f"{disputed}{star}{check}{f'✎{written}' if written else ''}"


def kept_in_words(open_case: OpenCase, said: str = "Kept.", *, is_first: bool) -> str:
    """Return the message after a note was kept; after the first one, also where notes are kept."""
    notebook = open_case.notebook
    # Without how to undo it, so that what follows has room in 80 columns.
    done = said.partition(";")[0].rstrip(".")
    if notebook.clock_warning:
        return f"{done}. {notebook.clock_warning}"
    if not is_first or notebook.folder is None:
        return said
    return f"{done}. Notes stay on this machine, in {without_home(notebook.folder.parent)}"


def unreadable_in_words(open_case: OpenCase) -> str:
    """Return the first note that can't be read, and why; empty if all can."""
    unreadable = open_case.notebook.unreadable
    if not unreadable:
        return ""
    path, reason = unreadable[0]
    return f"A note can’t be read; it was left as it is: {path.name}: {reason}"


def dated_ahead_in_words(open_case: OpenCase) -> str:
    """Return which notes a wrong clock has dated, and what to do; empty if there are none."""
    notebook = open_case.notebook
    ahead = notebook.dated_ahead
    if not ahead:
        return ""
    last = max(note.latest_date for note in ahead)
    dated = f"{pluralize(len(ahead), 'note')} dated after today ({timestamps.day(last)})"
    return f"{dated} · “casefile notes redate” mends it"


def kind_or_verdict(open_case: OpenCase, note: Note) -> str:
    """Return the kind or verdict of a note, as in “note”, “★” or “✓ checked”."""
    check = open_case.checks.in_note(note).get(note.current.entry)
    if check is None:
        is_star = note.current.motivation == "bookmarking"
        return "★" if is_star else kind_in_words(note.current)
    verdict = TO_CHECK if check.is_stale else check.verdict
    return f"{mark_of(check)} {verdict_in_words(verdict)}"


def versions_in_words(note: Note) -> str:
    """Return how many versions there are of a note that was edited in several places, else ""."""
    return pluralize(len(note.heads), "version") if note.conflict else ""


def note_in_line(note: Note) -> str:
    """Return a note in one line, as in “checked”, “wrong: should be 22” or “Where from?”."""
    return ": ".join(filter(None, (versions_in_words(note), _text_in_line(note))))


def _text_in_line(note: Note) -> str:
    head = note.current
    line = first_line(head.body)
    match head.motivation:
        case "assessing":
            verdict = verdict_in_words(verdict_of(head))
            return f"{verdict}: {line}" if line else verdict
        case "bookmarking":
            return "★"
        case "tagging":
            return f"tags: {', '.join(note.tags)}"
    return line


def subject(open_case: OpenCase, note: Note) -> str:
    """Return the title of the entry that a note is on."""
    return subject_of(open_case, note.current.entry, note.current.target.label)


def subject_of(case: CaseRecord, entry_id: str, label: str) -> str:
    """Return the title of an entry; of one that has gone, its former title `label`."""
    there = case.entry(entry_id) is not None
    return case.title(entry_id) if there else f"gone: {label}"


def draft_heading(open_case: OpenCase, draft: Draft) -> str:
    """Return what a draft is, for the line above the editor."""
    notebook = open_case.notebook
    note = notebook.note(draft.note) if draft.note else None
    to = notebook.note(draft.reply_to) if draft.reply_to else None
    about = about_in_words(open_case, draft.entry, draft.about)
    title = open_case.title(draft.entry) if open_case.entry(draft.entry) else draft.label
    on = f"{about}, {title}" if about else title
    if draft.motivation == "assessing":
        return f"{'What would be right' if draft.value == WRONG else 'Remark'}: {on}"
    if draft.motivation == "replying":
        who = f" to {author_in_words(to.author)}" if to else ""
        return f"{'Reply' if note is None else 'Editing a reply'}{who} on {on}"
    return f"{'Note on' if note is None else 'Editing a note on'} {on}"


def about_in_words(open_case: OpenCase | None, entry_id: str, about: object) -> str:
    """Return what part of an entry a note is about: a field, a place in a source, or words.

    A field has the label of the entry's page. Without the case file, a place in a source is words
    too.
    """
    if not isinstance(about, str):
        return ""
    source, _, at = about.partition(", ")
    if open_case is not None and source in open_case.source_ids and source not in LABELS:
        return ", ".join(filter(None, (open_case.title(source), at)))
    if about not in LABELS and not about.isidentifier():
        return phrases.quoted(about)
    entry = open_case.entry(entry_id) if open_case is not None else None
    return field_label(entry.table_name if entry else "", about)


def authors_in_words(authors: Iterable[str], own: str) -> dict[str, str]:
    """Return what each author is called: first the reader, whose name is `own`, as “You”."""
    in_order = sorted({*authors}, key=lambda one: (one != own, folded(one), one))
    return {one: YOU.capitalize() if one == own else author_in_words(one) for one in in_order}
