"""The text of a source beside an entry: the cited place, who cites each line, searching."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from screens import Desk, Reader, key_event

from casefile.case.sources.quotations import QuotationMatch, Quoted, find_quotation
from casefile.case.sources.source_text import SourceText
from casefile.tui import source_view
from casefile.tui.source_view import SourceLine, SourceView
from casefile.views import source_lines as source_lines_module
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
    """Return the path of a case with the text of its source in a file beside it."""
    (desk.folder / "report.txt").write_text(REPORT, encoding="utf-8")
    return desk.write_case(ROWS)


async def test_source_opens_at_cited_place(desk: Desk, case: Path) -> None:
    """S shows the text at the cited place instead of the list; the page stays beside it."""
    async with desk.open(case) as reader:
        await reader.press("s")
        assert reader.stop == "source"
        assert "Officers found four barrels" in reader.text
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        assert reader.page == "The Anna is searched"
        assert reader.case_screen.entry_list.size.width == 0


async def test_s_goes_to_next_cite_and_wraps(desk: Desk, case: Path) -> None:
    """Each further s shows the next cite of the entry, and after the last one the first."""
    async with desk.open(case) as reader:
        await reader.press("s", "s")
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        await reader.press("s", "s")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        assert reader.message == "Back at the first cite (1 of 3)"


async def test_missing_quotation_is_reported(desk: Desk, case: Path) -> None:
    """A message says that quoted words are not in the text, which opens at the cited place."""
    async with desk.open(case) as reader:
        await reader.press("s", "s", "s")
        assert reader.message.startswith("The quoted words are not in this text")
        assert "I know nothing" in reader.text


async def test_gutter_counts_citing_entries(desk: Desk, case: Path) -> None:
    """The gutter has the number of each paragraph and of its cites; Enter goes to an entry."""
    async with desk.open(case) as reader:
        await reader.press("s", "s", "s")
        assert "3 ×3" in reader.text
        await reader.press("enter")
        assert "Cited here by" in reader.text
        await reader.press(*"skipper:", "enter")
        assert reader.entry == "nothing"
        assert not reader.is_source_open


async def test_quote_without_quoted_words_is_found_by_its_own(desk: Desk, case: Path) -> None:
    """If the cite of a quote entry quotes no words, the words of the quote are highlighted."""
    async with desk.open(case) as reader:
        await reader.press("4", "s")
        view = reader.screen.query_one(SourceView)
        assert has_highlighted_words(view)
        assert reader.message == ""
        assert "I know nothing of" in reader.text


async def test_esc_closes_source(desk: Desk, case: Path) -> None:
    """Esc goes back to where the source was opened, at the same entry."""
    async with desk.open(case) as reader:
        await reader.press("enter", "s", "escape")
        assert reader.stop == "page"
        assert reader.entry == "search"
        assert "The Anna is searched" in reader.text


async def test_enter_on_cite_opens_source(desk: Desk, case: Path) -> None:
    """Enter on a cite of the page opens the text at that cite."""
    async with desk.open(case) as reader:
        await reader.press("enter")
        await reader.read_to("Report, para 4")
        await reader.press("enter")
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        assert reader.stop == "source"


async def test_enter_on_cite_of_a_source_opens_what_it_cites(desk: Desk) -> None:
    """A source may cite others; `s` on its page begins with the source itself."""
    (desk.folder / "copy.txt").write_text("The copy.\n", encoding="utf-8")
    (desk.folder / "report.txt").write_text(REPORT, encoding="utf-8")
    cites = 'cites = ["report, para 2", "report, para 4"]'
    sources = f'[[source]]\nid = "copy"\ntitle = "Copy"\nfile = "copy.txt"\n{cites}\n'
    async with desk.open(desk.write_case(sources + ROWS)) as reader:
        await reader.press("6", "j", "enter")
        await reader.read_to("Report, para 4")
        await reader.press("enter")
        assert "Cite 3 of 3 · Report, para 4" in reader.text
        await reader.press("s")
        assert "The copy." in reader.text
        await reader.press("escape", "s", "s")
        assert "Cite 2 of 3 · Report, para 2" in reader.text


async def test_search_in_source(desk: Desk, case: Path) -> None:
    """/ searches the text while it is open; Esc clears the highlighting, then closes it."""
    async with desk.open(case) as reader:
        await reader.press("s", "slash", *"barrels", "enter")
        assert "“barrels” 1 of 3" in reader.text
        await reader.press("n", "n")
        assert "“barrels” 3 of 3" in reader.text
        await reader.press("slash", *"nowhere", "enter")
        assert reader.message == "“nowhere” is not in this source."
        await reader.press("escape")
        assert reader.is_source_open
        await reader.press("escape")
        assert not reader.is_source_open


async def test_source_without_text_opens_its_page(desk: Desk, case: Path) -> None:
    """If the text can't be read, s goes to the page of the source and says why."""
    (desk.folder / "report.txt").unlink()
    async with desk.open(case) as reader:
        await reader.press("s")
        assert reader.page == "Report"
        assert reader.message.startswith("No text is at hand: “report.txt”")
        await reader.press("escape")
        assert reader.entry == "search"


