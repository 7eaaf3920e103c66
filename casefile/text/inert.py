"""Escaping untrusted text for display on a terminal or in a stream.

The model holds text from case files and notes as it was written; it is escaped here when it is
shown. Characters that control the terminal, are invisible or reorder text are replaced: a control
character by its picture (``␛``), any other by its code point (``<U+202E>``). All scripts, accents
and emoji are left as they are, and so is markup such as ``[sic]``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from casefile.text.cells import is_syllable_end

# Printable characters that neither join nor combine; the others are examined one by one.
_PLAIN = (
    r"\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    r"\u2000-\u200a\u2010-\u2027\u202f-\u205f"  # spaces, dashes, quotation marks
    r"\u2070-\u20cf\u2100-\u27ff\u2801-\u2bff"  # indices, money, arrows, boxes, Braille, signs
    r"\u2e80-\u3029\u3030-\u3096\u309b-\u3163\u3165-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9f"
    r"\U0001f000-\U0001fbff"  # emoji
)

# The general categories Cc, Cf, Cs, Co, Zl and Zp, Unicode's Default_Ignorable_Code_Point and its
# noncharacters, without the joiners and selectors below and the Arabic and Syriac signs of category
# Cf that are visible (Prepended_Concatenation_Mark). As ranges, since unicodedata in Python 3.11 is
# of Unicode 14.
_HIDDEN_SIGNS = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    # Invisible letters and signs: two hieroglyph blanks, a musical null notehead.
    r"\U00013441\U00013442\U0001d159"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U000f0000-\U0010ffff"
) + "".join(rf"\U000{plane:x}fffe\U000{plane:x}ffff" for plane in range(0x1, 0xF))
_HIDDEN_MARKS = r"\u034f\u17b4\u17b5\U00016fe4"
"""Drawn on the character before them, like other marks, but invisible."""

# What most texts and the signs of the screen are made of: these need no look at the sets below.
_COMMON = re.compile(r"[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2500-\u27bf]*")

# `re` compiles these when they are first searched for: most texts need none of them.
_UNUSUAL = f"[^{_PLAIN}]+"
_UNSAFE = rf"[\t\n{_HIDDEN_SIGNS}{_HIDDEN_MARKS}]"
_SAME_ANYWHERE = rf"[\t\n{_HIDDEN_SIGNS}]"
_IN_PLACE = rf"([\t\n{_HIDDEN_SIGNS}]+)|[^{_PLAIN}]+"
_IN_PLACE_IN_LINES = rf"([{_HIDDEN_SIGNS}]+)|[^\t\n{_PLAIN}]+"
_SELECTOR = r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_LINE_BREAK = re.compile(r"\r\n|\n|\r")

_JOINERS = "\u200c\u200d"

# What a Hangul vowel or final consonant may follow.
_SYLLABLE = r"[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7fb]"

# A word space in Braille, and invisible anywhere else.
_BRAILLE_BLANK, _BRAILLE = "\u2800", r"[\u2800-\u28ff]"

# The end of Latin, Greek and Cyrillic, in which joiners have no use.
_FIRST_JOINING = "\u0530"
_EMOJI_BELOW = "#*0123456789©®"

# A Hebrew letter may have a dot, a dagesh, a vowel, a meteg and an accent; a Burmese one as many.
_MAX_MARKS = 6
_MARKS_CUT = "<more marks>"
_DOTTED_CIRCLE = "\u25cc"

_TAB_WIDTH = 8

PIECE = 512
"""The length from which a text is made inert in pieces, where only its beginning may be shown."""

_MOST_JOINED = 1000
"""How many marks and joiners in a row are drawn anew after an edit; no letter has so many."""
_SHORT_RUN = 8
_BEGINNING = 4096
"""The number of characters in which the first line of a text is looked for."""


def inert(text: str) -> str:
    """Return one line of text with unsafe characters replaced.

    Line breaks and tabs are replaced too; use `inert_lines` for several lines. Escaped text is
    returned unchanged. Wrap and cut lines afterwards, since joiners and marks depend on the
    character before them. A mark at the start is put on a dotted circle (Unicode 15.0, section
    2.11).
    """
    if _COMMON.fullmatch(text):
        return text
    return re.sub(_UNUSUAL, lambda run: "".join(_replacements(run.group(), _before(run))), text)


def inert_lines(text: str) -> list[str]:
    """Return the lines of a text with unsafe characters replaced, and tabs expanded to spaces."""
    if text.isascii() and text.isprintable():
        return [text]
    return [inert(line.expandtabs(_TAB_WIDTH)) for line in lines_of(text)]


def inert_lines_in_pieces(text: str) -> Iterator[Iterator[str]]:
    """Yield each line of a text as `inert_lines` does, but in pieces, each made when it is needed.

    In a pile of thousands of marks, they are counted anew where a piece ends.
    """
    if len(text) <= PIECE:
        yield from (iter((line,)) for line in inert_lines(text))
        return
    for start, end in _line_spans(text):
        yield _inert_pieces(text, start, end)


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line of `lines_of` begins and ends, by a fast search for the next break."""
    start = 0
    feed, carriage = _find(text, "\n", 0), _find(text, "\r", 0)
    while (end := min(feed, carriage)) < len(text):
        yield start, end
        start = end + (2 if text.startswith("\r\n", end) else 1)
        feed = feed if feed >= start else _find(text, "\n", start)
        carriage = carriage if carriage >= start else _find(text, "\r", start)
    yield start, len(text)


