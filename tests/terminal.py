"""A program in a pseudo-terminal: send it keys, and look at its screen and its raw output."""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

PATIENCE = 20.0
"""Seconds after which waiting fails."""

_KEYS = {
    "Enter": b"\r",
    "Esc": b"\x1b",
    "Tab": b"\t",
    "Backspace": b"\x7f",
    "Up": b"\x1b[A",
    "Down": b"\x1b[B",
    "Right": b"\x1b[C",
    "Left": b"\x1b[D",
    "Home": b"\x1b[H",
    "End": b"\x1b[F",
    "PgUp": b"\x1b[5~",
    "PgDn": b"\x1b[6~",
}
# Makes standard input the controlling terminal, as a login does, then runs the command. Signals are
# reset because tests that run in the background may have inherited them ignored.
_ON_THIS_TERMINAL = (
    "import fcntl, os, signal, sys, termios;"
    "signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "signal.signal(signal.SIGHUP, signal.SIG_DFL);"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "ignored = int(sys.argv.pop(1));"
    "ignored and signal.signal(ignored, signal.SIG_IGN);"
    "signal.pthread_sigmask(signal.SIG_BLOCK, map(int, sys.argv.pop(1).split()));"
    "os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"
)
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
# Ends and flags of the kitty protocol; pyte would draw their last characters.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=]\d*u")


