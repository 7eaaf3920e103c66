"""Each kind of entry described once: its name, its pane, its columns, the order of its fields.

Adding a kind of entry to the program is adding one description here.
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
from casefile.views import phrases
from casefile.views.case_record import CaseRecord

# The kinds differ in their entry type, which a tuple of them can't express.
Words = Callable[[CaseRecord, Any], str]


class Column(msgspec.Struct, frozen=True):
    """A column of a pane: its words and the cells it takes; width 0 takes what is left."""

    heading: str
    words: Words
    width: int = 0
    wide: int = 0
    """The cells that it takes where there is room for more; then never more than it needs."""
    from_width: int = 0
    """The width of the list from which the column is shown."""
    is_number: bool = False
    """Whether its words are numbers, which stand at the right so that they can be compared."""


class EntryKind(msgspec.Struct, frozen=True):
    """All that the program knows of one kind of entry, beyond its model."""

    name: str
    """The word for one entry of this kind: the name of its table."""
    pane: str
    title: Words
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    """Its own fields in reading order; those that every entry may have follow them."""
    always: bool = False
    """Whether its pane is there without entries."""
    summary: Callable[[CaseRecord], str] | None = None
    """What all entries of the pane come to, in words."""
    has_headings: bool = False
    """Whether its columns have to be named, since nobody can know what they hold."""

    @property
    def plural(self) -> str:
        """Give the word for several entries of this kind."""
        return "events" if self.name == Event.table else self.pane.lower()


EVENT = EntryKind(
    Event.table,
    "Timeline",
    phrases.own_title,
    (Column("Date", phrases.date_column, 22, wide=27), Column("What happened", phrases.title)),
    ("type", "by", "involved", "location", "duration", "follows", "precedes", "part_of", "key"),
    always=True,
    summary=lambda case: case.span,
)
PARTY = EntryKind(
    Party.table,
    "Parties",
    phrases.party_name,
    (
        Column("Name", phrases.title),
        Column("Role", phrases.party_part, 28, from_width=84),
        Column("Type", phrases.party_type, 12, from_width=56),
    ),
    (
        *("type", "name_kind", "aliases", "abbreviation", "role", "position", "countries"),
        *("nationality", "sex", "maybe_same_as"),
    ),
    always=True,
)
SEIZURE = EntryKind(
    Seizure.table,
    "Seizures",
    lambda _case, seizure: seizure.item,
    (Column("Item", phrases.title), Column("How much", phrases.amounts_column, 26, from_width=56)),
    ("type", "event", "taken_from", "by", "location"),
    always=True,
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
    always=True,
)
CLAIM = EntryKind(
    Claim.table,
    "Claims",
    lambda _case, claim: claim.statement,
    (Column("Statement", phrases.title), Column("By", phrases.claimant, 22, from_width=56)),
    ("type", "by", "by_text", "in_quote"),
)
LINK = EntryKind(
    Link.table,
    "Links",
    phrases.link_title,
    (Column("Link", phrases.title),),
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
        Column("Title", phrases.title),
        Column("Publisher", lambda _case, source: source.publisher or "", 20, from_width=50),
    ),
    (
        *("type", "author", "publisher", "published", "retrieved", "url", "archived", "file"),
        *("sha256", "paragraphs", "first_page", "exhibit", "bates", "based_on", "confidential"),
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
PROBLEMS = "Problems"
"""The titles of the panes that hold no entries of one kind."""

KINDS: tuple[EntryKind, ...] = (EVENT, PARTY, SEIZURE, QUOTE, CLAIM, LINK, ISSUE, SOURCE, CASE)
"""In the order of their panes; those of free tables stand before the last."""
