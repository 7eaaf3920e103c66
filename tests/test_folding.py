"""Folding: what makes no difference in a comparison, and where each folded character is from."""

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
    fold,
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
def test_folding_forgets_case_accents_and_forms(written: str, expected: str) -> None:
    """What a keyboard may not have, or a reader not care for, makes no difference."""
    assert folded(written) == expected


@pytest.mark.parametrize("forms", [DOUBLE_MARKS, SINGLE_MARKS, DASHES])
def test_every_form_folds_to_that_of_the_keyboard(forms: str) -> None:
    """Of quotation marks and dashes there is one of each kind, the first that is named."""
    assert {folded(form) for form in forms} == {forms[0]}


@given(ANY_TEXT)
def test_a_text_folds_character_by_character(text: str) -> None:
    """The marks stand right because no character changes what another one folds to."""
    assert "".join(map(folded, text)) == folded(text)
    assert fold(text).text == folded(text)


@given(ANY_TEXT, st.data())
def test_a_stretch_is_from_where_it_was_folded(text: str, data: st.DataObject) -> None:
    """What stood at its origin folds to a text that holds it, and to no more than its pieces."""
    plain = fold(text)
    if not plain.text:
        return
    start = data.draw(st.integers(0, len(plain.text) - 1))
    end = data.draw(st.integers(start + 1, len(plain.text)))
    first, last = plain.origin(start, end)
    assert 0 <= first < last <= len(text)
    assert plain.text[start:end] in folded(text[first:last])
    if not (plain.parts_piece(start) or plain.parts_piece(end)):
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
def test_an_origin_is_of_whole_characters(text: str, sought: str, origin: str) -> None:
    """A ligature is not parted, and an accent of its own goes with its letter."""
    plain = fold(text)
    at = plain.text.rindex(sought)
    assert text[slice(*plain.origin(at, at + len(sought)))] == origin


def test_what_parts_a_piece() -> None:
    """Only places between the letters that one character became are within a piece."""
    plain = fold("aﬃb")
    assert plain.text == "affib"
    assert [at for at in range(6) if plain.parts_piece(at)] == [2, 3]


def test_what_was_dropped_is_known() -> None:
    """Each stretch that left nothing is given with the place where it would be."""
    plain = replaced("a-b--c", re.compile("-+"), lambda match: [(len(match[0]), "")])
    assert plain.text == "abc"
    assert list(plain.dropped()) == [(1, (1, 2)), (2, (3, 5))]


def test_what_stays_as_it_was_is_no_piece() -> None:
    """Where nothing changed, characters are their own origin, one by one."""
    plain = replaced("abc", re.compile("b.*"), lambda match: [(2, match[0])])
    assert plain.origin(2, 3) == (2, 3)
    assert not plain.parts_piece(2)


@given(st.text("ab\u0301\u0302"))
def test_clusters_are_the_text(text: str) -> None:
    """No character is lost or doubled, and only the first cluster may begin with an accent."""
    parts = list(clusters(text, lambda character: character in "\u0301\u0302"))
    assert "".join(parts) == text
    assert all(part[0] in "ab" for part in parts[1:])
