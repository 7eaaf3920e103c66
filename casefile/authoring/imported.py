"""A sheet as a case file: what it says as TOML, and what a person has to settle in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from casefile.authoring.cell_keys import Kind, cell_keys
from casefile.authoring.csv_table import CsvTable, Row
from casefile.authoring.named_entries import Made, Makings
from casefile.authoring.new_ids import Ids, folded
from casefile.authoring.table_rows import Draft, Told, drafted
from casefile.authoring.toml_text import assignment, comment, commented_out
from casefile.case.dating.day_words import Order
from casefile.case.model import FORMAT
from casefile.text.plurals import counted, plural

TO_SETTLE = "To settle"
"""What marks, in the case file, all that a person has to look at."""

_PARTIES = (
    "Parties, by the names in the cells. Give each its type (Person, Organization, Company,\n"
    "PublicBody, Group) and its cites. Where two are one, keep one, with the other's name in\n"
    "`aliases`."
)
_SOURCES = "Sources, as the cells name them. A title of your own goes in [brackets]."
_NO_ID = "it has no letter a-z or digit; one is made of the title"
_ISSUES = "Issues: questions that entries name."


class Imported(msgspec.Struct, frozen=True):
    """What became of a sheet."""

    lines: tuple[str, ...]
    """The case file."""
    needs: tuple[tuple[int, str], ...]
    """What a person has to settle, each with the number of its row."""
    remarks: tuple[str, ...]
    """What there is to say of all rows together."""


def imported(sheet: CsvTable, told: Told, *, case_id: str, title: str, name: str) -> Imported:
    """Turn a sheet into a case file; `name` is the sheet's own, as it is shown."""
    ids = Ids()
    ids.take(case_id)
    given = dict(_given_ids(sheet, told, ids))
    makings = Makings(ids)
    drafts = [drafted(row, told, makings) for row in sheet.rows]
    drafts = [_identified(draft, told, ids, *given.get(draft.row, ("", ""))) for draft in drafts]
    case = {"id": case_id, "title": title}
    lines = [
        *comment(f"From {name}, {counted(len(drafts), 'row')}."),
        *(line for row in sheet.above for line in comment(f"Row {row.number}: {_words(row)}")),
        *("", f'format = "{FORMAT}"', "", "[case]"),
        *(line for key, value in case.items() for line in assignment(key, value)),
        *_made_lines(_SOURCES, makings.sources),
        *_made_lines(_PARTIES, makings.parties),
        *_drafts_lines(drafts, told),
        *_made_lines(_ISSUES, makings.issues),
    ]
    needs = tuple((draft.row, need) for draft in drafts for need in draft.needs)
    return Imported(tuple(lines), needs, tuple(_remarks(drafts, told, makings)))


def _given_ids(sheet: CsvTable, told: Told, ids: Ids) -> Iterator[tuple[int, tuple[str, str]]]:
    """Take the ids that a column gives, before any is made; give each row's, and what is wrong."""
    for place in told.filling.get("id", ()):
        for row in sheet.rows:
            words = row.cells[place]
            if not words or row.extra:
                continue
            if not (wanted := folded(words)):
                yield row.number, ("", f"id “{words}”: {_NO_ID}")
                continue
            taken = ids.take(wanted)
            wrong = f"id “{words}”: another entry has it; it is {taken} here"
            yield row.number, (taken, wrong if taken != wanted else "")


def _identified(draft: Draft, told: Told, ids: Ids, given: str, wrong: str) -> Draft:
    """Give a draft its id: the given one, or one made of its words."""
    if not draft.keys:
        return draft
    keys = cell_keys(told.entry_type).values()
    label = next(key.name for key in keys if key.is_required and key.kind is Kind.WORDS)
    otherwise = f"{told.entry_type.table}-{draft.row}"
    one = given or ids.made_of(str(draft.keys[label]), otherwise)
    needs = (wrong, *draft.needs) if wrong else draft.needs
    return msgspec.structs.replace(draft, keys={"id": one, **draft.keys}, needs=needs)


def _made_lines(heading: str, made: Made) -> Iterator[str]:
    if len(made):
        yield from ("", "", *comment(heading), *made.lines())


def _drafts_lines(drafts: Sequence[Draft], told: Told) -> Iterator[str]:
    table = told.entry_type.table
    yield from ("", "", *comment(f"{plural(table).capitalize()}, in the order of the rows."))
    for draft in drafts:
        yield ""
        if draft.is_entry:
            yield from _entry_lines(draft, table)
            continue
        yield from comment(f"Row {draft.row} is no entry yet.")
        lines = _entry_lines(draft, table)
        yield from commented_out(lines) if draft.keys else lines


def _entry_lines(draft: Draft, table: str) -> Iterator[str]:
    if draft.keys:
        yield f"[[{table}]]  # row {draft.row}"
    for need in draft.needs:
        yield from comment(f"{TO_SETTLE}: {need}")
    for key, value in draft.keys.items():
        yield from assignment(key, value)
    for words in draft.beside:
        yield from comment(words)


def _remarks(drafts: Sequence[Draft], told: Told, makings: Makings) -> Iterator[str]:
    yield from _columns_in_words(told)
    yield from _order_in_words(drafts)
    entries = sum(draft.is_entry for draft in drafts)
    made = (("party", makings.parties), ("source", makings.sources), ("issue", makings.issues))
    counts = [counted(entries, told.entry_type.table)]
    counts += [counted(len(several), table) for table, several in made if len(several)]
    open_rows = sum(bool(draft.needs) for draft in drafts)
    settle = f"; {counted(open_rows, 'row')} to settle, marked “{TO_SETTLE}”" if open_rows else ""
    yield f"{counted(len(drafts), 'row')}: {', '.join(counts)}{settle}."


def _columns_in_words(told: Told) -> Iterator[str]:
    left = [told.columns[place] for place in told.left_over if place not in told.kept]
    if left:
        yield f"What stands in {', '.join(left)} became comments; --keep makes keys of it."


def _order_in_words(drafts: Sequence[Draft]) -> Iterator[str]:
    """Say what the other dates suggest where some hang on the order of day and month."""
    wanting = sum(draft.wants_order for draft in drafts)
    if not wanting:
        return
    rows = {draft.only_order: draft.row for draft in reversed(drafts) if draft.only_order}
    many = f"{counted(wanting, 'date')} may be read in two ways"
    match list(rows):
        case []:
            yield f"{many}; --day-first or --month-first says which is meant."
        case [order]:
            yield f"{many}; what can be read in one way only is {order}, so --{order} may be right."
        case _:
            day, month = rows[Order.DAY_FIRST], rows[Order.MONTH_FIRST]
            yield f"{many}, and others go both ways: row {day} day-first, row {month} month-first."


def _words(row: Row) -> str:
    return " | ".join(cell for cell in row.cells if cell)
