"""The keys of the case in one table: what each does, when it works, its word in the last line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from textual.actions import parse
from textual.binding import Binding, BindingType

from casefile.tui.desks import Desks


def _always(_desks: Desks) -> bool:
    return True


class Key(msgspec.Struct, frozen=True):
    """One thing that keys do."""

    id: str
    """The id by which the reader's own `[keys]` name it."""
    keys: str
    word: str
    """Its word in the last line."""
    tooltip: str = ""
    run: Callable[[Desks], Any] | None = None
    """What it does on the desks; without it, `action` is one of the screen."""
    action: str = ""
    works: Callable[[Desks], bool] = _always
    word_now: Callable[[Desks], str] | None = None
    """Its word where that changes; an empty one leaves it out of the last line."""
    show: bool = False
    """Whether it stands in the last line."""
    key_display: str | None = None

    @property
    def binding(self) -> Binding:
        """The same as Textual wants it."""
        return Binding(
            self.keys,
            self.action or f"do({self.id!r})",
            self.word,
            show=self.show,
            key_display=self.key_display,
            id=self.id,
            tooltip=self.tooltip,
        )

    @property
    def parsed_action(self) -> tuple[str, tuple[object, ...]]:
        """The name of its action, and the parameters of that."""
        if not self.action:
            return "do", (self.id,)
        # Parsing costs some microseconds, and most actions have no parameters.
        return parse(self.action)[1:] if "(" in self.action else (self.action, ())

    def word_on(self, desks: Desks) -> str:
        """Return its word in the last line now."""
        return self.word if self.word_now is None else self.word_now(desks)


class KeyTable:
    """The keys of one screen."""

    def __init__(self, keys: Iterable[Key]) -> None:
        """List keys in the order of the last line."""
        self._by_id = {key.id: key for key in keys}
        self._by_action = {key.parsed_action: key for key in self._by_id.values()}

    @property
    def bindings(self) -> list[BindingType]:
        """The same as Textual wants them."""
        return [key.binding for key in self._by_id.values()]

    def get(self, name: str | None) -> Key | None:
        """Return the key with an id, if there is one."""
        return self._by_id.get(name or "")

    def of_action(self, action: str, parameters: tuple[object, ...]) -> Key | None:
        """Return the key that does something, if there is one."""
        return self._by_action.get((action, parameters))


def _close_word(desks: Desks) -> str:
    is_over = desks.area.is_source_open or desks.area.is_page_alone
    return "close" if is_over else "quit"


def _source_word(desks: Desks) -> str:
    if not desks.area.is_source_open:
        return "source"
    return "next cite" if len(desks.sources.pins) > 1 else ""


PANES = (
    Key("pane.1", "1", "panes", "Open the pane of that number", action="pane('1')",
        show=True, key_display="1…9"),
    *(Key(f"pane.{number}", number, "pane", action=f"pane('{number}')") for number in "23456789"),
    Key("pane.0", "0", "case", "Open the case itself", action="pane('0')"),
    Key("pane.next", "right_square_bracket", "next pane", "Open the next pane",
        action="turn_pane(1)"),
    Key("pane.previous", "left_square_bracket", "previous pane", "Open the previous pane",
        action="turn_pane(-1)"),
)  # fmt: skip

MOVES = (
    Key("detail.enter", "tab,l", "to the page", "Go from the list to the page, then to its notes",
        action="turn_focus(1)"),
    Key("detail.leave", "shift+tab,h", "to the list",
        "Go from the notes to the page, then to the list", action="turn_focus(-1)"),
    Key("move.step-back", "escape", "back", "Clear what was found, else go back one step",
        action="step_back"),
    Key("move.back", "ctrl+o,left_parenthesis,alt+left", "back", "Go back to where you were",
        action="history(-1)"),
    Key("move.forward", "right_parenthesis,alt+right", "forward", "Go forward again",
        action="history(1)"),
)  # fmt: skip

FIND = (
    Key("find.words", "slash", "find", "Find words in this pane",
        lambda desks: desks.search.find(), show=True),
    Key("find.next", "n", "next", "Go to the next row that holds the words",
        lambda desks: desks.search.find_next(1)),
    Key("find.previous", "N", "previous", "Go to the previous row that holds the words",
        lambda desks: desks.search.find_next(-1)),
)  # fmt: skip

FILTER = (
    Key("filter.rows", "f", "filter",
        "Filter this pane by words, tag:, check:, author:, is:, on:, kind:, status:",
        lambda desks: desks.search.filter(),
        word_now=lambda desks: "filter" if desks.area.front.display else "", show=True),
    Key("filter.clear", "backspace", "all rows", "Clear the filter of this pane",
        lambda desks: desks.search.clear_filter()),
)  # fmt: skip

