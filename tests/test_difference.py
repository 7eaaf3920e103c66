"""What changed between two versions of a case file, and what is no change at all."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.difference.changes import Change, changes_between, in_order
from casefile.case.difference.text_changes import Piece, pieces_between
from casefile.case.difference.versions import Difference, Reordered, difference
from casefile.case.model import Case, Entry, Event, Party, Quote, Source
from casefile.case.reader import reading_of
from casefile.notes.annotation import digest_of

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\nsource = "press"\n'
PRESS = '[[source]]\nid = "press"\ntitle = "A report"\n'
WIRE = '[[source]]\nid = "wire"\ntitle = "A wire report"\n'
CALL = '[[event]]\nid = "call"\ntitle = "A call"\n'
RAID = (
    '[[event]]\nid = "raid"\ntitle = "A raid on a flat by the harbour"\n'
    'text = "Two officers searched it for an hour and took a telephone and a ledger."\n'
    'cites = "para 4"\n'
)
# So long a text that a title is little beside it.
LONG = RAID.replace("took", " ".join(f"took{number}" for number in range(30)))


def compared(old: str, new: str, *, head: str = HEAD + PRESS) -> Difference:
    """Compare two texts as versions of one case file."""
    files = [reading_of(Path("demo.toml"), (head + rows).encode()).case_file for rows in (old, new)]
    assert files[0] is not None
    assert files[1] is not None
    return difference(*files)  # type: ignore[arg-type]  # both are there


def told(found: Difference) -> list[tuple[str, str]]:
    """Give what became of which entry, in order."""
    return [(one.fate, one.id) for one in found.entries]


def changed(before: str, after: str, entry_type: type[Entry] = Event) -> dict[str | int, Change]:
    """Give what changed between two rows, by key."""
    changes = changes_between(tomli.loads(before), tomli.loads(after), entry_type)
    return {change.name: change for change in changes}


# What is no change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('id = "a"\ntitle = "A"', 'title = "A"\nid = "a"'),
        ('cites = "para 4"', 'cites = { at = "para 4" }'),
        ('cites = "para 4"', 'cites = [{ at = "para 4" }]'),
        ('cites = "wire, para 4"', 'cites = [{ at = "para 4", source = "wire" }]'),
        ('by = "anna"', 'by = [{ party = "anna" }]'),
        ('location = "Riga"', 'location = ["Riga"]'),
        ("amounts = { value = 2 }", "amounts = [{ value = 2.0, converted = false }]"),
        ('tags = []\nkey = false\ntitle = "A"', 'title = "A"'),
        ("date = 2017-11-03", 'date = "2017-11-03"'),
        ('date = "2017-11-03T09:00Z"', 'date = "2017-11-03T09:00+00:00"'),
        ("own = nan", "own = nan"),
    ],
)
def test_another_way_of_writing_the_same_is_no_change(before: str, after: str) -> None:
    """Keys in another order, short forms spelled out, and defaults written down say the same."""
    assert changed(before, after) == {}
    assert changed(after, before) == {}


def test_a_source_named_where_it_is_the_default_is_no_change() -> None:
    """A cite means the case's own source whether it names it or not."""
    long = CALL + 'cites = "press, para 9"\n'
    assert not compared(CALL + 'cites = "para 9"\n', long)


def test_entries_in_another_order_are_no_change_where_the_order_says_nothing() -> None:
    """Parties may stand anywhere in the file, and so may events that their dates tell apart."""
    anna = '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\n'
    bert = '[[party]]\nid = "bert"\nname = "Bert"\ntype = "Person"\n'
    early, late = CALL + 'date = "2017"\n', RAID + 'date = "2018"\n'
    assert not compared(anna + bert + early + late, late + bert + early + anna)


def test_a_comment_is_no_change() -> None:
    """What no reader of the case sees is not compared."""
    assert not compared(CALL, "# A remark\n" + CALL)


