"""What authors are called: no name of another reads as the reader, or as the program's words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from readers import Colleague, Run, anna, run
from screens import Desk

from casefile.notes.annotation import decode, encode
from casefile.notes.authors import author_in_words
from casefile.query import parse_query
from casefile.views import revisions
from casefile.views.filtering import matching_notes, query_names
from casefile.views.note_sections import mark_sections, note_sections
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase

__all__ = ["anna", "run"]

ENTRY = "arrests"
AS_THE_READER = ["You", "you ", "YOU.", "Ｙｏｕ", "Y\u200bou", "Yóu", "“You”", "Y o u"]
NO_NAMES = [
    "",
    "\t",
    "You, 12 May",
    "eve: note edited",
    "eve\n12 May",
    "eve” checked “ben",
    "eve；",
]


def annotate_as(desk: Desk, author: str, verdict: str = "checked") -> None:
    """Check an entry and write a note on it under a name."""
    open_case = desk.lay_open()
    target = note_target(open_case, ENTRY, open_case.title(ENTRY))
    notebook = desk.notebook()
    notebook.author = author
    notebook.assess(ENTRY, verdict, target)
    notebook.keep_new(ENTRY, "Seen.", target)


def lines_of_page(open_case: OpenCase) -> Iterator[str]:
    """Yield what stands on the page of an entry of its notes, with the labels."""
    for section in (*mark_sections(open_case, ENTRY), *note_sections(open_case, ENTRY)):
        for item in section.items:
            yield f"{section.label}|{item.text}"


@pytest.mark.parametrize(
    "name",
    ["Ines Caldas", "jdoe", "J. O’Neill-Roy", "anna@work", "अनिल", "王小明", "Yousuf", "When"],
)
def test_name_is_written_as_it_is(name: str) -> None:
    """Nearly all names are as they are."""
    assert author_in_words(name) == name


@pytest.mark.parametrize("name", [*AS_THE_READER, *NO_NAMES])
def test_name_that_may_mislead_is_in_quotation_marks(name: str) -> None:
    """It stays on its line, and can't end the quotation marks."""
    words = author_in_words(name)
    assert (words[0], words[-1]) == ("“", "”")
    assert not {*words[1:-1]} & {*"“”\n\t"}


@pytest.mark.parametrize("name", [*AS_THE_READER, *NO_NAMES, "When", "Cited", "Yоu", "bob"])
def test_no_label_on_a_page_is_the_name_of_another(desk: Desk, name: str) -> None:
    """Only the reader is “You” there, whatever letters a name has; the others are all readers."""
    annotate_as(desk, name)
    annotate_as(desk, desk.notebook().author, "wrong")
    marks = [line for line in lines_of_page(desk.lay_open()) if not line.startswith("|")]
    assert marks == ["You|wrong 24 Nov", f"Reader|{author_in_words(name)}: checked 24 Nov"]


@pytest.mark.parametrize("is_first", [True, False])
def test_text_of_another_in_a_note_has_the_name_of_its_author(
    desk: Desk, *, is_first: bool
) -> None:
    """Whether it follows a text of the reader's, or is called the first text of the note."""
    annotate_as(desk, desk.notebook().author)
    mine = next(note.current for note in desk.notebook().notes if note.is_written)
    parents = () if is_first else (mine.hash,)
    data = encode(replace(mine, author="eve", body="Smith is a crook.", parents=parents))
    assert [*desk.notebook().add_revisions([(decode(data), data)])] == [decode(data)]
    lines = [*lines_of_page(desk.lay_open())]
    head = lines[lines.index("|Smith is a crook.") - 1]
    assert head.endswith(", by eve" if is_first else ", edited by eve")
    if is_first:
        assert "eve" not in lines[lines.index("|Seen.") - 1]


def test_verdict_that_is_unknown_is_in_quotation_marks(desk: Desk) -> None:
    """A later version may have others; what is no verdict does not read as a date or a place."""
    annotate_as(desk, "bob", "12 May 2016,\nas the court found” on")
    assert "Reader|bob: “12 May 2016, as the court found' on” 24 Nov" in [
        *lines_of_page(desk.lay_open())
    ]


def test_only_the_reader_is_found_as_you(desk: Desk) -> None:
    """Not somebody who is called so."""
    for name in ("You", "ＹＯＵ", desk.notebook().author):
        annotate_as(desk, name)
    open_case = desk.lay_open()
    notes = open_case.notebook.notes
    found = matching_notes(open_case, notes, parse_query("author:you", query_names(open_case)))
    assert {note.author for note in found} == {open_case.notebook.author}
    others = matching_notes(open_case, notes, parse_query("-author:you", query_names(open_case)))
    assert {note.author for note in others} == {"You", "ＹＯＵ"}


def test_every_view_and_verb_quotes_such_a_name(desk: Desk, run: Run, anna: Colleague) -> None:
    """In the heads of notes and their histories, in what is printed, and before a merge."""
    annotate_as(desk, "You")
    assert any(line.startswith("|“You”, 24 Nov") for line in lines_of_page(desk.lay_open()))
    (note,) = (one for one in desk.notebook().notes if one.is_written)
    assert revisions.page_of_revision(note, revisions.revision_lines(note)[0]).title.startswith(
        "“You”, 24 Nov"
    )
    anna.name = "You"
    kept = anna.write("one")
    when = f"{kept.modified.astimezone():%-d %b %Y %H:%M}"
    assert f"{when}, “You”, note on" in run(anna, "notes", "demo")[1]
    assert f"“You”, {when}:" in run(anna, "notes", "demo", "--format", "md")[1]
    assert f"{when}, “You”: new note" in run(anna, "log", "demo")[1]
    pack = str(anna.home / "notes.tar")
    assert run(anna, "notes", "pack", "demo", pack)[0] == 0
    assert f"“You”, {when}" in run(anna, "notes", "forget", kept.id, "--yes")[1]
    assert "by “You”, as the notes say" in run(anna, "notes", "merge", pack, "--yes")[1]
