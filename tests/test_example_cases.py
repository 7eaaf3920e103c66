"""Three invented cases with their sources, as examples of what the format is for."""

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
from casefile.case.relations import outgoing_references
from casefile.views.case_panes import panes_of
from casefile.views.open_case import OpenCase
from casefile.views.panes import EntryRow, Pane, cell_text

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
    """Return the ids of a timeline's entries in order, the unplaced ones last."""
    timeline = open_case.timeline
    return [*(placement.id for placement in timeline.placed), *timeline.unplaced]


def pane(open_case: OpenCase, title: str) -> Pane:
    """Return the pane with a title."""
    return next(one for one in panes_of(open_case) if one.title == title)


def span(entry: Entry) -> tuple[str, str]:
    """Return the first and the last minute of a dated entry, as sortable text."""
    assert entry.date is not None
    first, last = entry.date.start.earliest, entry.date.end.latest
    assert first is not None
    assert last is not None
    return first.isoformat(" ", "minutes"), last.isoformat(" ", "minutes")


def in_dollars(amounts: tuple[Amount, ...]) -> int:
    """Return the amount of a payment in dollars, converted or not."""
    return next(int(amount.value or 0) for amount in amounts if amount.unit == "USD")


@each_case
def test_case_has_no_problems(path: Path) -> None:
    """Each case is valid, has only known keys, and has its file's name as its id."""
    assert [str(problem) for problem in reading_of(path).problems] == []
    assert case_of(path).unknown == {}
    assert case_of(path).case.id == path.stem


@each_case
def test_every_source_says_at_its_top_that_it_is_invented(path: Path) -> None:
    """No text of a case can be mistaken for a real one."""
    sources = case_of(path).of(Source)
    assert sources
    for source in sources:
        assert INVENTED.search(" ".join(units_of(case_of(path), source.id).values())[:120])


@each_case
def test_quoted_words_are_in_the_place_cited(path: Path) -> None:
    """The words are in the paragraph, line, row or time that the cite names."""
    case_file = case_of(path)
    astray = [
        (entry, cite.at, cite.quote)
        for entry, source, cite, named in citations(case_file)
        if not named or one_line(cite.quote or "") not in passage(case_file, source, named)
    ]
    assert astray == []


@each_case
def test_words_of_quotes_are_in_the_places_cited(path: Path) -> None:
    """So is each fragment of a quote, and the original of a translated one."""
    case_file = case_of(path)
    cited: dict[str, str] = {}
    for entry, source, _, named in citations(case_file):
        cited[entry] = f"{cited.get(entry, '')}\n{passage(case_file, source, named)}"
    for quote in case_file.of(Quote):
        for words in filter(None, (*quote.words, quote.original)):
            assert one_line(words) in cited[quote.id]


@each_case
def test_every_paragraph_is_cited_except_the_listed_ones(path: Path) -> None:
    """Whatever a source states has an entry, or is listed above as left out."""
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
def test_every_party_and_issue_is_referred_to(path: Path) -> None:
    """A party or issue that no other entry names would have no part in the case."""
    case_file = case_of(path)
    named = {one.to for entry in case_file.entries.values() for one in outgoing_references(entry)}
    listed = {entry.id for kind in (Party, Issue) for entry in case_file.of(kind)}
    assert listed - named == set()


@each_case
def test_case_file_is_readable_text(path: Path) -> None:
    """No escapes for letters, no empty values, no very long lines, and a small file."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST_FILE
    assert text.replace("\n", "").isprintable()
    assert re.findall(r'\\[^\n]|= ""$|= \[\]$|[ \t]$|\n{4}', text, re.MULTILINE) == []
    assert max(map(len, text.split("\n"))) <= LONGEST_LINE


def test_source_text_has_the_recorded_hash() -> None:
    """The text beside the case has the hash that its source records."""
    source = case_of(SHIPPING).entries["managers"]
    assert isinstance(source, Source)
    assert source.file
    data = (SHIPPING.parent / source.file).read_bytes()
    assert hashlib.sha256(data).hexdigest() == source.sha256


def test_custom_tables_have_panes_of_their_own(desk: Desk) -> None:
    """Custom tables come after those of the format, under their titles."""
    counts = {one.title: one.count for one in panes_of(desk.lay_open(SHIPPING))}
    assert list(counts)[-4:] == ["Vessels", "Shipments", "Payments", "Case"]
    assert (counts["Vessels"], counts["Shipments"], counts["Payments"]) == (12, 418, 570)


def test_custom_table_has_its_declared_columns(desk: Desk) -> None:
    """A row shows its date, the names of the entries it refers to and its amounts."""
    open_case = desk.lay_open(SHIPPING)
    shipments = pane(open_case, "Shipments")
    row = EntryRow("bl-0410")
    assert row in shipments.rows
    assert {one.heading: cell_text(open_case, row, one) for one in shipments.columns} == {
        "Date": "14 Mar 2019",
        "Bill": "LKC-0410",
        "Vessel": "MT Halcyon Breve",
        "Cargo": "gasoil",
        "Amounts": "31,200 tonnes",
    }


def test_custom_rows_match_the_rows_cited() -> None:
    """Each shipment and payment has the values of the register or ledger row cited."""
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


def test_ledger_confirms_number_of_bills_paid_twice() -> None:
    """The rows support the managers' claim and its total, and neither of the other claims."""
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


