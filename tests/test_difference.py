"""Comparing two versions of a case file: what counts as a change, and how it is described."""

from __future__ import annotations

import json
from collections import Counter
from difflib import Match, SequenceMatcher
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.difference.budget import PAGE, Budget
from casefile.case.difference.changes import Change, changes_between, longest_ascending
from casefile.case.difference.entry_changes import EntryChanges, entry_changes
from casefile.case.difference.text_changes import TextPiece, compare_texts, words_in
from casefile.case.difference.versions import Difference, Reordered, compare_versions
from casefile.case.model import Case, Entry, Event, Party, Quote, Source
from casefile.case.reader import read_case_bytes
from casefile.case.source_names import SourceNames
from casefile.notes.annotation import digest_of
from casefile.views.visit_changes import counts_in_words

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\nsource = "press"\n'
PRESS = '[[source]]\nid = "press"\ntitle = "A report"\n'
WIRE = '[[source]]\nid = "wire"\ntitle = "A wire report"\n'
CALL = '[[event]]\nid = "call"\ntitle = "A call"\n'
RAID = (
    '[[event]]\nid = "raid"\ntitle = "A raid on a flat by the harbour"\n'
    'text = "Two officers searched it for an hour and took a telephone and a ledger."\n'
    'cites = "para 4"\n'
)
# The text is so long that the title makes up little of the row.
LONG = RAID.replace("took", " ".join(f"took{number}" for number in range(30)))


def compared(old: str, new: str, *, head: str = HEAD + PRESS) -> Difference:
    """Compare two lists of rows as versions of one case file."""
    return compared_files(head + old, head + new)


def compared_files(old: str, new: str) -> Difference:
    """Compare two texts as versions of one case file."""
    before, after = (
        read_case_bytes(Path("demo.toml"), one.encode()).case_file for one in (old, new)
    )
    assert before is not None
    assert after is not None
    return compare_versions(before, after)


def fates(found: Difference) -> list[tuple[str, str]]:
    """Return the kind of difference and the id of each entry, in order."""
    return [(one.fate, one.id) for one in found.entries]


def changed(before: str, after: str, entry_type: type[Entry] = Event) -> dict[str | int, Change]:
    """Return the changes between two rows, by key."""
    rows = tomli.loads(before), tomli.loads(after)
    return {change.name: change for change in between(*rows, entry_type)}


def between(
    before: dict[str, Any], after: dict[str, Any], entry_type: type[Entry] = Event
) -> tuple[Change, ...]:
    """Return the changes between two rows."""
    return changes_between(before, after, entry_type, SourceNames(), Budget())


# No change


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
def test_same_content_in_another_form_is_no_change(before: str, after: str) -> None:
    """The order of keys, short forms and explicit defaults make no difference."""
    assert changed(before, after) == {}
    assert changed(after, before) == {}


def test_naming_the_default_source_is_no_change() -> None:
    """A cite has the case's default source whether it names it or not."""
    long = CALL + 'cites = "press, para 9"\n'
    assert not compared(CALL + 'cites = "para 9"\n', long)


def test_order_of_entries_is_no_change_where_it_has_no_meaning() -> None:
    """Parties, and events with different dates, can be anywhere in the file."""
    anna = '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\n'
    bert = '[[party]]\nid = "bert"\nname = "Bert"\ntype = "Person"\n'
    early, late = CALL + 'date = "2017"\n', RAID + 'date = "2018"\n'
    assert not compared(anna + bert + early + late, late + bert + early + anna)


def test_comment_is_no_change() -> None:
    """Comments are not compared."""
    assert not compared(CALL, "# A remark\n" + CALL)


# Changes in a row


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
def test_change_has_the_value_before_and_after(
    before: str, after: str, expected: tuple[Any, Any] | None
) -> None:
    """If the key is missing before or after, that value is None."""
    (change,) = changed(before, after).values()
    if expected:
        assert (change.before, change.after) == expected


