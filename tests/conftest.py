"""What every test stands on: a screen that is the same on every machine, and homes of its own."""

from __future__ import annotations

import os
import time

# Read by Textual when it is imported, so they have to be settled before any test module is.
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "COLORTERM"):
    os.environ.pop(name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TZ"] = "UTC"
time.tzset()

from pathlib import Path  # noqa: E402 (the environment comes first)

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from screens import Desk, TextScreen  # noqa: E402
from syrupy.assertion import SnapshotAssertion  # noqa: E402

# No test hangs on how fast the machine is at the moment.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a reader's desk with nothing on it yet."""
    return Desk(tmp_path)


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Give snapshots that are the text of a screen, to be read in review."""
    return snapshot.use_extension(TextScreen)
