"""Any valid case, written by another program, is read as what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from grammar import CASES
from hypothesis import HealthCheck, given, settings

from casefile.case.dating.dates import EdtfDate
from casefile.case.model import ENTRY_TYPES, Entry
from casefile.case.reader import read_case


def as_written(entry: Entry) -> dict[str, Any]:
    """Return an entry as a row: dates in their own writing, and nothing that is not stated."""
    row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(entry))
    keys = dict(zip(entry.__struct_fields__, entry.__struct_encode_fields__, strict=True))
    for field in entry.__struct_fields__:
        value = getattr(entry, field)
        if isinstance(value, EdtfDate):
            row[keys[field]] = value.written
    return row


@pytest.mark.slow
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(document=CASES)
@pytest.mark.usefixtures("tmp_path")
def test_what_is_written_reads_back_equal(tmp_path: Path, document: dict[str, Any]) -> None:
    """Every field of every table comes back as written by tomli-w, and nothing is complained of."""
    document["case"].pop("timezone", None)
    written = {"format": "casefile/1", "case": {"id": "demo", **document["case"]}}
    for kind in ENTRY_TYPES:
        written[kind.table] = [
            {"id": f"{kind.table}-{number}", **row}
            for number, row in enumerate(document[kind.table])
        ]
    path = tmp_path / "demo.toml"
    path.write_text(tomli_w.dumps(written), encoding="utf-8")
    reading = read_case(path)
    assert reading.case_file is not None
    assert not [one for one in reading.problems if one.code != "bad-amount"]
    entries = reading.case_file.entries
    expected = [written["case"], *(row for kind in ENTRY_TYPES for row in written[kind.table])]
    assert [as_written(entries[row["id"]]) for row in expected] == expected
    assert reading.case_file.unknown == {}
