"""A source beside the entry that cites it: at its words, with who cites each line."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from screens import Desk, Reader, key_event

from casefile.case.sources.quotations import Quoted, Standing, look_up_quoted
from casefile.case.sources.source_text import SourceText
from casefile.tui import source_view
from casefile.tui.source_view import SourceLine, SourceView
from casefile.views import source_lines as sheet_module
from casefile.views.source_lines import SourceLines

REPORT = """\
Harbour police report

The cutter Anna was searched on 3 May. Officers found
four barrels below deck, each of them sealed.

The skipper said: “I know nothing of barrels.” He was
released the same day.

A crane driver saw the barrels go aboard.
"""
ROWS = """\
[[source]]
id = "report"
title = "Report"
file = "report.txt"
[[party]]
id = "skipper"
name = "The skipper"
type = "Person"
cites = "report, para 3"
[[event]]
id = "search"
title = "The Anna is searched"
date = "2019-05-03"
cites = [
  { source = "report", at = "para 2", quote = "found four barrels below deck" },
  { source = "report", at = "para 4", quote = "saw the barrels go aboard" },
  { source = "report", at = "para 3", quote = "never said" },
]
[[quote]]
id = "nothing"
speaker = "skipper"
words = "I know nothing of barrels."
cites = "report, para 3"
[[claim]]
id = "unsourced"
statement = "Nobody says so"
"""


@pytest.fixture
def case(desk: Desk) -> Path:
    """Give a case with a source's text beside it."""
    (desk.folder / "report.txt").write_text(REPORT, encoding="utf-8")
    return desk.write_case(ROWS)


async def test_the_source_opens_at_what_is_cited(desk: Desk, case: Path) -> None:
    """S lays the text over the list, at the cite; the entry's page stays beside it."""
    async with desk.open(case) as reader:
        await reader.press("s")
        assert reader.screen.stop == "source"
        assert "Officers found four barrels" in reader.text
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        assert reader.page == "The Anna is searched"
        assert reader.screen.entry_list.size.width == 0


async def test_s_goes_on_to_the_next_cite_and_round(desk: Desk, case: Path) -> None:
    """Each further s shows the entry's next cite; after the last comes the first."""
    async with desk.open(case) as reader:
        await reader.press("s", "s")
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        await reader.press("s", "s")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        assert reader.message == "Round to the first cite."


async def test_words_that_do_not_stand_there_are_told(desk: Desk, case: Path) -> None:
    """A quotation that is not in the text is said to be none of it, with the place open."""
    async with desk.open(case) as reader:
        await reader.press("s", "s", "s")
        assert reader.message.startswith("The quoted words are not in this text")
        assert "I know nothing" in reader.text


async def test_the_gutter_tells_who_cites_a_paragraph(desk: Desk, case: Path) -> None:
    """Each paragraph bears its number and how many cite it; Enter leads to one of them."""
    async with desk.open(case) as reader:
        await reader.press("s", "s", "s")
        assert "3 ×3" in reader.text
        await reader.press("enter")
        assert "Cited here by" in reader.text
        await reader.press(*"skipper:", "enter")
        assert reader.entry == "nothing"
        assert not reader.screen.is_source_open


async def test_the_words_of_a_quote_are_its_own_cite(desk: Desk, case: Path) -> None:
    """A quote without quoted words in its cite is looked up by its own."""
    async with desk.open(case) as reader:
        await reader.press("4", "s")
        view = reader.screen.query_one(SourceView)
        assert view.shows_words
        assert reader.message == ""
        assert "I know nothing of" in reader.text


async def test_esc_puts_the_source_away(desk: Desk, case: Path) -> None:
    """Esc goes back to where the source was opened from, at the same entry."""
    async with desk.open(case) as reader:
        await reader.press("enter", "s", "escape")
        assert reader.screen.stop == "page"
        assert reader.entry == "search"
        assert "The Anna is searched" in reader.text


async def test_a_cite_on_the_page_leads_into_the_text(desk: Desk, case: Path) -> None:
    """Enter on a cite opens the text at that cite, where it is at hand."""
    async with desk.open(case) as reader:
        await reader.press("enter")
        await reader.read_to("Report, para 4")
        await reader.press("enter")
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        assert reader.screen.stop == "source"


