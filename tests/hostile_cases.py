"""Hostile text and hostile files, each by a name: what a case may hold that means no good.

It is data for the tests of promises 6, 7, 8, 16 and 17; each says what becomes of it. At the end
stands what tells, of anything that was printed or drawn, whether it would act on a terminal.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec
import tomli_w

from casefile.tui.terminal.terminal_modes import PLAIN_MODES

# What the program itself writes between texts: colours, moves, modes, the pointer's shape.
_OWN_SEQUENCES = re.compile(r"\x1b\[[<>?]?[\d;]*\$?[A-Za-z]|\x1b\]22;\w*\x07|\r\n")
# Controls but the line feed; what reorders, hides or is not seen; what is no character.
_ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e00ff\U000f0000-\U0010ffff]"
    # A heap of marks reaches into the lines above and below.
    "|(?:(?![\ufe00-\ufe0f])[\u0300-\u036f\u0651\u093e\u094d\u1161]){7}"
)

ATTACK = (
    "\x1b]52;c;cm0=\x07"  # fills the clipboard
    "\x1b]0;owned\x1b\\"  # sets the window's title
    "\x1b[31337m\x1b[>31337u"  # a colour, a keyboard protocol
    "\x9b31337m\x9d0;owned\x9c"  # the same in C1
    "\x00\x08\x7f\x85"  # NUL, backspace, DEL, next line
    "\u202eexe.txt\u2066\u200b\U000e0041"  # right to left, isolated, no width, a tag
)
"""Text that acts on a terminal or hides, in every way that is known."""

MARKUP = "[sic] [/] [@click=app.quit]quit[/] [link=file:///etc]x[/link]"
"""Text that is markup to the libraries below; a reader is to see it as it stands here."""

HOSTILE: dict[str, tuple[str, str]] = {
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
"""What acts on a terminal, hides or reorders, and how it is seen."""

OUT_OF_PLACE: dict[str, tuple[str, str]] = {
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
"""What does good work in some places and hides in others, and how it is seen there."""

READABLE: dict[str, str] = {
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
"""Text that is to stay as it was written."""

LIKE_MARKUP: dict[str, str] = {
    "a word left out": "he said [sic] so",
    "redacted": "[redacted]",
    "end of nothing": "a [/] b",
    "end of something": "a [/b] b",
    "bold": "[b]no[/b]",
    "an action": "[@click=app.quit]quit[/]",
    "an action with words": "[@click=screen.go_to('x')]x[/]",
    "a link": "[link=file:///etc/passwd]x[/link]",
    "a colour": "[red on blue]x[/]",
    "a variable": "$name $foreground ${HOME} %s {0}",
    "begun and not ended": "[b",
    "ended and not begun": "b] [",
    "escaped": r"\[b] \\[/]",
    "a link of Markdown": "[x](javascript:alert(1)) ![x](http://x/y.png)",
    "a heading of Markdown": "# x | `y` **z** _w_",
    "an emoji's name": ":smiley: :skull: :warning:",
    "of a web page": "<script>alert(1)</script> &lt; <b>",
    "a formula of a spreadsheet": "=HYPERLINK(1)",
}
"""Text that is markup to something, and stays as it was written."""


class Broken(msgspec.Struct, frozen=True):
    """A file that can't be read, and what is said of it: the place, and a part of the words."""

    data: bytes
    place: str
    says: str


_HEAD = b'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A case"\n'
_EVENT = b'[[event]]\nid = "one"\ntitle = "One"\n'

