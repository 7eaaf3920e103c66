"""Drafts of notes: one private file for each text that is being written, replaced as it changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from casefile import durable_files, files
from casefile.notes.annotation import (
    LIST_LIMIT,
    UUID,
    NoteUnreadable,
    SaveError,
    errors_as_save_errors,
)
from casefile.notes.draft import (
    LONGEST_LABEL,
    Draft,
    EditedOutside,
    decode_draft,
    encode_draft,
    now,
    without_surrogates,
)
from casefile.notes.external_edit import (
    DRAFT_LIMIT,
    LAST_LINES,
    EditorFolder,
    Leavings,
    is_cut_from,
    modified_at,
    orphaned_files,
    sweep_editor_folders,
    texts_with_other_lines,
)
from casefile.notes.processes import Process, this_process
from casefile.places import NoDirectory, Places, check_owners, write_problem

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_NO_PROCESS = 2**31 - 1
"""The number of a process that has ended: a draft of it waits."""


def _none_saved(_draft: Draft) -> str:
    return ""


class DraftTaken(SaveError):
    """Another process has claimed the draft in the meantime."""


class DraftListing(msgspec.Struct, frozen=True):
    """The drafts in a folder, newest first, and the files that can't be read, with the reason."""

    waiting: tuple[Draft, ...]
    """Those whose process has ended or runs on another host."""
    in_use: tuple[Draft, ...]
    """Those that a running process on this host, this one included, writes."""
    unreadable: tuple[tuple[Path, str], ...]


