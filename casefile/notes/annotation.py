"""One revision of an annotation: the record, and its file in the format casefile-note/1."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence

import msgspec
import tomli

from casefile.limits import Extent
from casefile.text.ids import is_id

FORMAT = "casefile-note/1"
# A note of this size made of nothing but dotted keys still parses in two seconds.
SIZE_LIMIT = 2 * 1024 * 1024

_SHA256 = "sha256:"
_NAME_LIMIT = 200
_LABEL_LIMIT = 2000
LIST_LIMIT = 100
"""How many parents or tags one text has at most."""
_REVISION_LIMIT = 1_000_000_000
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FILE_NAME = re.compile(rf"{UUID.pattern}\.[0-9]+-(?P<start>[0-9a-f]{{8,64}})\.toml")
# Times later than this leave no room for a next revision, which must be later still.
LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


class NoteUnreadable(ValueError):
    """A file holds no note that can be read; the text says why, in plain words."""


class NotKept(Exception):
    """What was written could not be kept; `reason` says why, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Target(msgspec.Struct, frozen=True):
    """The entry as it was when the note was written.

    `sources` gives the hashes of the cited texts by source id; `field` the field, place or words
    that the note is about; `extra` the keys this version doesn't know.
    """

    label: str
    digest: str
    snapshot: str
    sources: Mapping[str, str] = msgspec.field(default_factory=dict)
    field: str | Mapping[str, object] | None = None
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)


class Revision(msgspec.Struct, frozen=True):
    """One revision of an annotation, never changed once it is written.

    `undoes` names the hash of the revision that this one takes back, `extra` holds the keys this
    version doesn't know, and `hash` is that of the file's bytes, empty until there is a file.
    """

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
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)
    hash: str = ""


