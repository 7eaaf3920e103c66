"""Forgetting a note: removing every file of it that casefile has written on this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import msgspec

from casefile import durable_files, files
from casefile.notes.annotation import UUID, Revision
from casefile.notes.drafts import DraftFolder, DraftListing
from casefile.notes.external_edit import DRAFT_LIMIT, EditorFolder, editor_folders, paths_in
from casefile.notes.history import Note
from casefile.notes.notebook import open_notebook
from casefile.places import Places, home_directory

_IN_NAME = re.compile(UUID.pattern)
_SHORTEST_LINE = 8
"""The fewest characters of a line that tell where it is from."""
_QUOTE_MARKS = "> "

_MEMORIES = (
    *(".viminfo", ".vim/viminfo", ".local/state/vim/viminfo"),
    *(".local/state/nvim/shada/main.shada", ".local/share/nvim/shada/main.shada"),
    *(".local/share/nano/search_history", ".joe_state"),
)
"""The files in the home in which editors keep what was deleted, copied or looked for."""


class Leftover(msgspec.Struct, frozen=True):
    """A file that may have words or the id of a forgotten note, and is not removed with it."""

    path: Path
    what: str
    """What it is, in words."""
    note: str | None = None
    """The id of the note to forget, if it is a file of one."""


class Trace(msgspec.Struct, frozen=True):
    """The files of a note in one case."""

    id: str
    case: str
    folder: Path
    workshop: Path
    note: Note | None
    """The note, or None if no revision can be read."""
    files: tuple[Path, ...]
    """Unreadable files with the note's id in their name, then its revisions, oldest first."""
    draft_files: tuple[Path, ...]
    """The drafts that edit the note, and what other editors have left of them."""
    unfinished: tuple[Path, ...]
    """What saves of any text on the case have not finished, most of them killed."""
    stays: tuple[Leftover, ...]
    in_use: bool
    """Whether a running casefile has such a draft open, and would write it again."""
    replies: int
    """The number of undeleted replies to the note, which stay."""


class Copies(msgspec.Struct, frozen=True):
    """Where other programs may have copies of a forgotten note."""

    repository: Path | None
    """The `.git` above the notes."""
    versions: Path | None
    """Syncthing's `.stversions` above the notes."""
    kept: tuple[Path, ...]
    """The files in `versions` with the note's id in their names."""
    remembered: tuple[Path, ...]
    """The files in which an editor remembers words of the note, such as what was deleted."""


def traces_of(places: Places, start: str, author: str | None) -> Iterator[Trace]:
    """Yield the notes, in all cases, whose id begins with `start`, as `author` has them.

    Raises OSError.
    """
    case_ids = sorted({*places.cases_with("notes"), *places.cases_with("drafts")})
    all_files = [_CaseFiles(places, case_id, author) for case_id in case_ids]
    for case_files in all_files:
        for note_id in sorted(one for one in case_files.note_ids if one.startswith(start)):
            yield case_files.trace(note_id, all_files)


