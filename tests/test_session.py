"""The state of reading without a screen: panes, filters, found words, the way back, changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from noted_case import annotate_all, leave_draft
from screens import Desk, read_again

from casefile.case.difference.entry_changes import entry_changes
from casefile.case.reader import read_case
from casefile.notes.annotation import target_of
from casefile.query import Query, parse, parse_query
from casefile.views.entry_page import page_of_row
from casefile.views.filtering import FilteredPane, query_names
from casefile.views.navigation import History, Place
from casefile.views.page import Page
from casefile.views.panes import NOTES_ORDERS, DraftRow, EntryRow, HeadingRow, NoteRow
from casefile.views.pass_summary import progress_in_words
from casefile.views.session import (
    CaseChanged,
    Event,
    FoundChanged,
    PaneFiltered,
    PaneOpened,
    PanesChanged,
    Session,
)
from casefile.views.visit_changes import counts_in_words

EVENTS = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(5))
PARTIES = "".join(f'[[party]]\nid = "p{n}"\nname = "Party {n}"\n' for n in range(3))
MANY = "".join(f'[[event]]\nid = "m{n}"\ntitle = "Event {n}"\n' for n in range(150))


@pytest.fixture
def session(desk: Desk) -> Session:
    """Return a session in the bundled case, without notes."""
    return Session(desk.lay_open())


@pytest.fixture(scope="module")
def annotated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with notes of every kind on the bundled case: each is flushed to disk once."""
    desk = Desk(tmp_path_factory.mktemp("annotated"))
    annotate_all(desk)
    return desk.folder / "home"


@pytest.fixture
def annotated(desk: Desk, annotated_home: Path) -> Session:
    """Return a session in the bundled case, with notes of every kind on it."""
    shutil.copytree(annotated_home, desk.folder / "home")
    return Session(desk.lay_open())


def session_in(desk: Desk, rows: str) -> Session:
    """Return a session in a small case."""
    return Session(desk.lay_open(desk.write_case(rows)))


def events_of(session: Session, act: Callable[[], object]) -> list[Event]:
    """Return the events that a session tells while something is done to it."""
    told: list[Event] = []
    session.listener = told.append
    act()
    return told


def pane_number(session: Session, title: str) -> int:
    """Return the place of a pane among all panes."""
    return [pane.title for pane in session.panes].index(title)


def go_to_pane(session: Session, title: str) -> None:
    """Leave the place for a pane, as its key does."""
    session.history.leave(session.place)
    session.open_pane(pane_number(session, title))


def go_back(session: Session) -> None:
    """Go back to the place before, as the key for it does."""
    place = session.history.go_back(session.place)
    assert place is not None
    session.return_to(place)


def go_forward(session: Session) -> None:
    """Go forward again, as the key for it does."""
    place = session.history.go_forward(session.place)
    assert place is not None
    session.return_to(place)


def put_cursor(session: Session, entry: str) -> None:
    """Put the cursor on the row of an entry of the open pane."""
    place = session.pane.place_of(entry)
    assert place is not None
    session.viewport.cursor = place


def query(session: Session, written: str) -> Query:
    """Parse a query on the case of a session."""
    return parse_query(written, query_names(session.open_case))


def filter_by(session: Session, written: str) -> None:
    """Filter the open pane from where the cursor is; an empty query shows all of it."""
    session.filter_pane(query(session, written) or None, session.cursor_in_whole)


def entries_left(session: Session) -> list[str]:
    """Return the entries of the rows that the filter of the open pane leaves."""
    return [row.entry for row in session.pane.selectable_rows]


def found_entries(session: Session) -> list[str]:
    """Return the entries of the rows that hold the words looked for."""
    assert session.found is not None
    rows = [session.pane.rows[place] for place in session.found.places]
    return [row.entry for row in rows if not isinstance(row, HeadingRow)]


def where(session: Session) -> tuple[str, str | None]:
    """Return the title of the open pane, and the entry of the selected row."""
    return session.pane.title, session.entry_id


def text_of(page: Page) -> str:
    """Return what a page says."""
    return "\n".join(item.text for section in page.sections for item in section.items)


# Panes and rows


def test_session_begins_at_first_row_of_first_pane(session: Session) -> None:
    """The timeline is open at its first entry; nothing is filtered, found or remembered."""
    assert where(session) == ("Timeline", "export")
    assert (session.viewport.cursor, session.viewport.top) == (0, 0)
    assert (session.filtered, session.found, session.history.last) == (None, None, None)
    assert not session.has_verification


def test_pane_without_rows_has_no_selected_row(desk: Desk) -> None:
    """An empty timeline has neither a row nor an entry under the cursor."""
    session = session_in(desk, "")
    assert (session.row, session.entry_id) == (None, None)
    assert session.place == Place("Timeline", None)


def test_pane_opens_where_it_was_left(session: Session) -> None:
    """The cursor and the top line of each pane are as they were when another was opened."""
    session.open_pane(pane_number(session, "Parties"))
    session.viewport.cursor, session.viewport.top = 20, 11
    session.open_pane(pane_number(session, "Timeline"))
    session.viewport.cursor = 1
    session.open_pane(pane_number(session, "Parties"))
    assert (session.viewport.cursor, session.viewport.top) == (20, 11)
    session.open_pane(pane_number(session, "Timeline"))
    assert session.entry_id == "tip"