def test_list_changes_are_added_gone_and_moved_elements() -> None:
    """Elements whose position only shifted because of others are not listed."""
    before, after = 'tags = ["a", "b", "c", "d"]', 'tags = ["new", "b", "c", "a"]'
    elements = changed(before, after)["tags"].within
    assert elements == (
        Change(1, None, "new"),
        Change(4, "d", None),
        Change(4, "a", "a", moved_from=1),
    )


def test_cite_that_changed_in_part_is_compared_by_key() -> None:
    """If only the quote of a cite changed, only the quote is listed."""
    before = 'cites = [{ at = "para 3" }, { at = "para 4", quote = "two" }]'
    after = 'cites = [{ at = "para 4", quote = "three" }]'
    gone, altered = changed(before, after)["cites"].within
    assert (gone.before, gone.after) == ({"at": "para 3"}, None)
    assert altered.within == (Change("quote", "two", "three"),)


def test_amount_that_changed_in_part_is_compared_by_key() -> None:
    """If only the number of an amount changed, only the number is listed."""
    before = 'amounts = [{ value = 21, unit = "person" }, { value = 3, unit = "kg" }]'
    after = 'amounts = [{ value = 22, unit = "person" }, { value = 3, unit = "kg" }]'
    (amount,) = changed(before, after)["amounts"].within
    assert amount.within == (Change("value", 21, 22),)


def test_single_replaced_element_is_a_change() -> None:
    """One element in place of one other counts as changed, not as added and gone."""
    (element,) = changed('location = "Riga"', 'location = "Vilnius"')["location"].within
    assert (element.before, element.after) == ("Riga", "Vilnius")


def test_fragment_of_a_quote_is_compared_by_words() -> None:
    """Fragments that share enough words are compared with each other."""
    before = 'words = ["We took two of them", "and left"]'
    after = 'words = ["Well", "We took three of them", "and left"]'
    added, altered = changed(before, after, Quote)["words"].within
    assert (added.before, added.after) == (None, "Well")
    assert altered.pieces == (
        TextPiece("same", "We took "),
        TextPiece("gone", "two"),
        TextPiece("added", "three"),
        TextPiece("same", " of them"),
    )


def test_snapshot_of_a_note_is_compared_like_a_row() -> None:
    """A snapshot is JSON, in which dates and nan are text."""
    row = tomli.loads('title = "A"\ndate = 2017-11-03\nown = nan\nat = 09:00:00\nkey = true\n')
    snapshot = json.loads(digest_of(row)[0])
    assert between(snapshot, row) == ()
    (change,) = between(snapshot, {**row, "title": "B"})
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
def test_text_is_compared_by_words(before: str, after: str, expected: str) -> None:
    """Spaces and punctuation between two changes are part of the change."""
    shown = "".join(
        {"same": piece.text, "gone": f"[{piece.text}>", "added": f"{piece.text}]"}[piece.fate]
        for piece in _with_both_sides(compare_texts(before, after, Budget()))
    )
    assert shown == expected


def _with_both_sides(pieces: tuple[TextPiece, ...]) -> list[TextPiece]:
    """Add an empty piece to each change that has only one side."""
    complete: list[TextPiece] = []
    for number, piece in enumerate(pieces):
        before = pieces[number - 1].fate if number else "same"
        after = pieces[number + 1].fate if number + 1 < len(pieces) else "same"
        complete += [TextPiece("gone", "")] if piece.fate == "added" and before != "gone" else []
        complete.append(piece)
        complete += [TextPiece("added", "")] if piece.fate == "gone" and after != "added" else []
    return complete


@given(st.text(alphabet="ab ,.\n与", max_size=60), st.text(alphabet="ab ,.\n与", max_size=60))
def test_pieces_add_up_to_both_texts(before: str, after: str) -> None:
    """Same and gone pieces make the old text, same and added ones the new text."""
    pieces = compare_texts(before, after, Budget())
    if pieces:
        assert "".join(piece.text for piece in pieces if piece.fate != "added") == before
        assert "".join(piece.text for piece in pieces if piece.fate != "gone") == after


