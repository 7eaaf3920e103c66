"""Untrusted text made inert: what acts, hides or reorders is seen as what it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.text import inert, inert_in_place, inert_lines, is_inert, printable

HOSTILE = {
    "clipboard, OSC 52": ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
    "title, OSC 0": ("\x1b]0;gone\x1b\\", "␛]0;gone␛\\"),
    "link, OSC 8": ("\x1b]8;;http://x\x07y", "␛]8;;http://x␇y"),
    "clear, CSI": ("a\x1b[2Jb", "a␛[2Jb"),
    "colour, CSI": ("\x1b[8mhidden\x1b[m", "␛[8mhidden␛[m"),
    "device control, DCS": ("\x1bP+q\x1b\\", "␛P+q␛\\"),
    "application command, APC": ("\x1b_Gx\x1b\\", "␛_Gx␛\\"),
    "reset": ("\x1bc", "␛c"),
    "C1 CSI": ("a\x9b2Jb", "a<U+009B>2Jb"),
    "C1 OSC": ("a\x9d0;x\x9cb", "a<U+009D>0;x<U+009C>b"),
    "C1 DCS": ("\x90q\x9c", "<U+0090>q<U+009C>"),
    "C1 next line": ("a\x85b", "a<U+0085>b"),
    "null": ("a\x00b", "a␀b"),
    "delete": ("a\x7fb", "a␡b"),
    "backspace": ("safe\b\b\b\bgone", "safe␈␈␈␈gone"),
    "carriage return": ("safe\rgone", "safe␍gone"),
    "line feed": ("a\nb", "a␊b"),
    "tab": ("a\tb", "a␉b"),
    "override": ("abc\u202edef", "abc<U+202E>def"),
    "embedding": ("\u202aa\u202bb\u202c", "<U+202A>a<U+202B>b<U+202C>"),
    "isolate": ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
    "direction marks": ("a\u200eb\u200fc\u061cd", "a<U+200E>b<U+200F>c<U+061C>d"),
    "zero width space": ("pay\u200bpal", "pay<U+200B>pal"),
    "word joiner": ("pay\u2060pal", "pay<U+2060>pal"),
    "byte order mark": ("a\ufeffb", "a<U+FEFF>b"),
    "soft hyphen": ("pass\u00adword", "pass<U+00AD>word"),
    "tag characters": ("a\U000e0041\U000e007fb", "a<U+E0041><U+E007F>b"),
    "tags behind a flag": ("🏴\U000e0067", "🏴<U+E0067>"),
    "line separator": ("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
    "filler": ("a\u3164b\u115f", "a<U+3164>b<U+115F>"),
    "halfwidth filler": ("a\uffa0b", "a<U+FFA0>b"),
    "note without a shape": ("a\U0001d159b", "a<U+1D159>b"),
    "blank hieroglyph": ("a\U00013441b", "a<U+13441>b"),
    "annotation": ("a\ufff9b\ufffac\ufffb", "a<U+FFF9>b<U+FFFA>c<U+FFFB>"),
    "lone surrogate": ("a\ud800b", "a<U+D800>b"),
    "surrogate pair": ("\ud83d\ude00", "<U+D83D><U+DE00>"),
    "noncharacters": ("\ufdd0\uffff\U0001fffe", "<U+FDD0><U+FFFF><U+1FFFE>"),
    "private use": ("a\ue000b\U000f0000", "a<U+E000>b<U+F0000>"),
}
OUT_OF_PLACE = {
    "joiner in Latin": ("pay\u200dpal", "pay<U+200D>pal"),
    "non-joiner in Cyrillic": ("ра\u200cй", "ра<U+200C>й"),
    "joiner at the start": ("\u200dx", "<U+200D>x"),
    "selector on a letter": ("pay\ufe0fpal", "pay<U+FE0F>pal"),
    "selector behind a selector": ("❤\ufe0f\ufe0f", "❤\ufe0f<U+FE0F>"),
    "mark at the start": ("\u0301x", "\u25cc\u0301x"),
    "mark behind what is hidden": ("a\u200b\u0301x", "a<U+200B>\u25cc\u0301x"),
    "heap of marks": ("a" + "\u0301" * 100 + "b", "a" + "\u0301" * 6 + "<more marks>b"),
    "heap with joiners between": (
        "क" + "\u094d\u200d" * 6 + "\u094d" * 40 + "ख",
        "क" + "\u094d\u200d" * 6 + "<more marks>ख",
    ),
    "heap of vowel signs": ("क" + "\u093e" * 40, "क" + "\u093e" * 6 + "<more marks>"),
    "heap on a presentation form": ("ﷲ" + "\u0651" * 40, "ﷲ" + "\u0651" * 6 + "<more marks>"),
    "heap of Hangul vowels": ("ᄀ" + "\u1161" * 40, "ᄀ" + "\u1161" * 6 + "<more marks>"),
    "heap of old Hangul finals": ("한" + "\ud7cb" * 40, "한" + "\ud7cb" * 6 + "<more marks>"),
    "Hangul vowel on a Latin letter": ("a\u1161", "a<U+1161>"),
    "Hangul final at the start": ("\u11a8x", "<U+11A8>x"),
    "Braille blank at the start": ("\u2800", "<U+2800>"),
    "Braille blank in a word": ("pay\u2800pal", "pay<U+2800>pal"),
}
READABLE = {
    "composed": "café",
    "decomposed": "cafe\u0301",
    "vietnamese, decomposed": unicodedata.normalize("NFD", "Nguyễn Phước"),
    "family": "👩\u200d👩\u200d👧",
    "skin": "👍🏽",
    "heart": "❤\ufe0f",
    "keycap": "1\ufe0f\u20e3",
    "flag": "🇨🇳",
    "chinese": "禁毒局",
    "japanese": "か\u3099く",
    "korean": "한국",
    "korean, decomposed": unicodedata.normalize("NFD", "한국 값"),
    "burmese": "လျှော့",
    "braille": "⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙",
    "arabic": "مكافحة المخدرات",
    "arabic, pointed": "الْمُخَدِّرَاتِ",
    "persian": "می\u200cخواهم",
    "hindi": "क्षेत्र",
    "hindi with a joiner": "क्\u200dष",
    "hebrew, pointed": "שָׁלוֹם",
    "thai": "กำลัง",
    "quotation": "“zero tolerance” – ‘so’ …",
    "money": "¥790,000 £ € ₽",
    "no-break space": "40\u00a0kg",
    "its own pictures": "␛[2J <U+202E> <more marks>",
    "markup": "he said [sic] so [/] [@click=app.quit]x[/] [b]no[/b] \\[",
    "empty": "",
}
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
