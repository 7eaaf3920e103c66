"""Descriptions and examples of the tables and keys of a case file.

The JSON schema and the reference in `docs/format.md` both take their wording from here.
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
    """A key: what its value is, in a sentence, and an example of the value in TOML."""

    what: str
    example: str


class Table(msgspec.Struct, frozen=True):
    """A table: what it holds, in a sentence, and the keys that not every table has."""

    what: str
    keys: dict[str, Described]


AT_THE_TOP = {
    "format": Described("The version of the format; always the first key.", '"casefile/1"'),
}
"""The keys outside of tables."""

IN_EVERY_TABLE = {
    "id": Described(
        "The name by which other entries and your notes refer to the entry: a-z, 0-9 and -, at "
        "most 64 characters, unique in the file.",
        '"second-search"',
    ),
    "text": Described(
        "Your own remarks, as the editor, on the entry.",
        '"The log gives no reason for the stop."',
    ),
    "date": Described(
        "When it was, as far as the source says: an EDTF string or a TOML date; leave it out if "
        "nothing is known.",
        '"2021-03"',
    ),
    "date_text": Described("The source's own words for the date.", '"early in March"'),
    "date_basis": Described(
        "Whether date and order are stated by the source (the default), or inferred or computed by "
        "you.",
        '"inferred"',
    ),
    "amounts": Described(
        "How much or how many, one table for each quantity.",
        '[{ value = 40, unit = "crate", qualifier = "more-than", text = "over forty crates" }]',
    ),
    "about": Described("The entries that this one is about; shown on both.", '"grounding"'),
    "issues": Described(
        "The open questions that it concerns: ids of [[issue]] entries.", '["who-steered"]'
    ),
    "tags": Described("Your own keywords for finding entries.", '["bridge", "night"]'),
    "status": Described(
        "Its status in the record; your own verdict is a check and belongs in your notes.",
        '"disputed"',
    ),
    "contradicts": Described(
        "The entries that can't be true together with this one; shown on both.",
        '["departure-by-the-pilot"]',
    ),
    "language": Described("The language code of the source's words.", '"pt"'),
    "cites": Described(
        "Where it is stated: a place in the default source, a source and a place, or a table with "
        "the words relied on.",
        '["log, row 14", { source = "transcript", at = "p. 45 l. 12", quote = "we were late" }]',
    ),
}
"""The keys that every table may have, with the same meaning."""

TABLES: dict[type[msgspec.Struct], Table] = {
    Case: Table(
        "The investigation as a whole; there is exactly one, and it is an entry too.",
        {
            "title": Described("What the investigation is about.", '"Loss of the Marlin Bay"'),
            "stage": Described(
                "The stage that it has reached.", '"inquiry closed, appeal pending"'
            ),
            "timezone": Described(
                "The time zone of times without an offset, by its name in the IANA database.",
                '"Europe/Lisbon"',
            ),
            "jurisdiction": Described(
                "The country or region whose courts deal with it.", '"Portugal"'
            ),
            "topics": Described("Keywords for finding the case.", '["shipping", "insurance"]'),
            "revised": Described("When you last revised the file.", "2024-05-17"),
            "editors": Described("Who maintains the file.", '["R. Sole", "M. Tarn"]'),
            "source": Described(
                "The default source, used by cites that name none.", '"transcript"'
            ),
            "accept": Described(
                "Findings of `check` to accept: a code, or a code and an id, with the reason.",
                '{ "unsourced owner" = "Known to all parties; the court did not ask." }',
            ),
        },
    ),
    Source: Table(
        "A document that entries cite.",
        {
            "title": Described(
                "Its title as printed; put a title of your own in [brackets].",
                '"[Bridge log of the Marlin Bay]"',
            ),
            "type": Described("What kind of document it is.", '"ship\'s log"'),
            "author": Described("Who wrote it.", '["Ines Caldas"]'),
            "publisher": Described("Who published or issued it.", '"Port Alder Gazette"'),
            "published": Described("When it was published or issued.", '"2021-04-02"'),
            "retrieved": Described("When you got it.", "2024-01-15"),
            "url": Described("Its address on the web.", '"https://example.org/log"'),
            "archived": Described(
                "The address of an archived copy.", '"https://archive.example.org/2021/log"'
            ),
            "file": Described(
                "The file with its text: a path relative to the folder of the case file.",
                '"sources/log.txt"',
            ),
            "sha256": Described(
                "The SHA-256 of that file, in hexadecimal digits.",
                '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
            ),
            "paragraphs": Described(
                "How its text is divided: each line is a paragraph, or blank lines separate "
                "paragraphs.",
                '"line"',
            ),
            "first_page": Described(
                "The number of the first page of its text, if that is an excerpt.", "45"
            ),
            "exhibit": Described("Its exhibit number.", '"Exhibit 12-B"'),
            "bates": Described("Its Bates numbers.", '"MB-000412 to MB-000431"'),
            "based_on": Described(
                "The sources that it rewrites; it does not count as independent of them.", '["log"]'
            ),
            "confidential": Described(
                "Whether it is left out of every export that does not name it.", "true"
            ),
        },
    ),
    Party: Table(
        "A person, body or group that the source distinguishes and an entry refers to.",
        {
            "name": Described(
                "Its name as given by the source; write an alias without quotation marks.", '"Gull"'
            ),
            "type": Described(
                "What it is; use Group for several unnamed parties, and Unknown if it may be any "
                "of these.",
                '"Person"',
            ),
            "name_kind": Described(
                "Whether the name is a name, an alias, or the source's description.", '"alias"'
            ),
            "aliases": Described("Other names that the source uses for it.", '["the Gull", "G."]'),
            "abbreviation": Described("Its abbreviation.", '"PAH"'),
            "role": Described("Its role in the case.", '"defendant"'),
            "position": Described(
                "The office that it holds: the title alone.", '"Chief Inspector"'
            ),
            "countries": Described("Its countries, as two-letter ISO 3166 codes.", '["PT"]'),
            "nationality": Described(
                "Its nationality, as the same codes, if a source states it.", '["PT", "BR"]'
            ),
            "sex": Described("Its sex, if a source states it.", '"female"'),
            "maybe_same_as": Described(
                "The parties that may be the same, if no source says that they are.",
                '["night-caller"]',
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
                "Everyone else involved, with a role if the source gives one.",
                '[{ party = "owner", role = "called" }, "harbour-police"]',
            ),
            "follows": Described("The events that it comes after.", '"departure"'),
            "precedes": Described(
                "The events that it comes before; if one lasts, before its start.", '["search"]'
            ),
            "part_of": Described("The events that it is a part of.", '"voyage-7"'),
            "duration": Described(
                "How long it took, in ISO 8601 or in the source's words.", '"PT4M10S"'
            ),
            "key": Described("Whether it is a key event.", "true"),
        },
    ),
    Seizure: Table(
        "Something that a source says was taken, detained, frozen or surrendered.",
        {
            "item": Described("What was taken.", '"Two mobile telephones"'),
            "type": Described("What kind of thing it is.", '"telephone"'),
            "event": Described(
                "The event in which it was taken; its date, location and `by` apply here too.",
                '"search"',
            ),
            "from": Described("From whom it was taken.", '"pilot"'),
            "by": Described("Who took it, if not the `by` of the event.", '"harbour-police"'),
            "location": Described(
                "Where it was taken, if not at the location of the event.", '"locker 7"'
            ),
        },
    ),
    Quote: Table(
        "The words of a party, verbatim.",
        {
            "speaker": Described("Who said it.", '"pilot"'),
            "words": Described(
                "What was said, without the outer quotation marks; a list of fragments if the "
                "source interrupts it.",
                '["We were late", "and the light was out."]',
            ),
            "to": Described("To whom it was said.", '["owner"]'),
            "event": Described("The event in which it was said.", '"hearing"'),
            "translated": Described(
                "Whether it is a translation, or who translated it.", '"by the court"'
            ),
            "original": Described("The words in the original language.", '"A luz estava apagada."'),
        },
    ),
    Claim: Table(
        "An estimate, an evaluation, an undertaking, or an attributed statement that can be "
        "disputed.",
        {
            "statement": Described(
                "What is claimed: one assertion, in a sentence of your own.",
                '"The light had been out for a week"',
            ),
            "type": Described("What kind of claim it is.", '"allegation"'),
            "by": Described("Who makes it, if the source attributes it.", '"owner"'),
            "by_text": Described(
                "The source's words for whoever makes it, if these name no party.", '"port circles"'
            ),
            "in_quote": Described(
                "The quote in which it is made, from which it takes speaker and cites.",
                '"pilot-on-the-light"',
            ),
        },
    ),
    Link: Table(
        "A relation between two entries, read as subject, role, object.",
        {
            "subject": Described("Who or what has the relation.", '"pilot"'),
            "object": Described("To whom or what it has the relation.", '"owner"'),
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
        "A description of a table of your own, which is optional.",
        {
            "name": Described("The table's name, as written in [[ ]].", '"hearing"'),
            "title": Described("The title of its pane.", '"Court hearings"'),
            "columns": Described(
                "The keys shown in its list, in order.", '["date", "courtroom", "judge"]'
            ),
            "refs": Described("The keys that name other entries.", '["judge"]'),
        },
    ),
    FreeEntry: Table("Any other [[name]] is a table of your own, with any keys you like.", {}),
    Cite: Table(
        "A source and a place in it.",
        {
            "source": Described("The source, if not the default one.", '"log"'),
            "at": Described(
                "The place: para 4, p. 3, p. 45 l. 12, l. 120, row 14, 00:14:05, or free text.",
                '"p. 45 l. 12 - p. 46 l. 3"',
            ),
            "quote": Described(
                "The words relied on, exactly as in the source.", '"the light was out"'
            ),
            "stance": Described(
                "Whether the source supports the entry (the default), contradicts it or mentions "
                "it.",
                '"contradicts"',
            ),
            "field": Described("The key of the entry that the cite is about.", '"date"'),
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
                "The unit: three capitals for money (ISO 4217), otherwise a word in the singular.",
                '"kg"',
            ),
            "qualifier": Described("How exact the number is.", '"at-least"'),
            "text": Described(
                "The source's own wording, which is shown.", '"some 32 kilos of resin"'
            ),
            "type": Described(
                "What is measured, if an entry has several amounts.", '"street value"'
            ),
            "per": Described("What a rate is per.", '"year"'),
            "converted": Described(
                "Whether it is the amount before it in another currency.", "true"
            ),
        },
    ),
}
"""The tables of a case file, and those inside values."""


def keys_of(table: type[msgspec.Struct]) -> dict[str, Described]:
    """Return the descriptions of all keys of a table, those of every table last."""
    own = TABLES[table].keys
    if table in (Cite, Involvement, Amount, FreeTable):
        return own
    common = {key: text for key, text in IN_EVERY_TABLE.items() if key != "id"}
    return {"id": IN_EVERY_TABLE["id"], **own, **common}
