"""The verification pass on the screen: one entry at a time beside its source, one key a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import Desk, Reader
from syrupy.assertion import SnapshotAssertion

from casefile.query import parse
from casefile.tui.detail_view import DetailView
from casefile.views.finding import Finder
from casefile.views.note_targets import note_target

EXAMPLES = Path(__file__).parent / "cases"
COURT = EXAMPLES / "court-chronology" / "vasch-warehouse-2019.toml"
SIZES = {"80x24": (80, 24), "120x40": (120, 40), "60x20": (60, 20)}
REPORT = """\
Harbour police report

The cutter Anna was searched on 3 May. Officers found
four barrels below deck, each of them sealed.

The skipper said: “I know nothing of barrels.” He was
released the same day.
"""
ROWS = """\
[[source]]
id = "report"
title = "Report"
file = "report.txt"
[[party]]
id = "skipper"
name = "The skipper"
type = "Person"
cites = [{ source = "report", at = "para 3", quote = "The skipper" }]
[[event]]
id = "search"
title = "The Anna is searched"
date = "2019-05-03"
by = "skipper"
cites = [
  { source = "report", at = "para 2", quote = "found four barrels below deck" },
  { source = "press", at = "para 7", quote = "the barrels" },
]
[[event]]
id = "release"
title = "He is released"
cites = "report, para 3"
[[claim]]
id = "unsourced"
statement = "Nobody says so"
"""
ORDER = ["search", "skipper", "release", "unsourced"]


@pytest.fixture
def case(desk: Desk) -> Path:
    """Return a case with the text of one of its two sources beside it."""
    (desk.folder / "report.txt").write_text(REPORT, encoding="utf-8")
    return desk.write_case(ROWS)


def verdicts(desk: Desk, case_id: str = "demo") -> dict[str, str | None]:
    """Return the verdicts as the next start would find them."""
    notes = desk.notebook(case_id).notes
    return {note.current.entry: note.current.value for note in notes if not note.deleted}


def beside(reader: Reader) -> str:
    """Return the title of the page in the list's place."""
    page = reader.screen.query_one("#evidence", DetailView).page
    return page.title if page else ""


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_without_text(
    desk: Desk, screen_snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    """What the entry rests on stands beside it, under 80 columns above it; the keys are told."""
    async with desk.open(size=size) as reader:
        await reader.press("V", "c", "space", "c", "exclamation_mark")
        assert reader.text == screen_snapshot


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_with_text(
    desk: Desk, screen_snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    """The source stands beside the entry at its cite, the words that it rests on marked."""
    async with desk.open(COURT, size=size) as reader:
        await reader.press("V", "c", "c", "c", "c")
        assert reader.text == screen_snapshot


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_the_end(
    desk: Desk, case: Path, screen_snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    """What the pass came to: how many of each verdict, what is left and why, what was found."""
    async with desk.open(case, size=size) as reader:
        await reader.press("V", "c", "w", *"He is the mate.", "ctrl+s", "space", "space")
        assert reader.text == screen_snapshot


async def test_what_is_wrong_is_asked(desk: Desk, case: Path, screen_snapshot: object) -> None:
    """The editor opens under the entry, and both stay beside the source."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"Five barrels.")
        assert reader.text == screen_snapshot


# Verdicts


async def test_a_verdict_goes_on_to_the_next(desk: Desk, case: Path) -> None:
    """One key keeps it, shows the next entry, and says what was kept without hiding the keys."""
    async with desk.open(case) as reader:
        await reader.press("V")
        assert reader.entry == "search"
        await reader.press("c")
        assert reader.entry == reader.screen.detail.page.entry == "skipper"  # type: ignore[union-attr]
        await reader.press("exclamation_mark")
        assert "The skipper: needs attention; u takes it back." in reader.text
        assert "2 of 4 done · 1 needs attention" in reader.text
        assert "c checked  ! attention  w wrong  Space later" in reader.text
    assert verdicts(desk) == {"search": "checked", "skipper": "needs-attention"}


async def test_the_first_verdict_tells_where_notes_are(desk: Desk, case: Path) -> None:
    """A check is the first note too, and the reader is told once where notes are kept."""
    async with desk.open(case) as reader:
        await reader.press("V", "c")
        assert "Notes stay on this machine, in " in reader.message
        await reader.press("c")
        assert reader.message == ""


async def test_keys_typed_ahead_are_each_for_their_entry(desk: Desk, case: Path) -> None:
    """On a slow line several keys arrive together; each is for what it would have been for."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "minus", "exclamation_mark", "space")
    assert verdicts(desk) == {
        "search": "checked",
        "skipper": "to-check",
        "release": "needs-attention",
    }


async def test_to_check_again_is_left_for_the_end(desk: Desk, case: Path) -> None:
    """`-` goes on, and the entry does not come round again before the end tells of it."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "minus", "c", "c")
        assert "End of the verification pass" in reader.text
        assert "to check again; Report, para 3" in reader.text


async def test_what_is_wrong_is_written_and_kept(desk: Desk, case: Path) -> None:
    """`w` keeps the verdict and opens the editor; the pass goes on once the text is kept."""
    async with desk.open(case) as reader:
        await reader.press("V", "w")
        assert reader.stop == "editor"
        assert verdicts(desk) == {"search": "wrong"}
        await reader.press(*"Five c ! w -", "space", "ctrl+s")
        assert reader.entry == "skipper"
        assert reader.message == ""
        assert reader.stop == "source"
        assert "The Anna is searched: wrong; u takes it back." in reader.text
    (note,) = desk.notebook("demo").notes
    assert note.current.body == "Five c ! w - "


@pytest.mark.parametrize("remark", ["31 kg", "30 kg"])
async def test_remark_from_own_editor_goes_on(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch, remark: str
) -> None:
    """What is right may be written in the reader's own editor, or left there as it was before."""
    monkeypatch.setattr(
        "casefile.tui.writing_desk.run_editor",
        lambda _stage, path: path.write_text(f"{remark}\n") and 0,
    )
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"30 kg", "ctrl+s", "b", "w", "home", "!", "escape", "E")
        assert reader.entry == "skipper"
        assert not reader.is_writing
    (note,) = desk.notebook("demo").notes
    assert (note.current.value, note.current.body) == ("wrong", remark)


async def test_own_editor_that_failed_goes_nowhere(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pass stays at the entry as long as the remark is a draft."""
    monkeypatch.setattr("casefile.tui.writing_desk.run_editor", lambda _stage, _path: 1)
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"30", "escape", "E")
        assert reader.entry == "search"
        assert reader.is_writing


async def test_file_that_is_gone_after_the_editor_goes_nowhere(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another terminal may have taken the remark; the reader decides what to do."""

    def edit(_stage: object, path: Path) -> int:
        path.unlink()
        return 0

    monkeypatch.setattr("casefile.tui.writing_desk.run_editor", edit)
    async with desk.open(case) as reader:
        await reader.press("V", "w", "shift+tab", "E")
        assert reader.message == "The file that the editor had is gone; nothing was saved"
        assert reader.entry == "search"


@pytest.mark.parametrize("key", ["ctrl+s", "escape"])
async def test_what_would_be_right_may_be_unknown(desk: Desk, case: Path, key: str) -> None:
    """An editor that is left empty closes, the verdict stays, and the pass goes on."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", key)
        assert reader.entry == "skipper"
        assert not reader.is_writing
    assert verdicts(desk) == {"search": "wrong"}


async def test_esc_in_the_editor_stays(desk: Desk, case: Path) -> None:
    """A text that is begun keeps the pass at its entry until the reader goes on."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"Five", "escape")
        assert (reader.entry, reader.stop) == ("search", "source")
        assert reader.is_verifying
        await reader.press("shift+tab", "ctrl+s")
        assert reader.entry == "skipper"


async def test_a_remark_that_is_kept_later_moves_nothing(desk: Desk, case: Path) -> None:
    """Once the reader has gone on, keeping the text leaves the pass where it is."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"Five", "escape", "space", "ctrl+s")
        assert reader.entry == "skipper"
        assert verdicts(desk) == {"search": "wrong"}


async def test_a_note_in_the_pass_stays_at_its_entry(desk: Desk, case: Path) -> None:
    """`a` writes a note on the entry, which still waits for its verdict afterwards."""
    async with desk.open(case) as reader:
        await reader.press("V", "a", *"Ask.", "ctrl+s")
        assert (reader.entry, reader.stop) == ("search", "source")
        assert "Ask." in reader.text


async def test_undoing_a_verdict_comes_back(desk: Desk, case: Path) -> None:
    """`u` takes the last verdict back and stands at its entry again; b then goes before that."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "c", "u")
        assert reader.entry == "skipper"
        assert reader.message.startswith("Undone: ")
        assert "1 of 4 done" in reader.text
        await reader.press("b")
        assert reader.entry == "search"
    assert verdicts(desk) == {"search": "checked"}


async def test_undoing_a_verdict_at_the_end(desk: Desk, case: Path) -> None:
    """The last verdict is taken back as any other."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "c", "c", "c")
        assert "Nothing is left to be checked" in reader.text
        assert "start over" not in reader.text
        await reader.press("u")
        assert reader.entry == "unsourced"
        assert beside(reader) == "No source is cited"


async def test_a_verdict_that_cannot_be_kept_stays(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk the pass stays where it is, and says why."""
    from casefile.notes.annotation import SaveError

    def full(*_arguments: object, **_options: object) -> None:
        raise SaveError("no space left on device")

    async with desk.open(case) as reader:
        monkeypatch.setattr(reader.screen.open_case.notebook, "assess", full)
        await reader.press("V", "c")
        assert reader.entry == "search"
        assert reader.message == "Not saved: no space left on device"


# Steps


async def test_later_and_back(desk: Desk, case: Path) -> None:
    """Space puts an entry off, b goes back to it, and it can have its verdict after all."""
    async with desk.open(case) as reader:
        await reader.press("V", "space")
        assert "The Anna is searched: put off; b goes back." in reader.text
        assert "1 put off" in reader.text
        await reader.press("b")
        assert reader.entry == "search"
        await reader.press("c")
        assert reader.entry == "skipper"
        assert "put off" not in reader.text


async def test_back_at_the_first(desk: Desk, case: Path) -> None:
    """There it is said that there is nothing before."""
    async with desk.open(case) as reader:
        await reader.press("V", "b")
        assert (reader.entry, reader.message) == ("search", "This is the first one.")


async def test_the_next_cite(desk: Desk, case: Path) -> None:
    """`s` goes on from a source that has its text to one that has none, and round."""
    async with desk.open(case) as reader:
        await reader.press("V")
        assert "Cite 1 of 2 · Report, para 2" in reader.text
        assert reader.is_source_open
        await reader.press("s")
        assert "Cite 2 of 2 · A report, para 7" in reader.text
        assert beside(reader) == "Evidence: 2 cites"
        await reader.press("s")
        assert reader.is_source_open
        assert reader.is_verifying


async def test_the_other_order(desk: Desk, case: Path) -> None:
    """`o` goes by pane from here on, and says so; the entry stays."""
    async with desk.open(case) as reader:
        await reader.press("V")
        assert "Verifying by source" in reader.text
        await reader.press("o")
        assert "Verifying by pane" in reader.text
        assert reader.entry == "search"
        await reader.press("space")
        assert reader.entry == "release"


async def test_the_focus_goes_round_source_and_page(desk: Desk, case: Path) -> None:
    """Tab goes to the entry's page and back; the keys of the pass work in both."""
    async with desk.open(case) as reader:
        await reader.press("V", "tab")
        assert reader.stop == "page"
        await reader.press("c")
        assert (reader.entry, reader.stop) == ("skipper", "source")
        await reader.press("tab", "tab", "space", "space")
        assert reader.stop == "evidence"
        await reader.press("tab", "tab")
        assert reader.stop == "evidence"


async def test_pages_are_turned_by_page_keys(desk: Desk) -> None:
    """Space is taken by the pass; PgDn still goes down a page."""
    async with desk.open(COURT) as reader:
        await reader.press("V")
        view = reader.screen.focused
        before = reader.entry
        await reader.press("pagedown")
        assert (reader.entry, reader.screen.focused) == (before, view)
        assert getattr(view, "top", 0) > 0


async def test_words_are_found_in_what_it_rests_on(desk: Desk) -> None:
    """`/` looks through what is shown; Esc clears the marks first, then leaves the pass."""
    async with desk.open() as reader:
        await reader.press("V", "slash", *"narcotics", "enter")
        assert "“narcotics” 1 of 4" in reader.text
        await reader.press("n")
        assert "“narcotics” 2 of 4" in reader.text
        await reader.press("escape")
        assert reader.is_verifying
        await reader.press("slash", *"nowhere", "enter")
        assert reader.message == "“nowhere” is not in this evidence."
        await reader.press("escape", "escape")
        assert not reader.is_verifying


async def test_words_are_looked_for_in_the_list_after_it(desk: Desk) -> None:
    """What was found in the evidence is looked for in the rows once the pass is left."""
    async with desk.open() as reader:
        await reader.press("V", "slash", *"narcotics", "enter", "q")
        assert (reader.pane, reader.entry) == ("Parties", "ice")
        found = reader.session.found
        assert found is not None
        open_case = reader.session.open_case
        assert found == Finder(open_case).find(reader.session.pane, parse("narcotics"))
        await reader.press("n")
        assert f"“narcotics” 1 of {len(found.places)}" in reader.text


# Leaving and coming back


@pytest.mark.parametrize("key", ["q", "escape"])
async def test_it_is_left_and_resumed(desk: Desk, case: Path, key: str) -> None:
    """Leaving leads to the list at the same entry; V goes on with that one."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", key)
        assert not reader.is_verifying
        assert reader.case_screen.entry_list.has_focus
        assert reader.entry == "skipper"
        assert reader.message == "Verification paused at 1 of 4 · V resumes"
        await reader.press("1", "g", "V")
        assert reader.entry == "skipper"
        assert "The pass goes on: 3 left" in reader.text


async def test_the_letters_are_none_outside(desk: Desk, case: Path) -> None:
    """Without the pass they check nothing and go nowhere, and Space turns the page."""
    async with desk.open(case) as reader:
        await reader.press("c", "w", "exclamation_mark", "minus", "b", "o")
        await reader.press("space")
        assert verdicts(desk) == {}
        assert not reader.is_writing
        assert reader.case_screen.entry_list.cursor == reader.case_screen.entry_list.line_count - 1


@pytest.mark.parametrize("keys", [["2"], ["colon", *"nobody", "enter"]], ids=["pane", "go"])
async def test_going_elsewhere_leaves_it(desk: Desk, case: Path, keys: list[str]) -> None:
    """Panes and going are as ever, and V comes back to the entry."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", *keys)
        assert not reader.is_verifying
        assert reader.entry != "search"
        assert "1 Timelin" in reader.text
        await reader.press("V")
        assert reader.entry == "skipper"


async def test_a_link_is_followed_and_comes_back_into_it(desk: Desk, case: Path) -> None:
    """A link leaves the pass for that entry's page; Esc comes back to the line, in the pass."""
    async with desk.open(case) as reader:
        await reader.press("V", "tab")
        await reader.read_to("The skipper")
        await reader.press("enter")
        assert (reader.entry, reader.is_verifying) == ("skipper", False)
        assert reader.screen.detail.has_focus
        await reader.press("escape")
        assert (reader.entry, reader.is_verifying) == ("search", True)
        assert reader.line.startswith("The skipper")
        assert reader.is_source_open


async def test_a_link_of_what_it_rests_on(desk: Desk) -> None:
    """So do the links of the page in the list's place, which lead to an entry's page."""
    async with desk.open() as reader:
        await reader.press("V", "j", "j", "j", "enter")
        assert (reader.entry, reader.stop) == ("hsi", "page")
        await reader.press("escape")
        assert (reader.entry, reader.is_verifying) == ("ice", True)


async def test_it_is_not_begun_where_nothing_is_left(desk: Desk, case: Path) -> None:
    """With all checked V says so and shows nothing else."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "c", "c", "c", "q", "V")
        assert reader.message == "Nothing is left to be checked: 4 of 4 done."
        assert not reader.is_verifying


async def test_there_may_be_nothing_to_check(desk: Desk) -> None:
    """A case of nothing but sources has no pass."""
    async with desk.open(desk.write_case("")) as reader:
        await reader.press("V")
        assert reader.message == "There is nothing here to be checked."


async def test_in_the_pass_v_says_how_to_leave_it(desk: Desk, case: Path) -> None:
    """The key that begins it does not move within it."""
    async with desk.open(case) as reader:
        await reader.press("V", "space", "V")
        assert reader.entry == "skipper"
        assert reader.message.startswith("This is the pass · q leaves it")


# The end


async def test_at_the_end_an_entry_is_chosen(desk: Desk, case: Path) -> None:
    """Enter shows one that is left in the pass, and its verdict comes back to the end."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "space", "c", "space")
        assert "End of the verification pass" in reader.text
        await reader.press("enter")
        assert (reader.entry, reader.is_verifying) == ("skipper", True)
        await reader.press("c")
        assert "3 of 4 entries done" in reader.text


@pytest.mark.parametrize("key", ["space", "V"])
async def test_it_starts_over_with_what_is_left(desk: Desk, case: Path, key: str) -> None:
    """At the end Space goes through what was put off once more."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "space", "c", "space", key)
        assert reader.entry == "skipper"
        assert "put off" not in reader.text


async def test_at_the_end_there_is_no_entry(desk: Desk, case: Path) -> None:
    """What would be said of one says that there is none; b goes back to the last."""
    async with desk.open(case) as reader:
        await reader.press("V", *(["space"] * 4), "c", "w", "a")
        assert reader.message == "There is no entry here to annotate."
        assert not reader.is_writing
        await reader.press("b")
        assert reader.entry == "unsourced"
    assert verdicts(desk) == {}


# What others do meanwhile


async def test_a_reload_stays_in_place(desk: Desk, case: Path) -> None:
    """The same entry, the same cite, the same line, with what the file says of it now."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "j")
        line = reader.screen.focused
        before = getattr(line, "line_number", 0)
        case.write_text(case.read_text("utf-8").replace('The skipper"', 'The mate"'), "utf-8")
        await reader.press("R")
        assert reader.entry == "skipper"
        assert reader.page == "The mate"
        assert getattr(reader.screen.focused, "line_number", 0) == before
        assert reader.is_verifying


async def test_an_entry_that_goes_away(desk: Desk, case: Path) -> None:
    """The pass goes on from where it was."""
    async with desk.open(case) as reader:
        await reader.press("V", "space")
        case.write_text(case.read_text("utf-8").replace('id = "skipper"', 'id = "mate"'), "utf-8")
        await reader.press("R")
        assert (reader.entry, reader.is_verifying) == ("release", True)
        assert reader.page == "He is released"


async def test_a_verdict_given_elsewhere_is_skipped(desk: Desk, case: Path) -> None:
    """What was checked in another terminal meanwhile does not come up any more."""
    async with desk.open(case) as reader:
        await reader.press("V")
        other = desk.lay_open(case)
        target = note_target(other, "skipper", "The skipper")
        other.notebook.assess("skipper", "checked", target)
        reader.screen.open_case.notebook.refresh(thorough=True)
        reader.session.lay_out()
        await reader.settle()
        assert reader.entry == "search"
        assert "1 of 4 done" in reader.text
        await reader.press("c")
        assert reader.entry == "release"


@pytest.mark.parametrize("size", [(60, 20), (120, 40), (20, 6), (1, 1)])
async def test_another_size_changes_nothing(desk: Desk, case: Path, size: tuple[int, int]) -> None:
    """Whatever the terminal becomes, the pass stands where it stood."""
    async with desk.open(case) as reader:
        await reader.press("V", "c")
        before = reader.text
        await reader.resize(*size)
        await reader.press("b", "space")
        await reader.resize(80, 24)
        assert (reader.entry, reader.is_verifying) == ("skipper", True)
        await reader.press("b", "space")
        assert reader.text.splitlines()[3:-1] == before.splitlines()[3:-1]


async def test_under_80_columns_both_are_in_view(desk: Desk, case: Path) -> None:
    """The source stands above the entry, whichever has the focus."""
    async with desk.open(case, size=(60, 20)) as reader:
        for key in ("V", "tab"):
            await reader.press(key)
            assert "four barrels below deck" in reader.text
            assert "event · 3 May 2019 · search" in reader.text


async def test_another_case_has_a_pass_of_its_own(desk: Desk, case: Path) -> None:
    """The pass of one case ends where another is opened, and waits there."""
    async with desk.open(case) as reader:
        await reader.press("V", "c")
        await reader.app.show_case(desk.lay_open())
        await reader.settle()
        assert not reader.is_verifying
        await reader.press("V")
        assert reader.entry == "ice"
        await reader.app.show_case(desk.lay_open(case))
        await reader.press("V")
        assert reader.entry == "skipper"


async def test_filtering_goes_to_the_list(desk: Desk, case: Path) -> None:
    """`f` filters the pane of the entry, which is a place outside the pass."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "f", *"anna", "enter")
        assert not reader.is_verifying
        assert reader.case_screen.entry_list.has_focus
        await reader.press("V")
        assert reader.entry == "skipper"


async def test_o_turns_the_notes_outside(desk: Desk, case: Path) -> None:
    """In the pane of notes the key does there what it did before."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", "q", "7")
        assert reader.pane == "Notes"
        before = reader.session.notes_order
        await reader.press("o")
        assert reader.session.notes_order != before
