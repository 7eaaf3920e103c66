"""Panes and pages as data: rows, fields, references, citations and search."""

from __future__ import annotations

import re

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
from casefile.views.panes import EntryRow, cell_text
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
    """Every field of an entry type is in its title, or on its page with a label.

    What an order rests on is beside each order.
    """
    kinds = {kind.name: kind for kind in KINDS}
    entry_types: tuple[type[Entry], ...] = (*ENTRY_TYPES, Case)
    types = {entry_type.table: entry_type for entry_type in entry_types}
    assert kinds.keys() == types.keys()
    for name, kind in kinds.items():
        own = set(types[name].__struct_fields__) - set(Entry.__struct_fields__)
        elsewhere = own - set(kind.fields)
        assert elsewhere <= {"title", "name", "item", "words", "statement", "order_basis"}
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


def test_dated_quote_without_event_is_on_the_timeline_as_said(desk: Desk) -> None:
    """A seizure of an event is no row of its own, and a claim is none: it only speaks of one."""
    open_case = open_rows(
        desk,
        '[[event]]\nid = "raid"\ntitle = "Raid"\ndate = "2018-01"\n'
        '[[seizure]]\nid = "car"\nitem = "Car"\nevent = "raid"\ndate = "2018-01-03"\n'
        '[[quote]]\nid = "said"\nspeaker = "anna"\nwords = "So it was"\ndate = "2018-02"\n'
        '[[claim]]\nid = "so"\nstatement = "So it was"\ndate = "2018-02"\n',
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
        '[[event]]\nid = "c"\ntitle = "C"\n[[event]]\nid = "d"\ntitle = "D"\nprecedes = "c"\n'
        '[[event]]\nid = "e"\ntitle = "E"\nfollows_end_of = "a"\n',
    )
    assert links(page_of_entry(open_case, "a"), "Ended before") == ["e"]
    assert links(page_of_entry(open_case, "e"), "After end of") == ["a"]
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


def test_shared_quantity_is_on_the_pages_of_all_its_entries(desk: Desk) -> None:
    """It is written on one of them; each page names the others and links to them."""
    open_case = open_rows(
        desk,
        '[[seizure]]\nid = "papers"\nitem = "Papers"\namounts = [{ value = 9, unit = "kg" }, '
        '{ text = "twelve crates", unit = "crate", shared_with = ["letters", "stamps"] }]\n'
        '[[seizure]]\nid = "letters"\nitem = "Letters"\n'
        '[[seizure]]\nid = "stamps"\nitem = "Stamps"\n',
    )
    papers, letters = (page_of_entry(open_case, one) for one in ("papers", "letters"))
    assert items(papers, "Amounts") == ["9 kg", "twelve crates (shared)"]
    assert links(papers, "Shared with") == ["letters", "stamps"]
    assert [section.label for section in papers.sections] == ["Amounts", "Shared with"]
    assert items(letters, "Amounts") == ["twelve crates (shared)"]
    assert links(letters, "Shared with") == ["papers", "stamps"]
    pane = next(one for one in panes_of(open_case) if one.title == "Seizures")
    shown = [cell_text(open_case, row, pane.columns[1]) for row in pane.selectable_rows]
    assert shown == ["9 kg; twelve crates (shared)", *["twelve crates (shared)"] * 2]
    assert pane.summary == "9 kg; quantity not stated for Letters and Stamps"


def test_type_of_a_party_is_shown_in_plain_words(desk: Desk) -> None:
    """A type of the format is shown in words, and any other as it is written."""
    types = {"BankAccount": "bank account", "State": "state", "rowing club": "rowing club"}
    rows = "".join(
        f'[[party]]\nid = "p{number}"\nname = "P"\ntype = "{name}"\n'
        for number, name in enumerate(types)
    )
    open_case = open_rows(desk, rows)
    pages = [page_of_entry(open_case, f"p{number}") for number in range(len(types))]
    assert [items(page, "Type") for page in pages] == [[words] for words in types.values()]


