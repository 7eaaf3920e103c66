"""Every sort of problem by its code: what it means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from casefile.case.problem import TOO_MANY


class Code(msgspec.Struct, frozen=True):
    """A sort of problem; an error can't be accepted, and neither can a bad acceptance."""

    name: str
    meaning: str
    is_finding: bool = True
    can_be_accepted: bool = True


def _errors(meanings: Iterable[tuple[str, str]]) -> tuple[Code, ...]:
    return tuple(Code(*one, is_finding=False, can_be_accepted=False) for one in meanings)


ERRORS = _errors(
    (
        ("unreadable", "The file can't be read: it is missing, no regular file, or too large."),
        ("encoding", "The file is not UTF-8; save it as UTF-8."),
        ("syntax", "The text is no TOML; put right what stands at this place."),
        ("beyond-limits", "Something is nested too deeply, too large or too many to be shown."),
        ("no-format", '`format = "casefile/1"` is missing at the top of the file.'),
        ("no-case", "The table `[case]` with `id` and `title` is missing."),
        ("not-a-table", "A table of the format is no array of tables; write it as `[[event]]`."),
        (
            "bad-table",
            "`[[table]]` declares a table that the format has, or one twice; take it out.",
        ),
        ("missing-key", "A row lacks a key that its table can't do without; add it."),
        ("bad-id", "An id is not in the form of ids: `a-z`, `0-9` and `-`, at most 64."),
        ("duplicate-id", "Two rows have one id; every id stands once in a file."),
        ("wrong-type", "A value is of the wrong type, such as a number where text belongs."),
        ("wrong-value", "A value is none of those that its key allows; write one of these."),
        ("bad-date", "A date is not in the form of EDTF, or there is no such day."),
        ("bad-zone", "`timezone` is no known time zone; write one such as `Asia/Shanghai`."),
        ("bad-amount", "An amount lacks a number that its qualifier needs, or has one too many."),
        ("dangling", "An id names no entry of this file; name one, or add it."),
        (
            TOO_MANY,
            "More problems of one sort than are told; `CASEFILE_PROBLEM_LIMIT` sets how many are.",
        ),
    )
)

FINDINGS = (
    Code("unknown-key", "The format has no such key here; correct it, or accept it as your own."),
    Code(
        "unknown-table",
        "An undeclared table is called almost as one of the format is; correct it, or declare it.",
    ),
    Code("unknown-field", "A cite speaks to a `field` that its entry has not; name one it has."),
    Code("wrong-kind", "A key names an entry of a kind that makes no sense there; name another."),
    Code("self-reference", "An entry names itself; name another."),
    Code(
        "cycle",
        "Entries come before, rest on or stand above one another in a circle; take one out of it.",
    ),
    Code(
        "order-against-dates",
        "`follows`, `precedes` or `part_of` can't be true by the dates, which win; correct either.",
    ),
    Code(
        "part-beyond-whole",
        "An event starts when what it is part of has ended; correct a date, or write `follows`.",
    ),
    Code(
        "undated",
        "`date_text` has words for a time and nothing dates or orders it; write what is known.",
    ),
    Code(
        "amounts-disagree",
        "Two amounts of an entry, unit and type exclude each other; say by `type` what each is.",
    ),
    Code("unsourced", "No cite supports an entry; name the source that states it."),
    Code("cite-without-source", "A cite names no source and the case has no default one; name it."),
    Code(
        "odd-place",
        "The place of a cite is read as free words and looks like another form; write it as it is "
        "read, or accept it.",
    ),
    Code(
        "single-source",
        "A key event, or what is called undisputed, rests on one independent source in a case that "
        "has several; cite a second.",
    ),
    Code(
        "cite-not-found",
        "The `quote` of a cite is nowhere in the text of its source; quote word for word.",
    ),
    Code(
        "quote-not-found",
        "The words of a quote are nowhere in the text of their source; quote word for word.",
    ),
    Code("wrong-place", "Quoted words stand elsewhere in their source; cite that place."),
    Code(
        "place-not-found",
        "The text of a source has no such paragraph, page, line or time; count again.",
    ),
    Code(
        "hash-mismatch",
        "The text at hand is not that of the `sha256`; put it back, or check the cites again.",
    ),
    Code(
        "text-missing",
        "A source names a file that is not there, so its quotations are not looked up; name it.",
    ),
    Code(
        "text-refused",
        "The file that a source names is no text, too large, or not beside the case; name a text.",
    ),
    Code("uncited", "No entry cites a paragraph of a source; found with `--coverage` alone."),
    Code("unused-party", "No entry names a party; name it where it has a part, or take it out."),
    Code(
        "unused-source", "No entry cites a source and none is based on it; cite it, or take it out."
    ),
    Code("unused-issue", "No entry names an issue; name it where it is answered, or take it out."),
    Code("country-code", "A country is not two capital letters; write its code of ISO 3166."),
    Code("language-tag", "A language is no tag of BCP 47; write one such as `en` or `zh-Hans`."),
    Code(
        "duration-form",
        "A duration begins as in ISO 8601 and does not go on so; write one such as `PT4M10S`.",
    ),
    Code("hash-form", "A `sha256` has not 64 hexadecimal digits; write what `sha256sum` prints."),
    Code(
        "accept-unknown",
        "`accept` names a code or an entry that is not there; name one that is.",
        can_be_accepted=False,
    ),
    Code("accept-unused", "`accept` silences nothing; take it out.", can_be_accepted=False),
    Code(
        "accept-without-reason",
        "`accept` gives no reason, so nothing is silenced; say why it may stand.",
        can_be_accepted=False,
    ),
    Code(
        "accept-of-error",
        "`accept` names what can't be accepted; correct what it tells of.",
        can_be_accepted=False,
    ),
)

CODES = {code.name: code for code in (*ERRORS, *FINDINGS)}
