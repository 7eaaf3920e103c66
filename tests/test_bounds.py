"""Limits on the size of files, the number of problems and the work done for them."""

from __future__ import annotations

import asyncio
import gc
import os
import pkgutil
import weakref
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from threading import enumerate as enumerate_threads
from unittest.mock import patch

import pytest
from screens import Desk, key_event, screen_text
from small_cases import write_case

from casefile.case.document import TableRow
from casefile.case.findings.checker import check
from casefile.case.load_result import LoadResult
from casefile.case.positions import Position, Positions
from casefile.case.problem import TOO_MANY, Problem
from casefile.case.reader import read_case, read_in_steps
from casefile.cli.command_line import run
from casefile.text import folding
from casefile.tui.app import CasefileApp
from casefile.tui.job import run_in_thread
from casefile.views.case_panes import panes_of
from casefile.views.finding import Finder
from casefile.views.open_case import OpenCase
from casefile.views.panes import Pane, ProblemRow
from casefile.views.session import Session

EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'
MANY = 25


def listed(key: str, item: str) -> str:
    """Return an event with a list of many items."""
    return f"{EVENT}{key} = [{', '.join([item] * MANY)}]\n"


FLOODS = {
    "dangling": listed("involved", '"x"'),
    "wrong-type": listed("tags", "1"),
    "missing-key": '[[event]]\ntitle = "E"\n' * MANY,
    "wrong-value": listed("cites", '{ stance = "no" }'),
    "bad-amount": listed("amounts", '{ qualifier = "between" }'),
    "bad-date": "".join(f'[[event]]\nid = "{n}"\ntitle = "E"\ndate = "x"\n' for n in range(MANY)),
    "bad-id": '[[event]]\nid = "E"\ntitle = "E"\n' * MANY,
    "duplicate-id": EVENT * (MANY + 1),
    "bad-table": '[[table]]\nname = "event"\n' * MANY,
}
FINDINGS = {
    "unknown-key": EVENT + "".join(f"k{number} = 1\n" for number in range(MANY)),
    "self-reference": listed("involved", '"e"'),
    "cite-without-source": listed("cites", '"x"'),
    "accept-unknown": "[case.accept]\n" + "".join(f'x{n} = "so"\n' for n in range(MANY)),
}
"""For each sort of problem a file that has it as often; a list that nothing else is wrong with."""


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEFILE_PROBLEM_LIMIT", "10")


def reading_of(folder: Path, rows: str) -> LoadResult:
    """Read a small case with some rows."""
    return read_case(write_case(folder / "demo.toml", rows))


def reported(problems: tuple[Problem, ...], code: str) -> list[str]:
    """Return the reported problems of one kind, and the one about those left out."""
    return [one.what for one in problems if one.code == code or f"`{code}`" in one.what]


@pytest.mark.parametrize("code", FLOODS)
def test_errors_of_one_kind_are_limited(tmp_path: Path, code: str) -> None:
    """The last message says how many are left out, and how to raise the limit."""
    *first, last = reported(reading_of(tmp_path, FLOODS[code]).problems, code)
    assert len(first) == 10
    assert last == f"and 15 more `{code}` problems; set CASEFILE_PROBLEM_LIMIT=20 to raise it"


@pytest.mark.parametrize("code", FINDINGS)
def test_findings_are_limited_like_errors(tmp_path: Path, code: str) -> None:
    """Findings are limited in the same way, and the others are not kept in memory."""
    *first, last = reported(check(reading_of(tmp_path, FINDINGS[code])).problems, code)
    assert len(first) == 10
    assert last == f"and 15 more `{code}` problems; set CASEFILE_PROBLEM_LIMIT=20 to raise it"


def test_accepted_findings_are_limited(tmp_path: Path) -> None:
    """Accepted findings are limited for each kind, too."""
    accept = '[case.accept]\nself-reference = "so"\n'
    checked = check(reading_of(tmp_path, accept + FINDINGS["self-reference"]))
    assert [one.problem.code for one in checked.accepted] == ["self-reference"] * 10
    assert reported(checked.problems, "self-reference") == []


def test_many_problems_hide_no_other_kind(tmp_path: Path) -> None:
    """One wrong date among thousands of missing ids is reported with its position."""
    rows = f'{FLOODS["dangling"]}[[event]]\nid = "other"\ntitle = "E"\ndate = "x"\n'
    codes = Counter(one.code for one in reading_of(tmp_path, rows).problems)
    assert codes == {"dangling": 10, "bad-date": 1, TOO_MANY: 1}