def test_pane_opens_at_the_entry_it_was_left_at(desk: Desk) -> None:
    """An entry that is new in the file moves the others, and the cursor with them."""
    session = session_in(desk, EVENTS + PARTIES)
    put_cursor(session, "e2")
    session.open_pane(1)
    early = '[[event]]\nid = "early"\ntitle = "Early"\n'
    read_again(session, read_case(desk.write_case(early + EVENTS + PARTIES)))
    session.open_pane(0)
    assert session.entry_id == "e2"


def test_pane_opens_at_given_row(session: Session) -> None:
    """A row and a top line that are given count more than where the pane was left."""
    session.open_pane(1)
    session.viewport.cursor = 9
    session.open_pane(0)
    session.open_pane(1, 4, 2)
    assert (session.viewport.cursor, session.viewport.top) == (4, 2)


def test_viewport_stays_the_same_object(session: Session) -> None:
    """A list that shows the rows may hold on to the viewport."""
    viewport = session.viewport
    session.open_pane(1)
    filter_by(session, "hsi")
    session.lay_out()
    assert session.viewport is viewport


def test_heading_is_never_selected(desk: Desk) -> None:
    """On a heading, the cursor goes to the row below it."""
    session = session_in(desk, f'{EVENTS}date = "2021-03-04"\n')
    heading = next(
        place for place, row in enumerate(session.pane.rows) if isinstance(row, HeadingRow)
    )
    session.open_pane(0, heading)
    assert session.viewport.cursor == heading + 1
    assert session.entry_id == "e0"
    session.viewport.cursor = heading
    assert where(session) == ("Timeline", None)


def test_first_heading_is_never_selected(annotated: Session) -> None:
    """A pane that begins with a heading opens at the row below it."""
    annotated.notes_order = "author"
    annotated.lay_out()
    annotated.open_pane(pane_number(annotated, "Notes"))
    assert isinstance(annotated.pane.rows[0], HeadingRow)
    assert annotated.viewport.cursor == 1


def test_row_beyond_end_is_the_last(session: Session) -> None:
    """A pane that has become shorter opens at its last row."""
    session.open_pane(pane_number(session, "Quotes"), 99)
    assert session.entry_id == "quote-xiao-2"


def test_pane_of_number_key(session: Session) -> None:
    """The keys 1 to 9 and 0 lead to the panes that have these numbers."""
    assert session.numbered_pane("1") == 0
    assert session.numbered_pane("8") == pane_number(session, "Sources")
    assert session.numbered_pane("0") == len(session.panes) - 1
    assert session.numbered_pane("9") is None


def test_pane_of_an_entry(session: Session) -> None:
    """Each kind of entry has its pane; of an entry that is not in the file, it is the notes."""
    assert session.pane_of("tip") == "Timeline"
    assert session.pane_of("hsi") == "Parties"
    assert session.pane_of("old-raid") == "Notes"


def test_show_entry_opens_its_pane_at_its_row(session: Session) -> None:
    """Nothing has to be cleared for it."""
    assert session.show_entry("hsi-guangzhou") is None
    assert where(session) == ("Parties", "hsi-guangzhou")


def test_show_entry_clears_filter_that_hides_it(annotated: Session) -> None:
    """The filter is returned, so that the reader can be told; the cursor is on the entry."""
    whole = entries_left(annotated)
    filter_by(annotated, "check:wrong")
    annotated.open_pane(1)
    assert annotated.show_entry("tip") == query(annotated, "check:wrong")
    assert where(annotated) == ("Timeline", "tip")
    assert (entries_left(annotated), annotated.filtered) == (whole, None)


def test_show_entry_keeps_filter_that_leaves_it(annotated: Session) -> None:
    """A filter of the pane that does not hide the entry stays."""
    filter_by(annotated, "check:wrong")
    annotated.open_pane(1)
    assert annotated.show_entry("arrests") is None
    assert entries_left(annotated) == ["export", "arrests"]
    assert where(annotated) == ("Timeline", "arrests")


def test_show_missing_entry_does_nothing(annotated: Session) -> None:
    """An entry that no pane has leaves everything as it is."""
    annotated.open_pane(1)
    assert events_of(annotated, lambda: annotated.show_entry("nowhere")) == []
    assert where(annotated) == ("Parties", "ice")


def test_show_missing_entry_with_note(annotated: Session) -> None:
    """An entry that is no longer in the file is shown at its note."""
    annotated.show_entry("old-raid")
    assert where(annotated) == ("Notes", "old-raid")


def test_place_in_words(session: Session, desk: Desk) -> None:
    """The pane, the number of the row without headings, and what the rows come to."""
    session.open_pane(0, len(session.pane.rows) - 1)
    assert session.place_in_words == "Timeline · 21 of 21 · Aug 2017 – Jan 2018 or later"
    session.open_pane(1, 1)
    assert session.place_in_words == "Parties · 2 of 23"
    assert session_in(desk, "").place_in_words == "Timeline · nothing here"


# Filtering


def test_filter_leaves_matching_rows(annotated: Session) -> None:
    """The pane has the rows that match, and what it was without the filter is kept."""
    whole = annotated.pane
    filter_by(annotated, "check:wrong")
    assert entries_left(annotated) == ["export", "arrests"]
    assert annotated.filter_query == query(annotated, "check:wrong")
    assert annotated.whole_pane is whole
    assert annotated.filtered is not None
    assert annotated.filtered.in_words == f"2 of {whole.count}"


