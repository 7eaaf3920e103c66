"""Of long texts only what is in sight is laid out: in lists, lines, pages and the editor."""

from __future__ import annotations

import gc
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from time import process_time, thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Desk
from textual.widgets import TextArea

from casefile.text import inert
from casefile.text.inert import inert_lines, inert_lines_in_pieces
from casefile.tui import detail_view, drawing, note_text
from casefile.tui.detail_view import DetailView
from casefile.tui.drawing import wrap_text
from casefile.tui.note_text import NoteDocument, NoteText
from casefile.tui.note_wrapping import NoteWrapping
from casefile.tui.page_lines import PageLine, lay_out_page
from casefile.views.page import Item, Page, Section

LONG = 100_000
HOSTILE = {
    "words": "lorem ipsum ",
    "no spaces": "x",
    "wide": "漢字",
    "marks": "e\u0301\u0302\u0303",
    "a script that joins": "\u0627\u0644\u064e",
    "control characters": "a\x1b",
    "tabs": "a\t",
    "lines": "ab\\n",
}
IN_SIGHT = 20_000
"""How many characters of a text may be looked at for a screen of 80 by 24 cells."""
hostile = pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how many characters were made inert, measured, or both."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def counted(text: str, *more: Any) -> Any:
            counts[name] += len(text)
            return original(text, *more)

        monkeypatch.setattr(owner, name, counted)

    count(drawing, "inert")
    count(drawing, "cell_len")
    count(inert, "inert")
    count(note_text, "lines_inert_in_place")
    return counts