async def test_s_on_entry_without_cite(desk: Desk, case: Path) -> None:
    """S on an entry without a cite says that nothing is cited."""
    async with desk.open(case) as reader:
        await reader.press("5", "s")
        assert reader.message == "No source is cited here."


async def test_narrow_screen_shows_source_or_page(desk: Desk, case: Path) -> None:
    """Under 80 columns Tab switches between source and page."""
    async with desk.open(case, size=(60, 20)) as reader:
        await reader.press("s")
        assert "sealed." in reader.text
        assert "event · 3 May 2019" not in reader.text
        await reader.press("tab")
        assert "event · 3 May 2019" in reader.text
        await reader.press("shift+tab")
        assert reader.stop == "source"


async def test_note_can_be_written_beside_source(desk: Desk, case: Path) -> None:
    """A opens the editor while the source stays open; saving goes back to the source."""
    async with desk.open(case) as reader:
        await reader.press("s", "a", *"ok", "ctrl+s")
        assert reader.stop == "source"
        assert len(reader.screen.open_case.notebook.on("search")) == 1


async def test_reopened_source_is_not_wrapped_again(desk: Desk, case: Path) -> None:
    """Reopening at the same width reuses the wrapped lines: a long text takes a second."""
    async with desk.open(case) as reader:
        await reader.press("s")
        view = reader.screen.query_one(SourceView)
        lines = view._lines
        await reader.press("escape", "s")
        assert view._lines is lines


async def test_q_closes_source_first(desk: Desk, case: Path) -> None:
    """Q closes the source before it quits, and the key line says so."""
    async with desk.open(case) as reader:
        assert "q quit" in reader.text
        await reader.press("s")
        assert "q close" in reader.text
        await reader.press("q")
        assert not reader.is_source_open
        assert reader.stop == "list"
        assert "q quit" in reader.text


async def test_key_line_shows_keys_that_work(desk: Desk, case: Path) -> None:
    """Enter is shown on cited lines only, and s only if there is another cite."""
    async with desk.open(case) as reader:
        await reader.press("s", "s")
        assert "Enter who cites it" in reader.text
        assert "s next cite" in reader.text
        await reader.press("g")
        assert "Enter" not in reader.text
        await reader.press("escape", "2", "s")
        assert "next cite" not in reader.text


async def test_position_line_stays_after_search_and_note(desk: Desk, case: Path) -> None:
    """The cite is still named above the text after a search was cleared and a note saved."""
    async with desk.open(case) as reader:
        await reader.press("s", "slash", *"barrels", "enter", "escape")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        await reader.press("a", *"ok", "ctrl+s")
        assert "Cite 1 of 3 · Report, para 2" in reader.text
        await reader.press("escape")
        assert "Timeline · 1 of 1" in reader.text


async def test_narrow_source_page_shows_citing_entries(desk: Desk, case: Path) -> None:
    """Without a text s goes to the entries that cite the place; Esc goes back."""
    (desk.folder / "report.txt").unlink()
    async with desk.open(case, size=(60, 20)) as reader:
        await reader.press("s")
        assert reader.stop == "page"
        assert reader.line.startswith("event: The Anna is searched")
        assert "para 2" in reader.text
        await reader.press("escape")
        assert reader.entry == "search"
        assert reader.stop == "list"