def test_vessels_were_silent_on_the_dates_of_their_bills() -> None:
    """Each gap in the AIS data is of the vessel and around the date of a bill."""
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


def test_order_of_shipping_case(desk: Desk) -> None:
    """Events, also undated ones, are in the order of the story; a dated claim is not there."""
    open_case = desk.lay_open(SHIPPING)
    order = order_of(open_case)
    assert open_case.timeline.contradictions == ()
    assert order[:5] == ["beginnings", "trade", "second-sets", "first-twice", "batam"]
    start = order.index("silence-5")
    assert order[start : start + 4] == ["silence-5", "berth-closed", "bill-issued", "loading"]
    assert order[-3:] == ["message-found", "winding-up", "empty-voyages"]
    assert "paid-twice" not in order
    assert open_case.timeline.unplaced == ("empty-voyages",)
    message, mailbox, appointment = map(order.index, ("message", "mailbox", "appointment"))
    assert message < mailbox < appointment


def test_seizures_are_totalled_by_unit(desk: Desk) -> None:
    """Units are never added together, and conversions are separate."""
    assert pane(desk.lay_open(SHIPPING), "Seizures").summary == (
        "14 stamps; 2 laptops; USD 2.31 million; approximately EUR 148,000 "
        "(approximately USD 165,000 as converted by the source); 1 vessel; "
        "quantity not stated for Blank forms"
    )


def test_calls_are_in_local_time_to_the_minute() -> None:
    """Times in UTC, with either offset around a clock change, and local times agree."""
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


def test_order_of_court_case(desk: Desk) -> None:
    """Minutes, intervals of minutes and a day without a time are in their order."""
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


def test_undated_meeting_is_between_its_bounds(desk: Desk) -> None:
    """A meeting known only to lie between two events is placed there, without a date."""
    order = order_of(desk.lay_open(COURT))
    assert case_of(COURT).entries["diner"].date is None
    assert order.index("waitress-back") < order.index("diner") < order.index("fire")


def test_deadline_after_hearing_does_not_extend_span(desk: Desk) -> None:
    """What is due by a day, after a dated event, can't be before the first event."""
    assert desk.lay_open(COURT).span == "Nov 2018 – Oct 2019"


def test_parts_come_after_start_of_their_whole(desk: Desk) -> None:
    """A part of a fire, a watch or a hearing is placed after its start."""
    order = order_of(desk.lay_open(COURT))
    parts = [(event.id, whole) for event in case_of(COURT).of(Event) for whole in event.part_of]
    assert len(parts) == 7
    assert all(order.index(whole) < order.index(part) for part, whole in parts)


def test_claims_of_two_witnesses_contradict_each_other() -> None:
    """Each claim of one, on hour, number or colour, is contradicted by one of the other."""
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


def test_quote_continues_on_next_page() -> None:
    """The words of the quote are one passage across a page break of the transcript."""
    case_file = case_of(COURT)
    within = units_of(case_file, "transcript")
    named = places("p. 2 l. 25 - p. 3 l. 1", within)
    assert named == [(2, 25), (3, 1)]
    quote = case_file.entries["quote-marrantz"]
    assert isinstance(quote, Quote)
    assert passage(case_file, "transcript", named).endswith(one_line(quote.words[0]))


def test_disputed_meeting_comes_after_the_undisputed_events(desk: Desk) -> None:
    """The meeting is placed by its own date, after the journey and the arrival."""
    order = order_of(desk.lay_open(BILINGUAL))
    assert order.index("journey") < order.index("arrival") < order.index("meeting")
    assert case_of(BILINGUAL).entries["meeting"].status == "disputed"


def test_hijri_dates_are_marked_as_computed() -> None:
    """The source's words in the Hijri calendar are given beside the computed day."""
    entries = case_of(BILINGUAL).entries.values()
    hijri = [entry for entry in entries if entry.date and "١٤٤" in (entry.date_text or "")]
    assert [entry.id for entry in hijri] == ["journey", "cash", "hearing"]
    assert {entry.date_basis for entry in hijri} == {"computed"}


def test_translated_quote_has_original_and_translation() -> None:
    """The words are in the Chinese source, the original in the Arabic one."""
    case_file = case_of(BILINGUAL)
    quote = case_file.entries["quote-accountant"]
    assert isinstance(quote, Quote)
    assert quote.original
    cited = [case_file.source_of(cite) for cite in quote.cites]
    assert cited == ["tongbao", "mahdar"]
    texts = [" ".join(units_of(case_file, source).values()) for source in cited if source]
    assert [quote.words[0] in text for text in texts] == [True, False]
    assert [quote.original in text for text in texts] == [False, True]


def test_units_of_any_script_are_totalled_separately(desk: Desk) -> None:
    """Chinese measure words and Arabic nouns are units like others."""
    assert pane(desk.lay_open(BILINGUAL), "Seizures").summary == (
        "17 台; 31 枚; CNY 1,264,000; 120 بالة; 2 جهاز; quantity not stated for 账册 and أختام"
    )


async def test_wide_and_combining_characters_keep_columns_aligned(desk: Desk) -> None:
    """They move neither the border nor what is beside it."""
    async with desk.open(BILINGUAL, size=(100, 30)) as reader:
        for key in ("1", "2", "3", "4", "5"):
            await reader.press(key)
            rows = [line for line in reader.text.split("\n") if "│" in line]
            assert len({cell_len(line.partition("│")[0]) for line in rows}) == 1
            assert len(rows) > 20
