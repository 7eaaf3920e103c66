"""The program over ssh: an sshd on loopback, with connections that are slow or lost."""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import tomli
from at_the_terminal import OFFER, READY, drafts_of, go_to_editor, quit_with, write
from terminal import PATIENCE, Terminal, readers_environment

pytestmark = pytest.mark.terminal

HALF = "Nobody saved 没有人, and th"
CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/reader.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
"""


class Server:
    """An sshd on a free port, to log in to as the current user."""

    def __init__(self, folder: Path, home: Path, sshd: str) -> None:
        self._folder = folder
        self._home = home
        for key in ("host", "reader"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)]
            subprocess.run(command, check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = folder / "sshd_config"
        config.write_text(CONFIG.format(port=self.port, folder=folder))
        self._log = (folder / "sshd.log").open("wb")
        self._process = subprocess.Popen([sshd, "-D", "-e", "-f", config], stderr=self._log)
        self._wait_until_listening()

    def stop(self) -> None:
        """Stop the server and kill the programs started over it."""
        for pid in self.programs():
            os.kill(pid, signal.SIGKILL)
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def login(self, port: int | None = None, **environment: str | None) -> list[str]:
        """Return the ssh command that logs in and starts the program."""
        remote = readers_environment(self._home, TERM=None, **environment)
        program = ["env", *(f"{name}={value}" for name, value in remote.items())]
        options = {
            "IdentityFile": self._folder / "reader",
            "UserKnownHostsFile": self._folder / "known_hosts",
            "StrictHostKeyChecking": "no",
            "LogLevel": "ERROR",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            "ConnectTimeout": "10",
        }
        return [
            "ssh", "-tt", "-F", "none", "-p", str(port or self.port),
            *(f"-o{name}={value}" for name, value in options.items()),
            f"{getpass.getuser()}@127.0.0.1",
            f"exec {shlex.join([*program, sys.executable, '-m', 'casefile'])}",
        ]  # fmt: skip

    def programs(self) -> list[int]:
        """Return the ids of casefile processes with the reader's home."""
        ours = f"XDG_STATE_HOME={self._home}/".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                is_program = b"-m\0casefile\0" in (process / "cmdline").read_bytes()
                if is_program and ours in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    def cut_off(self) -> None:
        """Kill the server process of the login, so that the connection is lost without notice."""
        (program,) = self.programs()
        serving = int(Path(f"/proc/{program}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(serving, signal.SIGKILL)

    def wait_until_ended(self) -> None:
        """Wait until no casefile process is left on the server."""
        wait_until(lambda: not self.programs(), "end of the program on the server")

    def _wait_until_listening(self) -> None:
        def answers() -> bool:
            if self._process.poll() is not None:
                pytest.skip(f"sshd may not run here: {self._said()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return True
            return False

        wait_until(answers, "sshd")

    def _said(self) -> str:
        return (self._folder / "sshd.log").read_text(errors="replace").strip()


class SlowLine:
    """A proxy in front of a server that limits the speed in both directions."""

    BYTES_A_SECOND = 20_000
    SECONDS_A_PIECE = 0.02

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Close all connections."""
        for end in (self._door, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            near, _ = self._door.accept()
            far = socket.create_connection(("127.0.0.1", self._server_port))
            self._open += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, taken_from: socket.socket, given_to: socket.socket) -> None:
        piece = int(self.BYTES_A_SECOND * self.SECONDS_A_PIECE)
        with contextlib.suppress(OSError):
            while data := taken_from.recv(piece):
                time.sleep(self.SECONDS_A_PIECE)
                given_to.sendall(data)


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[Server]:
    """Yield a server; skip the test where sshd is missing or can't run."""
    # Debian has it in a directory that is not on everybody's PATH.
    sshd = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if sshd is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("ssh and sshd are not installed here")
    if os.geteuid() == 0:
        # As root sshd needs this folder, which its service makes otherwise; it stays empty.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder = tmp_path / "ssh"
    folder.mkdir()
    server = Server(folder, home, sshd)
    yield server
    server.stop()


Login = Callable[..., Terminal]


@pytest.fixture
def login(server: Server, tmp_path: Path) -> Iterator[Login]:
    """Yield a function that logs in, starts the program and waits for its first page."""
    client = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color"}
    with ExitStack() as logged_in:

        def login(port: int | None = None) -> Terminal:
            terminal = Terminal(server.login(port), env=client)
            logged_in.enter_context(terminal)
            terminal.wait_for(READY, timeout=2 * PATIENCE)
            return terminal

        yield login


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds, without a terminal."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"no {what}"
        time.sleep(0.02)


def bodies(home: Path) -> list[str]:
    """Return the texts of all notes in a home directory."""
    notes = (home / "data" / "casefile" / "notes").rglob("*.toml")
    return [tomli.loads(path.read_text("utf-8"))["body"] for path in notes]


# Lost connections


def test_note_is_saved_over_ssh(login: Login, home: Path) -> None:
    """ctrl+s arrives over ssh, and quitting ends the login with the program's exit code."""
    terminal = login()
    write(terminal, "Over a line, 有用.")
    terminal.wait_for("Over a line, 有用.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")
    assert bodies(home) == ["Over a line, 有用."]


def test_draft_survives_killed_client(login: Login, server: Server, home: Path) -> None:
    """If the client is killed in the middle of a word, the next login offers the whole draft."""
    terminal = login()
    write(terminal, HALF)
    terminal.wait_for(HALF)
    terminal.send_signal(signal.SIGKILL)
    server.wait_until_ended()

    terminal = login()
    terminal.wait_for(OFFER)
    terminal.wait_for(HALF)
    go_to_editor(terminal)
    terminal.press("ey came.", "ctrl+s")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")
    assert bodies(home) == [f"{HALF}ey came."]
    assert drafts_of(home) == []


def test_draft_survives_stalled_connection(login: Login, server: Server) -> None:
    """If the connection stalls and the server drops it, the next login offers the whole draft."""
    terminal = login()
    write(terminal, HALF)
    terminal.wait_for(HALF)
    terminal.send_signal(signal.SIGSTOP)
    server.cut_off()
    server.wait_until_ended()

    terminal = login()
    terminal.wait_for(OFFER)
    terminal.wait_for(HALF)


# Slow connections


def test_fast_typing_over_slow_connection_loses_no_key(
    login: Login, server: Server, home: Path
) -> None:
    """Keys held down and a note typed at full speed all arrive in order, and none as a command."""
    line = SlowLine(server.port)
    try:
        terminal = login(line.port)
        for _ in range(12):
            terminal.press("Down")
        terminal.press("Up", "a")
        text = "Quit? No: 2 D’s, [sic], and :q! " * 12
        for character in text:
            terminal.press(character)
        terminal.press("ctrl+s")
        terminal.wait_for("you: 1 note", timeout=3 * PATIENCE)
        quit_with(terminal, "q")
    finally:
        line.close()
    assert bodies(home) == [text]


@pytest.mark.parametrize("size", [200_000, 1_500_000])
def test_long_paste_arrives_whole(login: Login, home: Path, size: int) -> None:
    """A long paste is saved whole, and keys work after it."""
    line = "q D dd :q! Every word of it, 每个字, is to be there; and it has an end at\n"
    text = (line * (size // len(line.encode()) + 1)).rstrip("\n")
    terminal = login()
    write(terminal)
    pasted = f"\x1b[200~{text}\x1b[201~".encode()
    for at in range(0, len(pasted), 65536):
        terminal.press_bytes(pasted[at : at + 65536])
        terminal.read_for(0)
    terminal.press(", here.")
    terminal.wait_for("an end at, here.", timeout=3 * PATIENCE)
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note", timeout=3 * PATIENCE)
    assert bodies(home) == [f"{text}, here."]
    terminal.press("j")
    terminal.wait_for("2 of 21")
    quit_with(terminal, "q")