def test_positions_are_computed_only_for_reported_problems(tmp_path: Path) -> None:
    """Neither positions nor texts are computed for problems above the limit."""
    places = 0
    looked_up = TableRow.position

    def counting(row: TableRow, *keys: str | int) -> Position:
        nonlocal places
        places += 1
        return looked_up(row, *keys)

    with patch.object(TableRow, "position", counting):
        reading_of(tmp_path, FLOODS["dangling"])
    assert places == 10


def test_errors_keep_no_stack_frames(tmp_path: Path) -> None:
    """No exception keeps its frames, which take some kilobytes each."""
    dates = "".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\ndate = "x"\n' for n in range(500))
    path = write_case(tmp_path / "demo.toml", dates)
    gc.collect()
    gc.disable()
    try:
        read_case(path)
        assert gc.collect() < 500
    finally:
        gc.enable()


def test_rows_are_read_in_steps_of_some_milliseconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step ends with the row at which its time is over: a row may hold 50,000 values."""
    path = write_case(
        tmp_path / "demo.toml", "".join(EVENT.replace('"e"', f'"e{n}"') for n in range(9))
    )
    counts = []
    for seconds in (0, 1000):
        monkeypatch.setattr("casefile.background.STEP_SECONDS", seconds)
        counts.append(len(list(read_in_steps(path))))
    # Each of the case and its nine events is read, and its references are checked.
    assert counts == [1 + 9 + 10, 1]


def test_number_of_left_out_problems_is_reported_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check`, `show` and the pane of problems report it once, at the end."""
    path = write_case(tmp_path / "demo.toml", FLOODS["dangling"])
    more = "and 15 more `dangling` problems"
    run(["check", str(path)])
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith(f"{path}: error: {more}")
    assert printed.count(more) == 1
    run(["show", str(path), "--notes-dir", str(tmp_path)])
    assert capsys.readouterr().err.splitlines()[10].startswith(f"{path}: {more}")


async def test_pane_of_problems_is_limited(tmp_path: Path) -> None:
    """The pane ends with the number of left-out problems, and its title counts the shown ones."""
    desk = Desk(tmp_path)
    async with desk.open(write_case(tmp_path / "demo.toml", FLOODS["dangling"])) as reader:
        pane = next(pane for pane in reader.session.panes if pane.title == "Problems")
        assert pane.count == 11
        last = pane.rows[-1]
        assert isinstance(last, ProblemRow)
        assert last.problem.what.startswith("and 15 more `dangling` problems")


LIMITS = {
    "CASEFILE_SIZE_LIMIT": "#" * (1 << 20),
    "CASEFILE_PIECE_LIMIT": f'{EVENT}text = "{"x" * (3 << 20)}"\n',
    "CASEFILE_MARK_LIMIT": "",
    "CASEFILE_ROW_LIMIT": EVENT + EVENT.replace('"e"', '"f"'),
    "CASEFILE_VALUE_LIMIT": EVENT,
    "CASEFILE_DEPTH_LIMIT": "x = [[1]]\n",
    "CASEFILE_TABLE_LIMIT": '[[a]]\nid = "a"\n[[b]]\nid = "b"\n',
    "CASEFILE_PROBLEM_LIMIT": f'{EVENT}about = ["a", "b"]\n',
}
"""For each variable rows of a case that is beyond a limit of 1, and within one of 9."""


@pytest.mark.parametrize("variable", LIMITS)
def test_each_limit_is_named_in_message_and_can_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The message names the variable, and setting it changes the limit."""
    rows = LIMITS[variable]
    monkeypatch.setenv(variable, "1")
    (last,) = [one for one in reading_of(tmp_path, rows).problems if variable in one.what]
    assert f"set {variable}=2 to raise it" in last.what
    monkeypatch.setenv(variable, "9")
    assert all(variable not in one.what for one in reading_of(tmp_path, rows).problems)


def test_position_of_first_item_does_not_scan_list() -> None:
    """The position of the first item doesn't need the million that follow."""
    positions = Positions(f"a = [{'1, ' * 1000}]\n")
    assert positions.of(("a", 2)) == Position(1, 12)
    (items,) = positions._lists.values()
    assert len(items._starts) == 3


def test_positions_are_freed_after_reading(tmp_path: Path) -> None:
    """Positions take many times the memory of the file, and are found again when needed."""
    reading = reading_of(tmp_path, FLOODS["dangling"])
    assert reading.rows["e"].part._positions is None
    assert reading.position("e", "involved", 1) == Position(8, 18)


EVENTS = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(250))


def test_search_folds_rows_in_steps(tmp_path: Path) -> None:
    """The rows of a pane are folded a hundred at a time, and only once."""
    open_case = Desk(tmp_path).lay_open(write_case(tmp_path / "demo.toml", EVENTS))
    pane, finder = panes_of(open_case)[0], Finder(open_case)
    assert not finder.fold_small([pane])
    assert [round(done, 1) for done in finder.fold_in_steps([pane])] == [0.4, 0.8]
    assert finder.fold_small([pane])
    assert [*finder.fold_in_steps([pane])] == []