BROKEN: dict[str, Broken] = {
    "an escape for a file": Broken(b"\x1b[2J\x1b]0;owned\x07", "1:1", "invalid TOML"),
    "an escape in a text": Broken(_HEAD + b'text = "\x1b[2J"\n', "5:9", "invalid TOML"),
    "an escape in a comment": Broken(_HEAD + b"# \x1b]52;c;cm0=\x07\n", "5:3", "invalid TOML"),
    "an escape for a key": Broken(_HEAD + b"\x1b[31m = 1\n", "5:1", "invalid TOML"),
    "a NUL": Broken(_HEAD + b'text = "a\x00b"\n', "5:10", "invalid TOML"),
    "NULs alone": Broken(b"\x00" * 100, "1:1", "invalid TOML"),
    "a DEL": Broken(_HEAD + b'text = "\x7f"\n', "5:9", "invalid TOML"),
    "a backspace": Broken(_HEAD + b'text = "safe\x08\x08gone"\n', "5:13", "invalid TOML"),
    "a bare carriage return": Broken(_HEAD + b'text = "safe\rgone"\n', "5:13", "invalid TOML"),
    "a C1 byte": Broken(_HEAD + b'text = "\x9b2J"\n', "5:9", "byte 0x9b is not UTF-8"),
    "a C1 byte in a key": Broken(_HEAD + b'"\x9d0;x\x9c" = 1\n', "5:2", "byte 0x9d"),
    "a C1 byte in a comment": Broken(_HEAD + b"# \x90\n", "5:3", "byte 0x90"),
    "a key twice, which acts": Broken(
        _HEAD + b'"\\u001b[2J" = 1\n"\\u001b[2J" = 2\n', "6:16", "invalid TOML"
    ),
    "a table twice, which acts": Broken(
        _HEAD + '["\\u009b\u202e"]\n["\\u009b\u202e"]\n'.encode(), "6:11", "invalid TOML"
    ),
    "an escape that is none": Broken(_HEAD + b'text = "\\q"\n', "5:11", "invalid TOML"),
    "a surrogate in an escape": Broken(_HEAD + b'text = "\\ud800"\n', "5:15", "invalid TOML"),
    "a surrogate": Broken(_HEAD + b'text = "\xed\xa0\x80"\n', "5:9", "byte 0xed"),
    "a pair of surrogates": Broken(
        _HEAD + b'text = "\xed\xa0\xbd\xed\xb8\x80"\n', "5:9", "byte 0xed"
    ),
    "overlong": Broken(_HEAD + b'text = "\xc0\xaf"\n', "5:9", "byte 0xc0"),
    "overlong ESC": Broken(_HEAD + b'text = "\xc1\x9b[2J"\n', "5:9", "byte 0xc1"),
    "beyond Unicode": Broken(_HEAD + b'text = "\xf4\x90\x80\x80"\n', "5:9", "byte 0xf4"),
    "cut within a character": Broken(_HEAD + b'text = "\xe2\x80', "5:9", "byte 0xe2"),
    "Latin-1": Broken(_HEAD + "text = “é”".encode()[:8] + b"\xe9\n", "5:8", "is not UTF-8"),
    "Windows-1252": Broken(_HEAD + b"# \x93x\x94\n", "5:3", "byte 0x93"),
    "UTF-16 with its mark": Broken(_HEAD.decode().encode("utf-16"), "1:1", "byte 0xff"),
    "UTF-16 without its mark": Broken(_HEAD.decode().encode("utf-16-le"), "1:2", "invalid TOML"),
    "UTF-32": Broken(_HEAD.decode().encode("utf-32"), "1:1", "UTF-"),
    "the mark of UTF-8 twice": Broken(b"\xef\xbb\xbf\xef\xbb\xbf" + _HEAD, "1:1", "invalid TOML"),
    "nothing": Broken(b"", "1:1", "format"),
    "white space": Broken(b" \n\t\n", "1:1", "format"),
    "no case": Broken(b'format = "casefile/1"\n', "1:1", "[case]"),
    "another format, which acts": Broken(b'format = "\\u001b[2J"\n', "1:1", "format"),
    "an archive": Broken(b"PK\x03\x04\x14\x00\x00\x00", "1:3", "invalid TOML"),
    "a picture": Broken(b"\x89PNG\r\n\x1a\n\x00", "1:1", "byte 0x89"),
    "a page": Broken(b"<!DOCTYPE html><title>x</title>", "1:1", "invalid TOML"),
    "lists in lists": Broken(_HEAD + b"text = " + b"[" * 5000 + b"]" * 5000, "1:1", "nested"),
    "tables in tables": Broken(
        _HEAD + b"text = " + b"{a=" * 5000 + b"1" + b"}" * 5000, "1:1", "nested"
    ),
    "a key of many parts": Broken(_HEAD + b"a." * 4000 + b"b = 1\n", "1:1", "nested"),
    "a table of many parts": Broken(_HEAD + b"[" + b"a." * 4000 + b"b]\n", "1:1", "nested"),
    "a number of many digits": Broken(_HEAD + b"n = " + b"9" * 20_000, "1:1", "too many digits"),
    "the same in sixteens": Broken(_HEAD + b"n = 0x" + b"f" * 200_000, "1:1", "too many digits"),
    "the same in twos": Broken(_HEAD + b"n = 0b" + b"1" * 200_000, "1:1", "too many digits"),
    "no case id": Broken(b'format = "casefile/1"\n[case]\ntitle = "x"\n', "2:1", "id"),
}
"""Files that are refused, each with the place where it begins to be wrong."""

