"""The help: every key that works where the focus is, made from the bindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen

from casefile.tui.drawing import fit_to_width, wrap_text
from casefile.tui.key_line import PutsKeysFirst
from casefile.tui.line_view import LineView
from casefile.tui.terminal.crash_safe_app import SUSPEND

_GROUPS = {
    "move": "Moving",
    "detail": "Reading",
    "pane": "Panes",
    "find": "Finding",
    "filter": "Finding",
    "check": "Checking",
    "note": "Notes",
    "notes": "Notes",
    "editor": "In the note",
    "source": "Sources",
    "file": "The file",
    "library": "The library",
    "app": "The program",
}
_INDENT = 2
_GAP = 2
_NARROWEST_WORDS = 24
"""If less space than this is left beside the keys, what they do is written below them."""

Groups = Mapping[str, Mapping[str, Sequence[str]]]
"""The keys for each action, by group."""


class HelpLine(msgspec.Struct, frozen=True):
    """A line of help: keys with what they do, a continuation of that, or the heading of a group."""

    keys: str = ""
    words: str = ""
    heading: str = ""


class HelpLines(LineView[HelpLine]):
    """The keys and what they do, by group."""

    def __init__(self, groups: Groups) -> None:
        super().__init__(id="help-lines")
        self._groups = groups
        self._keys_width = 0

    def is_selectable(self, number: int) -> bool:
        """Keep the cursor off headings and blank lines."""
        line = self._lines[number]
        return bool(line.keys or line.words)

    def fit(self) -> None:
        """Wrap the descriptions to the space beside the keys, or below if that is too narrow."""
        room = self.size.width - 1 - _INDENT
        shown = (keys for entries in self._groups.values() for keys in entries.values())
        longest = max(cell_len(_together(keys)) for keys in shown) + _GAP
        self._keys_width = longest if room - longest >= _NARROWEST_WORDS else _INDENT
        self._lines = tuple(_laid_out(self._groups, room, self._keys_width))
        self.lines_changed(self.cursor, self.top)

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw keys with what they do, or the heading of a group."""
        line = self._lines[number]
        if line.heading:
            return [Segment(f" {line.heading}", self.style_of("heading"))]
        sign, style, _minor = self.row_start(number)
        keys = fit_to_width(line.keys, self._keys_width if line.words else width - 1 - _INDENT)
        return [
            sign,
            Segment(" " * _INDENT, style),
            Segment(keys, style + self.style_of("mark")),
            Segment(fit_to_width(line.words, width - 1 - _INDENT - cell_len(keys)), style),
        ]


class HelpScreen(ModalScreen[None]):
    """A modal screen that lists the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "close", id="help.close"),
        SUSPEND,
    ]

    def __init__(self, groups: Groups) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        """Lay out the lines in a box."""
        with Vertical(id="help", classes="overlay") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes · j k move"
            yield HelpLines(self._groups)


def help_groups(screen: Screen[Any]) -> Groups:
    """Return the keys of the focused widget and its ancestors, by group and by what they do."""
    first = screen.first_keys if isinstance(screen, PutsKeysFirst) else ()
    names = dict.fromkeys([*(name.partition(".")[0] for name in first[:1]), *_GROUPS])
    by_group: dict[str, dict[str, list[str]]] = {_GROUPS[name]: {} for name in names}
    for _node, binding, _enabled, tooltip in screen.active_bindings.values():
        if binding.id is None or not (tooltip or binding.tooltip):
            continue
        group = _GROUPS.get(binding.id.partition(".")[0])
        if group is not None:
            keys = by_group[group].setdefault(binding.tooltip, [])
            keys.append(screen.app.get_key_display(binding))
    return {group: entries for group, entries in by_group.items() if entries}


def _together(keys: Sequence[str]) -> str:
    return "  ".join(keys)


def _laid_out(groups: Groups, room: int, keys_width: int) -> Iterator[HelpLine]:
    for number, (group, entries) in enumerate(groups.items()):
        if number:
            yield HelpLine()
        yield HelpLine(heading=group)
        for words, keys in entries.items():
            first, *rest = wrap_text(words, room - keys_width)
            if keys_width > _INDENT:
                yield HelpLine(_together(keys), first)
            else:
                yield HelpLine(_together(keys))
                yield HelpLine(words=first)
            yield from (HelpLine(words=line) for line in rest)