@pytest.mark.parametrize("line", ["slash", "f"])
async def test_esc_ends_search_of_large_pane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """The screen shows the progress, and Esc ends the search with the pane unchanged."""

    def endless(*_args: object) -> Generator[float, None, None]:
        while True:
            yield 0.5

    monkeypatch.setattr(Finder, "fold_in_steps", endless)
    async with Desk(tmp_path).open(write_case(tmp_path / "demo.toml", EVENTS)) as reader:
        await reader.press(line)
        reader.app.post_message(key_event("9"))
        await reader.until(lambda: "searching: 50%" in reader.text)
        assert not reader.screen.is_settled
        await reader.press("escape")
        assert "searching" not in reader.text
        assert reader.case_screen.entry_list.pane.count == 250


@pytest.mark.parametrize("line", ["slash", "f"])
async def test_search_of_large_pane_does_nothing_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Who has gone to another pane meanwhile stays where they are, with all rows."""
    go_on = Event()

    def gated(finder: Finder, panes: Sequence[Pane]) -> Generator[float, None, None]:
        while not go_on.is_set():
            yield 0.5
        yield from fold_in_steps(finder, panes)

    fold_in_steps = Finder.fold_in_steps
    monkeypatch.setattr(Finder, "fold_in_steps", gated)
    parties = '[[party]]\nid = "event-2"\nname = "Event 2"\n[[party]]\nid = "p"\nname = "P"\n'
    case = write_case(tmp_path / "demo.toml", f"{EVENTS}{parties}")
    async with Desk(tmp_path).open(case) as reader:
        for key in (line, *"event", "enter", "2", "j"):
            reader.app.post_message(key_event(key))
        await reader.until(lambda: reader.entry == "p")
        go_on.set()
        await reader.settle()
        assert (reader.entry, reader.session.filter_query) == ("p", None)


async def test_enter_before_end_of_search_goes_to_match(tmp_path: Path) -> None:
    """Enter during the search closes the line, and the match is selected when found."""
    async with Desk(tmp_path).open(write_case(tmp_path / "demo.toml", EVENTS)) as reader:
        await reader.press("slash", "2", "4", "9", "enter")
        assert reader.entry == "e249"
        assert "1 of 1" in reader.text


def test_file_truncated_while_reading_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is read like any other file."""
    path = write_case(tmp_path / "demo.toml", EVENT)
    read = os.read

    def cutting(descriptor: int, length: int) -> bytes:
        data = read(descriptor, min(length, 60))
        os.truncate(path, 75)
        return data

    monkeypatch.setattr("casefile.files.os.read", cutting)
    (problem,) = read_case(path).problems
    assert problem.code == "syntax"


def _endless_reading(_path: Path) -> Generator[float, None, LoadResult]:
    while True:
        yield 0.25


def _endless_work(_case: OpenCase) -> OpenCase:
    Event().wait()
    raise AssertionError


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
@pytest.mark.parametrize(
    "part",
    [
        ("casefile.tui.library_screen.read_in_steps", _endless_reading, "Reading demo.toml: 25%"),
        ("casefile.views.open_case.OpenCase.prepare", _endless_work, "Putting demo.toml in order"),
    ],
)
async def test_screen_responds_while_large_case_opens(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    part: tuple[str, Callable[..., object], str],
) -> None:
    """The screen shows the progress; Esc goes to the library, ctrl+q quits."""
    name, endless, told = part
    monkeypatch.setattr(name, endless)
    path = write_case(tmp_path / "demo.toml", EVENT)
    app = CasefileApp(Desk(tmp_path).opener, None, to_open=path)
    async with app.run_test() as pilot:
        for wanted in (f"{told} · Esc stops", "Library"):
            while wanted not in screen_text(app):
                await pilot.pause(0.01)
        app.post_message(key_event(key))
        while app.is_running and "Not opened." not in screen_text(app):
            await pilot.pause(0.01)
        assert app.is_running == (key == "escape")


