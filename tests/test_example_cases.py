"""Three invented cases with their sources: what the format is meant for, and what comes of it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from example_cases import (
    BILINGUAL,
    COURT,
    SHIPPING,
    case_of,
    citations,
    free_rows,
    one_line,
    passage,
    places,
    reading_of,
    units_of,
)
from rich.cells import cell_len
from screens import Desk

from casefile.case.amounts import Amount
from casefile.case.model import (
    Claim,
    Entry,
    Event,
    FreeEntry,
    Issue,
    Party,
    Quote,
    Source,
)
from casefile.case.naming import namings_of
from casefile.views.case_panes import panes_of
from casefile.views.open_case import OpenCase
from casefile.views.panes import EntryRow, Pane, cell

# The report's last paragraph says to whom copies go. Nothing rests on it, and it is left uncited
# so that there is something for a look at the coverage to find.
UNCITED = {COURT: {("police-report", 12)}}

INVENTED = re.compile(
    r"invented for the tests|为测试程序而虚构|مختلق لاختبار برنامج", re.IGNORECASE
)

LARGEST_FILE = 400_000
LONGEST_LINE = 140

each_case = pytest.mark.parametrize(
    "path", [SHIPPING, COURT, BILINGUAL], ids=["shipping", "court", "bilingual"]
)


def order_of(open_case: OpenCase) -> list[str]:
    """Give the ids of a timeline's entries as they stand, those tied to no date last."""
    timeline = open_case.timeline
    return [*(placement.id for placement in timeline.placed), *timeline.unplaced]


def pane(open_case: OpenCase, title: str) -> Pane:
    """Give the pane of a case that bears a title."""
    return next(one for one in panes_of(open_case) if one.title == title)


def span(entry: Entry) -> tuple[str, str]:
    """Give the first and the last minute of a dated entry, to be compared as text."""
    assert entry.date is not None
    first, last = entry.date.start.earliest, entry.date.end.latest
    assert first is not None
    assert last is not None
    return first.isoformat(" ", "minutes"), last.isoformat(" ", "minutes")


def in_dollars(amounts: tuple[Amount, ...]) -> int:
    """Give the sum of a payment in dollars, be it converted."""
    return next(int(amount.value or 0) for amount in amounts if amount.unit == "USD")


@each_case
def test_it_reads_without_a_problem(path: Path) -> None:
    """Each case is a sound case file, every key in it is known, and its id is its file's name."""
    assert [str(problem) for problem in reading_of(path).problems] == []
    assert case_of(path).unknown == {}
    assert case_of(path).case.id == path.stem


@each_case
def test_every_source_says_at_its_top_that_it_is_invented(path: Path) -> None:
    """No text beside a case can be taken for a real one."""
    sources = case_of(path).of(Source)
    assert sources
    for source in sources:
        assert INVENTED.search(" ".join(units_of(case_of(path), source.id).values())[:120])


@each_case
def test_quoted_words_stand_at_the_place_cited(path: Path) -> None:
    """The words relied on stand in the paragraph, line, row or moment that the cite names."""
    case_file = case_of(path)
    astray = [
        (entry, cite.at, cite.quote)
        for entry, source, cite, named in citations(case_file)
        if not named or one_line(cite.quote or "") not in passage(case_file, source, named)
    ]
    assert astray == []


@each_case
def test_the_words_of_quotes_stand_at_the_places_cited(path: Path) -> None:
    """Each fragment of a quote, and what it was translated from, stands where the quote cites."""
    case_file = case_of(path)
    cited: dict[str, str] = {}
    for entry, source, _, named in citations(case_file):
        cited[entry] = f"{cited.get(entry, '')}\n{passage(case_file, source, named)}"
    for quote in case_file.of(Quote):
        for words in filter(None, (*quote.words, quote.original)):
            assert one_line(words) in cited[quote.id]


