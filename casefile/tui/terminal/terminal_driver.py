"""The hold on the terminal: given back whatever happens, and let go of when it has gone.

Textual's own driver hears of no hangup, waits for a terminal that takes nothing, begins twice when
the process is stopped and continued, and fails on bytes that are no text.
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
from queue import SimpleQueue
from threading import Thread
from types import FrameType
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from casefile.text.inert import printable
from casefile.tui.terminal.crash_safe_app import CrashSafeApp
from casefile.tui.terminal.key_queue import Queued, Typed
from casefile.tui.terminal.terminal_input import TerminalInput, seconds_for_escape

_ENDING = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGALRM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGXCPU,
)
_FROM_THE_KEYBOARD = (signal.SIGINT, signal.SIGQUIT)
_GIVING_BACK_SECONDS = 1.0
"""How long a terminal may take to accept its modes back; promise 2 allows two seconds in all."""
_GUEST_SECONDS = 1.0
"""How long another program may take to end, once it was told to."""
_HEARING_SECONDS = 0.5
"""How long what was typed before a signal may take to be heard."""
_GLANCE_SECONDS = 0.02
_PIECE = 4096
_OWN_SCREEN = "\x1b[?1049h"
_KITTY_KEYS_OFF = "\x1b[<u"
"""Takes back one switching on, as each of them counts, on each screen by itself."""
_QUERY_ENDS = "$p"


class TerminalDriver(LinuxDriver):
    """A terminal on which an application is drawn, as long as there is one."""

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
        self._drawn_on = sys.__stderr__
        self._held = app
        self._is_on = False
        self._is_gone = False
        self._modes: list[Any] = []
        self._mode_switches: list[str] = []
        self._is_switching = False
        self._outgoing: SimpleQueue[str | None] = SimpleQueue()
        self._writer: Thread | None = None
        self._listen_anew()
        self._told_to_end, self._tells_to_end = os.pipe()
        self._loop.set_exception_handler(self._failed_unseen)
        for number in _ENDING:
            # Started under nohup it outlives a hangup, as long as it has its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)
        Thread(target=self._watch, name="casefile-watch", daemon=True).start()

    # Drawing

    def start_application_mode(self) -> None:
        """Take the terminal, once it is ours to take."""
        self._wait_for_foreground()
        self._is_on = True
        self._outgoing = SimpleQueue()
        self._writer = Thread(
            target=self._write_out, args=(self._outgoing,), name="casefile-output", daemon=True
        )
        self._writer.start()
        self._mode_switches, self._is_switching = [], True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_switching = False
        with suppress(termios.error):
            self._modes = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was before."""
        super().stop_application_mode()
        self._is_on = False

    def write(self, data: str) -> None:
        """Draw, as soon as the terminal takes it.

        Textual waits where thirty pieces are under way, and what is typed meanwhile would be no
        draft on disk. Signals may arrive in between: only this queue can be put into by both.
        """
        self._outgoing.put(data)
        if self._is_switching:
            self._mode_switches.append(data)

    def close(self) -> None:
        """Wait until all is drawn."""
        self._outgoing.put(None)
        if self._writer is not None:
            self._writer.join()
        super().close()

    def _write_out(self, outgoing: SimpleQueue[str | None]) -> None:
        encoding, errors = self._drawn_on.encoding, self._drawn_on.errors or "strict"
        try:
            while (data := outgoing.get()) is not None:
                _write_whole(self._drawn_on.fileno(), data.encode(encoding, errors))
        except OSError:
            self._terminal_went()

    # Listening

    def send_message(self, message: Message) -> None:
        """Hand something to the application.

        Keys, clicks and pastes go straight into its queue, where a signal finds them.
        """
        if isinstance(message, Queued):
            self._held.queue(message)
        else:
            super().send_message(message)

    def disable_input(self) -> None:
        """Listen no more."""
        if self.exit_event.is_set():
            return
        # Textual looks ten times a second whether it is to end, and so lets no laptop rest.
        os.write(self._tells_to_end, b"\0")
        super().disable_input()
        os.read(self._told_to_end, 1)
        self._listen_anew()

    def _listen_anew(self) -> None:
        self._input = TerminalInput(seconds_for_escape())
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def run_input_thread(self) -> None:
        """Take keys, until the terminal is given back or gone; bytes that are no text are shown."""
        try:
            while not self.exit_event.is_set():
                self._hear(self._input.seconds_left)
        except OSError:
            self._terminal_went()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._held.fail, error)

    def _hear(self, within: float | None) -> bool:
        """Take what is typed within some seconds; say whether it was anything."""
        data = self._typed(within)
        self._pass_on(*self._input.feed(self._decode(data)), *self._input.tick())
        return bool(data)

    def _pass_on(self, *came: Message) -> None:
        for message in came:
            self.process_message(message)
        if came:
            self.send_message(Typed())

    def _hear_out(self) -> None:
        """Take what has been typed by now, to the last key."""
        if not self._is_on or not self._is_in_foreground() or self._key_thread is None:
            return
        end = time.monotonic() + _HEARING_SECONDS
        self.exit_event.set()
        os.write(self._tells_to_end, b"\0")
        if self._key_thread.is_alive():
            self._key_thread.join(_HEARING_SECONDS)
        os.read(self._told_to_end, 1)
        self.exit_event.clear()
        try:
            while self._hear(_GLANCE_SECONDS) and time.monotonic() < end:
                pass
        finally:
            self._pass_on(*self._input.finish())

    def _typed(self, within: float | None) -> bytes:
        """Give what is typed within some seconds, or nothing; raises OSError at the end."""
        ready, _, _ = select.select([self.fileno, self._told_to_end], [], [], within)
        if self.fileno not in ready:
            return b""
        try:
            data = os.read(self.fileno, _PIECE)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    # Suspending and continuing

    def suspend(self) -> None:
        """Leave the terminal to the shell, until the reader comes back with `fg`."""
        self._held.secure()
        with self._app.suspend():
            self._stop(everything=True)

    def _sigtstp_application(self, *_: object) -> None:
        if self._is_on:
            self._loop.call_soon_threadsafe(self.suspend)
        else:
            # Another program has the terminal, and is stopped with us.
            self._stop()

    def _sigcont_application(self, *_: object) -> None:
        if self._is_on:
            self._loop.call_soon_threadsafe(self._begin_again)

    def _begin_again(self) -> None:
        """Switch the modes on again after a stop of which nothing was said before (SIGSTOP).

        Not by giving the terminal back and taking it anew: keys that came in between would be
        thrown away, or read and changed as a line is.
        """
        if not self._is_on:
            return
        self._wait_for_foreground()
        with suppress(termios.error):
            # If it has gone, whoever watches will tell.
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._modes)
        # What the terminal can do was asked before; an answer now may come into a paste.
        switches = (one for one in self._mode_switches if not one.endswith(_QUERY_ENDS))
        self.write("".join((_OWN_SCREEN, _KITTY_KEYS_OFF, *switches)))
        if self._in_band_window_resize:
            self._enable_in_band_window_resize()
        # A shell that had the terminal was told of its size instead.
        signal.raise_signal(signal.SIGWINCH)
        self._app.refresh(layout=True)

    def _wait_for_foreground(self) -> None:
        """Stop as long as a shell has the terminal, as after `bg`, until `fg` gives it back."""
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        while not self._is_in_foreground():
            # Here the kernel looks and stops us in one; in between, `fg` would wake up nobody.
            try:
                termios.tcflow(self.fileno, termios.TCOON)
            except termios.error as error:
                if error.args[0] == errno.EINTR:
                    # Stopped and continued, by `fg` or by another `bg`: look again.
                    continue
            if not self._is_in_foreground():
                os.kill(os.getpid(), signal.SIGSTOP)

    def _stop(self, *, everything: bool = False) -> None:
        """Stop as if nobody handled the signal; `everything` with whatever shell script ran us."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0 if everything else os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)

    # Ending

    def _watch(self) -> None:
        """Wait for the terminal to go: of that, a process that ignores SIGHUP is told nothing."""
        polled = select.poll()
        polled.register(self.fileno, 0)
        if any(what & (select.POLLHUP | select.POLLERR) for _, what in polled.poll()):
            self._terminal_went()

    def _terminal_went(self) -> None:
        self._is_gone = True
        # Only a signal reaches a main thread that is waiting for something else.
        os.kill(os.getpid(), signal.SIGTERM)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        """End at once on a signal, with what is being typed on disk.

        Not by way of the loop, which may be held up by a terminal that takes nothing.
        """
        if self._held.is_lent and number in _FROM_THE_KEYBOARD:
            # Meant for the program that has the terminal.
            return
        if self._held.is_lent and self._held.guest is None:
            # It is being started, and could not be told to end.
            self._held.put_off = number
            return
        for each in _ENDING:
            signal.signal(each, signal.SIG_IGN)
        try:
            self._held.secure()
            with suppress(Exception):
                self._hear_out()
            said = self._held.secure()
            if self._held.guest is not None:
                self._end_guest(self._held.guest.pid, number)
            if not self._is_gone:
                self.give_back(said)
        finally:
            os._exit(128 + (signal.SIGHUP if self._is_gone else number))

    def give_back(self, last_words: str) -> None:
        """Leave the terminal as it was before, if we have it, without waiting for it long."""
        if not self._is_on or not self._is_in_foreground():
            return
        # What was still to be drawn is drawn no more.
        for _ in range(self._outgoing.qsize()):
            self._outgoing.get()
        with suppress(Exception):
            self.stop_application_mode()
        if last_words:
            self.write(f"{printable(last_words, self._drawn_on.encoding)}\n")
        self._outgoing.put(None)
        if self._writer is not None:
            self._writer.join(_GIVING_BACK_SECONDS)

    def _end_guest(self, pid: int, number: int) -> None:
        """End the program that has the terminal: two would ask for the reader's keys after us."""
        end = time.monotonic() + _GUEST_SECONDS
        with suppress(OSError):
            os.kill(pid, signal.SIGHUP if self._is_gone else number)
            # Not by its own `wait`, in the midst of which the signal has come.
            while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < end:
                time.sleep(_GLANCE_SECONDS)

    def _failed_unseen(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._held.fail(error)

    def _is_in_foreground(self) -> bool:
        """Say whether the terminal is ours to draw on, and not lent to another job of a shell."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            # It is not the terminal of this session, and so under no shell's control.
            return True


def _write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it; other programs of a terminal may have set it not to wait."""
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            select.select([], [descriptor], [])
