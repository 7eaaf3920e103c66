"""The codes of all problems, with their meanings and what to do about them."""

from __future__ import annotations

import msgspec

from casefile.text.logical_lines import logical_lines


class ProblemCode(msgspec.Struct, frozen=True):
    """A kind of problem; neither errors nor findings about `accept` can be accepted."""

    name: str
    meaning: str
    can_be_accepted: bool = True


def _codes(lines: str, *, can_be_accepted: bool = True) -> tuple[ProblemCode, ...]:
    """Parse codes with their meanings, one a line."""
    pairs = (line.split(": ", 1) for line in logical_lines(lines))
    return tuple(ProblemCode(name, meaning, can_be_accepted) for name, meaning in pairs)


ERRORS = _codes(
    """
unreadable: The file can't be read: it is missing, not a regular file, or too large.
encoding: The file is not UTF-8; save it as UTF-8.
syntax: The text is not valid TOML; correct it at this place.
beyond-limits: Something is nested too deeply, too large, or there is too much of it.
no-format: `format = "casefile/1"` is missing at the top of the file.
no-case: The table `[case]` with `id` and `title` is missing.
not-a-table: A table of the format is not an array of tables; write it as `[[event]]`.
bad-table: `[[table]]` declares a table of the format, or one table twice; remove it.
missing-key: A row lacks a required key; add it.
bad-id: An id may only have `a-z`, `0-9` and `-`, at most 64 characters.
duplicate-id: Two rows have the same id; ids are unique in a file.
wrong-type: A value has the wrong type, for example a number instead of text.
wrong-value: A value is not one of those that its key allows; write one of these.
bad-date: A date is not in EDTF, there is no such day, or it is relative to no other date.
bad-zone: `timezone` is not a known time zone; write one such as `Asia/Shanghai`.
bad-amount: An amount lacks a number that its qualifier needs, or has one too many.
dangling: There is no entry with this id in the file; correct the id, or add the entry.
too-many: More problems with one code than are listed; `CASEFILE_PROBLEM_LIMIT` sets the limit.
""",
    can_be_accepted=False,
)

_ACCEPTABLE = _codes(
    """
unknown-key: The format has no such key here; correct it, or accept it as your own.
unknown-table: The name of an undeclared table is similar to one of the format; correct or declare
    it.
unknown-field: The `field` of a cite is not a key of its entry; name one that is.
cite-value: The `value` of a cite is of no field, doesn't contradict the entry, or is that of the
    entry; correct the cite.
wrong-kind: A key refers to an entry of the wrong kind; refer to another.
self-reference: An entry refers to itself; refer to another.
cycle: Entries precede, rest on or are parents of one another in a circle; remove a reference.
order-against-dates: `follows`, `follows_end_of`, `precedes` or `part_of` contradicts the dates,
    which decide; correct either.
part-beyond-whole: An event starts or goes on after the end of what it is part of; correct a date,
    or use `follows`.
undated: An entry has `date_text` but neither a date nor an order; add what is known.
amounts-disagree: Two amounts of an entry with one unit and type contradict each other; set `type`.
shared-twice: Two entries share one quantity with one another, and it counts twice; write it
    on one of them.
unsourced: No cite supports an entry; cite the source that states it.
cite-without-source: A cite names no source and the case has no default source; name one.
odd-place: The place of a cite has a number but can't be read, so it is not looked up; write it as a
    place, or accept it.
shared-abbreviation: Two sources have the same abbreviation, or one has the id of another, so that
    cites can't use it; change it.
single-source: An undisputed entry rests on one independent source although the case has several;
    cite a second. Key events are only reported with `--coverage`.
cite-not-found: The `quote` of a cite is not in the text of its source; quote word for word.
quote-not-found: The words of a quote are not in the text of their source; quote word for word.
wrong-place: Quoted words are at another place in their source; cite that place.
outside-quote: The words of a claim's cite are not in the quote that the claim is made in; quote its
    words, or cite their place.
place-not-found: The text of a source, or its `bates`, has no such place; correct the cite.
ambiguous-place: The text of a source has a place more than once; add the count, exhibit or page.
paragraph-numbers: The paragraphs of a text bear other numbers than their count, or none although
    `paragraphs` says so; set `paragraphs`.
hash-mismatch: The text has a different `sha256`; restore the text, or check the cites again.
text-missing: The `file` of a source is missing, so its quotations are not looked up; correct it.
text-refused: The `file` of a source is not text, too large, or not beside the case; name a text.
uncited: No entry cites a part of a source; only reported with `--coverage`.
coverage-unknown: A source has no text at hand, so what is uncited is not known; only reported with
    `--coverage`.
unused-party: No entry names a party, and it has no cite; cite where a source names it, or name it
    in an entry.
unused-source: No entry cites a source and none is based on it; cite it, or remove it.
unused-issue: No entry names an issue; name it where it is answered, or remove it.
party-type: The type of a party is not a known one; write one that is, or accept it as your own.
bare-number: The text of an amount is a number without what is counted; write the noun too.
country-code: A country is not two capital letters; write its ISO 3166 code.
language-tag: A language is not a BCP 47 tag; write one such as `en` or `zh-Hans`.
duration-form: A duration begins like ISO 8601 but is not valid; write one such as `PT4M10S`.
hash-form: A `sha256` doesn't have 64 hexadecimal digits; write what `sha256sum` prints.
"""
)

_ABOUT_ACCEPT = _codes(
    """
accept-unknown: `accept` names a code or an entry that doesn't exist; correct it.
accept-unused: `accept` matches no finding; remove it.
accept-without-reason: `accept` gives no reason and is ignored; add the reason.
accept-of-error: `accept` names a code that can't be accepted; correct what it reports.
""",
    can_be_accepted=False,
)

FINDINGS = (*_ACCEPTABLE, *_ABOUT_ACCEPT)

CODES = {code.name: code for code in (*ERRORS, *FINDINGS)}
