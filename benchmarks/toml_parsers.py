"""Compare TOML parsers on what casefile asks of one; one command prints all tables.

    python benchmarks/toml_parsers.py [--rounds 5] [--sizes 1 10 40]

It installs the parsers below, at these versions, into an environment of its own that is removed
afterwards. Nothing else on the machine should be busy meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import tarfile
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from generated_case import generated_case
from hostile_toml import HOSTILE
from toml_tasks import PARSERS

PINNED = ("tomli==2.5.0", "toml-rs==0.4.3", "rtoml==0.14.0")
CASES_OF_TOML_TEST = "tomlkit==0.15.2"
"""The package whose source carries the cases of toml-test."""
BUNDLED = Path(__file__).parent.parent / "data" / "diana-fentanyl-2017.toml"
TASKS = Path(__file__).parent / "toml_tasks.py"

LONGEST = 20.0
"""After how many seconds a parser is stopped that has not come to an end of a hostile text."""
MOST_MEMORY = 2000
"""How many megabytes of addresses a parser may take for a hostile text."""
_STARTS = 15
# What is imported before the clock starts the program has imported anyway.
_IMPORT = """
import datetime, pathlib, re, time, types, typing
start = time.perf_counter()
import {parser}
print(time.perf_counter() - start)
"""


class Bench:
    """An environment with the parsers, and files to parse."""

    def __init__(self, folder: Path, sizes: Sequence[int]) -> None:
        """Make the environment and the files; this takes a minute."""
        self.folder = folder
        venv.create(folder / "venv", with_pip=True)
        self.python = folder / "venv" / "bin" / "python"
        self._pip("install", *PINNED)
        self.files = {f"bundled case, {BUNDLED.stat().st_size // 1000} kB": BUNDLED}
        for size in sizes:
            path = folder / f"{size}.toml"
            path.write_text(generated_case(size * 1_000_000), encoding="utf-8")
            self.files[f"{size} MB"] = path

    def task(self, *arguments: str | int | Path) -> Any:
        """Run a measurement; give what it found. Raises CalledProcessError, TimeoutExpired."""
        command = [str(self.python), str(TASKS), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        return json.loads(done.stdout)

    def hostile(self, parser: str, name: str) -> str:
        """Give in a few words what a parser makes of a hostile text."""
        command = [str(self.python), str(TASKS), "hostile", parser, name, str(MOST_MEMORY)]
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return f"**over {LONGEST:.0f} s**"
        if done.returncode:
            died = done.returncode < 0
            return f"**{signal.Signals(-done.returncode).name if died else 'no answer'}**"
        found = json.loads(done.stdout)
        return f"{found['outcome']}, {found['seconds']:.2f} s, {found['megabytes']:.0f} MB"

    def import_time(self, parser: str) -> float:
        """Give the seconds that a fresh Python takes to import a parser."""
        done = subprocess.run(
            [self.python, "-c", _IMPORT.format(parser=parser)],
            capture_output=True,
            check=True,
            text=True,
        )
        return float(done.stdout)

    def toml_test(self) -> Path | None:
        """Fetch the cases of toml-test; None where the package that carries them can't be had."""
        try:
            self._pip("download", "--no-deps", "--no-binary=:all:", "-d", ".", CASES_OF_TOML_TEST)
        except subprocess.CalledProcessError:
            return None
        (archive,) = self.folder.glob("tomlkit-*.tar.gz")
        with tarfile.open(archive) as source:
            source.extractall(self.folder, filter="data")
        return next(self.folder.glob("tomlkit-*/tests/toml-test/tests"), None)

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "-qq", *arguments]
        subprocess.run(command, check=True, cwd=self.folder)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each file is parsed")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 10, 40], metavar="MB")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), arguments.sizes)
        print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
        print(f"{', '.join(PINNED)}; tomllib is Python's own")
        for title, rows in (
            ("Seconds as a multiple of tomli's", _speed(bench, arguments.rounds)),
            ("Most memory held, MB", _memory(bench)),
            ("Import, ms", _imports(bench)),
            ("Cases of toml-test, wrong of all", _conformance(bench)),
            ("Places of five faults", _places(bench)),
            (f"Hostile texts, {LONGEST:.0f} s and {MOST_MEMORY:,} MB at most", _hostile(bench)),
        ):
            print(f"\n## {title}\n")
            _print_table(rows)


def _print_table(rows: Iterator[Sequence[str]]) -> None:
    print("| |", " | ".join(PARSERS), "|", flush=True)
    print("|", " | ".join(["---"] * (len(PARSERS) + 1)), "|")
    for row in rows:
        print("|", " | ".join(row), "|", flush=True)


def _speed(bench: Bench, rounds: int) -> Iterator[Sequence[str]]:
    for name, path in bench.files.items():
        # The bundled case takes milliseconds: more rounds cost nothing.
        found = bench.task("speed", path, rounds if path != BUNDLED else 20 * rounds)
        whole, pieces, longest = (
            {parser: [taken[at] for taken in found[parser]] for parser in PARSERS}
            for at in range(3)
        )
        yield f"{name}, whole", *_ratios(whole)
        if path != BUNDLED:
            yield f"{name}, in pieces", *_ratios(pieces)
            yield (
                f"{name}, longest piece",
                *(f"{1000 * median(longest[p]):.0f} ms" for p in PARSERS),
            )


def _ratios(seconds: dict[str, list[float]]) -> Iterator[str]:
    """Give the median of what each took as a multiple of tomli's in the same round."""
    for parser in PARSERS:
        pairs = zip(seconds[parser], seconds["tomli"], strict=True)
        ratio = median(one / tomlis for one, tomlis in pairs)
        yield f"{ratio:.2f} ({_time(median(seconds[parser]))})"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


def _memory(bench: Bench) -> Iterator[Sequence[str]]:
    for name, path in bench.files.items():
        for manner in ("whole", "pieces"):
            cells = (f"{bench.task('memory', parser, path, manner):.0f}" for parser in PARSERS)
            yield f"{name}, {manner}", *cells


def _imports(bench: Bench) -> Iterator[Sequence[str]]:
    taken = [[bench.import_time(parser) for parser in PARSERS] for _ in range(_STARTS)]
    yield "import", *(f"{1000 * median(times):.1f}" for times in zip(*taken, strict=True))


def _conformance(bench: Bench) -> Iterator[Sequence[str]]:
    folder = bench.toml_test()
    if folder is None:
        yield "not measured: no cases of toml-test", *([""] * len(PARSERS))
        return
    for version in ("1.0.0", "1.1.0"):
        names = (folder / f"files-toml-{version}").read_text().splitlines()
        wrong = {p: bench.task("conformance", p, folder, version) for p in PARSERS}
        for kind in ("valid", "invalid"):
            several = sum(name.startswith(f"{kind}/") and name.endswith(".toml") for name in names)
            cells = (f"{len(wrong[parser][kind])} of {several}" for parser in PARSERS)
            yield f"TOML {version}, {kind}", *cells


def _places(bench: Bench) -> Iterator[Sequence[str]]:
    found = [bench.task("places", parser) for parser in PARSERS]
    yield "line is right", *(f"{one['line']} of {one['faults']}" for one in found)
    what = "attributes say the same as the message"
    yield what, *(f"{one['attributes']} of {one['faults']}" for one in found)


def _hostile(bench: Bench) -> Iterator[Sequence[str]]:
    for name in HOSTILE:
        yield name, *(bench.hostile(parser, name) for parser in PARSERS)


if __name__ == "__main__":
    main()