def forget(trace: Trace) -> Iterator[tuple[Path, str]]:
    """Remove the note's files; yield each path with the reason why it can't be removed, or "".

    The oldest revision is removed first, so that a failure never makes an older text current. A
    process that is saving something at this moment writes its file again. What is gone already
    is passed over.
    """
    # An unfinished file of the note, removed when it was saved, must not be back after a power cut.
    with suppress(OSError):
        durable_files.fsync_folder(trace.workshop)
    for path in (*trace.unfinished, *trace.draft_files, *trace.files):
        try:
            durable_files.remove(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield path, files.error_reason(error)
        else:
            yield path, ""


def copies_of(trace: Trace) -> Copies:
    """Look for a git repository, Syncthing's old versions, and what editors remember."""
    folder = Path(os.path.abspath(trace.folder))  # noqa: PTH100 -- resolve() would follow links
    repository = _above(folder, ".git")
    versions = _above(folder, ".stversions")
    kept: list[Path] = []
    if versions is not None:
        below = versions / folder.relative_to(versions.parent)
        with suppress(OSError):
            kept = sorted(path for path in below.iterdir() if trace.id in path.name)
    words = Words(trace.id, trace.note)
    home = home_directory()
    memories = (home / name for name in _MEMORIES)
    remembered = tuple(path for path in memories if words.are_in_file(path))
    return Copies(repository, versions, tuple(kept), remembered)


def _above(folder: Path, name: str) -> Path | None:
    tops = (folder, *folder.parents)
    return next((top / name for top in tops if os.path.lexists(top / name)), None)


class _CaseFiles:
    """All files of the notes and drafts on one case."""

    def __init__(self, places: Places, case_id: str, author: str | None) -> None:
        self._places = places
        self._notebook = open_notebook(places, case_id, author)
        self._case_id = case_id
        self._drafts_folder = places.drafts(case_id)

    @property
    def note_ids(self) -> set[str]:
        """The ids of the notes of which there is any file."""
        return {note.id for note in self._notebook.notes} | {*self._loose} | {*self._drafts}

    def trace(self, note_id: str, all_files: Iterable[_CaseFiles]) -> Trace:
        """Return the files of a note, and which of all cases may have words of it."""
        notebook = self._notebook
        revisions = sorted(
            (kept.modified, path) for path, kept in notebook.by_file.items() if kept.id == note_id
        )
        drafts = self._drafts.get(note_id, [])
        draft_files = [*drafts, *(file for draft in drafts for file in self._editors_files(draft))]
        loose = self._loose.get(note_id, [])
        removed = [*draft_files, *loose]
        removed_files = [*removed, *self._unfinished]
        folders = [path for path in removed if _is_folder(path)]
        note = notebook.note(note_id)
        words = Words(note_id, note)
        return Trace(
            id=note_id,
            case=self._case_id,
            folder=self._places.notes(self._case_id),
            workshop=self._places.workshop(self._case_id),
            note=note,
            files=(*_without_folders(loose), *(path for _, path in revisions)),
            draft_files=(*_without_folders(draft_files),),
            unfinished=(*_without_folders(self._unfinished, removed),),
            stays=(
                *(Leftover(path, "a folder in place of a file") for path in folders),
                *(
                    kept
                    for one in all_files
                    for kept in one.leftovers(note_id, words, removed_files)
                ),
            ),
            in_use=any(draft.note == note_id for draft in self._listing.in_use),
            replies=sum(
                note.current.reply_to == note_id and not note.deleted for note in notebook.notes
            ),
        )

    @cached_property
    def _loose(self) -> Mapping[str, list[Path]]:
        """What is not read as a revision, by the note id in its name or content.

        Damaged files, copies by editors and synchronisers, and links, pipes or folders.
        """
        loose: dict[str, list[Path]] = {}
        read = self._notebook.by_file
        for path in paths_in(self._places.notes(self._case_id)):
            if path not in read:
                named = _IN_NAME.search(path.name)
                for note_id in {named.group()} if named else _ids_inside(path, b"id"):
                    loose.setdefault(note_id, []).append(path)
        return loose

    @cached_property
    def _drafts(self) -> Mapping[str, list[Path]]:
        """The files of drafts, by the id of the note that they edit."""
        drafts: dict[str, list[Path]] = {}
        for path in paths_in(self._drafts_folder):
            for note_id in _ids_inside(path, b"note"):
                drafts.setdefault(note_id, []).append(path)
        return drafts

    @cached_property
    def _unfinished(self) -> list[Path]:
        folders = (
            self._places.workshop(self._case_id),
            self._places.notes(self._case_id),
            self._drafts_folder,
            *(one.path for one in editor_folders(self._places.editing(self._case_id))),
        )
        return [path for folder in folders for path in durable_files.unfinished_in(folder)]

    @cached_property
    def _listing(self) -> DraftListing:
        return DraftFolder(self._places, self._case_id).read_all()

    def _editors_files(self, draft: Path) -> Iterator[Path]:
        # A process killed while it took a draft has renamed the file alone.
        for draft_id in sorted({draft.stem, *_ids_inside(draft, b"id")}):
            if UUID.fullmatch(draft_id):
                folder = self._places.editing(self._case_id) / draft_id
                yield from EditorFolder(folder).files

    def leftovers(
        self, note_id: str, words: Words, removed: Collection[Path]
    ) -> Iterator[Leftover]:
        """Yield the files on this case that may have words or the id of a note on any case.

        Those that are `removed` are left out.
        """
        named = {*removed}
        for one in self._beside_notes(note_id, words):
            if one.path not in named:
                named.add(one.path)
                yield one
        for path, reason in self._notebook.unreadable:
            if path not in named and words.are_in_file(path):
                yield Leftover(path, f"it has words of the note; {reason}")
        for path, kept in self._notebook.by_file.items():
            if kept.id == note_id:
                continue
            if kept.reply_to == note_id:
                yield Leftover(path, "a reply to it", kept.id)
            elif words.are_in(kept.body, beside=_texts_beside_body(kept)):
                yield Leftover(path, "another note that has its id or words", kept.id)

    def _beside_notes(self, note_id: str, words: Words) -> Iterator[Leftover]:
        """Yield drafts and what editors have left, some of it twice."""
        for draft in (*self._listing.waiting, *self._listing.in_use):
            if draft.note == note_id:
                continue
            if draft.reply_to == note_id:
                why = "a draft of a reply to it"
            elif words.are_in(draft.body, beside=(*draft.tags, draft.about or "")):
                why = "a draft with words of it"
            else:
                continue
            path = self._drafts_folder / f"{draft.id}.toml"
            yield from (Leftover(file, why) for file in (path, *self._editors_files(path)))
        for path, reason in self._listing.unreadable:
            yield Leftover(path, f"it may have words of the note; {reason}")
        for folder in editor_folders(self._places.editing(self._case_id)):
            yield from (
                Leftover(path, "an editor's file with words of it")
                for path in folder.files
                if words.are_in_file(path)
            )


class Words:
    """The words of a note, by which other texts are found that were copied from it."""

    def __init__(self, note_id: str, note: Note | None) -> None:
        self._id = note_id
        self._texts = {kept.body for kept in note.history} if note else set[str]()
        self._long = {text.strip() for text in self._texts if len(text.strip()) >= _SHORTEST_LINE}
        self._lines = {line for text in self._texts for line in _lines_of(text)}

    def are_in(self, other: str, beside: Iterable[str] = ()) -> bool:
        """Whether another text, or one beside it, has a text or line of the note, or its id.

        The other text may also be a part of one. One beside it is mostly short, as a tag is, which
        says nothing if it is a part.
        """
        part = other.strip()
        is_part = len(part) >= _SHORTEST_LINE and any(part in text for text in self._long)
        return is_part or any(map(self._are_copied_to, (other, *beside)))

    def _are_copied_to(self, other: str) -> bool:
        return bool(other.strip()) and (
            self._id in other
            or other in self._texts
            or any(text in other for text in self._long)
            or not self._lines.isdisjoint(_lines_of(other))
        )

    def are_in_file(self, path: Path) -> bool:
        """Whether a file of another program has a line of the note."""
        try:
            data = files.read_regular(path, DRAFT_LIMIT)
        except OSError:
            return False
        return any(line.encode(errors="replace") in data for line in self._lines)


def _texts_beside_body(revision: Revision) -> Iterator[str]:
    """Return what may be written in a revision beside its text; title and row are the case's."""
    target = revision.target
    return _texts_in([revision.tags, revision.value, revision.extra, target.field, target.extra])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value.items()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts_in(one)


def _lines_of(text: str) -> set[str]:
    lines = (line.lstrip(_QUOTE_MARKS).rstrip() for line in text.splitlines())
    return {line for line in lines if len(line) >= _SHORTEST_LINE}


def _ids_inside(path: Path, key: bytes) -> set[str]:
    try:
        data = files.read_own(path, DRAFT_LIMIT)
    except OSError:
        return set()
    found = re.findall(rb'^%b = "(%b)"' % (key, UUID.pattern.encode()), data, re.MULTILINE)
    return {match[0].decode() for match in found}


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _without_folders(paths: Iterable[Path], others: Collection[Path] = ()) -> Iterator[Path]:
    """Yield the paths that can be removed as a file, except some others."""
    return (path for path in paths if path not in others and not _is_folder(path))
