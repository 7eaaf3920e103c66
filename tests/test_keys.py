"""What each key does in the bundled case, as a reader would try it."""

from __future__ import annotations

import asyncio
import time

import pytest
from screens import Desk, key_event
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.events import Key, Paste

from casefile.query import parse
from casefile.tui.note_text import NoteText
from casefile.tui.palette import Destinations, commands_of
from casefile.tui.terminal.key_queue import EventHandled, EventQueued, KeyQueue
from casefile.tui.terminal.terminal_input import TerminalInput
from casefile.views.case_panes import panes_of
from casefile.views.finding import Finder
from casefile.views.session import Session

TIMELINE = ["export", "tip", "hsi-investigation"]
DATED_AND_UNDATED = """
[[event]]
id = "undated"
title = "The ship leaves"
[[event]]
id = "dated"
title = "The ship returns"
date = "2021-03-04"
"""


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up")])
async def test_lines(desk: Desk, down: str, up: str) -> None:
    """Down and up go one line each, and the page follows."""
    async with desk.open() as reader:
        await reader.press(down, down)
        assert reader.entry == TIMELINE[2]
        assert reader.page == "HSI investigates Diana and the group she represented"
        await reader.press(up)
        assert reader.entry == TIMELINE[1]


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end")])
async def test_first_and_last(desk: Desk, first: str, last: str) -> None:
    """The ends of the list are one key away."""
    async with desk.open() as reader:
        await reader.press(last)
        *_, row = reader.session.pane.selectable_rows
        assert reader.entry == row.entry
        await reader.press(first)
        assert reader.entry == TIMELINE[0]


@pytest.mark.parametrize(
    ("down", "up", "lines"),
    [
        ("ctrl+d", "ctrl+u", 10),
        ("space", "ctrl+b", 19),
        ("ctrl+f", "ctrl+b", 19),
        ("pagedown", "pageup", 19),
    ],
)
async def test_pages(desk: Desk, down: str, up: str, lines: int) -> None:
    """Half a page is half the list; a page keeps one line of the one before."""
    async with desk.open() as reader:
        await reader.press("2", down)
        assert reader.case_screen.entry_list.cursor == lines
        await reader.press(up)
        assert reader.case_screen.entry_list.cursor == 0


async def test_the_cursor_passes_over_headings(desk: Desk) -> None:
    """The line between dated and undated entries is not a place to stand."""
    async with desk.open(desk.write_case(DATED_AND_UNDATED)) as reader:
        await reader.press("G")
        assert reader.entry == "undated"
        await reader.press("k")
        assert reader.entry == "dated"
        await reader.press("j")
        assert reader.entry == "undated"


async def test_panes_by_number(desk: Desk) -> None:
    """Each number opens its pane, and each pane is where it was left."""
    async with desk.open() as reader:
        await reader.press("2", "j", "j", "1", "j", "2")
        assert (reader.pane, reader.case_screen.entry_list.cursor) == ("Parties", 2)
        await reader.press("0")
        assert (reader.pane, reader.entry) == ("Case", "diana-fentanyl-2017")
        await reader.press("9")
        assert reader.message == "There is no pane 9."


async def test_panes_in_turn(desk: Desk) -> None:
    """Brackets go round the panes in both directions."""
    async with desk.open() as reader:
        await reader.press("right_square_bracket")
        assert reader.pane == "Parties"
        await reader.press("left_square_bracket", "left_square_bracket")
        assert reader.pane == "Case"


@pytest.mark.parametrize(("there", "back"), [("tab", "shift+tab"), ("l", "h")])
async def test_to_the_page_and_back(desk: Desk, there: str, back: str) -> None:
    """The focus goes from the list to the page and back."""
    async with desk.open() as reader:
        await reader.press(there)
        assert reader.screen.detail.has_focus
        await reader.press(back)
        assert reader.case_screen.entry_list.has_focus


