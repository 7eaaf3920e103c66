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

Loss: TypeAlias = Literal["draft", "other", "unread"] | None
"""What is not in the text of an editor: the end of the draft, which stays; lines of another text,
which waits as a draft; or what the editor has left that can't be read here."""
LAST_LINES = 3
"""How many lines at the end of a text are missing if it was cut off, at least."""
TEXT = "note.md"
"""The name of the file that the editor works on."""
# What nano and emacs save when they are killed.
_RESCUED = re.compile(rf"{re.escape(TEXT)}\.save(\.\d+)?|#{re.escape(TEXT)}#")
# Backups and undo files, and a lock of emacs: none has unsaved text.
_BESIDES = re.compile(rf"\.?{re.escape(TEXT)}(\..*)?~|\.#{re.escape(TEXT)}", re.DOTALL)
_SWAP = re.compile(r"\..*\.sw[a-p]", re.DOTALL)
"""Vim's swap files, which hold what is not written yet; one that ends well removes its own."""


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
        """The files that may have text of their own and can't be read here."""
        ours = {*self._texts, *durable_files.unfinished_in(self.path)}
        others = (path for path in self.files if path not in ours)
        return (
            *(path for path in others if not _BESIDES.fullmatch(path.name)),
            *filter(_reading_problem, self._texts),
        )

    def text(self, *, has_ended_well: bool = False) -> str:
        """Return the text that counts of those that the editor left.

        After an editor that `has_ended_well` that is what it saved: a rescued text is what the
        reader did not want to save. Otherwise it is the text that was written last; if that is cut
        off, the one before.

        Raises FileNotFoundError if there is none, OSError, and NoteUnreadable if it is not UTF-8.
        """
        if has_ended_well and self.text_file.exists():
            return _text_in(self.text_file)
        last = _text_in(max(self._texts, key=modified_at))
        return next((text for text in self.texts if is_cut_from(last, text)), last)

    @property
    def texts(self) -> tuple[str, ...]:
        """All readable texts that the editor left, the latest first."""
        found: list[str] = []
        for path in sorted(self._texts, key=modified_at, reverse=True):
            with suppress(OSError, NoteUnreadable):
                found.append(_text_in(path))
        return tuple(found)

    def set_aside(self) -> None:
        """Let what was not read be part of no draft, so that it is named and not written over."""
        if self.files:
            self.path.rename(self.path.with_name(str(uuid.uuid4())))

    def close(self) -> bool:
        """Remove all files but unsaved text; set that aside, and return whether there is any.

        An empty folder stays: an editor that goes on in the background can still save its text.
        """
        kept = {*self.unsaved}
        if any(_SWAP.fullmatch(path.name) for path in kept):
            # What is not in the swap file, vim recovers from the text.
            kept.add(self.text_file)
        for path in self.files:
            if path not in kept:
                # Durably: the draft is removed later, and would leave them without one.
                with suppress(OSError):
                    durable_files.remove(path)
        with suppress(OSError):
            self.set_aside()
        return bool(kept)

    def is_text(self, path: Path) -> bool:
        """Whether a file has the text, as it was saved or rescued."""
        return path in self._texts

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
        unsaved = editor_folder.unsaved
        has_swap_file = any(_SWAP.fullmatch(path.name) for path in unsaved)
        for path in editor_folder.files if draft not in known else unsaved:
            if _SWAP.fullmatch(path.name):
                recover = f"vim -r {editor_folder.text_file}"
                yield path, f"vim has left unsaved text there; {recover} recovers it"
            elif has_swap_file and path == editor_folder.text_file:
                yield path, "vim needs it to recover the text that is not saved"
            else:
                problem = _reading_problem(path) if editor_folder.is_text(path) else ""
                yield path, problem or "an editor left it there; it may have text of no note"


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


def _reading_problem(path: Path) -> str:
    """Return why a text can't be read, or "" if it can, or is not there."""
    try:
        _text_in(path)
    except FileNotFoundError:
        return ""
    except NoteUnreadable as error:
        return str(error)
    except OSError as error:
        return files.error_with_path(error)
    return ""


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
