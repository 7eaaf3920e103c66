"""Strategies for everything that is parsed: by the grammar of each format, with faults mixed in."""

from __future__ import annotations

import datetime as dt
import io
import re
import tarfile
from collections.abc import Callable
from functools import partial
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

import tomli_w
from hostile_cases import ATTACK, MARKUP
from hypothesis import strategies as st

from casefile.case.amounts import Amount
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import (
    ENTRY_TYPES,
    Case,
    Cite,
    Involvement,
)
from casefile.case.normalise import hints_by_key, known_words, required_keys
from casefile.case.table_struct import Id, Reference, TableStruct
from casefile.case.timeline.entries import ORDER_FIELDS
from casefile.notes.annotation import FORMAT as NOTE_FORMAT
from casefile.notes.draft import FORMAT as DRAFT_FORMAT

Strategy = st.SearchStrategy

IDS = [f"{kind.table}-{number}" for kind in ENTRY_TYPES for number in range(2)]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
AMOUNTS = st.sampled_from(
    [
        {"value": 3, "unit": "kg", "qualifier": "more-than", "text": "more than 3 kilos"},
        {"min": 1, "max": 2.5, "qualifier": "between", "unit": "USD", "per": "year"},
        {"text": "significant quantities", "type": "weight"},
        {"value": 51, "unit": "%", "shared_with": [IDS[0]]},
    ]
)
_DATES = st.sampled_from(
    ["2018", "2018-03-24", "2018~", "2018-XX", "[2018-01..]", "2018-01/..", "2018-03-24T14:05"]
)


def values(hint: Any) -> Strategy[Any]:
    """Return values that a field may have in a file."""
    if EdtfDate in get_args(hint):
        return _DATES
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*(values(part) for part in arguments if part is not type(None)))
    if origin is tuple:
        return st.lists(values(arguments[0]), min_size=1, max_size=3)
    if hint in (Cite, Involvement):
        return rows(hint)
    if words := known_words(hint):
        return st.sampled_from(words) | (TEXT if origin is Annotated else st.nothing())
    plain = {
        Reference: st.sampled_from(IDS),
        Amount: AMOUNTS,
        str: TEXT,
        # The value of a cite, whose field is none of the format's.
        Any: TEXT,
        bool: st.just(value=True),
        int: st.integers(1, 999),
        dict[str, str]: st.dictionaries(TEXT, TEXT, min_size=1, max_size=2),
    }
    return cast("Strategy[Any]", plain[hint])


def rows(record_type: type[TableStruct]) -> Strategy[dict[str, Any]]:
    """Return rows of a table, or tables inside one, with what is required and some of the rest."""
    known = {key: hint for key, hint in hints_by_key(record_type).items() if hint != Id}
    strategies = {key: values(hint) for key, hint in known.items()}
    required = {key: strategies.pop(key) for key in required_keys(record_type) & known.keys()}
    if not required and "at" in strategies:
        required["at"] = strategies.pop("at")
    return st.fixed_dictionaries(required, optional=strategies)


CASES = st.fixed_dictionaries(
    {
        "case": rows(Case),
        **{kind.table: st.tuples(rows(kind), rows(kind)).map(list) for kind in ENTRY_TYPES},
    }
)
"""Valid cases, less their ids."""

WORDS = st.sampled_from([ATTACK, MARKUP, "", " ", "“so”", "İßﬁ", "e\u0301" * 9, "x" * 300]) | TEXT


def _joined(*parts: Strategy[str] | str) -> Strategy[str]:
    """Return texts of parts, one after the other."""
    return st.tuples(*(st.just(one) if isinstance(one, str) else one for one in parts)).map("".join)


def _maybe(part: Strategy[str] | str) -> Strategy[str]:
    return st.just("") | (st.just(part) if isinstance(part, str) else part)


# Dates

_YEAR = st.integers(0, 10_000).map("{:04}".format) | st.sampled_from(["199X", "19XX", "XXXX", "-1"])
_TWO = st.integers(0, 62).map("{:02}".format) | st.sampled_from(["XX", "1", "uu"])
_ZONE = st.sampled_from(["Z", "+01:00", "-23:59", "+24:00", " EST"])
_TIME = _joined("T", _TWO, _maybe(_joined(":", _TWO)), _maybe(_joined(":", _TWO)), _maybe(_ZONE))
_DAY = _joined(_YEAR, _maybe(_joined("-", _TWO)), _maybe(_joined("-", _TWO)), _maybe(_TIME))
_UNIT = _joined(_DAY, _maybe(st.sampled_from([*"~?%", "~~", "u"])))
_SET = _joined(st.sampled_from("[{"), _maybe(".."), st.lists(_UNIT, max_size=4).map(",".join))
EDTF = st.one_of(
    _UNIT,
    _joined(_maybe(_UNIT | st.just("..")), "/", _maybe(_UNIT | st.just(".."))),
    _joined(_SET, _maybe(".."), st.sampled_from("]}")),
    _joined("[", _UNIT, "..", _UNIT, "]"),
    _joined(
        st.sampled_from(["3 days", "about an hour", "10000 years", "soon"]),
        st.sampled_from([" after #", " before #", "#"]),
        st.sampled_from(IDS),
    ),
)
"""Dates in EDTF, of all levels, and relative to another entry's, within the calendar and not."""

