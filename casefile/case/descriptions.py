"""Descriptions and examples of the tables and keys of a case file.

The JSON schema and the reference in `docs/format.md` both take their wording from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from casefile.case.amounts import Amount
from casefile.case.model import ENTRY_TYPES, Case, Cite, FreeEntry, FreeTable, Involvement
from casefile.case.table_struct import TableStruct
from casefile.text.logical_lines import logical_lines


class Described(msgspec.Struct, frozen=True):
    """A key: what its value is, in a sentence, and an example of the value in TOML."""

    what: str
    example: str


class Table(msgspec.Struct, frozen=True):
    """A table: what it holds, in a sentence, and the keys that not every table has."""

    what: str
    keys: dict[str, Described]


# A line for each key: its name, what its value is, and an example. Indented lines continue it.
_IN_EVERY_TABLE = """
id | The name by which other entries and your notes refer to the entry: a-z, 0-9 and -, at most 64
    characters, unique in the file. |
    "second-search"
text | Your own remarks, as the editor, on the entry. | "The log gives no reason for the stop."
date | When it was, or was said, as far as the source says: an EDTF string, a TOML date, or a date
    relative to another entry's; leave it out if nothing is known. |
    "2021-03"
date_text | The source's own words for the date. | "early in March"
date_basis | Whether date and order are stated by the source (the default), or inferred or computed
    by you; a relative date is computed. |
    "inferred"
amounts | How much or how many, one table for each quantity. |
    [{ value = 40, unit = "crate", qualifier = "more-than", text = "over forty crates" }]
about | The entries that this one is about; shown on both. | "grounding"
issues | The open questions that it concerns: ids of [[issue]] entries. | ["who-steered"]
tags | Your own keywords for finding entries. | ["bridge", "night"]
status | Its status in the record; your own verdict is a check and belongs in your notes. |
    "disputed"
contradicts | The entries that can't be true together with this one; shown on both. |
    ["departure-by-the-pilot"]
language | The language code of the source's words. | "pt"
cites | Where it is stated: a place in the default source, a source and a place, or a table with the
    words relied on. |
    ["log, row 14", { source = "transcript", at = "p. 45 l. 12", quote = "we were late" }]
"""

# The same, with the name of a type above its own keys.
_TABLES = r"""
[Case] The investigation as a whole; there is exactly one, and it is an entry too.
title | What the investigation is about. | "Loss of the Marlin Bay"
stage | The stage that it has reached. | "inquiry closed, appeal pending"
timezone | The time zone of times without an offset, by its name in the IANA database. |
    "Europe/Lisbon"
jurisdiction | The country or region whose courts deal with it. | "Portugal"
topics | Keywords for finding the case. | ["shipping", "insurance"]
revised | When you last revised the file. | 2024-05-17
editors | Who maintains the file. | ["R. Sole", "M. Tarn"]
source | The default source, used by cites that name none. | "transcript"
accept | Findings of `check` to accept: a code, or a code and an id, with the reason. |
    { "unsourced owner" = "Known to all parties; the court did not ask." }

[Source] A document that entries cite.
title | Its title as printed; put a title of your own in [brackets]. |
    "[Bridge log of the Marlin Bay]"
type | What kind of document it is. | "ship's log"
author | Who wrote it. | ["Ines Caldas"]
publisher | Who published or issued it. | "Port Alder Gazette"
published | When it was published or issued. | "2021-04-02"
retrieved | When you got it. | 2024-01-15
url | Its address on the web. | "https://example.org/log"
archived | The address of an archived copy. | "https://archive.example.org/2021/log"
file | The file with its text: a path relative to the folder of the case file. | "sources/log.txt"
sha256 | The SHA-256 of that file, in hexadecimal digits. |
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
paragraphs | How its text is divided: each line is a paragraph, blank lines separate paragraphs, or
    they are numbered, and are cited by the numbers printed at their beginnings. |
    "numbered"
first_page | The number of the first page of its text, if that is an excerpt. | 45
abbreviation | Its abbreviation, by which cites may name it, as in `Calloway Dep. 45:3-5`. |
    "Calloway Dep."
exhibit | Its exhibit number. | "Exhibit 12-B"
bates | Its Bates numbers. | "MB-000412 to MB-000431"
based_on | The sources that it rewrites; it does not count as independent of them. | ["log"]
confidential | Whether it is left out of every export that does not name it. | true

[Party] A person, body or thing that the source distinguishes and an entry refers to.
name | Its name as given by the source; write an alias without quotation marks. | "Gull"
type | What it is: one of the types of the format, or a word of your own if none of them fits. |
    "Person"
name_kind | Whether the name is a name, an alias, or the source's description. | "alias"
aliases | Other names that the source uses for it. | ["the Gull", "G."]
abbreviation | Its abbreviation. | "PAH"
role | Its role in the case. | "defendant"
position | The office that it holds: the title alone. | "Chief Inspector"
countries | Its countries, as two-letter ISO 3166 codes. | ["PT"]
nationality | Its nationality, as the same codes, if a source states it. | ["PT", "BR"]
sex | Its sex, if a source states it. | "female"
maybe_same_as | The parties that may be the same, if no source says that they are. |
    ["night-caller"]

[Event] Something that happened, dated or not.
title | What happened, in a few words. | "Marlin Bay runs aground"
type | What kind of event it is. | "accident"
location | Where it happened. | "Alder Bank"
by | Who did it: ids, or tables with a role. | "pilot"
involved | Everyone else involved, with a role if the source gives one. |
    [{ party = "owner", role = "called" }, "harbour-police"]
