"""Panes and pages as data: rows, fields, references, citations and search."""

from __future__ import annotations

import pytest
from screens import Desk

from casefile.case.model import (
    ENTRY_TYPES,
    Case,
    Claim,
    Entry,
    Event,
    Link,
    Seizure,
    Source,
    reference_fields,
)
from casefile.case.sources.citations import citations_of, paragraphs_of
from casefile.views.case_panes import panes_of
from casefile.views.entry_page import page_of_entry
from casefile.views.entry_search import search_entries
from casefile.views.kinds import KINDS
from casefile.views.labels import LABELS
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.page import Page
from casefile.views.panes import EntryRow
from casefile.views.plain_text import panes_in_lines

PARTIES = (
    '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\nname_kind = "alias"\n'
    '[[party]]\nid = "unit"\nname = "The unit"\ntype = "PublicBody"\n'
)


@pytest.fixture
def bundled(desk: Desk) -> OpenCase:
    """Open the bundled case."""
    return desk.lay_open()


def items(page: Page, label: str) -> list[str]:
    """Return the texts under a label of a page."""
    return [item.text for one in page.sections if one.label == label for item in one.items]


def links(page: Page, label: str) -> list[str]:
    """Return the targets of the links under a label of a page."""
    return [
        item.leads_to.entry
        for one in page.sections
        if one.label == label
        for item in one.items
        if item.leads_to
    ]


def open_rows(desk: Desk, rows: str) -> OpenCase:
    """Open a small case."""
    return desk.lay_open(desk.write_case(rows))


def test_every_entry_is_in_a_pane_and_has_a_page(bundled: OpenCase) -> None:
    """Every text of an entry of the bundled case is on its page."""
    shown = {row.entry for pane in panes_of(bundled) for row in pane.selectable_rows}
    assert shown == set(bundled.case_file.entries)
    for entry_id, entry in bundled.case_file.entries.items():
        texts = "\n".join(
            item.text
            for section in page_of_entry(bundled, entry_id).sections
            for item in section.items
        )
        for text in (entry.text, entry.date_text, *(one.quote for one in entry.cites)):
            assert text is None or text in texts


def test_every_kind_of_entry_has_a_pane_and_labels() -> None:
    """Every field of an entry type is in its title, or on its page with a label."""
    kinds = {kind.name: kind for kind in KINDS}
    entry_types: tuple[type[Entry], ...] = (*ENTRY_TYPES, Case)
    types = {entry_type.table: entry_type for entry_type in entry_types}
    assert kinds.keys() == types.keys()
    for name, kind in kinds.items():
        own = set(types[name].__struct_fields__) - set(Entry.__struct_fields__)
        assert own - set(kind.fields) <= {"title", "name", "item", "words", "statement"}
        assert set(kind.fields) <= own & LABELS.keys()


def test_order_of_panes(bundled: OpenCase, desk: Desk) -> None:
    """Four panes are always shown, others if they have entries; the case is last."""
    titles = [f"{pane.number} {pane.title}" for pane in panes_of(bundled)]
    assert titles == [
        *("1 Timeline", "2 Parties", "3 Seizures", "4 Quotes", "5 Claims"),
        *("6 Links", "7 Issues", "8 Sources", "0 Case"),
    ]
    small = [pane.title for pane in panes_of(open_rows(desk, ""))]
    assert small == ["Timeline", "Parties", "Seizures", "Quotes", "Sources", "Case"]


def test_undated_events_are_placed_by_their_order(bundled: OpenCase) -> None:
    """They stand between the dated events that they follow and precede."""
    rows = [row.entry for row in panes_of(bundled)[0].selectable_rows]
    assert rows.index("tip") < rows.index("hsi-investigation") < rows.index("talks")
    assert rows.index("talks") < rows.index("arrests") < rows.index("news-conference")


def test_dated_entry_without_event_is_on_the_timeline(desk: Desk) -> None:
    """A dated claim is a row of its own, a seizure of an event is not."""
    open_case = open_rows(
        desk,
        '[[event]]\nid = "raid"\ntitle = "Raid"\ndate = "2018-01"\n'
        '[[seizure]]\nid = "car"\nitem = "Car"\nevent = "raid"\ndate = "2018-01-03"\n'
        '[[claim]]\nid = "said"\nstatement = "So it was"\ndate = "2018-02"\n',
    )
    assert panes_of(open_case)[0].rows == (EntryRow("raid"), EntryRow("said"))


