"""A Textual driver that always restores the terminal, and ends when the terminal is gone.

Textual's own driver ignores hangups, blocks when the terminal accepts no output, starts a second
input thread after SIGSTOP and SIGCONT, and fails on bytes that are not UTF-8.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import signal
import sys
import termios
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from threading import get_ident
from types import FrameType
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from casefile.notes.processes import descendants
from casefile.signals import TERMINATING_SIGNALS, deferred_signals, start_thread
from casefile.text.inert import printable
from casefile.tui.terminal.crash_safe_app import CrashSafeApp
from casefile.tui.terminal.key_queue import EventQueued, QueuedEvent
from casefile.tui.terminal.terminal_input import TerminalInput, seconds_for_escape
from casefile.tui.terminal.terminal_modes import ALTERNATE_SCREEN_OFF, PLAIN_MODES
from casefile.tui.terminal.terminal_output import TerminalOutput

_KEYBOARD_SIGNALS = (signal.SIGINT, signal.SIGQUIT)
_RESTORE_SECONDS = 1.0
"""How long restoring the terminal may take; promise 2 allows two seconds in all."""
_PROGRAM_SECONDS = 1.0
"""How long another program may take to end after a signal."""
_DRAIN_SECONDS = 0.5
"""How long reading what was typed before a signal may take."""
_POLL_SECONDS = 0.02
_READ_BYTES = 4096
_ALTERNATE_SCREEN = "\x1b[?1049h"
_KITTY_KEYS_OFF = "\x1b[<u"
"""Undoes one switching on; the terminal counts them, for each of its screens separately."""
_MODE_QUERY_END = "$p"
_FOCUS_REPORTS_ON = "\x1b[?1004h"


class TerminalDriver(LinuxDriver):
    """The terminal on which a crash-safe application is drawn."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert isinstance(app, CrashSafeApp)  # noqa: S101 -- no other application asks for this driver
        assert sys.__stderr__ is not None  # noqa: S101 -- nothing is drawn where it is closed
        self._stream = sys.__stderr__
        self._crash_safe_app = app
        self._event_loop = asyncio.get_running_loop()
        self._main_thread = get_ident()
        self._is_active = False
        """Whether the terminal is in application mode."""
        self._is_lent = False
        """Whether another program, or a shell, has the terminal until application mode resumes."""
        self._is_hung_up = False
        self._termios_modes: list[Any] = []
        self._mode_sequences: list[str] = []
        """What was written to enter application mode."""
        self._is_entering = False
        self._output: TerminalOutput | None = None
        self._reset_input()
        self._wake_reader, self._wake_writer = os.pipe()
        self._event_loop.set_exception_handler(self._handle_loop_exception)
        signal.signal(signal.SIGTSTP, self._handle_sigtstp)
        signal.signal(signal.SIGCONT, self._handle_sigcont)
        for number in TERMINATING_SIGNALS:
            # Under nohup the program outlives a SIGHUP, as long as it has its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._handle_terminating_signal)
        # The program that starts this one may have blocked some.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        start_thread(self._watch_for_hangup, name="casefile-watch")

    # Output

    def start_application_mode(self) -> None:
        """Take the terminal, as soon as the process is in the foreground."""
        self._wait_for_foreground()
        with deferred_signals():
            self._output = TerminalOutput(self._stream, self._handle_hangup)
            self._is_active = True
            if self._is_lent:
                self._take_back(PLAIN_MODES)
            self._mode_sequences, self._is_entering = [], True
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self._is_entering = False
            with suppress(termios.error):
                self._termios_modes = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Restore the terminal to its state before."""
        with deferred_signals():
            super().stop_application_mode()
            self._is_active = False

    def suspend_application_mode(self) -> None:
        """Give the terminal to another program."""
        super().suspend_application_mode()
        self._is_lent = True

    def _take_back(self, switches: str) -> None:
        """Undo what the program that had the terminal has left; what a shell has set stays."""
        self._is_lent = False
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self.write(switches)

    def write(self, data: str) -> None:
        """Queue output for the terminal, and never block."""
        if data == _FOCUS_REPORTS_ON:
            # With the window's focus, Textual would take that of the line that is typed in.
            return
        if self._output is not None:
            self._output.put(data)
        if self._is_entering:
            self._mode_sequences.append(data)

    def close(self) -> None:
        """Wait until everything is written."""
        if self._output is not None:
            self._output.finish()
        super().close()

    # Input

    def send_message(self, message: Message) -> None:
        """Pass a message to the application.

        Keys, clicks and pastes go straight into its key queue, where a signal handler finds them.
        """
        if isinstance(message, QueuedEvent):
            self._crash_safe_app.key_queue.put(message)
        else:
            super().send_message(message)

    def disable_input(self) -> None:
        """Stop reading input."""
        if self.exit_event.is_set():
            return
        # Textual's thread wakes up ten times a second to look at the event; ours needs a byte.
        os.write(self._wake_writer, b"\0")
        super().disable_input()
        os.read(self._wake_reader, 1)
        self._reset_input()

    def _reset_input(self) -> None:
        self._input = TerminalInput(seconds_for_escape())
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def run_input_thread(self) -> None:
        """Read keys until input is disabled or the terminal is gone."""
        try:
            while not self.exit_event.is_set():
                self._read_input(self._input.seconds_left)
        except OSError:
            self._handle_hangup()
        except Exception as error:
            self._event_loop.call_soon_threadsafe(self._crash_safe_app.fail, error)

    def _read_input(self, timeout: float | None) -> bool:
        """Wait for input for at most `timeout` seconds; return whether there was any."""
        data = self._read_bytes(timeout)
        self._send(*self._input.feed(self._decode(data)), *self._input.tick())
        return bool(data)

    def _send(self, *messages: Message) -> None:
        for message in messages:
            self.process_message(message)
        if messages:
            self.send_message(EventQueued())

    def _drain_input(self) -> None:
        """Read everything that has been typed so far, in place of the input thread."""
        if not self._is_active or not self._is_in_foreground() or self._key_thread is None:
            return
        end = time.monotonic() + _DRAIN_SECONDS
        self.exit_event.set()
        os.write(self._wake_writer, b"\0")
        if self._key_thread.is_alive():
            self._key_thread.join(_DRAIN_SECONDS)
        os.read(self._wake_reader, 1)
        self.exit_event.clear()
        try:
            while self._read_input(_POLL_SECONDS) and time.monotonic() < end:
                pass
        finally:
            self._send(*self._input.finish())

    def _read_bytes(self, timeout: float | None) -> bytes:
        """Return what is typed within `timeout` seconds, perhaps nothing.

        Raises OSError if the terminal is at its end.
        """
        ready, _, _ = select.select([self.fileno, self._wake_reader], [], [], timeout)
        if self.fileno not in ready:
            return b""
        try:
            data = os.read(self.fileno, _READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    # Suspending and continuing

    def suspend(self) -> None:
        """Give the terminal to the shell until `fg`, with a draft saved."""
        self._crash_safe_app.try_save_draft()
        with self._crash_safe_app.suspend():
            # What the shell sets meanwhile is what it gets back.
            self.attrs_before = None
            self._stop_process(group=True)

    def _handle_sigtstp(self, *_: object) -> None:
        if self._is_active:
            self._event_loop.call_soon_threadsafe(self.suspend)
        else:
            # Another program has the terminal, and is stopped along with this one.
            self._stop_process()

    def _handle_sigcont(self, *_: object) -> None:
        if self._is_active:
            self._event_loop.call_soon_threadsafe(self._reenter)

    def _reenter(self) -> None:
        """Enter application mode again after a stop without notice (SIGSTOP).

        The mode is not left before: keys that arrive in between would be thrown away, or be edited
        by the line discipline.
        """
        if not self._is_active:
            return
        self._wait_for_foreground()
        with suppress(termios.error):
            # If the terminal is gone, the watching thread will notice.
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._termios_modes)
        # Modes are not queried again: the answer might arrive in the middle of a paste.
        self.write("".join((_ALTERNATE_SCREEN, _KITTY_KEYS_OFF, *self._switches)))
        # A shell that had the terminal meanwhile got the signal for a change of its size.
        signal.raise_signal(signal.SIGWINCH)
        self._crash_safe_app.refresh(layout=True)

    @property
    def _switches(self) -> list[str]:
        """What was written to enter application mode, without the queries of modes."""
        return [one for one in self._mode_sequences if not one.endswith(_MODE_QUERY_END)]

    def _wait_for_foreground(self) -> None:
        """Stop as long as a shell has the terminal, as after `bg`, until `fg` gives it back."""
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        while not self._is_in_foreground():
            # The kernel checks and stops us in one step, so that no `fg` can come in between.
            try:
                termios.tcflow(self.fileno, termios.TCOON)
            except termios.error as error:
                if error.args[0] == errno.EINTR:
                    # Stopped and continued, by `fg` or by another `bg`: check again.
                    continue
            if not self._is_in_foreground():
                os.kill(os.getpid(), signal.SIGSTOP)

    def _stop_process(self, *, group: bool = False) -> None:
        """Stop as SIGTSTP does by default; with `group`, also the script that started us."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0 if group else os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._handle_sigtstp)

    # Ending

    def _watch_for_hangup(self) -> None:
        """Wait for the terminal to go; a process that ignores SIGHUP gets no other notice."""
        poll = select.poll()
        poll.register(self.fileno, 0)
        if any(events & (select.POLLHUP | select.POLLERR) for _, events in poll.poll()):
            self._handle_hangup()

    def _handle_hangup(self) -> None:
        self._is_hung_up = True
        # Only a signal interrupts a main thread that is blocked.
        signal.pthread_kill(self._main_thread, signal.SIGTERM)

    def _handle_terminating_signal(self, number: int, _frame: FrameType | None) -> None:
        """Save the text being typed, restore the terminal and end at once.

        The event loop has no part in it, since a terminal that accepts no output may block it.
        """
        app = self._crash_safe_app
        if app.is_program_running and number in _KEYBOARD_SIGNALS:
            # Meant for the program that has the terminal.
            return
        if app.is_program_running and app.program is None:
            # The program is being started, and could not be ended yet.
            app.pending_signal = number
            return
        for each in TERMINATING_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        try:
            app.try_save_draft()
            with suppress(Exception):
                self._drain_input()
            message = app.try_save_draft()
            if app.program is not None:
                self._end_program(app.program.pid, number)
            if not self._is_hung_up:
                self._restore_terminal(message)
        finally:
            os._exit(128 + (signal.SIGHUP if self._is_hung_up else number))

    def _restore_terminal(self, message: str) -> None:
        """Leave application mode and print a message, without waiting long for the terminal."""
        if self._output is None or not self._is_in_foreground():
            return
        if self._is_lent:
            self._output = TerminalOutput(self._stream, self._handle_hangup)
            self._take_back(f"{PLAIN_MODES}{ALTERNATE_SCREEN_OFF}")
        elif self._is_active:
            # What leaving undoes has to be done before. A query would be answered to the shell.
            self._output.drop(keep=self._switches)
            with suppress(Exception):
                self.stop_application_mode()
        # Otherwise what restores it is queued already, if the terminal was taken at all.
        if message:
            self.write(f"{printable(message, self._stream.encoding)}\n")
        self._output.finish(_RESTORE_SECONDS)

    def _end_program(self, pid: int, number: int) -> None:
        """End the program that has the terminal, or it would take keys meant for the shell.

        It may be a script, which has started the editor and ends without it.
        """
        end = time.monotonic() + _PROGRAM_SECONDS
        started = descendants(pid)
        for each in (pid, *(one.pid for one in started)):
            with suppress(OSError):
                os.kill(each, signal.SIGHUP if self._is_hung_up else number)
                # What was stopped, as by Ctrl+Z, takes it only when it goes on.
                os.kill(each, signal.SIGCONT)
        with suppress(OSError):
            # Not `Popen.wait`, which this signal handler may have interrupted.
            while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < end:
                time.sleep(_POLL_SECONDS)
        while any(one.is_alive for one in started) and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)

    def _handle_loop_exception(
        self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._crash_safe_app.fail(error)

    def _is_in_foreground(self) -> bool:
        """Whether this process may draw on the terminal; a shell may have given it to another."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            # Not the terminal of this session, and so not controlled by its shell.
            return True
