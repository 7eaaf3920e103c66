"""What the desks may ask of the screen that they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from textual.app import App
from textual.widget import Widget

from casefile.notes.undoing import Undone
from casefile.tui.job import Jobs
from casefile.tui.reading_area import ReadingArea
from casefile.views.open_case import OpenCase
from casefile.views.session import Session

if TYPE_CHECKING:
    from casefile.case.sources.text_files import TextUnavailable
    from casefile.views.page import Destination
    from casefile.views.source_lines import Pin


class Stage(Protocol):
    """A screen on which a case is read."""

    session: Session
    area: ReadingArea
    jobs: Jobs

    @property
    def app(self) -> App[Any]:
        """The application."""

    @property
    def entry_id(self) -> str | None:
        """The id of the entry that is being read; None where there is none."""

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in place of the keys, until the next key."""

    def show_where(self) -> None:
        """Show which pane or source is open, and where in it the reader is."""

    def show_found(self) -> None:
        """Show what belongs to the line to which finding has led."""

    def go_to(self, destination: Destination, *, in_page: bool | None = None) -> None:
        """Leave this place for an entry; the focus goes to its page if it was on one."""

    def take_again(self, open_case: OpenCase) -> None:
        """Show the case as it was read again."""

    def notes_taken_in(self) -> None:
        """Go on after what others have changed in the notes was read."""

    def show_entry(self, entry_id: str) -> None:
        """Select an entry, and say so if a filter had to be cleared for it."""

    def has_entry(self, entry_id: str) -> bool:
        """Return whether the case still has an entry, and say so if it has not."""

    def focus_stop(self, stop: str) -> None:
        """Put the focus on the list, the source, the page, its notes or the editor."""

    def show_without_text(self, pin: Pin, missing: TextUnavailable, *, takes_focus: bool) -> None:
        """Show what is known of a cite of which the source's text is not at hand."""

    def writing_ended(self, note: str | None) -> None:
        """Go on after the editor was closed on a note, or on one that was not saved."""

    def undone(self, undone: Undone) -> None:
        """Show what was undone."""

    async def lay_over_keys(self, line: Widget) -> None:
        """Put a line to type in, or to choose by a key, in place of the keys."""

    async def take_from_keys(self, line: Widget) -> bool:
        """Remove such a line, and return whether the focus was on it or nowhere."""