def encode(revision: Revision) -> bytes:
    """Give a revision as the bytes of its file.

    Raises ValueError for what no UTF-8 file can hold: half of a surrogate pair.
    """
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
    """Give the revision that a file holds; raises NoteUnreadable."""
    if len(data) > SIZE_LIMIT:
        raise NoteUnreadable(f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    note = Fields(parsed(data, FORMAT))
    about = note.fields("target")
    target = Target(
        label=about.text("label", _LABEL_LIMIT),
        digest=about.text("digest", _NAME_LIMIT),
        snapshot=about.text("snapshot"),
        sources=about.texts_by_name("sources"),
        field=about.text_or_table("field"),
        extra=about.unread(),
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
    """Give the name of a revision's file: its note's id, its number, the start of its hash."""
    return f"{revision_id}.{rev}-{hash_of(data).removeprefix(_SHA256)[:digits]}.toml"


def refuse_changed(name: str, revision: Revision) -> None:
    """Raise NoteUnreadable where the name of a revision's file says that it held other bytes."""
    named = _FILE_NAME.fullmatch(name)
    if named and not revision.hash.startswith(_SHA256 + named["start"]):
        raise NoteUnreadable("it was cut short or changed after it was written")


def hash_of(data: bytes) -> str:
    """Give the hash by which a file's bytes are named: "sha256:" and 64 hexadecimal digits."""
    # At a start without notes nothing is hashed, and the import costs 4 ms.
    import hashlib

    return hash_named(hashlib.sha256(data).hexdigest())


def hash_named(digits: str) -> str:
    """Give the hexadecimal digits of a SHA-256 as notes name a hash: "sha256:" before them."""
    return _SHA256 + digits


def digest_of(row: Mapping[str, object]) -> tuple[str, str]:
    """Give a row as it was parsed as JSON, and that JSON's hash.

    Keys are sorted, no spaces; dates and times are RFC 3339 strings. JSON has no numbers for nan,
    inf and -inf: they stand as these words.
    """
    import json

    snapshot = json.dumps(
        _as_json(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return snapshot, hash_of(snapshot.encode())


def row_of(target: Target) -> dict[str, object] | None:
    """Give the row that a target remembers, or None where its snapshot can't be read."""
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
    """Give the target of a note on a row: `about` is the field, place or words it speaks of."""
    snapshot, digest = digest_of(row)
    return Target(label[:_LABEL_LIMIT], digest, snapshot, dict(sources or {}), about)


class Fields:
    """A parsed table read key by key, each checked; raises NoteUnreadable in plain words."""

    def __init__(self, table: Mapping[str, object], path: str = "") -> None:
        self._table = table
        self._path = path
        self._read: set[str] = set()

    def text(
        self, key: str, limit: int = SIZE_LIMIT, *, matching: re.Pattern[str] | None = None
    ) -> str:
        """Give a required text of at most `limit` characters, wholly `matching` the pattern."""
        return self._checked_text(self._required(key), key, limit, matching)

    def optional_text(
        self, key: str, limit: int = SIZE_LIMIT, *, matching: re.Pattern[str] | None = None
    ) -> str | None:
        """Give a text as `text` does, or None where the key is absent."""
        return self.text(key, limit, matching=matching) if key in self._table else None

    def id(self, key: str) -> str:
        """Give the id of a case or an entry."""
        text = self.text(key)
        if not is_id(text):
            raise self._wrong(key, "is not an id: lower case, digits and hyphens")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of short texts, empty where the key is absent."""
        found = self._take(key, default=[])
        if not isinstance(found, list) or len(found) > LIST_LIMIT:
            raise self._wrong(key, f"is not a list of at most {LIST_LIMIT} texts")
        return tuple(self._checked_text(item, key, _NAME_LIMIT) for item in found)

    def texts_by_name(self, key: str) -> Mapping[str, str]:
        """Give a table of short texts, empty where the key is absent."""
        found = self._take(key, default={})
        if not isinstance(found, dict):
            raise self._wrong(key, "is not a table")
        return {name: self._checked_text(item, key, _NAME_LIMIT) for name, item in found.items()}

    def text_or_table(self, key: str) -> str | Mapping[str, object] | None:
        """Give a text or a table as it is, or None where the key is absent."""
        found = self._take(key)
        if found is None or isinstance(found, str | dict):
            return found
        raise self._wrong(key, "is neither a text nor a table")

    def fields(self, key: str) -> Fields:
        """Give a required table, to be read the same way."""
        found = self._required(key)
        if not isinstance(found, dict):
            raise self._wrong(key, "is not a table")
        return Fields(found, f"{self._path}{key}.")

    def number(self, key: str, limit: int) -> int:
        """Give a required whole number from 1 to `limit`."""
        found = self._required(key)
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= limit:
            raise self._wrong(key, f"is not a whole number from 1 to {limit}")
        return found

    def flag(self, key: str) -> bool:
        """Give true or false, false where the key is absent."""
        found = self._take(key, default=False)
        if not isinstance(found, bool):
            raise self._wrong(key, "is neither true nor false")
        return found

    def moment(self, key: str) -> dt.datetime:
        """Give a required date and time, in UTC."""
        found = self._required(key)
        if not isinstance(found, dt.datetime) or found.tzinfo is None:
            raise self._wrong(key, "is not a date and time such as 2026-11-24T03:00:00Z")
        try:
            moment = found.astimezone(dt.UTC)
        except OverflowError:
            raise self._wrong(key, "is outside the years 1 to 9998") from None
        if moment >= LATEST:
            raise self._wrong(key, "is outside the years 1 to 9998")
        return moment

    def unread(self) -> dict[str, object]:
        """Give what no call has read: the keys that this version doesn't know."""
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


def parsed(data: bytes, format_name: str) -> dict[str, object]:
    """Give the table a TOML file of this format holds, less `format`; raises NoteUnreadable."""
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


def to_toml(table: Mapping[str, object]) -> bytes:
    """Give a table as TOML; raises ValueError for half of a surrogate pair."""
    # The default mode writes line ends as they are; multi-line strings would turn CRLF into LF.
    # Imported here: only what writes a note needs it.
    import tomli_w

    text = tomli_w.dumps(table)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ValueError(
            f"the text holds half of a character (U+{code:04X}), which no file can hold"
        ) from None


def without_absent(table: Mapping[str, object | None]) -> dict[str, object]:
    """Give a table without the keys whose value is None, which TOML doesn't know."""
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
            # TOML's Z and +00:00 are one value to its parser, so one string here.
            return value.isoformat().replace("+00:00", "Z")
        case float() if not math.isfinite(value):
            return str(value)
    return value