@pytest.mark.parametrize(
    ("at", "nearest"),
    [("export", "export"), ("arrests", "arrests"), ("tip", "export"), ("discussion", "arrests")],
)
def test_filter_keeps_row_or_selects_nearest(annotated: Session, at: str, nearest: str) -> None:
    """The cursor stays on its row if that is left, else it goes to the nearest one."""
    put_cursor(annotated, at)
    filter_by(annotated, "check:wrong")
    assert annotated.entry_id == nearest


def test_filter_never_selects_heading(annotated: Session) -> None:
    """Where the rows that are left begin with a heading, the row below it is selected."""
    annotated.notes_order = "author"
    annotated.lay_out()
    annotated.open_pane(pane_number(annotated, "Notes"))
    filter_by(annotated, "author:msmith")
    assert annotated.pane.rows[0] == HeadingRow("msmith")
    assert isinstance(annotated.row, NoteRow)


def test_cursor_in_whole_pane(annotated: Session) -> None:
    """The place of a filtered row is that which it has without the filter."""
    put_cursor(annotated, "arrests")
    place = annotated.viewport.cursor
    assert annotated.cursor_in_whole == place
    filter_by(annotated, "check:wrong")
    assert (annotated.viewport.cursor, annotated.cursor_in_whole) == (1, place)


def test_filter_that_leaves_nothing(annotated: Session) -> None:
    """No row is selected, and clearing the filter goes back to where the cursor was."""
    put_cursor(annotated, "talks")
    place = annotated.viewport.cursor
    filter_by(annotated, "nosuchword")
    assert (entries_left(annotated), annotated.row, annotated.entry_id) == ([], None, None)
    assert annotated.pane.empty == "Backspace clears the filter nosuchword"
    assert annotated.cursor_in_whole == place
    annotated.clear_filter()
    assert annotated.entry_id == "talks"


def test_filters_that_leave_nothing_in_several_panes(session: Session) -> None:
    """Clearing each goes back to where the cursor was in its pane."""
    put_cursor(session, "talks")
    filter_by(session, "nosuchword")
    session.open_pane(1)
    put_cursor(session, "diana")
    filter_by(session, "nosuchword")
    session.open_pane(0)
    session.clear_filter()
    assert where(session) == ("Timeline", "talks")
    session.open_pane(1)
    session.clear_filter()
    assert where(session) == ("Parties", "diana")


def test_next_filter_begins_with_all_rows(annotated: Session) -> None:
    """Another filter replaces the one before; an empty one shows all rows again."""
    whole = entries_left(annotated)
    filter_by(annotated, "check:wrong")
    filter_by(annotated, "is:note")
    assert entries_left(annotated) == ["tip", "arrests"]
    filter_by(annotated, "")
    assert (entries_left(annotated), annotated.filtered) == (whole, None)


def test_clearing_filter_stays_on_row(annotated: Session) -> None:
    """All rows are there again, the cursor is on the same one, and the top line stays."""
    whole = entries_left(annotated)
    filter_by(annotated, "check:wrong")
    annotated.viewport.cursor, annotated.viewport.top = 1, 1
    annotated.clear_filter()
    assert (annotated.entry_id, entries_left(annotated)) == ("arrests", whole)
    assert annotated.viewport.top == 1


def test_each_pane_has_a_filter_of_its_own(annotated: Session) -> None:
    """It is still there on coming back, after a note was kept, and after reading the file again."""
    filter_by(annotated, "check:wrong")
    go_to_pane(annotated, "Parties")
    assert len(entries_left(annotated)) > 2
    filter_by(annotated, "is:star")
    go_to_pane(annotated, "Timeline")
    assert entries_left(annotated) == ["export", "arrests"]
    annotated.open_case.notebook.keep_new("export", "Kept.", target_of("Export", {}))
    annotated.lay_out()
    read_again(annotated, read_case(annotated.open_case.case_file.path))
    assert entries_left(annotated) == ["export", "arrests"]
    go_to_pane(annotated, "Parties")
    assert entries_left(annotated) == ["hsi"]


def test_filter_holds_for_notes_as_they_are_now(annotated: Session) -> None:
    """An entry leaves the filtered rows once its note is deleted."""
    filter_by(annotated, "is:note")
    assert entries_left(annotated) == ["tip", "arrests"]
    note, _reply = annotated.open_case.notebook.on("tip")
    annotated.open_case.notebook.delete(note.id)
    annotated.lay_out()
    assert where(annotated) == ("Timeline", "arrests")
    assert entries_left(annotated) == ["arrests"]


def test_filter_holds_for_file_as_it_is_now(desk: Desk) -> None:
    """An entry that changes in the file leaves the filtered rows, and comes back to them."""
    session = session_in(desk, EVENTS)
    filter_by(session, "event -two")
    assert entries_left(session) == ["e0", "e1", "e2", "e3", "e4"]
    read_again(session, read_case(desk.write_case(EVENTS.replace("Event 2", "Event two"))))
    assert entries_left(session) == ["e0", "e1", "e3", "e4"]
    read_again(session, read_case(desk.write_case(EVENTS)))
    assert entries_left(session) == ["e0", "e1", "e2", "e3", "e4"]


def test_query_names_have_values_of_the_case(annotated: Session) -> None:
    """A tag that is in use can be asked for."""
    assert "release" in (query_names(annotated.open_case)["tag"] or ())


# Finding


