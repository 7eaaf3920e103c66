"""Filtering a pane: which rows a query leaves, how it is typed, kept, cleared and come back to."""

from __future__ import annotations

import pytest
from noted_case import annotate_all, leave_draft
from screens import Desk, Reader, TextScreen
from syrupy.assertion import SnapshotAssertion

from casefile.query import QueryError, parse_query
from casefile.text.inert import first_line
from casefile.tui.find_line import FindLine
from casefile.views.case_panes import panes_of
from casefile.views.filtering import (
    Filter,
    FilteredPane,
    matching_notes,
    query_names,
)
from casefile.views.finding import Finder
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, HeadingRow, NoteRow, NotesOrder


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with the text of a screen that was looked at before."""
    return snapshot.use_extension(TextScreen)


def left(open_case: OpenCase, title: str, written: str, order: NotesOrder = "time") -> FilteredPane:
    """Return what a query leaves of a pane."""
    drafts = open_case.drafts.unfinished()
    pane = next(one for one in panes_of(open_case, order, drafts) if one.title == title)
    query = parse_query(written, query_names(open_case))
    return Filter(open_case, Finder(open_case)).filter_pane(pane, query, drafts)


def notes_left(desk: Desk, written: str) -> list[str]:
    """Return the entry and the first line of each note or draft that a query leaves."""
    open_case = desk.lay_open()
    told = []
    for row in left(open_case, "Notes", written).pane.selectable_rows:
        note = open_case.notebook.note(row.note) if isinstance(row, NoteRow) else None
        draft = row.draft if isinstance(row, DraftRow) else None
        bodies = [one.body for one in (draft, note and note.current) if one]
        told.append(f"{row.entry}: {first_line(bodies[0])}".strip())
    return told


async def filter_by(reader: Reader, query: str) -> None:
    """Filter the open pane."""
    await reader.press("f")
    await reader.type(query)
    await reader.press("enter")


def rows_of(reader: Reader) -> list[str]:
    """Return the entries of the rows that are shown."""
    return [row.entry for row in reader.case_screen.entry_list.pane.selectable_rows]


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("tag:press", ["tip: Where from?"]),
        ("tag:release -is:tag", ["tip: Where from?"]),
        ("check:wrong", ["arrests:", "export: 31 kg, not 30."]),
        ("check:checked", ["arrests:"]),
        ("check:disputed", ["arrests:", "arrests:"]),
        ("check:needs", ["hsi:"]),
        ("author:msmith", ["arrests:", "arrests: I count 20."]),
        ("author:you is:reply", ["tip: They answered."]),
        ("author:jdoe is:star", ["hsi:"]),
        ("is:private", ["arrests: I count 20."]),
        ("is:orphan", ["old-raid: Another day."]),
        ("is:changed", ["hsi: As it was then."]),
        ("is:draft", ["tip: Half a tho"]),
        ("is:stale", []),
        ("is:conflict", []),
        ("on:tip is:reply,draft", ["tip: Half a tho", "tip: They answered."]),
        ("kind:party is:note", ["hsi: As it was then."]),
        ("OFFICE is:note", ["tip: Where from?"]),
        ('"the office"', ["tip: Where from?"]),
        ("raid", ["old-raid: Another day."]),
    ],
)
def test_notes_are_asked_for_by_what_they_are(desk: Desk, query: str, notes: list[str]) -> None:
    """Each name asks for what it says; words for the text, the tags and the title."""
    annotate_all(desk)
    leave_draft(desk)
    assert sorted(notes_left(desk, query)) == sorted(notes)


@pytest.mark.parametrize(
    ("pane", "query", "entries"),
    [
        ("Timeline", "is:note", ["tip", "arrests"]),
        ("Timeline", "is:tag", ["arrests"]),
        ("Timeline", "is:draft", ["tip"]),
        ("Timeline", "is:private", ["arrests"]),
        ("Timeline", "tag:release", ["tip", "arrests"]),
        ("Timeline", "check:wrong", ["export", "arrests"]),
        ("Timeline", "check:disputed", ["arrests"]),
        ("Timeline", "check:checked author:msmith", ["arrests"]),
        ("Timeline", '"i count 20"', ["arrests"]),
        ("Timeline", "on:tip", ["tip"]),
        ("Timeline", "kind:party", []),
        ("Parties", "is:star,changed", ["hsi"]),
        ("Parties", "-check:none", ["hsi"]),
    ],
)
def test_entries_answer_with_their_notes(
    desk: Desk, pane: str, query: str, entries: list[str]
) -> None:
    """An entry has the tags, checks and states of what is on it, and its page for a text."""
    annotate_all(desk)
    leave_draft(desk)
    found = left(desk.lay_open(), pane, query)
    assert [row.entry for row in found.pane.selectable_rows] == entries


def test_what_no_longer_counts_is_to_check(desk: Desk) -> None:
    """A verdict on an entry that has changed is stale and asks to be made again, and no more."""
    path = desk.write_case('[[event]]\nid = "raid"\ntitle = "A raid"\n')
    open_case = desk.lay_open(path)
    target = note_target(open_case, "raid", "A raid")
    open_case.notebook.assess("raid", "wrong", target)
    desk.write_case('[[event]]\nid = "raid"\ntitle = "Two raids"\n')
    open_case = desk.lay_open(path)
    for query, is_left in {
        "check:stale": True,
        "check:to-check": True,
        "is:stale": True,
        "is:changed": True,
        "check:wrong": False,
        "check:none": False,
    }.items():
        for pane in ("Timeline", "Notes"):
            assert bool(left(open_case, pane, query).pane.rows) is is_left, (pane, query)


def test_what_is_asked_follows_the_notes(desk: Desk) -> None:
    """After another verdict the same filter gives what is so now, for the old note too."""
    open_case = desk.lay_open()
    notebook = open_case.notebook
    target = note_target(open_case, "tip", "Tip")
    notebook.assess("tip", "checked", target)
    asked = Filter(open_case, Finder(open_case))
    query = parse_query("check:disputed", query_names(open_case))
    assert not list(asked.notes(notebook.notes, query))
    other = desk.notebook()
    other.author = "msmith"
    other.assess("tip", "wrong", target)
    notebook.refresh(thorough=True)
    assert len(list(asked.notes(notebook.notes, query))) == 2


def test_headings_without_rows_vanish(desk: Desk) -> None:
    """Only those stay under which something is left."""
    annotate_all(desk)
    found = left(desk.lay_open(), "Notes", "author:msmith", "author")
    heading, *rows = found.pane.rows
    assert heading == HeadingRow("msmith")
    assert list(map(type, rows)) == [NoteRow, NoteRow]
    found = left(desk.lay_open(), "Notes", "is:orphan", "entry")
    heading, *rows = found.pane.rows
    assert heading == HeadingRow("Gone from the case file")
    assert list(map(type, rows)) == [NoteRow]


def test_the_nearest_row_is_never_a_heading(desk: Desk) -> None:
    """From any row of the whole pane the nearest that is left is a note."""
    annotate_all(desk)
    found = left(desk.lay_open(), "Notes", "author:msmith", "author")
    for place in range(len(found.whole.rows)):
        assert isinstance(found.pane.rows[found.nearest(place)], NoteRow)


def test_notes_are_filtered_without_a_screen(desk: Desk) -> None:
    """For the command line: the notes that a query holds for, in the order they came in."""
    annotate_all(desk)
    open_case = desk.lay_open()
    notes = open_case.notebook.notes
    found = matching_notes(
        open_case, notes, parse_query("check:wrong -author:you", query_names(open_case))
    )
    assert [(note.current.entry, note.author) for note in found] == [("arrests", "msmith")]
    assert matching_notes(open_case, notes, parse_query("", query_names(open_case))) == notes
    with pytest.raises(QueryError, match="“tag:” needs a value"):
        parse_query("tag:", query_names(open_case))


def test_values_are_those_of_the_case(desk: Desk) -> None:
    """What no note bears is a slip, and the nearest that one bears is named."""
    annotate_all(desk)
    open_case = desk.lay_open()
    with pytest.raises(QueryError, match="the nearest is “release”"):
        parse_query("tag:relaese", query_names(open_case))
    assert str(parse_query("tag:rel", query_names(open_case))) == "tag:release"


async def test_rows_follow_what_is_typed(desk: Desk) -> None:
    """Rows leave and come back with each key; the cursor stays on its row, else goes near."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("j")
        count = len(rows_of(reader))
        await reader.press("f")
        await reader.type("check:")
        assert len(rows_of(reader)) == count
        await reader.type("wrong")
        assert rows_of(reader) == ["export", "arrests"]
        assert reader.entry in ("export", "arrests")
        assert f"2 of {count}" in reader.text.splitlines()[-1]
        await reader.press(*["backspace"] * len("check:wrong"))
        await reader.type("office")
        assert reader.entry == "tip"
        assert reader.page == "HSI New Orleans obtains information on a supplier"


