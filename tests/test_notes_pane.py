"""The pane of notes: everything that was added, in four orders, drafts among it."""

from __future__ import annotations

import pytest
from noted_case import annotate_all, leave_draft
from screens import Desk, Reader, TextScreen
from syrupy.assertion import SnapshotAssertion

from casefile.notes.annotation import target_of
from casefile.views.case_panes import panes_of
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    NOTES_ORDERS,
    DraftRow,
    HeadingRow,
    NotesOrder,
    Pane,
    cell_text,
)


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with the text of a screen that was looked at before."""
    return snapshot.use_extension(TextScreen)


def notes_pane(open_case: OpenCase, order: NotesOrder = "time") -> Pane:
    """Return the pane of notes, with the drafts that wait."""
    panes = panes_of(open_case, order, open_case.drafts.unfinished())
    return next(pane for pane in panes if pane.title == "Notes")


def said(desk: Desk, order: NotesOrder = "time") -> list[str]:
    """Return what the rows of the pane say that they are, headings in brackets."""
    open_case = desk.lay_open()
    pane = notes_pane(open_case, order)
    column = next(one for one in pane.columns if one.heading == "Note")
    return [
        f"[{row.heading}]" if isinstance(row, HeadingRow) else cell_text(open_case, row, column)
        for row in pane.rows
    ]


async def go_on(reader: Reader, to: str) -> None:
    """Turn the order of the notes until it is another one."""
    while reader.session.notes_order != to:
        await reader.press("o")


def test_every_kind_says_what_it_is(desk: Desk) -> None:
    """By time, the newest stands first; each row says what it is, then its text or its tags."""
    annotate_all(desk)
    leave_draft(desk)
    first, *rest = sorted(said(desk), key=lambda words: not words.startswith("draft"))
    assert first == "draft · Half a tho"
    assert rest == [
        "note · As it was then.",
        "note · Another day.",
        "✗ wrong",
        "note · I count 20.",
        "! needs attention",
        "✗ wrong · 31 kg, not 30.",
        "✓ checked",
        "★",
        "tags · release",
        "reply · They answered.",
        "note · Where from?",
    ]


async def test_tab_goes_to_the_note_of_the_row(desk: Desk) -> None:
    """Not to the first one on the entry: a key is to do there what it would do on the row."""
    target = note_target(desk.lay_open(), "export", "Supplier")
    _, newer = (desk.notebook().keep_new("export", body, target) for body in ("Older.", "Newer."))
    async with desk.open(size=(120, 40)) as reader:
        while reader.pane != "Notes":
            await reader.press("right_square_bracket")
        await reader.press("tab", "tab", "D")
    assert [note.id for note in desk.notebook().notes if note.deleted] == [newer.id]


def test_note_edited_in_two_places_says_so(desk: Desk) -> None:
    """Its row has one version, the number of versions, and is under the tags of all of them."""
    target = note_target(desk.lay_open(), "export", "Supplier")
    kept = desk.notebook().assess("export", "wrong", target)
    copies = desk.notebook(), desk.notebook()
    for copy, word in zip(copies, ("ALPHA", "BETA"), strict=True):
        copy.keep_edit(kept.id, word, target, tags=[word])
    row = "✗ wrong · 2 versions · BETA"
    assert said(desk) == [row]
    assert said(desk, "tag") == ["[ALPHA]", row, "[BETA]", row]


def test_by_entry_they_stand_as_the_entries_do(desk: Desk) -> None:
    """The order of the panes is theirs; what is on no entry stands last, under a heading."""
    annotate_all(desk)
    leave_draft(desk)
    assert said(desk, "entry") == [
        "✗ wrong · 31 kg, not 30.",
        "note · Where from?",
        "reply · They answered.",
        "draft · Half a tho",
        "tags · release",
        "✓ checked",
        "note · I count 20.",
        "✗ wrong",
        "★",
        "! needs attention",
        "note · As it was then.",
        "[Gone from the case file]",
        "note · Another day.",
    ]


def test_by_tag_a_note_stands_under_each_of_its_tags(desk: Desk) -> None:
    """What bears no tag stands last; without any tag there is no heading."""
    annotate_all(desk)
    rows = said(desk, "tag")
    assert rows[:6] == [
        "[Press office]",
        "note · Where from?",
        "[release]",
        "tags · release",
        "note · Where from?",
        "[Without tags]",
    ]
    assert len(rows) == 14 + 1


def test_by_author_you_stand_first(desk: Desk) -> None:
    """Each author has a heading, and the reader's own is “you”; the drafts are there too."""
    annotate_all(desk)
    leave_draft(desk)
    rows = said(desk, "author")
    assert (rows[0], rows[11:]) == ("[You]", ["[msmith]", "✗ wrong", "note · I count 20."])
    assert "draft · Half a tho" in rows[:11]


def test_a_check_that_no_longer_counts_is_to_be_made_again(desk: Desk) -> None:
    """Of a verdict on an entry that has changed the pane says what there is to do."""
    path = desk.write_case('[[event]]\nid = "raid"\ntitle = "A raid"\n')
    open_case = desk.lay_open(path)
    open_case.notebook.assess("raid", "checked", note_target(open_case, "raid", "A raid"))
    desk.write_case('[[event]]\nid = "raid"\ntitle = "Two raids"\n')
    open_case = desk.lay_open(path)
    pane = notes_pane(open_case)
    (row,) = pane.selectable_rows
    assert cell_text(open_case, row, pane.columns[1]) == "○ to check again"


