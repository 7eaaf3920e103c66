"""What is new, changed or gone in a case file since the reader last left it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from casefile.case.difference.entry_changes import EntryChanges, entry_changes
from casefile.case.model import CaseFile
from casefile.places import Places
from casefile.state.store import forget, recall, remember, remembered_at, remembered_in, renew

FOLDER = "visits"

_FORMAT = "casefile-visit/1"
# A line has at most 81 bytes: some 800,000 entries.
_SIZE_LIMIT = 64 * 1024 * 1024
_DIGEST_BYTES = 8


class Changes(EntryChanges, frozen=True, kw_only=True):
    """The ids of the entries that have changed since the last visit."""

    since: dt.datetime
    """When that visit ended."""


def since_last_visit(places: Places, case_file: CaseFile) -> Changes | None:
    """Give what has changed since the case was left; None where no visit is remembered."""
    name = _name(case_file)
    since = remembered_at(places, name)
    before = dict(_decoded(recall(places, name, _SIZE_LIMIT)))
    if since is None or not before:
        return None
    changes = entry_changes(before, dict(_digests(case_file)))
    return Changes(changes.new, changes.changed, changes.gone, since=since)


def remember_visit(places: Places, case_file: CaseFile) -> bool:
    """Remember the case as it is now, when it is left, and say whether that could be done."""
    name = _name(case_file)
    data = _encoded(_digests(case_file))
    if recall(places, name, _SIZE_LIMIT) == data:
        renew(places, name)
        return True
    return remember(places, name, data)


def forget_visits(places: Places) -> bool:
    """Forget how every case was when it was left, and say whether nothing of it is left."""
    return forget(places, *remembered_in(places, FOLDER))


def _name(case_file: CaseFile) -> str:
    return f"{FOLDER}/{case_file.case.id}.toml"


def _digests(case_file: CaseFile) -> Iterator[tuple[str, str]]:
    """Give a short digest of each entry's row, whatever the order of its keys."""
    # 4 ms that the start need not pay.
    from hashlib import blake2b

    # Ten times as fast as the digests that notes keep, which other programs must be able to make.
    encode = msgspec.json.Encoder(order="sorted").encode
    for entry_id, row in case_file.rows.items():
        yield entry_id, blake2b(encode(row), digest_size=_DIGEST_BYTES).hexdigest()


def _encoded(digests: Iterable[tuple[str, str]]) -> bytes:
    # Ids and digests need no escapes; one text of many lines is read five times as fast as keys.
    lines = "".join(f"{entry_id} {digest}\n" for entry_id, digest in digests)
    return f"format = \"{_FORMAT}\"\nentries = '''\n{lines}'''\n".encode()


def _decoded(data: bytes | None) -> Iterator[tuple[str, str]]:
    import tomli

    table: dict[str, object] = {}
    with suppress(ValueError, RecursionError):
        table = tomli.loads((data or b"").decode())
    entries = table.get("entries") if table.get("format") == _FORMAT else None
    for line in entries.splitlines() if isinstance(entries, str) else ():
        entry_id, _, digest = line.partition(" ")
        yield entry_id, digest