async def test_enter_keeps_it_and_backspace_clears_it(desk: Desk) -> None:
    """The line under the panes tells it, and the cursor stays on its row when it is cleared."""
    annotate_all(desk)
    async with desk.open() as reader:
        whole = rows_of(reader)
        await filter_by(reader, "check:wrong")
        assert f"check:wrong · 2 of {len(whole)}" in reader.text.splitlines()[2]
        assert reader.case_screen.entry_list.has_focus
        await reader.press("j", "backspace")
        assert (reader.entry, rows_of(reader)) == ("arrests", whole)
        await reader.press("backspace")
        assert reader.message == "This pane is not filtered · press f to filter it"


async def test_escape_in_the_line_goes_back_to_what_was(desk: Desk) -> None:
    """The filter before, its rows, and the cursor."""
    annotate_all(desk)
    async with desk.open() as reader:
        await filter_by(reader, "check:wrong")
        await reader.press("j", "f")
        await reader.type(" nothing")
        assert rows_of(reader) == []
        assert "Backspace clears the filter" in reader.text
        await reader.press("escape")
        assert (rows_of(reader), reader.entry) == (["export", "arrests"], "arrests")


async def test_a_slip_is_told_in_the_line(desk: Desk) -> None:
    """What is wrong, and what would be right; on Enter all is as before the line was opened.

    While it is typed, the rows are as “check:wro” left them, the last that could be understood.
    """
    annotate_all(desk)
    async with desk.open() as reader:
        whole = rows_of(reader)
        await reader.press("f")
        await reader.type("is:note check:wro")
        await reader.type("gn")
        line = reader.text.splitlines()[-1]
        assert "“check:” has no value “wrogn”; the nearest is “wrong”" in line
        assert rows_of(reader) == ["arrests"]
        await reader.press("enter")
        assert reader.message.startswith("Invalid filter: “check:” has no value “wrogn”")
        assert "(at character 15)" in reader.message
        assert rows_of(reader) == whole


