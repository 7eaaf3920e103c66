"""What goes into each table of a case file and under each of its keys, with an example.

The one place that says so: the schema that editors show and the reference of the format both take
their words from here.
"""

from __future__ import annotations

import msgspec

from casefile.case.amounts import Amount
from casefile.case.model import (
    Case,
    Cite,
    Claim,
    Event,
    FreeEntry,
    FreeTable,
    Involvement,
    Issue,
    Link,
    Party,
    Quote,
    Seizure,
    Source,
)


class Described(msgspec.Struct, frozen=True):
    """What goes under a key, in a sentence, and an example of it as TOML writes it."""

    what: str
    example: str


class Table(msgspec.Struct, frozen=True):
    """What a table holds, in a sentence, and its keys beyond those that every table may carry."""

    what: str
    keys: dict[str, Described]


AT_THE_TOP = {
    "format": Described("The version of the format, always this; it stands first.", '"casefile/1"'),
}
"""The keys that stand in no table."""

IN_EVERY_TABLE = {
    "id": Described(
        "The name by which other entries and your notes refer to the entry: a-z, 0-9 and -, at "
        "most 64 characters, unique in the file.",
        '"second-search"',
    ),
    "text": Described(
        "What you, the editor, have to say about the entry, in your own words.",
        '"The log gives no reason for the stop."',
    ),
    "date": Described(
        "When it was, as far as the source says: an EDTF string, or a date of TOML's own; left "
        "out where nothing is known.",
        '"2021-03"',
    ),
    "date_text": Described("The source's own words for the date.", '"early in March"'),
    "date_basis": Described(
        "Whether date and order are stated by the source, which needs no saying, or inferred or "
        "computed by you.",
        '"inferred"',
    ),
    "amounts": Described(
        "How much or how many, one table for each quantity.",
        '[{ value = 40, unit = "crate", qualifier = "more-than", text = "over forty crates" }]',
    ),
    "about": Described(
        "The entries that this one is a statement on; shown from both sides.", '"grounding"'
    ),
    "issues": Described(
        "The open questions that it bears on, by the ids of [[issue]] entries.", '["who-steered"]'
    ),
    "tags": Described("Words of your own to find entries by.", '["bridge", "night"]'),
    "status": Described(
        "How the record treats it; your own verdict is a check and stands in your notes.",
        '"disputed"',
    ),
    "contradicts": Described(
        "The entries that can't be true together with this one; shown from both sides.",
        '["departure-by-the-pilot"]',
    ),
    "language": Described("The language of the source's words, as a code.", '"pt"'),
    "cites": Described(
        "Where it is stated: a place in the default source, a source and a place, or a table with "
        "the words relied on.",
        '["log, row 14", { source = "transcript", at = "p. 45 l. 12", quote = "we were late" }]',
    ),
}
"""The keys that mean the same in every table."""

