"""One revision of an annotation, and its file in the format casefile-note/1."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import combinations
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta
from msgspec.structs import asdict, replace

from casefile.files import error_with_path
from casefile.limits import Extent
from casefile.notes.toml_lines import size_in_file, toml_line
from casefile.parsing import BeyondLimits, check_cost, parse_json, parse_toml
from casefile.text.ids import PATTERN
from casefile.text.plurals import pluralize

FORMAT = "casefile-note/1"
SIZE_LIMIT = 2 * 1024 * 1024
"""The size limit of a revision's file in bytes."""
MARKS_LIMIT = 1_000
"""The most lines, keys and values outside of text in a file: each takes memory."""
TEXT_LIMIT = 1536 * 1024
"""The most bytes that the text of a note may take in its file; names and tags have the rest."""

_SHA256 = "sha256:"
LABEL_LIMIT = 2000
"""The most characters of an entry's title in a note; what is longer is cut off."""
NAME_LIMIT = 200
"""The most characters of a tag, an author, and other names."""
LIST_LIMIT = 100
"""The most parents, or tags, that a revision can have."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME_DIGITS = 40
"""How much of the hash is in a file's name: as much as no two files share, whoever made them."""
# A synchronizing program adds words to the name of a copy.
_FILE_NAME = re.compile(rf"{UUID.pattern}\.[0-9]+-(?P<start>[0-9a-f]{{8,64}})\b")
LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""The end of the times that are read; a next revision, which is later, has to be possible."""

Id: TypeAlias = Annotated[str, Meta(pattern=rf"^{PATTERN}\Z")]
Uuid: TypeAlias = Annotated[str, Meta(pattern=rf"^{UUID.pattern}\Z")]
Name: TypeAlias = Annotated[str, Meta(max_length=NAME_LIMIT)]
Names: TypeAlias = Annotated[tuple[Name, ...], Meta(max_length=LIST_LIMIT)]
Time: TypeAlias = Annotated[dt.datetime, Meta(tz=True)]
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class NoteUnreadable(ValueError):
    """A file is not a readable note; the message is for the reader."""


class SaveError(Exception):
    """A note or draft could not be saved; `reason` is a message for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoteTooLarge(SaveError):
    """A note has no room in a file, whatever is left out beside its text."""


_PARTS = {"snapshot": "row", "sources": "place", "field": "place"}
_UNKNOWN = "unknown"
_LESS_NEEDED = ("row", "place", _UNKNOWN)
"""What may have no room beside the text of a note, the least needed first: the row of the entry,
the cited texts and the part of the entry, and unknown keys; not what a note is held back for."""


def excess_in_words(size: int) -> str:
    """Return how much too long a text of a size is for a note, or "" if it is not."""
    return f"{pluralize(size - TEXT_LIMIT, 'byte')} too long" if size > TEXT_LIMIT else ""


def check_length(text: str, known: Collection[str] = ()) -> None:
    """Raise SaveError if a text is too long for a note; one that is known may be of any length."""
    excess = "" if text in known else excess_in_words(size_in_file(text))
    if excess:
        raise SaveError(f"the text is {excess} for a note")


def check_tags(tags: Collection[str]) -> None:
    """Raise SaveError if there are too many tags for a note, or one of them is too long."""
    if len(tags) > LIST_LIMIT:
        raise SaveError(f"a note has at most {LIST_LIMIT} tags, and these are {len(tags):,}")
    longest = max(tags, key=len, default="")
    if len(longest) > NAME_LIMIT:
        start = longest[:20]
        raise SaveError(f"a tag has at most {NAME_LIMIT} characters; “{start}…” has {len(longest)}")


@contextmanager
def errors_as_save_errors() -> Iterator[None]:
    """Raise SaveError for an OSError, a text that can't be saved, or a module that can't be loaded.

    The second is a ValueError.
    """
    try:
        yield
    except (ImportError, SyntaxError, EOFError) as error:
        raise SaveError(f"a part of casefile can’t be loaded: {error}") from error
    except ValueError as error:
        raise SaveError(str(error)) from error
    except OSError as error:
        raise SaveError(error_with_path(error)) from error


