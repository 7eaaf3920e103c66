"""The marks that sources bear and are cited by: sections, counts, docket, exhibit, Bates numbers.

A kind of mark has one pattern for its number, one for the words before it in a cite and one for
those before it in a text. The same number may be written in several ways; its key is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec

from casefile.text.number_words import NUMBER_WORD, number_from_words

Extent: TypeAlias = Literal["heading", "document", "page"]
"""What a mark stands for: what is below a heading, the pages of a document, or one page."""

TO = r"(?:\s*[-‐‑–—]\s*|\s+(?:to|through)\s+)"
"""What is between the ends of a range."""


class MarkKind(msgspec.Struct, frozen=True, dict=True):
    """A kind of mark, with the patterns by which cites and texts are read."""

    name: str
    plural: str
    form: str
    """How the mark is written in a cite; `{}` is its number."""
    extent: Extent
    number: str
    words_in_cite: str
    words_in_text: str
    key: Callable[[str], str]
    """Returns the key of a number as written."""
    has_ranges: bool = True
    shares_prefix: bool = False
    """Whether the end of a range may have only the last digits, as in `ABC-000123-125`."""
    is_spelled_out: bool = False
    """Whether the number may be in words, and is shown in digits."""
    page_after: str = ""
    """The pattern of the page number that the mark prints, if it does."""

    @cached_property
    def cite(self) -> re.Pattern[str]:
        """The pattern of a cite, with the first and the last number as groups."""
        words, number = f"(?i:{self.words_in_cite})", self.number
        last = f"{number}|[0-9]{{1,12}}" if self.shares_prefix else number
        until = f"(?:(?i:{TO}){words}?({last}))?" if self.has_ranges else "()"
        return re.compile(f"{words}({number}){until}")

    @cached_property
    def printed(self) -> re.Pattern[str]:
        """The pattern of a mark in a text; a heading of several has the last as its last group.

        That of a heading is for the start of a line.
        """
        until = f"(?:(?i:{TO}| and )({self.number})(?![\\w-]))?" if self.has_ranges else "()"
        before = r"(?<![\w.-])" if self.words_in_text else r"(?<![\w.&-])"
        if self.extent == "heading":
            before = r"[^\S\n\f]*+"
        return re.compile(f"{before}{self.words_in_text}({self.number})(?![\\w-]){until}")

    def shown(self, written: str) -> str:
        """Return a mark as a cite has it, from its number as written."""
        return self.form.format(self.key(written) if self.is_spelled_out else written)

    def last_written(self, first: str, last: str) -> str:
        """Return the last number of a range in full."""
        is_short = self.shares_prefix and last.isdecimal() and len(last) < len(first)
        return f"{first[: -len(last)]}{last}" if is_short else last


def _as_number(written: str) -> str:
    return str(number_from_words(written) or written)


def _without_signs(written: str) -> str:
    return re.sub(r"[-.\s]", "", written).upper()


def _bates_key(written: str) -> str:
    """Return prefix and number, without what separates them and without leading zeros."""
    found = re.fullmatch(r"(.*?)[-_. ]?([0-9]+)", written)
    return f"{found[1]} {int(found[2])}" if found else written


def bates_number(key: str) -> tuple[str, int]:
    """Return the prefix and the number of the key of a Bates number."""
    prefix, _, number = key.rpartition(" ")
    return prefix, int(number)


_PART = r"(?:[0-9]{1,5}[A-Z]{0,2}|[A-Z]{1,2}[0-9]{0,5})"
_WHOSE = (
    r"(?:(?:Government|Gov['’]t|Plaintiff|Pl\.|Defendant|Defense|Def\.|Joint|Trial)s?['’]?s? )?"
)
_PREFIX = r"[A-Z][A-Z0-9]{0,11}(?:[-_&][A-Z][A-Z0-9]{0,11}){0,3}"

SECTION = MarkKind(
    name="section",
    plural="sections",
    form="§ {}",
    extent="heading",
    number=r"[0-9]{1,6}[A-Za-z]{0,2}(?:\.[0-9A-Za-z]{1,6}){0,5}",
    words_in_cite=r"(?:§§?|sections?|sect?s?\.|sect?s?\b)\s*",
    words_in_text=r"(?:§|(?i:section|sec\.))[^\S\n\f]*",
    key=str.lower,
)
COUNT = MarkKind(
    name="count",
    plural="counts",
    form="Count {}",
    extent="heading",
    number=rf"(?:[0-9]{{1,3}}|[IVXL]{{1,7}}|(?i:{NUMBER_WORD}))",
    words_in_cite=r"counts?\s+",
    words_in_text=r"(?i:counts?)[^\S\n\f]+",
    key=_as_number,
    is_spelled_out=True,
)
DOCKET = MarkKind(
    name="docket",
    plural="docket numbers",
    form="Dkt. {}",
    extent="document",
    number=r"[0-9]{1,6}(?:-[0-9]{1,4})?",
    words_in_cite=r"(?:dkt\.?|docket(?: entry)?|d\.e\.|ecf|doc\.?|document)\s*(?:no\.?|#)?\s*",
    words_in_text=(
        r"(?i:dkt\.?|docket(?: entry)?|d\.e\.|ecf|doc\.|document)[^\S\n\f]*(?i:no\.?|#)?[^\S\n\f]*"
    ),
    key=str.lower,
    has_ranges=False,
    page_after=r"(?i:page|p\.)\s*([0-9]{1,6})",
)
EXHIBIT = MarkKind(
    name="exhibit",
    plural="exhibit numbers",
    form="Ex. {}",
    extent="document",
    number=rf"{_PART}(?:[-.]{_PART}){{0,3}}",
    words_in_cite=rf"{_WHOSE}(?:exhibit|exh?\.?)\s*(?:no\.?\s*)?",
    words_in_text=r"(?i:exhibit|exh?\.)[^\S\n\f]*(?i:no\.?)?[^\S\n\f]*",
    key=_without_signs,
    has_ranges=False,
)
BATES = MarkKind(
    name="bates",
    plural="Bates numbers",
    form="{}",
    extent="page",
    number=rf"{_PREFIX}(?:[-_.][0-9]{{4,12}}|(?:(?<=[0-9])|[ ]?)(?:0[0-9]{{3,11}}|[0-9]{{5,12}}))",
    words_in_cite=r"(?:bates\s*(?:nos?\.?|numbers?|stamps?)?\s*)?",
    words_in_text="",
    key=_bates_key,
    shares_prefix=True,
)
MARK_KINDS = (SECTION, COUNT, DOCKET, EXHIBIT, BATES)
"""All kinds, in the order in which a cite is tried as one."""
