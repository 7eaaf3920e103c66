"""What every test stands on: a screen that is the same on every machine, and homes of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

# Read by Textual when it is imported, so they have to be settled before any test module is.
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "COLORTERM"):
    os.environ.pop(name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TZ"] = "UTC"
time.tzset()

from pathlib import Path  # noqa: E402 (the environment comes first)

import pytest  # noqa: E402
from alarm import sound  # noqa: E402
from at_the_terminal import READY, Start  # noqa: E402
from hypothesis import settings  # noqa: E402
from screens import ColourScreen, Desk, TextScreen  # noqa: E402
from syrupy.assertion import SnapshotAssertion  # noqa: E402
from terminal import Terminal, readers_environment  # noqa: E402

from casefile.tui.app import Net  # noqa: E402

# No test hangs on how fast the machine is at the moment.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def alarm_for_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any test fail in which something had to be caught under the screen."""
    monkeypatch.setattr(Net, "apply", sound)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a reader's desk with nothing on it yet."""
    return Desk(tmp_path)


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Give snapshots that are the text of a screen, to be read in review."""
    return snapshot.use_extension(TextScreen)


@pytest.fixture
def colour_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Give snapshots that are the image of a screen, for what only colours show."""
    return snapshot.use_extension(ColourScreen)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a reader's home with nothing in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Give a way to start the program in a terminal of its own; all of them end with the test."""
    with ExitStack() as running:

        def start(
            *arguments: str | Path,
            program: Sequence[str | Path] = ("-m", "casefile"),
            environment: dict[str, str | None] | None = None,
            **terminal: Any,
        ) -> Terminal:
            command = [sys.executable, *map(str, (*program, *arguments))]
            env = readers_environment(home, **(environment or {}))
            return running.enter_context(Terminal(command, env=env, **terminal))

        yield start


@pytest.fixture
def reading(start: Start) -> Callable[[], Terminal]:
    """Give a way to start the program on the bundled case and wait until its page is there."""

    def reading() -> Terminal:
        terminal = start()
        terminal.wait_for(READY)
        return terminal

    return reading
