"""What is being typed: one small file for each editor, replaced at every pause."""

from __future__ import annotations

import datetime as dt
import os
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import tomli_w
from msgspec.structs import replace

from casefile import files
from casefile.notes.annotation import (
    LIST_LIMIT,
    UUID,
    Fields,
    NoteUnreadable,
    NotKept,
    parsed,
    without_absent,
)
from casefile.notes.external_edit import SIZE_LIMIT, Loan, left_by_editors, when_written
from casefile.notes.processes import Process, this_process
from casefile.places import NoPlace, Places, refusal, refuse_foreign
from casefile.text.ids import is_id

FORMAT = "casefile-draft/1"

_SHORT = 2000
_PID_LIMIT = 2**31 - 1
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Draft(msgspec.Struct, frozen=True):
    """A text that is being typed, and all it takes to keep it as a note.

    `note` is the note it edits and `parents` the hashes of the heads it was begun from; `host`,
    `pid` and `started` tell the process that writes it.
    """

    id: str
    case: str
    entry: str
    label: str
    body: str
    begun: dt.datetime
    modified: dt.datetime
    host: str
    pid: int
    started: str = ""
    note: str | None = None
    parents: tuple[str, ...] = ()
    motivation: str = "commenting"
    value: str | None = None
    reply_to: str | None = None
    tags: tuple[str, ...] = ()
    private: bool = False
    about: str | None = None
    """What of the entry it is about: a field, or a source and place."""

    def typed(self, body: str) -> Draft:
        """Give the draft with the text as it is now."""
        return replace(self, body=body, modified=_now())


class Taken(NotKept):
    """Another copy of the program has taken the draft in the meantime."""


class Found(msgspec.Struct, frozen=True):
    """The drafts in a folder, newest first; of the unreadable, the path and the reason."""

    waiting: tuple[Draft, ...]
    in_use: tuple[Draft, ...]
    unreadable: tuple[tuple[Path, str], ...]


class DraftFolder:
    """The drafts on one case."""

    def __init__(self, places: Places, case_id: str) -> None:
        self.case_id = case_id
        self._places = places
        self._swept = False
        self._written: set[str] = set()

    @property
    def refuses(self) -> str | None:
        """Why no draft can be kept now, or None if one can."""
        try:
            return refusal(self._places.drafts(self.case_id))
        except NoPlace as error:
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
        """Give a draft of this process; nothing is written yet."""
        now = _now()
        return Draft(
            id=str(uuid.uuid4()),
            case=self.case_id,
            entry=entry,
            label=label[:_SHORT],
            body=body,
            begun=now,
            modified=now,
            **this_process()._asdict(),
            note=note,
            # The others stay beside the text that joins these.
            parents=tuple(parents)[:LIST_LIMIT],
            motivation=motivation,
            value=value,
            reply_to=reply_to,
            tags=tuple(tags),
            private=private,
            about=about,
        )

    def write(self, draft: Draft) -> None:
        """Put the draft on disk in place of its last state; an empty one is removed.

        Raises NotKept if it could not be written; what was there before is then still there.
        """
        if draft.body:
            self._put(draft)
        else:
            self.remove(draft)

    def _put(self, draft: Draft) -> None:
        if reason := self.refuses:
            raise NotKept(reason)
        path = self._path(draft)
        try:
            files.private_folder(path.parent)
            if not self._swept:
                files.sweep(path.parent)
                self._swept = True
            files.replace(path, _encoded(draft))
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        self._written.add(draft.id)

    def is_lost(self, draft: Draft) -> bool:
        """Say whether a draft that was put on disk here, and not removed here, is there no more."""
        return draft.id in self._written and not when_written(self._path(draft))

    def lend(self, draft: Draft) -> Path:
        """Give a file with the draft's text, for another editor to work on; raises NotKept.

        As long as it is there, what it holds is the draft's text, also at the next start.
        """
        self._put(draft)
        path = self._loan(draft).file
        try:
            files.replace(path, _without_halves(_ended(draft.body)).encode())
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        return path

    def take_back(self, draft: Draft) -> Draft:
        """Give a draft that was lent, with its text as it is now, and keep that; raises NotKept."""
        try:
            returned = self._with_lent_text(draft, self._path(draft))
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        except NoteUnreadable as error:
            raise NotKept(str(error)) from error
        self.write(returned)
        self._loan(draft).end()
        return returned

    def take(self, draft: Draft) -> Draft:
        """Make a waiting draft one of this process, on disk too; raises Taken and NotKept.

        It gets a new id, by which nobody who had it before writes any more: of two who take it at
        once one finds it gone, and one who still types it writes a file of their own.
        """
        taken = replace(draft, id=str(uuid.uuid4()))
        path = self._path(taken)
        try:
            self._path(draft).rename(path)
        except FileNotFoundError:
            raise Taken("another terminal has it") from None
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        # Since it was looked at, somebody may have typed more.
        try:
            left = _decoded(files.read_own(path, SIZE_LIMIT), self.case_id)
            taken = self._with_lent_text(left, path)
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        except NoteUnreadable as error:
            raise NotKept(str(error)) from error
        taken = replace(taken, id=path.stem, **this_process()._asdict())
        self.write(taken)
        self._loan(left).pass_on(self._loan(taken))
        return taken

    def remove(self, draft: Draft) -> None:
        """Remove a draft; where that fails it is offered again, which loses nothing.

        What an editor has written and nobody taken back is not part of it, and stays.
        """
        self._written.discard(draft.id)
        with suppress(OSError):
            self._path(draft).unlink()

    def vim_has_more(self, draft: Draft) -> bool:
        """Say whether vim was ended with more in it than was written; only vim can read that."""
        return self._loan(draft).vim_has_more

    def look(self) -> Found:
        """Read all drafts on the case."""
        drafts: list[Draft] = []
        unreadable: list[tuple[Path, str]] = []
        known: set[str] = set()
        for path in sorted(self._names(unreadable)):
            try:
                known.add(path.stem)
                draft = _decoded(files.read_own(path, SIZE_LIMIT), self.case_id)
                # One that is being taken has its new name first; an editor knows it by the old one.
                known.add(draft.id)
                drafts.append(replace(self._with_lent_text(draft, path), id=path.stem))
            except NoteUnreadable as error:
                unreadable.append((path, str(error)))
            except FileNotFoundError:
                # Its editor has kept or dropped it in the meantime.
                continue
            except OSError as error:
                unreadable.append((path, files.reason(error)))
        alive = {draft.id for draft in drafts if _is_being_typed(draft)}
        with suppress(NoPlace):
            unreadable += left_by_editors(self._places.drafts(self.case_id), known, alive)
        # One without a text is lent to an editor in which nothing has been written.
        begun = [draft for draft in drafts if draft.body]
        return Found(
            _newest_first(draft for draft in begun if draft.id not in alive),
            _newest_first(draft for draft in begun if draft.id in alive),
            tuple(unreadable),
        )

    def waiting(self) -> tuple[Draft, ...]:
        """Give the drafts whose process is gone or on another host, newest first."""
        return self.look().waiting

    def unfinished(self) -> tuple[Draft, ...]:
        """Give the drafts to be offered: those left behind, and those of this process itself."""
        found = self.look()
        return _newest_first((*found.waiting, *filter(_is_ours, found.in_use)))

    def in_use(self) -> tuple[Draft, ...]:
        """Give the drafts that a process on this host, this one included, is still writing."""
        return self.look().in_use

    def resume(self, is_wanted: Callable[[Draft], bool]) -> Draft | None:
        """Give a draft to go on with: one of this process, else one left behind, now taken.

        Raises NotKept where one left behind can't be made this process's own.
        """
        found = self.look()
        for draft in filter(_is_ours, found.in_use):
            if is_wanted(draft):
                return draft
        for draft in filter(is_wanted, found.waiting):
            with suppress(Taken):
                return self.take(draft)
        return None

    def _names(self, unreadable: list[tuple[Path, str]]) -> set[Path]:
        try:
            folder = self._places.drafts(self.case_id)
            refuse_foreign(folder)
            return files.named(folder, ".toml")
        except (NoPlace, FileNotFoundError):
            return set()
        except OSError as error:
            unreadable.append((folder, files.reason(error)))
            return set()

    def _path(self, draft: Draft) -> Path:
        if not UUID.fullmatch(draft.id):
            raise ValueError(f"{draft.id!r} is not the id of a draft")
        return self._places.drafts(self.case_id) / f"{draft.id}.toml"

    def _loan(self, draft: Draft) -> Loan:
        return Loan(self._path(draft))

    def _with_lent_text(self, draft: Draft, path: Path) -> Draft:
        """Give the draft in a file with the text that another editor has written, if one had it."""
        loan = self._loan(draft)
        try:
            text = loan.text()
        except FileNotFoundError:
            return draft
        if not draft.body.endswith("\n"):
            text = text.removesuffix("\n")
        if text == draft.body:
            return draft
        # Typed here after an editor wrote, neither text is a later state of the other.
        both = draft.body and when_written(path) > loan.written
        return draft.typed(f"{draft.body}\n\n{text}" if both else text)


