"""Changes in words: in an entry since a note was written, and between two case files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from casefile.case.difference.budget import Budget
from casefile.case.difference.changes import Change, changes_between
from casefile.case.difference.text_changes import TextPiece
from casefile.case.difference.versions import Difference, EntryDifference
from casefile.notes.annotation import Revision, digest_of, row_of
from casefile.text.inert import inert_lines
from casefile.views.open_case import OpenCase

_INDENT = "    "
_SHORT = 60
"""The length in characters up to which a text is shown whole, before and after."""
_CONTEXT = 40
"""How many characters of unchanged text are shown beside a change."""
_MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "added": ("{+", "+}")}
_BARE_KEYS = ("source", "at", "party", "text")
"""Keys whose values are shown without the key."""


def changes_since(open_case: OpenCase, revision: Revision, budget: Budget) -> tuple[Change, ...]:
    """Return what has changed in an entry since a note on it was written, and spend what it costs.

    There are no changes if the entry has gone or the recorded row can't be read.
    """
    entry = open_case.entry(revision.entry)
    snapshot = row_of(revision.target)
    if entry is None or snapshot is None:
        return ()
    row = open_case.case_file.rows[entry.id]
    return changes_between(snapshot, row, type(entry), open_case.case_file.source_names, budget)


def changes_in_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Yield the lines of some changes, each with its key.

    Of a long text only the changed parts are shown, as `[-gone-]` and `{+added+}`, with context.
    """
    for change in changes:
        yield from _change_in_lines(str(change.name), change)


def difference_in_lines(old: OpenCase, new: OpenCase, difference: Difference) -> Iterator[str]:
    """Yield the lines of a difference: entries that are new `+`, gone `-` or changed `~`.

    An entry with a new id is marked `=`. The changes in an entry are indented under it.
    """
    old_id, new_id = difference.cases
    if old_id != new_id:
        yield f"The files are of two cases: {old_id} and {new_id}."
    for one in difference.entries:
        yield from _entry_in_lines(old, new, one)
    if difference.reordered:
        moves = "; ".join(
            f"{moved.id} is now right after {moved.after}"
            if moved.after
            else f"{moved.id} is first"
            for moved in difference.reordered
        )
        yield f"~ order on the timeline, by place in the file: {moves}"


def table_in_words(table: Mapping[str, Any]) -> str:
    """Return a table in one line: its main values, then the others with their keys in brackets."""
    main = [_in_words(table[key]) for key in _BARE_KEYS if key in table]
    if "quote" in table:
        main.append(f"“{_on_one_line(str(table['quote']))}”")
    main_keys = (*_BARE_KEYS, "quote")
    others = [f"{key}: {_in_words(value)}" for key, value in table.items() if key not in main_keys]
    first, rest = ", ".join(main), ", ".join(others)
    return f"{first} ({rest})" if first and rest else first or rest


def difference_as_json(old: OpenCase, new: OpenCase, difference: Difference) -> dict[str, Any]:
    """Return a difference as data for JSON, with the whole row of a new or missing entry."""
    return {
        "cases": list(difference.cases),
        "entries": [
            msgspec.to_builtins(one) | _whole_row(old, new, one) for one in difference.entries
        ],
        "reordered": msgspec.to_builtins(difference.reordered),
    }


def _whole_row(old: OpenCase, new: OpenCase, one: EntryDifference) -> dict[str, Any]:
    if one.fate not in ("added", "gone"):
        return {}
    case_file = (new if one.fate == "added" else old).case_file
    return {"row": json.loads(digest_of(case_file.rows[one.id])[0])}


def _entry_in_lines(old: OpenCase, new: OpenCase, one: EntryDifference) -> Iterator[str]:
    sign = {"added": "+", "gone": "-", "changed": "~", "renamed": "="}[one.fate]
    entry_id = f"{one.was} → {one.id}" if one.was else one.id
    open_case = old if one.fate == "gone" else new
    title = ""
    if open_case.entry(one.id) is not None:
        title = f": {' '.join(inert_lines(open_case.title(one.id)))}"
    yield f"{sign} {one.table} {entry_id}{title}"
    if one.was:
        used = f", used in {', '.join(one.named_by)}" if one.named_by else ""
        yield f"{_INDENT}probably the same entry with a new id{used}"
    for line in changes_in_lines(one.changes):
        yield _INDENT + line


def _change_in_lines(label: str, change: Change) -> Iterator[str]:
    if isinstance(change.after or change.before, list) and change.within:
        for element in change.within:
            yield from _element_in_lines(label, element)
    elif change.within:
        for inner in change.within:
            yield from _change_in_lines(f"{label}, {inner.name}", inner)
    elif change.before is None or change.after is None:
        sign, value = ("+", change.after) if change.before is None else ("-", change.before)
        yield f"{label}: {sign} {_in_words(value)}"
    else:
        yield f"{label}: {_replacement_in_words(change)}"


def _element_in_lines(label: str, change: Change) -> Iterator[str]:
    if change.moved_from is not None:
        places = f"from {change.moved_from} to {change.name}"
        yield f"{label}: {_in_words(change.after)} moved {places}"
    if change.within:
        label = f"{label} ({_short_name(change)})"
    if change.before != change.after or change.moved_from is None:
        yield from _change_in_lines(label, change)


def _short_name(change: Change) -> str:
    """Return the name of an element: its first main value that has not changed, or its number.

    The name of a cite has its field too, as a source may be cited for several.
    """
    changed = {inner.name for inner in change.within}
    table = change.after if isinstance(change.after, dict) else {}
    kept = {key: _in_words(value) for key, value in table.items() if key not in changed}
    main = [kept[key] for key in _BARE_KEYS if key in kept][:1]
    field = [kept["field"]] if "field" in kept else []
    return ", ".join([*main, *field]) or f"number {change.name}"


def _replacement_in_words(change: Change) -> str:
    before, after = change.before, change.after
    if change.pieces and max(len(before), len(after)) > _SHORT:
        return "".join(_pieces_in_words(change.pieces))
    return f"{_in_words(before)} → {_in_words(after)}"


def _pieces_in_words(pieces: tuple[TextPiece, ...]) -> Iterator[str]:
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.fate == "same":
            text = _shortened(text, at_start=number > 0, at_end=number < last)
        opening, closing = _MARKS[piece.fate]
        yield f"{opening}{_on_one_line(text)}{closing}"


def _shortened(text: str, *, at_start: bool, at_end: bool) -> str:
    """Return the ends of a text that are beside changes, cut between words if possible."""
    shown = _CONTEXT * (at_start + at_end)
    if len(text) <= shown + len(" … "):
        return text
    start, end = text[:_CONTEXT], text[-_CONTEXT:]
    first = f"{start.rpartition(' ')[0] or start} " if at_start else ""
    last = f" {end.partition(' ')[2] or end}" if at_end else ""
    return f"{first}…{last}"


def _in_words(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _on_one_line(value) if value and value == value.strip() else f"“{value}”"
        case list():
            return f"[{', '.join(map(_in_words, value))}]"
        case dict():
            return table_in_words(value)
    return str(value)


def _on_one_line(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", " ¶ ")