TABLES: dict[type[msgspec.Struct], Table] = {
    Case: Table(
        "The investigation as a whole; it stands once, and it is an entry too.",
        {
            "title": Described("What the investigation is about.", '"Loss of the Marlin Bay"'),
            "stage": Described("How far it has come.", '"inquiry closed, appeal pending"'),
            "timezone": Described(
                "The time zone of times without an offset, by its name in the IANA database.",
                '"Europe/Lisbon"',
            ),
            "jurisdiction": Described("Whose courts it is before.", '"Portugal"'),
            "topics": Described("Words to find it by.", '["shipping", "insurance"]'),
            "revised": Described("When you last revised the file.", "2024-05-17"),
            "editors": Described("Who keeps the file.", '["R. Sole", "M. Tarn"]'),
            "source": Described(
                "The default source: what a cite means that names none.", '"transcript"'
            ),
            "accept": Described(
                "Findings of `check` to be silent about: a code, or a code and an id, and why.",
                '{ "unsourced owner" = "Known to all parties; the court did not ask." }',
            ),
        },
    ),
    Source: Table(
        "A document that states what the case holds.",
        {
            "title": Described(
                "Its title, as it bears it; one of your own goes in [brackets].",
                '"[Bridge log of the Marlin Bay]"',
            ),
            "type": Described("What kind of document it is.", '"ship\'s log"'),
            "author": Described("Who wrote it.", '["Ines Caldas"]'),
            "publisher": Described("Who published or issued it.", '"Port Alder Gazette"'),
            "published": Described("When it was published or issued.", '"2021-04-02"'),
            "retrieved": Described("When you got it.", "2024-01-15"),
            "url": Described("Its address on the web.", '"https://example.org/log"'),
            "archived": Described(
                "Where a copy of it is kept.", '"https://archive.example.org/2021/log"'
            ),
            "file": Described(
                "Its text: a path, seen from the case file's own folder.", '"sources/log.txt"'
            ),
            "sha256": Described(
                "The SHA-256 of that file, in hexadecimal digits.",
                '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
            ),
            "paragraphs": Described(
                "How its text is divided: each line is a paragraph, or blank lines part them.",
                '"line"',
            ),
            "first_page": Described(
                "The number of the first page of its text, where that is an excerpt.", "45"
            ),
            "exhibit": Described("Its number as an exhibit.", '"Exhibit 12-B"'),
            "bates": Described("Its Bates numbers.", '"MB-000412 to MB-000431"'),
            "based_on": Described(
                "The sources that it rewrites; it is no second source beside them.", '["log"]'
            ),
            "confidential": Described(
                "Whether it is left out of every export that does not name it.", "true"
            ),
        },
    ),
    Party: Table(
        "A person, a body or a group that the source tells apart and an entry refers to.",
        {
            "name": Described(
                "Its name, as the source gives it; an alias without quotation marks.", '"Gull"'
            ),
            "type": Described(
                "What it is; a Group is several unnamed ones, Unknown may be any.", '"Person"'
            ),
            "name_kind": Described(
                "Whether the name is a name, an alias, or the source's description.", '"alias"'
            ),
            "aliases": Described("What else the source calls it.", '["the Gull", "G."]'),
            "abbreviation": Described("Its abbreviation.", '"PAH"'),
            "role": Described("Its part in the case.", '"defendant"'),
            "position": Described("The office it holds: the title alone.", '"Chief Inspector"'),
            "countries": Described("Its countries, by ISO 3166 codes of two letters.", '["PT"]'),
            "nationality": Described(
                "Its nationality, by the same codes, where a source says so.", '["PT", "BR"]'
            ),
            "sex": Described("Its sex, where a source says so.", '"female"'),
            "maybe_same_as": Described(
                "The parties that it may be, where no source equates them.", '["night-caller"]'
            ),
        },
    ),
    Event: Table(
        "Something that happened, dated or not.",
        {
            "title": Described("What happened, in a few words.", '"Marlin Bay runs aground"'),
            "type": Described("What kind of event it is.", '"accident"'),
            "location": Described("Where it happened.", '"Alder Bank"'),
            "by": Described("Who did it: ids, or tables with a role.", '"pilot"'),
            "involved": Described(
                "Everyone else who had a part in it, with a role where the source gives one.",
                '[{ party = "owner", role = "called" }, "harbour-police"]',
            ),
            "follows": Described("The events that it came after.", '"departure"'),
            "precedes": Described(
                "The events that it came before; of a lasting one, before its start.", '["search"]'
            ),
            "part_of": Described("The events that it is a part of.", '"voyage-7"'),
            "duration": Described(
                "How long it took, in ISO 8601 or the source's words.", '"PT4M10S"'
            ),
            "key": Described("Whether it is a key event.", "true"),
        },
    ),
    Seizure: Table(
        "What a source says was taken, detained, frozen or surrendered.",
        {
            "item": Described("What was taken.", '"Two mobile telephones"'),
            "type": Described("What kind of thing it is.", '"telephone"'),
            "event": Described(
                "The event in which it was taken; its date, place and `by` hold here too.",
                '"search"',
            ),
            "from": Described("Whom it was taken from.", '"pilot"'),
            "by": Described("Who took it, where that is not the event's `by`.", '"harbour-police"'),
            "location": Described("Where, if not where the event was.", '"locker 7"'),
        },
    ),
    Quote: Table(
        "Words that a party said, verbatim.",
        {
            "speaker": Described("Who said it.", '"pilot"'),
            "words": Described(
                "What was said, without the outer quotation marks; a list of fragments where the "
                "source interrupts it.",
                '["We were late", "and the light was out."]',
            ),
            "to": Described("Whom it was said to.", '["owner"]'),
            "event": Described("The event in which it was said.", '"hearing"'),
            "translated": Described(
                "Whether it is a translation, or whose it is.", '"by the court"'
            ),
            "original": Described("The words in the original language.", '"A luz estava apagada."'),
        },
    ),
    Claim: Table(
        "An estimate, an evaluation, an undertaking, or what is attributed and can be disputed.",
        {
            "statement": Described(
                "What is claimed: one assertion, in a sentence of your own.",
                '"The light had been out for a week"',
            ),
            "type": Described("What sort of claim it is.", '"allegation"'),
            "by": Described("Who makes it, where the source attributes it.", '"owner"'),
            "by_text": Described(
                "The words that the source puts in a party's place.", '"port circles"'
            ),
            "in_quote": Described(
                "The quote in which it is made; it takes speaker and cites from there.",
                '"pilot-on-the-light"',
            ),
        },
    ),
    Link: Table(
        "A relation between two entries, read subject, role, object.",
        {
            "subject": Described("Who or what stands in the relation.", '"pilot"'),
            "object": Described("To whom or what.", '"owner"'),
            "role": Described("What the relation is, as it reads between them.", '"employed by"'),
        },
    ),
    Issue: Table(
        "An open question that entries name in `issues`.",
        {
            "title": Described("The question.", '"Who was at the wheel?"'),
            "type": Described("What kind of question it is.", '"identity"'),
            "parent": Described("The wider question that it is a part of.", '"who-is-liable"'),
        },
    ),
    FreeTable: Table(
        "What a table of your own is; such a table needs no declaration, and gains by one.",
        {
            "name": Described("The table's name, as it stands in [[ ]].", '"hearing"'),
            "title": Described("The title of its pane.", '"Court hearings"'),
            "columns": Described(
                "The keys shown in its list, in order.", '["date", "courtroom", "judge"]'
            ),
            "refs": Described("The keys that name other entries.", '["judge"]'),
        },
    ),
    FreeEntry: Table("Any other [[name]] is a table of your own, with any keys you like.", {}),
    Cite: Table(
        "A source and the place in it.",
        {
            "source": Described("The source, if not the default one.", '"log"'),
            "at": Described(
                "The place: para 4, p. 3, p. 45 l. 12, l. 120, row 14, 00:14:05, or free words.",
                '"p. 45 l. 12 - p. 46 l. 3"',
            ),
            "quote": Described(
                "The words relied on, exactly as they stand there.", '"the light was out"'
            ),
            "stance": Described(
                "Whether the source supports the entry, which needs no saying, contradicts it or "
                "mentions it.",
                '"contradicts"',
            ),
            "field": Described("The key of the entry that the source speaks to.", '"date"'),
        },
    ),
    Involvement: Table(
        "A party and its role in what happened.",
        {
            "party": Described("Who, by id.", '"owner"'),
            "role": Described("In what role, in a word.", '"witness"'),
        },
    ),
    Amount: Table(
        "A quantity, as the source states it.",
        {
            "value": Described("The number.", "32"),
            "min": Described("The smaller number of two, with `between`.", "3"),
            "max": Described("The larger number of two, with `between`.", "5"),
            "unit": Described(
                "What is counted: three capitals are money (ISO 4217), all else is a word in the "
                "singular.",
                '"kg"',
            ),
            "qualifier": Described("How sure the number is.", '"at-least"'),
            "text": Described(
                "The source's own wording; it is what is shown.", '"some 32 kilos of resin"'
            ),
            "type": Described(
                "What is measured, where an entry has several amounts.", '"street value"'
            ),
            "per": Described("What makes it a rate.", '"year"'),
            "converted": Described("Whether it is the sum before it in another currency.", "true"),
        },
    ),
}
"""The tables of a case file, and those that stand inside a value."""


def keys_of(table: type[msgspec.Struct]) -> dict[str, Described]:
    """Give all keys of a table with what goes there: its own, then those that every table has."""
    own = TABLES[table].keys
    if table in (Cite, Involvement, Amount, FreeTable):
        return own
    common = {key: one for key, one in IN_EVERY_TABLE.items() if key != "id"}
    return {"id": IN_EVERY_TABLE["id"], **own, **common}