def test_references_are_on_both_pages(desk: Desk) -> None:
    """The actor is on the event’s page, and the event on the actor’s."""
    open_case = open_rows(
        desk,
        PARTIES + '[[event]]\nid = "raid"\ntitle = "Raid"\nby = "unit"\n'
        'involved = { party = "anna", role = "arrested" }\n',
    )
    raid = page_of_entry(open_case, "raid")
    assert items(raid, "By") == ["The unit"]
    assert items(raid, "Involved") == ["“Anna” (alias) (arrested)"]
    assert links(page_of_entry(open_case, "unit"), "Did") == ["raid"]
    assert items(page_of_entry(open_case, "anna"), "Part in") == ["Raid (arrested)"]


def test_order_is_on_the_pages_of_both_events(desk: Desk) -> None:
    """One event is after the other, whichever of them says so."""
    open_case = open_rows(
        desk,
        '[[event]]\nid = "a"\ntitle = "A"\n[[event]]\nid = "b"\ntitle = "B"\nfollows = "a"\n'
        '[[event]]\nid = "c"\ntitle = "C"\n[[event]]\nid = "d"\ntitle = "D"\nprecedes = "c"\n',
    )
    assert links(page_of_entry(open_case, "a"), "Before") == ["b"]
    assert links(page_of_entry(open_case, "b"), "After") == ["a"]
    assert links(page_of_entry(open_case, "c"), "After") == ["d"]


def test_contradiction_is_on_both_pages(desk: Desk) -> None:
    """Each of the two entries names the other."""
    open_case = open_rows(
        desk,
        '[[claim]]\nid = "one"\nstatement = "Nine"\ncontradicts = "two"\n'
        '[[claim]]\nid = "two"\nstatement = "Ten"\n',
    )
    assert links(page_of_entry(open_case, "one"), "Contradicts") == ["two"]
    assert links(page_of_entry(open_case, "two"), "Contradicts") == ["one"]


def test_link_is_on_the_pages_of_both_ends(desk: Desk) -> None:
    """Subject, role and object are on each page."""
    open_case = open_rows(
        desk,
        PARTIES + '[[link]]\nid = "l"\nsubject = "anna"\nrole = "works for"\nobject = "unit"\n',
    )
    for party in ("anna", "unit"):
        page = page_of_entry(open_case, party)
        assert items(page, "Links") == ["“Anna” (alias) · works for · The unit"]
        assert links(page, "Links") == ["l"]


def test_seizure_takes_missing_fields_from_its_event(desk: Desk) -> None:
    """The date and the actor are marked as the event’s."""
    open_case = open_rows(
        desk,
        PARTIES + '[[event]]\nid = "raid"\ntitle = "Raid"\nby = "unit"\ndate = "2018-01"\n'
        'location = "Riga"\n[[seizure]]\nid = "car"\nitem = "Car"\nevent = "raid"\n',
    )
    page = page_of_entry(open_case, "car")
    assert items(page, "When") == ["Jan 2018, as its event"]
    assert items(page, "By") == ["The unit (as its event)"]
    assert items(page, "Where") == ["Riga"]


def test_claim_in_a_quote_takes_its_speaker_and_cites(desk: Desk) -> None:
    """The speaker is marked as that of the quotation."""
    open_case = open_rows(
        desk,
        PARTIES + '[[quote]]\nid = "q"\nspeaker = "anna"\nwords = "It is so."\ncites = "para 3"\n'
        '[[claim]]\nid = "c"\nstatement = "It is so"\nin_quote = "q"\n',
    )
    page = page_of_entry(open_case, "c")
    assert items(page, "By") == ["“Anna” (alias) (as its quotation)"]
    assert items(page, "Cited") == ["A report, para 3"]


def test_claim_without_a_party_is_by_the_source(desk: Desk) -> None:
    """The source’s words for a party come before the source itself."""
    open_case = open_rows(
        desk,
        '[[claim]]\nid = "own"\nstatement = "It is so"\n'
        '[[claim]]\nid = "theirs"\nstatement = "It is so"\nby_text = "some say"\n',
    )
    assert items(page_of_entry(open_case, "own"), "By") == ["the source itself"]
    assert items(page_of_entry(open_case, "theirs"), "By") == ["some say"]


def test_inferred_date_is_marked(bundled: OpenCase) -> None:
    """The source’s own words for the date are beside it."""
    page = page_of_entry(bundled, "news-conference")
    assert items(page, "When") == ["Jan 2018 or later, inferred", "“10 a.m. Wednesday”"]