async def test_tab_goes_to_the_notes_too(desk: Desk) -> None:
    """From the page Tab goes to its notes, then to the list again."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Mine.")
        await reader.press("ctrl+s", "tab", "tab")
        assert reader.screen.detail.note is not None
        await reader.press("tab")
        assert reader.case_screen.entry_list.has_focus
        await reader.press("shift+tab")
        assert reader.screen.detail.note is not None


async def test_a_link_is_followed_and_left(desk: Desk) -> None:
    """Enter on a link goes where it leads; Esc comes back to the line it stands on."""
    async with desk.open() as reader:
        await reader.press("j", "enter")
        await reader.read_to("HSI office in")
        await reader.press("enter")
        assert (reader.pane, reader.entry) == ("Parties", "hsi-new-orleans")
        assert reader.screen.detail.has_focus
        await reader.press("escape")
        assert (reader.pane, reader.entry) == ("Timeline", "tip")
        assert reader.line.startswith("HSI office in")
        await reader.press("escape")
        assert reader.case_screen.entry_list.has_focus
        assert reader.entry == "tip"


@pytest.mark.parametrize(
    ("back", "forward"),
    [
        ("ctrl+o", "right_parenthesis"),
        ("left_parenthesis", "right_parenthesis"),
        ("alt+left", "alt+right"),
    ],
)
async def test_back_and_forward(desk: Desk, back: str, forward: str) -> None:
    """The reader's way is walked back and forward, like a browser's."""
    async with desk.open() as reader:
        await reader.press("j", "2", "j", "4")
        await reader.press(back)
        assert (reader.pane, reader.entry) == ("Parties", "hsi")
        await reader.press(back)
        assert (reader.pane, reader.entry) == ("Timeline", "tip")
        await reader.press(forward, forward)
        assert reader.pane == "Quotes"
        await reader.press(forward)
        assert reader.message == "There is nothing ahead."


async def test_a_cite_opens_its_source_at_the_paragraph(desk: Desk) -> None:
    """Enter on a cite shows the source where it lists who cites that paragraph."""
    async with desk.open() as reader:
        await reader.press("j", "enter")
        await reader.read_to("WVUE, para 4")
        await reader.press("enter")
        assert (reader.pane, reader.entry) == ("Sources", "wvue")
        line = reader.screen.detail.line
        assert line is not None
        assert line.paragraph == 4


async def test_find_goes_to_the_first_and_the_next(desk: Desk) -> None:
    """Typing goes to the first match; n and N go round the others."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("laboratory")
        assert reader.entry == "task-force-investigation"
        await reader.press("enter")
        found = [reader.entry]
        for _ in range(3):
            await reader.press("n")
            found.append(reader.entry)
        assert len(set(found)) >= 2
        await reader.press("N", "N", "N")
        assert reader.entry == found[0]
        await reader.press("N")
        assert reader.message == "Back at the last match"
        await reader.press("n")
        assert (reader.entry, reader.message) == (found[0], "Back at the first match")


async def test_find_is_given_up_with_escape(desk: Desk) -> None:
    """Esc in the line goes back to where finding began, and marks nothing."""
    async with desk.open() as reader:
        await reader.press("j", "slash")
        await reader.type("conference")
        assert reader.entry != "tip"
        await reader.press("escape")
        assert reader.entry == "tip"
        assert reader.case_screen.entry_list.has_focus
        assert reader.case_screen.entry_list.highlighted_query is None


@pytest.mark.parametrize(
    ("typed", "entry"), [("2017-11", "arrests"), ("2018", "news-conference"), ("2016", "tip")]
)
def test_a_date_is_gone_to(desk: Desk, typed: str, entry: str) -> None:
    """A date after `:` leads to what begins then, or to what comes next."""
    session = Session(desk.lay_open())
    going = Destinations(session.open_case, session.panes, session.pane, ())
    assert going(typed)[0].value == f"entry:{entry}"


async def test_a_pane_is_gone_to_by_its_name(desk: Desk) -> None:
    """`:` and the beginning of a pane's name open it, which is the way to a tenth one."""
    async with desk.open() as reader:
        await reader.press("colon", *"sourc", "enter")
        assert reader.pane == "Sources"
        await reader.press("escape")
        assert reader.pane == "Timeline"


async def test_found_marks_are_cleared_before_going_back(desk: Desk) -> None:
    """Esc first clears what was found, and only then goes back a step."""
    async with desk.open() as reader:
        await reader.press("2", "slash")
        await reader.type("diana")
        await reader.press("enter", "escape")
        assert reader.pane == "Parties"
        assert "“diana”" not in reader.text
        await reader.press("escape")
        assert reader.pane == "Timeline"


async def test_leaving_the_find_line_by_tab_keeps_what_was_found(desk: Desk) -> None:
    """Tab goes on to the page with the words marked, and the next `/` begins anew."""
    async with desk.open() as reader:
        await reader.press("slash", *"conference", "tab")
        assert reader.screen.detail.has_focus
        assert reader.case_screen.entry_list.highlighted_query is not None
        await reader.press("slash", *"tip", "enter")
        assert "“tip”" in reader.text


