"""A draft of a note, and its file."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import msgspec
import tomli_w
from msgspec import Meta
from msgspec.structs import asdict, replace

from casefile.notes.annotation import (
    Id,
    Names,
    NoteUnreadable,
    Time,
    Uuid,
    convert_table,
    parse_table,
    without_absent,
)

FORMAT = "casefile-draft/1"
LONGEST_LABEL = 2000

_SURROGATE = re.compile("[\ud800-\udfff]")
_Short = Annotated[str, Meta(max_length=LONGEST_LABEL)]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An unfinished text, with all that is needed to save it as a note."""

    id: Uuid
    case: Id
    entry: Id
    label: _Short
    body: str
    begun: Time
    modified: Time
    host: _Short
    """Where the process runs that writes the draft."""
    pid: Annotated[int, Meta(ge=1, lt=2**31)]
    started: _Short
    note: Uuid | None = None
    """The id of the note that the draft edits."""
    parents: Names = ()
    """The hashes of that note's heads when the draft was begun."""
    motivation: _Short
    value: _Short | None = None
    reply_to: Uuid | None = None
    tags: Names = ()
    private: bool = False
    about: str | None = None
    """The part of the entry that the text is about: a field, or a source and place."""
    cited: Names | None = None
    """The sources that the entry named while the text was written; None if that is not known."""
    confidential: bool = False
    """Whether any of these was confidential."""

    def with_body(self, body: str) -> Draft:
        """Return the draft with a new text, modified now."""
        return replace(self, body=body, modified=now())


class EditedOutside(msgspec.Struct, frozen=True):
    """A draft as another editor has left it, and what is elsewhere."""

    draft: Draft
    is_cut_off: bool = False
    """Whether the editor left only the beginning of the draft; the draft on disk is unchanged."""
    has_others: bool = False
    """Whether other texts that the editor has left wait as drafts."""
    has_unread: bool = False
    """Whether the editor has left what can't be read here."""
    is_gone: bool = False
    """Whether it has left no text, as when another terminal has taken it meanwhile."""

    @property
    def is_incomplete(self) -> bool:
        """Whether some of what was written may not be in the draft."""
        return self.is_cut_off or self.has_others or self.has_unread or self.is_gone


def encode_draft(draft: Draft) -> bytes:
    """Return the content of a draft's file."""
    table = without_absent({"format": FORMAT, **asdict(draft)})
    # A draft is always saved; an invalid character is reported when it becomes a note.
    return without_surrogates(tomli_w.dumps(table)).encode()


def decode_draft(data: bytes, case_id: str) -> Draft:
    """Return the draft on a case in a file's content; raises NoteUnreadable."""
    draft = convert_table(parse_table(data, FORMAT), Draft)
    if draft.case != case_id:
        raise NoteUnreadable(f"it belongs to the case {draft.case}")
    return draft


def without_surrogates(text: str) -> str:
    """Return a text that a file can hold."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def now() -> dt.datetime:
    """Return the current time."""
    return dt.datetime.now(dt.UTC)
