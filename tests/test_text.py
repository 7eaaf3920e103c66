"""Untrusted text made inert: what acts, hides or reorders is seen as what it is."""

from __future__ import annotations

import unicodedata

import pytest
from hostile_cases import HOSTILE, OUT_OF_PLACE, READABLE
from hypothesis import given
from hypothesis import strategies as st

from casefile.text.inert import first_line, inert, inert_in_place, inert_lines, is_inert, printable

PLAIN = {"chinese", "flag", "korean", "quotation", "money", "markup", "composed", "empty"}

# Characters at random seldom meet; these are the ones whose neighbours matter.
AWKWARD = st.sampled_from(
    "a1#क❤👩\u0301\u20e3\u200c\u200d\ufe0f\x1b\x9b\x7f\n\r\t\u202e\ud800\U000e0041"
)
ANY_TEXT = st.text(st.characters() | AWKWARD)


@pytest.mark.parametrize(("written", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_what_acts_or_hides_is_seen(written: str, shown: str) -> None:
    """Each hostile character is shown in place, and nothing else is changed."""
    assert inert(written) == shown
    assert not is_inert(written)
    assert is_inert(shown)


@pytest.mark.parametrize(("written", "shown"), OUT_OF_PLACE.values(), ids=OUT_OF_PLACE)
def test_what_has_no_work_where_it_stands_is_seen(written: str, shown: str) -> None:
    """Joiners, selectors and marks are kept where they serve, and seen or cut elsewhere."""
    assert inert(written) == shown


@pytest.mark.parametrize("written", READABLE.values(), ids=READABLE)
def test_what_is_read_stays_as_written(written: str) -> None:
    """Scripts, accents, emoji and markup are text."""
    assert inert(written) == written
    assert is_inert(written)
    assert inert_in_place(written) == written


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_plain_text_is_not_copied(name: str) -> None:
    """Where there is nothing to show the same object comes back."""
    written = READABLE[name]
    assert inert(written) is written


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a\r\nb\nc\rd", ["a", "b", "c", "d"]),
        ("a\n", ["a", ""]),
        ("a\n\nb", ["a", "", "b"]),
        ("a\x0bb\x0cc\x1cd\u2028e\x85f", ["a␋b␌c␜d<U+2028>e<U+0085>f"]),
        ("a\tb\n\tc", ["a       b", "        c"]),
        ("\x1b[2J\n[sic]", ["␛[2J", "[sic]"]),
    ],
)
def test_lines_are_those_of_line_breaks_alone(text: str, lines: list[str]) -> None:
    """Only line feeds and carriage returns part lines; other separators are seen."""
    assert inert_lines(text) == lines


@pytest.mark.parametrize(
    ("text", "first"),
    [("", ""), (" \n\r\nb\nc", "b"), ("a\x0bb\x0cc\x85d\u2028e", "a\x0bb\x0cc\x85d\u2028e")],
)
def test_the_first_line_is_as_long_as_it_is_shown(text: str, first: str) -> None:
    """It ends where lines end, so that no separator hides the rest of it."""
    assert first_line(text) == first


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", r"\xe9 \u202f\u7981 [sic] \u241b<U+202E><U+D800>"),
        ("latin-1", r"é \u202f\u7981 [sic] \u241b<U+202E><U+D800>"),
        ("utf-8", "é \u202f禁 [sic] ␛<U+202E><U+D800>"),
    ],
)
def test_a_stream_gets_what_its_encoding_can_hold(encoding: str, expected: str) -> None:
    """What an encoding lacks is printed as an escape that people know, never as a guess."""
    assert printable("é \u202f禁 [sic] \x1b\u202e\ud800", encoding) == expected


def test_an_encoding_nobody_knows_is_refused() -> None:
    """The caller learns that it can't print so, rather than print something else."""
    with pytest.raises(LookupError):
        printable("a", "no-such-encoding")


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("x" * 1_000_000 + "\x1b", "x" * 1_000_000 + "␛"),
        ("e" + "\u0301" * 500_000, "e" + "\u0301" * 6 + "<more marks>"),
    ],
    ids=["letters", "marks"],
)
def test_a_megabyte_in_one_word_is_read(word: str, shown: str) -> None:
    """The length of a word is no way to stop the program."""
    assert inert(word) == shown


def test_no_class_of_dangerous_characters_has_a_gap() -> None:
    """No control, surrogate, private-use or separator character of Unicode comes out as it is."""
    unseen = {"Cc", "Cs", "Co", "Zl", "Zp"}
    passing = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in unseen and is_inert(chr(code))
    ]
    assert passing == []


@given(ANY_TEXT)
def test_inert_text_is_inert(text: str) -> None:
    """Whatever comes in, what goes out is safe, and making it safe again changes nothing."""
    shown = inert(text)
    assert is_inert(shown)
    assert inert(shown) == shown


@given(ANY_TEXT)
def test_inert_lines_are_inert(text: str) -> None:
    """A text of several lines is as safe as one line is."""
    for line in inert_lines(text):
        assert is_inert(line)
        assert inert(line) == line


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x1b[2J\x7f", "a␛[2J␡"),
        ("a\x9b2J\u202eb\u200b", "a\ufffd2J\ufffdb\ufffd"),
        ("pay\u200dpal \u0301x", "pay\ufffdpal \u0301x"),
        ("\u0301x", "\ufffdx"),
        ("a" + "\u0301" * 9, "a" + "\u0301" * 6 + "\ufffd" * 3),
        ("a\tb\nc", "a␉b␊c"),
    ],
)
def test_in_place_each_character_stays_one(written: str, shown: str) -> None:
    """Where the cursor counts characters, what acts or hides is seen without being counted anew."""
    assert inert_in_place(written) == shown


@given(ANY_TEXT)
def test_in_place_the_number_of_characters_stays(text: str) -> None:
    """What `inert` would change is changed one for one, and the rest left alone."""
    shown = inert_in_place(text)
    assert len(shown) == len(text)
    assert is_inert(shown)
    assert (shown == text) == (inert(text) == text)


@given(ANY_TEXT, st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8"]))
def test_what_is_printed_can_be_encoded(text: str, encoding: str) -> None:
    """No locale makes printing fail, and none lets anything by."""
    printed = printable(text, encoding)
    assert printed.encode(encoding).decode(encoding) == printed
    assert is_inert(printed)
