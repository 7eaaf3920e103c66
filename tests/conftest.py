"""What every test stands on: a screen that is the same on every machine, and homes of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from inspect import iscoroutinefunction
from typing import Any

# Read by Textual when it is imported, so they have to be settled before any test module is.
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "COLORTERM"):
    os.environ.pop(name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TZ"] = "UTC"
time.tzset()

from pathlib import Path  # noqa: E402 (the environment comes first)

import pytest  # noqa: E402
from alarm import fail_if_not_inert  # noqa: E402
from at_the_terminal import READY, Start  # noqa: E402
from hypothesis import settings  # noqa: E402
from namespaces import run_as_root  # noqa: E402
from screens import ColourScreen, Desk, TextScreen  # noqa: E402
from syrupy.assertion import SnapshotAssertion  # noqa: E402
from terminal import Terminal, readers_environment  # noqa: E402

from casefile.tui.app import InertFilter  # noqa: E402

# No test hangs on how fast the machine is at the moment.
settings.register_profile("unhurried", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("unhurried")

QUICK = "not slow and not terminal"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs only the quick tests, often enough for every save of a file."""
    parser.addoption("--quick", action="store_true", help=f'run what is "{QUICK}"')


def pytest_configure(config: pytest.Config) -> None:
    """Let `--quick` leave out tests, whatever else is asked for, and try fewer examples."""
    if config.getoption("quick"):
        asked = config.getoption("markexpr")
        config.option.markexpr = f"({asked}) and {QUICK}" if asked else QUICK
        settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what leads through the screen, except pictures; run as root what needs root."""
    for item in items:
        if item.get_closest_marker("root"):
            run_as_root(item)
        if (
            isinstance(item, pytest.Function)
            and iscoroutinefunction(item.function)
            and "screen_snapshot" not in item.fixturenames
        ):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def alarm_for_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any test fail in which something had to be caught under the screen."""
    monkeypatch.setattr(InertFilter, "apply", fail_if_not_inert)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a reader's desk with nothing on it yet."""
    return Desk(tmp_path)


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that are the text of a screen, to be read in review."""
    return snapshot.use_extension(TextScreen)


@pytest.fixture
def colour_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that are the image of a screen, for what only colours show."""
    return snapshot.use_extension(ColourScreen)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a reader's home with nothing in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Return a way to start the program in a terminal of its own; all of them end with the test."""
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
    """Return a way to start the program on the bundled case and wait until its page is there."""

    def reading() -> Terminal:
        terminal = start()
        terminal.wait_for(READY)
        return terminal

    return reading
