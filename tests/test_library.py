"""The library: finding cases by path or id, and listing them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import case_in, events, write_case

from casefile import library
from casefile.case.head import read_contents
from casefile.case.reader import read_case
from casefile.config import Config
from casefile.library import (
    BUNDLED,
    KnownCase,
    Library,
    NoSuchCase,
    SeveralCases,
    bundled_case_path,
    case_to_open,
    duplicates,
    find_case,
    list_cases,
    open_library,
)
from casefile.places import Places
from casefile.state.recent import Recent, remember_case

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder for cases."""
    return tmp_path / "shelf"


def opened(path: Path, case_id: str = "demo") -> Recent:
    """Return a recently opened case."""
    return Recent(str(path), case_id, "A title", NOON)


def own(found: Library) -> list[KnownCase]:
    """Return the listing of a library without the shipped cases."""
    return [known for known in list_cases(found) if known.origin != "shipped"]


def paths(found: Library) -> list[Path]:
    """Return the paths of the reader's own cases."""
    return [known.path for known in own(found)]


# Finding one


def test_id_finds_shipped_case() -> None:
    """The bundled case is found without a library."""
    assert find_case(BUNDLED) == bundled_case_path()
    assert bundled_case_path().is_file()


def test_id_finds_case_of_any_origin(tmp_path: Path) -> None:
    """In a configured folder, listed one by one, or recent."""
    in_folder = write_case(tmp_path / "folder" / "x.toml", case_id="in-folder")
    named = write_case(tmp_path / "y.toml", case_id="named")
    recent = write_case(tmp_path / "z.toml", case_id="recent")
    found = Library((tmp_path / "folder",), (named,), (opened(recent, "recent"),))
    assert find_case("in-folder", found) == in_folder
    assert find_case("named", found) == named
    assert find_case("recent", found) == recent