def test_amounts_of_a_link_are_in_its_title(desk: Desk) -> None:
    """A share or sum stands after the role wherever the link is shown; its date is in the list."""
    open_case = open_rows(
        desk,
        PARTIES + '[[link]]\nid = "l"\nsubject = "unit"\nrole = "owned by"\nobject = "anna"\n'
        'date = "2019/.."\namounts = { value = 51, unit = "%", type = "share" }\n'
        '[[link]]\nid = "m"\nsubject = "unit"\nrole = "owes"\nobject = "anna"\n'
        'amounts = [{ value = 9, unit = "EUR" }, { value = 8, unit = "USD", converted = true }]\n',
    )
    titles = [
        "The unit · owned by (51%) · “Anna” (alias)",
        "The unit · owes (EUR 9) · “Anna” (alias)",
    ]
    assert [open_case.title(one) for one in ("l", "m")] == titles
    for end in ("unit", "anna"):
        assert items(page_of_entry(open_case, end), "Links") == titles
    pane = next(one for one in panes_of(open_case) if one.title == "Links")
    when = [cell_text(open_case, row, pane.columns[1]) for row in pane.selectable_rows]
    assert when == ["since 2019", ""]
    assert items(page_of_entry(open_case, "l"), "Amounts") == ["51%"]
    assert items(page_of_entry(open_case, "m"), "Amounts") == ["EUR 9 (USD 8)"]


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


def test_several_shared_quantities_are_told_apart(desk: Desk) -> None:
    """Each link to an entry that has a share says of which quantity."""
    open_case = open_rows(
        desk,
        '[[seizure]]\nid = "papers"\nitem = "Papers"\namounts = ['
        '{ text = "twelve crates", unit = "crate", shared_with = "letters" }, '
        '{ text = "two tonnes", unit = "tonne", shared_with = "stamps" }]\n'
        '[[seizure]]\nid = "letters"\nitem = "Letters"\n'
        '[[seizure]]\nid = "stamps"\nitem = "Stamps"\n',
    )
    papers, stamps = (page_of_entry(open_case, one) for one in ("papers", "stamps"))
    assert items(papers, "Shared with") == ["Letters (twelve crates)", "Stamps (two tonnes)"]
    assert items(stamps, "Shared with") == ["Papers"]


def test_order_that_no_source_states_is_marked_on_both_pages(desk: Desk) -> None:
    """An order that the editor infers must not read as one that the source states."""
    open_case = open_rows(
        desk,
        '[[event]]\nid = "a"\ntitle = "A"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nfollows = "a"\npart_of = "c"\n'
        'date = "2019-03-10"\norder_basis = "inferred"\n'
        '[[event]]\nid = "c"\ntitle = "C"\n'
        '[[event]]\nid = "d"\ntitle = "D"\nfollows = "a"\n',
    )
    a, b, c, d = (page_of_entry(open_case, one) for one in "abcd")
    assert items(a, "Before") == ["B (inferred)", "D"]
    assert items(b, "After") == ["A (inferred)"]
    assert items(b, "Part of") == ["C (inferred)"]
    assert items(c, "Parts") == ["B (inferred)"]
    assert items(d, "After") == ["A"]


def test_entry_that_is_only_alleged_is_never_named_as_a_fact(desk: Desk) -> None:
    """On the pages of others it has its status, unless that is undisputed."""
    open_case = open_rows(
        desk,
        PARTIES
        + '[[event]]\nid = "sale"\ntitle = "Anna sells arms"\nby = "anna"\nstatus = "alleged"\n'
        '[[event]]\nid = "trip"\ntitle = "Anna travels"\nby = "anna"\nstatus = "undisputed"\n'
        'about = "sale"\n'
        '[[event]]\nid = "hint"\ntitle = "Hint"\nprecedes = "sale"\ndate_basis = "inferred"\n',
    )
    assert items(page_of_entry(open_case, "anna"), "Did") == [
        "Anna sells arms (alleged)",
        "Anna travels",
    ]
    assert items(page_of_entry(open_case, "trip"), "About") == ["Anna sells arms (alleged)"]
    assert items(page_of_entry(open_case, "hint"), "Before") == [
        "Anna sells arms (inferred, alleged)"
    ]


