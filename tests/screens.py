"""The program on a screen in memory, for tests: opened on a case, driven by keys, read as text."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.cells import cell_len
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.events import Key, Paste
from textual.pilot import Pilot

from casefile.case.load_result import LoadResult
from casefile.case.reader import read_case, read_in_steps
from casefile.config import Config
from casefile.library import BUNDLED, find_case
from casefile.notes.forgetting import Trace, forget, traces_of
from casefile.notes.notebook import Notebook
from casefile.places import Places, find_places
from casefile.tui.app import CasefileApp
from casefile.tui.case_screen import CaseScreen
from casefile.tui.key_line import KeyLine
from casefile.tui.note_panel import NotePanel
from casefile.tui.reading_screen import ReadingScreen
from casefile.tui.verify_screen import VerifyScreen
from casefile.views.case_opener import CaseOpener
from casefile.views.open_case import OpenCase
from casefile.views.session import Session

_CELL_WIDTH = 12.2
_ROW = re.compile(r'<text[^>]* x="([0-9.]+)"[^>]*-line-([0-9]+)\)">([^<]*)</text>')
_TERMINAL_ID = re.compile(r"terminal-\d+")
"""What the ids and classes of an image begin with: a hash of all that it shows."""
_FIRST_MOMENT = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


class TextScreen(SingleFileSnapshotExtension):
    """Keeps the text of a screen in a file of its own."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


class ColourScreen(SingleFileSnapshotExtension):
    """Keeps a screen with its colours as an image in a file of its own."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


class Reader:
    """The program in the hands of a reader."""

    def __init__(self, app: CasefileApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def screen(self) -> ReadingScreen:
        """The screen on which the case is read, also where something lies over it."""
        screens = (one for one in self.app.screen_stack if isinstance(one, ReadingScreen))
        return list(screens)[-1]

    @property
    def case_screen(self) -> CaseScreen:
        """The screen of the case, also where the verification pass lies over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, CaseScreen)
        return screen

    @property
    def is_verifying(self) -> bool:
        """Whether the verification pass is on the screen."""
        return isinstance(self.screen, VerifyScreen)

    @property
    def stop(self) -> str:
        """The name of what has the focus, among the stops of Tab."""
        return self.screen.area.stop

    @property
    def panel(self) -> NotePanel | None:
        """The editor, once a note was begun."""
        return self.screen.area.panel

    @property
    def is_writing(self) -> bool:
        """Whether a text stands in the editor."""
        return self.screen.area.is_writing

    @property
    def is_source_open(self) -> bool:
        """Whether a source stands in place of the list."""
        return self.screen.area.is_source_open

    @property
    def session(self) -> Session:
        """The state of reading."""
        return self.screen.session

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until the page has followed."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text, character by character."""
        await self.press(*text)

    async def paste(self, text: str) -> None:
        """Paste a text."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def click(self, column: int, row: int) -> None:
        """Click on a cell of the screen."""
        await self._pilot.click(offset=(column, row))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self._pilot.resize_terminal(width, height)
        await self.settle()

    async def read_again(self) -> None:
        """Let the case be read again, as `R` does, without a key that ends what is open."""
        self.screen.desks.watcher.read_again()
        await self.settle()

    async def wait(self, seconds: float) -> None:
        """Let some time go by without a key."""
        await self._pilot.pause(seconds)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something to be seen, while something else may still be under way."""
        for _ in range(1000):
            if seen():
                return
            await self._pilot.pause(0.01)
        raise AssertionError("it was never seen")

    async def settle(self) -> None:
        """Wait until nothing is left to be done, the page's following included."""
        await self._pilot.pause()
        while self.app.is_running and not (self.app.key_queue.is_idle and self.screen.is_settled):
            await self._pilot.pause(0.01)
        await self._pilot.pause()

    @property
    def text(self) -> str:
        """The text of the whole screen."""
        return screen_text(self.app)

    @property
    def image(self) -> str:
        """The whole screen with its colours, as SVG."""
        return _TERMINAL_ID.sub("terminal", self.app.export_screenshot(simplify=True))

    @property
    def message(self) -> str:
        """What the last line says in place of the keys."""
        return self.screen.query_one(KeyLine).message

    @property
    def pane(self) -> str:
        """The title of the pane that is open."""
        return self.session.pane.title

    @property
    def entry(self) -> str | None:
        """The id of the selected entry."""
        return self.screen.entry_id

    @property
    def page(self) -> str:
        """The title of the page that is shown."""
        page = self.screen.detail.page
        return page.title if page else ""

    @property
    def line(self) -> str:
        """The line of the page under the cursor."""
        line = self.screen.detail.line
        return line.text if line else ""

    async def read_to(self, words: str) -> None:
        """Go down the page to the line that begins with some words."""
        detail = self.screen.detail
        for _ in range(detail.line_count):
            if self.line.startswith(words):
                await self.settle()
                return
            detail.action_move(1)
        raise AssertionError(f"no line of the page begins with {words!r}")