follows | The events that had begun when it began. | "departure"
follows_end_of | The events that were over when it began. | "hearing"
precedes | The events that had not begun when it began. | ["search"]
part_of | The events that it is a part of. | "voyage-7"
order_basis | Whether its order is stated, inferred or computed, if that is not its `date_basis`. |
    "inferred"
duration | How long it took, in ISO 8601 or in the source's words. | "PT4M10S"
key | Whether it is a key event. | true

[Seizure] Something that a source says was taken, detained, frozen or surrendered.
item | What was taken. | "Two mobile telephones"
type | What kind of thing it is. | "telephone"
event | The event in which it was taken; its date, location and `by` apply here too. | "search"
from | From whom it was taken. | "pilot"
by | Who took it, if not the `by` of the event. | "harbour-police"
location | Where it was taken, if not at the location of the event. | "locker 7"

[Quote] The words of a party, verbatim.
speaker | Who said it. | "pilot"
words | What was said, without the outer quotation marks; a list of fragments if the source
    interrupts it. |
    ["We were late", "and the light was out."]
to | To whom it was said. | ["owner"]
event | The event in which it was said. | "hearing"
translated | Whether it is a translation, or who translated it. | "by the court"
original | The words in the original language. | "A luz estava apagada."

[Claim] An estimate, an evaluation, an undertaking, or an attributed statement that can be disputed.
statement | What is claimed: one assertion, in a sentence of your own. |
    "The light had been out for a week"
type | What kind of claim it is. | "allegation"
by | Who makes it, if the source attributes it. | "owner"
by_text | The source's words for whoever makes it, if these name no party. | "port circles"
in_quote | The quote in which it is made, from which it takes speaker and cites. |
    "pilot-on-the-light"

[Link] A relation between two entries, read as subject, role, object.
subject | Who or what has the relation. | "pilot"
object | To whom or what it has the relation. | "owner"
role | What the relation is, as it reads between them. | "employed by"

[Issue] An open question that entries name in `issues`.
title | The question. | "Who was at the wheel?"
type | What kind of question it is. | "identity"
parent | The wider question that it is a part of. | "who-is-liable"

[FreeTable] A description of a table of your own, which is optional.
name | The table's name, as written in [[ ]]. | "hearing"
title | The title of its pane. | "Court hearings"
columns | The keys shown in its list, in order. | ["date", "courtroom", "judge"]
refs | The keys that name other entries. | ["judge"]

[FreeEntry] Any other [[name]] is a table of your own, with any keys you like.

[Cite] A source and a place in it.
source | The source, if not the default one. | "log"
at | The place: para 4, p. 3, 45:12 or p. 45 l. 12, row 14, 00:14:05, § 4(b), Count 2, Ex. 12,
    ABC-000123, or free text. | "p. 45 l. 12 - p. 46 l. 3"
quote | The words relied on, exactly as in the source. | "the light was out"
stance | Whether the source supports the entry (the default), contradicts it or mentions it. |
    "contradicts"
field | The key of the entry that the cite is about, or a value of it, as in `amounts[2]`. | "date"
value | What a source that contradicts the entry gives for that key instead, in the form of the
    key. |
    "2021-03-04T21:10"

[Involvement] A party and its role in what happened.
party | Who, by id. | "owner"
role | In what role, in a word. | "witness"

[Amount] A quantity, as the source states it.
value | The number. | 32
min | The smaller number of two, with `between`. | 3
max | The larger number of two, with `between`. | 5
unit | The unit: three capitals for money (ISO 4217), % for a share, otherwise a word in the
    singular. |
    "kg"
qualifier | How exact the number is. | "at-least"
text | The source's own wording, which is shown, with the noun of what is counted. |
    "some 32 kilos of resin"
type | What is measured, if an entry has several amounts. | "street value"
per | What a rate is per. | "year"
converted | Whether it is the amount before it in another currency. | true
shared_with | The other entries of which this one quantity is the quantity as well; shown on all of
    them. |
    ["papers", "letters"]
"""


def _described(lines: str) -> dict[str, Described]:
    cells = (line.split(" | ") for line in logical_lines(lines))
    return {key: Described(what, example) for key, what, example in cells}


def _tables() -> Iterator[tuple[type[TableStruct], Table]]:
    types: Sequence[type[TableStruct]] = (
        Case,
        *ENTRY_TYPES,
        FreeTable,
        FreeEntry,
        *_INSIDE_VALUES,
    )
    for table, block in zip(types, _TABLES.strip().split("\n\n"), strict=True):
        heading, _, keys = block.partition("\n")
        yield table, Table(heading.removeprefix(f"[{table.__name__}] "), _described(keys))


_INSIDE_VALUES = (Cite, Involvement, Amount)

AT_THE_TOP = _described('format | The version of the format; always the first key. | "casefile/1"')
"""The keys outside of tables."""

IN_EVERY_TABLE = _described(_IN_EVERY_TABLE)
"""The keys that every table may have, with the same meaning."""

TABLES = dict(_tables())
"""The tables of a case file, and those inside values."""


def keys_of(table: type[TableStruct]) -> dict[str, Described]:
    """Return the descriptions of all keys of a table, those of every table last."""
    own = TABLES[table].keys
    if table in (*_INSIDE_VALUES, FreeTable):
        return own
    return {"id": IN_EVERY_TABLE["id"], **own, **IN_EVERY_TABLE}