async def test_typing_on_in_the_library_opens_no_case(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next letters would be commands in the case that was being read."""
    async with desk.open(desk.write_case(EVENT)) as reader:
        await reader.press("L", *"diana")
        monkeypatch.setattr("casefile.tui.library_screen.read_in_steps", _endless_reading)
        reader.app.post_message(key_event("enter"))
        await reader.until(lambda: "Esc stops" in reader.text)
        await reader.press("x")
        assert "Not opened." in reader.text
        assert "dianax" in reader.text


async def test_what_was_stopped_is_not_exempt_from_collection(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a large case would stay in memory for good, each time that reading it is stopped."""
    monkeypatch.setattr("casefile.tui.library_screen.read_in_steps", _endless_reading)
    frozen: list[bool] = []
    app = CasefileApp(desk.opener, None, to_open=desk.write_case(EVENT))
    async with app.run_test() as pilot:
        while "Reading demo.toml" not in screen_text(app):
            await pilot.pause(0.01)
        monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
        await pilot.press("escape")
        while "Not opened." not in screen_text(app):
            await pilot.pause(0.01)
    assert gc.get_threshold()[0] > 0
    assert frozen == []


async def test_work_in_a_thread_may_end_after_it_is_awaited_no_longer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody is told of its result, nor of an error in setting that."""
    go, failed = Event(), list[object]()
    with patch("threading.excepthook", failed.append):
        task = asyncio.create_task(run_in_thread(go.wait))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        threads = {one for one in enumerate_threads() if one.daemon}
        go.set()
        for one in threads - {main_thread()}:
            one.join(0.2)
    assert failed == []
    assert caplog.records == []


WORKED_OUT = (
    "casefile.views.case_record.Relations",
    "casefile.views.case_record.build_timeline",
    "casefile.views.case_record.period_in_words",
    "casefile.state.visits.since_last_visit",
    "casefile.views.verdicts.is_checkable",
    "casefile.tui.watcher.entry_changes",
)
"""What takes seconds for 200,000 entries and has no steps."""


async def test_large_case_is_put_in_order_beside_the_screen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long is done in another thread, on opening a case and on reading it again."""
    threads: defaultdict[str, set[Thread]] = defaultdict(set)

    def noting(name: str, do: Callable[..., object]) -> Callable[..., object]:
        def note(*arguments: object) -> object:
            threads[name].add(current_thread())
            return do(*arguments)

        return note

    for name in WORKED_OUT:
        monkeypatch.setattr(name, noting(name, pkgutil.resolve_name(name)))
    app = CasefileApp(desk.opener, None, to_open=desk.write_case(EVENT))
    async with app.run_test() as pilot:
        for wanted, key in (("Timeline · 1 of 1", "R"), ("Read again: no entry has changed.", "j")):
            while wanted not in screen_text(app):
                await pilot.pause(0.01)
            app.post_message(key_event(key))
    assert threads.keys() == set(WORKED_OUT)
    assert main_thread() not in set().union(*threads.values())


async def test_case_that_is_no_longer_open_needs_no_garbage_collector(desk: Desk) -> None:
    """It would stay for good: the objects of a case are exempt, since there may be millions."""
    async with desk.open(desk.write_case(EVENT)) as reader:
        await reader.press("R", "enter", "v", "c")
        before = weakref.ref(reader.screen.open_case)
        assert reader.screen.open_case.checks.own("e")
        gc.collect()
        gc.disable()
        try:
            await reader.press("R")
            assert reader.message == "Read again: no entry has changed."
            assert before() is None
        finally:
            gc.enable()


@pytest.mark.parametrize("part", ["가", "e\u0301", "\u202e", "\u0301\u0323", "a", "Straße "])
def test_search_folds_a_long_text_in_steps(tmp_path: Path, part: str) -> None:
    """However few rows a pane has, no step folds much more than a hundred thousand characters."""
    text = part * (1_000_000 // len(part))
    rows = f'[[event]]\nid = "long"\ntitle = "Long"\ntext = "{text}"\n'
    open_case = Desk(tmp_path).lay_open(write_case(tmp_path / "demo.toml", rows))
    pane, finder = panes_of(open_case)[0], Finder(open_case)
    lengths = []

    def folded(text: str) -> str:
        lengths.append(len(text))
        return text

    with patch.object(folding, "folded", folded):
        assert not finder.fold_small([pane])
        for _ in finder.fold_in_steps([pane]):
            assert sum(lengths) <= 100_000
            lengths.clear()
    assert finder.fold_small([pane])


async def test_words_in_a_long_text_are_found_after_a_while(tmp_path: Path) -> None:
    """A pane of few rows with a long text is searched in the background."""
    text = "가나다 " * 200_000 + "나다"
    rows = f'[[event]]\nid = "a"\ntitle = "A"\n[[event]]\nid = "b"\ntitle = "B"\ntext = "{text}x"\n'
    async with Desk(tmp_path).open(write_case(tmp_path / "demo.toml", rows)) as reader:
        await reader.press("slash", *"나다x")
        await reader.until(lambda: found_places(reader.session) != ())
        assert found_places(reader.session) == (2,)


def found_places(session: Session) -> tuple[int, ...]:
    """Return the rows in which words were found."""
    return session.found.places if session.found else ()
