"""The library screen: listing, searching and opening cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import Desk, GatedReading, Reader, screen_text

from casefile.tui import library_screen
from casefile.tui.app import CasefileApp
from casefile.tui.case_screen import CaseScreen
from casefile.tui.help_screen import HelpScreen
from casefile.tui.library_screen import LibraryScreen

EVENT = '[[event]]\nid = "e"\ntitle = "A thing happens"\n'


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Return a desk with three cases, one of them a broken file."""
    desk.write_case(EVENT, case_id="alpha")
    desk.write_case("", case_id="beta")
    (desk.folder / "broken.toml").write_text('format = "casefile/1"\n[case\n')
    return desk


async def listed(reader: Reader) -> None:
    """Wait until the library lists all cases."""
    await reader.until(lambda: "cases" in reader.text and "looking for more" not in reader.text)
    await reader.settle()


async def opened(reader: Reader, case_id: str) -> None:
    """Wait until a case has been opened from the library."""

    def seen() -> bool:
        open_case = reader.app.open_case
        assert open_case is not None
        is_shown = isinstance(reader.app.screen, CaseScreen)
        return is_shown and open_case.case_file.case.id == case_id

    await reader.until(seen)
    await reader.settle()


async def test_library_lists_known_cases(shelf: Desk) -> None:
    """L lists each case with its counts, and a broken file with its first problem."""
    async with shelf.open(shelf.folder / "alpha.toml", size=(110, 24)) as reader:
        await reader.press("a", *"note", "ctrl+s")
        await reader.press("L")
        await listed(reader)
        assert "3 cases, 1 unreadable" in reader.text
        (alpha,) = [line for line in reader.text.splitlines() if " alpha " in line]
        assert alpha.split()[-3:] == ["alpha", "2", "1"]
        assert "broken.toml: invalid TOML" in reader.text
        assert "Joint fentanyl investigation" in reader.text


async def test_enter_opens_case_found_by_typing(shelf: Desk) -> None:
    """Typing filters the list; Enter opens the case under the cursor instead of the open one."""
    async with shelf.open(shelf.folder / "alpha.toml") as reader:
        await reader.press("L")
        await listed(reader)
        await reader.press(*"fentan", "enter")
        await opened(reader, "diana-fentanyl-2017")
        await reader.press("j", "L")
        await listed(reader)
        await reader.press("escape")
        assert isinstance(reader.app.screen, CaseScreen)
        assert reader.entry is not None


async def test_enter_on_broken_file_shows_its_problem(shelf: Desk) -> None:
    """Enter on a file that can't be opened shows where its problem is; the library stays open."""
    # Wide enough for the temporary path of a test process.
    async with shelf.open(shelf.folder / "alpha.toml", size=(160, 24)) as reader:
        await reader.press("L")
        await listed(reader)
        await reader.press(*"broken.toml", "enter")
        assert "0 of 3 cases, 1 unreadable" in reader.text
        assert isinstance(reader.app.screen, LibraryScreen)
        assert "broken.toml:2:6" in reader.text


async def test_files_with_same_id_are_marked(shelf: Desk) -> None:
    """A file with the id of another one has a sign, and the line below counts the others."""
    (shelf.folder / "copy").mkdir()
    copy = shelf.folder / "copy" / "alpha.toml"
    copy.write_text((shelf.folder / "alpha.toml").read_text())
    async with shelf.open(copy, size=(110, 24)) as reader:
        await reader.press("L")
        await listed(reader)
        await reader.press(*"copy")
        assert "!" in reader.text
        assert "1 other file has this id" in reader.text


async def test_draft_is_kept_when_another_case_is_opened(shelf: Desk) -> None:
    """A draft is saved before another case is shown, and is in the editor on returning."""
    async with shelf.open(shelf.folder / "alpha.toml") as reader:
        await reader.press("a", *"half", "escape", "L")
        await listed(reader)
        await reader.press(*"beta", "enter")
        await opened(reader, "beta")
        await reader.press("L")
        await listed(reader)
        await reader.press(*"alpha", "enter")
        await opened(reader, "alpha")
        screen = reader.app.screen
        assert isinstance(screen, CaseScreen)
        assert screen.area.panel is not None
        assert screen.area.panel.text == "half"


