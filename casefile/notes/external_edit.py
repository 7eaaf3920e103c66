"""The folder in which another editor works on a draft, and what the editor leaves there.

Each draft has a folder of its own, so that all that an editor writes beside the text (swap files,
backups, rescued texts) can be found and removed, whatever its name. The name of the text is the
same for all drafts, and the editor is started in the folder: the list of processes, which everybody
on the machine can read, tells nothing of the case.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from itertools import filterfalse
from pathlib import Path
from typing import Literal, TypeAlias

from casefile import durable_files, files
from casefile.notes.annotation import NoteUnreadable, size_in_file
from casefile.text.inert import lines_of

DRAFT_LIMIT = 16 * 1024 * 1024
"""The size limit of a draft's file in bytes, which any text has room in that the editor holds."""
EDITOR_LIMIT = 4 * 1024 * 1024
"""The most bytes that a text in the editor may take in the file of its draft.

More than a note may have, so that a text that is too long can be shortened here.
"""

Loss: TypeAlias = Literal["draft", "earlier"] | None
"""Which text has been cut off by an editor: that of the draft, which stays, or an earlier one."""
LAST_LINES = 3
"""How many lines at the end of a text are missing if it was cut off, at least."""
TEXT = "note.md"
"""The name of the file that the editor works on."""
# What nano and emacs save when they are killed.
_RESCUED = re.compile(rf"{re.escape(TEXT)}\.save(\.\d+)?|#{re.escape(TEXT)}#")
# Backups and undo files, a lock of emacs, and our own unfinished files: none has unsaved text.
_BESIDES = re.compile(rf".*~|\.#.*|.*{re.escape(durable_files.UNFINISHED)}", re.DOTALL)
_SWAP = re.compile(r"\..*\.sw[a-p]", re.DOTALL)
"""Vim's swap files, which hold what is not written yet."""


class EditorFolder:
    """The folder of one draft while another editor works on it, and afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text_file = path / TEXT

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is in the folder, links and special files included; none without a folder."""
        return paths_in(self.path)

    @property
    def modified(self) -> int:
        """When the text was written last, in nanoseconds; 0 if it never was."""
        return max(map(modified_at, self._texts))

    @property
    def unsaved(self) -> tuple[Path, ...]:
        """The files that may have text of their own and can't be read here.

        A swap file has none if the text was written after it; what the reader saved under another
        name always has.
        """
        others = (path for path in self.files if path not in self._texts)
        return (*filterfalse(self._is_left_over, others), *filter(_is_unreadable, self._texts))

    def _is_left_over(self, path: Path) -> bool:
        if _SWAP.fullmatch(path.name):
            return modified_at(path) <= self.modified
        return bool(_BESIDES.fullmatch(path.name))

    def text(self) -> str:
        """Return the text as the editor wrote it last; if that is cut off, the one before.

        Raises FileNotFoundError if there is none, OSError, and NoteUnreadable if it is not UTF-8.
        """
        last = _text_in(max(self._texts, key=modified_at))
        return next((text for text in self.earlier_texts if is_cut_from(last, text)), last)

    @property
    def ends_with_line(self) -> bool:
        """Whether the text is empty or ends with a line end, as most editors write it."""
        return self.text()[-1:] in ("", "\n")

    @property
    def earlier_texts(self) -> tuple[str, ...]:
        """The readable texts that the editor wrote before its last one, the latest first."""
        found: list[str] = []
        for path in self._earlier_files:
            with suppress(OSError, NoteUnreadable):
                found.append(_text_in(path))
        return tuple(found)

    @property
    def _earlier_files(self) -> list[Path]:
        return sorted(self._texts, key=modified_at, reverse=True)[1:]

    def set_aside(self) -> None:
        """Let what was not read be part of no draft, so that it is named and not written over."""
        if self.files:
            self.path.rename(self.path.with_name(str(uuid.uuid4())))

    def remove(self) -> None:
        """Remove all files but unsaved text; the folder stays.

        An editor that goes on in the background can then still save its text.
        """
        unsaved = self.unsaved
        for path in self.files:
            if path not in unsaved:
                # Durably: the draft is removed later, and would leave them without one.
                with suppress(OSError):
                    durable_files.remove(path)

    def move_unsaved_to(self, other: EditorFolder) -> None:
        """Remove the files, and let unsaved text belong to the other draft."""
        unsaved = self.unsaved
        self.remove()
        if unsaved:
            with suppress(OSError):
                self.path.rename(other.path)

    @property
    def _texts(self) -> tuple[Path, ...]:
        rescued = (path for path in self.files if _RESCUED.fullmatch(path.name))
        return (self.text_file, *rescued)


