"""A case file that changes while it is read: noticed, read again, opened in an editor."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from screens import Desk, key_event

from casefile.case import reader as case_reader
from casefile.case.load_result import LoadResult
from casefile.case.reader import read_in_steps
from casefile.tui import watcher
from casefile.tui.case_screen import CaseScreen
from casefile.tui.editor_command import NoEditor, editor_command

EVENTS = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(5))


@pytest.fixture(autouse=True)
def _looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "WATCH_SECONDS", 0.02)


async def test_a_changed_file_is_noticed(desk: Desk) -> None:
    """A file that changes on disk is told about by itself, once."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        desk.write_case(EVENTS + '[[event]]\nid = "late"\ntitle = "Late"\n')
        await reader.wait(0.2)
        assert reader.message == "The case file has changed · R reads it again"
        await reader.press("j")
        await reader.wait(0.1)
        assert reader.message == ""


async def test_reading_again_keeps_the_readers_place(desk: Desk) -> None:
    """R shows the file as it is now; list, entry, page, search and history stay where they were."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        await reader.press("slash", *"event", "enter", "j", "j")
        assert reader.entry == "e2"
        await reader.press("enter")
        early = '[[event]]\nid = "early"\ntitle = "Event early"\n'
        desk.write_case(early + EVENTS.replace("Event 2", "Event two").replace("Event 4", "4"))
        await reader.press("R")
        assert reader.entry == "e2"
        assert reader.page == "Event two"
        assert reader.message == "Read again: 1 new, 2 changed."
        assert reader.stop == "page"
        assert "“event” 4 of 6" in reader.text


async def test_reading_again_looks_through_a_large_pane_again(desk: Desk) -> None:
    """What was found is found in a pane that is searched step by step, too, filtered or not."""
    many = "".join(f'[[event]]\nid = "m{n}"\ntitle = "Thing {n}"\n' for n in range(150))
    path = desk.write_case(many)
    async with desk.open(path) as reader:
        await reader.press("slash", *"thing", "enter")
        assert "“thing” 1 of 150" in reader.text
        desk.write_case(many.replace("Thing 7", "7"))
        await reader.press("R")
        assert "“thing” 1 of 139" in reader.text
        assert reader.message == "Read again: 11 changed."
        await reader.press("f", *"14", "enter", "R")
        assert "14 · 12 of 150 · “thing” 1 of 12" in reader.text
        await reader.press("backspace")
        assert "“thing” 14 of 139" in reader.text


SHIPS = """\
[[vessel]]
id = "anna"
title = "The Anna"
cites = "press, para 2"
[[vessel]]
id = "berta"
title = "The Berta"
cites = "press, para 3"
"""
BERTA = SHIPS[SHIPS.rindex("[[vessel]]") :]


@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.parametrize(
    ("opened", "chosen", "kind"),
    [("v", ["c"], "assessing"), ("t", [*"lead", "enter"], "tagging")],
)
async def test_mark_is_set_on_the_entry_that_it_was_begun_on(
    desk: Desk, opened: str, chosen: list[str], kind: str, *, is_gone: bool
) -> None:
    """A line or dialog that is open while the case is read again marks no other entry.

    There is another row before the entry then, or the entry is gone.
    """
    path = desk.write_case(EVENTS + SHIPS)
    async with desk.open(path) as reader:
        await reader.press("colon", *"the anna", "enter", opened)
        desk.write_case(EVENTS + (BERTA if is_gone else BERTA + SHIPS.removesuffix(BERTA)))
        await reader.read_again()
        await reader.press(*chosen)
        assert ("no longer in the case" in reader.message) == is_gone
        assert reader.stop == "list"
    marked = [(one.current.entry, one.current.motivation) for one in desk.notebook("demo").notes]
    assert marked == ([] if is_gone else [("anna", kind)])


async def test_note_is_moved_to_no_entry_that_is_gone(desk: Desk) -> None:
    """An entry that is chosen for a note may have gone from the case since it was offered."""
    path = desk.write_case(EVENTS + SHIPS)
    async with desk.open(path) as reader:
        await reader.press("a", *"note", "ctrl+s", "m", *"the anna")
        desk.write_case(EVENTS)
        await reader.read_again()
        await reader.press("enter")
        assert reader.message == "“anna” is no longer in the case."
        assert reader.entry == "e0"
    assert [note.current.entry for note in desk.notebook("demo").notes] == ["e0"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("vessel", "There is no pane “Vessels” any more."),
        ("anna", "“anna” is no longer in the case."),
    ],
)
async def test_what_is_gone_to_may_be_gone(desk: Desk, typed: str, message: str) -> None:
    """A pane or an entry that is chosen after `:` may have gone since it was offered."""
    path = desk.write_case(EVENTS + SHIPS)
    async with desk.open(path) as reader:
        await reader.press("colon", *typed)
        desk.write_case(EVENTS)
        await reader.read_again()
        await reader.press("enter")
        assert (reader.pane, reader.entry, reader.message) == ("Timeline", "e0", message)


async def test_a_file_that_is_gone_is_told_once(desk: Desk) -> None:
    """The case stays as it was read."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        path.unlink()
        await reader.until(lambda: "no longer there; the case stays as it was" in reader.message)
        assert reader.case_screen.entry_list.pane.count == 5
        await reader.press("j")
        await reader.wait(0.2)
        assert reader.message == ""