async def test_words_are_found_in_the_source(desk: Desk, case: Path) -> None:
    """/ looks through the text while it is open; Esc clears the marks, then goes back."""
    async with desk.open(case) as reader:
        await reader.press("s", "slash", *"barrels", "enter")
        assert "“barrels” 1 of 3" in reader.text
        await reader.press("n", "n")
        assert "“barrels” 3 of 3" in reader.text
        await reader.press("slash", *"nowhere", "enter")
        assert reader.message == "“nowhere” is not in this source."
        await reader.press("escape")
        assert reader.screen.is_source_open
        await reader.press("escape")
        assert not reader.screen.is_source_open


async def test_without_a_text_what_is_known_is_shown(desk: Desk, case: Path) -> None:
    """Where no text is at hand, s goes to the source's page and says why."""
    (desk.folder / "report.txt").unlink()
    async with desk.open(case) as reader:
        await reader.press("s")
        assert reader.page == "Report"
        assert reader.message.startswith("No text is at hand: “report.txt”")
        await reader.press("escape")
        assert reader.entry == "search"


async def test_nothing_is_cited(desk: Desk, case: Path) -> None:
    """S on an entry without a cite says so."""
    async with desk.open(case) as reader:
        await reader.press("5", "s")
        assert reader.message == "Nothing is cited here."


async def test_on_a_narrow_screen_one_of_them_stands_alone(desk: Desk, case: Path) -> None:
    """Under 80 columns source and page take turns by Tab."""
    async with desk.open(case, size=(60, 20)) as reader:
        await reader.press("s")
        assert "sealed." in reader.text
        assert "event · 3 May 2019" not in reader.text
        await reader.press("tab")
        assert "event · 3 May 2019" in reader.text
        await reader.press("shift+tab")
        assert reader.screen.stop == "source"


async def test_a_note_is_written_beside_the_source(desk: Desk, case: Path) -> None:
    """A writes a note on the entry while its source stays open; keeping it goes back there."""
    async with desk.open(case) as reader:
        await reader.press("s", "a", *"ok", "ctrl+s")
        assert reader.screen.stop == "source"
        assert len(reader.screen.open_case.notebook.on("search")) == 1


async def test_a_source_that_was_put_away_is_not_wrapped_again(desk: Desk, case: Path) -> None:
    """Opened again at the same width the text has the same lines; a long one takes a second."""
    async with desk.open(case) as reader:
        await reader.press("s")
        view = reader.screen.query_one(SourceView)
        lines = view.drawn_lines
        await reader.press("escape", "s")
        assert view.drawn_lines is lines


async def test_q_puts_the_source_away(desk: Desk, case: Path) -> None:
    """Q closes the view that lies on top, and says so among the keys; it does not quit yet."""
    async with desk.open(case) as reader:
        assert "q quit" in reader.text
        await reader.press("s")
        assert "q close" in reader.text
        await reader.press("q")
        assert not reader.screen.is_source_open
        assert reader.screen.stop == "list"
        assert "q quit" in reader.text


async def test_the_keys_that_are_shown_are_those_that_work(desk: Desk, case: Path) -> None:
    """Enter is among the keys where an entry cites the line, and s where there is another cite."""
    async with desk.open(case) as reader:
        await reader.press("s", "s")
        assert "Enter who cites it" in reader.text
        assert "s next cite" in reader.text
        await reader.press("g")
        assert "Enter" not in reader.text
        await reader.press("escape", "2", "s")
        assert "next cite" not in reader.text


async def test_where_one_is_in_a_source_stays_told(desk: Desk, case: Path) -> None:
    """The cite stands above the text also after marks were cleared and a note was kept."""
    async with desk.open(case) as reader:
        await reader.press("s", "slash", *"barrels", "enter", "escape")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        await reader.press("a", *"ok", "ctrl+s")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        await reader.press("escape")
        assert "Timeline · 1 of 1" in reader.text


async def test_on_a_narrow_screen_too_the_page_shows_who_cites(desk: Desk, case: Path) -> None:
    """Without a text s goes to those who cite the place, with the cursor on them; Esc is back."""
    (desk.folder / "report.txt").unlink()
    async with desk.open(case, size=(60, 20)) as reader:
        await reader.press("s")
        assert reader.screen.stop == "page"
        assert reader.line.startswith("event: The Anna is searched")
        assert "para 2" in reader.text
        await reader.press("escape")
        assert reader.entry == "search"
        assert reader.screen.stop == "list"