@pytest.mark.parametrize("width", [60, 80])
async def test_esc_returns_from_citing_entry_to_source(desk: Desk, case: Path, width: int) -> None:
    """Enter goes to the page of a citing entry; Esc returns to the same line of the text."""
    async with desk.open(case, size=(width, 24)) as reader:
        await reader.press("s", "s", "slash", *"skipper", "enter", "escape")
        line = reader.screen.query_one(SourceView).line_number
        await reader.press("enter", *"skipper", "enter")
        assert reader.entry == "skipper"
        assert reader.stop == "page"
        await reader.press("escape")
        assert reader.stop == "source"
        assert "Cite 2 of 3 · Report, para 4" in reader.text
        assert reader.screen.query_one(SourceView).line_number == line
        await reader.press("escape")
        assert (reader.entry, reader.stop) == ("search", "list")


LONG = "".join(f"Line {number} of the report.\n" for number in range(1, 5001))


def has_highlighted_words(view: SourceView) -> bool:
    """Return whether any visible words are drawn as quoted."""
    rows = (view.render_line(y) for y in range(view.size.height))
    return any(segment.style and segment.style.underline for row in rows for segment in row)


async def open_at(reader: Reader, quote: str) -> SourceView:
    """Open the source of the only event and wait until it shows the quoted words."""
    reader.app.post_message(key_event("s"))
    await reader.until(lambda: bool(reader.screen.query(SourceView)) and quote in reader.text)
    return reader.screen.query_one(SourceView)


def long_case(desk: Desk, cite: str) -> Path:
    """Write a case with a text of many lines and an event that cites it."""
    (desk.folder / "report.txt").write_text(LONG, encoding="utf-8")
    source = '[[source]]\nid = "report"\ntitle = "Report"\nfile = "report.txt"\n'
    return desk.write_case(f'{source}[[event]]\nid = "e"\ntitle = "E"\ncites = [{cite}]\n')


async def test_long_text_is_shown_around_cite_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part around the cite is shown at once, the rest later, with the cursor in place."""
    gate = [False]

    def waiting(
        source: SourceLines, width: int, lines: list[SourceLine]
    ) -> Generator[float, None, None]:
        while not gate[0]:
            yield 0.5
        yield from in_steps(source, width, lines)

    in_steps = source_view._wrap_in_steps
    monkeypatch.setattr(source_view, "_wrap_in_steps", waiting)
    cite = '{ source = "report", at = "para 3000", quote = "Line 3000 of" }'
    async with desk.open(long_case(desk, cite)) as reader:
        view = await open_at(reader, "Line 3000 of the report.")
        assert not view.is_complete
        assert view.line_count < 600
        await reader.press("G")
        assert "the rest follows" in reader.text
        await reader.press("k", "slash", *"4999", "enter")
        assert "being laid out · n goes on then" in reader.message
        before = view.line_number
        gate[0] = True
        await reader.until(lambda: view.is_complete)
        await reader.press("j")
        assert (view.line_count, view.line_number) == (5000, before + 1)
        await reader.press("n")
        assert view.line_number == 4999


def test_long_line_is_wrapped_in_steps(desk: Desk) -> None:
    """Even a single very long line is wrapped in steps of a few drawn lines."""
    source = SourceLines(desk.lay_open(), "wvue", SourceText("word " * 10_000))
    lines: list[SourceLine] = []
    counts = [len(lines) for _ in source_view._wrap_in_steps(source, 40, lines)]
    assert counts == [20 * step for step in range(1, len(counts) + 1)]
    assert len(counts) == len(lines) // 20 > 50


async def test_quotation_in_large_text_is_looked_up_in_background(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cited place is shown at once, and the words are highlighted when they are found."""
    monkeypatch.setattr(source_lines_module, "_LARGE", 1000)
    gate = threading.Event()

    def waiting(text: SourceText, quoted: Quoted) -> QuotationMatch:
        assert gate.wait(30)
        return find_quotation(text, quoted)

    monkeypatch.setattr(source_lines_module, "find_quotation", waiting)
    cite = '{ source = "report", at = "para 4", quote = "Line 9 of" }'
    async with desk.open(long_case(desk, cite)) as reader:
        view = await open_at(reader, "Line 4 of the report.")
        assert (reader.message, has_highlighted_words(view)) == (
            "Looking for the quoted words…",
            False,
        )
        gate.set()
        await reader.until(lambda: has_highlighted_words(view))
        assert (view.line_number, reader.message) == (
            9,
            "The quoted words are here, not in para 4.",
        )


