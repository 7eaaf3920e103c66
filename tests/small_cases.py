"""Write and read small case files, for tests that need several."""

from __future__ import annotations

from pathlib import Path

from casefile.case.model import CaseFile
from casefile.case.reader import read_case


def write_case(
    path: Path, rows: str = "", *, case_id: str = "demo", title: str = "A small case"
) -> Path:
    """Write a case file, and create its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f'format = "casefile/1"\n[case]\nid = "{case_id}"\ntitle = "{title}"\n'
    path.write_text(head + rows, encoding="utf-8")
    return path


def events(*ids: str) -> str:
    """Return the rows of events with these ids."""
    return "".join(f'[[event]]\nid = "{one}"\ntitle = "Event {one}"\n' for one in ids)


def case_in(path: Path) -> CaseFile:
    """Read a case file that has no error that keeps it from opening."""
    reading = read_case(path)
    assert reading.case_file is not None, reading.problems
    return reading.case_file


def case_among_sources(cites: str) -> str:
    """Return the rows of an open and a confidential source, and of an event with these cites."""
    return f"""\
[[source]]
id = "press"
title = "A report"
[[source]]
id = "informer"
title = "An interview"
confidential = true
[[event]]
id = "meeting"
title = "A meeting"
cites = {cites}
"""