def test_long_text_is_compared_by_lines() -> None:
    """If comparing words would take seconds, lines are compared."""
    before = [f"{number} word{number % 7} and{number % 5}" for number in range(900)]
    after = [line.replace("7", "seven") for line in before]
    pieces = compare_texts("\n".join(before), "\n".join(after), Budget())
    assert any(piece.text.startswith("8 word1 and3\n") for piece in pieces)
    assert TextPiece("gone", "7 word0 and2\n") in pieces


def test_texts_with_nothing_in_common_give_no_pieces() -> None:
    """Two texts of many lines that are all different are not compared for long."""
    before, after = ("".join(f"{mark}{number}\n" for number in range(5000)) for mark in "ab")
    assert compare_texts(before, after, Budget()) == ()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many pairs of equal tokens each search for a match goes through."""
    pairs: list[int] = []
    search = SequenceMatcher.find_longest_match

    def counted(
        matcher: Any, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        pairs.append(sum(len(matcher.b2j.get(token, ())) for token in matcher.a[alo:ahi]))
        return search(matcher, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    return pairs


@pytest.mark.parametrize(
    ("before", "after"),
    [("甲" * 4900, "甲乙" * 99 + "甲"), ("a X\n" * 4000, "a X\nb X\n" * 90)],
    ids=["words", "lines"],
)
def test_texts_made_to_be_costly_are_compared_within_a_budget(
    before: str, after: str, searched: list[int]
) -> None:
    """Few tokens that are nearly all equal cost no more than any others."""
    compare_texts(before, after, Budget())
    assert sum(searched) <= PAGE


def test_what_is_not_compared_within_the_budget_has_changed() -> None:
    """The matches that were found before it was spent are the same in both texts."""
    before = " ".join(f"the same word{number} old{number}" for number in range(120))
    after = before.replace("old", "new")
    pieces = compare_texts(before, after, Budget(80_000))
    assert "".join(piece.text for piece in pieces if piece.fate != "added") == before
    assert "".join(piece.text for piece in pieces if piece.fate != "gone") == after
    assert 0 < len(pieces) < len(compare_texts(before, after, Budget()))
    assert compare_texts(before, after, Budget(1)) == ()


def test_long_texts_are_compared_in_less_time_than_their_words_are_found() -> None:
    """Only what lies between the common ends of two texts is divided into words."""
    start, end = "lorem ipsum " * 60_000, " dolor sit amet" * 60_000
    before, after = f"{start}an old word{end}", f"{start}a new word{end}"
    begun = process_time()
    pieces = compare_texts(before, after, Budget())
    compared_at = process_time()
    assert len(words_in(before)) == 300_003
    assert compared_at - begun < process_time() - compared_at
    changed = [(piece.fate, piece.text) for piece in pieces if piece.fate != "same"]
    assert changed == [("gone", "an old"), ("added", "a new")]
    assert "".join(piece.text for piece in pieces if piece.fate != "added") == before
    assert "".join(piece.text for piece in pieces if piece.fate != "gone") == after


def test_two_files_are_compared_within_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is spent, a text that changed in part is shown as a whole."""
    new = RAID.replace("two", "three").replace("an hour", "a day")
    (shown,) = compared(RAID, new).entries
    assert shown.changes[0].pieces
    monkeypatch.setattr("casefile.case.difference.versions.FILES", 100)
    (shown,) = compared(RAID, new).entries
    assert [(one.name, one.pieces) for one in shown.changes] == [("text", ())]


@given(st.permutations(range(8)))
def test_longest_ascending_leaves_out_as_few_as_possible(places: list[int]) -> None:
    """The result ascends, and no other number could be part of it."""
    stayed = longest_ascending(places)
    ascending = [place for place in places if place in stayed]
    assert ascending == sorted(ascending)
    for moved in set(places) - stayed:
        longer = [place for place in places if place in stayed | {moved}]
        assert longer != sorted(longer)


# Differences of entries


