"""The invented cases in `cases/`, and their source texts by paragraph, page and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

from casefile.case.load_result import LoadResult
from casefile.case.model import CaseFile, Cite, FreeEntry, Source
from casefile.case.reader import read_case

CASES = Path(__file__).parent / "cases"
SHIPPING = CASES / "shipping-fraud" / "larkfield-cargo-2019.toml"
COURT = CASES / "court-chronology" / "vasch-warehouse-2019.toml"
BILINGUAL = CASES / "chinese-arabic" / "haiyu-rebate-2020.toml"

_NUMBERED_LINES = 25
_NUMBER_WIDTH = 5

Unit: TypeAlias = int | tuple[int, int]
"""A paragraph or line by its number, or a line of a page by the numbers of both."""


@cache
def reading_of(path: Path) -> LoadResult:
    """Read a case, once for all tests."""
    return read_case(path)


def case_of(path: Path) -> CaseFile:
    """Return the case of a file."""
    case_file = reading_of(path).case_file
    assert case_file is not None
    return case_file


def free_rows(path: Path, table: str) -> list[FreeEntry]:
    """Return the rows of a custom table."""
    return [row for row in case_of(path).in_table(table) if isinstance(row, FreeEntry)]


def units_of(case_file: CaseFile, source_id: str) -> dict[Unit, str]:
    """Return the text of a source by paragraph, or by the numbered lines of its pages."""
    source = case_file.entries[source_id]
    assert isinstance(source, Source)
    assert source.file
    return _units(case_file.path.parent / source.file, source.paragraphs)


@cache
def _units(file: Path, divided: str | None) -> dict[Unit, str]:
    text = file.read_text(encoding="utf-8")
    if "\f" in text:
        return {
            (page, line): words[_NUMBER_WIDTH:]
            for page, lines in enumerate(text.rstrip("\f").split("\f"), start=1)
            for line, words in enumerate(lines.split("\n")[:_NUMBERED_LINES], start=1)
        }
    parts = text.strip().split("\n\n" if divided == "blank" else "\n")
    return dict(enumerate(parts, start=1))


def places(at: str, within: dict[Unit, str]) -> list[Unit]:
    """Return the paragraphs or lines that a pin cite names and that exist.

    Rows are counted as in a spreadsheet: the first line of the file is row 1.
    """
    if plain := re.fullmatch(r"(?:para|row|l\.) (\d+)(?:-(\d+))?", at):
        first, last = plain.groups(default=plain[1])
        return [unit for unit in range(int(first), int(last) + 1) if unit in within]
    if paged := re.fullmatch(r"p\. (\d+) l\. (\d+)(?:-(\d+)| - p\. (\d+) l\. (\d+))?", at):
        page, line, line_there, other_page, other_line = paged.groups()
        start = int(page), int(line)
        end = int(other_page or page), int(other_line or line_there or line)
        return [unit for unit in within if isinstance(unit, tuple) and start <= unit <= end]
    return [unit for unit, text in within.items() if text.startswith(f"{at}  ")]


def citations(case_file: CaseFile) -> Iterator[tuple[str, str, Cite, list[Unit]]]:
    """Yield every cite with its entry, its source and the paragraphs that it names."""
    for entry in case_file.entries.values():
        for cite in entry.cites:
            source = case_file.source_of(cite)
            assert source, entry.id
            assert cite.at, entry.id
            yield entry.id, source, cite, places(cite.at, units_of(case_file, source))


def passage(case_file: CaseFile, source_id: str, named: list[Unit]) -> str:
    """Return the words of some paragraphs on one line."""
    within = units_of(case_file, source_id)
    return one_line(" ".join(within[unit] for unit in named))


def one_line(text: str) -> str:
    """Return a text with each run of white space as one space."""
    return " ".join(text.split())