class Gated(SourceText):
    """A text whose division takes as long as a test wants."""

    gate = threading.Event()

    def __init__(self, *given: object) -> None:
        self.gate.wait(timeout=20)
        super().__init__(*given)  # type: ignore[arg-type]


@pytest.fixture
def divide(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Hold the division of texts until the function that this returns is called."""
    monkeypatch.setattr("casefile.case.sources.text_files._SLOW_LENGTH", 10)
    monkeypatch.setattr("casefile.case.sources.source_text.SourceText", Gated)
    Gated.gate.clear()
    yield Gated.gate.set
    Gated.gate.set()


@pytest.mark.parametrize("goes_on", [False, True])
async def test_long_text_holds_no_key_while_it_is_divided(
    desk: Desk, case: Path, divide: Callable[[], None], goes_on: bool
) -> None:
    """The source is shown once its text is divided, unless the reader has gone on meanwhile."""
    async with desk.open(case) as reader:
        first = reader.entry
        await reader.press("s")
        assert not reader.is_source_open
        await reader.press("2")
        assert reader.entry != first
        if not goes_on:
            await reader.press("1")
        divide()
        if goes_on:
            await reader.wait(0.1)
        else:
            await reader.until(lambda: reader.is_source_open)
        await reader.settle()
        assert reader.is_source_open is not goes_on
        assert ("Officers found four barrels" in reader.text) is not goes_on


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (["s", "a"], "note-text"),
        (["V", "w"], "note-text"),
        (["s", "slash"], "find-words"),
        (["V", "slash"], "find-words"),
        (["s", "v"], "check"),
        (["s", "tab"], "detail"),
    ],
)
async def test_long_text_that_is_shown_leaves_the_focus_where_the_reader_is(
    desk: Desk, case: Path, divide: Callable[[], None], keys: list[str], there: str
) -> None:
    """What is typed while it is divided goes on where it was begun."""
    async with desk.open(case) as reader:
        await reader.press(*keys)
        assert focused(reader) == there
        divide()
        await reader.until(lambda: reader.is_source_open)
        await reader.settle()
        assert focused(reader) == there


@pytest.mark.parametrize("keys", [["s"], ["V"], ["enter", "s"], ["enter", "s", "shift+tab"]])
async def test_long_text_that_is_shown_has_the_focus_of_who_waits_for_it(
    desk: Desk, case: Path, divide: Callable[[], None], keys: list[str]
) -> None:
    """Also from the page where it was asked for, and from the list in whose place it stands."""
    async with desk.open(case) as reader:
        await reader.press(*keys)
        divide()
        await reader.until(lambda: reader.is_source_open)
        await reader.settle()
        assert focused(reader) == "source"


async def test_source_that_opened_meanwhile_is_left_to_where_it_was_asked_for(
    desk: Desk, case: Path, divide: Callable[[], None]
) -> None:
    """Its Esc leads to no editor that is closed by then."""
    async with desk.open(case) as reader:
        await reader.press("enter", "s", "a")
        divide()
        await reader.until(lambda: reader.is_source_open)
        await reader.press("escape")
        assert (reader.stop, reader.is_source_open) == ("page", True)
        await reader.press("escape")
        assert (reader.stop, reader.is_source_open) == ("page", False)


async def test_verdict_leads_back_to_a_source_that_opened_meanwhile(
    desk: Desk, case: Path, divide: Callable[[], None]
) -> None:
    """The list from which it was begun is covered by then."""
    async with desk.open(case) as reader:
        await reader.press("s", "v")
        divide()
        await reader.until(lambda: reader.is_source_open)
        await reader.press("c")
        assert focused(reader) == "source"


def focused(reader: Reader) -> str | None:
    """Return the id of the widget that has the focus."""
    return reader.app.focused.id if reader.app.focused else None