async def test_case_is_shown_though_help_lies_over_the_library(
    shelf: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help that is opened while a case is read is closed, and so is the pass of the case before."""
    reading = GatedReading()
    async with shelf.open(shelf.folder / "alpha.toml") as reader:
        await reader.press("V", "a", *"half", "escape", "L")
        await listed(reader)
        monkeypatch.setattr(library_screen, "read_in_steps", reading)
        await reader.press(*"beta", "enter")
        await reader.press("f1")
        assert isinstance(reader.app.screen, HelpScreen)
        reading.may_end = True
        await opened(reader, "beta")
        assert not reader.is_verifying
        assert not reader.is_writing
        assert len(reader.app.screen_stack) == 1
    assert not shelf.notebook("alpha").notes
    assert not shelf.notebook("beta").notes


async def test_program_without_case_starts_with_library(shelf: Desk) -> None:
    """If no case is named and several are known, the program starts with the library."""
    app = CasefileApp(shelf.opener, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.4)
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press(*"beta", "enter")
        await pilot.pause(0.4)
        assert app.open_case is not None
        assert app.open_case.case_file.case.id == "beta"


async def test_changes_since_last_visit_are_marked(desk: Desk) -> None:
    """New and changed entries are counted in a message, marked, and explained on their pages."""
    rows = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(3))
    path = desk.write_case(rows)
    async with desk.open(path) as reader:
        desk.opener.remember_visit(reader.screen.open_case)
        assert "±" not in reader.text
    path = desk.write_case(
        rows.replace("Event 1", "Event one") + '[[event]]\nid = "late"\ntitle = "Late"\n'
    )
    async with desk.open(path) as reader:
        assert "1 new +, 1 changed ±." in reader.message
        marks = [line[:46].rstrip(" │")[-1] for line in reader.text.splitlines()[4:8]]
        assert marks == ["0", "±", "2", "+"]
        await reader.press("j")
        assert "Changed since your last visit" in reader.text


def test_file_in_several_folders_is_listed_once(shelf: Desk) -> None:
    """Each file in the reader's folders is listed once, however it is reached."""
    found = [one.known.path for one in shelf.opener.listing()]
    assert Path(shelf.folder / "alpha.toml") in found
    assert len(found) == len(set(found)) == 4


async def test_large_case_is_opened_in_background(desk: Desk) -> None:
    """A case given at the start is read step by step and then shown."""
    rows = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(3000))
    app = CasefileApp(desk.opener, None, to_open=desk.write_case(rows))
    async with app.run_test(size=(80, 24)) as pilot:
        while not isinstance(app.screen, CaseScreen):
            await pilot.pause(0.05)
        # Until all of the screen is mounted, too.
        await pilot.pause()
        assert app.open_case is not None
        assert len(app.open_case.case_file.entries) == 3002


async def test_program_ends_if_given_file_cannot_be_opened(desk: Desk) -> None:
    """If a file given at the start can't be opened, its problems are left to the command line."""
    path = desk.folder / "broken.toml"
    path.write_text('format = "casefile/1"\n[case\n')
    app = CasefileApp(desk.opener, None, to_open=path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
    assert app.refused is not None
    assert app.refused.problems[0].code == "syntax"


async def test_library_shows_its_keys(desk: Desk) -> None:
    """The key line shows the keys that work at the moment, and F1 all of them."""
    app = CasefileApp(desk.opener, None)
    async with app.run_test() as pilot:
        await pilot.pause(0.4)
        assert screen_text(app).splitlines()[-1] == " Enter open  F1 help  ctrl+q quit"
        await pilot.press("x")
        assert "Esc clear" in screen_text(app)
        await pilot.press("f1")
        assert "↓  ctrl+n" in screen_text(app)
        assert "Go down a page" in screen_text(app)
