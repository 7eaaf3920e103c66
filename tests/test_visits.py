"""What has changed in a case file since it was last left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import case_in, events, write_case

from casefile.case.model import CaseFile
from casefile.places import Places
from casefile.state.visits import forget_visits, remember_visit, since_last_visit

LONG_AGO = 1_600_000_000.0


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give directories that don't exist yet."""
    return Places(None, tmp_path / "home" / "state", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give where the case files are."""
    return tmp_path / "cases"


def case_of(folder: Path, rows: str) -> CaseFile:
    """Give a case with these rows."""
    return case_in(write_case(folder / "demo.toml", rows))


def kept_in(places: Places) -> Path:
    """Give the file in which the visit to the case is remembered."""
    assert places.state is not None
    return places.state / "visits" / "demo.toml"


def test_a_first_visit_has_nothing_before_it(places: Places, folder: Path, tmp_path: Path) -> None:
    """Nothing is called new, and looking makes nothing."""
    assert since_last_visit(places, case_of(folder, events("a"))) is None
    assert not (tmp_path / "home").exists()


def test_what_is_new_changed_and_gone(places: Places, folder: Path) -> None:
    """Each entry that is not as it was is named once, in the order of the file."""
    assert remember_visit(places, case_of(folder, events("a", "b", "c", "d")))
    after = events("new-2", "d", "b", "new-1").replace("Event b", "Event B")
    changes = since_last_visit(places, case_of(folder, after))
    assert changes is not None
    assert changes
    assert changes.new == ("new-2", "new-1")
    assert changes.changed == ("b",)
    assert changes.gone == ("a", "c")


def test_the_case_is_an_entry_too(places: Places, folder: Path) -> None:
    """Another title of the case is a change of the case."""
    remember_visit(places, case_of(folder, ""))
    renamed = case_in(write_case(folder / "demo.toml", title="Another title"))
    changes = since_last_visit(places, renamed)
    assert changes is not None
    assert changes.changed == ("demo",)


def test_the_same_in_other_words_is_no_change(places: Places, folder: Path) -> None:
    """Comments, the order of keys and of entries, and how a value is written don't count."""
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
def test_changes_are_the_difference(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, str], after: dict[str, str]
) -> None:
    """New, changed and gone are what two sets of entries say, however they differ."""
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


def test_a_visit_that_changes_nothing_writes_nothing(places: Places, folder: Path) -> None:
    """It is still the last visit: only the time of the file tells."""
    case_file = case_of(folder, events("a"))
    remember_visit(places, case_file)
    inode = kept_in(places).stat().st_ino
    os.utime(kept_in(places), (LONG_AGO, LONG_AGO))
    before = since_last_visit(places, case_file)
    assert remember_visit(places, case_file)
    after = since_last_visit(places, case_file)
    assert before is not None
    assert after is not None
    assert before.since.timestamp() == LONG_AGO < after.since.timestamp()
    assert kept_in(places).stat().st_ino == inode


def test_a_visit_is_remembered_in_private(places: Places, folder: Path) -> None:
    """The file and its folders are the reader's alone."""
    remember_visit(places, case_of(folder, events("a")))
    assert kept_in(places).stat().st_mode & 0o777 == 0o600
    assert kept_in(places).parent.stat().st_mode & 0o777 == 0o700


def test_no_words_of_the_case_are_kept(places: Places, folder: Path) -> None:
    """What is remembered of an entry is its id and a digest."""
    remember_visit(places, case_of(folder, events("a")))
    assert "Event" not in kept_in(places).read_text()


@pytest.mark.parametrize("state", [None, Path("/dev/null/state")])
def test_where_nothing_can_be_remembered_nothing_fails(folder: Path, state: Path | None) -> None:
    """Every visit is a first one then."""
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
def test_a_damaged_file_is_as_none(places: Places, folder: Path, data: bytes) -> None:
    """What can't be read is no visit, and the next one takes its place."""
    case_file = case_of(folder, events("a"))
    kept_in(places).parent.mkdir(parents=True)
    kept_in(places).write_bytes(data)
    assert since_last_visit(places, case_file) is None
    assert remember_visit(places, case_file)
    assert since_last_visit(places, case_file) is not None


def test_forgetting(places: Places, folder: Path) -> None:
    """All visits are forgotten at once; where there are none, that is fine too."""
    assert forget_visits(places)
    case_file = case_of(folder, events("a"))
    remember_visit(places, case_file)
    assert forget_visits(places)
    assert since_last_visit(places, case_file) is None
    assert forget_visits(Places(None, None, None))