async def test_escape_clears_marks_then_the_filter_then_goes_back(desk: Desk) -> None:
    """One thing at a time, the last one done first."""
    annotate_all(desk)
    async with desk.open() as reader:
        whole = rows_of(reader)
        await reader.press("2", "1")
        await filter_by(reader, "check:wrong")
        await reader.press("slash")
        await reader.type("arrests")
        await reader.press("enter")
        assert reader.entry == "arrests"
        assert f"check:wrong · 2 of {len(whole)} · “arrests” 1 of 1" in reader.text
        await reader.press("escape")
        assert rows_of(reader) == ["export", "arrests"]
        await reader.press("escape")
        assert (rows_of(reader), reader.pane) == (whole, "Timeline")
        await reader.press("escape")
        assert reader.pane == "Parties"


async def test_escape_leaves_the_page_before_it_clears_the_filter(desk: Desk) -> None:
    """A page that was entered from filtered rows leads back to them."""
    annotate_all(desk)
    async with desk.open() as reader:
        await filter_by(reader, "check:wrong")
        await reader.press("enter", "escape")
        assert rows_of(reader) == ["export", "arrests"]
        assert reader.case_screen.entry_list.has_focus


async def test_the_words_of_a_filter_are_marked(desk: Desk) -> None:
    """As found words are, until the filter is cleared; found words come first."""
    async with desk.open() as reader:
        await filter_by(reader, "check:none laboratory")
        marked = reader.case_screen.entry_list.highlighted_query
        assert marked is not None
        assert marked.words == ("laboratory",)
        await reader.press("2")
        assert reader.case_screen.entry_list.highlighted_query is None
        await reader.press("1", "backspace")
        assert reader.case_screen.entry_list.highlighted_query is None