def test_cite_of_a_field_names_it_by_its_label(desk: Desk) -> None:
    """A cite of a part of an entry has the word that stands beside that part on the page."""
    open_case = open_rows(
        desk,
        '[[source]]\nid = "log"\ntitle = "Log"\n'
        '[[quote]]\nid = "q"\nspeaker = "p"\nwords = "No"\ndate = "2019-03"\n'
        'amounts = [{ value = 9, unit = "kg" }]\ncites = ['
        '{ source = "log", at = "p. 1", field = "date" }, '
        '{ source = "log", at = "p. 2", field = "words" }, '
        '{ source = "log", at = "p. 3", field = "amounts[1].value" }, '
        '{ source = "log", at = "p. 4", field = "date", stance = "contradicts" }]\n'
        '[[party]]\nid = "p"\nname = "P"\ntype = "Person"\n',
    )
    assert items(page_of_entry(open_case, "q"), "Cited") == [
        "Log, p. 1, on “Said”",
        "Log, p. 2, on “Words”",
        "Log, p. 3, on “Amounts[1].value”",
        "Log, p. 4, contradicts “Said”",
    ]


def test_claim_without_a_party_is_by_the_source(desk: Desk) -> None:
    """The source’s words for a party come before the source itself."""
    open_case = open_rows(
        desk,
        '[[claim]]\nid = "own"\nstatement = "It is so"\n'
        '[[claim]]\nid = "theirs"\nstatement = "It is so"\nby_text = "some say"\n',
    )
    assert items(page_of_entry(open_case, "own"), "By") == ["the source itself"]
    assert items(page_of_entry(open_case, "theirs"), "By") == ["“some say” (unnamed)"]
    (pane,) = (one for one in panes_of(open_case) if one.title == "Claims")
    claimants = [cell_text(open_case, row, pane.columns[1]) for row in pane.selectable_rows]
    assert claimants == ["the source itself", "“some say”"]


def test_inferred_date_is_marked(bundled: OpenCase) -> None:
    """The source’s own words for the date are beside it."""
    page = page_of_entry(bundled, "news-conference")
    assert items(page, "When") == ["Jan 2018 or later (inferred)", "“10 a.m. Wednesday”"]


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
        ("diner", "not stated; between 5 and 10 Mar 2019"),
        ("stock", "20 Mar 2019 or earlier; 10 Mar 2019 or earlier"),
        ("heard", "not stated; between 18 Jun 2019 09:30 and 11:05 (inferred)"),
        ("due", "28 Jun 2019 or earlier; 18 Jun 2019 09:30 or later"),
    ],
)
def test_page_shows_bounds_from_the_order_of_events(desk: Desk, entry: str, when: str) -> None:
    """Bounds that the date itself states are left out."""
    assert items(page_of_entry(open_rows(desk, ORDERED), entry), "When") == [when]


REPORTED = (
    '[[source]]\nid = "report"\ntitle = "A report"\npublished = "[2018-01..]"\n'
    '[[source]]\nid = "later"\ntitle = "A later report"\npublished = "2018-03"\n'
    '[[source]]\nid = "undated"\ntitle = "A note"\n'
    '[[event]]\nid = "tip"\ntitle = "Tip"\ndate = "2017-08"\n'
    '[[event]]\nid = "arrests"\ntitle = "Arrests"\ndate = "2017-11/2018-01"\n'
)


