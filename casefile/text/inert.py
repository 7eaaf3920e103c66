"""Untrusted text made inert: what may be drawn on a terminal or printed to a stream.

Text from a case file or a note stays as written in the model and comes through here where it is
shown. Nothing that acts on a terminal, hides or reorders what is read gets by; it is shown as
what it is: a control character as its picture (``␛``), everything else as ``<U+202E>``. Scripts,
accents and emoji stay as they are. Markup is none of this module's business: ``[sic]`` is text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from casefile.text.cells import ends_syllable

# Printable, and nothing that joins, combines or hides: a row of only these needs no second look.
_PLAIN = (
    r"\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    r"\u2000-\u200a\u2010-\u2027\u202f-\u205f"  # spaces, dashes, quotation marks
    r"\u2070-\u20cf\u2100-\u27ff\u2801-\u2bff"  # indices, money, arrows, boxes, Braille, signs
    r"\u2e80-\u3029\u3030-\u3096\u309b-\u3163\u3165-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9f"
    r"\U0001f000-\U0001fbff"  # emoji
)

# The general categories Cc, Cf, Cs, Co, Zl and Zp, Unicode's Default_Ignorable_Code_Point and its
# noncharacters, less the joiners and selectors below and the Arabic and Syriac signs that are of
# category Cf but have a shape (Prepended_Concatenation_Mark). Ranges, not a look-up in unicodedata:
# Python 3.11 knows Unicode 14 alone.
_HIDDEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    # Letters and signs that have no shape: two blanks of hieroglyphs, a filler, a note's null head.
    r"\U00013441\U00013442\U00016fe4\U0001d159"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U000f0000-\U0010ffff"
) + "".join(rf"\U000{plane:x}fffe\U000{plane:x}ffff" for plane in range(0x1, 0xF))

# What most texts are made of, so that they need no look at the sets below.
_COMMON = re.compile(r"[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027]*")

# `re` compiles these when they are first searched for: most texts need none of them.
_UNUSUAL = f"[^{_PLAIN}]+"
_DANGEROUS = f"[{_HIDDEN}]"
_SELECTOR = r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_LINE_BREAK = re.compile(r"\r\n|\n|\r")

_JOINERS = "\u200c\u200d"

# What a vowel or a final of Hangul may follow.
_SYLLABLE = r"[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7fb]"

# A space between words in Braille; anywhere else a letter that nobody sees.
_BRAILLE_BLANK, _BRAILLE = "\u2800", r"[\u2800-\u28ff]"

# Latin, Greek and Cyrillic end here: between their letters a joiner is only a disguise.
_FIRST_JOINING = "\u0530"
_EMOJI_BELOW = "#*0123456789©®"

# A Hebrew letter may carry a dot, a dagesh, a vowel, a meteg and an accent; a Burmese one as many.
_MOST_MARKS = 6
_MARKS_CUT = "<more marks>"
_DOTTED_CIRCLE = "\u25cc"

_TAB_WIDTH = 8


def inert(text: str) -> str:
    """Give one line of text as it may be drawn or printed.

    A line break or a tab is shown as its picture; text of several lines goes to `inert_lines`.
    Text with nothing to show comes back as the same object, and inert text comes back equal.
    Wrap and cut lines afterwards: a joiner or a mark is judged by the character before it.
    A mark with no character before it is put on a dotted circle (Unicode 15.0, section 2.11).
    """
    if _COMMON.fullmatch(text):
        return text
    return re.sub(_UNUSUAL, _shown, text)


def inert_lines(text: str) -> list[str]:
    """Give the lines of a text as they may be drawn or printed.

    Tabs become spaces up to the next multiple of 8 characters.
    """
    if text.isascii() and text.isprintable():
        return [text]
    return [inert(line.expandtabs(_TAB_WIDTH)) for line in lines_of(text)]


def lines_of(text: str) -> list[str]:
    r"""Give the lines of a text as they are written.

    Lines end at ``\n``, ``\r\n`` or ``\r`` and nowhere else; a final line break is followed by a
    last, empty line.
    """
    return _LINE_BREAK.split(text)


def first_line(text: str) -> str:
    """Give the first line of a text that says something, as it is written; "" if none does."""
    return next((line for line in lines_of(text) if line.strip()), "")


def printable(text: str, encoding: str) -> str:
    r"""Give one line of text as it can go to a stream of that encoding, whatever it holds.

    Characters that the encoding lacks are shown as backslash escapes: ``é`` in ASCII is ``\xe9``.
    Raises LookupError for an unknown encoding.
    """
    return inert(text).encode(encoding, "backslashreplace").decode(encoding)


def is_inert(text: str) -> bool:
    """Say whether no character of the text is one that acts on a terminal, hides or reorders.

    For pieces about to be written: it looks at each character alone, since a piece may begin
    within a sequence, so joiners and marks pass.
    """
    return re.search(_DANGEROUS, text) is None


def stands_in_text(character: str) -> bool:
    """Say whether a character that is typed belongs to the text: any but a control.

    Also one without a shape, such as the joiner that Persian is written with.
    """
    return len(character) == 1 and unicodedata.category(character) != "Cc"


def inert_in_place(text: str) -> str:
    """Give one line as `inert` does, but with exactly one character for each of it.

    For where places in the text are places on the screen. What has no picture becomes U+FFFD, and
    a character that is replaced takes one cell.
    """
    return re.sub(_UNUSUAL, _shown_in_place, text)


def _shown(run: re.Match[str]) -> str:
    """Give a run of unusual characters as it may be shown."""
    return "".join(_each_shown(run))


def _shown_in_place(run: re.Match[str]) -> str:
    """Give a run of unusual characters as it may be shown, one for one."""
    return "".join(
        written if written == shown else _picture(written) or "\ufffd"
        for written, shown in zip(run.group(), _each_shown(run), strict=True)
    )


def _each_shown(run: re.Match[str]) -> Iterator[str]:
    """Give for each character of a run what is shown in its place, which may be nothing."""
    before = run.start() - 1
    previous = run.string[before] if before >= 0 else ""
    marks = 0
    for character in run.group():
        is_mark = _is_mark(character)
        if is_mark and marks >= _MOST_MARKS:
            yield _MARKS_CUT if marks == _MOST_MARKS else ""
            previous, marks = "", marks + 1
        elif _is_invisible(character, previous):
            yield _picture(character) or f"<U+{ord(character):04X}>"
            previous, marks = "", 0
        else:
            yield f"{_DOTTED_CIRCLE}{character}" if is_mark and not previous else character
            # A joiner takes no room: if it began a new count, marks could be piled without end.
            marks = marks + 1 if is_mark else marks if character in _JOINERS else 0
            previous = character


def _is_mark(character: str) -> bool:
    """Say whether a character is drawn on, or within, the one before it."""
    return unicodedata.category(character)[0] == "M" or ends_syllable(character)


@lru_cache(maxsize=4096)
def _is_invisible(character: str, previous: str) -> bool:
    """Say whether a character has no shape of its own and no work to do where it stands."""
    if character in _JOINERS:
        return not _takes_joiner(previous)
    if character == _BRAILLE_BLANK:
        return not re.match(_BRAILLE, previous)
    if ends_syllable(character):
        return not re.match(_SYLLABLE, previous)
    if re.match(_SELECTOR, character):
        return not _takes_selector(previous)
    return re.match(_DANGEROUS, character) is not None


def _takes_joiner(previous: str) -> bool:
    """Say whether a joiner has something before it: an emoji, or a script that joins."""
    if previous < _FIRST_JOINING:
        return False
    kind = unicodedata.category(previous)[0]
    return kind == "S" or (kind in "LM" and re.match(_UNUSUAL, previous) is not None)


def _takes_selector(previous: str) -> bool:
    """Say whether a variation selector has something to vary: an emoji, a sign, an ideograph."""
    if previous < _FIRST_JOINING:
        return previous != "" and previous in _EMOJI_BELOW
    return unicodedata.category(previous)[0] in "LSP"


def _picture(character: str) -> str:
    """Give the picture of a control character in ASCII, or nothing for any other character."""
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else ""
