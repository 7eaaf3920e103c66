"""Forgetting a note: removing every file of it that casefile has written on this machine."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec

from casefile import durable_files, files
from casefile.notes import own_files
from casefile.notes.annotation import UUID, Revision
from casefile.notes.copied_words import Words, texts_beside_body
from casefile.notes.damaged import id_in_one, ids_inside, ids_of_revision
from casefile.notes.draft import FORMAT as DRAFT_FORMAT
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftFolder, DraftListing
from casefile.notes.external_edit import EditorFolder, editor_folders, paths_in
from casefile.notes.history import Note
from casefile.notes.notebook import open_notebook
from casefile.notes.own_files import is_file, is_folder
from casefile.places import Places, home_directory

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
    is_searched: bool = True
    """Whether it was searched; of what else is in a folder that can't be, nothing is known."""


class Trace(msgspec.Struct, frozen=True):
    """The files of a note in one case."""

    id: str
    case: str
    folder: Path
    workshop: Path
    note: Note | None
    """The note, or None if no revision can be read."""
    files: tuple[Path, ...]
    """Its revisions, in the order of their removal, then unreadable and copied ones."""
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

    repositories: tuple[Path, ...]
    """The `.git` above the notes, and above what their folder is a link to."""
    versions: tuple[Path, ...]
    """Syncthing's `.stversions` there."""
    kept: tuple[Path, ...]
    """The files in `versions` with the note's id in their names."""
    remembered: tuple[Path, ...]
    """The files in which an editor remembers words of the note, such as what was deleted."""


def traces_of(
    places: Places, start: str, author: str | None, remembered: Collection[Path] = ()
) -> Iterator[Trace]:
    """Yield the notes, in all cases, whose id begins with `start`, as `author` has them.

    What is `remembered` of opened cases is not searched for words of them. Raises OSError.
    """
    case_ids = sorted({*places.cases_with("notes"), *places.cases_with("drafts")})
    all_files = [_CaseFiles(places, case_id, author) for case_id in case_ids]
    listed = [*own_files.all_files(places, remembered)]
    for case_files in all_files:
        for note_id in sorted(one for one in case_files.note_ids if one.startswith(start)):
            yield case_files.trace(note_id, all_files, listed)


def forget(trace: Trace) -> Iterator[tuple[Path, str]]:
    """Remove the note's files; yield each path with the reason why it can't be removed, or "".

    After a revision that can't be removed, the others stay too: the note may be private by one of
    them. A process that is saving something at this moment writes its file again. What is gone
    already is passed over.
    """
    # An unfinished file of the note, removed when it was saved, must not be back after a power cut.
    with suppress(OSError):
        durable_files.fsync_folder(trace.workshop)
    for path in (*trace.unfinished, *trace.draft_files):
        yield from _removed(path)
    left = iter(trace.files)
    for path in left:
        for removed, why in _removed(path):
            yield removed, why
            if why:
                yield from ((one, "another file has to be removed first") for one in left)


def _removed(path: Path) -> Iterator[tuple[Path, str]]:
    try:
        durable_files.remove(path)
    except FileNotFoundError:
        return
    except OSError as error:
        yield path, files.error_reason(error)
    else:
        yield path, ""