def event(name: str, *lines: str) -> str:
    """Return an event with these lines."""
    return "\n".join(("[[event]]", f'id = "{name}"', f'title = "{name.title()}"', *lines, ""))


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (('follows = "tip"', 'precedes = "arrests"'), "not stated; between Aug and Nov 2017"),
        (
            ('follows = "tip"', 'precedes = "arrests"', 'duration = "months"'),
            "not stated; began between Aug and Nov 2017",
        ),
        (
            ('follows = "tip"', 'date = "/2018"'),
            "until 2018, start unknown; began Aug 2017 or later",
        ),
        (('follows_end_of = "arrests"',), "not stated; Jan 2018 or later"),
        (
            ('follows = "tip"', 'date_basis = "inferred"'),
            "not stated; Aug 2017 or later (inferred)",
        ),
        (
            ('follows = "tip"', 'date_basis = "computed"'),
            "not stated; Aug 2017 or later (computed)",
        ),
        (
            ('date = "[..2018]"', 'follows = "tip"', 'date_basis = "inferred"'),
            "2018 or earlier (inferred); Aug 2017 or later (inferred)",
        ),
        (('precedes = "due"', 'date_basis = "inferred"'), "not stated; before: Due (inferred)"),
    ],
)
def test_page_says_what_order_tells_of_a_start(
    desk: Desk, lines: tuple[str, ...], when: str
) -> None:
    """What lasts began between its bounds; each part says what it rests on."""
    due = event("due", 'date = "[2019..]"')
    page = page_of_entry(open_rows(desk, REPORTED + event("a", *lines) + due), "a")
    assert items(page, "When") == [when]


def test_order_may_be_inferred_where_the_date_is_stated(desk: Desk) -> None:
    """What a part with a stated date says of its whole is marked if the order is inferred."""
    part = event("b", 'part_of = "a"', 'date = "2018-02"', 'order_basis = "inferred"')
    case = open_rows(desk, REPORTED + event("a", 'duration = "months"') + part)
    assert items(page_of_entry(case, "b"), "When") == ["Feb 2018"]
    assert items(page_of_entry(case, "a"), "When") == [
        (
            "not stated; began Feb 2018 or earlier (inferred); "
            "went on until Feb 2018 or later (inferred)"
        )
    ]


def test_page_of_a_whole_says_until_when_it_went_on(desk: Desk) -> None:
    """That is true of one that has ended and of one that has not."""
    rows = (
        REPORTED + event("a", 'follows = "tip"') + event("b", 'part_of = "a"', 'date = "2018-02"')
    )
    page = page_of_entry(open_rows(desk, rows), "a")
    assert items(page, "When") == [
        "not stated; began between Aug 2017 and Feb 2018; went on until Feb 2018 or later"
    ]


@pytest.mark.parametrize(
    ("cites", "when"),
    [
        ('"report, p. 1"', "under way when reported (Jan 2018 or later); began Aug 2017 or later"),
        (
            '["later, p. 1", "undated, p. 1"]',
            "under way when reported (Mar 2018); began between Aug 2017 and Mar 2018",
        ),
        (
            '["later, p. 1", "report, p. 1"]',
            "under way when reported (Jan 2018 or later); began Aug 2017 or later",
        ),
        (
            '["later, p. 1", { source = "report", stance = "contradicts" }]',
            "under way when reported (Mar 2018); began between Aug 2017 and Mar 2018",
        ),
        ('"undated, p. 1"', "under way when reported; began Aug 2017 or later"),
    ],
)
def test_what_was_under_way_is_placed_at_its_earliest_source(
    desk: Desk, cites: str, when: str
) -> None:
    """Only sources that support it count; without a date of one, its order places it."""
    rows = REPORTED + event("a", 'date = "/.."', 'follows = "tip"', f"cites = {cites}")
    open_case = open_rows(desk, rows)
    assert items(page_of_entry(open_case, "a"), "When") == [when]
    timeline = panes_of(open_case)[0]
    last = "arrests" if "(" not in when else "a"
    assert [*timeline.selectable_rows][-1] == EntryRow(last)
    column = timeline.columns[0]
    assert cell_text(open_case, EntryRow("a"), column) == "under way"


def test_what_was_under_way_is_placed_at_the_default_source(desk: Desk) -> None:
    """A cite that names no source has that of the case."""
    rows = REPORTED + event("a", 'date = "/.."', 'cites = "p. 1"')
    path = desk.write_case(rows)
    text = path.read_text()
    path.write_text(re.sub(r'^source = ".*"\n', 'source = "report"\n', text, flags=re.MULTILINE))
    open_case = desk.lay_open(path)
    assert [*panes_of(open_case)[0].selectable_rows][-1] == EntryRow("a")


