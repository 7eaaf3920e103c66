"""The bundled case: it keeps to the format, cites every paragraph, and copies no report."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import tomli

Row: TypeAlias = dict[str, Any]

HERE = Path(__file__).parent
CASE_FILE = HERE.parent / "data" / "diana-fentanyl-2017.toml"
HASHES = HERE / "nine_word_hashes.txt"

RUN_LENGTH = 9
LONGEST_CITE_QUOTE = 8
PARAGRAPHS = range(1, 16)

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
PIN = re.compile(r"para (\d+)(?:-(\d+))?")

COMMON_KEYS = (
    "id text date date_text date_basis amounts about issues tags status contradicts language cites"
)
OWN_KEYS = {
    "case": "title stage timezone jurisdiction topics revised editors source accept",
    "source": "title type author publisher published retrieved url archived file sha256 "
    "paragraphs exhibit bates based_on confidential",
    "party": "name type name_kind aliases abbreviation role position countries nationality sex "
    "maybe_same_as",
    "event": "title type location by involved follows precedes part_of duration key",
    "seizure": "item type event from by location",
    "quote": "speaker words to event translated original",
    "claim": "statement type by by_text in_quote",
    "link": "subject object role",
    "issue": "title type parent",
}
KEYS_WITHIN = {
    "amounts": "value min max unit qualifier text type per converted",
    "cites": "source at quote stance field",
    "involved": "party role",
}

TABLE_REFERRED_TO = {
    **dict.fromkeys(("by", "involved", "from", "speaker", "to", "maybe_same_as"), "party"),
    **dict.fromkeys(("event", "follows", "precedes", "part_of"), "event"),
    "issues": "issue",
    "in_quote": "quote",
    "source": "source",
    **dict.fromkeys(("about", "subject", "object", "contradicts"), None),
}
"""The table that each reference field names entries of; None where any entry will do."""


@cache
def document() -> Row:
    """Give the bundled case as parsed."""
    return tomli.loads(CASE_FILE.read_text(encoding="utf-8"))


def rows() -> list[tuple[str, Row]]:
    """Give every row of the case with the name of its table, `[case]` first."""
    tables = ((name, table) for name, table in document().items() if isinstance(table, list))
    return [("case", document()["case"]), *((name, row) for name, table in tables for row in table)]


def row_of(entry_id: str) -> Row:
    """Give the row with this id."""
    return next(row for _, row in rows() if row["id"] == entry_id)


def as_list(value: Any) -> list[Any]:
    """Give several values as they are, and one alone in a list."""
    return value if isinstance(value, list) else [value]


def strings_in(value: Any) -> Iterator[str]:
    """Give every string within a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


def words_in(text: str) -> list[str]:
    """Give the runs of letters or digits of a text, in lower case."""
    return re.findall(r"[^\W_]+", text.lower())


@cache
def report_hashes() -> frozenset[str]:
    """Give the hashes of all nine-word runs of the report."""
    lines = HASHES.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def runs_copied(text: str) -> list[str]:
    """Give the nine-word runs of a text that stand in the report as well."""
    words = words_in(text)
    starts = range(len(words) - RUN_LENGTH + 1)
    runs = (" ".join(words[start : start + RUN_LENGTH]) for start in starts)
    return [run for run in runs if hashed(run) in report_hashes()]


def hashed(run: str) -> str:
    """Give the first 16 hexadecimal digits of a run's SHA-256."""
    return hashlib.sha256(run.encode()).hexdigest()[:16]


def cites() -> list[tuple[str, Row]]:
    """Give every cite of the case with the id of its entry."""
    return [(row["id"], cite) for _, row in rows() for cite in row.get("cites", [])]


def paragraphs_of(cite: Row) -> range:
    """Give the paragraphs that a cite names."""
    pin = PIN.fullmatch(cite["at"])
    assert pin, cite
    return range(int(pin[1]), int(pin[2] or pin[1]) + 1)


def references() -> Iterator[tuple[str, str, str]]:
    """Give every reference as the entry that makes it, its field, and the id it names."""
    for _, row in rows():
        for field in TABLE_REFERRED_TO.keys() & row.keys():
            for one in as_list(row[field]):
                yield row["id"], field, one["party"] if isinstance(one, dict) else one
    for entry_id, cite in cites():
        yield entry_id, "source", cite.get("source", document()["case"]["source"])


def test_it_is_a_case_file() -> None:
    """The file names its format at the top and carries the id it is opened by."""
    assert document()["format"] == "casefile/1"
    assert document()["case"]["id"] == CASE_FILE.stem


def test_ids_are_well_formed() -> None:
    """Every id is short, lower-case and free of what would need escaping."""
    assert [row["id"] for _, row in rows() if not ID.fullmatch(row["id"])] == []


def test_ids_are_unique() -> None:
    """No two entries share an id, whatever their tables."""
    ids = [row["id"] for _, row in rows()]
    assert sorted(set(ids)) == sorted(ids)


def test_only_the_keys_of_the_format_are_used() -> None:
    """No row has a key that the format doesn't name for its table."""
    known = {table: {*COMMON_KEYS.split(), *own.split()} for table, own in OWN_KEYS.items()}
    unknown = [(row["id"], row.keys() - known[table]) for table, row in rows()]
    assert [one for one in unknown if one[1]] == []


