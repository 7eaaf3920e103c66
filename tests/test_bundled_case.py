"""The bundled case follows the format, cites every paragraph and copies no report."""

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
    "event": "title type location by involved follows follows_end_of precedes part_of order_basis "
    "duration key",
    "seizure": "item type event from by location",
    "quote": "speaker words to event translated original",
    "claim": "statement type by by_text in_quote",
    "link": "subject object role",
    "issue": "title type parent",
}
KEYS_WITHIN = {
    "amounts": "value min max unit qualifier text type per converted shared_with",
    "cites": "source at quote stance field",
    "involved": "party role",
}

TABLE_REFERRED_TO = {
    **dict.fromkeys(("by", "involved", "from", "speaker", "to", "maybe_same_as"), "party"),
    **dict.fromkeys(("event", "follows", "follows_end_of", "precedes", "part_of"), "event"),
    "issues": "issue",
    "in_quote": "quote",
    "source": "source",
    **dict.fromkeys(("about", "subject", "object", "contradicts", "shared_with"), None),
}
"""The table of the entries that each field refers to; None for any table."""


@cache
def document() -> Row:
    """Return the bundled case as parsed."""
    return tomli.loads(CASE_FILE.read_text(encoding="utf-8"))


def rows() -> list[tuple[str, Row]]:
    """Return every row of the case with the name of its table, `[case]` first."""
    tables = ((name, table) for name, table in document().items() if isinstance(table, list))
    return [("case", document()["case"]), *((name, row) for name, table in tables for row in table)]


def row_of(entry_id: str) -> Row:
    """Return the row with an id."""
    return next(row for _, row in rows() if row["id"] == entry_id)


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and any other value in a list."""
    return value if isinstance(value, list) else [value]


def strings_in(value: Any) -> Iterator[str]:
    """Yield every string in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


def words_in(text: str) -> list[str]:
    """Return the runs of letters or digits of a text, in lower case."""
    return re.findall(r"[^\W_]+", text.lower())


@cache
def report_hashes() -> frozenset[str]:
    """Return the hashes of all nine-word runs of the report."""
    lines = HASHES.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def runs_copied(text: str) -> list[str]:
    """Return the nine-word runs of a text that are in the report too."""
    words = words_in(text)
    starts = range(len(words) - RUN_LENGTH + 1)
    runs = (" ".join(words[start : start + RUN_LENGTH]) for start in starts)
    return [run for run in runs if hashed(run) in report_hashes()]