_MONTH = st.sampled_from(["March", "mar.", "Mai", "三月", "3"])
DATE_WORDS = st.lists(
    st.one_of(
        _MONTH,
        _TWO,
        _YEAR,
        st.sampled_from(
            [
                *("c.", "about", "early", "late", "between", "and", "to", "–", "or", "before"),
                *("not", "after", "the", "of", "1990s", "spring", "Friday", "9 a.m.", "noon"),
                *("1st", "half past", "/", "."),
            ]
        ),
    ),
    max_size=7,
).map(" ".join)
"""Dates in words, most of which say nothing."""

# Cites

_NUMBER = st.integers(0, 10**7).map(str)
_TO = st.sampled_from(["-", " – ", " to ", "--"])
PINS = st.one_of(
    _joined(
        st.sampled_from(["para ", "paras. ", "¶¶", "p.", "pp. ", "row ", "l. ", "lines "]),
        _NUMBER,
        _maybe(_joined(_TO, _NUMBER)),
    ),
    _joined("p. ", _NUMBER, " l. ", _NUMBER, _maybe(_joined(_TO, _maybe("p. 3 "), "l. ", _NUMBER))),
    _joined(_maybe("999:"), "14:", _TWO, _maybe(".5"), _maybe(_joined(_TO, "00:", _TWO, ":07"))),
    WORDS,
)
"""Places in a source, possible ones and others."""

SOURCE_TEXTS = st.lists(
    st.sampled_from(
        ["\n", "\r\n", "\n\n", "\f", "Page 3", "12 ", "  7   the words", "relied on", "-\n", "“so”"]
    )
    | WORDS,
    max_size=20,
).map("".join)
"""Texts of sources: paragraphs, pages, numbered lines, hyphens at ends of lines."""

_QUOTES = st.sampled_from(["the words", "relied on", "the words […] relied", "…", "so"]) | WORDS
_CITES = st.one_of(
    PINS,
    _joined(st.sampled_from(IDS), ", ", PINS),
    st.fixed_dictionaries(
        {"at": PINS},
        optional={
            "source": st.sampled_from(["source-0", "event-1", "nowhere"]),
            "quote": _QUOTES,
            "stance": st.sampled_from(["supports", "contradicts", "none"]),
            "field": st.sampled_from(["date", "title", "colour"]),
        },
    ),
)

# TOML

_HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A case"\n'

_SCALARS = st.one_of(
    WORDS,
    EDTF,
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | st.just(dt.UTC)),
)
KEYS = st.sampled_from(["id", "title", "date", "cites", "by", "format", "", "a.b", ATTACK]) | TEXT
ANY_VALUE: Strategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
"""Whatever TOML can hold."""

_SNIPPETS = st.sampled_from(
    [
        *("[[event]]\n", "[event]\n", "[case]\n", "[[case]]\n", "[a.b.c]\n", "[[table]]\n", "[]\n"),
        *('"', '"""', "'''", "[", "]", "{", "}", "= ", ",", "#", "\\", "\n", "\r", "\r\n", "\0"),
        *(
            "\ufeff",
            "\x1b[2J",
            "\u202e",
            "id = ",
            "x.y.z = 1\n",
            "nan",
            "-inf",
            "1e999",
            "0x",
            "07",
        ),
        *("1979-05-27T07:32:00Z", "07:32", '"\\ud800"', '"\\u001b[2J"', "a = {b = {c = [1]}}\n"),
        *("a." * 40, "[" * 40, "9" * 40, '\'a\' = """\n', "accept = {x = 1}\n", "same = 'x'\n"),
    ]
)


@st.composite
def damaged(draw: st.DrawFn, whole: Strategy[bytes]) -> bytes:
    """Return some bytes whole, or cut, repeated, or with others put in."""
    data = draw(whole)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        put = _SNIPPETS.map(str.encode) | st.binary(max_size=4) | st.just(data[start:end] * 2)
        data = data[:start] + draw(put) + data[draw(st.sampled_from([start, start, end])) :]
    return data


def _toml(table: dict[str, Any]) -> bytes:
    return tomli_w.dumps(table).encode()


_NAMED = st.lists(st.sampled_from([*IDS, "vessel-0"]), min_size=1, max_size=2)


