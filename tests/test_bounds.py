"""What a file may cost: its problems are bounded, and so is all that is worked out for them."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from unittest.mock import patch

import pytest
from screens import Desk, key_event, screen_text
from small_cases import write_case

from casefile.case.document import Row
from casefile.case.findings.checker import check
from casefile.case.positions import Position, Positions
from casefile.case.problem import TOO_MANY, Problem
from casefile.case.reader import LoadResult, read_case
from casefile.cli.command_line import run
from casefile.tui.app import CasefileApp
from casefile.views.case_opener import CaseOpener
from casefile.views.case_panes import panes_of
from casefile.views.finding import Finder
from casefile.views.open_case import OpenCase
from casefile.views.panes import ProblemRow

EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'
MANY = 25


def listed(key: str, item: str) -> str:
    """Give an event with a list of many items."""
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


def told(problems: tuple[Problem, ...], code: str) -> list[str]:
    """Give what is told of one sort, and in place of what is too many of it."""
    return [one.what for one in problems if one.code == code or f"`{code}`" in one.what]


@pytest.mark.parametrize("code", FLOODS)
def test_of_one_sort_as_many_are_told_as_anybody_reads(tmp_path: Path, code: str) -> None:
    """Of the others it is said how many there are, and what tells more of them."""
    *first, last = told(reading_of(tmp_path, FLOODS[code]).problems, code)
    assert len(first) == 10
    assert last == f"and 15 more of the sort `{code}`; CASEFILE_PROBLEM_LIMIT=20 sets another limit"


@pytest.mark.parametrize("code", FINDINGS)
def test_findings_are_bounded_as_errors_are(tmp_path: Path, code: str) -> None:
    """What `check` finds is told in the same way, and only what is told is kept."""
    *first, last = told(check(reading_of(tmp_path, FINDINGS[code])).problems, code)
    assert len(first) == 10
    assert last == f"and 15 more of the sort `{code}`; CASEFILE_PROBLEM_LIMIT=20 sets another limit"


def test_what_is_accepted_is_bounded_too(tmp_path: Path) -> None:
    """A finding that the case silences is kept with its reason, of each sort as many."""
    accept = '[case.accept]\nself-reference = "so"\n'
    checked = check(reading_of(tmp_path, accept + FINDINGS["self-reference"]))
    assert [one.problem.code for one in checked.accepted] == ["self-reference"] * 10
    assert told(checked.problems, "self-reference") == []


def test_many_problems_of_one_sort_hide_none_of_another(tmp_path: Path) -> None:
    """The one slip among thousands of missing ids is told, at its place."""
    rows = f'{FLOODS["dangling"]}[[event]]\nid = "other"\ntitle = "E"\ndate = "x"\n'
    codes = Counter(one.code for one in reading_of(tmp_path, rows).problems)
    assert codes == {"dangling": 10, "bad-date": 1, TOO_MANY: 1}


def test_what_is_not_told_is_not_looked_up(tmp_path: Path) -> None:
    """Neither places nor words are worked out for problems beyond the limit."""
    places = 0
    looked_up = Row.position

    def counting(row: Row, *keys: str | int) -> Position:
        nonlocal places
        places += 1
        return looked_up(row, *keys)

    with patch.object(Row, "position", counting):
        reading_of(tmp_path, FLOODS["dangling"])
    assert places == 10


def test_what_was_refused_holds_nothing_while_a_file_is_read(tmp_path: Path) -> None:
    """No refusal keeps the frames that it came through: each would cost some kilobytes."""
    dates = "".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\ndate = "x"\n' for n in range(500))
    path = write_case(tmp_path / "demo.toml", dates)
    gc.collect()
    gc.disable()
    try:
        read_case(path)
        assert gc.collect() < 500
    finally:
        gc.enable()


def test_a_bounded_file_is_told_the_same_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check`, `show` and the pane of problems say how many more there are, once and last."""
    path = write_case(tmp_path / "demo.toml", FLOODS["dangling"])
    more = "and 15 more of the sort `dangling`"
    run(["check", str(path)])
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith(f"{path}: error: {more}")
    assert printed.count(more) == 1
    run(["show", str(path), "--notes-dir", str(tmp_path)])
    assert capsys.readouterr().err.splitlines()[10].startswith(f"{path}: {more}")