@each_case
def test_every_paragraph_is_cited_but_one(path: Path) -> None:
    """Whatever a source states has become an entry, or is named above as left out."""
    case_file = case_of(path)
    wordless = re.compile(r"\W*")
    all_units = {
        (source.id, unit)
        for source in case_file.of(Source)
        for unit, text in units_of(case_file, source.id).items()
        if not wordless.fullmatch(text)
    }
    cited = {(source, unit) for _, source, _, named in citations(case_file) for unit in named}
    assert all_units - cited == UNCITED.get(path, set())


@each_case
def test_every_party_and_every_issue_has_a_part(path: Path) -> None:
    """A party or an issue that no other entry names would have no part in the case."""
    case_file = case_of(path)
    named = {one.to for entry in case_file.entries.values() for one in namings_of(entry)}
    listed = {entry.id for kind in (Party, Issue) for entry in case_file.of(kind)}
    assert listed - named == set()


@each_case
def test_it_is_written_as_a_person_writes(path: Path) -> None:
    """No escapes in place of letters, no empty values, no endless lines; small enough to mail."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST_FILE
    assert text.replace("\n", "").isprintable()
    assert re.findall(r'\\[^\n]|= ""$|= \[\]$|[ \t]$|\n{4}', text, re.MULTILINE) == []
    assert max(map(len, text.split("\n"))) <= LONGEST_LINE


def test_a_source_text_is_the_one_that_was_hashed() -> None:
    """Where a source carries the hash of its text, the text beside it is that text."""
    source = case_of(SHIPPING).entries["managers"]
    assert isinstance(source, Source)
    assert source.file
    data = (SHIPPING.parent / source.file).read_bytes()
    assert hashlib.sha256(data).hexdigest() == source.sha256


def test_a_thousand_rows_have_panes_of_their_own(desk: Desk) -> None:
    """The tables that the format does not name stand behind its own, under their titles."""
    counts = {one.title: one.count for one in panes_of(desk.lay_open(SHIPPING))}
    assert list(counts)[-4:] == ["Vessels", "Shipments", "Payments", "Case"]
    assert (counts["Vessels"], counts["Shipments"], counts["Payments"]) == (12, 418, 570)


def test_the_columns_of_a_table_are_those_declared(desk: Desk) -> None:
    """A row shows its date, its references by their names, and its amounts in words."""
    open_case = desk.lay_open(SHIPPING)
    shipments = pane(open_case, "Shipments")
    row = EntryRow("bl-0410")
    assert row in shipments.rows
    assert {one.heading: cell(open_case, row, one) for one in shipments.columns} == {
        "Date": "14 Mar 2019",
        "Bill": "LKC-0410",
        "Vessel": "MT Halcyon Breve",
        "Cargo": "gasoil",
        "Amounts": "31,200 tonnes",
    }


def test_a_row_is_what_stands_in_the_row_cited() -> None:
    """Each shipment and payment is the line of the register or ledger that it cites first."""
    case_file = case_of(SHIPPING)
    for row in (*free_rows(SHIPPING, "shipment"), *free_rows(SHIPPING, "payment")):
        cite = row.cites[0]
        assert cite.source
        assert cite.at
        within = units_of(case_file, cite.source)
        fields = passage(case_file, cite.source, places(cite.at, within)).split(",")
        number = row.amounts[0].value
        assert row.date
        assert row.date.written in fields
        assert (str(number) if number else "illegible") in fields


def test_the_ledger_decides_how_many_bills_were_paid_twice() -> None:
    """The rows bear out the managers' claim, its sum too, and neither of the other two."""
    case_file = case_of(SHIPPING)
    lenders: dict[str, list[FreeEntry]] = {}
    for payment in free_rows(SHIPPING, "payment"):
        if payment.own["purpose"] == "drawdown":
            lenders.setdefault(payment.refers["shipment"][0], []).append(payment)
    twice = [both for both in lenders.values() if len(both) > 1]
    claim, total = (case_file.entries[one] for one in ("thirty-eight", "paid-twice"))
    assert len(lenders) == len(free_rows(SHIPPING, "shipment"))
    assert len(twice) == claim.amounts[0].value
    assert all({one.refers["payer"] for one in both} > {both[0].refers["payer"]} for both in twice)
    least = total.amounts[0].value
    assert least is not None
    assert least <= sum(in_dollars(second.amounts) for _, second in twice) < least + 1_000_000
    assert claim.contradicts == ("more-than-forty", "six-at-most")


