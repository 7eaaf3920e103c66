"""The text area of the note editor: keeps text as typed, draws it inert, repaints little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Self, overload

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.document._document import Document, EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.events import Key, Paste
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from casefile.notes.external_edit import EDITOR_LIMIT
from casefile.notes.toml_lines import size_in_file
from casefile.text.inert import (
    end_of_joined,
    is_text_character,
    lines_inert_in_place,
    start_of_joined,
)
from casefile.tui.note_wrapping import NoteWrapping
from casefile.tui.terminal.crash_safe_app import CrashSafeApp

_LINE_BREAK = re.compile(r"\r\n?")
_MOST_PER_CELL = 8
"""The most characters that a cell takes as drawn: a letter, its marks and joiners."""
_MOST_OF_WORD = 1000
"""How far a movement by a word goes at most."""


class NoteDocument(Document):
    """A document that breaks lines only at line feeds, so that no character is lost.

    Textual's own document also breaks at ten other characters and does not remember which. The
    lines are returned as drawn, character for character; the text and its ranges as written.
    """

    def __init__(self, text: str, edited: Callable[[str], None] = lambda _text: None) -> None:
        """Hold a text, and call `edited` after each change of it, with what was inserted."""
        super().__init__("")
        self._edited = edited
        self._lines = text.split("\n")
        self._drawn_lines = lines_inert_in_place(text).split("\n")
        self._text: str | None = text
        self.size_in_file = size_in_file(text)
        """The number of bytes that the text takes in the file of a draft or a note."""

    @property
    def text(self) -> str:
        """The whole text, as written."""
        if self._text is None:
            self._text = "\n".join(self._lines)
        return self._text

    @property
    def lines(self) -> list[str]:
        """The lines as drawn."""
        return self._drawn_lines

    def get_line(self, index: int) -> str:
        """Return a line as drawn."""
        return self[index]

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        """Return one or several lines as drawn."""
        return self._drawn_lines[line_index]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two locations."""
        (top, left), (bottom, right) = sorted((start, end))
        replaced = self.get_text_range(start, end)
        first, last = ("".join(self._lines[line : line + 1]) for line in (top, bottom))
        drawn_first, drawn_last = ("".join(self._drawn_lines[n : n + 1]) for n in (top, bottom))
        lines = f"{first[:left]}{text}{last[right:]}".split("\n")
        # Made inert only where it was changed: a line may have megabytes.
        start_drawn, end_drawn = start_of_joined(first, left), end_of_joined(last, right)
        changed = lines_inert_in_place(f"{first[start_drawn:left]}{text}{last[right:end_drawn]}")
        drawn = f"{drawn_first[:start_drawn]}{changed}{drawn_last[end_drawn:]}"
        self._lines[top : bottom + 1], self._text = lines, None
        self._drawn_lines[top : bottom + 1] = drawn.split("\n")
        self.size_in_file += size_in_file(text) - size_in_file(replaced)
        self._edited(text)
        end_column = len(lines[-1]) - len(last[right:])
        return EditResult((top + len(lines) - 1, end_column), replaced)