async def test_a_file_that_is_gone_for_a_moment_is_no_news(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor may take a file away, and put another in its place."""
    monkeypatch.setattr(watcher, "WATCH_SECONDS", 3600)
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        path.unlink()
        assert [reader.screen.desks.watcher.file_has_changed() for _look in range(2)] == [
            False,
            True,
        ]


def endless(_path: Path) -> Generator[float, None, LoadResult]:
    """Read a file without an end."""
    while True:
        yield 0.25


async def test_a_large_file_is_read_again_step_by_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile the screen is alive and tells how far it is; Esc leaves the case as it was."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        monkeypatch.setattr(case_reader, "read_in_steps", endless)
        reader.app.post_message(key_event("R"))
        await reader.until(lambda: "Reading again: 25% · Esc stops" in reader.text)
        await reader.press("escape")
        assert reader.message == "Not read again. The case stays as it was."


async def test_a_change_during_reading_again_is_told_afterwards(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be missing in the case as it was read is not lost among other messages."""
    may_end: list[str] = []

    def waiting(path: Path) -> Generator[float, None, LoadResult]:
        reading = yield from read_in_steps(path)
        while not may_end:
            yield 0.25
        return reading

    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        monkeypatch.setattr(case_reader, "read_in_steps", waiting)
        reader.app.post_message(key_event("R"))
        await reader.until(lambda: "Reading again: 25% · Esc stops" in reader.text)
        desk.write_case(EVENTS + '[[event]]\nid = "late"\ntitle = "Late"\n')
        # Long enough for it to be noticed during the reading.
        await reader.wait(0.2)
        may_end.append("now")
        await reader.until(lambda: reader.message == "The case file has changed · R reads it again")


async def test_progress_of_reading_again_ends_with_the_case(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not stay on the screen when another case is opened meanwhile."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        with monkeypatch.context() as patch:
            patch.setattr(case_reader, "read_in_steps", endless)
            reader.app.post_message(key_event("R"))
            await reader.until(lambda: "Reading again: 25% · Esc stops" in reader.text)
        other = desk.lay_open(desk.write_case(EVENTS, case_id="other"))
        await reader.app.show_case(other)
        await reader.settle()
        assert reader.screen.open_case is other
        assert reader.message == ""


async def test_a_draft_survives_reading_again(desk: Desk) -> None:
    """A note that is being written stays in the editor, and is kept on the entry as it is now."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        await reader.press("a", *"half", "escape")
        desk.write_case(EVENTS.replace("Event 0", "Event zero"))
        await reader.press("R")
        assert reader.panel is not None
        assert reader.panel.text == "half"
        await reader.press("ctrl+s")
        (note,) = reader.screen.open_case.notebook.on("e0")
        assert '"Event zero"' in note.current.target.snapshot


async def test_a_note_on_an_entry_that_has_changed_says_what_has(desk: Desk) -> None:
    """Below its head stands what has changed in the entry since the note was written."""
    path = desk.write_case(EVENTS)
    async with desk.open(path, size=(160, 24)) as reader:
        await reader.press("a", *"ok", "ctrl+s")
        desk.write_case(EVENTS.replace("Event 0", "Event nought"))
        await reader.press("R")
        assert "written on an earlier version of the entry; since then:" in reader.text
        assert "title: Event 0 → Event nought" in reader.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = ", "The case stays as it was"),
        ('format = "casefile/1"\n[case]\nid = "other"\ntitle = "B"\n', "another case now, other"),
    ],
)
async def test_what_cant_be_read_again_leaves_the_case_as_it_was(
    desk: Desk, text: str, said: str
) -> None:
    """A file that is broken now, or another case, is told about, and nothing on the screen goes."""
    path = desk.write_case(EVENTS)
    async with desk.open(path) as reader:
        path.write_text(text)
        await reader.press("R")
        assert said in reader.message
        assert "Event 4" in reader.text


async def test_the_programs_own_case_is_not_edited(desk: Desk) -> None:
    """ctrl+e on the bundled case says to copy it, since an update would overwrite it."""
    async with desk.open() as reader:
        await reader.press("ctrl+e")
        assert "belongs to the program" in reader.message


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the only one where programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("vim", "code", "ed", "my editor"):
        (tmp_path / name).touch(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"EDITOR": "vim"}, ["vim", "+7", "./-a.toml"]),
        ({"VISUAL": "vim -n", "EDITOR": "nano"}, ["vim", "-n", "+7", "./-a.toml"]),
        ({"EDITOR": "code"}, ["code", "--wait", "--goto", "./-a.toml:7"]),
        ({"EDITOR": "'my editor'"}, ["my editor", "+7", "./-a.toml"]),
        ({"EDITOR": "ed -s"}, ["ed", "-s", "./-a.toml"]),
    ],
)
@pytest.mark.usefixtures("programs")
def test_the_editor_is_told_where_to_begin(environment: dict[str, str], command: list[str]) -> None:
    """$VISUAL goes before $EDITOR, its arguments are kept, the line stands as it takes it."""
    assert editor_command(Path("/x/-a.toml"), 7, environment) == command


@pytest.mark.parametrize(
    ("written", "command"),
    [("vim", ["vim", "./a.md"]), ("code", ["code", "--wait", "--goto", "./a.md"])],
)
@pytest.mark.usefixtures("programs")
def test_no_editor_is_told_to_begin_at_the_first_line(written: str, command: list[str]) -> None:
    """One that takes no line would write the text into a file by the name of the line."""
    assert editor_command(Path("/x/a.md"), 1, {"EDITOR": written}) == command


def test_an_editor_may_be_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run in the folder of the file, from which its path would lead elsewhere."""
    editor = tmp_path / "own" / "editor"
    editor.parent.mkdir()
    editor.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    command = editor_command(Path("/x/a.md"), 1, {"EDITOR": "own/editor -n"})
    assert command == [str(editor), "-n", "./a.md"]


@pytest.mark.parametrize("written", ["nosuch", "'", ""])
@pytest.mark.usefixtures("programs")
def test_an_editor_that_is_not_there(written: str) -> None:
    """An editor that can't be run is named, with what helps."""
    with pytest.raises(NoEditor, match="set EDITOR"):
        editor_command(Path("a.toml"), 1, {"EDITOR": written})


async def test_a_case_is_begun_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Panes are laid out, and what waits is offered, once at a start."""
    begun = []

    async def opened(_screen: CaseScreen) -> None:
        begun.append(1)

    monkeypatch.setattr(CaseScreen, "opened", opened)
    async with desk.open(desk.write_case(EVENTS)):
        assert begun == [1]