PATHS = {
    "the folder above": "../x",
    "of the system": "/etc/passwd",
    "of Windows": "CON",
    "a stream of Windows": "a:b",
    "back slashes": "..\\x",
    "a NUL": "a\x00b",
    "too long": "x" * 300,
    "an emoji": "🔥",
    "a stop at the end": "x.",
    "a space at the end": "x ",
    "nothing": "",
    "here": ".",
    "above": "..",
    "an option": "-rf",
    "a home": "~",
    "capitals": "Demo",
    "a line break": "a\nb",
    "an escape": "\x1b[2J",
    "reordered": "a\u202eb",
    "of no width": "a\u200bb",
    "letters that look alike": "dеmo",
    "composed": "é",
    "a joined letter": "ﬁ",
}
"""Ids that would be something else as a file name; none of them is an id."""

VALUES: dict[str, str] = {
    "the largest float": "n = 1.7976931348623157e308",
    "beyond floats": "n = 1e400",
    "infinite": "n = inf",
    "no number": "n = nan",
    "minus nought": "n = -0.0",
    "a number of a hundred digits": f"n = {'9' * 100}",
    "the first day": "date = 0001-01-01",
    "the last moment": "date = 9999-12-31T23:59:59.999999Z",
    "before the first moment": "date = 0001-01-01T00:00:00+23:59",
    "after the last moment": "date = 9999-12-31T23:59:59-23:59",
    "a day of the far future": 'date = "Y-17000000000000"',
    "a set without end": 'date = "[' + "2017," * 2000 + '2018]"',
    "an infinite amount": "amounts = [{ value = inf }]",
    "an amount that is no number": "amounts = [{ value = nan }]",
    "an amount beyond counting": f"amounts = [{{ value = {'9' * 400} }}]",
    "a negative amount": "amounts = [{ value = -1, unit = 'kg' }]",
    "a cite of everything": 'cites = ["para 1-999999999999999999"]',
    "a cite of nothing": 'cites = [""]',
    "a cite with unknown keys": 'cites = [{ source = "one", "\\u001b[2J" = "\\u001b[2J" }]',
    "itself": 'follows = ["one"]',
    "a table for a text": 'text = { "\\u001b[2J" = "\\u009b" }',
    "a list for a date": 'date = ["\\u001b[2J"]',
    "a list of lists": 'tags = [["\\u001b[2J"]]',
    "an unknown status": 'status = "\\u001b[2J\\u202e"',
    "no such entry": 'involved = ["\\u001b[2J", "nobody"]',
    "an offset beyond a day": "date = 2017-01-01T00:00:00+24:00",
    "a deep table": '"\\u001b" = ' + "{ a = " * 40 + '"\\u001b[2J"' + " }" * 40,
    "an empty key": '"" = "\\u001b[2J"',
    "a word of a megabyte": f'text = "{"x" * 1_000_000}"',
    "a key of a megabyte": f'"{"k" * 1_000_000}" = 1',
    "a text of many lines": 'text = """\n' + "\\u001b[2J\n" * 20_000 + '"""',
    "a word of marks": f'text = "e{chr(0x301) * 200_000}"',
    "a word of joiners": f'text = "{(chr(0x1F469) + chr(0x200D)) * 50_000}"',
    "many tags": f"tags = [{', '.join(repr(f't{number}') for number in range(3_000))}]",
}
"""Rows of an event that are odd; the case opens, or is refused with a place, and nothing breaks."""