# What changed in a row


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('date = "2017-11"', 'date = "2017-11-03"', ("2017-11", "2017-11-03")),
        ('date = "2017-11-03T09:00"', 'date = "2017-11-03T09:00Z"', None),
        ('title = "A"', 'title = "A"\nstatus = "disputed"', (None, "disputed")),
        ('title = "A"\nstatus = "disputed"', 'title = "A"', ("disputed", None)),
        ("own = 1", "own = true", (1, True)),
        ('own = "a"', 'own = ["a"]', ("a", ["a"])),
    ],
)
def test_a_key_that_says_something_else(
    before: str, after: str, expected: tuple[Any, Any] | None
) -> None:
    """A change holds what a key said and what it says; None where it was or is not there."""
    (change,) = changed(before, after).values()
    if expected:
        assert (change.before, change.after) == expected


def test_a_list_tells_what_came_what_went_and_what_moved() -> None:
    """Elements are told one by one; those that were merely pushed on are not told."""
    before, after = 'tags = ["a", "b", "c", "d"]', 'tags = ["new", "b", "c", "a"]'
    elements = changed(before, after)["tags"].within
    assert elements == (
        Change(1, None, "new"),
        Change(4, "d", None),
        Change(4, "a", "a", moved_from=1),
    )


def test_a_cite_that_changed_in_part_is_told_by_its_keys() -> None:
    """Of a cite whose quoted words changed, only these are told."""
    before = 'cites = [{ at = "para 3" }, { at = "para 4", quote = "two" }]'
    after = 'cites = [{ at = "para 4", quote = "three" }]'
    gone, altered = changed(before, after)["cites"].within
    assert (gone.before, gone.after) == ({"at": "para 3"}, None)
    assert altered.within == (Change("quote", "two", "three"),)


def test_an_amount_that_changed_in_part_is_told_by_its_keys() -> None:
    """Of an amount whose number changed, the number is told and its unit is not."""
    before = 'amounts = [{ value = 21, unit = "person" }, { value = 3, unit = "kg" }]'
    after = 'amounts = [{ value = 22, unit = "person" }, { value = 3, unit = "kg" }]'
    (amount,) = changed(before, after)["amounts"].within
    assert amount.within == (Change("value", 21, 22),)


def test_the_one_element_that_changed_is_told_as_changed() -> None:
    """Where one stands in the place of one, neither came nor went."""
    (element,) = changed('location = "Riga"', 'location = "Vilnius"')["location"].within
    assert (element.before, element.after) == ("Riga", "Vilnius")


def test_a_fragment_of_a_quote_is_told_by_its_words() -> None:
    """Words that a fragment shares with what it was make it the same fragment."""
    before = 'words = ["We took two of them", "and left"]'
    after = 'words = ["Well", "We took three of them", "and left"]'
    came, altered = changed(before, after, Quote)["words"].within
    assert (came.before, came.after) == (None, "Well")
    assert altered.pieces == (
        Piece("same", "We took "),
        Piece("gone", "two"),
        Piece("added", "three"),
        Piece("same", " of them"),
    )


def test_a_snapshot_of_a_note_is_compared_as_the_row_it_was() -> None:
    """What a note remembers of an entry is JSON, in which dates are text and nan is a word."""
    row = tomli.loads('title = "A"\ndate = 2017-11-03\nown = nan\nat = 09:00:00\nkey = true\n')
    snapshot = json.loads(digest_of(row)[0])
    assert changes_between(snapshot, row, Event) == ()
    (change,) = changes_between(snapshot, {**row, "title": "B"}, Event)
    assert (change.before, change.after) == ("A", "B")


# Texts


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("He sold it to Anna.", "He gave it to Anna.", "He [sold>gave] it to Anna."),
        ("one, two", "one, two, three", "one, two[>, three]"),
        ("one. Two three", "one; two three", "one[. Two>; two] three"),
        ("禁毒委员会与公安部", "禁毒委员会和公安部", "禁毒委员会[与>和]公安部"),
        ("first\nsecond", "first\nthird", "first\n[second>third]"),
        ("nothing in common", "with the other one", ""),
    ],
)
def test_a_text_is_told_by_its_words(before: str, after: str, expected: str) -> None:
    """What stayed stands once; between changes, room and points alone are part of the change."""
    shown = "".join(
        {"same": piece.text, "gone": f"[{piece.text}>", "added": f"{piece.text}]"}[piece.fate]
        for piece in _paired(pieces_between(before, after))
    )
    assert shown == expected