async def test_a_paste_waits_for_the_key_before_it(desk: Desk) -> None:
    """What is pasted right after `a` is the note's text."""
    async with desk.open() as reader:
        reader.app.post_message(Key("a", "a"))
        await reader.paste("pasted")
        assert reader.panel is not None
        assert reader.panel.text == "pasted"


@pytest.mark.parametrize(
    ("words", "entry", "is_found"),
    [
        ("wvue, para 3", "disruption", True),
        ("key event", "tip", True),
        ("not stated", "hsi-investigation", True),
        ("under way when reported", "prosecution", True),
        ("fentanyl", "hsi-investigation", False),
    ],
)
def test_find_agrees_with_what_is_shown(
    desk: Desk, words: str, entry: str, *, is_found: bool
) -> None:
    """Words on the page are found, and what it does not show is not."""
    open_case = desk.lay_open()
    timeline = panes_of(open_case)[0]
    found = Finder(open_case).find(timeline, parse(words))
    assert (timeline.place_of(entry) in found.places) is is_found


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_go_to_an_entry_by_id_and_name(desk: Desk, key: str) -> None:
    """An id and a part of a name lead to their entry, and Esc leads back."""
    async with desk.open() as reader:
        await reader.press(key)
        await reader.type("quote-annello")
        await reader.press("enter")
        assert (reader.pane, reader.entry) == ("Quotes", "quote-annello")
        await reader.press(key)
        await reader.type("guangzhou")
        await reader.press("enter")
        assert reader.entry == "hsi-guangzhou"
        await reader.press("escape", "escape")
        assert (reader.pane, reader.entry) == ("Timeline", "export")


def test_go_to_a_row_by_its_number(desk: Desk) -> None:
    """A number after `:` is a row of the pane that is open."""
    session = Session(desk.lay_open())
    going = Destinations(session.open_case, session.panes, session.pane, ())
    assert going("3")[0].value == f"entry:{TIMELINE[2]}"
    session.open_pane(1)
    going = Destinations(session.open_case, session.panes, session.pane, ())
    assert going("2")[0].value == "entry:hsi"


async def test_do_something_by_its_name(desk: Desk) -> None:
    """What a key does can be done by its name, another theme worn among it."""
    async with desk.open() as reader:
        await reader.press("colon")
        await reader.type("textual-light")
        await reader.press("enter")
        assert reader.app.theme == "textual-light"
        await reader.press("colon")
        await reader.type("annotate")
        await reader.press("enter")
        assert reader.is_writing


@pytest.mark.parametrize("name", ["keep", "Keep", "note.keep"])
async def test_a_note_is_kept_by_name(desk: Desk, name: str) -> None:
    """Where a line eats ctrl+s, Esc and then `:keep` keeps what is in the editor."""
    async with desk.open() as reader:
        await reader.press("a", *"Mine.", "escape", "colon", *name, "enter")
        (note,) = reader.screen.open_case.notebook.on("export")
        assert note.current.body == "Mine."


async def test_a_note_is_kept_by_name_from_within(desk: Desk) -> None:
    """In the editor ctrl+p asks for a name, too: for what can be done there."""
    async with desk.open() as reader:
        await reader.press("a", *"Mine.", "ctrl+p", *"undo", "enter")
        assert reader.panel is not None
        assert reader.panel.text == ""
        await reader.press(*"Yes, mine.", "ctrl+p", *"keep", "enter")
        (note,) = reader.screen.open_case.notebook.on("export")
        assert note.current.body == "Yes, mine."


async def test_every_command_is_known_by_its_id(desk: Desk) -> None:
    """An id leads to its command alone: what it is remapped by, and no entry has such a name."""
    async with desk.open() as reader:
        commands = commands_of(reader.screen)
        panes = reader.session.panes
        going = Destinations(reader.screen.open_case, panes, panes[0], commands)
        assert len(commands) > 20
        for number, command in enumerate(commands):
            assert going(command.names[-1])[0].value == f"do:{number}", command


