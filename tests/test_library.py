"""Which cases there are: found by path or id, told apart, and listed whatever is among them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import case_in, events, write_case

from casefile import library
from casefile.case.head import contents_of
from casefile.case.reader import read_case
from casefile.config import Config
from casefile.library import (
    BUNDLED,
    KnownCase,
    Library,
    NoSuchCase,
    SeveralCases,
    bundled,
    cases,
    duplicates,
    find_case,
    library_or_case,
    open_library,
)
from casefile.places import Places
from casefile.recent import Recent, remember_case

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Give a folder for cases."""
    return tmp_path / "shelf"


def opened(path: Path, case_id: str = "demo") -> Recent:
    """Give a case as one that was opened."""
    return Recent(str(path), case_id, "A title", NOON)


def own(found: Library) -> list[KnownCase]:
    """Give the listing of a library, less what is shipped with the program."""
    return [known for known in cases(found) if known.origin != "shipped"]


def paths(found: Library) -> list[Path]:
    """Give the paths of the reader's own cases."""
    return [known.path for known in own(found)]


# Finding one


def test_an_id_finds_a_shipped_case() -> None:
    """The bundled case is there without any library."""
    assert find_case(BUNDLED) == bundled()
    assert bundled().is_file()


def test_an_id_finds_a_case_wherever_it_is_known_from(tmp_path: Path) -> None:
    """In a folder of the library, named one by one, or opened before."""
    in_folder = write_case(tmp_path / "folder" / "x.toml", case_id="in-folder")
    named = write_case(tmp_path / "y.toml", case_id="named")
    recent = write_case(tmp_path / "z.toml", case_id="recent")
    found = Library((tmp_path / "folder",), (named,), (opened(recent, "recent"),))
    assert find_case("in-folder", found) == in_folder
    assert find_case("named", found) == named
    assert find_case("recent", found) == recent


