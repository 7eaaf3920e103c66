"""The list of recently opened cases."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from namespaces import needs_root
from small_cases import case_in, events, write_case
from terminal import Terminal, readers_environment

from casefile.library import bundled_case_path
from casefile.places import Places
from casefile.state.recent import MOST, forget_cases, recent_cases, remember_case

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return directories that do not exist yet."""
    return Places(None, tmp_path / "home" / "state", None)


def remembered(places: Places) -> list[str]:
    """Return the ids of the recent cases."""
    return [recent.id for recent in recent_cases(places)]


def open_case(places: Places, path: Path, moment: dt.datetime | None = None) -> bool:
    """Store that the case in a file was opened."""
    return remember_case(places, case_in(path), moment)


def test_no_recent_cases_at_first(places: Places, tmp_path: Path) -> None:
    """Reading the list creates nothing."""
    assert recent_cases(places) == ()
    assert list(tmp_path.iterdir()) == []


def test_last_opened_case_is_first(places: Places, tmp_path: Path) -> None:
    """Each case is listed once with file, title and time, in the order of opening."""
    for number, name in enumerate(("a", "b", "a")):
        path = write_case(tmp_path / f"{name}.toml", case_id=name, title=f"Case {name}")
        assert open_case(places, path, NOON - dt.timedelta(days=number))
    a, b = recent_cases(places)
    assert (a.path, a.id, a.title) == (str(tmp_path / "a.toml"), "a", "Case a")
    assert (a.opened, b.opened) == (NOON - dt.timedelta(days=2), NOON - dt.timedelta(days=1))


def test_relative_path_is_made_absolute(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is stored as an absolute one."""
    write_case(tmp_path / "demo.toml")
    monkeypatch.chdir(tmp_path)
    open_case(places, Path("demo.toml"))
    assert recent_cases(places)[0].path == str(tmp_path / "demo.toml")


def test_number_of_recent_cases_is_limited(places: Places, tmp_path: Path) -> None:
    """The oldest cases are dropped."""
    for number in range(MOST + 2):
        open_case(places, write_case(tmp_path / f"{number}.toml", case_id=f"c{number}"))
    assert remembered(places) == [f"c{number}" for number in range(MOST + 1, 1, -1)]
    assert places.state is not None
    assert (places.state / "recent.toml").read_text().count("[[case]]") == MOST


def test_recent_cases_are_private(places: Places, tmp_path: Path) -> None:
    """The file has mode 0600 and its folder 0700, whatever the umask."""
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
def test_unwritable_state_is_no_error(tmp_path: Path, state: Path | None) -> None:
    """Without a usable state directory, opening a case raises nothing."""
    nowhere = Places(None, state, None, "no home")
    assert not open_case(nowhere, write_case(tmp_path / "demo.toml"))
    assert recent_cases(nowhere) == ()


@needs_root
def test_folder_of_other_user_is_not_written_to(places: Places, tmp_path: Path) -> None:
    """Nothing is stored in another user's folder."""
    assert places.state is not None
    places.state.mkdir(parents=True)
    os.chown(places.state, 12345, 12345)
    assert not open_case(places, write_case(tmp_path / "demo.toml"))
    assert list(places.state.iterdir()) == []


def test_path_that_is_not_utf_8_is_not_stored(places: Places, tmp_path: Path) -> None:
    """A path of other bytes is not stored, and the list stays as it is."""
    open_case(places, write_case(tmp_path / "demo.toml"))
    assert not open_case(places, write_case(tmp_path / "\udcff.toml", case_id="other"))
    assert remembered(places) == ["demo"]


def test_shipped_case_is_not_stored(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library lists shipped cases anyway."""
    monkeypatch.chdir(bundled_case_path().parent)
    for path in (bundled_case_path(), Path(bundled_case_path().name)):
        assert not open_case(places, path)
    assert recent_cases(places) == ()


def test_forget_cases(places: Places, tmp_path: Path) -> None:
    """The list is removed; a missing list is no error."""
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
def test_damaged_row_affects_no_other(places: Places, row: object) -> None:
    """A damaged row is left out, and the others are returned."""
    assert places.state is not None
    places.state.mkdir(parents=True)
    table = {"format": "casefile-recent/1", "case": [row, {**ROW, "id": "sound"}]}
    (places.state / "recent.toml").write_text(tomli_w.dumps(table))
    assert remembered(places) == ["sound"]


@pytest.mark.slow
@given(data=st.binary(max_size=200) | st.text().map(str.encode))
@settings(max_examples=200, deadline=None)
def test_damaged_file_counts_as_missing(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """A damaged file raises nothing, and the next opened case replaces it."""
    state = tmp_path_factory.getbasetemp() / "damaged"
    state.mkdir(exist_ok=True)
    (state / "recent.toml").write_bytes(data)
    places = Places(None, state, None)
    assert recent_cases(places) == ()
    assert open_case(places, write_case(state / "demo.toml"))
    assert remembered(places) == ["demo"]


@pytest.mark.terminal
@pytest.mark.parametrize("recent", ["true", "false"])
def test_recent_setting_switches_storing_off(tmp_path: Path, recent: str) -> None:
    """If it is off, neither the list of cases nor the visit nor the pass is written."""
    folder = tmp_path / "config" / "casefile"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"[library]\nrecent = {recent}\n")
    path = write_case(tmp_path / "demo.toml", events("one", "two"))
    command = [sys.executable, "-m", "casefile", str(path)]
    with Terminal(command, env=readers_environment(tmp_path)) as terminal:
        terminal.wait_for("? help")
        terminal.press("V")
        terminal.wait_for("Verifying by source")
        terminal.press("q")
        terminal.wait_for("Verification paused")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    state = tmp_path / "state"
    files = {str(file.relative_to(state)) for file in state.rglob("*.toml")}
    names = ("recent.toml", "visits/demo.toml", "passes/demo.toml")
    kept = {f"casefile/{name}" for name in names}
    assert files == (kept if recent == "true" else set())
