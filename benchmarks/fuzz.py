"""Try the properties in tests/test_fuzzing.py on random input for as long as you like.

python benchmarks/fuzz.py [--minutes 10] [part of a name]

Half of the time goes to atheris, if it is installed (`pip install atheris`): it is led by which
lines of the program are reached. What fails is printed as the smallest input that does; keep it as
an @example. It also stays in `.hypothesis/`, from where the tests try it first.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import redirect_stderr
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

TESTS = Path(__file__).parents[1] / "tests"
FOUND = TESTS.parent / ".hypothesis"
EXAMPLES = 100
"""The number of examples between two looks at the clock."""
SEEDS = 32
"""The number of random inputs that atheris begins with; nearly all shorter ones are refused."""
SLOWEST = 20
"""The seconds that one input may take."""


def main() -> int:
    """Try each property in a process of its own; return 1 if one failed."""
    parser = ArgumentParser(description="Try the properties of the fuzz tests on random input.")
    parser.add_argument("name", nargs="?", default="", help="only properties with this in the name")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seconds-each", type=float, help="try the one property that is named")
    parser.add_argument("--led", action="store_true", help="let coverage lead, with atheris")
    arguments = parser.parse_args()
    if arguments.seconds_each:
        return try_one(arguments.name, arguments.seconds_each, is_led=arguments.led)
    os.nice(10)
    names = [name for name in property_names() if arguments.name in name]
    ways = [[], ["--led"]] if find_spec("atheris") else [[]]
    seconds = 60 * arguments.minutes / len(names) / len(ways)
    failed: dict[str, None] = {}
    for name in names:
        for way in ways:
            began = time.monotonic()
            command = [sys.executable, __file__, name, "--seconds-each", str(seconds), *way]
            done = subprocess.run(command, check=False)
            print(f"{name} {' '.join(way)}: {time.monotonic() - began:.0f} s", flush=True)
            failed |= {name: None} if done.returncode else {}
    print(f"{len(failed)} of {len(names)} properties failed: {', '.join(failed)}")
    return int(bool(failed))


def property_names() -> Iterator[str]:
    """Yield the names of the properties, without importing the program."""
    for line in (TESTS / "test_fuzzing.py").read_text().splitlines():
        if line.startswith("def test_"):
            yield line.removeprefix("def ").partition("(")[0]


def try_one(name: str, seconds: float, *, is_led: bool) -> int:
    """Try one property for some seconds; return 1 if it failed."""
    sys.path.append(str(TESTS))
    # Read by Textual when it is imported.
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    settings.register_profile(
        "fuzz",
        max_examples=EXAMPLES,
        deadline=1000 * SLOWEST,
        database=DirectoryBasedExampleDatabase(FOUND / "examples"),
        suppress_health_check=[*HealthCheck],
    )
    settings.load_profile("fuzz")
    if is_led:
        return try_led(name, seconds)
    tried = imported(name)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        tried()
    return 0


def try_led(name: str, seconds: float) -> int:
    """Let atheris try one property; what it finds is made small by hypothesis."""
    import atheris

    if os.environ.get("CASEFILE_FUZZED") is None:
        # In a process of its own, which atheris ends.
        again = {**os.environ, "CASEFILE_FUZZED": "1"}
        done = subprocess.run([sys.executable, *sys.argv], env=again, check=False)
        if done.returncode:
            imported(name)()
        return int(done.returncode != 0)
    tried = imported(name, atheris.instrument_imports(include=["casefile"]))
    corpus = FOUND / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number in range(SEEDS):
        (corpus / f"{number}").write_bytes(os.urandom(4096))
    options = [f"-max_total_time={seconds:.0f}", f"-timeout={SLOWEST}", "-len_control=0"]
    options += ["-max_len=16384", "-verbosity=0", f"-artifact_prefix={corpus}/"]
    atheris.Setup([name, *options, str(corpus)], tried.hypothesis.fuzz_one_input)
    atheris.Fuzz()
    return 0


def imported(name: str, watching: Any = None) -> Any:
    """Return a property of the tests, with all that it imports imported in a context."""
    if watching is None:
        import test_fuzzing

        return getattr(test_fuzzing, name)
    # It names each module that it watches.
    with watching, redirect_stderr(io.StringIO()):
        found = imported(name)
        # Much is imported only when it is needed.
        found()
    return found


if __name__ == "__main__":
    sys.exit(main())
