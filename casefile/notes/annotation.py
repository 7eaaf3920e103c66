"""One revision of an annotation, and its file in the format casefile-note/1."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec
import tomli

from casefile.limits import Extent
from casefile.text.ids import is_id

FORMAT = "casefile-note/1"
# Even if it holds nothing but dotted keys, a note of this size is parsed in two seconds.
SIZE_LIMIT = 2 * 1024 * 1024

_SHA256 = "sha256:"
_NAME_LIMIT = 200
_LABEL_LIMIT = 2000
LIST_LIMIT = 100
"""The most parents, or tags, that a revision can have."""
_REVISION_LIMIT = 1_000_000_000
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FILE_NAME = re.compile(rf"{UUID.pattern}\.[0-9]+-(?P<start>[0-9a-f]{{8,64}})\.toml")
LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""The end of the times that are read; a next revision, which is later, has to be possible."""


class NoteUnreadable(ValueError):
    """A file is not a readable note; the message is for the reader."""


class SaveError(Exception):
    """A note or draft could not be saved; `reason` is a message for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Target(msgspec.Struct, frozen=True):
    """The entry as it was when the note was written."""

    label: str
    digest: str
    """The hash of `snapshot`."""
    snapshot: str
    """The entry's row as JSON."""
    sources: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The hashes of the cited texts, by source id."""
    field: str | Mapping[str, object] | None = None
    """The field, place or words that the note is about."""
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)
    """The keys that this version doesn't know."""


class Revision(msgspec.Struct, frozen=True):
    """One revision of an annotation; its file is never changed once it is written."""

    id: str
    rev: int
    case: str
    entry: str
    body: str
    author: str
    created: dt.datetime
    modified: dt.datetime
    target: Target
    parents: tuple[str, ...] = ()
    motivation: str = "commenting"
    value: str | None = None
    reply_to: str | None = None
    tags: tuple[str, ...] = ()
    private: bool = False
    deleted: bool = False
    undoes: str | None = None
    """The hash of the revision that this one undoes."""
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)
    """The keys that this version doesn't know."""
    hash: str = ""
    """The hash of the file's bytes; empty until there is a file."""


def encode(revision: Revision) -> bytes:
    """Return the content of a revision's file; raises ValueError for a lone surrogate."""
    target = revision.target
    table: dict[str, object | None] = {
        "format": FORMAT,
        "id": revision.id,
        "rev": revision.rev,
        "parents": revision.parents,
        "case": revision.case,
        "entry": revision.entry,
        "motivation": revision.motivation,
        "value": revision.value,
        "reply_to": revision.reply_to,
        "body": revision.body,
        "tags": revision.tags,
        "private": revision.private,
        "deleted": revision.deleted or None,
        "undoes": revision.undoes,
        "author": revision.author,
        "created": revision.created.astimezone(dt.UTC),
        "modified": revision.modified.astimezone(dt.UTC),
        **revision.extra,
        "target": without_absent(
            {
                "label": target.label,
                "digest": target.digest,
                "snapshot": target.snapshot,
                "field": target.field,
                "sources": target.sources,
                **target.extra,
            }
        ),
    }
    return to_toml(without_absent(table))