async def test_the_pane_of_problems_is_bounded_too(tmp_path: Path) -> None:
    """It ends with how many more there are, and the title counts what is told."""
    desk = Desk(tmp_path)
    async with desk.open(write_case(tmp_path / "demo.toml", FLOODS["dangling"])) as reader:
        pane = next(pane for pane in reader.session.panes if pane.title == "Problems")
        assert pane.count == 11
        last = pane.rows[-1]
        assert isinstance(last, ProblemRow)
        assert last.problem.what.startswith("and 15 more of the sort `dangling`")


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
def test_each_limit_is_named_where_it_refuses_and_can_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The message says which variable sets another limit, and that limit holds then."""
    rows = LIMITS[variable]
    monkeypatch.setenv(variable, "1")
    (last,) = [one for one in reading_of(tmp_path, rows).problems if variable in one.what]
    assert f"{variable}=2 sets another limit" in last.what
    monkeypatch.setenv(variable, "9")
    assert all(variable not in one.what for one in reading_of(tmp_path, rows).problems)


def test_a_list_is_looked_into_no_further_than_is_asked() -> None:
    """The place of the first item costs no walk over the million that follow."""
    positions = Positions(f"a = [{'1, ' * 1000}]\n")
    assert positions.of(("a", 2)) == Position(1, 12)
    (items,) = positions._lists.values()
    assert len(items._starts) == 3


def test_places_are_let_go_of_when_a_file_was_read(tmp_path: Path) -> None:
    """What is known of places takes many times the room of the file, and is found again."""
    reading = reading_of(tmp_path, FLOODS["dangling"])
    assert reading.rows["e"].part._positions is None
    assert reading.position("e", "involved", 1) == Position(8, 18)


EVENTS = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(250))


def test_finding_folds_some_rows_a_step(tmp_path: Path) -> None:
    """What a pane shows is folded for finding in steps of a hundred rows, and then kept."""
    open_case = Desk(tmp_path).lay_open(write_case(tmp_path / "demo.toml", EVENTS))
    pane, finder = panes_of(open_case)[0], Finder(open_case)
    assert not finder.has_folded([pane])
    assert [round(done, 1) for done in finder.fold_in_steps([pane])] == [0.4, 0.8]
    assert finder.has_folded([pane])
    assert [*finder.fold_in_steps([pane])] == []


@pytest.mark.parametrize("line", ["slash", "f"])
async def test_while_a_large_pane_is_looked_through_esc_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """The screen tells how far it has come, and Esc ends it, the pane as it was."""

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


async def test_what_is_looked_for_in_a_large_pane_is_found_also_after_enter(tmp_path: Path) -> None:
    """Enter pressed before all was looked through leaves the line, and the row is gone to."""
    async with Desk(tmp_path).open(write_case(tmp_path / "demo.toml", EVENTS)) as reader:
        await reader.press("slash", "2", "4", "9", "enter")
        assert reader.entry == "e249"
        assert "1 of 1" in reader.text


def test_a_file_that_is_cut_short_while_it_is_read_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of it is read as any file is; nothing else comes of it."""
    path = write_case(tmp_path / "demo.toml", EVENT)
    read = os.read

    def cutting(descriptor: int, length: int) -> bytes:
        data = read(descriptor, min(length, 60))
        os.truncate(path, 75)
        return data

    monkeypatch.setattr("casefile.files.os.read", cutting)
    (problem,) = read_case(path).problems
    assert problem.code == "syntax"


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_while_a_large_case_is_opened_the_screen_is_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """It tells how far it has come; Esc shows the library in its place, ctrl+q quits."""

    def endless(_room: CaseOpener, _path: Path) -> Generator[float, None, OpenCase]:
        while True:
            yield 0.25

    monkeypatch.setattr(CaseOpener, "open_in_steps", endless)
    path = write_case(tmp_path / "demo.toml", EVENT)
    app = CasefileApp(Desk(tmp_path).opener, None, to_open=path)
    async with app.run_test() as pilot:
        for wanted in ("Reading demo.toml: 25%; Esc stops.", "Library"):
            while wanted not in screen_text(app):
                await pilot.pause(0.01)
        app.post_message(key_event(key))
        while app.is_running and "Not opened." not in screen_text(app):
            await pilot.pause(0.01)
        assert app.is_running == (key == "escape")
