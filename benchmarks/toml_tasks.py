"""One measurement of a TOML parser, run by `toml_parsers.py` in an environment that has them all.

python toml_tasks.py TASK ARGUMENT...        prints one JSON value
"""

from __future__ import annotations

import gc
import json
import math
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from datetime import time as clock_time
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from hostile_toml import HOSTILE

PARSERS = ("tomli", "tomllib", "rtoml", "toml_rs")
ROWS_IN_PIECE = 500

Loads: TypeAlias = Callable[[str], dict[str, Any]]

# The same lines as those at which casefile.case.document cuts.
_ROW_HEADER = re.compile(rb"^\[\[[ \t]*[A-Za-z0-9_-]+[ \t]*\]\]", re.MULTILINE)
_BROKEN = {
    "a = 1\nb = = 2\n": 2,
    'a = 1\nb = "ä" c\n': 2,
    'a = 1\nb = "x\n': 2,
    "a = 1\n\na = 2\n": 3,
    "[t]\nx = 1\n[t]\n": 3,
}
"""Texts that are no TOML, with the line of the fault."""


def loads_of(parser: str) -> Loads:
    """Give the function of a parser that takes text."""
    loads: Loads = import_module(parser).loads
    return loads


def speed(path: str, rounds: str) -> dict[str, list[list[float]]]:
    """Give of each parser, round by round, the seconds for the whole, in pieces, and the longest.

    All parsers take their turn in each round, each time in another order.
    """
    data = Path(path).read_bytes()
    text = data.decode()
    pieces = [data[start:end].decode() for start, end in cuts(data)]
    loaders = {parser: loads_of(parser) for parser in PARSERS}
    seconds: dict[str, list[list[float]]] = {parser: [] for parser in PARSERS}
    gc.disable()
    for number in range(int(rounds)):
        turn = number % len(PARSERS)
        for parser in (*PARSERS[turn:], *PARSERS[:turn]):
            calls = [_seconds(loaders[parser], piece) for piece in pieces]
            whole = _seconds(loaders[parser], text)
            seconds[parser].append([whole, sum(calls), max(calls)])
    return seconds


def _seconds(loads: Loads, text: str) -> float:
    start = time.perf_counter()
    loaded = loads(text)
    seconds = time.perf_counter() - start
    # To free what was made is no part of parsing it.
    del loaded
    return seconds


def cuts(data: bytes) -> Iterator[tuple[int, int]]:
    """Give where each piece of 500 rows starts and ends."""
    starts = [found.start() for found in _ROW_HEADER.finditer(data)]
    return pairwise([0, *(at for at in starts[::ROWS_IN_PIECE] if at), len(data)])


def memory(parser: str, path: str, manner: str) -> float:
    """Give the most megabytes that the process held, parsing a file whole or in pieces."""
    loads = loads_of(parser)
    data = Path(path).read_bytes()
    if manner == "whole":
        kept = [loads(data.decode())]
    else:
        kept = [loads(data[start:end].decode()) for start, end in cuts(data)]
    peak = peak_megabytes()
    return peak if kept else math.nan


def peak_megabytes() -> float:
    """Give the most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss it counts nothing of the process that started this one.
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(found[1]) / 1024 if found else math.nan
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def hostile(parser: str, name: str, megabytes: str) -> dict[str, Any]:
    """Give what a parser makes of a hostile text: what came of it, seconds, and megabytes more."""
    data = HOSTILE[name]()
    loads = loads_of(parser)
    before = peak_megabytes()
    limit = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    start = time.perf_counter()
    outcome = _outcome(loads, data)
    seconds = time.perf_counter() - start
    return {"outcome": outcome, "seconds": seconds, "megabytes": peak_megabytes() - before}


def _outcome(loads: Loads, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "no UTF-8"
    try:
        loads(text)
    except RecursionError:
        return "too deep"
    except MemoryError:
        return "no memory"
    except ValueError as error:
        return "refused" if type(error) is not ValueError else "ValueError"
    except BaseException as error:  # Rust panics are none of Exception's
        return type(error).__name__
    return "parsed"


def places(parser: str) -> dict[str, int]:
    """Give of how many faults a parser tells the line, and how often its attributes agree."""
    told = {"faults": len(_BROKEN), "line": 0, "attributes": 0}
    for text, line in _BROKEN.items():
        try:
            loads_of(parser)(text)
        except ValueError as error:
            found = re.search(r"line (\d+),? column (\d+)", str(error))
            said = (int(found[1]), int(found[2])) if found else None
            told["line"] += said is not None and said[0] == line
            attributes = (getattr(error, "lineno", None), getattr(error, "colno", None))
            told["attributes"] += attributes == said
    return told


def conformance(parser: str, folder: str, version: str) -> dict[str, list[str]]:
    """Give the cases of toml-test that a parser gets wrong, valid and invalid ones apart."""
    loads = loads_of(parser)
    wrong: dict[str, list[str]] = {"valid": [], "invalid": []}
    for name in (Path(folder) / f"files-toml-{version}").read_text().splitlines():
        path = Path(folder) / name
        if path.suffix == ".toml":
            kind = path.relative_to(folder).parts[0]
            if not (_reads_rightly if kind == "valid" else _refuses)(loads, path):
                wrong[kind].append(name)
    return wrong


def _reads_rightly(loads: Loads, path: Path) -> bool:
    try:
        loaded = loads(path.read_bytes().decode())
    except Exception:  # whatever it is, the text was not read
        return False
    return _is_as_told(loaded, json.loads(path.with_suffix(".json").read_text()))


def _refuses(loads: Loads, path: Path) -> bool:
    try:
        loads(path.read_bytes().decode())
    except Exception:
        return True
    return False


def _is_as_told(value: Any, told: Any) -> bool:
    """Say whether a value is what toml-test's tagged JSON says."""
    if isinstance(told, list):
        return (
            isinstance(value, list)
            and len(value) == len(told)
            and all(map(_is_as_told, value, told))
        )
    if told.keys() == {"type", "value"} and isinstance(told["type"], str):
        return _is_scalar_as_told(value, told["type"], told["value"])
    return (
        isinstance(value, dict)
        and value.keys() == told.keys()
        and all(_is_as_told(value[key], told[key]) for key in told)
    )


_READ: dict[str, tuple[type, Callable[[str], Any]]] = {
    "string": (str, str),
    "integer": (int, int),
    "float": (float, float),
    "bool": (bool, "true".__eq__),
    "datetime": (datetime, datetime.fromisoformat),
    "datetime-local": (datetime, datetime.fromisoformat),
    "date-local": (date, date.fromisoformat),
    "time-local": (clock_time, clock_time.fromisoformat),
}
"""By toml-test's name of a type: the type in Python, and how its text is read."""


def _is_scalar_as_told(value: Any, kind: str, text: str) -> bool:
    wanted_type, read = _READ[kind]
    wanted = read(text)
    if type(value) is not wanted_type:
        return False
    # A datetime with an offset equals none without one, and nan equals nothing.
    return bool(value == wanted) or str(value) == str(wanted) == "nan"


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (speed, memory, hostile, places, conformance)
}

if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    json.dump(TASKS[task](*arguments), sys.stdout)