async def test_a_link_to_a_hidden_row_clears_the_filter(desk: Desk) -> None:
    """What is gone to is shown, and it is said why all rows are there again; going back filters."""
    annotate_all(desk)
    async with desk.open() as reader:
        await filter_by(reader, "check:wrong")
        await reader.press("9")
        await filter_by(reader, "is:reply")
        await reader.press("enter")
        assert (reader.pane, reader.entry) == ("Timeline", "tip")
        assert reader.message == "The filter check:wrong hid this row, and is cleared."
        assert len(rows_of(reader)) > 2
        await reader.press("escape")
        assert len(rows_of(reader)) == 1
        await reader.press("escape", "escape")
        assert (reader.pane, rows_of(reader)) == ("Timeline", ["export", "arrests"])


async def test_a_filter_is_changed_where_it_was_typed(desk: Desk) -> None:
    """`f` shows it again; Tab keeps what was typed, and an emptied line clears it."""
    annotate_all(desk)
    async with desk.open() as reader:
        whole = rows_of(reader)
        await filter_by(reader, "check:wr")
        await reader.press("f")
        await reader.type(" 31")
        assert "f check:wrong 31" in reader.text
        await reader.press("tab")
        assert rows_of(reader) == ["export"]
        await reader.press("f", *["backspace"] * 20, "enter")
        assert rows_of(reader) == whole


async def test_keys_typed_ahead_reach_the_line(desk: Desk) -> None:
    """However fast they come, letters after `f` are the query's."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("f", *"is:tag", "enter")
        assert rows_of(reader) == ["arrests"]
        assert not reader.screen.query(FindLine)


async def test_from_a_source_the_list_is_filtered(desk: Desk) -> None:
    """The source that lies over the list is put away first."""
    (desk.folder / "report.txt").write_text("Four barrels.\n", encoding="utf-8")
    rows = """
        [[source]]
        id = "report"
        title = "Report"
        file = "report.txt"
        [[event]]
        id = "search"
        title = "The Anna is searched"
        cites = "report, para 1"
        """
    async with desk.open(desk.write_case(rows)) as reader:
        await reader.press("s")
        assert reader.is_source_open
        await filter_by(reader, "anna")
        assert not reader.is_source_open
        assert rows_of(reader) == ["search"]


async def test_a_filter_stays_in_the_pane_for_which_it_is_typed(desk: Desk) -> None:
    """Going to another pane, by the mouse or the palette, takes no filter along."""
    async with desk.open(size=(100, 30)) as reader:
        await reader.press("f", *"laborat")
        await reader.click(reader.text.splitlines()[1].index("Parties"), 1)
        assert (reader.pane, reader.session.filter_query) == ("Parties", None)
        await reader.press("f", *"chin", "ctrl+p", *"timeline", "enter")
        assert (reader.pane, str(reader.session.filter_query)) == ("Timeline", "laborat")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=["60x20", "80x24", "120x40"])
async def test_a_filtered_pane(
    desk: Desk, screen_snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    """What the pane is filtered by and how much that leaves stand at the right, never cut."""
    annotate_all(desk)
    async with desk.open(size=size) as reader:
        await reader.press("9", "o", "o")
        await filter_by(reader, "tag:release office")
        assert reader.text == screen_snapshot