class Target(msgspec.Struct, frozen=True):
    """The entry as it was when the note was written."""

    label: Annotated[str, Meta(max_length=LABEL_LIMIT)]
    digest: Name
    """The hash of the entry's row as JSON."""
    snapshot: str = ""
    """That JSON; empty if it was left out, being too large or confidential."""
    field: str | Mapping[str, object] | None = None
    """The field, place or words that the note is about."""
    sources: Mapping[str, Name] = msgspec.field(default_factory=dict)
    """The hashes of the cited texts, by source id."""
    cited: Names | None = None
    """The sources that the entry, or what it took its title or its cites from, named; None if it is
    not known which these were."""
    confidential: bool = False
    """Whether any of these was confidential."""
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)
    """The keys that this version doesn't know."""


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of an annotation; its file is never changed once it is written."""

    id: Uuid
    rev: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    parents: Names = ()
    case: Id
    entry: Id
    motivation: Name
    value: Name | None = None
    reply_to: Uuid | None = None
    body: str
    tags: Names = ()
    private: bool = False
    deleted: bool = False
    undoes: Name | None = None
    """The hash of the revision that this one undoes."""
    author: Name
    created: Time
    modified: Time
    given: Time | None = None
    """When the verdict of a check was given, which later revisions keep; None if it is no check."""
    target: Target
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)
    """The keys that this version doesn't know."""
    hash: str = ""
    """The hash of the file's bytes; empty until there is a file."""

    @property
    def gives_verdict(self) -> bool:
        """Whether it gives a verdict, and doesn't keep one that was given before."""
        return self.motivation == "assessing" and self.given in (None, self.modified)


def encode(revision: Revision) -> bytes:
    """Return the content of a revision's file; raises ValueError for a lone surrogate."""
    return b"".join(line for _part, line in _lines(revision))


def _lines(revision: Revision) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a revision's file, each with the part that may be left out, or ""."""
    target = revision.target
    given = None if revision.gives_verdict else revision.given
    table = _known_keys(revision) | {
        "deleted": revision.deleted or None,
        "created": revision.created.astimezone(dt.UTC),
        "modified": revision.modified.astimezone(dt.UTC),
        "given": given and given.astimezone(dt.UTC),
        "target": None,
    }
    yield from _lines_of({"format": FORMAT, **table}, revision.extra)
    yield "", b"\n[target]\n"
    confidential = target.confidential or None
    yield from _lines_of(_known_keys(target) | {"confidential": confidential}, target.extra)


def _lines_of(
    known: Mapping[str, object], unknown: Mapping[str, object]
) -> Iterator[tuple[str, bytes]]:
    for key, value in without_absent(known).items():
        yield _PARTS.get(key, ""), toml_line(key, value)
    for key, value in unknown.items():
        yield _UNKNOWN, toml_line(key, value)


def encode_within_limit(revision: Revision) -> bytes:
    """Return the content of a revision's file, without what would make it too large to be read.

    As little as possible of `_LESS_NEEDED` is left out; a deletion may have no text either. Raises
    NoteTooLarge, and ValueError as `encode` does.
    """
    # Once, and only counted with each part that is left out: there may be megabytes.
    lines = [*_lines(revision)]
    for count in range(len(_LESS_NEEDED) + 1):
        for left_out in combinations(_LESS_NEEDED, count):
            kept = [line for part, line in lines if part not in left_out]
            is_short = sum(map(len, kept)) <= SIZE_LIMIT
            if is_short and _is_within_marks(data := b"".join(kept)):
                return data
    if revision.deleted and revision.body:
        return encode_within_limit(replace(revision, body=""))
    raise NoteTooLarge(f"the note is larger than the limit of {SIZE_LIMIT:,} bytes")


def _is_within_marks(data: bytes) -> bool:
    try:
        check_cost(data, most_marks=MARKS_LIMIT)
    except BeyondLimits:
        return False
    return True