def test_words_are_found_in_open_pane(session: Session) -> None:
    """The rows that hold the words are found, in their order."""
    session.look_for(parse("laboratory"))
    found = found_entries(session)
    assert found[0] == "task-force-investigation"
    assert len(found) >= 2
    assert session.found is not None
    assert session.found.query == parse("laboratory")


def test_finding_ends(session: Session) -> None:
    """Without words nothing is looked for any more, also in the next pane."""
    session.look_for(parse("laboratory"))
    session.look_for(None)
    assert session.found is None
    session.open_pane(1)
    assert session.found is None


def test_words_are_found_in_next_pane(session: Session) -> None:
    """The same words are looked for in each pane that is opened."""
    session.look_for(parse("annello"))
    assert found_entries(session) == []
    session.open_pane(pane_number(session, "Quotes"))
    assert found_entries(session) == ["quote-annello"]


def test_words_are_found_within_what_filter_leaves(annotated: Session) -> None:
    """Going to the next match goes round the rows that are shown."""
    filter_by(annotated, "check:wrong")
    annotated.look_for(parse("e"))
    found = annotated.found
    assert found is not None
    assert found_entries(annotated) == ["export", "arrests"]
    assert found.in_words(found.at_or_after(0)) == "“e” 1 of 2"
    assert (found.at_or_after(1), found.at_or_after(2)) == (1, 0)
    assert (found.at_or_before(-1), annotated.pane.rows[1]) == (1, EntryRow("arrests"))


def test_filtering_looks_again(annotated: Session) -> None:
    """The places of found words are those in the rows that the filter leaves, then in all rows."""
    annotated.look_for(parse("arrests"))
    before = found_entries(annotated)
    assert len(before) > 1
    filter_by(annotated, "check:wrong")
    assert found_entries(annotated) == ["arrests"]
    assert annotated.found is not None
    assert annotated.found.places == (1,)
    annotated.clear_filter()
    assert found_entries(annotated) == before


def test_laying_out_looks_again(desk: Desk) -> None:
    """Words that a new note has are found on its entry."""
    session = session_in(desk, EVENTS)
    session.look_for(parse("barrels"))
    assert found_entries(session) == []
    session.open_case.notebook.keep_new("e3", "Four barrels.", target_of("Event 3", {}))
    session.lay_out()
    assert found_entries(session) == ["e3"]


def test_reading_again_looks_again(desk: Desk) -> None:
    """Words are found in the file as it is now."""
    session = session_in(desk, EVENTS)
    session.look_for(parse("event"))
    early = '[[event]]\nid = "early"\ntitle = "Event early"\n'
    read_again(session, read_case(desk.write_case(early + EVENTS.replace("Event 4", "4"))))
    assert found_entries(session) == ["early", "e0", "e1", "e2", "e3", "e4"]
    session.look_for(parse('"event 2"'))
    read_again(session, read_case(desk.write_case(EVENTS.replace("Event 2", "Event two"))))
    assert found_entries(session) == []


class SomeLines:
    """Lines of a text, such as a source, in which words are found."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def matching_lines(self, query: Query) -> tuple[int, ...]:
        """Return the numbers of the lines that hold the words of a query."""
        return tuple(place for place, line in enumerate(self.lines) if query.matches(line))


def test_words_are_found_in_other_lines(session: Session) -> None:
    """While lines beside the rows are searched, neither panes nor filters change what is found."""
    lines = SomeLines("four barrels", "a crane", "the barrels")
    session.look_for(parse("barrels"), lines)
    assert session.found is not None
    assert session.found.places == (0, 2)
    session.open_pane(1)
    filter_by(session, "hsi")
    session.lay_out()
    assert session.found.places == (0, 2)
    session.look_for(parse("hsi"))
    assert set(found_entries(session)) == set(entries_left(session))


def test_nothing_is_found_in_large_pane_until_it_is_folded(desk: Desk) -> None:
    """A pane in which finding takes long is not searched by a key; it is folded in steps first."""
    session = session_in(desk, MANY)
    assert not session.finder.fold_small([session.pane])
    session.look_for(parse("event"))
    assert session.found is not None
    assert session.found.places == ()
    steps = list(session.finder.fold_in_steps([session.pane]))
    assert steps == [100 / len(session.pane.rows)]
    assert session.finder.fold_small([session.pane])
    session.look_for(parse("event"))
    assert len(session.found.places) == 150


def test_small_panes_need_no_folding(session: Session) -> None:
    """All panes of the bundled case can be searched at once."""
    assert session.finder.fold_small(session.panes)
    assert list(session.finder.fold_in_steps(session.panes)) == []


def test_words_that_are_in_other_panes(session: Session) -> None:
    """The panes that hold them are named; or it is said that no pane does."""
    elsewhere = session.finder.elsewhere_in_words(session.panes, session.pane, parse("annello"))
    assert elsewhere.startswith("“annello” is not here, but in 2 Parties, 4 Quotes")
    nowhere = session.finder.elsewhere_in_words(session.panes, session.pane, parse("zebra"))
    assert nowhere == "“zebra” is nowhere in this case."


# History


def test_back_and_forward(session: Session) -> None:
    """The way is walked back and forward, row by row, like a browser's."""
    put_cursor(session, "tip")
    go_to_pane(session, "Parties")
    put_cursor(session, "hsi")
    go_to_pane(session, "Quotes")
    go_back(session)
    assert where(session) == ("Parties", "hsi")
    go_back(session)
    assert where(session) == ("Timeline", "tip")
    go_forward(session)
    go_forward(session)
    assert session.pane.title == "Quotes"
    assert session.history.go_forward(session.place) is None