def _paired(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Give each change both of its sides, for showing."""
    sided: list[Piece] = []
    for number, piece in enumerate(pieces):
        before = pieces[number - 1].fate if number else "same"
        after = pieces[number + 1].fate if number + 1 < len(pieces) else "same"
        sided += [Piece("gone", "")] if piece.fate == "added" and before != "gone" else []
        sided.append(piece)
        sided += [Piece("added", "")] if piece.fate == "gone" and after != "added" else []
    return sided


@given(st.text(alphabet="ab ,.\n与", max_size=60), st.text(alphabet="ab ,.\n与", max_size=60))
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    """What is the same or gone is the old text, what is the same or added the new one."""
    pieces = pieces_between(before, after)
    if pieces:
        assert "".join(piece.text for piece in pieces if piece.fate != "added") == before
        assert "".join(piece.text for piece in pieces if piece.fate != "gone") == after


def test_a_text_of_many_words_is_told_by_its_lines() -> None:
    """Where comparing words would take seconds, whole lines are told."""
    before = [f"{number} word{number % 7} and{number % 5}" for number in range(900)]
    after = [line.replace("7", "seven") for line in before]
    pieces = pieces_between("\n".join(before), "\n".join(after))
    assert any(piece.text.startswith("8 word1 and3\n") for piece in pieces)
    assert Piece("gone", "7 word0 and2\n") in pieces


def test_texts_beyond_comparing_are_told_whole() -> None:
    """Two texts of many lines that are all different end in no long computation."""
    before, after = ("".join(f"{mark}{number}\n" for number in range(5000)) for mark in "ab")
    assert pieces_between(before, after) == ()


@given(st.permutations(range(8)))
def test_what_moved_is_as_little_as_possible(places: list[int]) -> None:
    """What stays ascends, and nothing else could have stayed with it."""
    stayed = in_order(places)
    ascending = [place for place in places if place in stayed]
    assert ascending == sorted(ascending)
    for moved in set(places) - stayed:
        longer = [place for place in places if place in stayed | {moved}]
        assert longer != sorted(longer)


# What became of entries


def test_what_came_and_what_is_gone_stands_where_it_stands_in_the_file() -> None:
    """The new file gives the order, and what is gone stands after what stood before it."""
    old = '[[issue]]\nid = "who"\ntitle = "Who called?"\n'
    new = '[[event]]\nid = "trial"\ntitle = "Sentence passed"\n'
    last = '[[event]]\nid = "last"\ntitle = "End"\n'
    found = compared(CALL + RAID + last + old, CALL + new + last)
    assert told(found) == [("gone", "raid"), ("added", "trial"), ("gone", "who")]


def test_keys_of_the_case_and_of_the_file_are_told_of_the_case() -> None:
    """What stands at the top of the file, outside all tables, counts to the case."""
    old = 'format = "casefile/1"\nhouse = "A"\n[case]\nid = "demo"\ntitle = "Demo"\n'
    new = old.replace('"A"', '"B"').replace('"Demo"', '"A case"')
    files = [reading_of(Path("demo.toml"), text.encode()).case_file for text in (old, new)]
    (case,) = difference(*files).entries  # type: ignore[arg-type]  # both are there
    assert (case.fate, case.table, case.id) == ("changed", "case", "demo")
    assert [(one.name, one.after) for one in case.changes] == [("house", "B"), ("title", "A case")]


def test_another_case_is_a_difference_of_its_own() -> None:
    """Files of two cases differ even if they say the same; the case is no entry that came."""
    files = [
        reading_of(Path("demo.toml"), text.encode()).case_file
        for text in (HEAD + PRESS + CALL, HEAD.replace("demo", "other") + PRESS + CALL)
    ]
    found = difference(*files)  # type: ignore[arg-type]  # both are there
    assert found
    assert found.cases == ("demo", "other")
    assert found.entries == ()


def test_an_id_that_stands_in_another_table_is_another_entry() -> None:
    """An event that was made a claim has gone, and a claim came."""
    claim = '[[claim]]\nid = "call"\nstatement = "There was a call."\n'
    assert told(compared(CALL, claim)) == [("gone", "call"), ("added", "call")]


def test_rows_and_declarations_of_free_tables_are_told() -> None:
    """A table that the format does not name is compared like any other."""
    declared = '[[table]]\nname = "vessel"\ncolumns = ["flag"]\n'
    vessel = '[[vessel]]\nid = "maria"\nflag = "PA"\n'
    found = compared(declared + vessel, vessel.replace("PA", "LR"))
    assert told(found) == [("changed", "vessel"), ("changed", "maria")]
    assert [one.table for one in found.entries] == ["table", "vessel"]


# Another id


def test_an_entry_under_another_id_is_told_as_likely_the_same() -> None:
    """Nothing came and nothing went where only the id is another."""
    (found,) = compared(RAID, RAID.replace('"raid"', '"flat"')).entries
    assert (found.fate, found.id, found.was, found.changes) == ("renamed", "flat", "raid", ())


def test_an_entry_under_another_id_may_have_changed_a_little() -> None:
    """What changed in it is told beside the id."""
    new = RAID.replace('"raid"', '"search"').replace("A raid on", "A search of")
    (found,) = compared(RAID, new).entries
    assert (found.fate, found.was) == ("renamed", "raid")
    assert [change.name for change in found.changes] == ["title"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CALL, RAID),
        (LONG, LONG.replace('"raid"', '"trial"').replace("A raid on a flat", "Trial")),
    ],
    ids=["nothing in common", "another title"],
)
def test_an_entry_that_says_something_else_is_another_one(old: str, new: str) -> None:
    """Where a title is another, what else is the same does not make it one."""
    assert Counter(fate for fate, _ in told(compared(old, new))) == {"gone": 1, "added": 1}


def test_links_with_another_end_are_never_one() -> None:
    """What a required key names has to be the same, though all else is."""
    link = '[[link]]\nid = "a"\nsubject = "x"\nobject = "y"\nrole = "is said to have worked for"\n'
    other = link.replace('"a"', '"b"').replace('"y"', '"z"')
    assert told(compared(link, other)) == [("gone", "a"), ("added", "b")]


def test_what_names_a_renamed_entry_is_told_with_it() -> None:
    """An entry that only names another by its new id has not changed."""
    anna = '[[party]]\nid = "anna"\nname = "Anna Kalnina"\ntype = "Person"\nrole = "a witness"\n'
    call = CALL + 'involved = [{ party = "anna", role = "caller" }]\nabout = "anna"\n'
    quote = '[[quote]]\nid = "q"\nspeaker = "anna"\nwords = "Yes"\n'
    old = anna + call + quote
    new = old.replace('"anna"', '"kalnina"').replace('"Yes"', '"No"')
    party, said = compared(old, new).entries
    assert (party.fate, party.was, party.named_by) == ("renamed", "anna", ("call", "q"))
    assert (said.id, [change.name for change in said.changes]) == ("q", ["words"])


def test_a_renamed_source_changes_no_cite() -> None:
    """Neither a cite that names it nor one that has it by default says something else."""
    old = HEAD + WIRE.replace("wire", "press") + CALL + 'cites = ["para 1", "press, para 2"]\n'
    files = [
        reading_of(Path("demo.toml"), text.encode()).case_file
        for text in (old, old.replace('"press', '"agency'))
    ]
    (source,) = difference(*files).entries  # type: ignore[arg-type]  # both are there
    assert (source.fate, source.was, source.named_by) == ("renamed", "press", ("demo", "call"))


def test_another_default_source_is_told_of_the_case_alone() -> None:
    """That all cites now mean another source is told once."""
    rows = PRESS + WIRE + CALL + 'cites = "para 1"\n'
    files = [
        reading_of(Path("demo.toml"), (head + rows).encode()).case_file
        for head in (HEAD, HEAD.replace('source = "press"', 'source = "wire"'))
    ]
    (case,) = difference(*files).entries  # type: ignore[arg-type]  # both are there
    assert case.changes == (Change("source", "press", "wire"),)


# The order in the file


def test_a_place_in_the_file_that_decides_the_timeline_is_told() -> None:
    """Of two events that nothing else tells apart, the first in the file stands first."""
    call, raid = CALL + 'date = "2017"\n', RAID + 'date = "2017"\n'
    found = compared(call + raid, raid + call)
    assert found.entries == ()
    assert found.reordered in ((Reordered("raid", None),), (Reordered("call", "raid"),))


def test_a_date_that_decides_the_timeline_is_no_change_of_order() -> None:
    """What stands elsewhere because of its date is told by its date."""
    old = CALL + 'date = "2016"\n' + RAID + 'date = "2017"\n'
    assert compared(old, old.replace("2016", "2018")).reordered == ()


# All of it

_TITLES = ("A call to Riga", "A raid by the harbour", "A third thing altogether")
_EVENTS = st.fixed_dictionaries(
    {"title": st.sampled_from(_TITLES)},
    optional={
        "date": st.sampled_from(["2017", "2017-11", "[2018..]"]),
        "tags": st.lists(st.sampled_from("abcd"), max_size=4),
        "cites": st.lists(st.sampled_from(["para 1", "para 2", "press"]), max_size=3),
        "text": st.text(alphabet="ab .", max_size=20),
        "follows": st.sampled_from("wxyz"),
    },
)
_CASES = st.dictionaries(st.sampled_from("wxyz"), _EVENTS, max_size=4)


def _rows(events: dict[str, dict[str, Any]]) -> str:
    rows = [{"id": name, **event} for name, event in events.items()]
    return tomli_w.dumps({"event": rows}, multiline_strings=False) if rows else ""


@given(_CASES)
def test_a_file_does_not_differ_from_itself(events: dict[str, dict[str, Any]]) -> None:
    """Applying nothing gives nothing, whichever way it is written."""
    assert not compared(_rows(events), _rows(events))
    backwards = {name: dict(reversed(event.items())) for name, event in events.items()}
    assert not compared(_rows(events), _rows(backwards))


@given(_CASES, _CASES)
def test_the_other_way_round_what_came_is_what_went(
    one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]
) -> None:
    """Swapping the files swaps added and gone, and tells of the same entries that they changed."""
    there, back = compared(_rows(one), _rows(other)), compared(_rows(other), _rows(one))
    mirrored = {"added": "gone", "gone": "added"}
    swapped = Counter((mirrored.get(entry.fate, entry.fate)) for entry in back.entries)
    assert Counter(entry.fate for entry in there.entries) == swapped
    assert _changed_ids(there) == _changed_ids(back)


def _changed_ids(found: Difference) -> set[str]:
    return {entry.id for entry in found.entries if entry.fate == "changed"}


@given(_EVENTS, _EVENTS)
def test_a_change_tells_all_of_both_rows(one: dict[str, Any], other: dict[str, Any]) -> None:
    """A row with its changes put in is the other row."""
    changes = changes_between(one, other, Event)
    patched = {**one, **{str(change.name): change.after for change in changes}}
    patched = {key: value for key, value in patched.items() if value is not None}
    assert changes_between(patched, other, Event) == ()


@pytest.mark.parametrize("entry_type", [Case, Source, Party, Event, Quote])
def test_values_that_no_row_should_hold_are_compared_all_the_same(
    entry_type: type[Entry],
) -> None:
    """A row is compared as parsed, however little it is what its table should hold."""
    before: dict[str, Any] = {"id": 3, "cites": 4, "by": [[1]], "date": ["x"], "amounts": "many"}
    after = {**before, "date": "no date", "by": [[2]]}
    assert {change.name for change in changes_between(before, after, entry_type)} == {"date", "by"}
    assert changes_between(before, dict(before), entry_type) == ()