def decode(data: bytes) -> Revision:
    """Return the revision in a file's content; raises NoteUnreadable."""
    if len(data) > SIZE_LIMIT:
        raise NoteUnreadable(f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    table = _split_unknown_keys(parse_table(data, FORMAT), Revision)
    if isinstance(target := table.get("target"), dict):
        table["target"] = _split_unknown_keys(target, Target)
    revision = convert_table(table, Revision)
    if revision.motivation == "assessing":
        revision = replace(revision, given=revision.given or revision.modified)
    # A parent that is named twice is one.
    parents = tuple(dict.fromkeys(revision.parents))
    return replace(revision, parents=parents, hash=hash_of(data))


def _known_keys(struct: Target | Revision) -> dict[str, object]:
    """Return the keys and values of a struct's table, without those in its `extra`."""
    return {key: value for key, value in asdict(struct).items() if key not in ("extra", "hash")}


def _split_unknown_keys(
    table: Mapping[str, object], struct: type[msgspec.Struct]
) -> dict[str, object]:
    """Return a table with the keys that a struct lacks moved to its `extra`."""
    known = {*struct.__struct_fields__} - {"extra", "hash"}
    extra = {key: value for key, value in table.items() if key not in known}
    return {**{key: value for key, value in table.items() if key in known}, "extra": extra}


def file_name(revision_id: str, rev: int, data: bytes, *, digits: int = NAME_DIGITS) -> str:
    """Return the name of a revision's file: the note's id, the number, the start of the hash."""
    return f"{revision_id}.{rev}-{hash_of(data).removeprefix(_SHA256)[:digits]}.toml"


def check_file_name(name: str, revision: Revision) -> None:
    """Raise NoteUnreadable if a revision's hash is not the one in its file's name."""
    named = _FILE_NAME.match(name)
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
        as_json(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return snapshot, hash_of(snapshot.encode())


def row_of(target: Target) -> dict[str, object] | None:
    """Return the row in a target's snapshot, or None if the snapshot can't be read."""
    try:
        row = parse_json(target.snapshot)
    except (msgspec.DecodeError, BeyondLimits):
        return None
    return row if isinstance(row, dict) and not Extent(row).beyond else None


def is_row_of(row: Mapping[str, object], entry: str) -> bool:
    """Whether a row in a target is that of an entry, not of one that a check was moved from."""
    return row.get("id", entry) == entry


def target_of(
    label: str,
    row: Mapping[str, object],
    sources: Mapping[str, str] | None = None,
    about: str | Mapping[str, object] | None = None,
    *,
    has_snapshot: bool = True,
) -> Target:
    """Return the target of a note on a row; `about` becomes its `field`."""
    snapshot, digest = digest_of(row)
    kept = snapshot if has_snapshot else ""
    return Target(label[:LABEL_LIMIT], digest, kept, about, dict(sources or {}))


def parse_table(data: bytes, format_name: str) -> dict[str, object]:
    """Return the table in a TOML file of a format, without that key; raises NoteUnreadable."""
    try:
        table: dict[str, object] = parse_toml(data.decode(), most_marks=MARKS_LIMIT)
    except UnicodeDecodeError:
        raise NoteUnreadable("it is not UTF-8 text") from None
    except BeyondLimits as error:
        raise NoteUnreadable(str(error)) from None
    except ValueError as error:
        raise NoteUnreadable(f"it can't be read as TOML: {error}") from None
    if beyond := Extent(table).beyond:
        raise NoteUnreadable(beyond)
    given = table.pop("format", "missing")
    if given != format_name:
        raise NoteUnreadable(f"its format is {str(given)[:40]}, this version reads {format_name}")
    return table


def convert_table(table: Mapping[str, object], struct: type[_Struct]) -> _Struct:
    """Return a table as a struct with its times in UTC; raises NoteUnreadable."""
    try:
        found = msgspec.convert(table, struct, builtin_types=(dt.datetime, dt.date, dt.time))
    except msgspec.ValidationError as error:
        # “Expected `int` >= 1 - at `$.pid`” becomes “pid: Expected `int` >= 1”.
        what, _, key = str(error).partition(" - at `$.")
        raise NoteUnreadable(f"{key[:-1]}: {what}" if key else what) from None
    times = {key: value for key, value in asdict(found).items() if isinstance(value, dt.datetime)}
    return replace(found, **{key: _in_utc(key, moment) for key, moment in times.items()})


def _in_utc(key: str, moment: dt.datetime) -> dt.datetime:
    with suppress(OverflowError):
        moment = moment.astimezone(dt.UTC)
        if moment < LATEST:
            return moment
    raise NoteUnreadable(f"{key} is outside the years 1 to 9998")


def without_absent(table: Mapping[str, object | None]) -> dict[str, object]:
    """Return a table without the keys whose value is None, which TOML lacks."""
    return {key: value for key, value in table.items() if value is not None}


def as_json(value: object) -> object:
    """Return a parsed value as JSON has it: dates and times, nan and inf are strings."""
    match value:
        case Mapping():
            return {str(key): as_json(item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [as_json(item) for item in value]
        case dt.datetime() | dt.date() | dt.time():
            # The parser doesn't distinguish Z and +00:00, so both become Z.
            return value.isoformat().replace("+00:00", "Z")
        case float() if not math.isfinite(value):
            return str(value)
    return value
