"""How each kind of entry is shown: its pane, title, columns, and the order of its fields.

A new kind of entry needs a type in `casefile.case.model`, the description of its keys in
`casefile.case.descriptions`, an `EntryKind` here, and the labels of its fields in
`casefile.views.labels`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from casefile.case.model import (
    Case,
    Claim,
    Event,
    Issue,
    Link,
    Party,
    Quote,
    Seizure,
    Source,
)
from casefile.views import entry_dates, phrases
from casefile.views.case_record import CaseRecord

# Any: each kind has its own entry type, which a tuple of kinds can't express.
Words = Callable[[CaseRecord, Any], str]


class Column(msgspec.Struct, frozen=True):
    """A column of a pane; all widths are in terminal cells."""

    heading: str
    words: Words
    width: int = 0
    """The width in a narrow list; 0 for the column that takes the remaining width."""
    wide: int = 0
    """The greatest width in a wide list; 0 for the same width in every list."""
    from_width: int = 0
    """The width of the list from which the column is shown."""
    fitted_to: Words | None = None
    """What the width is fitted to, if not to all of its text."""
    is_number: bool = False
    """Whether the column holds numbers, which are aligned to the right."""


class EntryKind(msgspec.Struct, frozen=True):
    """How one kind of entry is shown."""

    name: str
    """The name of its table, also the word for one entry of this kind."""
    pane: str
    """The title of its pane."""
    title: Words
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    """The fields of its page, in order; the fields that all kinds have follow them."""
    is_always_shown: bool = False
    """Whether the pane is shown even if there are no entries."""
    summary: Callable[[CaseRecord], str] | None = None
    """Return a summary of all entries of this kind."""
    has_headings: bool = False
    """Whether the list shows the headings of the columns."""

    @property
    def plural(self) -> str:
        """The word for several entries of this kind."""
        return "events" if self.name == Event.table else self.pane.lower()


EVENT = EntryKind(
    Event.table,
    "Timeline",
    phrases.own_title,
    (
        Column("Date", entry_dates.date_column, 22, wide=27, fitted_to=entry_dates.date_to_fit),
        Column("What happened", phrases.title),
    ),
    (
        *("type", "by", "involved", "location", "duration", "follows", "follows_end_of"),
        *("precedes", "part_of", "key"),
    ),
    is_always_shown=True,
    summary=lambda case: case.span,
)
PARTY = EntryKind(
    Party.table,
    "Parties",
    phrases.party_name,
    (
        Column("Name", phrases.title),
        Column("Role", lambda _case, party: party.role or party.position or "", 28, from_width=84),
        Column("Type", phrases.party_type, 13, from_width=56),
    ),
    (
        *("type", "name_kind", "aliases", "abbreviation", "role", "position", "countries"),
        *("nationality", "sex", "maybe_same_as"),
    ),
    is_always_shown=True,
)
SEIZURE = EntryKind(
    Seizure.table,
    "Seizures",
    lambda _case, seizure: seizure.item,
    (
        Column("Item", phrases.title),
        Column("How much", phrases.how_much, 26, wide=32, from_width=56),
    ),
    ("type", "event", "taken_from", "by", "location"),
    is_always_shown=True,
    summary=phrases.seized_in_all,
)
QUOTE = EntryKind(
    Quote.table,
    "Quotes",
    phrases.quote_title,
    (
        Column("Speaker", phrases.speaker, 16, from_width=40),
        Column("Words", lambda _case, quote: phrases.spoken(quote)),
    ),
    ("speaker", "to", "event", "translated", "original"),
    is_always_shown=True,
)
CLAIM = EntryKind(
    Claim.table,
    "Claims",
    lambda _case, claim: claim.statement,
    (
        Column("Statement", phrases.title),
        Column("By", phrases.claimant, 22, wide=24, from_width=56),
    ),
    ("type", "by", "by_text", "in_quote"),
)
LINK = EntryKind(
    Link.table,
    "Links",
    phrases.link_title,
    (Column("Link", phrases.title), Column("When", entry_dates.date_column, 22, from_width=84)),
    ("subject", "role", "object"),
)
ISSUE = EntryKind(
    Issue.table,
    "Issues",
    phrases.own_title,
    (Column("Question", phrases.title),),
    ("type", "parent"),
)
SOURCE = EntryKind(
    Source.table,
    "Sources",
    phrases.own_title,
    (
        Column("Title", phrases.source_in_list),
        Column("Publisher", lambda _case, source: source.publisher or "", 20, from_width=50),
    ),
    (
        *("type", "author", "publisher", "published", "retrieved", "url", "archived", "file"),
        *("sha256", "paragraphs", "first_page", "abbreviation", "exhibit", "bates", "based_on"),
        "confidential",
    ),
)
CASE = EntryKind(
    Case.table,
    "Case",
    phrases.own_title,
    (Column("Title", phrases.title),),
    (
        *("stage", "jurisdiction", "topics", "revised", "editors", "source", "timezone"),
        "accept",
    ),
)

NOTES = "Notes"
"""The title of the pane of notes."""
PROBLEMS = "Problems"
"""The title of the pane of problems."""

KINDS: tuple[EntryKind, ...] = (EVENT, PARTY, SEIZURE, QUOTE, CLAIM, LINK, ISSUE, SOURCE, CASE)
"""The kinds of entry in the order of their panes; those of free tables go before the last."""