ORDERED = (
    '[[event]]\nid = "leave"\ntitle = "Leave"\ndate = "2019-03-05"\n'
    '[[event]]\nid = "diner"\ntitle = "Diner"\nfollows = "leave"\nprecedes = "alarm"\n'
    '[[event]]\nid = "stock"\ntitle = "Stock"\ndate = "[..2019-03-20]"\nprecedes = "alarm"\n'
    '[[event]]\nid = "alarm"\ntitle = "Alarm"\ndate = "2019-03-10"\n'
    '[[event]]\nid = "hearing"\ntitle = "Hearing"\ndate = "2019-06-18T09:30/2019-06-18T11:05"\n'
    '[[event]]\nid = "heard"\ntitle = "Heard"\npart_of = "hearing"\ndate_basis = "inferred"\n'
    '[[event]]\nid = "due"\ntitle = "Due"\ndate = "[..2019-06-28]"\nfollows = "hearing"\n'
)


@pytest.mark.parametrize(
    ("entry", "when"),
    [
        ("leave", "5 Mar 2019"),
        ("diner", "not stated; between 5 and 10 Mar 2019 by its order"),
        ("stock", "20 Mar 2019 or earlier; before 10 Mar 2019 by its order"),
        ("heard", "not stated; after 18 Jun 2019 09:30 by its order, inferred"),
        ("due", "28 Jun 2019 or earlier; after 18 Jun 2019 09:30 by its order"),
    ],
)
def test_page_shows_bounds_from_the_order_of_events(desk: Desk, entry: str, when: str) -> None:
    """Bounds that the date itself states are left out."""
    assert items(page_of_entry(open_rows(desk, ORDERED), entry), "When") == [when]


def test_span_of_the_timeline_uses_the_order_of_events(desk: Desk) -> None:
    """An event that may be any time before a date opens the span unless it follows a dated one."""
    assert open_rows(desk, ORDERED).span == "5 Mar 2019 or earlier – 28 Jun 2019"
    closed = ORDERED.replace('"Stock"', '"Stock"\nfollows = "leave"')
    assert open_rows(desk, closed).span == "5 Mar – 28 Jun 2019"
    later = '[[event]]\nid = "sale"\ntitle = "Sale"\ndate = "[2019-03-07..]"\n'
    assert open_rows(desk, closed + later).span == "5 Mar – 28 Jun 2019 or later"
    earlier = later + 'precedes = "alarm"\n'
    assert open_rows(desk, closed + earlier).span == "5 Mar – 28 Jun 2019"


def test_time_of_day_has_the_time_zone_of_the_case(desk: Desk) -> None:
    """A day without a time, and a case without a zone, have none."""
    rows = (
        '[[event]]\nid = "call"\ntitle = "Call"\ndate = "2019-03-10T04:48Z"\n'
        'date_basis = "inferred"\n[[event]]\nid = "day"\ntitle = "Day"\ndate = "2019-03-10"\n'
        '[[event]]\nid = "next"\ntitle = "Next"\nfollows = "call"\n'
        '[[seizure]]\nid = "phone"\nitem = "Telephone"\nevent = "call"\n'
    )
    path = desk.write_case(rows)
    zoned = path.read_text().replace("[case]\n", '[case]\ntimezone = "America/Chicago"\n', 1)
    path.write_text(
        zoned.replace("[[source]]\n", '[[source]]\npublished = "2019-03-11T09:00"\n', 1)
    )
    open_case = desk.lay_open(path)
    page = page_of_entry(open_case, "call")
    assert items(page, "When") == ["9 Mar 2019 22:48, America/Chicago, inferred"]
    assert "Chicago" not in page.subtitle
    assert items(page_of_entry(open_case, "day"), "When") == ["10 Mar 2019"]
    assert items(page_of_entry(open_case, "next"), "When") == [
        "not stated; after 9 Mar 2019 22:48 by its order, America/Chicago"
    ]
    assert items(page_of_entry(open_case, "phone"), "When") == [
        "9 Mar 2019 22:48, America/Chicago, as its event"
    ]
    source = next(entry.id for entry in open_case.case_file.of(Source))
    assert items(page_of_entry(open_case, source), "Published") == [
        "11 Mar 2019 09:00, America/Chicago"
    ]
    assert items(page_of_entry(open_rows(desk, rows), "day"), "When") == ["10 Mar 2019"]
    path.write_text(zoned.replace("America/Chicago", "America/Nowhere"))
    assert "Nowhere" not in items(page_of_entry(desk.lay_open(path), "call"), "When")[0]


def test_fragments_of_a_quote_are_joined(bundled: OpenCase) -> None:
    """An ellipsis is where the source interrupts the speaker."""
    words = next(item for item in page_of_entry(bundled, "quote-annello").sections[0].items)
    assert " … " in words.text
    assert words.text.startswith("“American communities")