def cases_with_drafts(places: Places) -> tuple[str, ...]:
    """Give the ids of the cases that have a folder of drafts, also where it is empty."""
    if places.state is not None:
        with suppress(OSError), os.scandir(places.state / "drafts") as found:
            return tuple(sorted(one.name for one in found if is_id(one.name) and one.is_dir()))
    return ()


def _encoded(draft: Draft) -> bytes:
    # A draft has to survive whatever it holds; keeping it as a note is where it is told.
    fields = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    text = tomli_w.dumps(without_absent({"format": FORMAT, **fields}))
    return _without_halves(text).encode()


def _ended(text: str) -> str:
    """Give a text with an end to its last line, as editors expect of a file."""
    return text if text.endswith("\n") or not text else f"{text}\n"


def _without_halves(text: str) -> str:
    return _HALF_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def _decoded(data: bytes, case_id: str) -> Draft:
    fields = Fields(parsed(data, FORMAT))
    draft = Draft(
        id=fields.text("id", matching=UUID),
        case=fields.id("case"),
        entry=fields.id("entry"),
        label=fields.text("label", _SHORT),
        body=fields.text("body", SIZE_LIMIT),
        begun=fields.moment("begun"),
        modified=fields.moment("modified"),
        host=fields.text("host", _SHORT),
        pid=fields.number("pid", _PID_LIMIT),
        started=fields.text("started", _SHORT),
        note=fields.optional_text("note", matching=UUID),
        parents=fields.texts("parents"),
        motivation=fields.text("motivation", _SHORT),
        value=fields.optional_text("value", _SHORT),
        reply_to=fields.optional_text("reply_to", matching=UUID),
        tags=fields.texts("tags"),
        private=fields.flag("private"),
        about=fields.optional_text("about", SIZE_LIMIT),
    )
    if draft.case != case_id:
        raise NoteUnreadable(f"it belongs to the case {draft.case}")
    return draft


def _newest_first(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    return tuple(sorted(drafts, key=lambda draft: (draft.modified, draft.id), reverse=True))


def _is_ours(draft: Draft) -> bool:
    return (draft.host, draft.pid) == this_process()[:2]


def _is_being_typed(draft: Draft) -> bool:
    return Process(draft.host, draft.pid, draft.started).is_alive


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