def test_beginning_of_history(session: Session) -> None:
    """From the first place there is nowhere to go back to, and going forward still works."""
    go_to_pane(session, "Parties")
    go_back(session)
    assert session.history.go_back(session.place) is None
    go_forward(session)
    assert session.pane.title == "Parties"


def test_going_elsewhere_forgets_what_is_ahead(session: Session) -> None:
    """After going back, a new way replaces the one that was gone before."""
    go_to_pane(session, "Parties")
    go_back(session)
    go_to_pane(session, "Quotes")
    assert session.history.go_forward(session.place) is None
    go_back(session)
    assert where(session) == ("Timeline", "export")


def test_place_left_twice_is_remembered_once(session: Session) -> None:
    """Going back always leads to another place than this one."""
    session.history.leave(session.place)
    session.history.leave(session.place)
    assert session.history.go_back(session.place) is None
    session.open_pane(1)
    session.history.leave(Place("Timeline", EntryRow("tip")))
    session.history.leave(session.place)
    go_back(session)
    assert where(session) == ("Timeline", "tip")


def test_going_back_to_where_one_is_goes_further(session: Session) -> None:
    """A place that was come back to by another way is passed over."""
    go_to_pane(session, "Quotes")
    go_to_pane(session, "Parties")
    session.open_pane(pane_number(session, "Quotes"))
    go_back(session)
    assert where(session) == ("Timeline", "export")


def test_list_beside_page_is_forgotten() -> None:
    """A page that is left for its list is no step of the way; another place stays."""
    history = History()
    for _ in range(2):
        history.leave(Place("Timeline", EntryRow("tip")))
    history.forget("Timeline", "export")
    history.forget("Parties", "tip")
    assert history.last == Place("Timeline", EntryRow("tip"))
    history.forget("Timeline", "tip")
    assert history.last is None
    history.leave(Place("Timeline", None))
    history.forget("Timeline", None)
    assert history.last is not None


def test_back_and_forward_bring_filters_too(annotated: Session) -> None:
    """A place that was left filtered is come back to filtered, and the other way."""
    whole = entries_left(annotated)
    filter_by(annotated, "check:wrong")
    go_to_pane(annotated, "Parties")
    go_to_pane(annotated, "Timeline")
    annotated.clear_filter()
    go_to_pane(annotated, "Seizures")
    go_back(annotated)
    assert entries_left(annotated) == whole
    go_back(annotated)
    go_back(annotated)
    assert entries_left(annotated) == ["export", "arrests"]
    go_forward(annotated)
    go_forward(annotated)
    assert (annotated.pane.title, entries_left(annotated)) == ("Timeline", whole)


def test_place_that_has_gone(desk: Desk) -> None:
    """Of a row that has gone its pane opens at the first row; of a pane, the first pane."""
    session = session_in(desk, EVENTS + PARTIES)
    put_cursor(session, "e3")
    go_to_pane(session, "Parties")
    session.return_to(Place("Timeline", EntryRow("gone")))
    assert where(session) == ("Timeline", "e0")
    session.open_pane(pane_number(session, "Parties"))
    session.return_to(Place("Notes", NoteRow("e1", "gone"), filter=query(session, "is:note")))
    assert where(session) == ("Timeline", "e0")
    assert session.filtered is None


def test_place_in_open_pane_keeps_top_line(session: Session) -> None:
    """Going back within a pane moves the cursor and not the view; another pane is shown anew."""
    session.open_pane(1, 12, 8)
    session.history.leave(session.place)
    session.viewport.cursor = 15
    go_back(session)
    assert (session.viewport.cursor, session.viewport.top) == (12, 8)
    go_to_pane(session, "Timeline")
    session.viewport.top = 3
    go_back(session)
    assert (session.viewport.cursor, session.viewport.top) == (12, 0)


# Notes and drafts


def test_notes_pane_comes_with_first_note(desk: Desk) -> None:
    """The pane of notes is there once there is a note; the open pane stays."""
    session = session_in(desk, EVENTS)
    assert "Notes" not in [pane.title for pane in session.panes]
    session.open_pane(pane_number(session, "Sources"))
    session.open_case.notebook.keep_new("e1", "One.", target_of("Event 1", {}))
    session.lay_out()
    assert where(session) == ("Sources", "press")
    session.open_pane(pane_number(session, "Notes"))
    assert session.is_at_notes
    assert session.entry_id == "e1"
    (note,) = session.open_case.notebook.notes
    session.open_case.notebook.delete(note.id)
    session.lay_out()
    assert where(session) == ("Timeline", "e0")
    assert not session.is_at_notes


def test_filter_goes_with_its_pane(desk: Desk) -> None:
    """Once the last note is deleted, the filter of the notes is neither kept nor told."""
    session = session_in(desk, EVENTS)
    notebook, target = session.open_case.notebook, target_of("Event 1", {})
    first = notebook.keep_new("e1", "One.", target)
    session.lay_out()
    session.open_pane(pane_number(session, "Notes"))
    filter_by(session, "one")
    notebook.delete(first.id)
    session.lay_out()
    assert where(session) == ("Timeline", "e0")
    assert session.show_entry("gone") is None
    notebook.keep_new("e1", "Two.", target)
    session.lay_out()
    session.open_pane(pane_number(session, "Notes"))
    assert (entries_left(session), session.filtered) == (["e1"], None)