def test_entries_are_in_the_order_of_the_new_file() -> None:
    """An entry that is gone comes after the one that preceded it."""
    old = '[[issue]]\nid = "who"\ntitle = "Who called?"\n'
    new = '[[event]]\nid = "trial"\ntitle = "Sentence passed"\n'
    last = '[[event]]\nid = "last"\ntitle = "End"\n'
    found = compared(CALL + RAID + last + old, CALL + new + last)
    assert fates(found) == [("gone", "raid"), ("added", "trial"), ("gone", "who")]


def test_keys_at_the_top_of_the_file_belong_to_the_case() -> None:
    """Keys outside all tables are compared as keys of the case."""
    old = 'format = "casefile/1"\nhouse = "A"\n[case]\nid = "demo"\ntitle = "Demo"\n'
    new = old.replace('"A"', '"B"').replace('"Demo"', '"A case"')
    (case,) = compared_files(old, new).entries
    assert (case.fate, case.table, case.id) == ("changed", "case", "demo")
    assert [(one.name, one.after) for one in case.changes] == [("house", "B"), ("title", "A case")]


def test_different_case_ids_are_a_difference() -> None:
    """Files of two cases differ even with the same content, but the case entry is not new."""
    old = HEAD + PRESS + CALL
    found = compared_files(old, HEAD.replace("demo", "other") + PRESS + CALL)
    assert found
    assert found.cases == ("demo", "other")
    assert found.entries == ()


def test_same_id_in_another_table_is_another_entry() -> None:
    """If an event becomes a claim, the event is gone and the claim is added."""
    claim = '[[claim]]\nid = "call"\nstatement = "There was a call."\n'
    assert fates(compared(CALL, claim)) == [("gone", "call"), ("added", "call")]


@pytest.mark.parametrize("key", ["relative_date", "own", "refers", "in_table"])
def test_keys_of_ones_own_are_compared_whatever_their_names(key: str) -> None:
    """Also if the data model has a field of this name that is not a key of the format."""
    ship = '[[ship]]\nid = "marlin"\nname = "Marlin"\n'
    found = compared(f'{ship}{key} = "a"\n', f'{ship}{key} = "b"\n')
    assert fates(found) == [("changed", "marlin")]


def test_rows_and_declarations_of_free_tables_are_compared() -> None:
    """Tables that are not in the format are compared like the others."""
    declared = '[[table]]\nname = "vessel"\ncolumns = ["flag"]\n'
    vessel = '[[vessel]]\nid = "maria"\nflag = "PA"\n'
    found = compared(declared + vessel, vessel.replace("PA", "LR"))
    assert fates(found) == [("changed", "vessel"), ("changed", "maria")]
    assert [one.table for one in found.entries] == ["table", "vessel"]


# Renamed entries


def test_entry_with_another_id_is_renamed() -> None:
    """If only the id differs, the entry is neither added nor gone."""
    (found,) = compared(RAID, RAID.replace('"raid"', '"flat"')).entries
    assert (found.fate, found.id, found.was, found.changes) == ("renamed", "flat", "raid", ())


def test_renamed_entry_may_have_small_changes() -> None:
    """Its changes are listed with the new id."""
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
def test_entry_with_another_title_is_not_renamed(old: str, new: str) -> None:
    """If the titles differ, other equal content doesn't make it the same entry."""
    assert Counter(fate for fate, _ in fates(compared(old, new))) == {"gone": 1, "added": 1}


def test_link_with_another_end_is_not_renamed() -> None:
    """References in required keys have to be the same, even if everything else is."""
    link = '[[link]]\nid = "a"\nsubject = "x"\nobject = "y"\nrole = "is said to have worked for"\n'
    other = link.replace('"a"', '"b"').replace('"y"', '"z"')
    assert fates(compared(link, other)) == [("gone", "a"), ("added", "b")]


def test_entry_dated_by_a_renamed_entry_has_not_changed() -> None:
    """The id in a relative date is a reference like any other."""
    old = RAID + CALL + 'date = "about 3 days after #raid"\n'
    (found,) = compared(old, old.replace("raid", "flat").replace("A flat", "A raid")).entries
    assert (found.fate, found.was, found.named_by) == ("renamed", "raid", ("call",))