@pytest.mark.parametrize(("field", "keys"), KEYS_WITHIN.items())
def test_only_the_keys_of_the_format_are_used_within_a_field(field: str, keys: str) -> None:
    """Amounts, cites and roles have no key that the format doesn't name for them."""
    items = [(row["id"], item) for _, row in rows() for item in as_list(row.get(field, []))]
    tables = [(entry_id, item) for entry_id, item in items if isinstance(item, dict)]
    assert tables
    assert [one for one in tables if not one[1].keys() <= set(keys.split())] == []


def test_every_reference_resolves() -> None:
    """Every id that an entry names is that of an entry, of the table its field calls for."""
    table_of = {row["id"]: table for table, row in rows()}
    astray = [
        (entry_id, field, named)
        for entry_id, field, named in references()
        if table_of.get(named) is None
        or TABLE_REFERRED_TO[field] not in (None, table_of.get(named))
    ]
    assert astray == []


def test_every_party_and_issue_is_named_by_an_entry() -> None:
    """A party or an issue that no other entry refers to would have no part in the case."""
    named = {named for _, _, named in references()}
    listed = {row["id"] for table, row in rows() if table in ("party", "issue")}
    assert listed - named == set()


def test_every_entry_is_cited() -> None:
    """All but the sources, the issues and what a quote says itself point to a paragraph."""
    uncited = [
        row["id"]
        for table, row in rows()
        if table not in ("source", "issue") and "in_quote" not in row and not row.get("cites")
    ]
    assert uncited == []


def test_claims_in_a_quote_take_who_and_where_from_it() -> None:
    """A claim made inside a quotation repeats neither its speaker nor its cites."""
    within = [row for _, row in rows() if "in_quote" in row]
    assert within
    assert [row["id"] for row in within if row.keys() & {"by", "by_text", "cites"}] == []


def test_every_cite_has_a_paragraph_of_the_report() -> None:
    """A pin cite names one paragraph or a range, and none beyond the report's last."""
    beyond = [
        (entry_id, cite) for entry_id, cite in cites() if set(paragraphs_of(cite)) - set(PARAGRAPHS)
    ]
    assert beyond == []
    assert all(len(paragraphs_of(cite)) > 0 for _, cite in cites())


def test_every_cite_quotes_a_few_words() -> None:
    """Each cite carries the words relied on, and at most eight of them."""
    counts = [(entry_id, len(words_in(cite.get("quote", "")))) for entry_id, cite in cites()]
    assert [one for one in counts if not 1 <= one[1] <= LONGEST_CITE_QUOTE] == []


def test_every_paragraph_is_cited() -> None:
    """No paragraph of the report is left without an entry that rests on it."""
    cited = {paragraph for _, cite in cites() for paragraph in paragraphs_of(cite)}
    assert cited == set(PARAGRAPHS)


@pytest.mark.parametrize(
    ("entry_id", "value", "unit", "qualifier"),
    [
        ("arrests", 21, "individual", "exact"),
        ("task-force-formed", 100, "officer", "more-than"),
        ("addresses-identified", 40, "address", "more-than"),
        ("money", 790_000, "CNY", "approximately"),
        ("money", 115_000, "USD", "approximately"),
        ("doses", 20_000_000, "dose", "more-than"),
        ("potency-heroin", 50, "time", "exact"),
        ("potency-morphine", 100, "time", "exact"),
        ("deaths", 20_000, "death", "more-than"),
    ],
)
def test_the_figures_of_the_report_stand(
    entry_id: str, value: int, unit: str, qualifier: str
) -> None:
    """Each figure that the report gives stands once, with its unit and its qualifier."""
    figures = [
        (row["id"], amount["value"], amount["unit"], amount["qualifier"])
        for _, row in rows()
        for amount in row.get("amounts", [])
        if "value" in amount
    ]
    assert figures.count((entry_id, value, unit, qualifier)) == 1


def test_a_sum_in_another_currency_is_marked_as_converted() -> None:
    """The dollars are the same money as the yuan, and so are not to be added to them."""
    yuan, dollars = row_of("money")["amounts"]
    assert "converted" not in yuan
    assert dollars["converted"] is True


def test_a_copied_run_is_found() -> None:
    """Nine words of the report in a row are found in the midst of other text, and eight are not."""
    copied = words_in(as_list(row_of("quote-annello")["words"])[0])
    assert runs_copied(" ".join(["So", *copied[:RUN_LENGTH], "it", "went"])) == [
        " ".join(copied[:RUN_LENGTH])
    ]
    assert runs_copied(" ".join(["So", *copied[: RUN_LENGTH - 1], "it", "went"])) == []


def test_the_words_of_quotes_are_the_reports() -> None:
    """Every nine words in a row of a quotation stand in the report."""
    quotations = [words for row in document()["quote"] for words in as_list(row["words"])]
    for words in quotations:
        assert len(runs_copied(words)) == len(words_in(words)) - RUN_LENGTH + 1


def test_nothing_but_the_words_of_quotes_is_copied() -> None:
    """No other value, in whatever table, holds nine words in a row of the report."""
    copied = [
        (row["id"], key, run)
        for table, row in rows()
        for key, value in row.items()
        if (table, key) != ("quote", "words")
        for text in strings_in(value)
        for run in runs_copied(text)
    ]
    assert copied == []