def test_orders_of_notes(annotated: Session) -> None:
    """The order goes round all four, and the rows are in it."""
    annotated.open_pane(pane_number(annotated, "Notes"))
    seen = [annotated.notes_order]
    panes = [annotated.pane.rows]
    for _ in NOTES_ORDERS[1:]:
        annotated.turn_notes_order()
        seen.append(annotated.notes_order)
        panes.append(annotated.pane.rows)
    assert tuple(seen) == NOTES_ORDERS
    assert len(set(panes)) == len(NOTES_ORDERS)
    annotated.turn_notes_order()
    assert (annotated.notes_order, annotated.pane.rows) == (NOTES_ORDERS[0], panes[0])


def test_cursor_stays_on_note_in_every_order(desk: Desk, annotated: Session) -> None:
    """In whatever order, the same note is selected; on a draft, the same draft."""
    leave_draft(desk, "export")
    session = annotated
    session.notes_order = "entry"
    session.lay_out()
    session.open_pane(pane_number(session, "Notes"), 2)
    row = session.row
    assert isinstance(row, NoteRow)
    for _ in NOTES_ORDERS:
        session.turn_notes_order()
        assert isinstance(session.row, NoteRow)
        assert session.row.note == row.note
    session.open_pane(session.pane_number, 1)
    for _ in NOTES_ORDERS:
        session.turn_notes_order()
        assert isinstance(session.row, DraftRow)
        assert session.row.draft.entry == "export"


def test_drafts_are_those_in_the_panes(desk: Desk) -> None:
    """An unfinished note is listed from the next laying out on, and answers to a filter."""
    session = session_in(desk, EVENTS)
    assert "Notes" not in [pane.title for pane in session.panes]
    drafts = session.open_case.drafts
    drafts.write(drafts.begin("e2", "Event 2", body="Half"))
    session.lay_out()
    (draft,) = session.drafts
    assert (draft.entry, draft.body) == ("e2", "Half")
    filter_by(session, "is:draft")
    assert entries_left(session) == ["e2"]
    session.open_pane(pane_number(session, "Notes"))
    assert session.row == DraftRow("e2", draft)
    drafts.remove(draft)
    session.lay_out()
    assert session.drafts == ()
    assert where(session) == ("Timeline", None)


def test_row_stays_selected_when_notes_change(desk: Desk) -> None:
    """A newer note comes first in the pane of notes, and the selected one stays selected."""
    session = session_in(desk, EVENTS)
    notebook = session.open_case.notebook
    first = notebook.keep_new("e1", "One.", target_of("Event 1", {}))
    session.lay_out()
    session.open_pane(pane_number(session, "Notes"))
    session.viewport.top = 0
    notebook.keep_new("e2", "Two.", target_of("Event 2", {}))
    session.lay_out()
    assert session.row == NoteRow("e1", first.id)
    assert session.viewport.cursor == 1


def test_draft_stays_selected_when_its_text_changes(desk: Desk) -> None:
    """The row of a draft is the same row when more of it has been typed."""
    session = session_in(desk, EVENTS)
    drafts, notebook = session.open_case.drafts, session.open_case.notebook
    notebook.keep_new("e1", "One.", target_of("Event 1", {}))
    draft = drafts.begin("e2", "Event 2", body="Half")
    drafts.write(draft)
    session.lay_out()
    session.notes_order = "entry"
    session.open_pane(pane_number(session, "Notes"))
    session.lay_out()
    place = session.pane.place_of("e2", draft=draft.id)
    assert place is not None
    session.viewport.cursor = place
    drafts.write(msgspec.structs.replace(draft, body="Half a note"))
    session.lay_out()
    assert isinstance(session.row, DraftRow)
    assert session.row.draft.body == "Half a note"


def test_note_stays_selected_under_its_tag(annotated: Session) -> None:
    """A note that is listed under several tags stays selected under the same one."""
    annotated.notes_order = "tag"
    annotated.lay_out()
    annotated.open_pane(pane_number(annotated, "Notes"))
    places = [
        place
        for place, row in enumerate(annotated.pane.rows)
        if isinstance(row, NoteRow) and row.under == "release" and row.entry == "tip"
    ]
    (annotated.viewport.cursor,) = places
    annotated.lay_out()
    assert [annotated.viewport.cursor] == places


def test_cursor_stays_near_when_row_has_gone(desk: Desk) -> None:
    """Where the selected row is gone, the one that has taken its place is selected."""
    session = session_in(desk, EVENTS)
    put_cursor(session, "e2")
    before = session.open_case.case_file.rows
    path = desk.write_case(EVENTS.replace('[[event]]\nid = "e2"\ntitle = "Event 2"\n', ""))
    read_again(session, read_case(path))
    assert session.entry_id == "e3"
    changes = entry_changes(before, session.open_case.case_file.rows)
    assert counts_in_words(changes) == "1 gone"


def test_last_row_is_selected_when_last_row_has_gone(desk: Desk) -> None:
    """Where there is no row below, the last one is selected."""
    session = session_in(desk, EVENTS)
    put_cursor(session, "e4")
    path = desk.write_case(EVENTS.replace('[[event]]\nid = "e4"\ntitle = "Event 4"\n', ""))
    read_again(session, read_case(path))
    assert session.entry_id == "e3"


