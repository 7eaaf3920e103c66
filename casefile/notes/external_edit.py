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
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from casefile import durable_files, files
from casefile.notes.annotation import NoteUnreadable
from casefile.notes.toml_lines import size_in_file
from casefile.text.inert import lines_of

DRAFT_LIMIT = 16 * 1024 * 1024
"""The size limit of a draft's file in bytes, which any text has room in that the editor holds."""
EDITOR_LIMIT = 4 * 1024 * 1024
"""The most bytes that a text in the editor may take in the file of its draft.

More than a note may have, so that a text that is too long can be shortened here.
"""

_MOST_LINES_LOOKED_FOR = 500
LAST_LINES = 3
"""How many lines at the end of a text are missing if it was cut off, at least."""
TEXT = "note.md"
"""The name of the file that the editor works on."""
# What nano and emacs save when they are killed.
_RESCUED = re.compile(rf"{re.escape(TEXT)}\.save(\.\d+)?|#{re.escape(TEXT)}#")
_BACKUP = re.compile(rf"{re.escape(TEXT)}((\.~\d+)?~|\.bak|\.orig)")
"""What was saved before, as vim, emacs and nano name it, or are often told to."""
# What vim and emacs can undo, and a lock of emacs: none has unsaved text.
_BESIDES = re.compile(rf"\.{re.escape(TEXT)}\.(un|~undo-tree)~|\.#{re.escape(TEXT)}")
_SWAP = re.compile(r"\..*\.sw[a-p]", re.DOTALL)
"""Vim's swap files, which hold what is not written yet; one that ends well removes its own."""


class LeftFile(msgspec.Struct, frozen=True):
    """A file that an editor has left; its text, or why it can't be read, if it should have one."""

    path: Path
    modified: int
    text: str | None = None
    problem: str = ""

    @property
    def is_saved(self) -> bool:
        """Whether it is the file that the editor was given, in which it saves."""
        return self.path.name == TEXT

    @property
    def is_text(self) -> bool:
        """Whether it is the text, as the editor saved or rescued it."""
        return self.is_saved or bool(_RESCUED.fullmatch(self.path.name))

    @property
    def is_backup(self) -> bool:
        """Whether it has the text as it was saved before."""
        return bool(_BACKUP.fullmatch(self.path.name))

    @property
    def is_swap(self) -> bool:
        """Whether it is vim's own, from which vim can recover what was not saved."""
        return bool(_SWAP.fullmatch(self.path.name))

    @property
    def is_unread(self) -> bool:
        """Whether it may have a text that can't be read here."""
        if self.is_text or self.is_backup:
            return self.text is None
        is_ours = durable_files.is_unfinished(self.path)
        return not is_ours and not _BESIDES.fullmatch(self.path.name)


class Leavings(msgspec.Struct, frozen=True):
    """What an editor has left in its folder at one moment, the latest file first."""

    files: tuple[LeftFile, ...]

    @property
    def modified(self) -> int:
        """When a text was written last, in nanoseconds; 0 if none ever was."""
        return max((file.modified for file in self.files if file.is_text), default=0)

    @property
    def has_saved(self) -> bool:
        """Whether the file is there that the editor was given."""
        return any(file.is_saved for file in self.files)

    @property
    def has_swap(self) -> bool:
        """Whether vim may have left words that it had not saved."""
        return any(file.is_swap for file in self.files)

    @property
    def texts(self) -> tuple[str, ...]:
        """The readable texts, saved or rescued."""
        return tuple(file.text for file in self.files if file.is_text and file.text is not None)

    @property
    def backups(self) -> tuple[str, ...]:
        """The readable texts that were saved before."""
        return tuple(file.text for file in self.files if file.is_backup and file.text is not None)

    @property
    def unread(self) -> tuple[LeftFile, ...]:
        """The files that may have a text and can't be read here."""
        return tuple(file for file in self.files if file.is_unread)

    def text(self, *, has_ended_well: bool = False) -> str | None:
        """Return the text that counts, or None if there is none.

        After an editor that `has_ended_well` that is what it saved: a rescued text is what the
        reader did not want to save. Otherwise it is the text that was written last; if that is cut
        off, the one before. Raises NoteUnreadable if no such text can be read.
        """
        texts = [file for file in self.files if file.is_text]
        if has_ended_well:
            texts = [file for file in texts if file.is_saved]
        readable = [file.text for file in texts if file.text is not None]
        if not readable:
            if texts:
                raise NoteUnreadable(texts[0].problem)
            return None
        last = readable[0]
        return next((text for text in readable if is_cut_from(last, text)), last)


