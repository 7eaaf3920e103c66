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
    UUID,
    Fields,
    NoteUnreadable,
    NotKept,
    parsed,
    without_absent,
)
from casefile.places import NoPlace, Places, refusal, refuse_foreign

FORMAT = "casefile-draft/1"
# Room for more than a note may hold: what is too long to keep is still not lost.
SIZE_LIMIT = 16 * 1024 * 1024

_SHORT = 2000
_PID_LIMIT = 2**31 - 1
_ENDED = b"Z"
"""The state of a process that has ended, and that nobody has asked yet how."""
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
            host=_host(),
            pid=os.getpid(),
            started=_started(os.getpid()),
            note=note,
            parents=tuple(parents),
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

    def lend(self, draft: Draft) -> Path:
        """Give a file with the draft's text, for another editor to work on; raises NotKept.

        As long as it is there, what it holds is the draft's text, also at the next start.
        """
        self._put(draft)
        path = self._lent(draft)
        try:
            files.replace(path, _without_halves(_ended(draft.body)).encode())
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        return path

    def take_back(self, draft: Draft) -> Draft:
        """Give a draft that was lent, with its text as it is now, and keep that; raises NotKept."""
        try:
            returned = self._with_lent_text(draft)
        except OSError as error:
            raise NotKept(files.reason(error)) from error
        self.write(returned)
        self._end_loan(draft)
        return returned

    def take(self, draft: Draft) -> Draft:
        """Make a waiting draft one of this process, on disk too."""
        taken = replace(draft, host=_host(), pid=os.getpid(), started=_started(os.getpid()))
        self.write(taken)
        self._end_loan(taken)
        return taken

    def remove(self, draft: Draft) -> None:
        """Remove a draft; where that fails it is offered again, which loses nothing."""
        for path_of in (self._path, self._lent):
            with suppress(OSError):
                path_of(draft).unlink()

    def look(self) -> Found:
        """Read all drafts on the case."""
        drafts: list[Draft] = []
        unreadable: list[tuple[Path, str]] = []
        for path in sorted(self._names(unreadable)):
            try:
                draft = _decoded(files.read_own(path, SIZE_LIMIT), self.case_id)
                draft = self._with_lent_text(draft)
                # One without a text is lent to an editor in which nothing has been written.
                drafts += [draft] if draft.body else []
            except NoteUnreadable as error:
                unreadable.append((path, str(error)))
            except FileNotFoundError:
                # Its editor has kept or dropped it in the meantime.
                continue
            except OSError as error:
                unreadable.append((path, files.reason(error)))
        alive = {draft.id for draft in drafts if _is_being_typed(draft)}
        return Found(
            _newest_first(draft for draft in drafts if draft.id not in alive),
            _newest_first(draft for draft in drafts if draft.id in alive),
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
        waiting = next((draft for draft in found.waiting if is_wanted(draft)), None)
        return self.take(waiting) if waiting else None

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

    def _lent(self, draft: Draft) -> Path:
        return self._path(draft).with_suffix(".md")

    def _end_loan(self, draft: Draft) -> None:
        with suppress(OSError):
            self._lent(draft).unlink()

    def _with_lent_text(self, draft: Draft) -> Draft:
        """Give a draft with the text that another editor has written, if one had it."""
        try:
            data = files.read_own(self._lent(draft), SIZE_LIMIT)
        except FileNotFoundError:
            return draft
        text = data.decode(errors="replace")
        if not draft.body.endswith("\n"):
            text = text.removesuffix("\n")
        return draft if text == draft.body else draft.typed(text)


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
        about=fields.optional_text("about", _SHORT),
    )
    if draft.case != case_id:
        raise NoteUnreadable(f"it belongs to the case {draft.case}")
    return draft


def _newest_first(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    return tuple(sorted(drafts, key=lambda draft: (draft.modified, draft.id), reverse=True))


def _is_ours(draft: Draft) -> bool:
    return (draft.host, draft.pid) == (_host(), os.getpid())


def _is_being_typed(draft: Draft) -> bool:
    if draft.host != _host():
        return False
    try:
        os.kill(draft.pid, 0)
    except OSError:
        # Gone; or another user's process that has its number now, for drafts of ours only we write.
        return False
    if _status(draft.pid)[:1] == [_ENDED]:
        # As it stays for some time, or for good, after a lost line on a busy machine.
        return False
    # After a restart of the machine, numbers are soon given to other processes.
    now = _started(draft.pid)
    return not (draft.started and now) or draft.started == now


def _started(pid: int) -> str:
    """Give the boot and the moment in it when a process started, empty where no file tells."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    status = _status(pid)
    return f"{boot} {status[19].decode()}" if status else ""


def _status(pid: int) -> list[bytes]:
    """Give what the system tells of a process, from its state, the 3rd field, on; or nothing."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    # The name, second and in brackets, may hold anything.
    return status.rpartition(b")")[2].split()


def _host() -> str:
    return os.uname().nodename


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