class DraftFolder:
    """The drafts on one case."""

    def __init__(self, places: Places, case_id: str) -> None:
        self.case_id = case_id
        self._places = places
        self._is_prepared = False

    @property
    def write_problem(self) -> str | None:
        """Why no draft can be written, or None if one can."""
        try:
            return write_problem(self._places.drafts(self.case_id))
        except NoDirectory as error:
            return str(error)

    def begin(
        self,
        entry: str,
        label: str,
        *,
        body: str = "",
        note: str | None = None,
        parents: Sequence[str] = (),
        motivation: str = "commenting",
        value: str | None = None,
        reply_to: str | None = None,
        tags: Sequence[str] = (),
        private: bool = False,
        about: str | None = None,
    ) -> Draft:
        """Return a new draft of this process, which is not written yet."""
        begun = now()
        return Draft(
            id=str(uuid.uuid4()),
            case=self.case_id,
            entry=entry,
            label=label[:LONGEST_LABEL],
            body=body,
            begun=begun,
            modified=begun,
            **this_process()._asdict(),
            note=note,
            # Heads beyond the limit stay in conflict with the edited text.
            parents=tuple(parents)[:LIST_LIMIT],
            motivation=motivation,
            value=value,
            reply_to=reply_to,
            tags=tuple(tags),
            private=private,
            about=about,
            cited=(),
        )

    def write(self, draft: Draft) -> None:
        """Write a draft in place of its last state; remove it if its text is empty.

        Raises SaveError if the draft can't be written; its last state is then still there.
        """
        if draft.body:
            self._put(draft)
        else:
            self.remove(draft)

    def _put(self, draft: Draft) -> None:
        if reason := self.write_problem:
            raise SaveError(reason)
        path = self._path(draft)
        with errors_as_save_errors():
            if self._is_prepared:
                durable_files.private_folder(path.parent)
            else:
                durable_files.prepare_folder(path.parent)
                sweep_editor_folders(self._places.editing(self.case_id))
                self._is_prepared = True
            data = encode_draft(draft)
            if len(data) > DRAFT_LIMIT:
                # It could not be read again.
                raise SaveError(f"the draft is larger than the limit of {DRAFT_LIMIT:,} bytes")
            durable_files.replace(path, data)

    def has_file(self, draft: Draft) -> bool:
        """Whether there is a file of a draft; somebody else may have removed it."""
        return modified_at(self._path(draft)) != 0

    def write_for_editor(self, draft: Draft) -> Path:
        """Write the draft, and its text for another editor; return the path; raises SaveError."""
        self._put(draft)
        path = self._editor_folder(draft).text_file
        end = "\n" if draft.body and not draft.body.endswith("\n") else ""
        with errors_as_save_errors():
            check_owners(path.parent.parent)
            self._editor_folder(draft).set_aside()
            durable_files.private_folder(path.parent)
            durable_files.replace(path, without_surrogates(draft.body + end).encode())
        return path

    def read_from_editor(
        self, draft: Draft, saved_text: str = "", *, has_failed: bool = False
    ) -> EditedOutside:
        """Write and return the draft with the text from the other editor; raises SaveError.

        On a full disk an editor may have cut the text off, even if it ended well. If only the
        beginning of the draft is left, the draft stays as it is. If the end of the draft is missing
        from a text that ends within a line, or after a failure any line of it, or any line of
        another text that the editor left, that text waits as a draft of its own. What is in
        `saved_text`, that of the note, is in its history.
        """
        folder = self._editor_folder(draft)
        with errors_as_save_errors():
            left = folder.read()
            has_ended_well = not has_failed and left.has_saved
            text = left.text(has_ended_well=has_ended_well)
        edited = draft if text is None else _edited(draft, text)
        is_cut_off = draft.body.strip() != saved_text.strip() and is_cut_from(
            edited.body, draft.body
        )
        before = (draft.body, *left.backups)
        known = [draft.body if is_cut_off else edited.body, saved_text]
        others = _others(draft, left.texts, known)
        if is_cut_off or not has_ended_well:
            others += _others(draft, before, [*known, *others])
        elif text and not text.endswith("\n"):
            others += _others(draft, before, [*known, *others], LAST_LINES)
        self._let_wait(draft, others)
        if not is_cut_off:
            self.write(edited)
        has_unread = folder.close(left)
        return EditedOutside(edited, is_cut_off, bool(others), has_unread, text is None)

    def _let_wait(self, draft: Draft, texts: Iterable[str]) -> None:
        """Write texts as drafts on the same entry that wait, unless others have them already."""
        others = (one for one in self.read_all().waiting if one.id != draft.id)
        waiting = {(one.entry, one.note, one.body) for one in others}
        for text in texts:
            if (draft.entry, draft.note, text) not in waiting:
                self._put(replace(draft, id=str(uuid.uuid4()), body=text, pid=_NO_PROCESS))

    def take(self, draft: Draft, saved_text: Callable[[Draft], str] = _none_saved) -> Draft:
        """Make a waiting draft this process's own, on disk too; raises DraftTaken and SaveError.

        The draft gets a new id. Of two processes that claim it at once, one finds it held or gone;
        a process that still writes the old draft writes a file of its own. If the text that is
        opened lacks lines of the draft, or of another that an editor has left, each of them waits
        as a draft too, unless the `saved_text` of the note that the draft edits has these lines.
        """
        path = self._path(replace(draft, id=str(uuid.uuid4())))
        with errors_as_save_errors(), ExitStack() as until_written:
            try:
                until_written.enter_context(files.held(self._path(draft)))
                # Read again: the draft may have changed since it was listed.
                as_written = self._read(self._path(draft))
                if _process_of(as_written) != _process_of(draft):
                    raise DraftTaken("another terminal has it")
                self._path(draft).rename(path)
            except (FileNotFoundError, BlockingIOError):
                raise DraftTaken("another terminal has it") from None
            return self._take_in(as_written, path, saved_text)

    def _take_in(self, draft: Draft, path: Path, saved_text: Callable[[Draft], str]) -> Draft:
        """Write the draft at `path` as this process's own, with what an editor has left.

        The editor's files belong to the id in the file, which is that of `draft`.
        """
        folder = self._editor_folder(draft)
        with errors_as_save_errors():
            left = folder.read()
        taken = self._left_by_editor(draft, path, left)
        before = (draft.body, *left.texts, *left.backups)
        others = _others(draft, before, [taken.body, saved_text(draft)])
        self._let_wait(replace(draft, id=path.stem), others)
        taken = replace(taken, id=path.stem, **this_process()._asdict())
        self.write(taken)
        folder.close(left)
        return taken

    def remove(self, draft: Draft) -> None:
        """Remove a draft; if that fails, the draft is offered again later.

        Text that another editor wrote and that was not read back stays.
        """
        with suppress(OSError):
            durable_files.remove(self._path(draft))

    def read_all(self) -> DraftListing:
        """Read all drafts on the case."""
        drafts: list[Draft] = []
        unreadable: list[tuple[Path, str]] = []
        known: set[str] = set()
        for path in sorted(self._paths(unreadable)):
            try:
                known.add(path.stem)
                draft = decode_draft(files.read_own(path, DRAFT_LIMIT), self.case_id)
                # A process killed in `take` has renamed the file alone: the editor's files, and
                # the id inside, still have the old name.
                known.add(draft.id)
                draft = self._left_by_editor(draft, path, self._editor_folder(draft).read())
                drafts.append(replace(draft, id=path.stem))
            except NoteUnreadable as error:
                unreadable.append((path, str(error)))
            except FileNotFoundError:
                # Removed by its process since the folder was listed.
                continue
            except OSError as error:
                unreadable.append((path, files.error_with_path(error)))
        alive = {draft.id for draft in drafts if _process_of(draft).is_alive}
        with suppress(NoDirectory):
            unreadable += orphaned_files(self._places.editing(self.case_id), known, alive)
        # A draft without text is in an editor in which nothing has been written yet.
        begun = [draft for draft in drafts if draft.body]
        return DraftListing(
            _newest_first(draft for draft in begun if draft.id not in alive),
            _newest_first(draft for draft in begun if draft.id in alive),
            tuple(unreadable),
        )

    def unfinished(self) -> tuple[Draft, ...]:
        """Return the drafts to offer: the waiting ones, and those of this process."""
        found = self.read_all()
        return _newest_first((*found.waiting, *filter(_is_ours, found.in_use)))

    def resume(
        self, is_wanted: Callable[[Draft], bool], saved_text: Callable[[Draft], str] = _none_saved
    ) -> Draft | None:
        """Return a wanted draft of this process, or else take one that waits; raises SaveError."""
        found = self.read_all()
        for draft in filter(_is_ours, found.in_use):
            if is_wanted(draft):
                path = self._path(draft)
                as_written = self._read(path)
                with errors_as_save_errors():
                    # What another editor has left was not read, as for want of space.
                    has_more = not self._editor_folder(as_written).is_empty()
                return self._take_in(as_written, path, saved_text) if has_more else draft
        for draft in filter(is_wanted, found.waiting):
            with suppress(DraftTaken):
                return self.take(draft, saved_text)
        return None

    def _paths(self, unreadable: list[tuple[Path, str]]) -> set[Path]:
        try:
            folder = self._places.drafts(self.case_id)
            check_owners(folder)
            drafts = files.names_in(folder, ".toml")
            others = files.names_in(folder, "") - drafts
            unreadable += ((folder / name, "it is not a draft") for name in sorted(others))
            return {folder / name for name in drafts}
        except (NoDirectory, FileNotFoundError):
            return set()
        except OSError as error:
            unreadable.append((folder, files.error_with_path(error)))
            return set()

    def _read(self, path: Path) -> Draft:
        with errors_as_save_errors():
            return decode_draft(files.read_own(path, DRAFT_LIMIT), self.case_id)

    def _path(self, draft: Draft) -> Path:
        if not UUID.fullmatch(draft.id):
            raise ValueError(f"{draft.id!r} is not the id of a draft")
        return self._places.drafts(self.case_id) / f"{draft.id}.toml"

    def _editor_folder(self, draft: Draft) -> EditorFolder:
        return EditorFolder(self._places.editing(self.case_id) / draft.id)

    def _left_by_editor(self, draft: Draft, path: Path, left: Leavings) -> Draft:
        """Return the draft at `path` with what an editor that was ended has left.

        It stays as it was if that is no text, can't be read, or was written before the draft.
        """
        try:
            text = left.text() or ""
        except NoteUnreadable:
            return draft
        is_older = draft.body and modified_at(path) > left.modified
        return draft if is_older or not text.strip() else _edited(draft, text)


def _edited(draft: Draft, text: str) -> Draft:
    text = _as_in(draft.body, text)
    return draft if text == draft.body else draft.with_body(text)


def _others(
    draft: Draft, texts: Iterable[str], known: Sequence[str], last: int | None = None
) -> tuple[str, ...]:
    """Return the texts that have other lines than those that are known, or of the `last` lines."""
    return texts_with_other_lines((_as_in(draft.body, text) for text in texts), known, last)


def _as_in(body: str, text: str) -> str:
    """Return a text without what an editor adds to what it is given, if that did not have it."""
    if not body.startswith(_BYTE_ORDER_MARK):
        text = text.removeprefix(_BYTE_ORDER_MARK)
    if "\r" not in body:
        text = text.replace("\r\n", "\n")
    if body.endswith("\n"):
        return text
    text = text.removesuffix("\n")
    return text if body.endswith("\r") else text.removesuffix("\r")


def _newest_first(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    return tuple(sorted(drafts, key=lambda draft: (draft.modified, draft.id), reverse=True))


def _process_of(draft: Draft) -> Process:
    return Process(draft.host, draft.pid, draft.started)


def _is_ours(draft: Draft) -> bool:
    return (draft.host, draft.pid) == this_process()[:2]
