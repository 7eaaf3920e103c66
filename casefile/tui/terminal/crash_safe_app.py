"""An application that loses nothing of what is typed: to no fault of ours, to no other program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from typing import ClassVar

from rich.console import RenderableType
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from casefile.tui.terminal.key_queue import KeyQueueApp


class CrashSafeApp(KeyQueueApp):
    """An application that loses nothing of what is typed, however it ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "shell", id="app.suspend", show=False,
                tooltip="Go back to the shell; its command fg comes back here"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.is_lent = False
        """Whether the terminal is left to another program for the moment."""
        self.guest: subprocess.Popen[bytes] | None = None
        """That program, once it runs."""
        self.put_off = 0
        """The signal that came while it was being started."""
        self.fault: Exception | None = None
        """What of ours has failed, if the application has ended on it."""
        self.last_words = ""
        """What came of the text that was being typed then."""

    def put_on_disk(self, waiting: str) -> str:
        """Put what is being typed on disk, with what waits to be; say what has come of it."""
        raise NotImplementedError

    def secure(self) -> str:
        """Put what is being typed on disk, whatever fails; say what has come of it."""
        try:
            return self.put_on_disk(self.text_waiting)
        except Exception as error:
            return f"What was being typed could not be put on disk: {type(error).__name__}"

    def run_program(self, command: Sequence[str | os.PathLike[str]]) -> int:
        """Leave the terminal to another program until it ends; give its exit code.

        Raises OSError where it can't be run, and SuspendNotSupported without a terminal.
        """
        with self.suspend():
            # Out of this block the terminal comes back, but not by way of an exception.
            ended = self._ended(command)
        if isinstance(ended, OSError):
            raise ended
        return ended

    def _ended(self, command: Sequence[str | os.PathLike[str]]) -> int | OSError:
        self.is_lent = True
        try:
            # The reader's own choice of program, run on the reader's own file.
            self.guest = subprocess.Popen(command)  # noqa: S603
            self._heed_signal()
            return self.guest.wait()
        except OSError as error:
            return error
        finally:
            self.is_lent, self.guest = False, None
            self._heed_signal()

    def _heed_signal(self) -> None:
        if self.put_off:
            os.kill(os.getpid(), self.put_off)

    def fail(self, error: BaseException) -> None:
        """End on a fault of ours, with what is being typed on disk."""
        if self.fault is None:
            self.fault = error if isinstance(error, Exception) else RuntimeError()
            self.last_words = self.secure()
        super()._handle_exception(self.fault)

    def _handle_exception(self, error: Exception) -> None:
        self.fail(error.error if isinstance(error, WorkerFailed) else error)

    def _fatal_error(self) -> None:
        # Textual's own report has the values of variables, and so what is being typed.
        self._close_messages_no_wait()

    def panic(self, *_renderables: RenderableType) -> None:
        """End; what has failed is told once the terminal is given back."""
        if self.fault is None:
            self.fail(RuntimeError())
        else:
            self._close_messages_no_wait()