async def test_q_by_name_quits_from_anywhere(desk: Desk) -> None:
    """`:q` is ctrl+q, and not the key q, which closes what lies on top."""
    async with desk.open(size=(60, 20)) as reader:
        await reader.press("enter", "colon", "q", "enter")
        assert not reader.app.is_running


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_opens_and_closes(desk: Desk, key: str) -> None:
    """Help lies over the case and goes away on Esc."""
    async with desk.open() as reader:
        await reader.press(key)
        assert "Go down a line" in reader.text
        await reader.press("escape")
        assert "Go down a line" not in reader.text


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quit(desk: Desk, key: str) -> None:
    """The program ends, with the exit code of a program that did its work."""
    async with desk.open() as reader:
        await reader.press(key)
        assert not reader.app.is_running
        assert reader.app.return_code == 0


async def test_escape_never_quits(desk: Desk) -> None:
    """However often it is pressed, Esc stays in the program."""
    async with desk.open() as reader:
        await reader.press("2", "enter", *["escape"] * 9)
        assert reader.app.is_running
        assert (reader.pane, reader.entry) == ("Timeline", "export")


async def test_a_key_that_does_nothing_says_what_is_near(desk: Desk) -> None:
    """A small letter slipped for a capital one is answered."""
    async with desk.open() as reader:
        await reader.press("d")
        assert reader.message == "D deletes the selected note."
        await reader.press("j")
        assert reader.message == ""


async def test_under_80_columns_the_page_lies_over_the_list(desk: Desk) -> None:
    """Enter opens the page, q and Esc close it."""
    async with desk.open(size=(60, 20)) as reader:
        assert not reader.screen.detail.display or not reader.screen.detail.region
        for close in ("q", "escape", "h"):
            await reader.press("j", "enter")
            assert reader.screen.detail.has_focus
            assert not reader.case_screen.entry_list.region
            await reader.press(close)
            assert reader.case_screen.entry_list.has_focus


async def test_the_mouse(desk: Desk) -> None:
    """A click selects a row, opens a pane, follows a link, presses a key of the last line."""
    async with desk.open() as reader:
        await reader.click(30, 4)
        assert reader.entry == "tip"
        await reader.click(20, 1)
        assert reader.pane == "Parties"
        row = next(n for n, line in enumerate(reader.text.splitlines()) if "Enter read" in line)
        await reader.click(reader.text.splitlines()[row].index("? help"), row)
        assert "Go down a line" in reader.text


async def test_a_click_on_a_link_follows_it(desk: Desk) -> None:
    """A link on the page is followed by a click as by Enter."""
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("j")
        lines = reader.text.splitlines()
        row = next(n for n, line in enumerate(lines) if "HSI office in New Orleans ▸" in line)
        await reader.click(lines[row].index("HSI office in New Orleans ▸"), row)
        assert reader.entry == "hsi-new-orleans"


async def test_escape_right_before_a_letter_is_both(desk: Desk) -> None:
    """What a terminal takes for alt and a letter is Esc, then the letter; alt+left stays itself."""
    async with desk.open() as reader:
        await reader.press("2", "enter", "alt+j")
        assert reader.case_screen.entry_list.has_focus
        assert reader.entry == "hsi"
        await reader.press("alt+left")
        assert reader.pane == "Timeline"


@pytest.mark.parametrize(
    ("typed", "then"), [("3", "Seizures"), ("f", "Parties"), (":", "Parties"), ("\x7f", "Parties")]
)
async def test_escape_right_before_any_key_is_both(desk: Desk, typed: str, then: str) -> None:
    """So it is with keys that are something else with alt on some terminals, and no letters."""
    async with desk.open() as reader:
        await reader.press("2", "enter", "slash", *"diana", "enter")
        reader.app.post_message(next(iter(TerminalInput(0.1).feed(f"\x1b{typed}"))))
        await reader.settle()
        assert reader.case_screen.entry_list.highlighted_query is None
        assert reader.pane == then
        assert ("Esc closes" in reader.text) is (typed == ":")
        assert reader.screen.query("#find").first().has_focus_within if typed == "f" else True


