"""Escaping untrusted text."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata

import pytest
from hostile_cases import HOSTILE, OUT_OF_PLACE, READABLE
from hypothesis import given
from hypothesis import strategies as st

from casefile.text.inert import first_line, inert, inert_in_place, inert_lines, is_inert, printable
from casefile.text.shell_words import shell_word

PLAIN = {"chinese", "flag", "korean", "quotation", "money", "markup", "composed", "empty"}

# Characters that depend on their neighbours, which random text seldom combines.
AWKWARD = st.sampled_from(
    "a1#क❤👩\u0301\u20e3\u200c\u200d\ufe0f\x1b\x9b\x7f\n\r\t\u202e\ud800\U000e0041"
)
ANY_TEXT = st.text(st.characters() | AWKWARD)


@pytest.mark.parametrize(("written", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_unsafe_characters_are_replaced(written: str, shown: str) -> None:
    """Each unsafe character is replaced, and nothing else is changed."""
    assert inert(written) == shown
    assert not is_inert(written)
    assert is_inert(shown)


@pytest.mark.parametrize(("written", "shown"), OUT_OF_PLACE.values(), ids=OUT_OF_PLACE)
def test_joiners_and_marks_depend_on_context(written: str, shown: str) -> None:
    """Joiners, selectors and marks are kept where they have an effect, and replaced elsewhere."""
    assert inert(written) == shown


@pytest.mark.parametrize("written", READABLE.values(), ids=READABLE)
def test_scripts_emoji_and_markup_are_unchanged(written: str) -> None:
    """Scripts, accents, emoji and markup are text."""
    assert inert(written) == written
    assert is_inert(written)
    assert inert_in_place(written) == written


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_plain_text_is_not_copied(name: str) -> None:
    """Text without unsafe characters is returned as the same object."""
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
def test_lines_end_only_at_line_breaks(text: str, lines: list[str]) -> None:
    """Only line feeds and carriage returns end a line; other separators are replaced."""
    assert inert_lines(text) == lines


@pytest.mark.parametrize(
    ("text", "first"),
    [("", ""), (" \n\r\nb\nc", "b"), ("a\x0bb\x0cc\x85d\u2028e", "a\x0bb\x0cc\x85d\u2028e")],
)
def test_first_line_ends_at_line_break(text: str, first: str) -> None:
    """The first line ends only at a line break, so that no separator hides the rest."""
    assert first_line(text) == first


@pytest.mark.parametrize(
    ("text", "first"),
    [("a\nb", "a"), ("a", "a" * 4096), ("\n", "…"), ("\u2003", "…")],
)
def test_first_line_of_a_long_text_is_looked_for_at_its_start(text: str, first: str) -> None:
    """However long a line is, or how many of them are blank, as much of it is looked at."""
    assert first_line(text * 1_000_000) == first


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", r"\xe9 \u202f\u7981 [sic] \u241b<U+202E><U+D800>"),
        ("latin-1", r"é \u202f\u7981 [sic] \u241b<U+202E><U+D800>"),
        ("utf-8", "é \u202f禁 [sic] ␛<U+202E><U+D800>"),
    ],
)
def test_characters_missing_in_encoding_are_escaped(encoding: str, expected: str) -> None:
    """A character that the encoding lacks becomes a backslash escape."""
    assert printable("é \u202f禁 [sic] \x1b\u202e\ud800", encoding) == expected


def test_unknown_encoding_raises() -> None:
    """An unknown encoding raises LookupError."""
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
def test_word_of_one_megabyte_is_escaped(word: str, shown: str) -> None:
    """A very long word is escaped in reasonable time."""
    assert inert(word) == shown


def test_all_unsafe_categories_are_replaced() -> None:
    """Every control, surrogate, private-use and separator character is replaced."""
    unseen = {"Cc", "Cs", "Co", "Zl", "Zp"}
    passing = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in unseen and is_inert(chr(code))
    ]
    assert passing == []


@given(ANY_TEXT)
def test_result_is_safe_and_stable(text: str) -> None:
    """Any text becomes safe, and escaping it again changes nothing."""
    shown = inert(text)
    assert is_inert(shown)
    assert inert(shown) == shown


@given(ANY_TEXT)
def test_lines_are_safe(text: str) -> None:
    """The lines of any text are safe."""
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
def test_in_place_replacement_keeps_length(written: str, shown: str) -> None:
    """Each unsafe character is replaced by exactly one character."""
    assert inert_in_place(written) == shown


@given(ANY_TEXT)
def test_in_place_replaces_same_characters_as_inert(text: str) -> None:
    """What `inert` replaces is replaced one for one, and the rest is unchanged."""
    shown = inert_in_place(text)
    assert len(shown) == len(text)
    assert is_inert(shown)
    assert (shown == text) == (inert(text) == text)


@given(ANY_TEXT, st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8"]))
def test_printable_text_can_be_encoded(text: str, encoding: str) -> None:
    """The result can be printed in any encoding, and is safe."""
    printed = printable(text, encoding)
    assert printed.encode(encoding).decode(encoding) == printed
    assert is_inert(printed)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    "name",
    [
        *("plain", "two words", "it's", "\u00e9t\u00e9", "~x", "$HOME", ""),
        *("a\nb", "a\tb", "a\x1bb", "a\udcffb", "a\u200bb", "\u202egnp", "it's\n\\1", "a\x0712"),
    ],
)
def test_word_of_a_command_is_what_it_names(name: str) -> None:
    """A shell reads the name from what is printed, whatever characters are in it."""
    word = shell_word(name)
    bash = shutil.which("bash") or ""
    assert inert(word) == word
    printed = subprocess.run(
        [bash, "-c", f"printf %s {word}"], capture_output=True, check=True, timeout=30
    )
    assert os.fsdecode(printed.stdout) == name