def decode(data: bytes) -> Revision:
    """Return the revision in a file's content; raises NoteUnreadable."""
    if len(data) > SIZE_LIMIT:
        raise NoteUnreadable(f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    note = TableReader(parse_table(data, FORMAT))
    entry = note.fields("target")
    target = Target(
        label=entry.text("label", _LABEL_LIMIT),
        digest=entry.text("digest", _NAME_LIMIT),
        snapshot=entry.text("snapshot"),
        sources=entry.texts_by_name("sources"),
        field=entry.text_or_table("field"),
        extra=entry.unread(),
    )
    return Revision(
        id=note.text("id", matching=UUID),
        rev=note.number("rev", _REVISION_LIMIT),
        case=note.id("case"),
        entry=note.id("entry"),
        body=note.text("body"),
        author=note.text("author", _NAME_LIMIT),
        created=note.moment("created"),
        modified=note.moment("modified"),
        target=target,
        parents=note.texts("parents"),
        motivation=note.text("motivation", _NAME_LIMIT),
        value=note.optional_text("value", _NAME_LIMIT),
        reply_to=note.optional_text("reply_to", matching=UUID),
        tags=note.texts("tags"),
        private=note.flag("private"),
        deleted=note.flag("deleted"),
        undoes=note.optional_text("undoes", _NAME_LIMIT),
        extra=note.unread(),
        hash=hash_of(data),
    )


def file_name(revision_id: str, rev: int, data: bytes, *, digits: int = 8) -> str:
    """Return the name of a revision's file: the note's id, the number, the start of the hash."""
    return f"{revision_id}.{rev}-{hash_of(data).removeprefix(_SHA256)[:digits]}.toml"


def check_file_name(name: str, revision: Revision) -> None:
    """Raise NoteUnreadable if a revision's hash is not the one in its file's name."""
    named = _FILE_NAME.fullmatch(name)
    if named and not revision.hash.startswith(_SHA256 + named["start"]):
        raise NoteUnreadable("it was cut short or changed after it was written")


def hash_of(data: bytes) -> str:
    """Return the SHA-256 hash of `data` as “sha256:” and 64 hexadecimal digits."""
    # Imported here: without notes nothing is hashed, and the import takes 4 ms.
    import hashlib

    return hash_named(hashlib.sha256(data).hexdigest())


def hash_named(digits: str) -> str:
    """Return a SHA-256 hash, given in hexadecimal digits, as it is written in notes."""
    return _SHA256 + digits


def digest_of(row: Mapping[str, object]) -> tuple[str, str]:
    """Return a parsed row as JSON, and the hash of that JSON.

    Keys are sorted and there are no spaces; dates and times are RFC 3339 strings, and nan, inf and
    -inf, which JSON lacks, are strings too.
    """
    import json

    snapshot = json.dumps(
        _as_json(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return snapshot, hash_of(snapshot.encode())


def row_of(target: Target) -> dict[str, object] | None:
    """Return the row in a target's snapshot, or None if the snapshot can't be read."""
    try:
        row = msgspec.json.decode(target.snapshot)
    except (msgspec.DecodeError, RecursionError):
        return None
    return row if isinstance(row, dict) and not Extent(row).beyond else None


def target_of(
    label: str,
    row: Mapping[str, object],
    sources: Mapping[str, str] | None = None,
    about: str | Mapping[str, object] | None = None,
) -> Target:
    """Return the target of a note on a row; `about` becomes its `field`."""
    snapshot, digest = digest_of(row)
    return Target(label[:_LABEL_LIMIT], digest, snapshot, dict(sources or {}), about)


class TableReader:
    """A parsed table whose keys are read one by one; a wrong value raises NoteUnreadable."""

    def __init__(self, table: Mapping[str, object], path: str = "") -> None:
        self._table = table
        self._path = path
        self._read: set[str] = set()

    def text(
        self, key: str, limit: int = SIZE_LIMIT, *, matching: re.Pattern[str] | None = None
    ) -> str:
        """Return a required text of at most `limit` characters that matches the whole pattern."""
        return self._checked_text(self._required(key), key, limit, matching)

    def optional_text(
        self, key: str, limit: int = SIZE_LIMIT, *, matching: re.Pattern[str] | None = None
    ) -> str | None:
        """Return a text as `text` does, or None if the key is missing."""
        return self.text(key, limit, matching=matching) if key in self._table else None

    def id(self, key: str) -> str:
        """Return a required id of a case or an entry."""
        text = self.text(key)
        if not is_id(text):
            raise self._wrong(key, "is not an id: lower case, digits and hyphens")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of short texts, empty if the key is missing."""
        found = self._take(key, default=[])
        if not isinstance(found, list) or len(found) > LIST_LIMIT:
            raise self._wrong(key, f"is not a list of at most {LIST_LIMIT} texts")
        return tuple(self._checked_text(item, key, _NAME_LIMIT) for item in found)

    def texts_by_name(self, key: str) -> Mapping[str, str]:
        """Return a table of short texts, empty if the key is missing."""
        found = self._take(key, default={})
        if not isinstance(found, dict):
            raise self._wrong(key, "is not a table")
        return {name: self._checked_text(item, key, _NAME_LIMIT) for name, item in found.items()}

    def text_or_table(self, key: str) -> str | Mapping[str, object] | None:
        """Return a text or a table, or None if the key is missing."""
        found = self._take(key)
        if found is None or isinstance(found, str | dict):
            return found
        raise self._wrong(key, "is neither a text nor a table")

    def fields(self, key: str) -> TableReader:
        """Return a required table."""
        found = self._required(key)
        if not isinstance(found, dict):
            raise self._wrong(key, "is not a table")
        return TableReader(found, f"{self._path}{key}.")

    def number(self, key: str, limit: int) -> int:
        """Return a required whole number from 1 to `limit`."""
        found = self._required(key)
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= limit:
            raise self._wrong(key, f"is not a whole number from 1 to {limit}")
        return found

    def flag(self, key: str) -> bool:
        """Return true or false, false if the key is missing."""
        found = self._take(key, default=False)
        if not isinstance(found, bool):
            raise self._wrong(key, "is neither true nor false")
        return found

    def moment(self, key: str) -> dt.datetime:
        """Return a required date and time, in UTC."""
        found = self._required(key)
        if not isinstance(found, dt.datetime) or found.tzinfo is None:
            raise self._wrong(key, "is not a date and time such as 2026-11-24T03:00:00Z")
        try:
            return in_utc(found)
        except ValueError:
            raise self._wrong(key, "is outside the years 1 to 9998") from None

    def unread(self) -> dict[str, object]:
        """Return the keys that were not read, which this version doesn't know."""
        return {key: value for key, value in self._table.items() if key not in self._read}

    def _take(self, key: str, *, default: object = None) -> object:
        self._read.add(key)
        return self._table.get(key, default)

    def _required(self, key: str) -> object:
        if key not in self._table:
            raise self._wrong(key, "is missing")
        return self._take(key)

    def _checked_text(
        self, found: object, key: str, limit: int, matching: re.Pattern[str] | None = None
    ) -> str:
        if not isinstance(found, str):
            raise self._wrong(key, "is not a text")
        if len(found) > limit:
            raise self._wrong(key, f"is longer than {limit} characters")
        if matching and not matching.fullmatch(found):
            raise self._wrong(key, "is not of the form it should have")
        return found

    def _wrong(self, key: str, what: str) -> NoteUnreadable:
        return NoteUnreadable(f"{self._path}{key} {what}")


def parse_table(data: bytes, format_name: str) -> dict[str, object]:
    """Return the table in a TOML file without its `format` key.

    Raises NoteUnreadable, also if the file is of another format.
    """
    try:
        table: dict[str, object] = tomli.loads(data.decode())
    except UnicodeDecodeError:
        raise NoteUnreadable("it is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise NoteUnreadable(f"it can't be read as TOML: {error}") from None
    if beyond := Extent(table).beyond:
        raise NoteUnreadable(beyond)
    given = table.pop("format", "missing")
    if given != format_name:
        raise NoteUnreadable(f"its format is {str(given)[:40]}, this version reads {format_name}")
    return table


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Return an aware time in UTC; raises ValueError if it is outside the years 1 to 9998."""
    with suppress(OverflowError):
        moment = moment.astimezone(dt.UTC)
        if moment < LATEST:
            return moment
    raise ValueError(f"{moment} is outside the years 1 to 9998")


def to_toml(table: Mapping[str, object]) -> bytes:
    """Return a table as TOML; raises ValueError for a lone surrogate."""
    # Not with multiline_strings, which would turn CRLF into LF.
    # Imported here: only what writes a note needs it.
    import tomli_w

    text = tomli_w.dumps(table)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ValueError(
            f"the text has half of a character (U+{code:04X}), which UTF-8 lacks"
        ) from None


def without_absent(table: Mapping[str, object | None]) -> dict[str, object]:
    """Return a table without the keys whose value is None, which TOML lacks."""
    return {key: value for key, value in table.items() if value is not None}


def _as_json(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _as_json(item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [_as_json(item) for item in value]
        case dt.datetime() | dt.date() | dt.time():
            # The parser doesn't distinguish Z and +00:00, so both become Z.
            return value.isoformat().replace("+00:00", "Z")
        case float() if not math.isfinite(value):
            return str(value)
    return value