def test_file_is_preferred_to_id(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An existing file of that name is opened, also a broken link."""
    write_case(shelf / "x.toml")
    monkeypatch.chdir(shelf)
    (shelf / "demo").symlink_to("nowhere")
    assert find_case("demo", Library((shelf,))) == Path("demo")


def test_folder_is_not_preferred_to_id(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the name of the id is ignored."""
    path = write_case(shelf / "demo" / "x.toml")
    monkeypatch.chdir(shelf)
    assert find_case("demo", Library((shelf,))) == path


@pytest.mark.parametrize(
    "name", ["missing.toml", "../demo", "/demo", "Demo", "a\0b", ".", "x" * 65]
)
def test_invalid_id_is_path(shelf: Path, name: str) -> None:
    """Any other name is a path, which need not exist."""
    write_case(shelf / "x.toml")
    assert find_case(name, Library((shelf,))) == Path(name)


def test_unknown_name_suggests_similar_ids(shelf: Path) -> None:
    """The message names similar ids of all known cases."""
    write_case(shelf / "x.toml", case_id="harbour-2019")
    with pytest.raises(NoSuchCase) as refused:
        find_case("harbor-2019", Library((shelf,)))
    assert refused.value.lines == (
        "There is no file or case “harbor-2019”; the nearest is “harbour-2019”.",
    )
    with pytest.raises(NoSuchCase, match="`casefile list` names those there are"):
        find_case("zzz")


def test_ambiguous_id_is_refused(tmp_path: Path) -> None:
    """If two files have the id, neither is opened; a path is never ambiguous."""
    one = write_case(tmp_path / "one" / "x.toml")
    other = write_case(tmp_path / "other" / "x.toml")
    found = Library((tmp_path / "one",), (other,))
    with pytest.raises(SeveralCases) as refused:
        find_case("demo", found)
    assert refused.value.paths == (other, one)
    assert refused.value.lines == (
        f"“demo” is the id of {other} and {one}; name one of these files.",
    )
    assert find_case(str(one), found) == one
    assert duplicates(own(found)) == {"demo": (other, one)}


def test_file_with_several_paths_is_listed_once(shelf: Path) -> None:
    """Links, paths with `..` and recent paths of a file are one case."""
    path = write_case(shelf / "a.toml")
    (shelf / "b.toml").symlink_to(path)
    (shelf / "c.toml").hardlink_to(path)
    around = shelf / ".." / "shelf" / "a.toml"
    found = Library((shelf, shelf / ".." / "shelf"), (around,), (opened(path),))
    assert paths(found) == [around]
    assert find_case("demo", found) == around


def test_id_is_found_in_head_of_broken_file(shelf: Path) -> None:
    """A case with an error is found by its id, so that opening it reports the error."""
    path = write_case(shelf / "x.toml", "[[event]]\nid = \n")
    assert find_case("demo", Library((shelf,))) == path


@pytest.mark.parametrize(
    "text",
    [
        '[[event]]\nid = "e"\n[case]\nid = "demo"\ntitle = "A"\n',
        f'[case]\ntitle = "A"\ntext = "{"x" * 100_000}"\nid = "demo"\n',
        "case = { id = 'demo', title = '''\n[[event]]''' }\n",
    ],
    ids=["after-entries", "far-down", "quoted-header"],
)
def test_id_is_found_anywhere_in_file(shelf: Path, text: str) -> None:
    """If the id is not in the head, the whole file is read."""
    path = write_case(shelf / "x.toml")
    path.write_text(f'format = "casefile/1"\n{text}')
    assert find_case("demo", Library((shelf,))) == path


def test_recent_case_is_not_found_by_former_id(tmp_path: Path) -> None:
    """The id of a recent case is read again from the file."""
    path = write_case(tmp_path / "x.toml", case_id="renamed")
    with pytest.raises(NoSuchCase):
        find_case("demo", Library(recent=(opened(path),)))


# Folders


def test_folders_are_searched_to_limited_depth(shelf: Path) -> None:
    """Year, month, case; not deeper, and no hidden folders."""
    found = [
        write_case(shelf / "x.toml"),
        write_case(shelf / "1" / "x.toml"),
        write_case(shelf / "1" / "2" / "x.toml"),
        write_case(shelf / "1" / "2" / "3" / "x.toml"),
    ]
    write_case(shelf / "1" / "2" / "3" / "4" / "x.toml")
    write_case(shelf / ".git" / "x.toml")
    write_case(shelf / ".x.toml")
    write_case(shelf / "x.txt")
    assert paths(Library((shelf,))) == found


def test_links_in_folder_are_not_followed(shelf: Path, tmp_path: Path) -> None:
    """A circular link ends no search; the configured folder itself may be a link."""
    path = write_case(shelf / "x.toml")
    write_case(tmp_path / "elsewhere" / "y.toml")
    (shelf / "self").symlink_to(shelf)
    (shelf / "up").symlink_to("..")
    (shelf / "out").symlink_to(tmp_path / "elsewhere")
    assert paths(Library((shelf,))) == [path]
    (tmp_path / "link").symlink_to(shelf)
    assert paths(Library((tmp_path / "link",))) == [tmp_path / "link" / "x.toml"]


def test_other_files_are_ignored(shelf: Path) -> None:
    """Other TOML files, folders, FIFOs and broken links are ignored, unless listed one by one."""
    path = write_case(shelf / "x.toml")
    (shelf / "a.toml").write_text("[project]\nname = 'casefile/1'\n")
    (shelf / "b.toml").write_bytes(b"\x00" * 10_000)
    (shelf / "c.toml").mkdir()
    (shelf / "d.toml").symlink_to("nowhere")
    os.mkfifo(shelf / "e.toml")
    assert paths(Library((shelf,))) == [path]
    named = [shelf / f"{letter}.toml" for letter in "abcde"]
    problems = [known.problem for known in own(Library(cases=tuple(named)))]
    assert [problem.path for problem in problems if problem] == named


def test_unreadable_folder_is_reported(shelf: Path) -> None:
    """The folder is listed with the reason, and affects no other."""
    path = write_case(shelf / "x.toml")
    missing, case = own(Library((shelf / "missing", shelf)))
    assert str(missing.problem) == f"{shelf}/missing: can't be read: no such file or directory"
    assert (case.path, case.problem) == (path, None)


@pytest.mark.parametrize("limit", ["MOST_NAMES", "MOST_SECONDS"])
def test_search_is_limited(shelf: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """The search ends with a message after a number of names or a time."""
    for number in range(5):
        write_case(shelf / f"{number}" / "x.toml", case_id=f"c{number}")
    monkeypatch.setattr(library, limit, 6 if limit == "MOST_NAMES" else 1e-9)
    *_found, last = own(Library((shelf,)))
    assert "too large" in str(last.problem)
    assert len(_found) == (1 if limit == "MOST_NAMES" else 0)


# Listing


def test_listing_describes_cases(shelf: Path, tmp_path: Path) -> None:
    """Id, title, origin, number of entries by table, and time of the last opening."""
    path = write_case(shelf / "x.toml", events("a", "b") + "[[ship]]\nid = 's'\n", title="Ships")
    recent = write_case(tmp_path / "y.toml", case_id="other")
    found = Library((shelf,), (), (opened(path), opened(recent, "other")))
    assert own(found) == [
        KnownCase(path, "config", "demo", "Ships", {"event": 2, "ship": 1}, NOON),
        KnownCase(recent, "recent", "other", "A small case", {}, NOON),
    ]
    assert own(found)[0].entries == 3
    shipped = [known for known in list_cases(found) if known.origin == "shipped"]
    assert bundled_case_path() in [known.path for known in shipped]


def test_cases_are_yielded_one_by_one(shelf: Path) -> None:
    """The first case is yielded before the second is read."""
    first, second = (write_case(shelf / name) for name in ("a.toml", "b.toml"))
    listing = list_cases(Library(cases=(first, second)))
    assert next(listing).problem is None
    second.write_text("no case")
    assert next(listing).problem is not None


def test_unreadable_case_affects_no_other(shelf: Path) -> None:
    """It is listed with its first error, and its id if that is known."""
    broken = write_case(shelf / "a.toml", "[[event]]\nid = \n", title="Broken")
    (shelf / "b.toml").write_text('format = "casefile/1"\n')
    good = write_case(shelf / "c.toml", case_id="good")
    one, other, last = own(Library((shelf,)))
    assert (one.id, one.title, one.entries) == ("demo", "Broken", None)
    assert str(one.problem).startswith(f"{broken}:6:6: invalid TOML")
    assert (other.id, "lacks a [case] table" in str(other.problem)) == (None, True)
    assert (last.path, last.problem) == (good, None)


def test_missing_recent_case_is_not_listed(tmp_path: Path) -> None:
    """A missing recent case is left out; a missing configured one is reported."""
    gone = tmp_path / "gone.toml"
    assert own(Library(recent=(opened(gone),))) == []
    assert len(own(Library(cases=(gone,)))) == 1


def test_large_file_is_not_counted(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large file only the head is read."""
    monkeypatch.setattr(library, "COUNTED_BYTES", 100)
    path = write_case(shelf / "x.toml", events("a", "b", "c"))
    assert own(Library((shelf,))) == [KnownCase(path, "config", "demo", "A small case")]


ROW = st.fixed_dictionaries(
    {"id": st.sampled_from(["'a'", "'b'", "'c'", "'demo'", "'A'", "3", "''"])},
    optional={"title": st.sampled_from(["'t'", "1"]), "name": st.sampled_from(["'n'", "[]"])},
)
TABLE = st.sampled_from(["event", "party", "ship", "table", "case", "event.part"])


@pytest.mark.slow
@given(rows=st.lists(st.tuples(TABLE, ROW), max_size=6), title=st.sampled_from(["'x'", "3"]))
@settings(max_examples=300, deadline=None)
def test_quick_counts_equal_full_reading(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, dict[str, str]]], title: str
) -> None:
    """The quick count of entries is that of the opened case."""
    text = f"format = 'casefile/1'\n[case]\nid = 'demo'\ntitle = {title}\n"
    for table, row in rows:
        text += f"[[{table}]]\n" + "".join(f"{key} = {value}\n" for key, value in row.items())
    path = tmp_path_factory.getbasetemp() / "counted.toml"
    path.write_text(text)
    contents = read_contents(text.encode())
    case_file = read_case(path).case_file
    if contents is not None:
        assert case_file is not None
        assert (contents.id, contents.title) == (case_file.case.id, case_file.case.title)
        assert sum(contents.counts.values()) == len(case_file.entries) - 1


def test_tables_above_limit_are_not_counted(shelf: Path) -> None:
    """Tables above the limit are ignored in the listing as in the reader."""
    declared = "".join(f"[[table]]\nname = 'd{number}'\n" for number in range(150))
    rows = "".join(f"[[t{number}]]\nid = 't{number}'\n" for number in range(90))
    path = write_case(shelf / "x.toml", declared + rows)
    assert own(Library((shelf,)))[0].entries == len(case_in(path).entries) - 1 < 90


def test_bundled_case_is_counted_quickly() -> None:
    """The bundled case needs no full reading, so the test of equal counts compares two methods."""
    contents = read_contents(bundled_case_path().read_bytes())
    case_file = read_case(bundled_case_path()).case_file
    assert contents is not None
    assert case_file is not None
    assert sum(contents.counts.values()) == len(case_file.entries) - 1


# Without an argument


def test_bundled_case_opens_without_own_cases(tmp_path: Path) -> None:
    """A recent bundled case doesn't count as the reader's own."""
    assert case_to_open(Library()) == bundled_case_path()
    assert (
        case_to_open(Library(recent=(opened(bundled_case_path(), BUNDLED),))) == bundled_case_path()
    )
    assert case_to_open(Library((tmp_path / "missing",))) == bundled_case_path()


def test_only_own_case_opens(shelf: Path) -> None:
    """The reader's only case opens, whatever its origin and however many paths it has."""
    path = write_case(shelf / "x.toml")
    assert case_to_open(Library((shelf,), (), (opened(path),))) == path
    assert case_to_open(Library(recent=(opened(path),))) == path


def test_library_is_shown_for_several_cases(shelf: Path) -> None:
    """With several own cases, none is opened."""
    write_case(shelf / "x.toml")
    write_case(shelf / "y.toml", case_id="other")
    assert case_to_open(Library((shelf,))) is None


def test_recent_setting_disables_recent_cases(tmp_path: Path) -> None:
    """If recent cases are switched off, they are not found by id."""
    places = Places(None, tmp_path / "state", None)
    case_file = read_case(write_case(tmp_path / "x.toml")).case_file
    assert case_file is not None
    remember_case(places, case_file)
    assert len(open_library(places, Config()).recent) == 1
    assert open_library(places, Config(recent=False)).recent == ()


def test_inaccessible_recent_case_affects_no_other(tmp_path: Path) -> None:
    """A recent path that can't be examined is left out."""
    lost = opened(tmp_path / ("x" * 300), "lost")
    kept = write_case(tmp_path / "kept.toml", case_id="kept")
    assert paths(Library(recent=(lost, opened(kept, "kept")))) == [kept]
