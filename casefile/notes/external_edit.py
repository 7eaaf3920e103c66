"""The files of a draft that is being edited in another editor, and what that editor leaves."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path

from casefile import files
from casefile.notes.annotation import NoteUnreadable

SIZE_LIMIT = 16 * 1024 * 1024
"""The size limit of a draft in bytes; larger than a note's, so that a long text is not lost."""

_TEXT = ".md"
"""The suffix of the file that the editor works on."""
_SAVED = f"{_TEXT}.save"
"""The suffix of the file in which nano saves its text when it is killed."""
_SWAP = ".swp"
"""The suffix of vim's swap file, which holds what is not written yet."""


class EditorFiles:
    """The files that belong to a draft while another editor works on it."""

    def __init__(self, draft: Path) -> None:
        self.text_file = draft.with_suffix(_TEXT)
        self._saved = draft.with_suffix(_SAVED)
        self._swap = draft.with_name(f".{self.text_file.name}{_SWAP}")

    @property
    def modified(self) -> int:
        """When the text was written last, in nanoseconds; 0 if it never was."""
        return max(map(modified_at, (self.text_file, self._saved)))

    @property
    def has_newer_swap(self) -> bool:
        """Whether vim's swap file is newer than the text; only vim can read it."""
        return modified_at(self._swap) > self.modified

    def text(self) -> str:
        """Return the text as the editor wrote it last.

        Raises FileNotFoundError if there is none, OSError, and NoteUnreadable if it is not UTF-8.
        """
        last = max(self.text_file, self._saved, key=modified_at)
        data = files.read_own(last, SIZE_LIMIT)
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise NoteUnreadable(f"the text in {last} is not in UTF-8") from None

    def remove(self) -> None:
        """Remove the files, except a swap file that is newer than the text."""
        swap = [] if self.has_newer_swap else [self._swap]
        for path in (self.text_file, self._saved, *swap):
            # Durably: the draft is removed later, and would leave them without one.
            with suppress(OSError):
                files.remove(path)

    def move_swap_to(self, other: EditorFiles) -> None:
        """Remove the files, and let a newer swap file belong to the other draft."""
        if self.has_newer_swap:
            with suppress(OSError):
                self._swap.rename(other._swap)
        self.remove()


def orphaned_files(folder: Path, known: Set[str], alive: Set[str]) -> Iterator[tuple[Path, str]]:
    """Yield the editors' files that are part of no draft, each with what to do about it.

    `known` are the ids of all drafts, `alive` those of the drafts that are open in a process.
    """
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return
    for name in sorted(names):
        file = folder / name.removeprefix(".").removesuffix(_SWAP)
        draft = file.name.partition(".")[0]
        if draft in alive and file.name in names:
            # The editor is still running.
            continue
        if name.endswith(_SWAP):
            if modified_at(folder / name) > modified_at(file):
                yield folder / name, f"vim has left unsaved text there; vim -r {file} recovers it"
        elif name.endswith((_TEXT, _SAVED)) and draft not in known:
            yield folder / name, "an editor saved it there after its draft was closed"


def modified_at(path: Path) -> int:
    """Return the modification time of a file in nanoseconds, or 0 if it is missing."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