@pytest.mark.parametrize("width", [60, 80])
async def test_back_from_who_cites_is_the_source_again(desk: Desk, case: Path, width: int) -> None:
    """Enter in the gutter goes to the entry's page; Esc is back in the text at the same line."""
    async with desk.open(case, size=(width, 24)) as reader:
        await reader.press("s", "s", "slash", *"skipper", "enter", "escape")
        line = reader.screen.query_one(SourceView).text_line
        await reader.press("enter", *"skipper", "enter")
        assert reader.entry == "skipper"
        assert reader.screen.stop == "page"
        await reader.press("escape")
        assert reader.screen.stop == "source"
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        assert reader.screen.query_one(SourceView).text_line == line
        await reader.press("escape")
        assert (reader.entry, reader.screen.stop) == ("search", "list")


LONG = "".join(f"Line {number} of the report.\n" for number in range(1, 5001))


async def open_at(reader: Reader, quote: str) -> SourceView:
    """Open the source at the cite of the only event."""
    reader.app.post_message(key_event("s"))
    await reader.until(lambda: bool(reader.screen.query(SourceView)) and quote in reader.text)
    return reader.screen.query_one(SourceView)


def long_case(desk: Desk, cite: str) -> Path:
    """Give a case with a text of many lines, and an event that cites it."""
    (desk.folder / "report.txt").write_text(LONG, encoding="utf-8")
    source = '[[source]]\nid = "report"\ntitle = "Report"\nfile = "report.txt"\n'
    return desk.write_case(f'{source}[[event]]\nid = "e"\ntitle = "E"\ncites = [{cite}]\n')


async def test_of_a_long_text_what_is_about_the_cite_is_laid_out_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown at once, with a word where it is cut; the rest follows, the cursor in place."""
    gate = [False]

    def waiting(
        sheet: SourceLines, width: int, lines: list[SourceLine]
    ) -> Generator[float, None, None]:
        while not gate[0]:
            yield 0.5
        yield from in_steps(sheet, width, lines)

    in_steps = source_view._laid_out_in_steps
    monkeypatch.setattr(source_view, "_laid_out_in_steps", waiting)
    cite = '{ source = "report", at = "para 3000", quote = "Line 3000 of" }'
    async with desk.open(long_case(desk, cite)) as reader:
        view = await open_at(reader, "Line 3000 of the report.")
        assert not view.is_whole
        assert view.line_count < 2100
        await reader.press("G")
        assert "the rest follows" in reader.text
        await reader.press("k", "slash", *"4999", "enter")
        assert "being laid out; n goes on then" in reader.message
        before = view.text_line
        gate[0] = True
        await reader.until(lambda: view.is_whole)
        await reader.press("j")
        assert (view.line_count, view.text_line) == (5000, before + 1)
        await reader.press("n")
        assert view.text_line == 4999


def test_a_long_text_is_laid_out_some_lines_a_step(desk: Desk) -> None:
    """Also one line of a whole book is laid out in steps of a hundred drawn lines."""
    sheet = SourceLines(desk.lay_open(), "wvue", SourceText("word " * 10_000))
    lines: list[SourceLine] = []
    counts = [len(lines) for _ in source_view._laid_out_in_steps(sheet, 40, lines)]
    assert counts == [100 * step for step in range(1, len(counts) + 1)]
    assert len(counts) == len(lines) // 100 > 10


async def test_quoted_words_are_looked_for_beside_the_screen_in_a_large_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place stands there at once, and the words are marked where they are found later."""
    monkeypatch.setattr(sheet_module, "_LARGE", 1000)
    gate = threading.Event()

    def waiting(text: SourceText, quoted: Quoted) -> Standing:
        assert gate.wait(30)
        return look_up_quoted(text, quoted)

    monkeypatch.setattr(sheet_module, "look_up_quoted", waiting)
    cite = '{ source = "report", at = "para 4", quote = "Line 9 of" }'
    async with desk.open(long_case(desk, cite)) as reader:
        view = await open_at(reader, "Line 4 of the report.")
        assert (reader.message, view.shows_words) == ("Looking for the quoted words…", False)
        gate.set()
        await reader.until(lambda: view.shows_words)
        assert (view.text_line, reader.message) == (
            9,
            "The quoted words are here, not in para 4.",
        )