class Terminal:
    """A program, its terminal, and the text on its screen.

    `ignored` is a signal that the program is started to ignore, as by `nohup`, and `blocked` are
    those that it is started with blocked.

    The terminal is a plain one: it answers each query of a mode (DECRQM) with “unknown”, and sends
    keys as an old xterm does.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        umask: int = -1,
        ignored: int = 0,
        blocked: Sequence[int] = (),
    ) -> None:
        self.raw = b""
        self._recorded: list[tuple[float, bytes]] = []
        self._begun = time.monotonic()
        self._size = size
        self._unanswered = 0
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._master, self._slave = pty.openpty()
        self._open = [self._master, self._slave]
        self._set_size(*size)
        self.modes_before = self.modes
        mask = " ".join(f"{number:d}" for number in blocked)
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _ON_THIS_TERMINAL, f"{ignored:d}", mask, *command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=dict(env),
            umask=umask,
            start_new_session=True,
        )

    def __enter__(self) -> Terminal:
        """Return the terminal; its program is killed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill the program and its children, and close the descriptors."""
        self.send_signal(signal.SIGKILL)
        self._process.wait()
        self.hang_up()

    @property
    def text(self) -> str:
        """The lines of the screen, without trailing spaces."""
        return "\n".join(self._row(y).rstrip() for y in range(self._screen.lines))

    @property
    def modes(self) -> list[Any]:
        """The attributes of the terminal, as `termios.tcgetattr` returns them."""
        return termios.tcgetattr(self._slave)

    def set_modes(self, modes: list[Any]) -> None:
        """Change the attributes of the terminal, as another program on it might."""
        termios.tcsetattr(self._slave, termios.TCSANOW, modes)

    @property
    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self._process.poll() is None

    @property
    def processes(self) -> list[int]:
        """The ids of the program and of what it has started, as far as they still run."""
        found = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
        return [process for process in found if self._is_of_session(process)]

    @property
    def is_full(self) -> bool:
        """Whether the terminal accepts no more output until some of it is read."""
        return not select.select([], [self._slave], [], 0)[1]

    def press(self, *keys: str) -> None:
        """Send named keys (`Enter`, `ctrl+s`) and text, all in one write.

        A slow line delivers fast typing like this; to send keys separately, wait for the effect
        of the first.
        """
        self.press_bytes(b"".join(map(_bytes_of, keys)))

    def press_bytes(self, data: bytes) -> None:
        """Send bytes, which need not be those of any key."""
        os.write(self._master, data)

    def click(self, words: str) -> None:
        """Click at each place on the screen where `words` begin (xterm's mode 1006)."""
        places = [
            (x + 1, y + 1)
            for y in range(self._screen.lines)
            for x in range(self._screen.columns)
            if self._row(y, x).startswith(words)
        ]
        assert places, f"no {words!r} on:\n{self.text}"
        self.press(*(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" for x, y in places))

    def wait_for(self, text: str, timeout: float = PATIENCE) -> None:
        """Read output until the screen shows a text."""
        self.wait_until(lambda: text in self.text, repr(text), timeout)

    def wait_until(self, holds: Callable[[], bool], what: str, timeout: float = PATIENCE) -> None:
        """Read output until a condition holds; after `timeout`, fail and show the screen."""
        end = time.monotonic() + timeout
        while not holds():
            if not self._read(end - time.monotonic()) and not holds():
                state = "still runs" if self.is_alive else "has ended"
                raise AssertionError(f"no {what}; the program {state}, and shows:\n{self.text}")

    def read_for(self, seconds: float) -> None:
        """Read output for some time, for tests that expect nothing to happen."""
        end = time.monotonic() + seconds
        while self._read(end - time.monotonic()):
            pass

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal; the program gets a signal."""
        self._screen.resize(lines, columns)
        self._set_size(columns, lines)

    def send_signal(self, number: int) -> None:
        """Send a signal to the program and its children."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def signal_program(self, number: int) -> None:
        """Send a signal to the program alone."""
        self._process.send_signal(number)

    def set_blocking(self, blocking: bool) -> None:
        """Make the terminal blocking or non-blocking for all programs that share it."""
        os.set_blocking(self._slave, blocking)

    def save_recording(self, path: Path) -> None:
        """Write the output with its times as an asciicast (version 2), to be replayed."""
        width, height = self._size
        head = {"version": 2, "width": width, "height": height, "env": {"TERM": "xterm-256color"}}
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        lines = [head, *([round(at, 3), "o", decode(data)] for at, data in self._recorded)]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        # Each only once: the number may belong to another file afterwards.
        while self._open:
            os.close(self._open.pop())

    def wait_end(self, timeout: float = PATIENCE) -> int:
        """Wait until the program has ended, without reading output; return its exit code."""
        return self._process.wait(timeout)

    def wait_unread(
        self, holds: Callable[[], bool], timeout: float = PATIENCE, *, step: float = 0.02
    ) -> None:
        """Wait until a condition holds, without reading output, and look at it every `step`."""
        end = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < end, "what was waited for never came"
            time.sleep(step)

    def wait_executed(self) -> None:
        """Wait until the program itself has begun to run on the terminal."""
        command = Path(f"/proc/{self._process.pid}/cmdline")
        self.wait_unread(lambda: b"TIOCSCTTY" not in command.read_bytes(), step=0.001)

    def wait_stopped(self) -> None:
        """Read output until the program is stopped, as by SIGSTOP."""
        status = Path(f"/proc/{self._process.pid}/stat")
        self.wait_until(lambda: status.read_text().rpartition(")")[2].split()[0] == "T", "stop")

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Read output until the program has ended; return its exit code."""
        self.wait_until(lambda: not self.is_alive, "end of the program", timeout)
        self.read_for(0)
        return self._process.wait()

    def _read(self, seconds: float) -> bool:
        """Read output for a moment; return False if `seconds` is over and there was none."""
        # Only for a moment, since the program may end without output.
        ready, _, _ = select.select([self._master], [], [], min(max(seconds, 0), 0.05))
        if ready:
            data = os.read(self._master, 65536)
            self.raw += data
            self._recorded.append((time.monotonic() - self._begun, data))
            self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
            self._answer()
        return bool(ready) or seconds > 0

    def _answer(self) -> None:
        for query in _MODE_QUERY.finditer(self.raw, self._unanswered):
            self._unanswered = query.end()
            os.write(self._master, b"\x1b[?%s;0$y" % query[1])

    def _is_of_session(self, process: int) -> bool:
        """Whether a process belongs to the session of the program, and has not ended."""
        try:
            status = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
        except OSError:
            return False
        state, _parent, _group, session = status.rpartition(")")[2].split()[:4]
        return int(session) == self._process.pid and state != "Z"

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))

    def _row(self, y: int, start: int = 0) -> str:
        # The cell after a wide character holds an empty string.
        return "".join(self._screen.buffer[y][x].data for x in range(start, self._screen.columns))


def readers_environment(home: Path, **changes: str | None) -> dict[str, str]:
    """Return an environment with all directories in `home`, and `changes`; None unsets."""
    import casefile

    environment: dict[str, str | None] = {
        "PATH": os.defpath,
        # The program tested is the one that the tests import.
        "PYTHONPATH": str(Path(casefile.__file__).parents[1]),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LANG": "C.UTF-8",
        "LOGNAME": "jdoe",
        "TERM": "xterm-256color",
        "TZ": "UTC",
        **changes,
    }
    return {name: value for name, value in environment.items() if value is not None}


def _bytes_of(key: str) -> bytes:
    if key.startswith("ctrl+"):
        return bytes([ord(key[-1]) & 0x1F])
    return _KEYS.get(key, key.encode())