def written(part: str) -> str:
    """Return a part many times over, as a string in a case file."""
    return (part * (LONG // len(part))).replace("\t", "\\t").replace("\x1b", "\\u001b")


@hostile
async def test_a_list_looks_at_what_it_shows(desk: Desk, examined: Counter[str], part: str) -> None:
    """Titles, the line above and the names of columns are cut before they are made inert."""
    rows = "".join(
        f'[[event]]\nid = "e{n}"\ntitle = "{written(part)}"\ndate = "2020"\n' for n in range(30)
    )
    async with desk.open(desk.write_case(rows)) as reader:
        for y in range(reader.case_screen.entry_list.size.height):
            reader.case_screen.entry_list.render_line(y)
        reader.screen.where_line.render_line(0)
        examined.clear()
        for y in range(reader.case_screen.entry_list.size.height):
            reader.case_screen.entry_list.render_line(y)
        reader.screen.say(written(part))
        reader.screen.key_line.render_line(0)
        assert max(examined.values()) < IN_SIGHT


@hostile
def test_a_page_is_laid_out_as_far_as_it_is_asked_for(examined: Counter[str], part: str) -> None:
    """The first lines of a page cost no more if what follows is long."""
    text = part.replace("\\n", "\n") * (LONG // len(part))
    section = Section(text, (Item(text), Item(text)))
    for page in (Page("e", "A title", "event", (section,)), Page("e", text, text, (section,))):
        examined.clear()
        assert len(list(islice(lay_out_page(page, 40), 24))) == 24
        assert max(examined.values(), default=0) < IN_SIGHT


@pytest.mark.parametrize("part", ["\t", " ", "\u0301"])
def test_what_fills_no_row_is_looked_at_row_by_row(examined: Counter[str], part: str) -> None:
    """Of a million tabs, spaces or marks, the first rows cost no more than those of words."""
    rows = list(islice(wrap_text(part * 1_000_000, 40), 24))
    assert max(examined.values()) < 10 * IN_SIGHT
    assert len(rows) == 24


async def test_costly_lines_out_of_sight_are_laid_out_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that take long are laid out at once as far as they are in sight, the rest in steps."""
    made: list[PageLine] = []

    def costly(*_arguments: object) -> Iterator[PageLine]:
        for _ in range(500):
            end = thread_time() + 0.002
            while thread_time() < end:
                pass
            made.append(PageLine("A line"))
            yield made[-1]

    async with desk.open() as reader:
        detail = reader.screen.detail
        monkeypatch.setattr(detail_view, "lay_out_page", costly)
        detail.show(detail.page)
        assert detail.size.height <= len(made) < 100
        await reader.until(lambda: len(detail.lines) == 500)


async def test_lines_of_a_long_page_are_freed_in_steps(desk: Desk) -> None:
    """A page of a million lines holds no key when it is left; nor is it searched for garbage."""
    async with desk.open() as reader:
        detail = reader.screen.detail
        short = detail.page
        detail.show(Page("e", "A title", "event", (Section("", (Item("\n" * 30_000),)),)))
        await reader.until(lambda: len(detail.lines) > 30_000)
        lines = detail.lines
        assert not any(map(gc.is_tracked, lines))
        detail.show(short)
        assert len(lines) > 30_000
        await reader.until(lambda: not lines)


@pytest.mark.parametrize("key", ["G", "tab"])
async def test_a_long_page_is_whole_in_the_end(desk: Desk, key: str) -> None:
    """The rest of a page follows in steps; the notes at its end can be gone to before that."""
    words = " ".join(f"word{number}" for number in range(9000))
    path = desk.write_case(f'[[event]]\nid = "raid"\ntitle = "Raid"\ntext = "{words}"\n')
    async with desk.open(path) as reader:
        await reader.press("a", *"Mine.", "ctrl+s", "k", "enter", "g")
        detail = reader.screen.detail
        if key == "tab":
            detail.show(detail.page)
            await reader.press("tab")
        await reader.until(lambda: "the rest follows" not in last_line(detail))
        await reader.press(*["G"] * (key == "G"))
        assert last_line(detail) == "Mine."
        assert detail.is_at_note
        assert all(f"word{number}" in " ".join(texts(detail)) for number in (0, 4567, 8999))


async def test_place_on_a_long_page_is_found_again(desk: Desk) -> None:
    """After going elsewhere and back, and at another width, the cursor is at the same words."""
    words = " ".join(f"word{number}" for number in range(9000))
    rows = f'[[event]]\nid = "raid"\ntitle = "Raid"\ntext = "{words}"\n'
    async with desk.open(desk.write_case(rows)) as reader:
        await reader.press("enter")
        await reader.until(lambda: "the rest follows" not in last_line(reader.screen.detail))
        await reader.press("G", "k", "k")
        line = reader.line
        await reader.press("2", "ctrl+o")
        assert reader.line == line
        await reader.resize(140, 40)
        assert line.split()[0] in reader.line


def texts(detail: DetailView) -> list[str]:
    """Return the lines of a page."""
    return [line.text for line in detail.lines]


def last_line(detail: DetailView) -> str:
    """Return the last line of a page."""
    return texts(detail)[-1]


@given(st.text(st.sampled_from("a \t漢é\u0301\u200d👍\n\r") | st.characters(codec="utf-8")))
def test_pieces_are_parts_of_the_line(text: str) -> None:
    """Joined, the pieces of each line are the line as it is made inert at once."""
    long = text + "wörter, und Wörter\t" * 500 + text
    pieces = ["".join(line) for line in inert_lines_in_pieces(long)]
    assert pieces == inert_lines(long)


@hostile
def test_wrapping_in_pieces_loses_nothing(part: str) -> None:
    """All characters of a long text are in its lines, in order."""
    text = part.replace("\\n", "\n") * (LONG // len(part))
    shown = "".join(line.replace(" ", "") for line in inert_lines(text))
    if part != HOSTILE["marks"]:
        assert "".join(wrap_text(text, 33)).replace(" ", "") == shown


def test_marks_that_are_not_shown_are_not_looked_at(examined: Counter[str]) -> None:
    """In a row of a million marks, only the few that are shown of each piece."""
    lines = list(wrap_text("e" + "\u0301\u0323" * 500_000 + "x", 40))
    assert examined["inert"] < IN_SIGHT
    assert "".join(lines).endswith("x")


# The editor


def calls_in(work: Callable[[], object]) -> int:
    """Return how many functions some work calls."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def calls_of_a_key(editor: NoteText, text: str, where: str) -> int:
    """Return how many functions are called for a letter that is typed into a text."""
    editor.load_text(text)
    line = editor.document.line_count // 2
    column = len(editor.document[line]) // 2
    editor.move_cursor(editor.document.end if where == "end" else (line, column))
    editor.insert("x")
    return calls_in(lambda: editor.insert("x"))


def varied(part: str, count: int) -> str:
    """Return words of several lengths, as any language has them."""
    lengths = random.Random(1).choices(range(1, 6), k=count)  # noqa: S311 -- no secret
    return " ".join(part * length for length in lengths)


@pytest.mark.parametrize("where", ["end", "middle"])
@pytest.mark.parametrize("part", ["word", "漢字", "اَل", "one line\n"])
async def test_a_key_costs_the_same_in_a_long_text(desk: Desk, part: str, where: str) -> None:
    """In one line of 300 kB, or in thousands of lines, it calls about as much as in a short one."""
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor
        short = calls_of_a_key(editor, varied(part, 200), where)
        await reader.settle()
        long = calls_of_a_key(editor, varied(part, 20_000), where)
        assert long < 2 * short


@pytest.mark.parametrize("part", ["\u202e", "\xad", "\u0301", "\u200d", "\u2800"])
async def test_of_many_replaced_characters_some_are_drawn_anew(
    desk: Desk, examined: Counter[str], part: str
) -> None:
    """After an edit among thousands of marks, joiners or invisible characters in a row."""
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor
        editor.load_text(part * LONG)
        editor.move_cursor((0, LONG // 2))
        examined.clear()
        editor.insert("x")
        assert examined["lines_inert_in_place"] < 3_000


@pytest.mark.parametrize(("part", "most"), [("\t", 1), ("\n", 3), ("e\u0301", 3)])
async def test_text_is_opened_in_few_calls(desk: Desk, part: str, most: int) -> None:
    """A text is made inert as a whole, and wrapped once."""
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor
        assert calls_in(lambda: editor.load_text(part * LONG)) < most * LONG


def test_no_tab_is_expanded_before_the_first_layout() -> None:
    """While the editor has no width, a row is a whole line, which may have a million tabs."""
    wrapping = NoteWrapping(NoteDocument("\t" * LONG))
    assert calls_in(lambda: wrapping.location_to_offset((0, LONG))) < 100


async def test_movement_by_a_word_costs_the_same_in_a_long_line(desk: Desk) -> None:
    """No more of a line is searched for the ends of words than is needed."""
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor

        def seconds(text: str) -> float:
            editor.load_text(text)
            editor.move_cursor(editor.document.end)
            begun = process_time()
            for _ in range(20):
                editor.get_cursor_word_left_location()
            editor.move_cursor((0, 0))
            for _ in range(20):
                editor.get_cursor_word_right_location()
            return process_time() - begun

        assert seconds("ab " * 400_000) < 20 * seconds("ab " * 400)


async def test_movement_by_a_word_goes_where_it_did(desk: Desk) -> None:
    """In a usual text, words are those of Textual."""
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor
        editor.load_text("ab  cd, ef-g\n\n  h\ti  ")
        for line in range(editor.document.line_count):
            for column in range(len(editor.document[line]) + 1):
                editor.move_cursor((line, column))
                if column:
                    left = TextArea.get_cursor_word_left_location(editor)
                    assert editor.get_cursor_word_left_location() == left
                right = TextArea.get_cursor_word_right_location(editor)
                assert editor.get_cursor_word_right_location() == right


async def test_undo_of_a_long_paste_is_drawn(desk: Desk) -> None:
    """While a text gets shorter than where the cursor is, that is drawn at its end."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.paste("one line\n" * 1000)
        await reader.press("ctrl+z")
        assert reader.panel is not None
        assert reader.panel.text == ""