FILE = (
    Key("file.reload", "R", "reload", "Read the case file again, staying where you are",
        lambda desks: desks.watcher.read_again()),
    Key("file.edit", "ctrl+e", "edit the file", "Open the case file in your editor, at this entry",
        lambda desks: desks.watcher.edit_file(desks.writing)),
)  # fmt: skip

SOURCE = Key(
    "source.open", "s", "source",
    "Open the source at what this entry rests on; again, at its next cite",
    lambda desks: desks.sources.open_or_turn(), word_now=_source_word, show=True,
)  # fmt: skip

MARKS = (
    Key("check.begin", "v", "check",
        "Say what you found: checked, needs attention, wrong, to check again",
        lambda desks: desks.marks.check(), show=True),
    Key("note.star", "asterisk", "star", "Star this entry, or take the star away",
        lambda desks: desks.marks.star()),
    Key("note.tag", "t", "tags", "Set a tag of this entry, or take it away",
        lambda desks: desks.marks.tag()),
)  # fmt: skip

NOTES = (
    Key("note.new", "a", "annotate",
        "Write a note on this entry, or on the field or place under the cursor",
        lambda desks: desks.notes.annotate(), show=True),
    Key("note.new-outside", "A", "annotate in $EDITOR", "Write a note in your own editor",
        lambda desks: desks.notes.annotate(outside=True)),
    Key("note.edit", "e", "edit", "Edit the selected note",
        lambda desks: desks.notes.edit()),
    Key("note.edit-outside", "E", "edit in $EDITOR", "Edit the selected note in your own editor",
        lambda desks: desks.notes.edit_outside()),
    Key("note.reply", "r", "reply", "Reply to the selected note",
        lambda desks: desks.notes.reply()),
    Key("note.private", "P", "private",
        "Keep the selected note at home when notes are shared, or no longer",
        lambda desks: desks.notes.turn_private()),
    Key("note.history", "H", "history", "See what the note said before, and restore it",
        lambda desks: desks.notes.show_history()),
    Key("note.move", "m", "move", "Move the note to another entry",
        lambda desks: desks.notes.move()),
    Key("note.delete", "D", "delete", "Delete the selected note; u brings it back",
        lambda desks: desks.notes.delete()),
    Key("note.undo", "u", "undo", "Undo the last thing done to a note",
        lambda desks: desks.notes.undo()),
)  # fmt: skip

SAVE = Key(
    "note.keep", "ctrl+s", "keep", "Keep the note that is open in the editor",
    lambda desks: desks.writing.save_note(),
)  # fmt: skip

_ORDER = Key(
    "notes.order", "o", "order",
    "Put the notes in the next order: by time, entry, tag, author",
    lambda desks: desks.session.turn_notes_order(),
    works=lambda desks: desks.session.is_at_notes,
    word_now=lambda desks: f"order: by {desks.session.notes_order}", show=True,
)  # fmt: skip

VERIFY = Key(
    "check.pass", "V", "verify",
    "Go through what is left to be checked, one by one, beside its source", action="verify",
)  # fmt: skip

GO = Key(
    "app.go", "colon,ctrl+p", "go",
    "Go to an entry by id or name, or do anything by its name", action="go", show=True,
)  # fmt: skip
LIBRARY = Key("app.library", "L", "library", "Go to another case", action="app.library")
HELP = Key("app.help", "question_mark,f1", "help", "Show the keys that work here",
            action="app.help", show=True)  # fmt: skip
CLOSE = Key("app.quit", "q", "quit", "Close what lies over the list, else quit",
             action="close", word_now=_close_word, show=True)  # fmt: skip

CASE_KEYS = KeyTable((
    Key("detail.read", "enter", "read", "Read the page of this entry", action="read", show=True),
    *PANES, *MOVES, *FIND, *FILTER, *FILE, SOURCE, SAVE, *MARKS, *NOTES, _ORDER, VERIFY,
    GO, LIBRARY, HELP, CLOSE,
))  # fmt: skip
"""The keys of the case, in the order of the last line."""

NEAR_KEYS = {
    "d": "D deletes the selected note.",
    "U": "u undoes the last thing done to a note.",
    "T": "t sets tags.",
    "c": "v, then c, says that you have checked this.",
    "w": "v, then w, says that this is wrong.",
    "!": "v, then !, says that this needs attention.",
    "Q": "q quits.",
}
"""What is said of keys that do nothing in the case, but that readers try."""
