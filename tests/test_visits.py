"""The changes in a case file since the last visit."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from small_cases import case_in, events, write_case

from casefile import durable_files
from casefile.case.model import CaseFile
from casefile.places import Places
from casefile.state.visits import forget_visits, remember_visit, since_last_visit

LONG_AGO = 1_600_000_000.0


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return directories that do not exist yet."""
    return Places(None, tmp_path / "home" / "state", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the case files."""
    return tmp_path / "cases"


def case_of(folder: Path, rows: str) -> CaseFile:
    """Return a case with these rows."""
    return case_in(write_case(folder / "demo.toml", rows))


def visit_file(places: Places) -> Path:
    """Return the path of the file with the visit."""
    assert places.state is not None
    return places.state / "visits" / "demo.toml"


def test_first_visit_has_no_changes(places: Places, folder: Path, tmp_path: Path) -> None:
    """There are no changes, and reading creates nothing."""
    assert since_last_visit(places, case_of(folder, events("a"))) is None
    assert not (tmp_path / "home").exists()


def test_new_changed_and_gone_entries(places: Places, folder: Path) -> None:
    """Each entry that differs is listed once, in file order."""
    assert remember_visit(places, case_of(folder, events("a", "b", "c", "d")))
    after = events("new-2", "d", "b", "new-1").replace("Event b", "Event B")
    changes = since_last_visit(places, case_of(folder, after))
    assert changes is not None
    assert changes
    assert changes.new == ("new-2", "new-1")
    assert changes.changed == ("b",)
    assert changes.gone == ("a", "c")


def test_case_is_entry_too(places: Places, folder: Path) -> None:
    """A new title of the case is a change."""
    remember_visit(places, case_of(folder, ""))
    renamed = case_in(write_case(folder / "demo.toml", title="Another title"))
    changes = since_last_visit(places, renamed)
    assert changes is not None
    assert changes.changed == ("demo",)


def test_formatting_is_no_change(places: Places, folder: Path) -> None:
    """Comments, order and the notation of values have no effect."""
    remember_visit(places, case_of(folder, '[[event]]\nid = "a"\ntitle = "b"\n' + events("c")))
    other = events("c") + "# said otherwise\n[[event]]\ntitle = 'b'\nid = '''a'''\n"
    changes = since_last_visit(places, case_of(folder, other))
    assert changes is not None
    assert not changes


ROWS = st.dictionaries(
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}", fullmatch=True).filter(lambda one: one != "demo"),
    st.sampled_from(["one", "two"]),
    max_size=6,
)


@given(before=ROWS, after=ROWS)
@settings(max_examples=60, deadline=None)
def test_changes_are_difference_of_entries(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, str], after: dict[str, str]
) -> None:
    """New, changed and gone entries are the difference of the two versions."""
    folder = tmp_path_factory.getbasetemp() / "difference"
    places = Places(None, folder, None)

    def case_with(titles: dict[str, str]) -> CaseFile:
        rows = (f'[[event]]\nid = "{one}"\ntitle = "{title}"\n' for one, title in titles.items())
        return case_of(folder, "".join(rows))

    remember_visit(places, case_with(before))
    changes = since_last_visit(places, case_with(after))
    assert changes is not None
    assert changes.new == tuple(one for one in after if one not in before)
    assert changes.gone == tuple(one for one in before if one not in after)
    both = [one for one in after if one in before]
    assert changes.changed == tuple(one for one in both if before[one] != after[one])


def test_unchanged_visit_is_not_rewritten(places: Places, folder: Path) -> None:
    """If nothing changed, only the file's modification time is updated."""
    case_file = case_of(folder, events("a"))
    remember_visit(places, case_file)
    inode = visit_file(places).stat().st_ino
    os.utime(visit_file(places), (LONG_AGO, LONG_AGO))
    before = since_last_visit(places, case_file)
    assert remember_visit(places, case_file)
    after = since_last_visit(places, case_file)
    assert before is not None
    assert after is not None
    assert before.since.timestamp() == LONG_AGO < after.since.timestamp()
    assert visit_file(places).stat().st_ino == inode


def test_visit_file_is_private(places: Places, folder: Path) -> None:
    """The file has mode 0600 and its folder 0700."""
    remember_visit(places, case_of(folder, events("a")))
    assert visit_file(places).stat().st_mode & 0o777 == 0o600
    assert visit_file(places).parent.stat().st_mode & 0o777 == 0o700


def test_visit_file_has_no_text_of_case(places: Places, folder: Path) -> None:
    """Only ids and digests are stored."""
    remember_visit(places, case_of(folder, events("a")))
    assert "Event" not in visit_file(places).read_text()


@pytest.mark.parametrize("state", [None, Path("/dev/null/state")])
def test_unwritable_state_is_no_error(folder: Path, state: Path | None) -> None:
    """Without a usable state directory, every visit is a first one."""
    nowhere = Places(None, state, None, "no home")
    case_file = case_of(folder, events("a"))
    assert not remember_visit(nowhere, case_file)
    assert since_last_visit(nowhere, case_file) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"entries = ''",
        b"format = 'casefile-visit/1'\nentries = 3",
        b"x = " + b"[" * 999,
    ],
)
def test_damaged_file_counts_as_missing(places: Places, folder: Path, data: bytes) -> None:
    """A damaged file is no visit, and the next visit replaces it."""
    case_file = case_of(folder, events("a"))
    visit_file(places).parent.mkdir(parents=True)
    visit_file(places).write_bytes(data)
    assert since_last_visit(places, case_file) is None
    assert remember_visit(places, case_file)
    assert since_last_visit(places, case_file) is not None


