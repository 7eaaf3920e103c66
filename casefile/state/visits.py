"""Which entries of a case file are new, changed or removed since the reader last left it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from casefile.case.difference.entry_changes import EntryChanges, entry_changes
from casefile.case.model import CaseFile
from casefile.places import Places
from casefile.state.store import StateFile, forget_all

FOLDER = "visits"
FORMAT = "casefile-visit/1"

# A line has at most 81 bytes: some 800,000 entries.
_SIZE_LIMIT = 64 * 1024 * 1024
_DIGEST_BYTES = 8


class ChangesSinceVisit(EntryChanges, frozen=True, kw_only=True):
    """The ids of the entries that have changed since the last visit."""

    since: dt.datetime
    """When that visit ended."""


class _Visit(msgspec.Struct, frozen=True):
    entries: str
    """A line for each entry: its id, a space, its digest. TOML keys are read five times slower."""


def since_last_visit(places: Places, case_file: CaseFile) -> ChangesSinceVisit | None:
    """Return the changes since the last visit; None if no visit is stored."""
    file = _file(places, case_file)
    since, visit = file.saved_at, file.load()
    if since is None or visit is None or not visit.entries:
        return None
    lines = (line.partition(" ") for line in visit.entries.splitlines())
    before = {entry_id: digest for entry_id, _, digest in lines}
    changes = entry_changes(before, dict(_digests(case_file)))
    return ChangesSinceVisit(changes.new, changes.changed, changes.gone, since=since)


def remember_visit(places: Places, case_file: CaseFile) -> bool:
    """Store the entries of a case as they are now and return whether that succeeded."""
    lines = "".join(f"{entry_id} {digest}\n" for entry_id, digest in _digests(case_file))
    return _file(places, case_file).save(_Visit(lines))


def forget_visits(places: Places) -> bool:
    """Remove the visits to all cases and return whether they are gone."""
    return forget_all(places, FOLDER, FORMAT)


def _file(places: Places, case_file: CaseFile) -> StateFile[_Visit]:
    name = f"{FOLDER}/{case_file.case.id}.toml"
    return StateFile(places, name, FORMAT, _Visit, _SIZE_LIMIT)


def _digests(case_file: CaseFile) -> Iterator[tuple[str, str]]:
    """Yield the id and a short digest of each entry; the order of a row's keys has no effect."""
    # Imported here: a first visit has nothing to compare, and the import takes 4 ms.
    from hashlib import blake2b

    # Ten times as fast as the digests in notes, which other programs must be able to compute.
    encode = msgspec.json.Encoder(order="sorted").encode
    for entry_id, row in case_file.rows.items():
        yield entry_id, blake2b(encode(row), digest_size=_DIGEST_BYTES).hexdigest()