def test_the_summary_counts_by_kind(desk: Desk) -> None:
    """In few words; where there are notes alone, their number stands there already."""
    annotate_all(desk)
    assert notes_pane(desk.lay_open()).summary == (
        "4 notes, 1 reply, 4 checks, 1 star, 1 tagged, 1 gone"
    )


def test_notes_alone_need_no_summary(desk: Desk) -> None:
    """The number of rows says it."""
    notebook = desk.notebook()
    notebook.keep_new("tip", "One.", target_of("Tip", {}))
    assert notes_pane(desk.lay_open()).summary == ""


def test_drafts_alone_make_a_pane(desk: Desk) -> None:
    """A text that waits is found, also where nothing was ever kept."""
    leave_draft(desk)
    assert said(desk) == ["draft · Half a tho"]


def test_other_authors_stand_by_name(desk: Desk) -> None:
    """Also one whose name comes before the reader's own stands after."""
    for author in ("msmith", "adams", "jdoe"):
        notebook = desk.notebook()
        notebook.author = author
        notebook.keep_new("tip", f"By {author}.", target_of("Tip", {}))
    assert said(desk, "author")[::2] == ["[You]", "[adams]", "[msmith]"]


async def test_a_text_that_is_left_stands_among_the_notes(desk: Desk) -> None:
    """Leaving the editor is enough for its draft to be listed."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("9", "a")
        await reader.type("Half")
        await reader.press("escape")
        assert "draft · Half" in reader.text


async def test_the_order_is_turned_and_told(desk: Desk) -> None:
    """`o` goes round all orders, and the keys say which one it is."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("9")
        for order in (*NOTES_ORDERS[1:], NOTES_ORDERS[0]):
            await reader.press("o")
            assert f"o order: by {order}" in reader.text


async def test_the_order_belongs_to_the_notes(desk: Desk) -> None:
    """In another pane the key is not shown and does nothing."""
    annotate_all(desk)
    async with desk.open() as reader:
        assert "order: by" not in reader.text
        await reader.press("o")
        assert reader.session.notes_order == "time"


async def test_a_draft_is_gone_on_with(desk: Desk) -> None:
    """Enter on it leads to its entry, with the text in the editor."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Half a tho")
        await reader.press("escape", "2", "j", "a")
        await reader.type("Another.")
        await reader.press("ctrl+s", "9")
        await go_on(reader, "entry")
        while not isinstance(reader.case_screen.entry_list.row, DraftRow):
            await reader.press("j")
        await reader.press("D")
        assert "This is a draft, not a note yet" in reader.message
        await reader.press("enter")
        assert (reader.pane, reader.entry) == ("Timeline", "tip")
        assert reader.stop == "editor"
        await reader.type("ught.")
        await reader.press("ctrl+s", "9")
        assert not any(isinstance(row, DraftRow) for row in reader.case_screen.entry_list.pane.rows)
    assert "Half a thought." in {note.current.body for note in desk.notebook().notes}


async def test_a_draft_that_another_terminal_has_taken_is_not_opened_twice(desk: Desk) -> None:
    """It still stands in the pane; to write on here would be to write what nobody is offered."""
    async with desk.open() as reader:
        leave_draft(desk)
        await reader.press("a", "x", "escape", "9")
        drafts = desk.lay_open().drafts
        (taken,) = [draft for draft in drafts.unfinished() if draft.entry == "tip"]
        drafts.remove(taken)
        while reader.case_screen.entry_list.row != DraftRow("tip", taken):
            await reader.press("j")
        await reader.press("enter")
        assert reader.message == "Not opened: another terminal has it, or has kept it."
        assert reader.panel is not None
        assert reader.panel.text == "x"


async def test_a_draft_of_an_entry_that_has_gone_is_kept_too(desk: Desk) -> None:
    """It stands among the notes, and can be gone on with there."""
    path = desk.write_case('[[event]]\nid = "raid"\ntitle = "A raid"\n')
    open_case = desk.lay_open(path)
    open_case.drafts.write(open_case.drafts.begin("old", "An old raid", body="Half"))
    async with desk.open(path) as reader:
        await reader.press("escape", "right_square_bracket")
        while reader.pane != "Notes":
            await reader.press("right_square_bracket")
        assert "gone: An old raid" in reader.text or "draft · Half" in reader.text
        await reader.press("enter")
        await reader.type("!")
        await reader.press("ctrl+s")
    assert [note.current.body for note in desk.notebook("demo").notes] == ["Half!"]


async def test_the_notes_by_entry(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Titles, what each is and its first words stand beside the page; the gone stand below."""
    annotate_all(desk)
    async with desk.open() as reader:
        await reader.press("9", "o")
        assert reader.text == screen_snapshot


async def test_authors_are_named_where_there_are_several(desk: Desk) -> None:
    """With room for it there is a column for who wrote it, unless the order says it."""
    annotate_all(desk)
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("9")
        assert sum("msmith" in line for line in reader.text.splitlines()) == 2
        await go_on(reader, "author")
        assert sum("msmith" in line for line in reader.text.splitlines()) == 1