def test_a_file_wins_over_an_id(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of that very name is what was typed, a link that leads nowhere too."""
    write_case(shelf / "x.toml")
    monkeypatch.chdir(shelf)
    (shelf / "demo").symlink_to("nowhere")
    assert find_case("demo", Library((shelf,))) == Path("demo")


def test_a_folder_is_no_case(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases are often kept in a folder of the same name; the id finds the case all the same."""
    path = write_case(shelf / "demo" / "x.toml")
    monkeypatch.chdir(shelf)
    assert find_case("demo", Library((shelf,))) == path


@pytest.mark.parametrize(
    "name", ["missing.toml", "../demo", "/demo", "Demo", "a\0b", ".", "x" * 65]
)
def test_what_is_no_id_is_a_path(shelf: Path, name: str) -> None:
    """It need not lead anywhere: opening it says so."""
    write_case(shelf / "x.toml")
    assert find_case(name, Library((shelf,))) == Path(name)


def test_a_name_that_is_neither_names_the_nearest_ids(shelf: Path) -> None:
    """The ids are those of all cases that are known."""
    write_case(shelf / "x.toml", case_id="harbour-2019")
    with pytest.raises(NoSuchCase) as refused:
        find_case("harbor-2019", Library((shelf,)))
    assert refused.value.lines == (
        "There is no file and no case “harbor-2019”; nearest: harbour-2019.",
    )
    with pytest.raises(NoSuchCase, match="`casefile list` names those there are"):
        find_case("zzz")


def test_two_files_of_one_id_are_told_apart(tmp_path: Path) -> None:
    """Neither is opened by the id; a path is never ambiguous."""
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


def test_one_file_by_several_paths_is_one(shelf: Path) -> None:
    """A symbolic link, a hard link, a way around by `..`, and having been opened make no second."""
    path = write_case(shelf / "a.toml")
    (shelf / "b.toml").symlink_to(path)
    (shelf / "c.toml").hardlink_to(path)
    around = shelf / ".." / "shelf" / "a.toml"
    found = Library((shelf, shelf / ".." / "shelf"), (around,), (opened(path),))
    assert paths(found) == [around]
    assert find_case("demo", found) == around


def test_the_head_of_a_file_is_enough_for_its_id(shelf: Path) -> None:
    """A file that is broken further down is found, so that opening it says where."""
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
def test_an_id_is_found_wherever_it_stands(shelf: Path, text: str) -> None:
    """Where the head doesn't tell, the whole file does."""
    path = write_case(shelf / "x.toml")
    path.write_text(f'format = "casefile/1"\n{text}')
    assert find_case("demo", Library((shelf,))) == path


def test_a_case_that_has_another_id_now_is_not_found_by_the_old(tmp_path: Path) -> None:
    """What was remembered of it is looked up again."""
    path = write_case(tmp_path / "x.toml", case_id="renamed")
    with pytest.raises(NoSuchCase):
        find_case("demo", Library(recent=(opened(path),)))


# Folders


def test_folders_are_searched_some_levels_down(shelf: Path) -> None:
    """Year, month, case; no deeper, and nothing hidden."""
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


def test_links_are_not_followed_out_of_a_folder(shelf: Path, tmp_path: Path) -> None:
    """One that links to itself or above is searched once; the one that is named may be a link."""
    path = write_case(shelf / "x.toml")
    write_case(tmp_path / "elsewhere" / "y.toml")
    (shelf / "self").symlink_to(shelf)
    (shelf / "up").symlink_to("..")
    (shelf / "out").symlink_to(tmp_path / "elsewhere")
    assert paths(Library((shelf,))) == [path]
    (tmp_path / "link").symlink_to(shelf)
    assert paths(Library((tmp_path / "link",))) == [tmp_path / "link" / "x.toml"]


def test_what_is_no_case_is_passed_over(shelf: Path) -> None:
    """Other TOML files, folders, pipes and links to nowhere, but not what was named itself."""
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


def test_a_folder_that_cant_be_read_is_told(shelf: Path) -> None:
    """It is named with the reason, and hides nothing else."""
    path = write_case(shelf / "x.toml")
    missing, case = own(Library((shelf / "missing", shelf)))
    assert str(missing.problem) == f"{shelf}/missing: can't be read: no such file or directory"
    assert (case.path, case.problem) == (path, None)


@pytest.mark.parametrize("limit", ["MOST_NAMES", "MOST_SECONDS"])
def test_a_search_ends(shelf: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """After so many names or so much time the rest is not looked at, which is told."""
    for number in range(5):
        write_case(shelf / f"{number}" / "x.toml", case_id=f"c{number}")
    monkeypatch.setattr(library, limit, 6 if limit == "MOST_NAMES" else 1e-9)
    *_found, last = own(Library((shelf,)))
    assert "too large" in str(last.problem)
    assert len(_found) == (1 if limit == "MOST_NAMES" else 0)


# Listing


def test_a_listing_tells_what_each_case_is(shelf: Path, tmp_path: Path) -> None:
    """Id, title, where it is from, how many entries of which table, when it was opened."""
    path = write_case(shelf / "x.toml", events("a", "b") + "[[ship]]\nid = 's'\n", title="Ships")
    recent = write_case(tmp_path / "y.toml", case_id="other")
    found = Library((shelf,), (), (opened(path), opened(recent, "other")))
    assert own(found) == [
        KnownCase(path, "config", "demo", "Ships", {"event": 2, "ship": 1}, NOON),
        KnownCase(recent, "recent", "other", "A small case", {}, NOON),
    ]
    assert own(found)[0].entries == 3
    shipped = [known for known in cases(found) if known.origin == "shipped"]
    assert bundled() in [known.path for known in shipped]


def test_a_case_comes_as_soon_as_it_is_read(shelf: Path) -> None:
    """A listing gives the first case before it has looked at the second."""
    first, second = (write_case(shelf / name) for name in ("a.toml", "b.toml"))
    listing = cases(Library(cases=(first, second)))
    assert next(listing).problem is None
    second.write_text("no case")
    assert next(listing).problem is not None


def test_a_bad_file_hides_no_other(shelf: Path) -> None:
    """It stands in the listing with the first of what is wrong, and its id if that is known."""
    broken = write_case(shelf / "a.toml", "[[event]]\nid = \n", title="Broken")
    (shelf / "b.toml").write_text('format = "casefile/1"\n')
    good = write_case(shelf / "c.toml", case_id="good")
    one, other, last = own(Library((shelf,)))
    assert (one.id, one.title, one.entries) == ("demo", "Broken", None)
    assert str(one.problem).startswith(f"{broken}:6:6: no TOML")
    assert (other.id, "lacks a [case] table" in str(other.problem)) == (None, True)
    assert (last.path, last.problem) == (good, None)


def test_a_case_that_was_opened_and_is_gone_is_not_listed(tmp_path: Path) -> None:
    """Nobody asked for it; one that is named in the config is told."""
    gone = tmp_path / "gone.toml"
    assert own(Library(recent=(opened(gone),))) == []
    assert len(own(Library(cases=(gone,)))) == 1


def test_a_large_file_is_listed_uncounted(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file that would take seconds only the head is read."""
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
def test_counts_are_what_reading_gives(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, dict[str, str]]], title: str
) -> None:
    """Counted without reading every field, a case has the entries that it has when it is open."""
    text = f"format = 'casefile/1'\n[case]\nid = 'demo'\ntitle = {title}\n"
    for table, row in rows:
        text += f"[[{table}]]\n" + "".join(f"{key} = {value}\n" for key, value in row.items())
    path = tmp_path_factory.getbasetemp() / "counted.toml"
    path.write_text(text)
    contents = contents_of(text.encode())
    case_file = read_case(path).case_file
    if contents is not None:
        assert case_file is not None
        assert (contents.id, contents.title) == (case_file.case.id, case_file.case.title)
        assert sum(contents.counts.values()) == len(case_file.entries) - 1


def test_tables_that_are_one_too_many_are_not_counted(shelf: Path) -> None:
    """Declared or not, the reader takes only so many; a listing says the same."""
    declared = "".join(f"[[table]]\nname = 'd{number}'\n" for number in range(150))
    rows = "".join(f"[[t{number}]]\nid = 't{number}'\n" for number in range(90))
    path = write_case(shelf / "x.toml", declared + rows)
    assert own(Library((shelf,)))[0].entries == len(case_in(path).entries) - 1 < 90


def test_what_is_plain_is_counted_without_reading() -> None:
    """The bundled case needs no closer look, or the test before this one would show nothing."""
    contents = contents_of(bundled().read_bytes())
    case_file = read_case(bundled()).case_file
    assert contents is not None
    assert case_file is not None
    assert sum(contents.counts.values()) == len(case_file.entries) - 1


# Where no case is named


def test_without_a_case_of_ones_own_the_bundled_one_opens(tmp_path: Path) -> None:
    """Having opened it before makes it no case of one's own."""
    assert library_or_case(Library()) == bundled()
    assert library_or_case(Library(recent=(opened(bundled(), BUNDLED),))) == bundled()
    assert library_or_case(Library((tmp_path / "missing",))) == bundled()


def test_the_only_case_opens(shelf: Path) -> None:
    """Wherever it is known from, and by however many paths."""
    path = write_case(shelf / "x.toml")
    assert library_or_case(Library((shelf,), (), (opened(path),))) == path
    assert library_or_case(Library(recent=(opened(path),))) == path


def test_among_several_the_reader_chooses(shelf: Path) -> None:
    """There is no case to open then, but a library."""
    write_case(shelf / "x.toml")
    write_case(shelf / "y.toml", case_id="other")
    assert library_or_case(Library((shelf,))) is None


def test_what_is_not_remembered_is_not_looked_at(tmp_path: Path) -> None:
    """Switched off, what was opened before is not found by its id either."""
    places = Places(None, tmp_path / "state", None)
    case_file = read_case(write_case(tmp_path / "x.toml")).case_file
    assert case_file is not None
    remember_case(places, case_file)
    assert len(open_library(places, Config()).recent) == 1
    assert open_library(places, Config(recent=False)).recent == ()


def test_a_remembered_case_that_can_not_be_looked_at_hides_no_other(tmp_path: Path) -> None:
    """What its path leads to may be somebody else's by now, or a name that no system takes."""
    lost = opened(tmp_path / ("x" * 300), "lost")
    kept = write_case(tmp_path / "kept.toml", case_id="kept")
    assert paths(Library(recent=(lost, opened(kept, "kept")))) == [kept]