@st.composite
def _case_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Return a case with wrong values, unknown keys, repeated ids and free tables among others."""
    case = {"id": "demo", "title": "A case", **draw(rows(Case))}
    tables: dict[str, Any] = {"format": "casefile/1", "case": case}
    kinds = draw(st.lists(st.sampled_from(ENTRY_TYPES), max_size=5))
    for kind in kinds:
        row = {
            "id": draw(st.sampled_from([f"{kind.table}-0", f"{kind.table}-1"])),
            **draw(rows(kind)),
        }
        tables.setdefault(kind.table, []).append(row)
    for _ in range(draw(st.integers(0, 2))):
        free = {"id": draw(st.sampled_from(["vessel-0", "A"])), "name": draw(WORDS | _NAMED)}
        own = draw(st.dictionaries(KEYS, _SCALARS | _NAMED, max_size=2))
        tables.setdefault("vessel", []).append({**free, **own})
    if draw(st.booleans()):
        keys = st.lists(st.sampled_from(["name", "id", "date", "by"]) | KEYS, max_size=3)
        declared = {"name": "vessel", "columns": draw(keys), "refs": draw(keys)}
        tables["table"] = [{key: value for key, value in declared.items() if value}]
    every = [
        case,
        *(row for name in tables if name not in ("format", "case") for row in tables[name]),
    ]
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.sampled_from(every))
        key = draw(st.sampled_from([*row, "cites", "date", "follows", "part_of", "by"]) | KEYS)
        fault = st.one_of(
            ANY_VALUE,
            EDTF,
            st.lists(_CITES, max_size=3),
            st.lists(st.sampled_from(IDS), max_size=3),
        )
        row[key] = draw(fault)
    return tables


CASE_FILES = damaged(_case_tables().map(_toml))
"""Files of cases: valid, with wrong values, and no TOML at all."""


@st.composite
def repeated_rows(draw: st.DrawFn) -> Callable[[int], bytes]:
    """Return a way to make a case of any length: the same rows, each naming some of the next."""
    kinds = draw(st.lists(st.sampled_from(ENTRY_TYPES), min_size=1, max_size=3, unique=True))
    # A text that is too long for a table in one line.
    long = {"text": "x" * 100}
    tables = {kind.table: [{"id": f"{kind.table}-0", **draw(rows(kind)), **long}] for kind in kinds}
    for (row,) in tables.values():
        for key in draw(st.lists(st.sampled_from([*ORDER_FIELDS, "about"]))):
            row[key] = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=3))
    written = tomli_w.dumps(tables)
    named = re.compile(f"({'|'.join(kind.table for kind in ENTRY_TYPES)})-([01])")

    def renamed(match: re.Match[str], number: int) -> str:
        # Only ids that there are: what is misspelt is compared with all of them, up to a limit.
        kind = match[1] if match[1] in tables else kinds[0].table
        return f"{kind}-{int(match[2]) + number}"

    def case(count: int) -> bytes:
        copies = (named.sub(partial(renamed, number=number), written) for number in range(count))
        return "".join((_HEAD, *copies)).encode()

    return case


CONFIGS = damaged(
    st.fixed_dictionaries(
        {},
        optional={
            "author": WORDS,
            "theme": st.sampled_from(["textual-light", "none"]) | WORDS,
            "mouse": st.booleans() | _SCALARS,
            "library": st.dictionaries(
                st.sampled_from(["folders", "cases", "recent", "x"]),
                st.lists(WORDS, max_size=2) | ANY_VALUE,
            ),
            "keys": st.dictionaries(
                st.sampled_from(["note.new", "app", "pane.1", "none.such"]) | KEYS, ANY_VALUE
            ),
            "colour": ANY_VALUE,
        },
    ).map(_toml)
)
"""Files of settings."""

_RECENTS = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["/a/demo.toml", "a", "/\0"]) | WORDS,
        "id": st.sampled_from(["demo", "Demo"]),
        "title": WORDS,
        "opened": st.datetimes(timezones=st.just(dt.UTC) | st.none()) | WORDS,
    }
)
STATE_FILES = damaged(
    st.one_of(
        st.fixed_dictionaries(
            {
                "format": st.just("casefile-recent/1"),
                "case": st.lists(_RECENTS | ANY_VALUE, max_size=3) | ANY_VALUE,
            }
        ),
        st.fixed_dictionaries(
            {
                "format": st.just("casefile-pass/1"),
                "entry": WORDS,
                "order": st.sampled_from(["source", "pane"]) | WORDS,
                "later": st.lists(WORDS | ANY_VALUE, max_size=2),
            }
        ),
        st.fixed_dictionaries(
            {
                "format": st.just("casefile-visit/1"),
                "entries": st.sampled_from(["e1 0\n", "e1", " \n\n", "\u2028"]) | WORDS,
            }
        ),
    ).map(_toml)
)
"""Files of what is remembered between runs."""

# Notes

NOTE_IDS = [f"0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a1{number}" for number in range(3)]
_MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))
_NOTES = st.fixed_dictionaries(
    {
        "format": st.just(NOTE_FORMAT),
        "id": st.sampled_from(NOTE_IDS),
        "rev": st.integers(1, 3),
        "case": st.just("demo"),
        "entry": st.sampled_from(["event-0", "gone"]),
        "motivation": st.sampled_from(["commenting", "assessing", "bookmarking", "tagging"]),
        "body": WORDS,
        "author": st.sampled_from(["anna", "jdoe"]) | WORDS.filter(bool),
        "created": _MOMENTS,
        "modified": _MOMENTS,
        "target": st.fixed_dictionaries(
            {"label": WORDS, "digest": st.just("sha256:0"), "snapshot": st.just("{}") | WORDS},
            optional={
                "field": WORDS | st.dictionaries(KEYS, ANY_VALUE, max_size=2),
                "sources": st.dictionaries(KEYS, WORDS, max_size=2),
                "colour": ANY_VALUE,
            },
        ),
    },
    optional={
        "parents": st.lists(st.sampled_from(["sha256:0", "x"]), max_size=2),
        "value": st.sampled_from(["checked", "wrong", "?"]),
        "reply_to": st.sampled_from(NOTE_IDS),
        "tags": st.lists(WORDS, max_size=2),
        "private": st.booleans(),
        "deleted": st.booleans(),
        "undoes": WORDS,
        "colour": ANY_VALUE,
    },
)


@st.composite
def _with_wrong_value(draw: st.DrawFn, tables: Strategy[dict[str, Any]]) -> dict[str, Any]:
    table = draw(tables)
    if draw(st.booleans()):
        table[draw(st.sampled_from([*table]))] = draw(ANY_VALUE)
    return table


NOTE_FILES = damaged(_with_wrong_value(_NOTES).map(_toml))
"""Files of revisions."""

_DRAFTS = st.fixed_dictionaries(
    {
        "format": st.just(DRAFT_FORMAT),
        "id": st.sampled_from(NOTE_IDS),
        "case": st.just("demo"),
        "entry": st.just("event-0"),
        "label": WORDS,
        "body": WORDS,
        "begun": _MOMENTS,
        "modified": _MOMENTS,
        "host": st.just("elsewhere"),
        "pid": st.just(7),
        "started": st.just("then"),
    },
    optional={"note": st.sampled_from(NOTE_IDS), "about": WORDS, "tags": st.lists(WORDS)},
)
DRAFT_FILES = damaged(_with_wrong_value(_DRAFTS).map(_toml))
"""Files of drafts."""


@st.composite
def _tars(draw: st.DrawFn) -> bytes:
    """Return a tar with notes and other members, in one of the formats that there are."""
    out = io.BytesIO()
    form = draw(st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    names = st.sampled_from(["demo/a.toml", "/a", "../a", ".git/a", "demo", "ü" * 40, ATTACK[:30]])
    kinds = st.sampled_from([tarfile.REGTYPE] * 4 + [*b"123456LKxgS7"])
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for _ in range(draw(st.integers(0, 4))):
            member = tarfile.TarInfo(draw(names).replace("\0", ""))
            kind = draw(kinds)
            member.type = bytes([kind]) if isinstance(kind, int) else kind
            data = draw(NOTE_FILES | st.binary(max_size=9))
            member.size = len(data)
            member.linkname = "a"
            made.addfile(member, io.BytesIO(data))
    return out.getvalue()


@st.composite
def _with_any_header(draw: st.DrawFn, tars: Strategy[bytes]) -> bytes:
    """Return a tar with other bytes in its first header, whose checksum is right."""
    data = draw(tars)
    if draw(st.booleans()):
        return data
    header = bytearray(data[:512])
    at = draw(st.integers(0, 511))
    put = draw(st.binary(min_size=1, max_size=12))[: 512 - at]
    header[at : at + len(put)] = put
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


PACKS = damaged(_with_any_header(_tars())) | NOTE_FILES
"""Packs, single notes, and what is neither."""

# Queries

_QUERY_NAMES = st.sampled_from(
    ["tag", "check", "author", "is", "on", "kind", "status", "colour", "İ"]
)
_QUERY_VALUES = st.one_of(
    st.sampled_from(["release", "checked", "wrong", "note", "stale", "tip", "e", "jdoe"]),
    WORDS,
    _joined('"', WORDS, _maybe('"')),
)
QUERIES = st.lists(
    _joined(
        _maybe("-"),
        _maybe(_joined(_QUERY_NAMES, ":")),
        st.lists(_QUERY_VALUES, max_size=3).map(",".join),
    ),
    max_size=4,
).map(" ".join)
"""Queries, possible ones and others."""
