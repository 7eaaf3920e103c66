"""Plain words: what they match, and where they stand in a text as drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.folding import folded
from casefile.query import Query, parse


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
def test_words_are_parted_by_spaces_unless_quoted(typed: str, words: tuple[str, ...]) -> None:
    """A phrase in double quotation marks is one word, also while it is still being typed."""
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
def test_a_text_matches_if_every_word_stands_in_it(typed: str, text: str, matches: bool) -> None:
    """Words may stand in any order and inside others, a phrase only as it is typed."""
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
def test_found_words_are_marked_where_they_are_drawn(
    typed: str, text: str, found: list[str]
) -> None:
    """The spans cut out of the drawn text are what the reader looks for, whole characters each."""
    assert [text[start:end] for start, end in parse(typed).spans(text)] == found


def test_a_query_is_told_in_quotation_marks() -> None:
    """The reader sees what is looked for, as it was understood."""
    assert str(parse("Task  FORCE")) == "“task force”"


FOLDING = st.sampled_from("aÁéßﬁİΣς“’–½\u0301\u0345\u00a0 \"'k")
ANY_TEXT = st.text(st.characters() | FOLDING)


@given(st.lists(FOLDING | st.characters(), min_size=1).map("".join), ANY_TEXT, ANY_TEXT)
def test_every_match_has_a_place(typed: str, before: str, after: str) -> None:
    """What matches is marked, inside the text, and spans are not empty and in order."""
    query = parse(typed)
    text = f"{before} {typed} {after}"
    spans = query.spans(text)
    assert query.matches(folded(text)) is all(Query((word,)).spans(text) for word in query.words)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