def test_entry_that_refers_to_a_renamed_entry_has_not_changed() -> None:
    """Entries with only the new id in a reference are listed with the renamed entry."""
    anna = '[[party]]\nid = "anna"\nname = "Anna Kalnina"\ntype = "Person"\nrole = "a witness"\n'
    call = CALL + 'involved = [{ party = "anna", role = "caller" }]\nabout = "anna"\n'
    quote = '[[quote]]\nid = "q"\nspeaker = "anna"\nwords = "Yes"\n'
    old = anna + call + quote
    new = old.replace('"anna"', '"kalnina"').replace('"Yes"', '"No"')
    party, spoken = compared(old, new).entries
    assert (party.fate, party.was, party.named_by) == ("renamed", "anna", ("call", "q"))
    assert (spoken.id, [change.name for change in spoken.changes]) == ("q", ["words"])


def test_entry_that_shares_a_quantity_with_a_renamed_entry_has_not_changed() -> None:
    """References inside amounts are references like others."""
    old = (
        '[[seizure]]\nid = "papers"\nitem = "Papers"\n'
        'amounts = [{ text = "many", shared_with = ["old-letters"] }, { text = "some" }]\n'
        '[[seizure]]\nid = "old-letters"\nitem = "Letters from the desk"\n'
    )
    (letters,) = compared(old, old.replace("old-letters", "letters")).entries
    assert (letters.fate, letters.was, letters.named_by) == ("renamed", "old-letters", ("papers",))


def test_renamed_source_changes_no_cite() -> None:
    """Cites that name it, or have it by default, have not changed."""
    old = HEAD + WIRE.replace("wire", "press") + CALL + 'cites = ["para 1", "press, para 2"]\n'
    (source,) = compared_files(old, old.replace('"press', '"agency')).entries
    assert (source.fate, source.was, source.named_by) == ("renamed", "press", ("demo", "call"))


@pytest.mark.parametrize("value", ['"anna"', '["ben", { party = "anna", role = "caller" }]'])
def test_renamed_party_changes_no_value_of_a_cite(value: str) -> None:
    """A reference that a source gives instead follows the new id; the text of a field does not."""
    anna = '[[party]]\nid = "anna"\nname = "Anna Kalnina"\ntype = "Person"\nrole = "a witness"\n'
    stance = 'source = "press", stance = "contradicts"'
    by = f'{{ {stance}, field = "by", value = {value} }}'
    location = f'{{ {stance}, field = "location", value = "anna" }}'
    old = f"{anna}{CALL}cites = [\n{by},\n{location},\n]\n"
    party, *others = compared(old, old.replace('"anna"', '"kalnina"')).entries
    assert (party.fate, party.was, party.named_by) == ("renamed", "anna", ("call",))
    ((cites,),) = (one.changes for one in others)
    assert [(one.name, [inner.name for inner in one.within]) for one in cites.within] == [
        (2, ["value"])
    ]


def test_new_default_source_changes_only_the_case() -> None:
    """The cites that now have another source are not listed."""
    rows = PRESS + WIRE + CALL + 'cites = "para 1"\n'
    wire_head = HEAD.replace('source = "press"', 'source = "wire"')
    (case,) = compared_files(HEAD + rows, wire_head + rows).entries
    assert case.changes == (Change("source", "press", "wire"),)


# Order on the timeline


def test_place_in_the_file_that_decides_the_timeline_is_a_difference() -> None:
    """If nothing else orders two events, the first in the file comes first."""
    call, raid = CALL + 'date = "2017"\n', RAID + 'date = "2017"\n'
    found = compared(call + raid, raid + call)
    assert found.entries == ()
    assert found.reordered in ((Reordered("raid", None),), (Reordered("call", "raid"),))


def test_move_on_the_timeline_because_of_a_date_is_not_reordered() -> None:
    """An event that moved because of its date only has a changed date."""
    old = CALL + 'date = "2016"\n' + RAID + 'date = "2017"\n'
    assert compared(old, old.replace("2016", "2018")).reordered == ()


