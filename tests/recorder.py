"""Record the calls by which a process changes files, in their order, with what it prints.

python recorder.py RECORD FOLDER SAVING    saves what has this name in power_saves.SAVINGS

The functions of `os` are wrapped; only calls that succeed, on paths below FOLDER, are recorded.
`open()` with a mode for writing is recorded as "unknown": nothing in casefile writes files by it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from terminal import readers_environment

_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Step:
    """A call that has changed files, or what was printed ("said")."""

    call: str
    paths: tuple[str, ...] = ()
    """The paths, relative to the folder; for `write` and `fsync` the one that was opened."""
    handle: int = 0
    """The number of the `open` that a `write` or `fsync` belongs to."""
    data: str = ""
    """What was written, in Latin-1, or what was printed."""


class Recorder:
    """The steps of this process since `start`."""

    def __init__(self, folder: Path) -> None:
        self.steps: list[Step] = []
        self._folder = str(folder)
        self._open: dict[int, tuple[int, str]] = {}
        """The handle and the path of each open descriptor."""
        self._count = 0

    def start(self) -> None:
        """Wrap the functions of `os`, and what is printed."""
        for name, of_two in (
            *(("mkdir", False), ("rmdir", False), ("unlink", False), ("remove", False)),
            *(("link", True), ("rename", True), ("replace", True), ("symlink", True)),
        ):
            self._wrap(name, self._named(name, 2 if of_two else 1))
        for name in ("write", "fsync"):
            self._wrap(name, self._on_descriptor(name))
        self._wrap("open", self._opening)
        self._wrap("close", self._closing)
        for name in ("truncate", "ftruncate", "pwrite", "writev", "fdatasync", "lseek"):
            self._wrap(name, self._unknown(name))
        for stream in ("stdout", "stderr"):
            setattr(sys, stream, self._printing(getattr(sys, stream)))
        sys.addaudithook(self._audit)

    def _wrap(self, name: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        setattr(os, name, wrapper(getattr(os, name)))

    def _within(self, path: Any) -> str | None:
        full = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 -- resolve() would follow links
        if f"{full}/".startswith(f"{self._folder}/"):
            return os.path.relpath(full, self._folder)
        return None

    def _named(self, name: str, count: int) -> Callable[..., Any]:
        def wrapper(call: Callable[..., Any]) -> Callable[..., Any]:
            def recorded(*args: Any, **kwargs: Any) -> Any:
                result = call(*args, **kwargs)
                paths = [path for one in args[:count] if (path := self._within(one))]
                if paths:
                    same = {"remove": "unlink", "replace": "rename"}.get(name, name)
                    self.steps.append(Step(same, tuple(paths)))
                return result

            return recorded

        return wrapper

    def _opening(self, call: Callable[..., int]) -> Callable[..., int]:
        def recorded(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            # A path below a descriptor is only ever opened for reading.
            name = None if kwargs.get("dir_fd") else self._within(path)
            is_new = name is not None and not os.path.lexists(path)
            descriptor = call(path, flags, *args, **kwargs)
            if name is not None:
                self._count += 1
                self._open[descriptor] = (self._count, name)
                if flags & _WRITING:
                    does = "create" if is_new else "reopen"
                    self.steps.append(Step(does, (name,), self._count))
            return descriptor

        return recorded

    def _closing(self, call: Callable[[int], None]) -> Callable[[int], None]:
        def recorded(descriptor: int) -> None:
            self._open.pop(descriptor, None)
            call(descriptor)

        return recorded

    def _on_descriptor(self, name: str) -> Callable[..., Any]:
        def wrapper(call: Callable[..., Any]) -> Callable[..., Any]:
            def recorded(descriptor: int, *args: Any) -> Any:
                result = call(descriptor, *args)
                if descriptor in self._open:
                    handle, path = self._open[descriptor]
                    data = bytes(args[0][:result]).decode("latin-1") if args else ""
                    self.steps.append(Step(name, (path,), handle, data))
                return result

            return recorded

        return wrapper

    def _unknown(self, name: str) -> Callable[..., Any]:
        def wrapper(call: Callable[..., Any]) -> Callable[..., Any]:
            def recorded(descriptor: Any, *args: Any, **kwargs: Any) -> Any:
                if descriptor in self._open:
                    self.steps.append(Step("unknown", (f"{name} {self._open[descriptor][1]}",)))
                return call(descriptor, *args, **kwargs)

            return recorded

        return wrapper

    def _printing(self, stream: Any) -> io.TextIOWrapper:
        steps = self.steps

        class Printed(io.RawIOBase):
            def writable(self) -> bool:
                return True

            def write(self, data: Any) -> int:
                steps.append(Step("said", data=bytes(data).decode()))
                return int(stream.buffer.raw.write(data))

        return io.TextIOWrapper(io.BufferedWriter(Printed()), line_buffering=True)

    def _audit(self, event: str, args: Sequence[Any]) -> None:
        # os.open passes no mode.
        if event == "open" and isinstance(args[1], str) and {*args[1]} & {*"wax+"}:
            path = self._within(args[0]) if isinstance(args[0], str | os.PathLike) else None
            if path:
                self.steps.append(Step("unknown", (f"open {path}",)))


def recorded_steps(home: Path, saving: str, before: Sequence[str | Path] = ()) -> tuple[Step, ...]:
    """Save something in a process of its own; return its steps in the home."""
    record = home.with_suffix(".steps")
    subprocess.run(
        [*before, sys.executable, __file__, record, home, saving],
        env=readers_environment(home, PYTHONDONTWRITEBYTECODE="1"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    rows = json.loads(record.read_text())
    return tuple(Step(**{**row, "paths": tuple(row["paths"])}) for row in rows)


def main(record: str, home: str, saving: str) -> None:
    """Record what a saving does."""
    from power_saves import SAVINGS

    recorder = Recorder(Path(home))
    recorder.start()
    SAVINGS[saving].save(Path(home))
    sys.stdout.flush()
    sys.stderr.flush()
    steps = [asdict(step) for step in recorder.steps]
    Path(record).write_text(json.dumps(steps))


if __name__ == "__main__":
    main(*sys.argv[1:])
