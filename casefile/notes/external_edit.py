"""What another editor has of a draft: the file that it works on, and what it rescues beside it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path

from casefile import files
from casefile.notes.annotation import NoteUnreadable

# Room for more than a note may hold: what is too long to keep is still not lost.
SIZE_LIMIT = 16 * 1024 * 1024

_LENT = ".md"
"""How the name of a file ends that another editor works on."""
_SAVED = f"{_LENT}.save"
"""How the name of a file ends in which nano puts a text when it is told to end."""
_SWAP = ".swp"
"""How the name of a file ends in which vim has what is not written yet."""


class Loan:
    """The files of other editors that belong to the draft in a file."""

    def __init__(self, draft: Path) -> None:
        self.file = draft.with_suffix(_LENT)
        self._saved = draft.with_suffix(_SAVED)
        self._swap = draft.with_name(f".{self.file.name}{_SWAP}")

    @property
    def written(self) -> int:
        """When an editor wrote last, in nanoseconds; long ago where none has."""
        return max(map(when_written, (self.file, self._saved)))

    @property
    def vim_has_more(self) -> bool:
        """Whether vim was ended with more in it than was written; only vim can read that."""
        return when_written(self._swap) > self.written

    def text(self) -> str:
        """Give what an editor wrote last.

        Raises FileNotFoundError where none did, OSError, and NoteUnreadable for what is not UTF-8.
        """
        last = max(self.file, self._saved, key=when_written)
        data = files.read_own(last, SIZE_LIMIT)
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise NoteUnreadable(f"the text in {last} is not in UTF-8") from None

    def end(self) -> None:
        """Remove what has been taken back; what only vim can read stays."""
        done_with = [self.file, self._saved, *([] if self.vim_has_more else [self._swap])]
        for path in done_with:
            with suppress(OSError):
                path.unlink()

    def pass_on(self, other: Loan) -> None:
        """End it, and let what only vim can read belong to the other one's draft."""
        if self.vim_has_more:
            with suppress(OSError):
                self._swap.rename(other._swap)
        self.end()


def left_by_editors(folder: Path, known: Set[str], alive: Set[str]) -> Iterator[tuple[Path, str]]:
    """Name what editors have left that no draft has: written late, or rescued by vim.

    `known` are the ids of all drafts, `alive` of those that somebody has open.
    """
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return
    for name in sorted(names):
        file = folder / name.removeprefix(".").removesuffix(_SWAP)
        draft = file.name.partition(".")[0]
        if draft in alive and file.name in names:
            # An editor has it now.
            continue
        if name.endswith(_SWAP):
            if when_written(folder / name) > when_written(file):
                yield folder / name, f"vim has rescued a text there; vim -r {file} gets it back"
        elif name.endswith((_LENT, _SAVED)) and draft not in known:
            yield folder / name, "an editor has left it there after its draft was done with"


def when_written(path: Path) -> int:
    """Give when a file was written last, in nanoseconds; long ago where it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