class Desk:
    """A reader's directories and cases, the same from one start of the program to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._moment = _FIRST_MOMENT

    @property
    def places(self) -> Places:
        """Where this reader's notes and drafts are."""
        return find_places(self.folder / "home")

    @property
    def opener(self) -> CaseOpener:
        """Opens this reader’s cases."""
        return CaseOpener(self.places, Config(folders=(self.folder,)))

    def notebook(self, case_id: str = BUNDLED) -> Notebook:
        """Open the notes on a case, by a clock that goes on a minute at each look."""
        notebook = Notebook(self.places, case_id, author_name="jdoe", clock=self._now)
        notebook.refresh()
        return notebook

    def forget(self, note_id: str) -> Trace:
        """Remove all traces of a note, as another terminal does; return what there was of it."""
        (trace,) = traces_of(self.places, note_id, None)
        assert not [problem for _, problem in forget(trace) if problem]
        return trace

    def lay_open(self, case: str | Path = BUNDLED) -> OpenCase:
        """Read a case and its notes."""
        reading = read_case(find_case(str(case)))
        assert reading.case_file is not None, reading.problems
        notebook = self.notebook(reading.case_file.case.id)
        return OpenCase(reading.case_file, notebook, self.places, reading.problems)

    def _lay_open_early(self, case: str | Path) -> OpenCase:
        return self.opener.open_reading(read_case(find_case(str(case))))

    @asynccontextmanager
    async def open(
        self,
        case: str | Path = BUNDLED,
        *,
        size: tuple[int, int] = (80, 24),
        is_early: bool = False,
    ) -> AsyncIterator[Reader]:
        """Start the program on a case; early, before all notes on it have been read."""
        open_case = self._lay_open_early(case) if is_early else self.lay_open(case)
        app = CasefileApp(self.opener, open_case)
        async with app.run_test(size=size) as pilot:
            reader = Reader(app, pilot)
            await reader.settle()
            yield reader

    def write_case(self, rows: str, *, case_id: str = "demo") -> Path:
        """Write a small case file with one source."""
        path = self.folder / f"{case_id}.toml"
        head = f'format = "casefile/1"\n[case]\nid = "{case_id}"\ntitle = "A small case"\n'
        path.write_text(
            f'{head}source = "press"\n[[source]]\nid = "press"\ntitle = "A report"\n{rows}',
            encoding="utf-8",
        )
        return path

    def _now(self) -> dt.datetime:
        self._moment += dt.timedelta(minutes=1)
        return self._moment


class GatedReading:
    """Reads case files in steps, none of them to its end before a test says so."""

    may_end = False

    def __call__(self, path: Path) -> Generator[float, None, LoadResult]:
        """Read a file; stand at a quarter of it until it may end."""
        while not self.may_end:
            yield 0.25
        return (yield from read_in_steps(path))


def read_again(session: Session, reading: LoadResult) -> None:
    """Take a case as it was read again."""
    session.take_again(session.open_case.with_reading(reading))


def screen_text(app: CasefileApp) -> str:
    """Return the text of a screen, line by line, without the spaces at their ends."""
    rows: dict[int, str] = {}
    for column, row, text in _texts(app.export_screenshot(simplify=True)):
        before = rows.get(row, "")
        rows[row] = before + " " * (column - cell_len(before)) + text
    last = max(rows, default=0)
    return "\n".join(rows.get(row, "").rstrip() for row in range(last + 1)) + "\n"


def _texts(svg: str) -> Iterator[tuple[int, int, str]]:
    for match in _ROW.finditer(svg):
        text = html.unescape(match[3]).replace("\xa0", " ")
        yield round(float(match[1]) / _CELL_WIDTH), int(match[2]), text


def key_event(name: str) -> Key:
    """Return the event of a key, as a terminal would bring it; the pilot's own waits after each."""
    named = {"space": " ", "enter": "\r", "tab": "\t", **_NAMED}
    names = {character: key for key, character in named.items()} | {"\n": "enter"}
    key = names.get(name, name)
    if name.startswith("alt+") and len(name) == len("alt+x"):
        return Key(name, f"\x1b{name[-1]}")
    return Key(key, named.get(key, key if len(key) == 1 else None))


_NAMED = {
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "comma": ",",
    "minus": "-",
}
