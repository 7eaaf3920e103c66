"""The data model of a `casefile/1` file: one frozen, typed entry for each row."""

# Not `from __future__ import annotations`: the annotations are needed at run time, and evaluating
# some six hundred strings would add 6 ms to each start.

from collections import defaultdict
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar, cast, get_args

import msgspec
from msgspec.structs import fields

from casefile.case.amounts import Amount
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import RelativeDate
from casefile.case.entry_ids import Id, Reference
from casefile.case.party_types import PARTY_TYPES
from casefile.case.source_names import SourceNames, source_names

FORMAT = "casefile/1"

DateBasis = Literal["stated", "inferred", "computed"]
Status = Literal["undisputed", "disputed", "alleged", "unverified", "announced"]
Stance = Literal["supports", "contradicts", "mentions"]
PartyType = Annotated[str, msgspec.Meta(examples=[*PARTY_TYPES])]
NameKind = Literal["name", "alias", "description"]
Division = Literal["line", "blank", "numbered"]
ClaimType = Literal["fact", "estimate", "evaluation", "allegation", "undertaking"]


class TableStruct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the structs whose fields are the keys of a TOML table."""


class Cite(TableStruct, frozen=True, kw_only=True):
    """A source and the place in it; without `source`, the default source of the case."""

    source: Reference | None = None
    at: str | None = None
    quote: str | None = None
    stance: Stance | None = None
    field: str | None = None
    value: Any = None
    """What the source gives for `field` instead, as the field itself is read: a date as an
    `EdtfDate`, each reference as a `Mention`. As parsed if the type of the field is not known."""

    @property
    def is_support(self) -> bool:
        """Whether the source supports the entry, which is the default stance."""
        return self.stance in (None, "supports")

    @property
    def is_of_words(self) -> bool:
        """Whether this is, on a quote, a cite for its words, not its speaker or date."""
        return self.field in (None, "words") and self.is_support


class Involvement(TableStruct, frozen=True, kw_only=True):
    """A party and its role in what happened, if the source gives one."""

    party: Reference
    role: str | None = None


class Entry(TableStruct, frozen=True, kw_only=True):
    """Anything in a case file that has an id and can be annotated."""

    table: ClassVar[str] = ""

    id: Id
    text: str | None = None
    date: EdtfDate | None = None
    relative_date: RelativeDate | None = None
    """The other entry from which `date` is counted, if it is; set by the reader."""
    date_text: str | None = None
    date_basis: DateBasis | None = None
    amounts: tuple[Amount, ...] = ()
    about: tuple[Reference, ...] = ()
    issues: tuple[Reference, ...] = ()
    tags: tuple[str, ...] = ()
    status: Status | None = None
    contradicts: tuple[Reference, ...] = ()
    language: str | None = None
    cites: tuple[Cite, ...] = ()

    @property
    def table_name(self) -> str:
        """The name of the table that holds the entry."""
        return self.table


class Case(Entry, frozen=True, kw_only=True):
    """The investigation as a whole, from the `[case]` table."""

    table: ClassVar[str] = "case"

    title: str
    stage: str | None = None
    timezone: str | None = None
    jurisdiction: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    revised: EdtfDate | None = None
    editors: tuple[str, ...] = ()
    source: Reference | None = None
    accept: dict[str, str] = {}


class Source(Entry, frozen=True, kw_only=True):
    """A document that entries cite."""

    table: ClassVar[str] = "source"

    title: str
    type: str | None = None
    author: tuple[str, ...] = ()
    publisher: str | None = None
    published: EdtfDate | None = None
    retrieved: EdtfDate | None = None
    url: str | None = None
    archived: str | None = None
    file: str | None = None
    sha256: str | None = None
    paragraphs: Division | None = None
    first_page: int | None = None
    abbreviation: str | None = None
    exhibit: str | None = None
    bates: str | None = None
    based_on: tuple[Reference, ...] = ()
    confidential: bool = False


class Party(Entry, frozen=True, kw_only=True):
    """A person, body or thing with a part in the case."""

    table: ClassVar[str] = "party"

    name: str
    type: PartyType
    name_kind: NameKind | None = None
    aliases: tuple[str, ...] = ()
    abbreviation: str | None = None
    role: str | None = None
    position: str | None = None
    countries: tuple[str, ...] = ()
    nationality: tuple[str, ...] = ()
    sex: str | None = None
    maybe_same_as: tuple[Reference, ...] = ()


class Event(Entry, frozen=True, kw_only=True):
    """Something that happened, dated or not."""

    table: ClassVar[str] = "event"

    title: str
    type: str | None = None
    location: tuple[str, ...] = ()
    by: tuple[Involvement, ...] = ()
    involved: tuple[Involvement, ...] = ()
    follows: tuple[Reference, ...] = ()
    follows_end_of: tuple[Reference, ...] = ()
    precedes: tuple[Reference, ...] = ()
    part_of: tuple[Reference, ...] = ()
    order_basis: DateBasis | None = None
    duration: str | None = None
    key: bool = False


class Seizure(Entry, frozen=True, kw_only=True):
    """Something that was taken: what, how much, from whom and by whom."""

    table: ClassVar[str] = "seizure"

    item: str
    type: str | None = None
    event: Reference | None = None
    taken_from: tuple[Involvement, ...] = msgspec.field(default=(), name="from")
    by: tuple[Involvement, ...] = ()
    location: tuple[str, ...] = ()


class Quote(Entry, frozen=True, kw_only=True):
    """Verbatim words of a party, in several fragments where the source interrupts them."""

    table: ClassVar[str] = "quote"

    speaker: Reference
    words: tuple[str, ...]
    to: tuple[Reference, ...] = ()
    event: Reference | None = None
    translated: bool | str | None = None
    original: str | None = None


class Claim(Entry, frozen=True, kw_only=True):
    """A statement that somebody makes and that can be checked."""

    table: ClassVar[str] = "claim"

    statement: str
    type: ClaimType | None = None
    by: tuple[Reference, ...] = ()
    by_text: str | None = None
    in_quote: Reference | None = None


class Link(Entry, frozen=True, kw_only=True):
    """A relation between two entries, read as subject, role, object."""

    table: ClassVar[str] = "link"

    subject: Reference
    object: Reference
    role: str


class Issue(Entry, frozen=True, kw_only=True):
    """An open question that entries name in `issues`."""

    table: ClassVar[str] = "issue"

    title: str
    type: str | None = None
    parent: Reference | None = None


class FreeEntry(Entry, frozen=True, kw_only=True):
    """A row of a custom table, one that the format does not define."""

    in_table: str
    own: dict[str, Any] = {}
    """Its keys other than those that every table may have, as parsed."""
    refers: dict[str, tuple[str, ...]] = {}
    """The ids under those of its own keys that `[[table]]` declares to name entries."""

    @property
    def table_name(self) -> str:
        """The name of the table that holds the entry."""
        return self.in_table


class FreeTable(TableStruct, frozen=True, kw_only=True):
    """A `[[table]]` row, which declares a custom table."""

    table: ClassVar[str] = "table"

    name: str
    title: str | None = None
    columns: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


ENTRY_TYPES: tuple[type[Entry], ...] = (Source, Party, Event, Seizure, Quote, Claim, Link, Issue)
"""The types of the arrays of tables; `Case` is the only single table."""

E = TypeVar("E", bound=Entry)


class WordPlaces(NamedTuple):
    """The places of the words of a quote in a source."""

    source: str | None
    """The source as the first cite names it; None if that of the case."""
    places: tuple[str | None, ...]


class CaseFile(msgspec.Struct, frozen=True, dict=True):
    """The readable part of a case file, with its entries by id in file order."""

    path: Path
    case: Case
    entries: dict[str, Entry]
    rows: dict[str, dict[str, Any]]
    """The row of each entry as parsed, for digests and snapshots."""
    unknown: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    """Unknown keys and their values by entry id; nested ones as `cites[1].colour`."""
    free_tables: dict[str, FreeTable] = msgspec.field(default_factory=dict)
    """The custom tables, declared or not, in file order."""
    left_out: tuple[dict[str, Any], ...] = ()
    """The rows that are no entries, as parsed.

    They lack a valid id that no other row has, or are a single table, as `[source]`.
    """

    def of(self, entry_type: type[E]) -> tuple[E, ...]:
        """Return the entries of a type, in file order."""
        return cast("tuple[E, ...]", self.in_table(entry_type.table))

    def in_table(self, table: str) -> tuple[Entry, ...]:
        """Return the entries of a table, in file order."""
        return self._tables.get(table, ())

    @cached_property
    def _tables(self) -> dict[str, tuple[Entry, ...]]:
        tables: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            tables[entry.table_name].append(entry)
        return {table: tuple(entries) for table, entries in tables.items()}

    @cached_property
    def source_names(self) -> SourceNames:
        """The names by which cites name a source."""
        return source_names(self.rows[source.id] for source in self.of(Source))

    @cached_property
    def places_of_words(self) -> dict[str, dict[str | None, WordPlaces]]:
        """The places of the words of each quote in each source that it cites, in file order.

        Kept, since many claims can be made in a quote with many cites.
        """
        return {quote.id: self._places_of_words(quote) for quote in self.of(Quote)}

    def _places_of_words(self, quote: Quote) -> dict[str | None, WordPlaces]:
        several: defaultdict[str | None, list[Cite]] = defaultdict(list)
        for cite in quote.cites:
            if cite.is_of_words:
                several[self.source_of(cite)].append(cite)
        return {
            source: WordPlaces(cites[0].source, tuple(cite.at for cite in cites))
            for source, cites in several.items()
        }

    def source_of(self, cite: Cite) -> str | None:
        """Return the id of the source of `cite`, by default that of the case."""
        return cite.source or self.case.source


class Mention(msgspec.Struct, frozen=True):
    """A reference from a field to an entry, and the role given there."""

    to: str
    role: str | None = None


def references_in_field(entry: Entry, field: str) -> list[Mention]:
    """Return the references in one field of an entry."""
    value = getattr(entry, field)
    if value in (None, ()):
        return []
    items = value if isinstance(value, tuple) else (value,)
    return [as_mention(item) for item in items]


def as_mention(item: Reference | Involvement) -> Mention:
    """Return a reference as it is written, with a role or without, as a mention."""
    return Mention(item.party, item.role) if isinstance(item, Involvement) else Mention(item)


@cache
def reference_fields(entry_type: type[Entry]) -> tuple[str, ...]:
    """Return the names of the fields of a type that hold references to entries."""
    return tuple(field.name for field in fields(entry_type) if holds_reference(field.type))


def holds_reference(hint: Any) -> bool:
    """Return whether values of a type are, or hold, references to entries."""
    if hint == Reference or hint is Involvement:
        return True
    return hint != Id and any(map(holds_reference, get_args(hint)))
