"""Help: every key that works where the reader is, made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen

from casefile.tui.drawing import wrapped
from casefile.tui.line_view import LineView

_GROUPS = {
    "move": "Moving",
    "detail": "Reading",
    "pane": "Panes",
    "find": "Finding",
    "note": "Notes",
    "editor": "In the note",
    "source": "Sources",
    "file": "The file",
    "app": "The program",
}
_KEYS_WIDTH = 24
_WORDS_WIDTH = 52


class HelpLines(LineView):
    """The keys and what they do, under their groups."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        super().__init__(id="help-lines")
        self._lines = tuple(lines)

    @property
    def line_count(self) -> int:
        """The number of lines of help."""
        return len(self._lines)

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw keys and their tooltip, or the heading of a group."""
        keys, words = self._lines[number]
        if not words:
            return [Segment(keys, self.style_of("heading"))]
        filled = keys + " " * max(1, _KEYS_WIDTH - cell_len(keys))
        return [Segment(filled, self.style_of("mark")), Segment(words[: max(0, width)])]


class HelpScreen(ModalScreen[None]):
    """A page of keys over the case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "close", id="help.close"),
    ]

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Lay the lines in a box."""
        with Vertical(id="help", classes="overlay") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes · j k move"
            yield HelpLines(self._lines)


def help_lines(screen: Screen[Any]) -> tuple[tuple[str, str], ...]:
    """Give the keys of everything that has the focus or surrounds it, group by group."""
    by_group: dict[str, dict[str, list[str]]] = {}
    for _node, binding, _enabled, tooltip in screen.active_bindings.values():
        if binding.id is None or not (tooltip or binding.tooltip):
            continue
        group = _GROUPS.get(binding.id.partition(".")[0])
        if group is None:
            continue
        keys = by_group.setdefault(group, {}).setdefault(binding.tooltip, [])
        keys.append(screen.app.get_key_display(binding))
    return tuple(_in_lines(by_group))


def _in_lines(by_group: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, str]]:
    for group in dict.fromkeys(_GROUPS.values()):
        if group not in by_group:
            continue
        yield group, ""
        for words, keys in by_group[group].items():
            first, *rest = wrapped(words, _WORDS_WIDTH)
            yield f"  {'  '.join(keys)}", first
            yield from (("", line) for line in rest)
        yield "", " "
