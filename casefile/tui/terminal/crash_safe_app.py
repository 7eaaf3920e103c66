"""An application that saves what is being typed before it ends, however it ends."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import App, ScreenStackError
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from casefile.tui.terminal.key_queue import (
    EventHandled,
    EventQueued,
    KeyQueue,
    KeysJoined,
    MovesByKeys,
    QueuedEvent,
    TakesText,
)

SUSPEND = Binding("ctrl+z", "app.suspend_process", "shell", id="app.suspend", show=False,
                  tooltip="Go back to the shell; its command fg comes back here")  # fmt: skip
"""Also for each modal screen, on which the keys of the application do not work."""


class CrashSafeApp(App[None]):
    """An application that handles keys in order and saves a draft when it fails or is killed."""

    BINDINGS: ClassVar[list[BindingType]] = [SUSPEND]

    def __init__(self) -> None:
        super().__init__()
        self.key_queue = KeyQueue(self)
        self.is_program_running = False
        """Whether another program, such as an editor, has the terminal or is being started."""
        self.program: subprocess.Popen[bytes] | None = None
        """That program, once it has been started."""
        self.pending_signal = 0
        """The signal that came while the program was being started."""
        self.fault: Exception | None = None
        """The exception that ended the application."""
        self.draft_message = ""
        """Whether the text that was being typed then could be saved, as a sentence."""

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Queue keys, clicks and pastes, and handle all other events at once."""
        if isinstance(event, QueuedEvent) and not event.is_forwarded:
            self.key_queue.put(event)
        elif not isinstance(event, EventQueued):
            await super().on_event(event)
            return
        await self.key_queue.deliver_next()

    async def on_event_handled(self, event: EventHandled) -> None:
        """Go on with the next key."""
        await self.key_queue.event_handled(event)

    async def deliver(self, event: QueuedEvent | KeysJoined) -> None:
        """Handle an event whose turn has come."""
        if not isinstance(event, KeysJoined):
            await super().on_event(event)
        elif isinstance(event.mover, MovesByKeys):
            with event.mover.moving():
                for step in event.steps:
                    if isinstance(step, str):
                        await self.run_action(step, event.mover)
                    elif isinstance(event.mover, TakesText):
                        event.mover.type_text(step.text)

    # Drafts

    def save_draft_with(self, waiting: str) -> str:
        """Save the text being typed, followed by `waiting`; return a sentence on the outcome.

        The sentence is empty where nothing is being typed.
        """
        raise NotImplementedError

    def try_save_draft(self) -> str:
        """Save the text being typed, never raise, and return a sentence on the outcome."""
        try:
            waiting = self.key_queue.text_waiting
        except Exception:
            # What stands in the editor is saved all the same.
            waiting = ""
        try:
            return self.save_draft_with(waiting)
        except ScreenStackError:
            # There is no screen yet to type on.
            return ""
        except Exception as error:
            return f"What was being typed could not be saved: {type(error).__name__}"

    # Other programs

    def run_program(self, command: Sequence[str | os.PathLike[str]], folder: Path) -> int:
        """Give the terminal to another program, in a folder, until it ends; return its exit code.

        Raises OSError if it can't be run, and SuspendNotSupported without a terminal.
        """
        with self.suspend():
            self.key_queue.drop()
            # `suspend` does not take the terminal back if an exception leaves this block.
            ended = self._run(command, folder)
        if isinstance(ended, OSError):
            raise ended
        return ended

    def _run(self, command: Sequence[str | os.PathLike[str]], folder: Path) -> int | OSError:
        self.is_program_running = True
        try:
            # The reader's own choice of program, run on the reader's own file.
            self.program = subprocess.Popen(command, cwd=folder)  # noqa: S603
            self._raise_pending_signal()
            return self.program.wait()
        except OSError as error:
            return error
        finally:
            self.is_program_running, self.program = False, None
            self._raise_pending_signal()

    def _raise_pending_signal(self) -> None:
        if self.pending_signal:
            os.kill(os.getpid(), self.pending_signal)

    # Faults

    def fail(self, error: BaseException) -> None:
        """Save the text being typed, and end because of an exception."""
        if self.fault is None:
            self.fault = error if isinstance(error, Exception) else RuntimeError()
            self.draft_message = self.try_save_draft()
        super()._handle_exception(self.fault)

    def _handle_exception(self, error: Exception) -> None:
        self.fail(error.error if isinstance(error, WorkerFailed) else error)

    def _fatal_error(self) -> None:
        # Textual's own report prints the values of variables, and so the text being typed.
        self._close_messages_no_wait()

    def panic(self, *_renderables: RenderableType) -> None:
        """End; the fault is reported once the terminal has been restored."""
        if self.fault is None:
            self.fail(RuntimeError())
        else:
            self._close_messages_no_wait()