async def test_a_word_key_with_alt_stays_in_the_editor(desk: Desk) -> None:
    """Where Esc and f together mean something, they are not taken apart: a word further."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("two words")
        for sequence in ("\x1bb", "\x1b\x7f"):
            reader.app.post_message(next(iter(TerminalInput(0.1).feed(sequence))))
        await reader.type("good ")
        assert reader.panel is not None
        assert reader.panel.text == "good words"


async def test_a_click_waits_for_the_key_before_it(desk: Desk) -> None:
    """A click right after a key is one on what the key shows, as it was for the reader."""
    async with desk.open() as reader:
        reader.app.post_message(Key("2", "2"))
        for sign in "Mm":
            reader.app.post_message(next(iter(TerminalInput(0.1).feed(f"\x1b[<0;20;7{sign}"))))
        await reader.settle()
        assert (reader.pane, reader.case_screen.entry_list.cursor) == ("Parties", 3)


async def test_every_binding_can_be_remapped_and_is_explained() -> None:
    """Every key of ours has an id to remap it by and says in a tooltip what it does."""
    from textual.binding import Binding

    from casefile.tui.app import CasefileApp
    from casefile.tui.case_screen import CaseScreen
    from casefile.tui.detail_view import DetailView
    from casefile.tui.line_view import LineView
    from casefile.tui.note_panel import NotePanel
    from casefile.tui.verify_screen import VerifyScreen

    for owner in (
        CasefileApp,
        CaseScreen,
        VerifyScreen,
        LineView,
        DetailView,
        NotePanel,
    ):
        for binding in owner.BINDINGS:
            assert isinstance(binding, Binding)
            assert binding.id, binding
            assert binding.tooltip or binding.id.startswith("pane."), binding


async def test_keys_typed_ahead_go_where_the_one_before_leads(desk: Desk) -> None:
    """What arrives in one piece on a slow line is done in order: a note, not a row of commands."""
    async with desk.open() as reader:
        await reader.press(
            "j", "a", *"quit? No: 2 D's", "ctrl+s", "slash", *"xiao", "enter", "4", "n"
        )
        assert reader.pane == "Quotes"
        assert reader.entry == "quote-xiao"
        (note,) = reader.screen.open_case.notebook.on("tip")
        assert note.current.body == "quit? No: 2 D's"


async def test_what_is_to_be_typed_is_known_until_it_stands_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal at any moment finds each letter once: waiting, handed to the editor, or in it."""
    found: list[str] = []

    def look(editor: NoteText, edit: Edit) -> EditResult:
        queue = reader.app.key_queue
        found.append(editor.text_with(queue.text_waiting))
        result = edit_of_editor(editor, edit)
        found.append(editor.text_with(queue.text_waiting))
        return result

    edit_of_editor = NoteText.edit
    monkeypatch.setattr(NoteText, "edit", look)
    async with desk.open() as reader:
        await reader.press("a")
        for event in (
            Key("x", "x"),
            Key("y", "y"),
            Paste("pasted "),
            Paste("twice "),
            Key("z", "z"),
        ):
            reader.app.key_queue.put(event)
        assert reader.app.key_queue.text_waiting == "xypasted twice z"
        reader.app.post_message(EventQueued())
        await reader.settle()
        assert set(found) == {"xypasted twice z"}
        assert len(found) == 2 * len(["xy", "pasted ", "twice ", "z"])


@pytest.mark.parametrize(
    ("between", "known"), [("left", "xy"), ("backspace", "xy"), ("escape", "x")]
)
async def test_of_what_waits_all_that_will_be_typed_here_is_known(
    desk: Desk, between: str, known: str
) -> None:
    """Letters behind a key that stays in the editor are text too; behind one that leaves, none."""
    async with desk.open() as reader:
        await reader.press("a")
        for key in ("x", between, "y"):
            reader.app.key_queue.put(Key(key, key if len(key) == 1 else None))
        assert reader.app.key_queue.text_waiting == known


async def test_note_is_saved_though_what_waits_to_be_typed_is_not_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in finding out what waits, perhaps the one that ends the program, loses no note."""

    def fail(_queue: KeyQueue) -> str:
        raise IndexError

    async with desk.open() as reader:
        await reader.press("a", *"note")
        monkeypatch.setattr(KeyQueue, "text_waiting", property(fail))
        assert reader.app.try_save_draft() == "What was being typed is saved as a draft."
    (draft,) = desk.lay_open().drafts.unfinished()
    assert draft.body == "note"


@pytest.mark.parametrize("dialog", ["ctrl+p", "f1"])
async def test_what_is_typed_into_a_dialog_is_no_part_of_the_note_below(
    desk: Desk, dialog: str
) -> None:
    """A signal saves the note as it stands, without words that the dialog over it has not got."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("A note.")
        await reader.press(dialog)
        for key in "arrests":
            reader.app.key_queue.put(Key(key, key))
        reader.app.try_save_draft()
    (draft,) = desk.lay_open().drafts.unfinished()
    assert draft.body == "A note."


