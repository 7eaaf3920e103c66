"""The query language: matching, highlighting, names with values, and errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.query import Names, Query, QueryError, parse, parse_query, value
from casefile.text.folding import folded


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  \t", ()),
        ('""', ()),
        ("\u0301", ()),
        ("Task  Force", ("task", "force")),
        ("so so", ("so",)),
        ('"task force" arrests', ("task force", "arrests")),
        ('arrests "task for', ("arrests", "task for")),
        ("“task force”", ("task force",)),
        ("«task force»", ("task force",)),
        ('the"task force"', ("the", "task force")),
        ("'task force'", ("'task", "force'")),
        ("[sic]", ("[sic]",)),
    ],
)
def test_words_are_separated_by_spaces_unless_quoted(typed: str, words: tuple[str, ...]) -> None:
    """A phrase in double quotation marks is one word, also without the closing mark."""
    assert parse(typed).words == words


@pytest.mark.parametrize(
    ("typed", "text", "matches"),
    [
        ("diana", "“Diana” (alias)", True),
        ("café", "Cafe", True),
        ("strasse", "Straße", True),
        ("straße", "STRASSE", True),
        ("fi", "ﬁnal", True),
        ("don't", "don’t", True),
        ("don’t", "don't", True),
        ("2017-08", "2017‑08", True),
        ("task arrests", "Arrests by the task force", True),
        ("task arrests", "Arrests by the police", False),
        ('"task force"', "the task force", True),
        ('"force task"', "the task force", False),
        (".*", "anything", False),
        ("[sic]", "he said [sic]", True),
        ("", "anything", True),
    ],
)
def test_text_matches_if_it_has_every_word(typed: str, text: str, matches: bool) -> None:
    """Words match in any order and inside other words; a phrase matches as a whole."""
    assert parse(typed).matches(folded(text)) is matches


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("task", "the Task force", ["Task"]),
        ("the force", "the task force", ["the", "force"]),
        ("force the", "the task force", ["the", "force"]),
        ('"task force"', "the Task Force", ["Task Force"]),
        ("a", "banana", ["a", "a", "a"]),
        ("cafe", "un Café", ["Café"]),
        ("café", "un Cafe", ["Cafe"]),
        ("strasse", "in der Straße dort", ["Straße"]),
        ("dort", "in der Straße dort", ["dort"]),
        ("fi", "ein ﬁnal", ["ﬁ"]),
        ("nal", "ein ﬁnal", ["nal"]),
        ("in", "ﬁn", ["ﬁn"]),
        ("x", "e\u0301x", ["x"]),
        ("cafe", "un cafe\u0301 noir", ["cafe\u0301"]),
        ("caf", "un cafe\u0301 noir", ["caf"]),
        ("a-b", "a﹣b", ["a﹣b"]),
        ('"so"', "er sagte „so“", ["so"]),
        ("[sic]", "so [sic]", ["[sic]"]),
        (".", "a.b", ["."]),
        ("z", "abc", []),
        ("", "abc", []),
    ],
)
def test_spans_are_of_matching_text(typed: str, text: str, found: list[str]) -> None:
    """The spans of the shown text are what was searched for, in whole characters."""
    assert [text[start:end] for start, end in parse(typed).spans(text)] == found


def test_query_in_message_is_quoted() -> None:
    """A message has the query as it was understood, in quotation marks."""
    assert parse("Task  FORCE").quoted == "“task force”"


FOLDING = st.sampled_from("aÁéßﬁİΣς“’–½⁻ŉ\u0301\u0345\u00a0 \"'k")
ANY_TEXT = st.text(st.characters() | FOLDING)


@given(st.lists(FOLDING | st.characters(), min_size=1).map("".join), ANY_TEXT, ANY_TEXT)
def test_every_match_has_span(typed: str, before: str, after: str) -> None:
    """Spans are inside the text, not empty, and in order."""
    query = parse(typed)
    text = f"{before} {typed} {after}"
    spans = query.spans(text)
    assert query.matches(folded(text)) is all(Query((word,)).spans(text) for word in query.words)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


NAMES: Names = {
    "tag": None,
    "check": ("checked", "needs-attention", "wrong", "to-check", "stale", "none"),
    "is": ("note", "star", "stale", "two words"),
}


class Thing(msgspec.Struct, frozen=True):
    """An object to query."""

    text: str
    named: Mapping[str, Collection[str]] = {}

    def values(self, name: str) -> Collection[str]:
        """Return the values for a name."""
        return self.named.get(name, ())

    def is_matched_by(self, query: Query) -> bool:
        """Return whether a query matches."""
        return query.holds(self.values, lambda: self.text)


THING = Thing(
    folded("Where from? Ask the press office."),
    {"tag": {value("Später"), value("press office")}, "check": {"wrong"}, "is": {"note"}},
)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("", True),
        ("ASK from", True),
        ("ask nobody", False),
        ('"press office"', True),
        ('"office press"', False),
        ("-nobody", True),
        ("-ask", False),
        ('-"press office"', False),
        ("tag:spater", True),
        ("Tag:SPÄTER", True),
        ("tag:spat", False),
        ('tag:"press office"', True),
        ("tag:“press office”", True),
        ("tag:press", False),
        ("tag:release,spater", True),
        ('tag:release,"press office"', True),
        ("tag:release,other", False),
        ("-tag:release", True),
        ("-tag:release,spater", False),
        ("tag:spater tag:release", False),
        ("check:wrong is:note ask", True),
        ("check:wrong -is:note ask", False),
        ("check:w", True),
        ("check:needs", False),
        ("12:30", False),
        ('"tag:spater"', False),
        ('tag:spater"ask the"', True),
        ("-", True),
    ],
)
def test_all_terms_must_match(written: str, holds: bool) -> None:
    """A name matches a whole value, a word any part of the text, and `-` negates."""
    assert THING.is_matched_by(parse_query(written, NAMES)) is holds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("check:needs", "check:needs-attention"),
        ("check:n,w", None),
        ("check:none,w", "check:none,wrong"),
        ('is:"two', 'is:"two words"'),
        ('"two words', '"two words"'),
        ("release TAG:a b -c", "release b tag:a -c"),
        ("a a tag:b,b tag:b", "a tag:b"),
        ("--a", '-"-a"'),
        ('"tag:a"', '"tag:a"'),
        ("tag:a,", "tag:a"),
        ('tag:"a,b"', 'tag:"a,b"'),
        ("a,b", "a,b"),
    ],
)
def test_query_is_written_as_parsed(written: str, meant: str | None) -> None:
    """Prefixes are completed, and redundant terms are left out."""
    if meant is None:
        with pytest.raises(QueryError):
            parse_query(written, NAMES)
    else:
        assert str(parse_query(written, NAMES)) == meant


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("tag:", ""),
        ("-", ""),
        ("ask -tag:", "ask"),
        ("ask tag:a,", "ask tag:a"),
        ('"', ""),
        ('ask "press off', "ask"),
        ('tag:"press off', ""),
        ('tag:a,"press off', "tag:a"),
        ("-“press", ""),
    ],
)
def test_unfinished_term_is_ignored_while_typing(written: str, asked: str) -> None:
    """While typing, an unfinished name or phrase is neither applied nor an error."""
    assert str(parse_query(written, NAMES, is_typing=True)) == asked


@pytest.mark.parametrize(
    ("written", "what", "place"),
    [
        ("ask chek:a", "unknown name “chek:”; the nearest is “check”", "chek"),
        ("a zzz:b", "unknown name “zzz:”; known: check, is, tag", "zzz"),
        ("check:wrogn", "“check:” has no value “wrogn”; the nearest is “wrong”", "wrogn"),
        ("é check:wrong,ﬁx", "“check:” has no value “fix”; known: checked, ", "ﬁx"),
        ("is:st", "“is:st” could be stale, star", "st"),
        ("ask tag:", "“tag:” needs a value", "tag"),
    ],
)
def test_error_has_span_and_suggestion(written: str, what: str, place: str) -> None:
    """The error names similar or possible values, and its span in the query."""
    with pytest.raises(QueryError) as raised:
        parse_query(written, NAMES)
    assert raised.value.what.startswith(what)
    assert written[raised.value.start : raised.value.end] == place
    assert f"(at character {written.index(place) + 1})" in str(raised.value)


def test_many_known_values_are_not_listed() -> None:
    """Of many values, only the most similar one is named."""
    ids = [f"bl-{number:04}" for number in range(1000)]
    message = "“on:” has no value “lb-0410”; the nearest is “bl-0410”"
    with pytest.raises(QueryError, match=message):
        parse_query("on:lb-0410", {"on": ids})


def parsed(written: str, *, is_typing: bool) -> Query | QueryError:
    """Return the parsed query, or the error."""
    try:
        return parse_query(written, NAMES, is_typing=is_typing)
    except QueryError as error:
        return error


PIECES = st.sampled_from(["tag:", "check:", "is:st", "chécked", "wrong", '"', "“", ",", "-", " "])


@given(st.lists(PIECES | ANY_TEXT).map("".join), st.booleans())
def test_any_text_is_query_or_has_error(written: str, is_typing: bool) -> None:
    """Any text is parsed or raises QueryError; a parsed query is written with the same meaning.

    The span of an error is within the text.
    """
    query = parsed(written, is_typing=is_typing)
    if isinstance(query, QueryError):
        assert 0 <= query.start < query.end <= len(written)
        return
    assert parse_query(str(query), NAMES) == query
    assert THING.is_matched_by(query) in (True, False)
    assert all(query.spans(f"{word}.") for word in query.words)


@given(ANY_TEXT)
def test_search_can_be_written_as_query(written: str) -> None:
    """A search written as a query means the same."""
    query = parse(written)
    assert parse_query(str(query), {}) == query
    assert parse(str(query)) == query


@given(ANY_TEXT)
def test_any_text_can_be_value(text: str) -> None:
    """A tag with any characters can be queried."""
    tag = value(text)
    query = parse_query(f'tag:"{tag}"', NAMES, is_typing=True)
    assert Thing("", {"tag": {tag}}).is_matched_by(query) or tag == ""