def test_the_vessel_was_silent_on_the_date_of_the_bill() -> None:
    """Each gap in the AIS data is of the vessel that a bill names, and around the bill's date."""
    case_file = case_of(SHIPPING)
    gaps = [event for event in case_file.of(Event) if event.type == "AIS gap"]
    assert len(gaps) == 5
    for gap in gaps:
        vessel, bill = gap.about
        shipment = case_file.entries[bill]
        assert isinstance(shipment, FreeEntry)
        assert shipment.refers["vessel"] == (vessel,)
        (silent, heard), (day, end_of_day) = span(gap), span(shipment)
        assert silent < day < end_of_day < heard


def test_the_order_of_a_bill_pledged_twice(desk: Desk) -> None:
    """Events, undated ones among them, and a dated claim, stand in the order of the story."""
    open_case = desk.lay_open(SHIPPING)
    order = order_of(open_case)
    assert open_case.timeline.contradictions == ()
    assert order[:5] == ["beginnings", "trade", "second-sets", "first-twice", "batam"]
    start = order.index("silence-5")
    assert order[start : start + 4] == ["silence-5", "berth-closed", "bill-issued", "loading"]
    assert order[-3:] == ["paid-twice", "winding-up", "empty-voyages"]
    assert open_case.timeline.unplaced == ("empty-voyages",)
    message, mailbox, appointment = map(order.index, ("message", "mailbox", "appointment"))
    assert message < mailbox < appointment


def test_what_was_seized_comes_to_sums_by_unit(desk: Desk) -> None:
    """Sums never cross units, and a sum in another currency is told apart from its conversion."""
    assert pane(desk.lay_open(SHIPPING), "Seizures").summary == (
        "14 stamps; 2 laptops; USD 2.31 million; approximately EUR 148,000; "
        "converted: approximately USD 165,000; 1 vessel and 1 unstated quantity"
    )


def test_calls_stand_to_the_minute_in_the_time_of_the_place() -> None:
    """Records in UTC, offsets of either side of a change of clocks, and local times agree."""
    case_file = case_of(COURT)
    calls = [case_file.entries[f"call-{number}"] for number in range(1, 7)]
    assert [span(call)[0] for call in calls] == [
        "2019-03-04 21:07",
        "2019-03-09 22:48",
        "2019-03-10 01:52",
        "2019-03-10 03:04",
        "2019-03-10 04:03",
        "2019-03-10 04:31",
    ]
    assert span(calls[5]) == ("2019-03-10 04:31", "2019-03-10 04:37")


def test_the_order_of_a_night(desk: Desk) -> None:
    """Minutes, intervals of minutes and a day without an hour stand as they followed each other."""
    open_case = desk.lay_open(COURT)
    order = order_of(open_case)
    night = order[order.index("watch") : order.index("first-accounts") + 1]
    assert night == [
        *("watch", "coffee", "call-2", "light", "call-3", "call-4", "van", "order"),
        *("fire", "alarm", "call-911", "call-5", "engines", "call-6", "informed"),
        "first-accounts",
    ]
    assert open_case.timeline.contradictions == ()
    assert open_case.timeline.unplaced == ()


def test_an_undated_meeting_stands_between_the_two_it_lay_between(desk: Desk) -> None:
    """What one witness knows only to lie between two events stands there, and has no date."""
    order = order_of(desk.lay_open(COURT))
    assert case_of(COURT).entries["diner"].date is None
    assert order.index("waitress-back") < order.index("diner") < order.index("fire")


def test_a_deadline_that_follows_a_hearing_opens_no_span(desk: Desk) -> None:
    """What is due by a day, after a dated event, can't have been before the first of all."""
    assert desk.lay_open(COURT).span == "Nov 2018 – Oct 2019"