def test_column_says_what_is_known_of_an_undated_start(desk: Desk) -> None:
    """It is never “undated” between two dates; where nothing else is known, it names a title."""
    rows = (
        REPORTED
        + event("a", 'follows = "tip"')
        + event("b", 'follows = "tip"', 'precedes = "arrests"')
        + event("c", 'follows = "tip"', 'precedes = "arrests"', 'duration = "months"')
        + event("d", 'precedes = "tip"')
        + event("e", 'follows = "tip"')
        + event("production", 'precedes = "e"')
        + event("doubts", 'follows = "production"')
        + event("planning", 'precedes = "due"')
        + event("due", 'date = "[2019..]"')
        + event("loose")
    )
    open_case = open_rows(desk, rows)
    timeline = panes_of(open_case)[0]
    column = timeline.columns[0]
    cells = {row.entry: cell_text(open_case, row, column) for row in timeline.selectable_rows}
    assert cells == {
        "d": "Aug 2017 or earlier",
        "tip": "Aug 2017",
        "a": "then",
        "b": "Aug..Nov 2017",
        "c": "from Aug..Nov 2017",
        "production": "before: E",
        "doubts": "then",
        "e": "Aug 2017 or later",
        "arrests": "Nov 2017–Jan 2018",
        "planning": "before: Due",
        "due": "2019 or later",
        "loose": "",
    }


def test_title_in_the_column_of_dates_leaves_space_for_what_happened(desk: Desk) -> None:
    """The column is not made wider for it than for its first word or so."""
    due = event("due-to-be-argued-at-length", 'date = "[2019..]"')
    rows = due + event("a", 'precedes = "due-to-be-argued-at-length"')
    open_case = open_rows(desk, rows)
    column = panes_of(open_case)[0].columns[0]
    assert cell_text(open_case, EntryRow("a"), column) == "before: Due-To-Be-Argued-At-Length"
    assert (column.width, column.wide) == (17, 17)


def test_date_of_quote_and_claim_is_when_it_was_said(desk: Desk) -> None:
    """A claim without a date has that of its quote, which may have that of its event."""
    open_case = open_rows(
        desk,
        REPORTED
        + PARTIES
        + '[[quote]]\nid = "q"\nspeaker = "anna"\nwords = "It is so."\nevent = "tip"\n'
        + '[[claim]]\nid = "c"\nstatement = "It is so"\nin_quote = "q"\n'
        + '[[claim]]\nid = "d"\nstatement = "It is"\ndate = "2018"\ndate_basis = "computed"\n',
    )
    assert items(page_of_entry(open_case, "q"), "Said") == ["Aug 2017, as its event"]
    assert items(page_of_entry(open_case, "c"), "Said") == ["Aug 2017, as its quotation"]
    assert items(page_of_entry(open_case, "d"), "Said") == ["2018 (computed)"]


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
    assert items(page, "When") == ["9 Mar 2019 22:48, America/Chicago (inferred)"]
    assert "Chicago" not in page.subtitle
    assert items(page_of_entry(open_case, "day"), "When") == ["10 Mar 2019"]
    assert items(page_of_entry(open_case, "next"), "When") == [
        "not stated; 9 Mar 2019 22:48 or later, America/Chicago (inferred)"
    ]
    assert items(page_of_entry(open_case, "phone"), "When") == [
        "9 Mar 2019 22:48, America/Chicago (inferred), as its event"
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
    assert own == {"by", "involved", "follows", "follows_end_of", "precedes", "part_of"}
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
    """Every entry is there with its title, each pane with its sums, and nothing is cut."""
    lines = "\n".join(panes_in_lines(bundled, panes_of(bundled), notes=False))
    for pane in panes_of(bundled):
        head = [f"{pane.title}: {pane.count}", *([f"    {pane.summary}"] if pane.summary else [])]
        assert "\n".join([*head, ""]) in lines
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
