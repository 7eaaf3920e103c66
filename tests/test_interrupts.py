"""SIGINT ends a verb, and the start of the screen, at once and without a word."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import litter
from interrupting import FAULTS, Interrupter, Outcome
from killing import new_random
from terminal import readers_environment

from casefile.authoring.case_template import new_case_text

RUNS = 30

INTERRUPTED_PARSER = (
    "import os, signal, sys\n"
    "import tomli\n"
    "from casefile.__main__ import run_and_exit\n"
    "tomli.loads = lambda *_: os.kill(os.getpid(), signal.SIGINT) or {}\n"
    "run_and_exit()\n"
)
INTERRUPTED_WRITE = (
    "import os, signal, sys\n"
    "from casefile.__main__ import run_and_exit\n"
    "write = os.write\n"
    "def interrupted(descriptor, data):\n"
    "    os.kill(os.getpid(), signal.SIGINT)\n"
    "    return write(descriptor, data[:100])\n"
    "os.write = interrupted\n"
    "run_and_exit()\n"
)
INTERRUPTED_CHECKOUT = (
    "import os, runpy, signal\n"
    "join = os.path.join\n"
    "def interrupted(*parts):\n"
    "    'bin' in parts and os.kill(os.getpid(), signal.SIGINT)\n"
    "    return join(*parts)\n"
    "os.path.join = interrupted\n"
    "runpy.run_module('casefile.checkout', run_name='__main__')\n"
)


def run(
    program: str, *words: str | Path, home: Path, before: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """Run casefile in a program that interrupts itself."""
    return subprocess.run(
        [sys.executable, "-c", before + program, *map(str, words)],
        env=readers_environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def assert_silent(interrupt: Callable[[], Outcome], seed: int, *, least: int) -> None:
    """Check that no interrupt of many has done harm, and that some ended the program."""
    outcomes = Counter(interrupt() for _ in range(RUNS))
    assert not outcomes.keys() & set(FAULTS), f"seed {seed}: {outcomes}"
    assert outcomes[Outcome.INTERRUPTED] > least, f"seed {seed}: {outcomes}"


@pytest.mark.slow
def test_random_interrupts_of_verbs_are_silent(tmp_path: Path) -> None:
    """Of thirty verbs none prints a traceback, crashes or leaves an unfinished document."""
    seed, chance = new_random()
    assert_silent(Interrupter(tmp_path, chance).interrupt_verb, seed, least=RUNS // 3)


@pytest.mark.terminal
def test_random_interrupts_of_the_start_are_silent(tmp_path: Path) -> None:
    """Of thirty starts none prints a traceback, crashes or leaves a mode of the terminal on."""
    seed, chance = new_random()
    assert_silent(Interrupter(tmp_path, chance).interrupt_start, seed, least=RUNS // 2)


def test_interrupt_in_a_parser_ends_verb(home: Path, tmp_path: Path) -> None:
    """No exception is raised in a parser: the signal itself ends the process."""
    (tmp_path / "demo.toml").write_text('format = "casefile/1"\n')
    done = run(INTERRUPTED_PARSER, "check", tmp_path / "demo.toml", home=home)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_ignored_interrupt_stays_ignored(home: Path, tmp_path: Path) -> None:
    """A verb that a script has started in the background is not ended by ctrl+c at its prompt."""
    ignoring = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    (tmp_path / "demo.toml").write_text('format = "casefile/1"\n')
    done = run(INTERRUPTED_PARSER, "check", tmp_path / "demo.toml", home=home, before=ignoring)
    assert done.returncode > 0


def test_interrupted_document_is_complete(home: Path, tmp_path: Path) -> None:
    """An interrupt in the middle of writing a document ends the verb once the file is complete."""
    document = tmp_path / "new.toml"
    done = run(INTERRUPTED_WRITE, "new", document, home=home)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")
    assert document.read_text("utf-8") == new_case_text("new")
    assert litter(tmp_path) == []


def test_interrupted_checkout_is_silent(home: Path) -> None:
    """Setting up a checkout ends at an interrupt as verbs do."""
    done = run(INTERRUPTED_CHECKOUT, home=home)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")
