"""Every text is read back unchanged, and no id is a path."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readers import TARGET, Colleague

from casefile.case.sources.text_files import own_copy_path
from casefile.notes.annotation import SaveError, file_name
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook
from casefile.places import Places, find_places
from casefile.text.ids import is_id

# Line ends, characters that TOML escapes, and invisible ones, more often than in random text.
TELLING = [
    *("\r", "\n", "\r\n", "\t", "\0", "\x7f", "\x1b", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *('"', '"""', "'''", "\\", "\\u0041", "#", "[target]", "=", " ", "e\u0301", "\U0010ffff"),
]
characters = st.characters(exclude_categories=["Cs"])
texts = st.lists(st.sampled_from(TELLING) | st.text(characters, max_size=5)).map("".join)


@pytest.mark.slow
@settings(max_examples=200)
@given(body=texts, tags=st.lists(texts, max_size=2), value=texts)
@example(body="", tags=[], value="")
@example(body="\n\n", tags=["\r"], value=" ")
@example(body="a\r\nb\rc\n\0", tags=[""], value="\0")
@example(body="'''\n\"\"\"\\", tags=[], value="\\")
def test_every_text_survives_draft_note_and_merge(body: str, tags: list[str], value: str) -> None:
    """Written as a draft, saved, read by another process, packed and merged: the same text."""
    with tempfile.TemporaryDirectory() as folder:
        anna, ben = (Colleague(Path(folder) / name, name) for name in ("anna", "ben"))
        drafts = DraftFolder(anna.places, "demo")
        draft = drafts.begin("arrests", "Arrests", body=body, tags=tags, value=value)
        if body:
            drafts.write(draft)
            (draft,) = drafts.unfinished()
        assert (draft.body, draft.tags, draft.value) == (body, tuple(tags), value)
        kept = anna.notebook.keep_draft(draft, draft.body, TARGET)
        for notebook in (anna.notebook, _merged(anna, ben, Path(folder) / "pack")):
            (note,) = notebook.notes
            assert note.current == kept
            assert (note.current.body, note.current.tags) == (body, tuple(tags))
            assert note.current.value == value


def _merged(source: Colleague, into: Colleague, pack: Path) -> Notebook:
    """Return another reader's notes after merging a pack."""
    assert source.call("notes", "pack", "demo", pack) == 0
    assert into.merge(pack) == 0
    return into.notebook


@pytest.fixture(autouse=True)
def _ignore(capsys: pytest.CaptureFixture[str]) -> None:
    """Ignore the output."""


@given(before=texts, half=st.characters(categories=["Cs"]), after=texts)
@settings(max_examples=30)
def test_lone_surrogate_is_refused_and_text_is_kept(before: str, half: str, after: str) -> None:
    """A lone surrogate is reported, and the rest of the text is in the draft."""
    with tempfile.TemporaryDirectory() as folder:
        places = find_places(Path(folder))
        notebook, drafts = Notebook(places, "demo", None), DraftFolder(places, "demo")
        draft = drafts.begin("arrests", "Arrests", body=f"{before}{half}{after}")
        drafts.write(draft)
        with pytest.raises(SaveError, match=rf"half of a character \(U\+{ord(half):04X}\)"):
            notebook.keep_draft(draft, draft.body, TARGET)
        assert not places.notes("demo").exists()
        (left,) = drafts.unfinished()
        assert left.body == f"{before}\N{REPLACEMENT CHARACTER}{after}"


# Ids

DEVICES = ["con", "nul", "prn", "aux", "com1", "lpt9"]
names = st.text() | st.sampled_from(DEVICES).flatmap(
    lambda name: st.sampled_from([name, name.upper(), f"{name}.", f"{name} ", f"{name}.txt"])
)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True) | st.sampled_from(DEVICES)


def folded(name: str) -> str:
    """Return a name as HFS+, APFS, NTFS and FAT fold it at most."""
    return unicodedata.normalize("NFKD", name).casefold().rstrip(". ").partition(":")[0]


def places_of(case_id: str) -> list[Path]:
    """Return all folders of a case."""
    places = Places(Path("/data"), Path("/state"), None)
    return [
        places.notes(case_id),
        places.workshop(case_id),
        places.drafts(case_id),
        places.sources(case_id),
    ]


@given(one=ids, other=ids | names)
@example(one="a", other="A")
@example(one="a" * 63, other="a" * 64)
@example(one="a", other="a.")
@example(one="k", other="\N{KELVIN SIGN}")
@example(one="ss", other="ß")
@example(one="2", other="²")
def test_no_two_ids_share_a_folder_on_any_file_system(one: str, other: str) -> None:
    """Of two names that a file system takes for one, at most one is a valid id."""
    if not is_id(other):
        with pytest.raises(ValueError, match="not a case id"):
            places_of(other)
    elif one != other:
        shared = {folded(str(path)) for path in places_of(one)}
        assert shared.isdisjoint(folded(str(path)) for path in places_of(other))


@given(case_id=ids, source_id=ids)
def test_no_id_leads_out_of_its_folder(case_id: str, source_id: str) -> None:
    """Each folder is directly in that of its kind, with a name that every file system accepts."""
    kinds = [Path("/data/notes"), Path("/data/workshop"), Path("/state/drafts")]
    assert [path.parent for path in places_of(case_id)] == [*kinds, Path("/data/sources")]
    copy = own_copy_path(Places(Path("/data"), Path("/state"), None), case_id, source_id)
    assert copy.parent == Path("/data/sources") / case_id
    for path in (*places_of(case_id), copy):
        assert folded(path.name) == path.name
        assert len(path.name.encode()) <= 255


@given(name=names)
def test_invalid_id_is_refused_for_sources_and_notes(name: str) -> None:
    """Neither a copy of a source nor a note can have an invalid id."""
    if is_id(name):
        return
    with pytest.raises(ValueError, match="is not"):
        own_copy_path(Places(Path("/data"), Path("/state"), None), "demo", name)
    with tempfile.TemporaryDirectory() as folder, pytest.raises(SaveError):
        Notebook(find_places(Path(folder)), "demo", None).keep_new(name, "x", TARGET)


def test_longest_file_name_fits() -> None:
    """The name of a revision's file has at most 255 bytes."""
    name = file_name("0" * 36, 1_000_000_000, b"", digits=64)
    assert len(name) + len(".sync-conflict-20261124-030000-ABCDEFG") <= 255