def hashed(run: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a run."""
    return hashlib.sha256(run.encode()).hexdigest()[:16]


def cites() -> list[tuple[str, Row]]:
    """Return every cite of the case, with its place, and the id of its entry."""
    return [
        (row["id"], {"at": place_in_quote(row), **cite})
        for _, row in rows()
        for cite in row.get("cites", [])
    ]


def place_in_quote(row: Row) -> str | None:
    """Return the place that the cites of a claim take from its quote."""
    return row_of(row["in_quote"])["cites"][0]["at"] if "in_quote" in row else None


def claims_in_quotes() -> list[Row]:
    """Return the claims that are made in a quote."""
    return [row for row in document()["claim"] if "in_quote" in row]


def paragraphs_of(cite: Row) -> range:
    """Return the paragraphs that a cite names."""
    pin = PIN.fullmatch(cite["at"])
    assert pin, cite
    return range(int(pin[1]), int(pin[2] or pin[1]) + 1)


def references() -> Iterator[tuple[str, str, str]]:
    """Yield every reference as the id of its entry, its field and the id that it names."""
    for _, row in rows():
        for field in TABLE_REFERRED_TO.keys() & row.keys():
            for one in as_list(row[field]):
                yield row["id"], field, one["party"] if isinstance(one, dict) else one
        for amount in as_list(row.get("amounts", [])):
            for one in as_list(amount.get("shared_with", [])):
                yield row["id"], "shared_with", one
    for entry_id, cite in cites():
        yield entry_id, "source", cite.get("source", document()["case"]["source"])


def test_format_and_id_are_declared() -> None:
    """The file declares its format, and its id is its name."""
    assert document()["format"] == "casefile/1"
    assert document()["case"]["id"] == CASE_FILE.stem


def test_ids_are_well_formed() -> None:
    """Every id is short, lower-case and needs no escaping."""
    assert [row["id"] for _, row in rows() if not ID.fullmatch(row["id"])] == []


def test_ids_are_unique() -> None:
    """No two entries have the same id, in any table."""
    ids = [row["id"] for _, row in rows()]
    assert sorted(set(ids)) == sorted(ids)


def test_rows_use_only_keys_of_the_format() -> None:
    """No row has a key that the format does not define for its table."""
    known = {table: {*COMMON_KEYS.split(), *own.split()} for table, own in OWN_KEYS.items()}
    unknown = [(row["id"], row.keys() - known[table]) for table, row in rows()]
    assert [one for one in unknown if one[1]] == []


@pytest.mark.parametrize(("field", "keys"), KEYS_WITHIN.items())
def test_nested_tables_use_only_keys_of_the_format(field: str, keys: str) -> None:
    """Amounts, cites and roles have no key that the format does not define for them."""
    items = [(row["id"], item) for _, row in rows() for item in as_list(row.get(field, []))]
    tables = [(entry_id, item) for entry_id, item in items if isinstance(item, dict)]
    assert tables
    assert [one for one in tables if not one[1].keys() <= set(keys.split())] == []


def test_every_reference_names_an_entry_of_its_table() -> None:
    """Every id that an entry names is that of an entry in the right table."""
    table_of = {row["id"]: table for table, row in rows()}
    astray = [
        (entry_id, field, named)
        for entry_id, field, named in references()
        if table_of.get(named) is None
        or TABLE_REFERRED_TO[field] not in (None, table_of.get(named))
    ]
    assert astray == []


def test_every_party_and_issue_is_named_by_an_entry() -> None:
    """A party or issue that nothing refers to would have no part in the case."""
    named = {named for _, _, named in references()}
    listed = {row["id"] for table, row in rows() if table in ("party", "issue")}
    assert listed - named == set()


def test_every_entry_has_a_cite() -> None:
    """All but sources and issues cite a paragraph."""
    uncited = [
        row["id"]
        for table, row in rows()
        if table not in ("source", "issue") and not row.get("cites")
    ]
    assert uncited == []


def test_claims_in_a_quote_do_not_repeat_the_speaker() -> None:
    """A claim made inside a quote takes its speaker from the quote."""
    assert claims_in_quotes()
    assert [row["id"] for row in claims_in_quotes() if row.keys() & {"by", "by_text"}] == []


def test_claims_in_a_quote_cite_words_of_the_quote() -> None:
    """A claim made inside a quote cites the words in which it is made."""
    strays = [
        (row["id"], cite["quote"])
        for row in claims_in_quotes()
        for cite in row["cites"]
        if not any(cite["quote"] in words for words in as_list(row_of(row["in_quote"])["words"]))
    ]
    assert strays == []


def test_no_two_claims_cite_the_same_words() -> None:
    """Claims made in one sentence each cite the words that make them."""
    claims = {row["id"] for row in document()["claim"]}
    cited = [
        (cite["at"], cite["quote"])
        for entry_id, cite in cites()
        if entry_id in claims and cite.get("field") != "by_text"
    ]
    assert sorted(set(cited)) == sorted(cited)


def test_every_cite_names_paragraphs_of_the_report() -> None:
    """A pin cite names a paragraph or a range, none after the last of the report."""
    beyond = [
        (entry_id, cite) for entry_id, cite in cites() if set(paragraphs_of(cite)) - set(PARAGRAPHS)
    ]
    assert beyond == []
    assert all(len(paragraphs_of(cite)) > 0 for _, cite in cites())


def test_every_cite_quotes_at_most_eight_words() -> None:
    """Each cite has the words relied on, and at most eight of them."""
    counts = [(entry_id, len(words_in(cite.get("quote", "")))) for entry_id, cite in cites()]
    assert [one for one in counts if not 1 <= one[1] <= LONGEST_CITE_QUOTE] == []


def test_every_paragraph_is_cited() -> None:
    """Every paragraph of the report is cited by an entry."""
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
        ("potency-heroin", 50, "time", None),
        ("potency-morphine", 100, "time", None),
        ("deaths", 20_000, "death", "more-than"),
    ],
)
def test_each_figure_of_the_report_is_entered_once(
    entry_id: str, value: int, unit: str, qualifier: str | None
) -> None:
    """Each figure is entered once, with its unit and qualifier."""
    figures = [
        (row["id"], amount["value"], amount["unit"], amount.get("qualifier"))
        for _, row in rows()
        for amount in row.get("amounts", [])
        if "value" in amount
    ]
    assert figures.count((entry_id, value, unit, qualifier)) == 1


def test_a_sum_in_another_currency_is_marked_as_converted() -> None:
    """The dollars are the same money as the yuan, so they must not be added."""
    yuan, dollars = row_of("money")["amounts"]
    assert "converted" not in yuan
    assert dollars["converted"] is True


def test_a_quantity_of_several_goods_is_entered_once() -> None:
    """The report states one quantity for three kinds of goods, so it is on the first alone."""
    (amount,) = row_of("pure-fentanyl")["amounts"]
    assert amount["shared_with"] == ["fentanyl-products", "precursors"]
    assert [one for one in amount["shared_with"] if "amounts" in row_of(one)] == []


def test_copied_run_of_nine_words_is_found() -> None:
    """Nine consecutive words of the report are found inside other text; eight are not."""
    copied = words_in(as_list(row_of("quote-annello")["words"])[0])
    assert runs_copied(" ".join(["So", *copied[:RUN_LENGTH], "it", "went"])) == [
        " ".join(copied[:RUN_LENGTH])
    ]
    assert runs_copied(" ".join(["So", *copied[: RUN_LENGTH - 1], "it", "went"])) == []


def test_words_of_quotes_are_in_the_report() -> None:
    """Every nine consecutive words of a quote are in the report."""
    quotations = [words for row in document()["quote"] for words in as_list(row["words"])]
    for words in quotations:
        assert len(runs_copied(words)) == len(words_in(words)) - RUN_LENGTH + 1


def test_only_words_of_quotes_are_copied() -> None:
    """No other value has nine consecutive words of the report."""
    copied = [
        (row["id"], key, run)
        for table, row in rows()
        for key, value in row.items()
        if (table, key) != ("quote", "words")
        for text in strings_in(value)
        for run in runs_copied(text)
    ]
    assert copied == []