# Counts of entries


def test_entry_changes_are_new_changed_and_gone_ids() -> None:
    """Ids are in the order of the later reading, or of the earlier one if they are gone."""
    before = {"a": {"title": "A"}, "b": {"title": "B"}, "c": {"title": "C"}}
    after = {"d": {"title": "D"}, "c": {"title": "C"}, "b": {"title": "Another"}}
    assert entry_changes(before, after) == EntryChanges(("d",), ("b",), ("a",))
    assert entry_changes(before, after)
    assert not entry_changes(before, dict(before))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (EntryChanges(("a", "b"), ("c",), ("d", "e", "f")), "2 new, 1 changed, 3 gone"),
        (EntryChanges(changed=("c",)), "1 changed"),
        (EntryChanges(), "no entry has changed"),
    ],
)
def test_entry_changes_are_counted_in_words(changes: EntryChanges, words: str) -> None:
    """Counts of zero are left out."""
    assert counts_in_words(changes) == words


# Properties of every comparison

_TITLES = ("A call to Riga", "A raid by the harbour", "A third thing altogether")
_EVENTS = st.fixed_dictionaries(
    {"title": st.sampled_from(_TITLES)},
    optional={
        "date": st.sampled_from(["2017", "2017-11", "[2018..]"]),
        "tags": st.lists(st.sampled_from("abcd"), max_size=4),
        "cites": st.lists(st.sampled_from(["para 1", "para 2", "press"]), max_size=3),
        "text": st.text(alphabet="ab .", max_size=20),
        "follows": st.sampled_from("wxyz"),
        "follows_end_of": st.sampled_from("wxyz"),
    },
)
_CASES = st.dictionaries(st.sampled_from("wxyz"), _EVENTS, max_size=4)


def _rows(events: dict[str, dict[str, Any]]) -> str:
    rows = [{"id": name, **event} for name, event in events.items()]
    return tomli_w.dumps({"event": rows}, multiline_strings=False) if rows else ""


@given(_CASES)
def test_file_does_not_differ_from_itself(events: dict[str, dict[str, Any]]) -> None:
    """The same entries give no difference, even with their keys in another order."""
    assert not compared(_rows(events), _rows(events))
    reordered = {name: dict(reversed(event.items())) for name, event in events.items()}
    assert not compared(_rows(events), _rows(reordered))


@given(_CASES, _CASES)
def test_swapping_the_files_swaps_added_and_gone(
    one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]
) -> None:
    """The same entries have changed in both directions."""
    there, back = compared(_rows(one), _rows(other)), compared(_rows(other), _rows(one))
    mirrored = {"added": "gone", "gone": "added"}
    swapped = Counter((mirrored.get(entry.fate, entry.fate)) for entry in back.entries)
    assert Counter(entry.fate for entry in there.entries) == swapped
    assert _changed_ids(there) == _changed_ids(back)


def _changed_ids(found: Difference) -> set[str]:
    return {entry.id for entry in found.entries if entry.fate == "changed"}


@given(_EVENTS, _EVENTS)
def test_changes_applied_to_a_row_give_the_other_row(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """The changes between two rows are complete."""
    changes = between(one, other)
    patched = {**one, **{str(change.name): change.after for change in changes}}
    patched = {key: value for key, value in patched.items() if value is not None}
    assert between(patched, other) == ()


@pytest.mark.parametrize("entry_type", [Case, Source, Party, Event, Quote])
def test_values_of_wrong_types_are_compared(
    entry_type: type[Entry],
) -> None:
    """A row is compared as parsed, even if its values are invalid."""
    before: dict[str, Any] = {"id": 3, "cites": 4, "by": [[1]], "date": ["x"], "amounts": "many"}
    after = {**before, "date": "no date", "by": [[2]]}
    assert {change.name for change in between(before, after, entry_type)} == {"date", "by"}
    assert between(before, dict(before), entry_type) == ()