def test_top_line_stays_when_notes_change(session: Session) -> None:
    """The view does not move under the reader."""
    session.open_pane(1, 12, 8)
    session.lay_out()
    assert (session.viewport.cursor, session.viewport.top) == (12, 8)


def test_note_on_entry_that_has_gone(desk: Desk) -> None:
    """It is listed, and its page has the title that the entry had, and the note."""
    path = desk.write_case('[[event]]\nid = "call"\ntitle = "The call"\n')
    open_case = desk.lay_open(path)
    target = target_of("The call", open_case.case_file.rows["call"])
    open_case.notebook.keep_new("call", "Who called?", target)
    desk.write_case("")
    session = Session(desk.lay_open(path))
    number = session.numbered_pane("6")
    assert number is not None
    session.open_pane(number)
    assert session.is_at_notes
    assert session.row is not None
    page = page_of_row(session.open_case, session.row)
    assert page.title == "The call"
    assert "no longer in the case file" in f"{page.subtitle}\n{text_of(page)}"
    assert "Who called?" in text_of(page)


def test_note_on_changed_entry(desk: Desk) -> None:
    """A note remembers the entry as it was, and the page says that it was another."""
    path = desk.write_case('[[event]]\nid = "call"\ntitle = "The call"\n')
    open_case = desk.lay_open(path)
    target = target_of("The call", open_case.case_file.rows["call"])
    open_case.notebook.keep_new("call", "Who called?", target)
    desk.write_case('[[event]]\nid = "call"\ntitle = "The second call"\n')
    session = Session(desk.lay_open(path))
    assert session.row is not None
    page = text_of(page_of_row(session.open_case, session.row))
    assert "written on an earlier version" in page
    assert "Who called?" in page


# Reading again and another case


def test_reading_again_keeps_row_and_pane(desk: Desk) -> None:
    """The same entry is selected in the same pane, wherever it is in the file now."""
    session = session_in(desk, EVENTS + PARTIES)
    session.open_pane(pane_number(session, "Parties"), 1)
    before = session.open_case
    first = '[[party]]\nid = "first"\nname = "First"\n'
    read_again(session, read_case(desk.write_case(EVENTS + first + PARTIES)))
    assert where(session) == ("Parties", "p1")
    assert session.viewport.cursor == 2
    assert session.open_case is not before
    assert session.open_case.notebook is before.notebook
    assert "first" in session.open_case.case_file.entries


def test_reading_again_keeps_history(desk: Desk) -> None:
    """The way back leads to the same entries as before."""
    session = session_in(desk, EVENTS + PARTIES)
    put_cursor(session, "e3")
    go_to_pane(session, "Parties")
    early = '[[event]]\nid = "early"\ntitle = "Early"\n'
    read_again(session, read_case(desk.write_case(early + EVENTS + PARTIES)))
    go_back(session)
    assert where(session) == ("Timeline", "e3")


def test_reading_that_failed_is_not_taken(desk: Desk) -> None:
    """A file without a case leaves the one that is open."""
    session = session_in(desk, EVENTS)
    path = desk.write_case(EVENTS)
    path.write_text("format = ", encoding="utf-8")
    before = session.open_case
    with pytest.raises(ValueError, match="could be read"):
        read_again(session, read_case(path))
    assert session.open_case is before


def test_another_case_begins_anew(desk: Desk, annotated: Session) -> None:
    """Filters, found words, history and places of the case before are none of the next."""
    filter_by(annotated, "check:wrong")
    annotated.look_for(parse("arrests"))
    go_to_pane(annotated, "Parties")
    annotated.viewport.cursor = 2
    go_to_pane(annotated, "Sources")
    annotated.verification.resume()
    other = desk.lay_open(desk.write_case(EVENTS + PARTIES))
    annotated.take_case(other)
    assert annotated.open_case is other
    assert where(annotated) == ("Timeline", "e0")
    assert entries_left(annotated) == ["e0", "e1", "e2", "e3", "e4"]
    assert (annotated.filtered, annotated.found, annotated.history.last) == (None, None, None)
    assert not annotated.has_verification
    annotated.open_pane(pane_number(annotated, "Parties"))
    assert annotated.entry_id == "p0"


def test_another_case_is_searched_and_filtered(desk: Desk, annotated: Session) -> None:
    """Words and filters are looked up in the case that is open now."""
    filter_by(annotated, "check:wrong")
    annotated.look_for(parse("event"))
    annotated.take_case(desk.lay_open(desk.write_case(EVENTS)))
    annotated.look_for(parse('"event 3"'))
    assert found_entries(annotated) == ["e3"]
    filter_by(annotated, '"event 1"')
    assert entries_left(annotated) == ["e1"]


def test_words_of_other_lines_are_none_in_another_case(desk: Desk, session: Session) -> None:
    """In another case the rows are searched, not lines that were shown before."""
    session.look_for(parse("barrels"), SomeLines("barrels"))
    session.take_case(desk.lay_open(desk.write_case(EVENTS)))
    session.look_for(parse("event"))
    session.open_pane(1)
    assert session.found is not None
    assert session.found.places == ()


# The verification pass


def test_verification_is_one_for_the_session(desk: Desk) -> None:
    """It is made when it is first asked for, and remembers where it is."""
    session = session_in(desk, EVENTS)
    assert not session.has_verification
    session.verification.resume()
    session.verification.go_on()
    assert session.has_verification
    assert session.verification.entry == "e1"
    assert session.verification.go_back()
    assert session.verification is session.verification


