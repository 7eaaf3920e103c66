"""Untrusted text made inert: what acts, hides or reorders is seen as what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.text import inert, inert_lines, is_inert, neutralised, printable

HOSTILE = {
    "clipboard": ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
    "title": ("\x1b]0;gone\x1b\\", "␛]0;gone␛\\"),
    "link": ("\x1b]8;;http://x\x07y", "␛]8;;http://x␇y"),
    "clear": ("a\x1b[2Jb", "a␛[2Jb"),
    "device control": ("\x1bP+q\x1b\\", "␛P+q␛\\"),
    "null": ("a\x00b", "a␀b"),
    "delete": ("a\x7fb", "a␡b"),
    "carriage return": ("safe\rgone", "safe␍gone"),
    "C1 sequence": ("a\x9b2Jb", "a<U+009B>2Jb"),
    "C1 string": ("a\x9d0;x\x9cb", "a<U+009D>0;x<U+009C>b"),
    "override": ("abc\u202edef", "abc<U+202E>def"),
    "isolate": ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
    "arabic mark": ("a\u061cb", "a<U+061C>b"),
    "zero width space": ("pay\u200bpal", "pay<U+200B>pal"),
    "byte order mark": ("a\ufeffb", "a<U+FEFF>b"),
    "soft hyphen": ("pass\u00adword", "pass<U+00AD>word"),
    "tag characters": ("a\U000e0041b", "a<U+E0041>b"),
    "line separator": ("a\u2028b", "a<U+2028>b"),
    "filler": ("a\u3164b", "a<U+3164>b"),
    "half a pair": ("a\ud800b", "a<U+D800>b"),
    "noncharacter": ("a\uffffb", "a<U+FFFF>b"),
    "private use": ("a\ue000b", "a<U+E000>b"),
}
READABLE = {
    "composed": "café",
    "decomposed": "cafe\u0301",
    "family": "👩\u200d👩\u200d👧",
    "heart": "❤\ufe0f",
    "flag": "🇨🇳",
    "chinese": "禁毒局",
    "arabic": "مكافحة المخدرات",
    "persian": "می\u200cخواهم",
    "hindi": "क्षेत्र",
    "hebrew": "שָׁלוֹם",
    "thai": "กำลัง",
    "quotation": "“zero tolerance” – ‘so’ …",
    "money": "¥790,000",
    "markup": "he said [sic] so [/] [@click=app.quit]x[/]",
}


@pytest.mark.parametrize(("written", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_what_acts_or_hides_is_seen(written: str, shown: str) -> None:
    """Each hostile character is shown in place, and nothing else is changed."""
    assert inert(written) == shown
    assert not is_inert(written)
    assert is_inert(shown)


@pytest.mark.parametrize("written", READABLE.values(), ids=READABLE)
def test_what_is_read_stays_as_it_is(written: str) -> None:
    """Scripts, accents, emoji and markup are text, and come back as the same object."""
    assert inert(written) is written or inert(written) == written
    assert is_inert(written)


def test_a_heap_of_marks_is_cut() -> None:
    """A letter under a hundred accents can't climb over the lines about it."""
    shown = inert("a" + "\u0301" * 100 + "b")
    assert shown.count("\u0301") < 10
    assert shown.startswith("a")
    assert shown.endswith("b")


def test_lines_are_those_of_line_breaks_alone() -> None:
    """Only line feeds and carriage returns part lines; other separators are seen."""
    assert inert_lines("a\r\nb\nc\rd\x0be") == ["a", "b", "c", "d␋e"]


def test_a_megabyte_in_one_word_is_read() -> None:
    """The length of a word is no way to stop the program."""
    assert inert("x" * 1_000_000 + "\x1b").endswith("␛")


@given(st.text())
def test_inert_text_is_inert(text: str) -> None:
    """Whatever comes in, what goes out is safe, and making it safe again changes nothing."""
    shown = inert(text)
    assert is_inert(shown)
    assert inert(shown) == shown


@given(st.text())
def test_the_net_keeps_the_number_of_characters(text: str) -> None:
    """What is caught at the last moment leaves the row as wide as it was laid out."""
    caught = neutralised(text)
    assert len(caught) == len(text)
    assert is_inert(caught)


@given(st.text(), st.sampled_from(["ascii", "latin-1", "utf-8"]))
def test_what_is_printed_can_be_encoded(text: str, encoding: str) -> None:
    """No locale makes printing fail."""
    printable(text, encoding).encode(encoding)