def test_parts_stand_after_the_whole_begins(desk: Desk) -> None:
    """What is part of a fire, a watch or a hearing stands no earlier than it."""
    order = order_of(desk.lay_open(COURT))
    parts = [(event.id, whole) for event in case_of(COURT).of(Event) for whole in event.part_of]
    assert len(parts) == 7
    assert all(order.index(whole) < order.index(part) for part, whole in parts)


def test_two_witnesses_contradict_each_other() -> None:
    """Hour, colour and number: each claim of one is contradicted by one of the other's."""
    case_file = case_of(COURT)
    pairs = {
        (claim.id, other)
        for claim in case_file.of(Claim)
        if claim.by == ("marrantz",)
        for other in claim.contradicts
    }
    assert pairs == {
        ("at-ten-to-three", "at-ten-to-four"),
        ("one-man", "two-men"),
        ("pale-van", "dark-van"),
    }
    said_otherwise = [
        (case_file.source_of(cite), cite.at)
        for cite in case_file.entries["van"].cites
        if (cite.stance, cite.field) == ("contradicts", "date")
    ]
    assert said_otherwise == [("transcript", "p. 2 l. 10"), ("police-report", "para 6")]


def test_an_answer_goes_over_from_one_page_to_the_next() -> None:
    """A quote's words are one passage, though a page of the transcript ends within it."""
    case_file = case_of(COURT)
    within = units_of(case_file, "transcript")
    named = places("p. 2 l. 25 - p. 3 l. 1", within)
    assert named == [(2, 25), (3, 1)]
    quote = case_file.entries["quote-marrantz"]
    assert isinstance(quote, Quote)
    assert passage(case_file, "transcript", named).endswith(one_line(quote.words[0]))


def test_three_sources_give_three_times_for_one_meeting(desk: Desk) -> None:
    """Of a meeting that is disputed the two others stand first, each by the date it was given."""
    order = order_of(desk.lay_open(BILINGUAL))
    assert order.index("journey") < order.index("arrival") < order.index("meeting")
    assert case_of(BILINGUAL).entries["meeting"].status == "disputed"


def test_a_day_of_another_calendar_is_marked_as_computed() -> None:
    """Where the source counts in the Hijri calendar, its words stand beside the day computed."""
    entries = case_of(BILINGUAL).entries.values()
    hijri = [entry for entry in entries if entry.date and "١٤٤" in (entry.date_text or "")]
    assert [entry.id for entry in hijri] == ["journey", "cash", "hearing"]
    assert {entry.date_basis for entry in hijri} == {"computed"}


def test_a_translated_quote_has_both_texts() -> None:
    """The words stand in the Chinese source, the original in the Arabic one."""
    case_file = case_of(BILINGUAL)
    quote = case_file.entries["quote-accountant"]
    assert isinstance(quote, Quote)
    assert quote.original
    cited = [case_file.source_of(cite) for cite in quote.cites]
    assert cited == ["tongbao", "mahdar"]
    texts = [" ".join(units_of(case_file, source).values()) for source in cited if source]
    assert [quote.words[0] in text for text in texts] == [True, False]
    assert [quote.original in text for text in texts] == [False, True]


def test_units_of_any_script_are_summed_apart(desk: Desk) -> None:
    """Chinese measure words and Arabic nouns are units like others."""
    assert pane(desk.lay_open(BILINGUAL), "Seizures").summary == (
        "17 台; 31 枚; CNY 1,264,000; 120 بالة; 2 جهاز and 2 unstated quantities"
    )


async def test_scripts_of_any_width_leave_the_columns_where_they_are(desk: Desk) -> None:
    """Wide and combining characters move neither the border nor what stands beside it."""
    async with desk.open(BILINGUAL, size=(100, 30)) as reader:
        for key in ("1", "2", "3", "4", "5"):
            await reader.press(key)
            rows = [line for line in reader.text.split("\n") if "│" in line]
            assert len({cell_len(line.partition("│")[0]) for line in rows}) == 1
            assert len(rows) > 20