def test_verification_is_resumed_in_next_session(desk: Desk) -> None:
    """Its entry, its order, what was put off and what was checked are as they were."""
    first = session_in(desk, EVENTS)
    verification, open_case = first.verification, first.open_case
    verification.resume()
    verification.switch_order()
    verification.put_off_current()
    verification.go_on()
    target = target_of("Event 1", open_case.case_file.rows["e1"])
    open_case.notebook.assess("e1", "checked", target)
    verification.go_on()
    second = Session(desk.lay_open(open_case.case_file.path))
    assert not second.has_verification
    second.verification.resume()
    assert (second.verification.entry, second.verification.order) == ("e2", "pane")
    progress = progress_in_words(second.open_case, second.verification)
    assert progress == "1 of 5 done · 1 put off"


def test_verification_goes_on_in_file_read_again(desk: Desk) -> None:
    """From an entry that has gone it goes to the next; a new entry is part of it."""
    session = session_in(desk, EVENTS)
    session.verification.resume()
    changed = EVENTS.replace('id = "e0"', 'id = "new"')
    read_again(session, read_case(desk.write_case(changed)))
    assert session.verification.entry == "e1"
    assert session.verification.walk.entries == ("new", "e1", "e2", "e3", "e4")


def test_verification_goes_through_what_filters_hide(annotated: Session) -> None:
    """All that can be checked is verified in both orders, whatever the panes are filtered by."""
    filter_by(annotated, "check:wrong")
    checkable = annotated.open_case.checkable
    assert set(annotated.verification.walk.entries) == checkable
    annotated.verification.switch_order()
    assert annotated.verification.order == "pane"
    assert set(annotated.verification.walk.entries) == checkable
    read_again(annotated, read_case(annotated.open_case.case_file.path))
    assert set(annotated.verification.walk.entries) == checkable


def test_verification_of_another_case_is_another(desk: Desk) -> None:
    """The pass of a case waits where it was left while another one is read."""
    first, second = desk.write_case(EVENTS), desk.write_case(PARTIES, case_id="other")
    session = Session(desk.lay_open(first))
    session.verification.resume()
    session.verification.go_on()
    session.take_case(desk.lay_open(second))
    session.verification.resume()
    assert session.verification.entry == "p0"
    session.take_case(desk.lay_open(first))
    session.verification.resume()
    assert session.verification.entry == "e1"


# Events


def test_events_that_are_told(desk: Desk) -> None:
    """Each method that changes what is shown tells so once."""
    path, other = desk.write_case(EVENTS + PARTIES), desk.write_case(EVENTS, case_id="other")
    session = Session(desk.lay_open(path))
    words = parse("event")
    steps: list[tuple[Callable[[], object], Event]] = [
        (lambda: session.open_pane(1), PaneOpened()),
        (lambda: session.show_entry("e3"), PaneOpened()),
        (lambda: session.filter_pane(words, 0), PaneFiltered()),
        (session.clear_filter, PaneFiltered()),
        (session.lay_out, PanesChanged()),
        (session.turn_notes_order, PanesChanged()),
        (lambda: session.look_for(words), FoundChanged()),
        (lambda: session.look_for(None), FoundChanged()),
        (lambda: session.return_to(Place("Parties", None)), PaneOpened()),
        (lambda: session.return_to(Place("Timeline", None, filter=words)), PaneOpened()),
        (lambda: read_again(session, read_case(path)), PanesChanged()),
        (lambda: session.take_case(desk.lay_open(other)), CaseChanged()),
    ]
    for act, event in steps:
        assert events_of(session, act) == [event]


def test_event_comes_after_the_change(desk: Desk, annotated: Session) -> None:
    """A listener that looks at the session sees what has changed."""
    seen: list[tuple[str, str | None, FilteredPane | None, tuple[int, ...] | None]] = []

    def look(_event: Event) -> None:
        found = annotated.found.places if annotated.found else None
        seen.append((*where(annotated), annotated.filtered, found))

    def last() -> tuple[object, ...]:
        return seen[-1]

    annotated.listener = look
    annotated.look_for(parse("hsi"))
    assert last() == ("Timeline", "export", None, annotated.found and annotated.found.places)
    annotated.open_pane(1)
    assert last() == ("Parties", "ice", None, annotated.found and annotated.found.places)
    filter_by(annotated, "is:star")
    assert last() == ("Parties", "hsi", annotated.filtered, (0,))
    annotated.take_case(desk.lay_open(desk.write_case(EVENTS)))
    assert last() == ("Timeline", "e0", None, None)


def test_event_of_reading_again_comes_after_verification(desk: Desk) -> None:
    """A listener sees the verification pass of the file as it is now."""
    session = session_in(desk, EVENTS)
    session.verification.resume()
    seen: list[tuple[str, tuple[str, ...]]] = []

    def look(_event: Event) -> None:
        seen.append((session.verification.entry, session.verification.walk.entries))

    session.listener = look
    read_again(session, read_case(desk.write_case(EVENTS.replace('id = "e0"', 'id = "new"'))))
    assert seen == [("e1", ("new", "e1", "e2", "e3", "e4"))]


def test_session_without_listener(session: Session) -> None:
    """A session can be used before a screen listens to it."""
    session.open_pane(1)
    session.look_for(parse("hsi"))
    assert found_entries(session)
