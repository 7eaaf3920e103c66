"""Tests that need root: for others they run in a user namespace, as root of that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache, partial
from pathlib import Path

import pytest

needs_root = pytest.mark.root
"""Marks a test that mounts something, or changes the user or the owner of a file."""

_AS_ROOT = ("unshare", "--map-root-user", "--map-auto", "--mount")


@cache
def why_not_root() -> str:
    """Return why tests can't be run as root, not even in a namespace; empty if they can."""
    if os.geteuid() == 0 or (shutil.which(_AS_ROOT[0]) and _ended([*_AS_ROOT, "true"]) == 0):
        return ""
    return "needs root, or unshare and newuidmap with ids for this user in /etc/subuid"


def run_as_root(item: pytest.Item) -> None:
    """Let a test be run as root: as it is, in a namespace, or else not at all."""
    if why_not_root():
        item.add_marker(pytest.mark.skip(reason=why_not_root()))
    elif os.geteuid() != 0 and isinstance(item, pytest.Function):
        # Its fixtures are set up there, not here.
        item.fixturenames.clear()
        item.runtest = partial(_run_in_namespace, item)  # type: ignore[method-assign]


def _run_in_namespace(item: pytest.Item) -> None:
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder, "tests")
        command = [*_AS_ROOT, sys.executable, "-m", "pytest", "-qrs", "-p", "no:cacheprovider"]
        command += ["--basetemp", str(below), item.nodeid]
        done = subprocess.run(
            command, cwd=item.config.rootpath, capture_output=True, text=True, check=False
        )
        # What another user of the namespace has left can be removed only there.
        _ended([*_AS_ROOT, "rm", "-rf", str(below)])
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
    if said := re.search(r"^SKIPPED .*", done.stdout, re.MULTILINE):
        pytest.skip(said[0])


def _ended(command: list[str]) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode
