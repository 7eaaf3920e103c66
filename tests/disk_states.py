"""The states in which a file system may be after the power has gone.

The model is that of "All File Systems Are Not Created Equal" (Pillai and others, OSDI 2014), at its
weakest, so that what holds here holds on ext4, XFS, Btrfs, F2FS and their like:

- The power goes after any call.
- What was written to a file is there once the file has been synced. Of later writes any may be
  missing, or there without those before them, the rest being zeros; the last may be cut short; the
  file may have its length already and hold zeros.
- A new, changed or removed name is there once its folder has been synced, and no sooner: syncing a
  file doesn't keep its name, nor syncing a folder that of the folder itself. Of later changes any
  may be missing, in one folder or several, in any order, but changes of one name keep their order.
- A rename within a folder is there or not. (casefile renames nowhere else.)
- A file can have its name before its content.

Not in the model: a disk that forgets what it has called synced, damage to what was not written to,
and modes and times, of which nothing depends that was called saved.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from pathlib import Path

from recorder import Step

FOLDER = None
"""What a state holds in place of the content of a folder."""

State = Mapping[str, bytes | None]
"""The content of each file and FOLDER for each folder, by path."""


@dataclass
class _File:
    """A file: what a sync has put on disk, and what was written since."""

    synced: bytes = b""
    written: list[bytes] = field(default_factory=list)

    def contents(self) -> list[bytes]:
        """Return what may be on disk, the whole first."""
        if not self.written:
            return [self.synced]
        whole = self.synced + b"".join(self.written)
        zeros = bytes(len(whole) - len(self.synced))
        last = self.written[-1]
        half = whole[: len(whole) - len(last) + len(last) // 2]
        found = [whole, self.synced, half, self.synced + zeros]
        start = len(self.synced)
        for piece in self.written:
            # Each write missing, or its first half, with all that follows.
            found += [
                whole[:start] + bytes(lost) + whole[start + lost :]
                for lost in (len(piece), len(piece) // 2)
            ]
            start += len(piece)
        return [*dict.fromkeys(found)]


@dataclass(frozen=True)
class _Change:
    """A change of names in one folder: each name with the number of what has it then, or None."""

    names: tuple[tuple[str, int | None], ...]

    @property
    def folder(self) -> str:
        return os.path.dirname(self.names[0][0]) or "."  # noqa: PTH120 -- the top is "."


class Disk:
    """The names and files after some steps, on disk or not yet."""

    def __init__(self, before: State) -> None:
        self._files: dict[int, _File] = {}
        self._folders: set[int] = set()
        self._synced: dict[str, int | None] = {}
        """The names on disk."""
        self._now: dict[str, int | None] = {}
        self._pending: list[_Change] = []
        self._opened: dict[int, int] = {}
        for path, content in before.items():
            self._synced[path] = self._now[path] = self._new(content)

    def _new(self, content: bytes | None) -> int:
        number = len(self._files) + len(self._folders)
        if content is FOLDER:
            self._folders.add(number)
        else:
            self._files[number] = _File(content)
        return number

    def take(self, step: Step) -> None:
        """Do what a step did; raises ValueError for one that the model doesn't know."""
        path, *others = step.paths
        match step.call:
            case "create":
                self._opened[step.handle] = self._new(b"")
                self._change((path, self._opened[step.handle]))
            case "mkdir":
                self._change((path, self._new(FOLDER)))
            case "link":
                self._change((others[0], self._now[path]))
            case "rename":
                self._change((path, None), (others[0], self._now[path]))
            case "unlink" | "rmdir":
                self._change((path, None))
            case "write" if step.handle in self._opened:
                self._files[self._opened[step.handle]].written.append(step.data.encode("latin-1"))
            case "fsync" if step.handle in self._opened:
                file = self._files[self._opened[step.handle]]
                file.synced, file.written = file.contents()[0], []
            case "fsync":
                for change in self._pending:
                    if change.folder == path:
                        self._synced.update(change.names)
                self._pending = [one for one in self._pending if one.folder != path]
            case _:
                raise ValueError(f"no file system does {step} in this model")

    def _change(self, *names: tuple[str, int | None]) -> None:
        change = _Change(names)
        if any(_Change((name,)).folder != change.folder for name in names):
            raise ValueError(f"{names}: a rename between folders")
        self._now.update(names)
        self._pending.append(change)

    def states(self, most: int, chance: random.Random) -> Iterator[State]:
        """Yield the states after a cut now, at most some `most` of them."""
        for changes in _subsets(self._pending, most, chance):
            names = dict(self._synced)
            for change in changes:
                names.update(change.names)
            yield from self._with_contents(names, most)

    def _with_contents(self, names: Mapping[str, int | None], most: int) -> Iterator[State]:
        there = {
            path: number
            for path, number in names.items()
            if number is not None and _is_reachable(path, names)
        }
        unsynced = sorted(
            {n for n in there.values() if n in self._files and self._files[n].written}
        )
        contents = [self._files[number].contents() for number in unsynced]
        for chosen in islice(product(*contents), most):
            now = dict(zip(unsynced, chosen, strict=True))
            yield {
                path: FOLDER if n in self._folders else now.get(n, self._files[n].synced)
                for path, n in sorted(there.items())
            }


def _is_reachable(path: str, names: Mapping[str, int | None]) -> bool:
    return all(names.get(str(folder)) is not None for folder in [*Path(path).parents][:-1])


def _subsets(
    changes: Sequence[_Change], most: int, chance: random.Random
) -> Iterator[tuple[_Change, ...]]:
    """Yield the changes that may have reached the disk: all choices, or `most` of the likeliest.

    A change is there only with all earlier ones of its names.
    """
    numbers = range(len(changes))
    needs = {
        number: {
            before for before in range(number) if _share_name(changes[before], changes[number])
        }
        for number in numbers
    }
    seen = set[frozenset[int]]()
    for chosen in _choices(len(changes), most, chance):
        closed = set[int]()
        for number in sorted(chosen):
            if needs[number] <= closed:
                closed.add(number)
        if closed not in seen:
            seen.add(frozenset(closed))
            yield tuple(changes[number] for number in sorted(closed))
        if len(seen) >= most:
            return


def _share_name(one: _Change, other: _Change) -> bool:
    return not {name for name, _ in one.names}.isdisjoint(name for name, _ in other.names)


def _choices(count: int, most: int, chance: random.Random) -> Iterator[Set[int]]:
    """Yield all sets of the numbers below `count`, those with few or with all but few first.

    Where these are many more than `most`, only the first are followed by some random ones.
    """
    every = {*range(count)}
    is_all = 2**count <= 4 * most
    for few in range(count + 1 if is_all else min(count, 3)):
        for some in combinations(range(count), few):
            yield {*some}
            yield every - {*some}
    if not is_all:
        yield from ({n for n in every if chance.random() < 0.5} for _ in range(4 * most))