class NoteText(TextArea):
    """A text area that repaints only the rows that a key changed, for slow connections."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "undo", id="editor.undo", show=False,
                tooltip="Undo the last edit"),
        Binding("ctrl+y", "redo", "redo", id="editor.redo", show=False,
                tooltip="Redo the edit that was undone"),
    ]  # fmt: skip

    class TooLong(Message):
        """What was typed or pasted would make the text longer than a draft can be."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        self._holds_repaints = False
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def on_key(self, event: Key) -> None:
        """Insert a character that is not printable, such as a joiner; Textual would drop it."""
        if event.character and not event.is_printable and is_text_character(event.character):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(event.character, *self.selection)

    def on_paste(self, event: Paste) -> None:
        """Insert pasted text with line feeds as line breaks; terminals send carriage returns."""
        event.prevent_default()
        self.type_text(_LINE_BREAK.sub("\n", event.text))

    def type_text(self, text: str) -> None:
        """Put text in place of what is selected."""
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def text_with(self, waiting: str) -> str:
        """Return the text as it will be once the keys in `waiting` have been typed too."""
        if not waiting:
            return self.text
        start, end = sorted(self.selection)
        before = self.document.get_text_range((0, 0), start)
        after = self.document.get_text_range(end, self.document.end)
        return f"{before}{waiting}{after}"

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Return whether a key types text here; Textual passes no character for Enter and slash."""
        is_text = character is not None and is_text_character(character)
        return is_text or key in ("enter", "slash")

    @property
    def size_in_file(self) -> int:
        """The number of bytes that the text takes in the file of a draft or a note."""
        return self.document.size_in_file if isinstance(self.document, NoteDocument) else 0

    def is_movement(self, action: str) -> bool:
        """Whether an action moves the cursor and does nothing else."""
        return action.startswith("cursor_")

    def is_deletion(self, action: str) -> bool:
        """Whether an action deletes text and does nothing else."""
        return action.startswith("delete_")

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Draw the effect of all movements and edits in the block once, at its end."""
        with self._repainting_changes():
            yield

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit and repaint the rows that look different after it.

        An edit that would make the text longer than a draft can be changes nothing.
        """
        if self._is_too_long_after(edit):
            self.post_message(self.TooLong())
            return EditResult(self.cursor_location, "")
        with self._repainting_changes():
            return super().edit(edit)

    @contextmanager
    def _repainting_changes(self) -> Iterator[None]:
        if self._holds_repaints:
            yield
            return
        before = self._rows()
        self._holds_repaints = True
        try:
            yield
        finally:
            self._holds_repaints = False
            self._repaint_changed(before)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Skip full repaints during an edit, which repaints the changed rows at its end."""
        if self._holds_repaints and not (regions or layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _is_too_long_after(self, edit: Edit) -> bool:
        added = size_in_file(edit.text)
        if self.size_in_file + added <= EDITOR_LIMIT:
            return False
        replaced = self.document.get_text_range(*sorted((edit.from_location, edit.to_location)))
        growth = added - size_in_file(replaced)
        return growth > 0 and self.size_in_file + growth > EDITOR_LIMIT

    def _set_document(self, text: str, language: str | None) -> None:  # noqa: ARG002 (Textual's own)
        self.document = NoteDocument(text, self._edited)
        self.wrapped_document = NoteWrapping(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def get_cursor_word_left_location(self) -> Location:
        """Return where the word begins before the cursor; Textual looks for all in the line."""
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_word_left_location()
        start = max(0, column - _MOST_OF_WORD)
        before = self.document[row][start:column].rstrip()
        starts = [found.start() for found in self._word_pattern.finditer(before)]
        return row, start + (starts[-1] if starts else 0)

    def get_cursor_word_right_location(self) -> Location:
        """Return where the next word begins, or the end of this one."""
        row, column = self.selection.end
        following = self.document[row][column : column + _MOST_OF_WORD]
        if not following:
            return super().get_cursor_word_right_location()
        spaces = len(following) - len(following.lstrip())
        found = self._word_pattern.search(following.lstrip())
        return row, column + (spaces + found.start() if found else len(following))

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:  # noqa: ARG002 (Textual's own)
        """Return no match: Textual searches the whole text at each movement for it."""
        return None

    def _render_line(self, y: int) -> Strip:
        """Draw a row; Textual divides the whole line for it."""
        width, base = self.size.width, self.rich_style
        number = y + self.scroll_offset.y
        wrapping = self.wrapped_document
        assert isinstance(wrapping, NoteWrapping)  # noqa: S101 -- made in `_set_document`
        if number >= wrapping.height:
            return Strip.blank(width, base)
        index, section = wrapping.offset_to_line(number)
        line = self.document[index]
        start, end = wrapping.get_sections(index).span(section)
        # Before the first layout, a row is the whole line.
        end = min(end, start + _MOST_PER_CELL * (width + 1))
        # Behind the last row there is room for the cursor.
        row = Text(line[start:end] + (" " if end == len(line) else ""), end="")
        self._style_selection(row, index, start, end)
        row.expand_tabs(self.indent_width)
        strip = Strip(row.render(self.app.console), cell_length=row.cell_len)
        room = self.scrollable_content_region.size.width
        return strip.extend_cell_length(room, None).apply_style(base)

    def _style_selection(self, row: Text, index: int, start: int, end: int) -> None:
        """Style what is selected in a row of line `index`, and the cursor."""
        theme = self._theme
        selected, cursor = theme.selection_style or Style(), theme.cursor_style or Style()
        (top, left), (bottom, right) = sorted(self.selection)
        if not self.selection.is_empty and top <= index <= bottom:
            is_empty_line = not self.document[index]
            if is_empty_line and index != self.selection.end[0]:
                row.plain = "▌"
                row.stylize(Style(color=selected.bgcolor))
            else:
                first = left if index == top else 0
                last = right if index == bottom else len(self.document[index])
                row.stylize(selected, max(0, first - start), min(last, end) - start)
        if self._draw_cursor and self.selection.end[0] == index:
            column = self.selection.end[1] - start
            if 0 <= column < len(row):
                row.stylize(cursor, column, column + 1)

    def _edited(self, inserted: str) -> None:
        if isinstance(self.app, CrashSafeApp):
            self.app.key_queue.text_inserted(inserted)

    def _rows(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def _repaint_changed(self, before: list[Strip]) -> None:
        for y, row in enumerate(self._rows()):
            if y >= len(before) or row != before[y]:
                self.refresh(Region(0, y, self.size.width, 1))
