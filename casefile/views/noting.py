"""Notes in words: what pages, lists and counts say of what the reader added."""

from __future__ import annotations

from collections.abc import Mapping

from casefile.case.relations import cites_of
from casefile.notes.annotation import Target, target_of
from casefile.notes.checks import TO_CHECK, WRONG
from casefile.notes.drafts import Draft
from casefile.notes.history import Note, kind_in_words
from casefile.places import without_home
from casefile.text.inert import first_line
from casefile.text.plurals import counted
from casefile.views.case_record import CaseRecord
from casefile.views.note_sections import about_in_words
from casefile.views.open_case import OpenCase
from casefile.views.verdicts import mark_of, tally_in_words, verdict_in_words


def kept(open_case: OpenCase) -> tuple[Note, ...]:
    """Give the notes that are not deleted, oldest first."""
    return tuple(note for note in open_case.notebook.notes if not note.deleted)


def newest_first(open_case: OpenCase) -> tuple[Note, ...]:
    """Give the notes that are not deleted, the one changed last first."""
    return tuple(sorted(kept(open_case), key=lambda note: note.current.modified, reverse=True))


def count_in_words(open_case: OpenCase) -> str:
    """Give how many notes there are; without any, what to press instead of a zero."""
    notebook = open_case.notebook
    if notebook.refuses:
        return "notes can’t be kept"
    if not notebook.is_complete:
        return "reading your notes…"
    notes = kept(open_case)
    written = sum(note.is_written for note in notes)
    parts = [
        # What is told last is left out first where there is no room.
        f"{len(notebook.unreadable)} unreadable" if notebook.unreadable else "",
        tally_in_words(open_case.checks.tally) if any(note.is_check for note in notes) else "",
        counted(written, "note") if written else "",
    ]
    said = ", ".join(filter(None, parts))
    if not said and not notes:
        return "no notes yet: a annotates"
    return f"you: {said}" if said else ""


def marks(open_case: OpenCase, entry_id: str) -> str:
    """Give the signs of what was added to an entry: "≠★✓✎2".

    That readers disagree; the reader's own star and check; how many notes there are.
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
    """Give what is said of a note that was kept; of the first one also where it is."""
    folder = open_case.notebook.folder
    if not is_first or folder is None:
        return said
    # How to take it back is told the next time: the folder has to have room in 80 columns.
    done = said.partition(";")[0].rstrip(".")
    return f"{done}. Notes stay on this machine, in {without_home(folder.parent)}"


def unreadable_in_words(open_case: OpenCase) -> list[str]:
    """Give the files of notes that can't be read, each with the reason."""
    return [f"{path}: {reason}" for path, reason in open_case.notebook.unreadable]


def what_it_is(open_case: OpenCase, note: Note) -> str:
    """Give what an annotation is, before its text: "note", "★", "✓ checked"."""
    check = open_case.checks.of_note(note)
    if check is None:
        is_star = note.current.motivation == "bookmarking"
        return "★" if is_star else kind_in_words(note.current)
    verdict = TO_CHECK if check.is_stale else check.verdict
    return f"{mark_of(check)} {verdict_in_words(verdict)}"


def in_a_line(note: Note) -> str:
    """Give what a note is and says, in a line: "checked", "wrong: should be 22", "Where from?"."""
    head = note.current
    line = first_line(head.body)
    match head.motivation:
        case "assessing":
            said = verdict_in_words(head.value or "")
            return f"{said}: {line}" if line else said
        case "bookmarking":
            return "★"
        case "tagging":
            return f"tags: {', '.join(head.tags)}"
    return line


def subject(open_case: OpenCase, note: Note) -> str:
    """Give the title of the entry that a note is on."""
    return subject_of(open_case, note.current.entry, note.current.target.label)


def subject_of(case: CaseRecord, entry_id: str, label: str) -> str:
    """Give the title of an entry; of one that has gone, what it was called then."""
    there = case.entry(entry_id) is not None
    return case.title(entry_id) if there else f"gone: {label}"


def target(
    open_case: OpenCase,
    entry_id: str,
    label: str,
    about: str | Mapping[str, object] | None = None,
) -> Target:
    """Give an entry and the texts it cites as they are now, for a note to remember.

    `about` is the field, place or words that the note speaks of. An entry that has gone has no row.
    """
    entry = open_case.entry(entry_id)
    cites = cites_of(open_case.case_file, entry) if entry else ()
    named = dict.fromkeys(filter(None, map(open_case.case_file.source_of, cites)))
    hashes = {source: open_case.text_hash(source) for source in named}
    known = {source: found for source, found in hashes.items() if found}
    return target_of(label, open_case.case_file.rows.get(entry_id, {}), known, about)


def draft_in_words(open_case: OpenCase, draft: Draft) -> str:
    """Give what is being written, for the line above the editor."""
    notebook = open_case.notebook
    note = notebook.note(draft.note) if draft.note else None
    to = notebook.note(draft.reply_to) if draft.reply_to else None
    about = about_in_words(open_case, draft.about)
    on = f"{about}, {draft.label}" if about else draft.label
    if draft.motivation == "assessing":
        return f"{'What would be right' if draft.value == WRONG else 'Remark'}: {on}"
    if draft.motivation == "replying":
        who = f"{to.author} " if to else ""
        return f"{'Reply to' if note is None else 'Editing a reply to'} {who}on {on}"
    return f"{'Note on' if note is None else 'Editing a note on'} {on}"


def joined_text(note: Note) -> str:
    """Give the text of a note; of one edited in two places, both texts, one after the other."""
    return "\n\n".join(text.body for text in note.texts)


def remembered_title(open_case: OpenCase, entry_id: str) -> str | None:
    """Give the title that an entry had when a note on it was last written."""
    notes = open_case.notebook.on(entry_id)
    return notes[-1].current.target.label if notes else None