async def test_a_long_list_on_a_page_is_folded(desk: Desk) -> None:
    """Of what is referred to by very many the first are shown; Enter on the rest shows all."""
    seized = "".join(
        f'[[seizure]]\nid = "s{n}"\nitem = "Item {n}"\nevent = "raid"\n' for n in range(40)
    )
    path = desk.write_case(f'[[event]]\nid = "raid"\ntitle = "Raid"\n{seized}')
    async with desk.open(path) as reader:
        await reader.press("enter")
        assert "Item 11" in reader.text
        await reader.read_to("and 28 more")
        await reader.press("enter")
        assert reader.line == "Item 12 ▸"
        await reader.read_to("Item 39")


async def test_enter_on_a_line_that_leads_nowhere_says_so(desk: Desk) -> None:
    """Enter is among the keys that are shown where it leads on, and says so where it doesn't."""
    async with desk.open() as reader:
        await reader.press("enter")
        assert "Enter" not in reader.text
        await reader.press("enter")
        assert reader.message == "This line leads nowhere; those with ▸ do."
        await reader.press("g")
        await reader.read_to("China-based")
        assert "Enter follow" in reader.text


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_help_is_whole_at_any_width(desk: Desk, width: int) -> None:
    """What a key does is wrapped where there is little room, and the cursor shows the line."""
    async with desk.open(size=(width, 200)) as reader:
        await reader.press("question_mark")
        lines = reader.text.splitlines()
        (here,) = [line for line in lines if "▌" in line and "│" in line[:2]]
        assert "j  ↓" in here
        words = " ".join(reader.text.replace("│", " ").split())
        assert "what is being typed is kept as a draft" in words
        assert "Close what lies over the list, else quit" in words


async def test_moving_is_nothing_that_is_done_by_its_name(desk: Desk) -> None:
    """The colon begins with what can be done, not with Tab and Enter."""
    async with desk.open() as reader:
        await reader.press("colon")
        assert "Find words in this pane" in reader.text
        assert "key Tab" not in reader.text


async def test_a_page_stays_at_its_words_when_the_terminal_changes(desk: Desk) -> None:
    """The cursor keeps its item through any width, hidden ones included, and on coming back."""
    async with desk.open() as reader:
        await reader.press("enter")
        await reader.read_to("China-based")
        for size in ((60, 20), (140, 40), (30, 8), (80, 24)):
            await reader.resize(*size)
            assert reader.line.startswith("China-based"), size
        await reader.press("enter")
        await reader.resize(140, 40)
        await reader.press("escape")
        assert reader.line.startswith("China-based")
        await reader.press("shift+tab")
        await reader.resize(60, 20)
        await reader.resize(80, 24)
        assert reader.line.startswith("China-based")


async def test_esc_after_going_elsewhere_from_a_search_stays_there(desk: Desk) -> None:
    """The row from which the search began is one of another pane."""
    async with desk.open() as reader:
        await reader.press("G", "slash", *"diana", "ctrl+p", *"ncb", "enter")
        assert reader.entry == "ncb"
        await reader.press("escape")
        assert reader.entry == "ncb"


async def test_a_date_that_is_gone_to_is_not_cut(desk: Desk) -> None:
    """The choices for a typed date have theirs whole, an interval too."""
    async with desk.open() as reader:
        await reader.press("colon", *"2017-11")
        assert "Nov 2017–Jan 2018" in reader.text.splitlines()[6]


async def test_key_that_nobody_says_is_handled_holds_nothing_up_for_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of a screen which is left meanwhile: notes are read on, without another key."""
    monkeypatch.setattr("casefile.tui.terminal.key_queue._WAIT_SECONDS", 0.005)
    async with desk.open() as reader:
        queue = reader.app.key_queue
        monkeypatch.setattr(KeyQueue, "event_handled", _nothing_handled)
        queue.put(key_event("j"))
        await queue.deliver_next()
        assert not queue.is_idle
        await reader.wait(0.2)
        assert queue.is_idle


async def test_key_waits_for_the_one_before_it_however_long_saving_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be handled while the program waits for a disk, so that time does not count."""
    async with desk.open() as reader:
        queue = reader.app.key_queue
        monkeypatch.setattr(KeyQueue, "event_handled", _nothing_handled)
        queue.put(key_event("j"))
        await queue.deliver_next()
        for _ in range(3):
            time.sleep(0.2)
            await asyncio.sleep(0)
        assert not queue.is_idle


async def _nothing_handled(_queue: KeyQueue, _event: EventHandled) -> None:
    pass