def editor_folders(folder: Path) -> list[EditorFolder]:
    """Return the folders of the drafts on a case, which are all in one."""
    return [*map(EditorFolder, paths_in(folder))]


def orphaned_files(folder: Path, known: Set[str], alive: Set[str]) -> Iterator[tuple[Path, str]]:
    """Yield the editors' files that are part of no draft, each with what to do about it.

    `folder` has the folders of all drafts on a case. `known` are the ids of the drafts, `alive` of
    those that are open in a process.
    """
    for editor_folder in editor_folders(folder):
        draft = editor_folder.path.name
        if draft in alive and editor_folder.text_file.exists():
            # The editor is still running.
            continue
        for path in editor_folder.files if draft not in known else editor_folder.unsaved:
            if _SWAP.fullmatch(path.name):
                recover = f"vim -r {editor_folder.text_file}"
                yield path, f"vim has left unsaved text there; {recover} recovers it"
            elif draft in known:
                yield path, "an editor has left it there; it may have unsaved text"
            else:
                yield path, "an editor saved it there after its draft was closed"


def sweep_editor_folders(folder: Path, *, older_than: float = 86_400) -> None:
    """Remove the empty folders of drafts that were closed `older_than` seconds ago.

    Unfinished files that killed processes have left in folders are removed too.
    """
    for path in paths_in(folder):
        durable_files.sweep(path)
        if time.time() - modified_at(path) / 1e9 > older_than:
            with suppress(OSError):
                path.rmdir()


def is_cut_from(text: str, whole: str) -> bool:
    """Whether a text is the beginning of another, or nothing, but not all of it."""
    start = text.rstrip("\n") if text.strip() else ""
    return len(start) < len(whole.rstrip()) and whole.startswith(start)


def has_other_lines(text: str, others: Sequence[str], last: int | None = None) -> bool:
    """Whether a text has a line, or one of its last, that is in none of the others as a part."""
    known = {line for other in others for line in lines_of(other)}
    written = [line for line in lines_of(text) if line.strip()]
    lines = {*written[-last:]} - known if last else {*written} - known
    return any(not any(line.strip() in other for other in others) for line in lines)


def _is_unreadable(path: Path) -> bool:
    try:
        _text_in(path)
    except (NoteUnreadable, OSError) as error:
        return isinstance(error, NoteUnreadable)
    return False


def _text_in(path: Path) -> str:
    data = files.read_own(path, DRAFT_LIMIT)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NoteUnreadable(f"the text in {path} is not in UTF-8") from None
    if size_in_file(text) > EDITOR_LIMIT:
        raise NoteUnreadable(f"the text in {path} has more than {EDITOR_LIMIT:,} bytes")
    return text


def modified_at(path: Path) -> int:
    """Return the modification time of a file in nanoseconds, or 0 if it is missing."""
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


def paths_in(folder: Path) -> tuple[Path, ...]:
    """Return all that is in a folder, by name; nothing if it can't be listed."""
    with suppress(OSError), os.scandir(folder) as found:
        return tuple(sorted(Path(one.path) for one in found))
    return ()