def _find(text: str, character: str, start: int) -> int:
    """Return where a character is next, or the length of the text if nowhere."""
    at = text.find(character, start)
    return at if at >= 0 else len(text)


def _inert_pieces(text: str, start: int, end: int) -> Iterator[str]:
    """Yield one line of a text in pieces, each of which begins with a base character if it can."""
    column = 0
    while start < end:
        cut, latest = min(start + PIECE, end), min(start + 2 * PIECE, end)
        written = text[start:latest]
        if all(map(_is_mark, set(written))):
            # Further marks are not shown, and a single line would need a hundred such pieces.
            cut, written = latest, written[: _MAX_MARKS + 1]
        else:
            while cut < latest and not _is_base(text[cut]):
                cut += 1
            written = text[start:cut]
        # A tab ends at a column of the line, not of the piece.
        piece = f"{' ' * column}{written}".expandtabs(_TAB_WIDTH)[column:]
        column = (column + len(piece)) % _TAB_WIDTH
        yield inert(piece)
        start = cut


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text, unescaped.

    Lines end at ``\n``, ``\r\n`` or ``\r`` and nowhere else; after a final line break there is an
    empty line.
    """
    return _LINE_BREAK.split(text)


def first_line(text: str) -> str:
    """Return the first line that is not blank, unescaped, or "" if there is none.

    Only the beginning of a long text is looked at: “…” stands for what comes after a blank one.
    """
    start = text[:_BEGINNING]
    line = next((line for line in lines_of(start) if line.strip()), "")
    return line or ("…" if len(text) > _BEGINNING else "")


def printable(text: str, encoding: str) -> str:
    r"""Return one line of text, escaped like `inert`, that can be printed in an encoding.

    Characters that the encoding lacks become backslash escapes: ``é`` in ASCII is ``\xe9``.
    Raises LookupError for an unknown encoding.
    """
    return inert(text).encode(encoding, "backslashreplace").decode(encoding)


def is_inert(text: str) -> bool:
    """Whether a text has no unsafe character; joiners and marks are always allowed.

    For pieces of output, which may begin in the middle of a sequence.
    """
    return bool(_COMMON.fullmatch(text)) or re.search(_UNSAFE, text) is None


def is_text_character(character: str) -> bool:
    """Whether a typed character is text, not a control character.

    Invisible ones are text too, such as the joiner in Persian.
    """
    return len(character) == 1 and unicodedata.category(character) != "Cc"


def inert_in_place(text: str) -> str:
    """Return one line with each unsafe character replaced by exactly one character.

    So positions in the text remain valid. A character without a picture becomes U+FFFD; each
    replacement takes one cell.
    """
    return re.sub(_IN_PLACE, _replace_in_place, text)


def lines_inert_in_place(text: str) -> str:
    """Return a text of several lines as `inert_in_place` returns one, but keep tabs."""
    return re.sub(_IN_PLACE_IN_LINES, _replace_in_place, text)


def start_of_joined(text: str, at: int) -> int:
    """Return where the characters begin that an edit at `at` may draw differently."""
    start = max(0, at - 1)
    least = max(0, start - _MOST_JOINED)
    while start > least and not _is_base(text[start]):
        start -= 1
    return start


def end_of_joined(text: str, at: int) -> int:
    """Return where the characters end that an edit before `at` may draw differently."""
    most = min(len(text), at + _MOST_JOINED)
    while at < most and not _is_base(text[at]):
        at += 1
    return at


@lru_cache(maxsize=4096)
def _is_base(character: str) -> bool:
    """Whether a character is drawn in the same way after any other, and ends a pile of marks."""
    if character == _BRAILLE_BLANK or _is_mark(character):
        return False
    is_same_anywhere = re.match(_SAME_ANYWHERE, character) is not None
    return is_same_anywhere or unicodedata.category(character)[0] in "LNPSZ"


def _replace_in_place(run: re.Match[str]) -> str:
    """Return the replacement for a run of unusual characters, of the same length."""
    if signs := run[1]:
        return "".join(map(_replaced_in_place, signs))
    text = run.group()
    if len(text) > _SHORT_RUN:
        return _run_in_place(text, _before(run))
    return _short_run_in_place(text, _before(run))


def _run_in_place(text: str, previous: str) -> str:
    """Return the replacement for a run of unusual characters after a character."""
    return "".join(
        written if written == shown else _replaced_in_place(written)
        for written, shown in zip(text, _replacements(text, previous), strict=True)
    )


# Most texts in scripts with marks have the same few runs thousands of times.
_short_run_in_place = lru_cache(maxsize=4096)(_run_in_place)


@lru_cache(maxsize=4096)
def _replaced_in_place(character: str) -> str:
    """Return the one character that is drawn for one that is replaced."""
    return _picture(character) or "\ufffd"


def _before(run: re.Match[str]) -> str:
    """Return the visible character before a run, or "" if there is none."""
    previous = run.string[run.start() - 1] if run.start() else ""
    return "" if previous and _is_invisible(previous, "") else previous


def _replacements(text: str, previous: str) -> Iterator[str]:
    """Yield the replacement for each character of a run, which may be empty."""
    marks = 0
    for character in text:
        is_mark = _is_mark(character)
        if is_mark and marks >= _MAX_MARKS:
            yield _MARKS_CUT if marks == _MAX_MARKS else ""
            previous, marks = "", marks + 1
        elif _is_invisible(character, previous):
            yield _picture(character) or f"<U+{ord(character):04X}>"
            previous, marks = "", 0
        else:
            yield f"{_DOTTED_CIRCLE}{character}" if is_mark and not previous else character
            # A joiner doesn't reset the count, or marks could be piled up without end.
            marks = marks + 1 if is_mark else marks if character in _JOINERS else 0
            previous = character


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Whether a character is drawn on, or within, the one before it."""
    return unicodedata.category(character)[0] == "M" or is_syllable_end(character)


@lru_cache(maxsize=4096)
def _is_invisible(character: str, previous: str) -> bool:
    """Whether a character is invisible and has no effect on the one before it."""
    if character in _JOINERS:
        return not _takes_joiner(previous)
    if character == _BRAILLE_BLANK:
        return not re.match(_BRAILLE, previous)
    if is_syllable_end(character):
        return not re.match(_SYLLABLE, previous)
    if re.match(_SELECTOR, character):
        return not _takes_selector(previous)
    return re.match(_UNSAFE, character) is not None


def _takes_joiner(previous: str) -> bool:
    """Whether a joiner may follow a character: an emoji, or a letter of a joining script."""
    if previous < _FIRST_JOINING:
        return False
    kind = unicodedata.category(previous)[0]
    return kind == "S" or (kind in "LM" and re.match(_UNUSUAL, previous) is not None)


def _takes_selector(previous: str) -> bool:
    """Whether a variation selector may follow a character: an emoji, a sign or an ideograph."""
    if previous < _FIRST_JOINING:
        return previous != "" and previous in _EMOJI_BELOW
    return unicodedata.category(previous)[0] in "LSP"


def _picture(character: str) -> str:
    """Return the picture of an ASCII control character, or "" for any other character."""
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else ""