def with_row(row: str) -> bytes:
    """Return a case file with one event, to which a row is added."""
    return _HEAD + _EVENT + row.encode() + b"\n"


def with_id(name: str) -> dict[str, bytes]:
    """Return a case file that has an id for its own, and one whose event has it."""
    case = {"format": "casefile/1", "case": {"id": name, "title": "A case"}}
    event = {"id": name, "title": "An event"}
    whole = {"format": "casefile/1", "case": {"id": "demo", "title": "A case"}, "event": [event]}
    return {"case": tomli_w.dumps(case).encode(), "event": tomli_w.dumps(whole).encode()}


def hostile_case(words: str = f"{MARKUP} {ATTACK} end") -> str:
    """Return a case file that tries in every field and every key what may be tried."""
    many = {
        "text": words,
        "date_text": words,
        "tags": [words],
        "status": "disputed",
        "amounts": [
            {"value": 3, "unit": words, "text": words, "per": words},
            {"text": words, "type": words, words: words},
        ],
        "cites": [
            {"source": "src", "at": words, "quote": words, "field": words, words: words},
            words,
        ],
        "issues": ["i", words],
        "contradicts": ["c", words],
        "about": words,
        words: {words: [words, {words: words}]},
    }
    case = {"id": "hostile", "title": words, "stage": words, "topics": [words], "editors": [words],
            "accept": {words: words, "unsourced": words}, "jurisdiction": words}  # fmt: skip
    return tomli_w.dumps(
        {
            "format": "casefile/1",
            "case": {**case, **many},
            "source": [
                {"id": "src", "title": words, "url": words, "file": words, "author": words,
                 "publisher": words, "sha256": words, "exhibit": words, **many},
                {"id": "text", "title": words, "file": "text.txt", "paragraphs": "line"},
            ],
            "party": [
                {"id": "p", "name": words, "type": "Person", "aliases": [words], "role": words,
                 "position": words, "abbreviation": words, "countries": [words], **many},
            ],
            "event": [
                {"id": "e", "title": words, "date": "2020", "type": words, "location": words,
                 "by": {"party": "p", "role": words}, "involved": [words], "duration": words,
                 **many},
                {**many, "id": "wrong", "title": "wrong", "date": words, "status": words},
                {"id": "read", "title": words, "date": "2019",
                 "cites": [{"source": "text", "at": "para 2", "quote": words},
                           {"source": "text", "at": "para 1"}]},
            ],
            "seizure": [{"id": "s", "item": words, "from": "p", "by": words, **many}],
            "quote": [
                {"id": "q", "speaker": "p", "words": [words, words], "original": words, **many},
            ],
            "claim": [{"id": "c", "statement": words, "by_text": words, **many}],
            "link": [{"id": "l", "subject": "p", "object": "e", "role": words, **many}],
            "issue": [{"id": "i", "title": words, "type": words, **many}],
            "table": [{"name": "odd", "title": words, "columns": [words], words: words}],
            "odd": [{"id": "o", words: words}],
            words: [{"id": "x", words: words}],
        }
    )  # fmt: skip


def acting(text: str) -> list[str]:
    """Return what in a text would act on a terminal, hide or reorder; line feeds are no harm."""
    return _ACTING.findall(text)


def acting_in_drawing(raw: bytes) -> list[str]:
    """Return the same of all that a program drew, less the sequences that are its own."""
    text = raw.decode("utf-8", "replace")
    # The attack's own colour and protocol look like the program's but for their number.
    attacks = re.findall(r"\x1b\[[<=>?]?[\d;]*31337", text)
    return [*attacks, *acting(_OWN_SEQUENCES.sub("", text.replace(PLAIN_MODES, "")))]
