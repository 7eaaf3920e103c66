"""The cases that were opened lately: remembered for their reader alone, and for nothing else."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import case_in, write_case
from terminal import Terminal, readers_environment

from casefile.library import bundled
from casefile.places import Places
from casefile.recent import MOST, forget_cases, recent_cases, remember_case

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give directories that don't exist yet."""
    return Places(None, tmp_path / "home" / "state", None)


def remembered(places: Places) -> list[str]:
    """Give the ids of the cases that are remembered."""
    return [recent.id for recent in recent_cases(places)]


def open_case(places: Places, path: Path, moment: dt.datetime | None = None) -> bool:
    """Remember that the case in a file is opened."""
    return remember_case(places, case_in(path), moment)


def test_at_first_nothing_is_remembered(places: Places, tmp_path: Path) -> None:
    """Looking for what was opened makes nothing."""
    assert recent_cases(places) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_case_opened_last_stands_first(places: Places, tmp_path: Path) -> None:
    """Each case with its file, its title and the moment, once, whatever the clock says."""
    for number, name in enumerate(("a", "b", "a")):
        path = write_case(tmp_path / f"{name}.toml", case_id=name, title=f"Case {name}")
        assert open_case(places, path, NOON - dt.timedelta(days=number))
    a, b = recent_cases(places)
    assert (a.path, a.id, a.title) == (str(tmp_path / "a.toml"), "a", "Case a")
    assert (a.opened, b.opened) == (NOON - dt.timedelta(days=2), NOON - dt.timedelta(days=1))


def test_a_path_is_remembered_whole(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that was typed from where the reader stood still leads there from elsewhere."""
    write_case(tmp_path / "demo.toml")
    monkeypatch.chdir(tmp_path)
    open_case(places, Path("demo.toml"))
    assert recent_cases(places)[0].path == str(tmp_path / "demo.toml")


def test_only_so_many_are_remembered(places: Places, tmp_path: Path) -> None:
    """The oldest are forgotten."""
    for number in range(MOST + 2):
        open_case(places, write_case(tmp_path / f"{number}.toml", case_id=f"c{number}"))
    assert remembered(places) == [f"c{number}" for number in range(MOST + 1, 1, -1)]
    assert places.state is not None
    assert (places.state / "recent.toml").read_text().count("[[case]]") == MOST


def test_what_is_remembered_is_private(places: Places, tmp_path: Path) -> None:
    """Nobody else can read which cases were opened, whatever the umask."""
    before = os.umask(0)
    try:
        open_case(places, write_case(tmp_path / "demo.toml"))
    finally:
        os.umask(before)
    assert places.state is not None
    (file,) = places.state.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert places.state.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("state", [None, Path("/dev/null/state"), Path("/proc/state")])
def test_where_nothing_can_be_remembered_nothing_fails(tmp_path: Path, state: Path | None) -> None:
    """Without a home, or with one that takes nothing, opening goes on in silence."""
    nowhere = Places(None, state, None, "no home")
    assert not open_case(nowhere, write_case(tmp_path / "demo.toml"))
    assert recent_cases(nowhere) == ()


@needs_root
def test_another_users_folder_is_given_nothing(places: Places, tmp_path: Path) -> None:
    """What was opened is not told to whoever owns the directory."""
    assert places.state is not None
    places.state.mkdir(parents=True)
    os.chown(places.state, 12345, 12345)
    assert not open_case(places, write_case(tmp_path / "demo.toml"))
    assert list(places.state.iterdir()) == []


def test_a_path_that_toml_cant_hold_is_not_remembered(places: Places, tmp_path: Path) -> None:
    """Bytes that are no UTF-8 have no form there; the others stay."""
    open_case(places, write_case(tmp_path / "demo.toml"))
    assert not open_case(places, write_case(tmp_path / "\udcff.toml", case_id="other"))
    assert remembered(places) == ["demo"]


def test_a_shipped_case_is_not_remembered(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there anyway; from another checkout it would be a second file with that id."""
    monkeypatch.chdir(bundled().parent)
    for path in (bundled(), Path(bundled().name)):
        assert not open_case(places, path)
    assert recent_cases(places) == ()


def test_forgetting(places: Places, tmp_path: Path) -> None:
    """Nothing is left of it; what was not there is forgotten too."""
    open_case(places, write_case(tmp_path / "demo.toml"))
    assert forget_cases(places)
    assert recent_cases(places) == ()
    assert forget_cases(places)
    assert forget_cases(Places(None, None, None))


ROW = {"path": "/a.toml", "id": "demo", "title": "A", "opened": NOON}


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "path": "a.toml"},
        {**ROW, "path": "/a\0"},
        {**ROW, "path": 3},
        {**ROW, "id": "../x"},
        {**ROW, "opened": dt.datetime(2026, 1, 1)},
        {"path": "/a.toml"},
        "a row",
    ],
)
def test_a_row_that_is_not_sound_costs_itself_alone(places: Places, row: object) -> None:
    """Nor is it ever taken for a path; the others are there."""
    assert places.state is not None
    places.state.mkdir(parents=True)
    table = {"format": "casefile-recent/1", "case": [row, {**ROW, "id": "sound"}]}
    (places.state / "recent.toml").write_text(tomli_w.dumps(table))
    assert remembered(places) == ["sound"]


@pytest.mark.slow
@given(data=st.binary(max_size=200) | st.text().map(str.encode))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_as_none(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever it holds, nothing fails, and the next case that is opened is remembered."""
    state = tmp_path_factory.getbasetemp() / "damaged"
    state.mkdir(exist_ok=True)
    (state / "recent.toml").write_bytes(data)
    places = Places(None, state, None)
    assert recent_cases(places) == ()
    assert open_case(places, write_case(state / "demo.toml"))
    assert remembered(places) == ["demo"]


@pytest.mark.terminal
@pytest.mark.parametrize("recent", ["true", "false"])
def test_opening_is_remembered_unless_it_is_switched_off(tmp_path: Path, recent: str) -> None:
    """Off, neither the case nor how it was when it was left is written anywhere."""
    folder = tmp_path / "config" / "casefile"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"[library]\nrecent = {recent}\n")
    path = write_case(tmp_path / "demo.toml")
    command = [sys.executable, "-m", "casefile", str(path)]
    with Terminal(command, env=readers_environment(tmp_path)) as terminal:
        terminal.wait_for("? help")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    state = tmp_path / "state"
    files = {str(file.relative_to(state)) for file in state.rglob("*.toml")}
    kept = {"casefile/recent.toml", "casefile/visits/demo.toml"}
    assert files == (kept if recent == "true" else set())