class EditorFolder:
    """The folder of one draft while another editor works on it, and afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text_file = path / TEXT

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is in the folder, links and special files included; none without a folder."""
        return paths_in(self.path)

    def is_empty(self) -> bool:
        """Whether nothing is in the folder, or there is none; raises OSError."""
        return not listed_paths(self.path)

    def read(self) -> Leavings:
        """Read what is in the folder; raises OSError if it can't be listed."""
        found = map(_left_file, listed_paths(self.path))
        return Leavings(tuple(sorted(found, key=lambda file: file.modified, reverse=True)))

    def set_aside(self) -> None:
        """Let what was not read be part of no draft, so that it is named and not written over."""
        with suppress(FileNotFoundError):
            self.path.rename(self.path.with_name(str(uuid.uuid4())))

    def close(self, left: Leavings) -> bool:
        """Remove what was read, and set aside what remains; return whether anything does.

        An empty folder stays: an editor that goes on in the background can still save its text.
        """
        kept = {file.path for file in left.unread}
        if left.has_swap:
            # What is not in the swap file, vim recovers from the text.
            kept.add(self.text_file)
        for file in left.files:
            if file.path not in kept and modified_at(file.path) == file.modified:
                # Durably: the draft is removed later, and would leave them without one.
                with suppress(OSError):
                    durable_files.remove(file.path)
        with suppress(OSError):
            if self.is_empty():
                return False
            self.set_aside()
        return True


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
        try:
            left = editor_folder.read()
        except OSError as error:
            yield editor_folder.path, files.error_with_path(error)
            continue
        is_editor_running = draft in alive and left.has_saved
        for file in sorted(
            left.unread if draft in known else left.files, key=lambda file: file.path
        ):
            if is_editor_running and not file.problem:
                continue
            if file.is_swap:
                recover = f"vim -r {editor_folder.text_file}"
                yield file.path, f"vim has left unsaved text there; {recover} recovers it"
            elif left.has_swap and file.path == editor_folder.text_file:
                yield file.path, "vim needs it to recover the text that is not saved"
            else:
                why = "an editor left it there; it may have text of no note"
                yield file.path, file.problem or why


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


def texts_with_other_lines(
    texts: Iterable[str], known: Sequence[str], last: int | None = None
) -> tuple[str, ...]:
    """Return the texts that have other lines than those that are known, or that come before."""
    others: list[str] = []
    for text in texts:
        if has_other_lines(text, [*known, *others], last):
            others.append(text)
    return tuple(others)


def has_other_lines(text: str, others: Sequence[str], last: int | None = None) -> bool:
    """Whether a text has a line, or one of its last, that is in none of the others as a part."""
    known = {line for other in others for line in lines_of(other)}
    written = [line for line in lines_of(text) if line.strip()]
    lines = {*written[-last:]} - known if last else {*written} - known
    # Each is looked for in all of the others, which takes long.
    return len(lines) > _MOST_LINES_LOOKED_FOR or any(
        not any(line.strip() in other for other in others) for line in lines
    )


def _left_file(path: Path) -> LeftFile:
    file = LeftFile(path, modified_at(path))
    if not file.is_text and not file.is_backup:
        return file
    try:
        return replace(file, text=_text_in(path))
    except NoteUnreadable as error:
        return replace(file, problem=str(error))
    except OSError as error:
        return replace(file, problem=files.error_with_path(error))


def _text_in(path: Path) -> str:
    data = files.read_own(path, DRAFT_LIMIT)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NoteUnreadable(f"the text is not in UTF-8: {path}") from None
    if size_in_file(text) > EDITOR_LIMIT:
        raise NoteUnreadable(f"the text has more than {EDITOR_LIMIT:,} bytes: {path}")
    return text


def modified_at(path: Path) -> int:
    """Return the modification time of a file in nanoseconds, or 0 if it is missing."""
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


def paths_in(folder: Path) -> tuple[Path, ...]:
    """Return all that is in a folder, by name; nothing if it can't be listed."""
    with suppress(OSError):
        return listed_paths(folder)
    return ()


def listed_paths(folder: Path) -> tuple[Path, ...]:
    """Return all that is in a folder, by name; nothing if it is missing. Raises OSError."""
    try:
        with os.scandir(folder) as found:
            return tuple(sorted(Path(one.path) for one in found))
    except FileNotFoundError:
        return ()
