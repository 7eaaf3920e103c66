"""The main screen: a case read by keyboard, and what the reader adds to it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from casefile.tui.verifying_screen import VerifyingScreen

_NEAR_KEYS = {
    "d": "D deletes the selected note.",
    "U": "u undoes the last thing done to a note.",
    "T": "t sets tags.",
    "c": "v, then c, says that you have checked this.",
    "w": "v, then w, says that this is wrong.",
    "!": "v, then !, says that this needs attention.",
    "Q": "q quits.",
}


class CaseScreen(VerifyingScreen):
    """Reading, noting and verifying, with what concerns the program as a whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon,ctrl+p", "go", "go", id="app.go",
                tooltip="Go to an entry by id or name, or do anything by its name"),
        Binding("L", "library", "library", id="app.library", show=False,
                tooltip="Go to another case"),
        Binding("question_mark,f1", "help", "help", id="app.help",
                tooltip="Show the keys that work here"),
        Binding("q", "close", "quit", id="app.quit",
                tooltip="Close what lies over the list, else quit"),
    ]  # fmt: skip

    class LibraryWanted(Message):
        """The reader wants to go to another case."""

    def action_help(self) -> None:
        """Show the keys that work here."""
        from casefile.tui.help_screen import HelpScreen, help_groups

        self.app.push_screen(HelpScreen(help_groups(self)))

    def action_go(self) -> None:
        """Go somewhere or do something by its name."""
        from casefile.tui.chooser import Choice, Chooser
        from casefile.tui.palette import Going, commands_of, themes_of

        commands = [*commands_of(self), *themes_of(self)]
        going = Going(self.open_case, self.panes, self.entry_list.pane, commands)

        async def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            sort, _, name = choice.gives.partition(":")
            if sort == "entry":
                self.go_to(name)
            elif sort == "pane":
                self.go_to_pane(int(name))
            else:
                command = going.commands[int(name)]
                await self.app.run_action(command.action, command.node)

        hint = "an id, a name, a date, a row’s number, or what to do"
        self.app.push_screen(Chooser("Go", going, placeholder=hint), chosen)

    def action_library(self) -> None:
        """Go to the library, and from there to another case, with what is typed here on disk."""
        if self.before_leaving_screen():
            self.post_message(self.LibraryWanted())

    def action_close(self) -> None:
        """Leave the pass, close the source or the page that lies over the list; else quit."""
        if self.is_verifying:
            self.leave_pass()
        elif self.is_source_open:
            self.put_source_away()
        elif self.is_page_over_list:
            self.focus_list()
        else:
            self.leave()

    @property
    def is_page_over_list(self) -> bool:
        """Whether the page stands alone, as there is no room for both."""
        return self.is_narrow and self.is_reading

    def words_for(self, binding: Binding) -> str:
        """Tell whether q closes something or quits."""
        if binding.id == "app.quit" and self.is_verifying:
            return "leave"
        if binding.id == "app.quit" and (self.is_source_open or self.is_page_over_list):
            return "close"
        return super().words_for(binding)

    def on_key(self, event: events.Key) -> None:
        """Say what a key that does nothing here is near to."""
        near = _NEAR_KEYS.get(event.character or "")
        if near and event.key not in self.active_bindings and not self.is_verifying:
            self.say(near)
