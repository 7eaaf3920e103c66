"""Folding text for comparison, and the original positions of folded characters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.text.folding import (
    DASHES,
    DOUBLE_MARKS,
    SINGLE_MARKS,
    clusters,
    fold_with_origins,
    folded,
    replaced,
)

FOLDING = st.sampled_from("aÁéßﬁİΣς“’–½﹣\u0301\u0345\u00a0 \"'k")
ANY_TEXT = st.text(st.characters() | FOLDING)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DIANA", "diana"),
        ("Café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("ΣΟΦΟΣ", "σοφοσ"),
        ("σοφός", "σοφοσ"),
        ("İstanbul", "istanbul"),
        ("Ｗｉｄｅ", "wide"),
        ("“so” „so“ «so» 「so」", '"so" "so" "so" "so"'),
        ("don’t ‘so’ ‹so›", "don't 'so' 'so'"),
        ("2017‑08 – 2018 − 1", "2017-08 - 2018 - 1"),
        ("a﹘b﹣c－d", "a-b-c-d"),
        ("40\u00a0kg", "40 kg"),
        ("禁毒局", "禁毒局"),
    ],
)
def test_folding_removes_case_accents_and_variants(written: str, expected: str) -> None:
    """Case, accents and variants of characters make no difference."""
    assert folded(written) == expected


@pytest.mark.parametrize("forms", [DOUBLE_MARKS, SINGLE_MARKS, DASHES])
def test_variants_fold_to_ascii_form(forms: str) -> None:
    """All quotation marks and dashes fold to the ASCII one."""
    assert {folded(form) for form in forms} == {forms[0]}


@given(ANY_TEXT)
def test_folding_is_independent_of_context(text: str) -> None:
    """No character changes what another one folds to."""
    assert "".join(map(folded, text)) == folded(text)
    assert fold_with_origins(text).text == folded(text)


@given(ANY_TEXT, st.data())
def test_origin_folds_to_same_text(text: str, data: st.DataObject) -> None:
    """The original of a span folds to a text that contains it, within whole pieces."""
    plain = fold_with_origins(text)
    if not plain.text:
        return
    start = data.draw(st.integers(0, len(plain.text) - 1))
    end = data.draw(st.integers(start + 1, len(plain.text)))
    first, last = plain.origin(start, end)
    assert 0 <= first < last <= len(text)
    assert plain.text[start:end] in folded(text[first:last])
    if not (plain.is_inside_piece(start) or plain.is_inside_piece(end)):
        assert folded(text[first:last]) == plain.text[start:end]


@pytest.mark.parametrize(
    ("text", "sought", "origin"),
    [
        ("ein ﬁnal", "fi", "ﬁ"),
        ("ein ﬁnal", "i", "ﬁ"),
        ("cafe\u0301 noir", "cafe", "cafe\u0301"),
        ("cafe\u0301 noir", "caf", "caf"),
        ("cafe\u0301 noir", "e n", "e\u0301 n"),
        ("\u0301x", "x", "x"),
        ("Straße", "ss", "ß"),
    ],
)
def test_origin_has_whole_characters(text: str, sought: str, origin: str) -> None:
    """A ligature is not split, and a combining accent stays with its letter."""
    plain = fold_with_origins(text)
    at = plain.text.rindex(sought)
    assert text[slice(*plain.origin(at, at + len(sought)))] == origin


def test_parts_piece() -> None:
    """Only positions between the letters of one character are inside a piece."""
    plain = fold_with_origins("aﬃb")
    assert plain.text == "affib"
    assert [at for at in range(6) if plain.is_inside_piece(at)] == [2, 3]


def test_dropped_spans_are_returned() -> None:
    """Each span that folds to nothing is returned with its position."""
    plain = replaced("a-b--c", re.finditer("-+", "a-b--c"), lambda match: [(len(match[0]), "")])
    assert plain.text == "abc"
    assert list(plain.dropped(0, 4)) == [(1, (1, 2)), (2, (3, 5))]


def test_unchanged_text_has_no_pieces() -> None:
    """Unchanged characters are their own origin, one by one."""
    plain = replaced("abc", re.finditer("b.*", "abc"), lambda match: [(2, match[0])])
    assert plain.origin(2, 3) == (2, 3)
    assert not plain.is_inside_piece(2)


@given(st.text("ab\u0301\u0302"))
def test_clusters_add_up_to_text(text: str) -> None:
    """No character is lost or repeated, and only the first cluster may begin with an accent."""
    parts = list(clusters(text, lambda character: character in "\u0301\u0302"))
    assert "".join(parts) == text
    assert all(part[0] in "ab" for part in parts[1:])