def copies_of(trace: Trace) -> Copies:
    """Look for git repositories, Syncthing's old versions, and what editors remember."""
    found_in = {trace.folder, *(one.path.parent for one in trace.stays)}
    # resolve() would follow links.
    named = {os.path.abspath(one) for one in found_in}  # noqa: PTH100
    folders = {*map(Path, named), *(Path(os.path.realpath(one)) for one in named)}
    repositories = {above for one in folders if (above := _above(one, ".git"))}
    versions = {one: above for one in folders if (above := _above(one, ".stversions"))}
    below = (above / one.relative_to(above.parent) for one, above in versions.items())
    kept = {file for one in below for file in paths_in(one) if trace.id in file.name}
    words = Words(trace.id, trace.note)
    home = home_directory()
    remembered: list[Path] = []
    for path in (home / name for name in _MEMORIES):
        with suppress(OSError):
            if words.are_in_file(path):
                remembered.append(path)
    return Copies(
        repositories=tuple(sorted(repositories)),
        versions=tuple(sorted({*versions.values()})),
        kept=tuple(sorted(kept)),
        remembered=tuple(remembered),
    )


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

    @cached_property
    def note_ids(self) -> set[str]:
        """The ids of the notes of which there is any file."""
        return {note.id for note in self._notebook.notes} | {*self._loose} | {*self._drafts}

    def trace(
        self, note_id: str, all_files: Sequence[_CaseFiles], listed: Sequence[tuple[Path, str]]
    ) -> Trace:
        """Return the files of a note, and which of all cases may have words of it."""
        notebook = self._notebook
        draft_files = self._draft_files(note_id)
        loose = self._loose.get(note_id, [])
        own = [*draft_files, *loose]
        note = notebook.note(note_id)
        return Trace(
            id=note_id,
            case=self._case_id,
            folder=self._places.notes(self._case_id),
            workshop=self._places.workshop(self._case_id),
            note=note,
            files=(*self._revision_files(note), *_without_folders(loose)),
            draft_files=(*_without_folders(draft_files),),
            unfinished=(*_without_folders(self._unfinished, own),),
            stays=(
                *(Leftover(path, "a folder in place of a file") for path in filter(is_folder, own)),
                *_leftovers(all_files, listed, note_id, Words(note_id, note)),
            ),
            in_use=any(draft.note == note_id for draft in self._listing.in_use),
            replies=sum(
                note.current.reply_to == note_id and not note.deleted for note in notebook.notes
            ),
        )

    def _revision_files(self, note: Note | None) -> list[Path]:
        """Return the files of a note's revisions, first those that hide nothing, oldest first.

        If their removal ends halfway, no text that was private is public, and none is current in
        place of a later one that everybody may read.
        """
        in_history = {
            kept.hash: (number, kept.private)
            for number, kept in enumerate(note.history if note else ())
        }
        turns: dict[Path, tuple[bool, bool, int]] = {}
        for path, kept in self._revisions.items():
            if kept.hash in in_history:
                number, is_private = in_history[kept.hash]
                # One of another's may be private only because of one before it.
                turns[path] = (is_private, kept.private, number)
        return sorted(turns, key=turns.__getitem__)

    def removed_with(self, note_id: str) -> set[Path]:
        """Return what is removed with a note beside its revisions; nothing if it is not here."""
        if note_id not in self.note_ids:
            return set()
        return {*self._draft_files(note_id), *self._loose.get(note_id, []), *self._unfinished}

    @property
    def read_files(self) -> set[Path]:
        """The files that are read as a revision or a draft."""
        drafts = (*self._listing.waiting, *self._listing.in_use)
        return {*self._revisions, *map(self._draft_file, drafts)}

    @cached_property
    def _revisions(self) -> Mapping[Path, Revision]:
        return self._notebook.by_file

    @cached_property
    def _loose(self) -> Mapping[str, list[Path]]:
        """What is not read as a revision, by the id of the note that it is of.

        Damaged files, copies by editors and synchronisers, and links, pipes or folders.
        """
        loose: dict[str, list[Path]] = {}
        for path in paths_in(self._places.notes(self._case_id)):
            if path not in self._revisions:
                for note_id in ids_of_revision(path):
                    loose.setdefault(note_id, []).append(path)
        return loose

    @cached_property
    def _drafts(self) -> Mapping[str, list[Path]]:
        """The files of drafts, by the id of the note that they edit."""
        drafts: dict[str, list[Path]] = {}
        for path in paths_in(self._drafts_folder):
            for note_id in id_in_one(path, DRAFT_FORMAT, b"note"):
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
        for draft_id in sorted({draft.stem, *ids_inside(draft, b"id")}):
            if UUID.fullmatch(draft_id):
                folder = self._places.editing(self._case_id) / draft_id
                yield from EditorFolder(folder).files

    def leftovers(self, note_id: str, words: Words) -> Iterator[Leftover]:
        """Yield the texts on this case that may have words or the id of a note on any case."""
        for draft in (*self._listing.waiting, *self._listing.in_use):
            if draft.note == note_id:
                why = "a draft of it"
            elif draft.reply_to == note_id:
                why = "a draft of a reply to it"
            elif words.are_in(draft.body, beside=(*draft.tags, draft.about or "")):
                why = "a draft with words of it"
            else:
                continue
            if draft in self._listing.in_use:
                why += ", which an editor has open and would write again"
            path = self._draft_file(draft)
            yield from (Leftover(file, why) for file in (path, *self._editors_files(path)))
        for path, reason in self._listing.unreadable:
            if path == self._drafts_folder:
                # What is in it is searched as the files beside drafts are, or can't be.
                continue
            yield Leftover(path, f"it may have words of the note; {reason}")
        for path, kept in self._revisions.items():
            if kept.id == note_id:
                continue
            if kept.reply_to == note_id:
                yield Leftover(path, "a reply to it", kept.id)
            elif words.are_in(kept.body, beside=texts_beside_body(kept)):
                yield Leftover(path, "another note that has its id or words", kept.id)

    def _draft_file(self, draft: Draft) -> Path:
        return self._drafts_folder / f"{draft.id}.toml"

    def _draft_files(self, note_id: str) -> list[Path]:
        drafts = self._drafts.get(note_id, [])
        return [*drafts, *(file for draft in drafts for file in self._editors_files(draft))]


def _leftovers(
    all_files: Sequence[_CaseFiles],
    listed: Sequence[tuple[Path, str]],
    note_id: str,
    words: Words,
) -> Iterator[Leftover]:
    """Yield each file that stays and may have words or the id of a note."""
    named = {path for one in all_files for path in one.removed_with(note_id)}
    known = named.union(*(one.read_files for one in all_files))
    others = [one for one in listed if one[0] not in known]
    closed = (
        Leftover(path, f"it can't be searched: {why}", is_searched=False)
        for path, why in others
        if why
    )
    texts = (left for one in all_files for left in one.leftovers(note_id, words))
    for left in chain(closed, texts, _files_with(words, (path for path, _ in others))):
        # What is in a folder that is named goes with it.
        if named.isdisjoint((left.path, *left.path.parents)):
            named.add(left.path)
            yield left


def _files_with(words: Words, paths: Iterable[Path]) -> Iterator[Leftover]:
    """Yield what is not read as a note or a draft here, and may have the words, or has the id."""
    for path in paths:
        try:
            if words.id in path.name or (is_file(path) and words.are_in_file(path)):
                why = "a copied, damaged, unfinished or editor's file with its id or words"
                yield Leftover(path, why)
        except OSError as error:
            yield Leftover(path, f"it may have words of the note; {files.error_reason(error)}")


def _without_folders(paths: Iterable[Path], others: Collection[Path] = ()) -> Iterator[Path]:
    """Yield the paths that can be removed as a file, except some others."""
    return (path for path in paths if path not in others and not is_folder(path))
