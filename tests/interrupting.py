"""Interrupting the program (SIGINT) at random moments, and what comes of it."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from at_the_terminal import READY, is_restored
from faults import litter
from small_cases import events, write_case
from terminal import Terminal, readers_environment

import casefile
from casefile.console import FINDINGS, FINE

_FRAMES_OF_OURS = re.compile(
    rf'File "{re.escape(str(Path(casefile.__file__).parent))}/(.+)", line \d+, in (.+)'
)
_BEGUN_IN = ("__main__.py", "main")
"""Where the interrupts of Python have been turned off: not while Python imports the package."""
_PROGRAM = (sys.executable, "-m", "casefile")
_AFTER_START = 0.3
"""How long after the first paint an interrupt may still come, in seconds."""


class Outcome(StrEnum):
    """What came of a process that was interrupted."""

    ENDED = "had ended before"
    INTERRUPTED = "ended by the interrupt, without a word"
    PYTHON = "a traceback of Python itself, before casefile could turn that off"
    TRACEBACK = "a traceback of casefile"
    DIED = "ended in another way"
    LEFT = "left an unfinished document, or a mode of the terminal"


FAULTS = (Outcome.TRACEBACK, Outcome.DIED, Outcome.LEFT)


class Interrupter:
    """Starts the program in a folder, and interrupts it at a random moment."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._home, self._documents = folder / "home", folder / "documents"
        self._documents.mkdir(parents=True)
        self._chance = chance
        self._written = 0
        self._seconds: dict[str, float] = {}
        """How long each verb takes, and the screen until it is there."""
        case = str(write_case(folder / "demo.toml", events("arrests", "trial")))
        self._verbs: list[Sequence[str]] = [
            ("--version",),
            ("list",),
            ("show", case),
            ("check", case),
            ("schema",),
            ("note", "add", case, "arrests"),
            ("notes", case),
            ("notes", "pack", case, "DOCUMENT"),
            ("new", "DOCUMENT"),
        ]
        for words in self._verbs[-4:]:
            self._run(words, None)

    def interrupt_verb(self) -> Outcome:
        """Interrupt one of the verbs."""
        words = self._chance.choice(self._verbs)
        name = " ".join(words)
        if name not in self._seconds:
            begun = time.monotonic()
            code, said = self._run(words, None)
            assert code in (FINE, FINDINGS), said
            self._seconds[name] = time.monotonic() - begun
        code, said = self._run(words, self._chance.uniform(0, self._seconds[name]))
        return Outcome.LEFT if litter(self._documents) else _outcome(code, said)

    def interrupt_start(self) -> Outcome:
        """Interrupt the screen while it is made, or just after."""
        with Terminal(_PROGRAM, env=readers_environment(self._home)) as terminal:
            terminal.wait_executed()
            begun = time.monotonic()
            if "" not in self._seconds:
                terminal.wait_for(READY)
                self._seconds[""] = time.monotonic() - begun
            else:
                terminal.read_for(self._chance.uniform(0, self._seconds[""] + _AFTER_START))
            terminal.signal_program(signal.SIGINT)
            code = terminal.wait_exit()
            return _outcome(code, terminal.raw) if is_restored(terminal) else Outcome.LEFT

    def _run(self, words: Sequence[str], interrupted_after: float | None) -> tuple[int, bytes]:
        """Run a verb, and return its exit code and what it said on standard error."""
        self._written += 1
        document = str(self._documents / f"{self._written}.toml")
        process = subprocess.Popen(
            [*_PROGRAM, *(document if word == "DOCUMENT" else word for word in words)],
            env=readers_environment(self._home),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        with process:
            if interrupted_after is not None:
                time.sleep(interrupted_after)
                process.send_signal(signal.SIGINT)
            _, said = process.communicate(b"A note.\n")
        return process.returncode, said


def _outcome(code: int, said: bytes) -> Outcome:
    if b"Traceback" in said or b"KeyboardInterrupt" in said:
        frames = _FRAMES_OF_OURS.findall(said.decode(errors="replace"))
        return Outcome.TRACEBACK if _BEGUN_IN in frames else Outcome.PYTHON
    if code in (FINE, FINDINGS):
        return Outcome.ENDED
    return Outcome.INTERRUPTED if code in (-signal.SIGINT, 130) else Outcome.DIED
