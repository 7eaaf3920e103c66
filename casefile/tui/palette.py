"""The palette of `:`: where to go and what to do, ranked by what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from textual.dom import DOMNode
from textual.screen import Screen

from casefile.text.folding import folded
from casefile.tui.chooser import Choice, choose
from casefile.views.entry_search import MOST_RESULTS, entries_dated, kind_name, rank, search_entries
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination
from casefile.views.panes import Pane
from casefile.views.session import Session

_NO_COMMANDS = ("move.", "pane.", "detail.", "app.go")
_TYPED_AS = {"app.leave": "q", "app.quit": "close"}
"""What finds these commands, instead of their key: out of habit, `:q` quits the program."""


class Command(msgspec.Struct, frozen=True):
    """An action that can be run by name."""

    words: str
    sort: str
    names: tuple[str, ...]
    action: str
    node: DOMNode


def commands_of(screen: Screen[Any]) -> tuple[Command, ...]:
    """Return the actions of the active bindings, except movements; each is also found by its id."""
    commands: dict[str, Command] = {}
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        name = binding.id or ""
        if not enabled or not name or name.startswith(_NO_COMMANDS) or name in commands:
            continue
        display = screen.app.get_key_display(binding)
        typed_as = _TYPED_AS.get(name, display)
        names = (folded(binding.description), folded(binding.tooltip), typed_as, name)
        commands[name] = Command(binding.tooltip, f"key {display}", names, binding.action, node)
    return tuple(commands.values())


def themes_of(screen: Screen[Any]) -> Iterator[Command]:
    """Yield a command for each theme."""
    for name in sorted(screen.app.available_themes):
        words = f"Theme {name}"
        yield Command(words, "theme", (folded(words), name), f"app.theme({name!r})", screen)


class Destinations:
    """Finds choices by a row's number, a date, or words in entries, panes and commands."""

    def __init__(
        self,
        open_case: OpenCase,
        panes: Sequence[Pane],
        pane: Pane,
        commands: Iterable[Command],
    ) -> None:
        self._open_case = open_case
        self._panes = panes
        self._pane = pane
        self.commands = tuple(commands)

    def __call__(self, typed: str) -> Sequence[Choice]:
        """Return the choices, the best match first; if nothing is typed, commands come first."""
        wanted = folded(typed.strip())
        entries = [
            (nearness, self._entry_choice(entry_id))
            for nearness, entry_id in search_entries(self._open_case, wanted)
        ]
        commands = [
            (nearness, Choice(command.words, command.sort, f"do:{number}"))
            for number, command in enumerate(self.commands)
            if (nearness := rank(wanted, command.names)) is not None
        ]
        panes = [
            (nearness, Choice(pane.title, "pane", f"pane:{pane.title}"))
            for pane in self._panes
            if (nearness := rank(wanted, [folded(pane.title)])) is not None
        ]
        # An empty line asks what can be done: entries are in sight anyway.
        found = panes + entries + commands if wanted else commands + panes + entries
        ranked = sorted(found, key=lambda one: one[0])
        first = [*self._row_choices(wanted), *self._date_choices(typed.strip())]
        return [*first, *(choice for _, choice in ranked)][:MOST_RESULTS]

    def _entry_choice(self, entry_id: str) -> Choice:
        return Choice(
            self._open_case.title(entry_id),
            kind_name(self._open_case, entry_id),
            f"entry:{entry_id}",
        )

    def _date_choices(self, typed: str) -> Iterator[Choice]:
        for entry_id in entries_dated(self._open_case, typed):
            entry = self._open_case.entry(entry_id)
            words = entry.date.brief() if entry and entry.date else ""
            yield Choice(self._open_case.title(entry_id), words, f"entry:{entry_id}")

    def _row_choices(self, wanted: str) -> Iterator[Choice]:
        entries = [row.entry for row in self._pane.selectable_rows]
        if wanted.isdecimal() and len(wanted) < 9 and 0 < int(wanted) <= len(entries):
            entry_id = entries[int(wanted) - 1]
            title = f"{wanted}  {self._open_case.title(entry_id)}"
            yield Choice(title, f"in {self._pane.title}", f"entry:{entry_id}")


def open_palette(
    screen: Screen[Any],
    session: Session,
    go_to: Callable[[Destination], object],
    open_pane: Callable[[str], object],
) -> None:
    """Open the palette, and go where the reader chooses or run what the reader chooses."""
    commands = [*commands_of(screen), *themes_of(screen)]
    destinations = Destinations(session.open_case, session.panes, session.pane, commands)

    async def chosen(value: str) -> None:
        sort, _, name = value.partition(":")
        if sort == "entry":
            go_to(Destination(name))
        elif sort == "pane":
            open_pane(name)
        else:
            command = destinations.commands[int(name)]
            await screen.app.run_action(command.action, command.node)

    hint = "an id, a name, a date, a row’s number, or what to do"
    choose(screen.app, "Go", destinations, chosen, placeholder=hint)