def test_forget_visits(places: Places, folder: Path) -> None:
    """All visits are removed at once; missing ones are no error."""
    assert forget_visits(places)
    case_file = case_of(folder, events("a"))
    remember_visit(places, case_file)
    assert forget_visits(places)
    assert since_last_visit(places, case_file) is None
    assert forget_visits(Places(None, None, None))


def test_only_what_casefile_wrote_is_forgotten(places: Places, folder: Path) -> None:
    """A reader's own files, folders and links stay, also beside visits that are removed."""
    case_file = case_of(folder, events("a"))
    visits = (places.state or Path()) / "visits"
    remember_visit(places, case_file)
    (own,) = visits.iterdir()
    for name in ("marseille.md", "article.toml", "x.0a1b2c3d4e5f6071.unfinished.md"):
        (visits / name).write_text("three pages of what he said\n")
    (visits / "Who Said What.toml").write_bytes(own.read_bytes())
    (folder / "elsewhere.toml").write_bytes(own.read_bytes())
    (visits / "link.toml").symlink_to(folder / "elsewhere.toml")
    (visits / "folder.toml").mkdir()
    stays = {*visits.iterdir()} - {own}
    assert forget_visits(places)
    assert {*visits.iterdir()} == stays


def test_folder_that_a_reader_made_is_not_forgotten(places: Places) -> None:
    """An empty folder in a named one stays if it has not the mode of those that casefile makes."""
    visits = (places.state or Path()) / "visits"
    visits.mkdir(parents=True)
    visits.chmod(0o755)
    assert forget_visits(replace(places, is_named=True))
    assert visits.exists()
    assert forget_visits(places)
    assert not visits.exists()


def test_visit_that_cannot_be_removed_keeps_no_other(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is forgotten, and that it is not all is said."""
    for case_id in ("arrests", "barrels", "cargo"):
        remember_visit(places, case_in(write_case(folder / "x.toml", events("a"), case_id=case_id)))
    remove = durable_files.remove

    def failing(path: Path) -> None:
        if path.stem == "barrels":
            raise PermissionError(errno.EPERM, "Operation not permitted")
        remove(path)

    monkeypatch.setattr(durable_files, "remove", failing)
    assert not forget_visits(places)
    assert [path.stem for path in (places.state or Path()).glob("visits/*")] == ["barrels"]


def test_only_visits_are_forgotten_behind_a_link(places: Places, folder: Path) -> None:
    """What casefile has written through a link is removed; the link and all else there stay."""
    (places.state or Path()).mkdir(parents=True, exist_ok=True)
    own = folder / "visits of mine"
    own.mkdir(parents=True)
    (own / "report.md").write_text("mine")
    link = (places.state or Path()) / "visits"
    link.symlink_to(own)
    case_file = case_of(folder, events("a"))
    remember_visit(places, case_file)
    assert len([*own.iterdir()]) == 2
    assert forget_visits(places)
    assert link.is_symlink()
    assert [*own.iterdir()] == [own / "report.md"]