def test_unknown_keys_are_on_the_page(desk: Desk) -> None:
    """Their label is the key."""
    open_case = open_rows(desk, '[[event]]\nid = "e"\ntitle = "E"\nmood = ["grim", "cold"]\n')
    assert items(page_of_entry(open_case, "e"), "mood") == ["grim, cold"]


def test_dangling_reference_is_no_link(desk: Desk) -> None:
    """The id is shown as missing, and the problem is on the page."""
    open_case = open_rows(desk, '[[event]]\nid = "e"\ntitle = "E"\nby = "nobody"\n')
    page = page_of_entry(open_case, "e")
    assert items(page, "By") == ["nobody (not in this file)"]
    assert links(page, "By") == []
    assert "there is no entry “nobody”" in page.sections[0].items[0].text


def test_source_lists_who_cites_each_paragraph(bundled: OpenCase) -> None:
    """The paragraphs are in order, with a link to each entry."""
    page = page_of_entry(bundled, "wvue")
    numbers = [section.paragraph for section in page.sections if section.paragraph]
    assert numbers == list(range(1, 16))
    assert "tip" in links(page, "para 4")
    assert "arrests" in links(page, "para 9")


def test_claim_in_a_quote_cites_its_paragraph(bundled: OpenCase) -> None:
    """A claim without cites has those of its quote."""
    claim = next(claim for claim in bundled.case_file.of(Claim) if claim.in_quote)
    assert claim.id in citations_of(bundled.case_file, "wvue").entries


@pytest.mark.parametrize(
    ("at", "paragraphs"),
    [
        ("para 4", [4]),
        ("para 4-6", [4, 5, 6]),
        ("para 4–6", [4, 5, 6]),
        ("Para. 12", [12]),
        ("p. 3", []),
        ("para 6-4", []),
        ("para 1-999999", [1]),
        (None, []),
    ],
)
def test_paragraphs_of_a_pin_cite(at: str | None, paragraphs: list[int]) -> None:
    """Other pin cites have no paragraphs; of a very long range only the first counts."""
    assert list(paragraphs_of(at)) == paragraphs


def test_reference_fields_of_the_model() -> None:
    """They are found from the types of the fields."""
    own = set(reference_fields(Event)) - {"about", "issues", "contradicts"}
    assert own == {"by", "involved", "follows", "precedes", "part_of"}
    assert {"taken_from", "by", "event"} <= set(reference_fields(Seizure))
    assert {"subject", "object"} <= set(reference_fields(Link))
    assert "id" not in reference_fields(Event)


def test_best_search_results_come_first(bundled: OpenCase) -> None:
    """An equal id is before a name that begins so, and that before a word that does."""
    ids = [entry_id for _rank, entry_id in search_entries(bundled, "diana")]
    assert ids[0] == "diana"
    assert "crime-group" in ids
    assert search_entries(bundled, "nncc")[0] == (0, "nncc")
    assert search_entries(bundled, "no such thing") == []


def test_plain_lines_hold_everything(bundled: OpenCase) -> None:
    """Every entry is there with its title, and nothing is cut."""
    lines = "\n".join(panes_in_lines(bundled, panes_of(bundled), notes=False))
    for entry_id in bundled.case_file.entries:
        assert page_of_entry(bundled, entry_id).title in lines
        assert entry_id in lines


def test_notes_are_left_out_unless_asked_for(desk: Desk) -> None:
    """This includes notes on an entry that has gone."""
    open_case = open_rows(desk, "")
    notebook = open_case.notebook
    notebook.keep_new("gone", "Secret.", note_target(open_case, "gone", "Gone"))
    with_notes, without = (page_of_entry(open_case, "gone", notes=notes) for notes in (True, False))
    assert "Secret." in str(with_notes)
    assert "Secret." not in str(without)


def test_columns_of_numbers_are_aligned_to_the_right(desk: Desk) -> None:
    """Codes and dates are not numbers."""
    rows = "".join(
        f'[[haul]]\nid = "h{n}"\nname = "Haul"\ncode = "B-{n}"\nboxes = {n}\ndate = "2019-0{n}"\n'
        f'amounts = {{ value = {n}, unit = "tonne" }}\n'
        for n in (1, 2)
    )
    (pane,) = [
        pane for pane in panes_of(desk.lay_open(desk.write_case(rows))) if pane.title == "Hauls"
    ]
    numbers = {column.heading for column in pane.columns if column.is_number}
    assert numbers == {"Boxes", "Amounts"}
