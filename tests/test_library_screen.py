"""The library on the screen: every case that is known, narrowed, opened, told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import Desk, Reader, screen_text

from casefile.tui.app import CasefileApp
from casefile.tui.case_screen import CaseScreen
from casefile.tui.library_screen import LibraryScreen

EVENT = '[[event]]\nid = "e"\ntitle = "A thing happens"\n'


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Give a desk with three cases on it, one of them broken."""
    desk.write_case(EVENT, case_id="alpha")
    desk.write_case("", case_id="beta")
    (desk.folder / "broken.toml").write_text('format = "casefile/1"\n[case\n')
    return desk


async def listed(reader: Reader) -> None:
    """Wait until the library has looked for all cases."""
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


async def test_the_library_lists_what_is_known(shelf: Desk) -> None:
    """L shows each case with its counts, and a broken file with its first problem."""
    async with shelf.open(shelf.folder / "alpha.toml", size=(110, 24)) as reader:
        await reader.press("a", *"note", "ctrl+s")
        await reader.press("L")
        await listed(reader)
        assert "4 cases" in reader.text
        (alpha,) = [line for line in reader.text.splitlines() if " alpha " in line]
        assert alpha.split()[-3:] == ["alpha", "2", "1"]
        assert "broken.toml: no TOML" in reader.text
        assert "Joint fentanyl investigation" in reader.text


async def test_a_case_is_opened_from_the_library(shelf: Desk) -> None:
    """What is typed narrows the list, Enter opens the case under the cursor in place of this."""
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


async def test_a_broken_file_says_why_and_the_library_stays(shelf: Desk) -> None:
    """Enter on a file that can't be opened tells its problem with its place."""
    # Wide enough for the path that a worker of several has.
    async with shelf.open(shelf.folder / "alpha.toml", size=(160, 24)) as reader:
        await reader.press("L")
        await listed(reader)
        await reader.press(*"broken.toml", "enter")
        assert isinstance(reader.app.screen, LibraryScreen)
        assert "broken.toml:2:6" in reader.text


async def test_two_files_with_one_id_are_told_apart(shelf: Desk) -> None:
    """A file with the id of another bears a sign, and the line below names the other."""
    (shelf.folder / "copy").mkdir()
    copy = shelf.folder / "copy" / "alpha.toml"
    copy.write_text((shelf.folder / "alpha.toml").read_text())
    async with shelf.open(copy, size=(110, 24)) as reader:
        await reader.press("L")
        await listed(reader)
        await reader.press(*"copy")
        assert "!" in reader.text
        assert "1 other file has this id" in reader.text


async def test_a_draft_survives_going_to_another_case(shelf: Desk) -> None:
    """What is being typed is on disk before another case is shown, and offered on coming back."""
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
        assert screen.panel is not None
        assert screen.panel.text == "half"


async def test_without_a_case_the_library_comes_first(shelf: Desk) -> None:
    """Where no case is named and there are several, the program begins with the library."""
    app = CasefileApp(shelf.room, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.4)
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press(*"beta", "enter")
        await pilot.pause(0.4)
        assert app.open_case is not None
        assert app.open_case.case_file.case.id == "beta"


async def test_what_changed_since_the_last_visit_is_marked(desk: Desk) -> None:
    """At the next visit what is new or changed is told, marked, and said on its page."""
    rows = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(3))
    path = desk.write_case(rows)
    async with desk.open(path) as reader:
        desk.room.remember_visit(reader.screen.open_case)
        assert "±" not in reader.text
    path = desk.write_case(
        rows.replace("Event 1", "Event one") + '[[event]]\nid = "late"\ntitle = "Late"\n'
    )
    async with desk.open(path) as reader:
        assert "1 new +, 1 changed ±." in reader.message
        marks = [line[:46].rstrip(" │")[-1] for line in reader.text.splitlines()[4:8]]
        assert marks == ["0", "±", "2", "+"]
        await reader.press("j")
        assert "Changed since your visit of" in reader.text


def test_paths_are_found_by_what_is_typed(shelf: Desk) -> None:
    """The room lists the reader's folders, the file itself once however it is reached."""
    found = [one.known.path for one in shelf.room.listing()]
    assert Path(shelf.folder / "alpha.toml") in found
    assert len(found) == len(set(found)) == 4


async def test_a_large_case_is_read_on_the_screen(desk: Desk) -> None:
    """What takes long to read is read step by step, with how much is done, and then shown."""
    rows = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\n' for n in range(3000))
    app = CasefileApp(desk.room, None, to_open=desk.write_case(rows))
    async with app.run_test(size=(80, 24)) as pilot:
        while not isinstance(app.screen, CaseScreen):
            await pilot.pause(0.05)
        # Until all of the screen is mounted, too.
        await pilot.pause()
        assert app.open_case is not None
        assert len(app.open_case.case_file.entries) == 3002


async def test_a_large_file_that_is_no_case_ends_the_program(desk: Desk) -> None:
    """What the command line named and can't be opened is left to the command line to tell."""
    path = desk.folder / "broken.toml"
    path.write_text('format = "casefile/1"\n[case\n')
    app = CasefileApp(desk.room, None, to_open=path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
    assert app.refused is not None
    assert app.refused.problems[0].code == "syntax"


async def test_the_keys_of_the_library_are_told(desk: Desk) -> None:
    """The last line has the keys that work at this moment; F1 tells all of them."""
    app = CasefileApp(desk.room, None)
    async with app.run_test() as pilot:
        await pilot.pause(0.4)
        assert screen_text(app).splitlines()[-1] == " Enter open  F1 help  ctrl+q quit"
        await pilot.press("x")
        assert "Esc clear" in screen_text(app)
        await pilot.press("f1")
        assert "↓  ctrl+n" in screen_text(app)
        assert "Go down a page" in screen_text(app)
