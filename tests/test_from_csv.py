"""`casefile from-csv`: reading a table, converting it, and reporting what to settle."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casefile.authoring import csv_table
from casefile.authoring.cell_cites import CellCite, pair_cites, parse_cites
from casefile.authoring.columns import cell_keys, extra_keys, guess_column_map
from casefile.authoring.csv_table import BadTable, CsvRow, CsvTable, parse_table
from casefile.authoring.new_ids import IdPool, slugify
from casefile.authoring.row_import import ImportOptions
from casefile.authoring.table_import import import_table
from casefile.authoring.toml_text import (
    assignment_lines,
    basic_string,
    comment_lines,
    commented_out,
)
from casefile.case.model import ENTRY_TYPES, Entry, Event, Quote
from casefile.case.reader import read_case
from casefile.cli import command_line
from casefile.text.inert import inert


class Converted(NamedTuple):
    """The result of a conversion."""

    code: int
    toml: str
    said: list[str]

    @property
    def document(self) -> dict[str, Any]:
        """The case file, parsed."""
        return tomllib.loads(self.toml)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events as written."""
        events: list[dict[str, Any]] = self.document.get("event", [])
        return events


Convert = Callable[..., Converted]


@pytest.fixture
def convert(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Convert:
    """Return a function that converts a table; its result has to open without a problem."""

    def convert(sheet: str | bytes, *options: str, name: str = "facts.csv") -> Converted:
        path = tmp_path / name
        path.write_bytes(sheet if isinstance(sheet, bytes) else sheet.encode())
        code = command_line.run(["from-csv", str(path), *options])
        out, err = capfd.readouterr()
        if code != 2:
            case = tmp_path / "case.toml"
            case.write_text(out, encoding="utf-8")
            assert read_case(case).problems == ()
        said = [line.replace(f"{tmp_path}/", "") for line in err.splitlines()]
        return Converted(code, out, said)

    return convert


# How a sheet is read


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("Date,Fact\r\n2017,Größe\r\n".encode("utf-8-sig"), id="CSV UTF-8 of Excel"),
        pytest.param("Date;Fact\r\n2017;Größe\r\n".encode(), id="semicolons of German Excel"),
        pytest.param("Date\tFact\r\n2017\tGröße\r\n".encode("utf-16"), id="Unicode text of Excel"),
        pytest.param(b"\xfe\xff" + "Date\tFact\n2017\tGröße".encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param("sep=|\r\nDate|Fact\r\n2017|Größe\r\n".encode(), id="told by its first line"),
        pytest.param("Date,Fact\r2017,Größe\r".encode(), id="line ends of old Macs"),
        pytest.param("\n,,\nDate , Fact,\n\n2017, Größe\n,,,\n".encode(), id="empty rows, spaces"),
        pytest.param('"Date","Fact"\n2017, "Größe"'.encode(), id="quotation marks after a space"),
    ],
)
def test_exports_of_common_programs_are_read(data: bytes) -> None:
    """Byte order marks, encodings, delimiters and line ends are detected."""
    sheet = parse_table(data)
    assert sheet.columns == ("Date", "Fact")
    assert [row.cells for row in sheet.rows] == [("2017", "Größe")]


def test_quoted_cells_may_hold_anything() -> None:
    """Line breaks, delimiters and doubled quotation marks are part of a quoted cell."""
    sheet = parse_table(b'Date,Fact\n2017,"one, ""two""\r\nthree; four"\n')
    assert sheet.rows[0].cells == ("2017", 'one, "two"\nthree; four')


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    """Empty rows count, and a row of several lines counts once."""
    sheet = parse_table(b'Chronology,\n\nDate,Fact\n2017,"a\nb"\n,\n2018,c\n', header=3)
    assert [row.number for row in sheet.rows] == [4, 6]
    assert [(row.number, row.cells[0]) for row in sheet.above] == [(1, "Chronology")]


def test_columns_get_unique_names() -> None:
    """Equal names get a number, an empty one its position; cells beyond the last name are extra."""
    sheet = parse_table(b"Note,Note,,note,Note (2),\n1,2,3,4,5,6\n")
    assert sheet.columns == ("Note", "Note (2)", "column 3", "note (3)", "Note (2) (2)")
    assert sheet.rows[0].extra == ("6",)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Datum;Was\n2017;eins, zwei\n2018;drei, vier", ";"),
        ("Date,Fact\n2017,a; b\n2018,c; d; e\n2019,f", ","),
        ("Date\tFact, short\n2017\tone, two\n2018\tthree", "\t"),
        ("Fact\nonly this", ","),
    ],
)
def test_delimiter_is_detected_from_equal_rows(text: str, delimiter: str) -> None:
    """Delimiters within the text of some cells don't matter."""
    assert parse_table(text.encode()) == parse_table(text.encode(), delimiter=delimiter)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "holds no cells"),
        (b"Date,Fact\n2017,Gr\xf6\xdfe", "byte 0xf6 on line 2 is not UTF-8; name it with --encod"),
        ("Date,Fact\n".encode("utf-16-le"), "--encoding utf-16-le may be right"),
        (b"PK\x03\x04", "save it as CSV UTF-8"),
        (b"a,b;c\nd,e;f", "may be parted by “,” or “;”; --delimiter says by which"),
        (b'Date,Fact\n2017,"a"b\n', "goes on after its closing quotation mark"),
        (b'Date,Fact\n2017,"never closed\n2018,b', "never closed; close it"),
        (b'Date,Fact\n2017,"' + b"long " * 40_000, "is a quotation mark not closed?"),
        (b"Fact" + b"," * 20_000, "more than 16,384 cells; --delimiter says what parts them"),
        (b"a\n" + b"b," * 10_000_001, "more than 10,000,000 cells; part it into several files"),
        (b"," * 999 + b"Fact\n" + b"a\n" * 10_001, "more than 10,000,000 cells; part it into sev"),
    ],
)
def test_ambiguous_or_broken_tables_are_refused(data: bytes, why: str) -> None:
    """No cell is misread silently: the message says what would be right."""
    with pytest.raises(BadTable) as refused:
        parse_table(data)
    assert why in str(refused.value)


def test_number_of_rows_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows count as in a spreadsheet program, empty ones too."""
    monkeypatch.setattr(csv_table, "MOST_ROWS", 20)
    assert len(parse_table(b"a\n" * 20).rows) == 19
    with pytest.raises(BadTable, match="more than 20 rows; part it into several files"):
        parse_table(b"a\n" + b"\n" * 20)


def test_encoding_option_is_used(convert: Convert) -> None:
    """A table that is not UTF-8 is read with --encoding, and a wrong name is refused."""
    sheet = "Date,Fact\n2017,Größe".encode("cp1252")
    refused = convert(sheet)
    assert refused.code == 2
    assert "--encoding" in refused.said[0]
    assert convert(sheet, "--encoding", "cp1252").events[0]["title"] == "Größe"
    for wrong in ("cp1253x", "hex", "utf-8"):
        assert convert(sheet, "--encoding", wrong).code == 2


# Which column is what


def test_map_ignores_case_and_spaces(convert: Convert) -> None:
    """Names are compared without case and spaces, and may hold commas."""
    done = convert("DATE, What  happened, when\n2017,x,y", "--map", "title=what happened,date=date")
    assert done.code == 0
    assert done.events == [{"id": "x", "title": "x", "date": "2017"}]
    done = convert('Date,"Fact, short"\n2017,x', "--map", "title=Fact, short,date=Date")
    assert done.events[0]["title"] == "x"


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ("title=Facts", "there is no column “Facts”; the nearest is “Fact”"),
        ("title=Zzz", "known: Date, Fact"),
        ("headline=Fact", "no column fills “headline” of event; its keys are id, title"),
        ("title=Fact,title=Date", "title is mapped twice"),
        ("date=Date", "nothing fills title; every event has one"),
        ("title", "no column “”"),
    ],
)
def test_wrong_map_is_refused_with_a_hint(convert: Convert, mapping: str, why: str) -> None:
    """Unknown names, keys that no cell can fill, and missing keys give exit code 2."""
    done = convert("Date,Fact\n2017,x", "--map", mapping)
    assert done.code == 2
    assert done.toml == ""
    assert why in done.said[0]


@pytest.mark.parametrize(
    ("columns", "filling"),
    [
        ("Date & Time|Fact Text|Source(s)|Linked Issues", "date title cites issues"),
        ("When|What happened|Who|Where|Link|Source", "date title involved location url source"),
        ("Datum|Uhrzeit|Ereignis|Ort|Quelle|Seite", "date time title location source at"),
        ("日期|事件|地点|人物|来源", "date title location involved cites"),
        ("Date|Description", "date title"),
        ("Date|Event|Description|Status|Notes", "date title text"),
        ("Date|Remarks", None),
    ],
)
def test_map_is_guessed_from_the_header(columns: str, filling: str | None) -> None:
    """A status is never guessed, since it may be any status."""
    names = columns.split("|")
    found = guess_column_map(names, Event)
    if filling is None:
        assert found is None
    else:
        assert found == {key: (place,) for place, key in enumerate(filling.split())}


def test_guessed_map_is_printed(convert: Convert) -> None:
    """It can be copied, changed and given as --map."""
    done = convert("Date,Event\n2017,x")
    assert "facts.csv: Guessed from the header: --map title=Event,date=Date" in done.said


def test_unclear_header_asks_for_a_map(convert: Convert) -> None:
    """The columns are listed with an example, and no case file is printed."""
    done = convert("A,B b\n2017,x")
    assert (done.code, done.toml) == (2, "")
    assert done.said[1:3] == ["    A", "    B b"]
    assert "--map 'title=A,date=B b'" in done.said[3]


# What rows become


def test_event_with_every_key(convert: Convert) -> None:
    """Cells become values of the format, in the documented order."""
    done = convert(
        "Title,When,To,Place,By,People,Amount,Key,Tags,Issue,State,Said,Words\n"
        "Raid,2017-11-03,2017-11-05,Riga; Tallinn,Police,Ann; Bo,300 kg,yes,a; b,Who?,Disputed,"
        '"Report, p. 3; p. 5","Two\nlines"\n',
        "--map",
        "title=Title,date=When,end=To,location=Place,by=By,involved=People,amounts=Amount,key=Key",
        "--map",
        "tags=Tags,issues=Issue,status=State,cites=Said,text=Words",
    )
    assert (done.code, len(done.said)) == (0, 1)
    assert list(done.events[0].items()) == [
        ("id", "raid"),
        ("title", "Raid"),
        ("date", "2017-11-03/2017-11-05"),
        ("date_text", "2017-11-03 – 2017-11-05"),
        ("location", ["Riga", "Tallinn"]),
        ("by", "police"),
        ("involved", ["ann", "bo"]),
        ("key", True),
        ("amounts", [{"text": "300 kg"}]),
        ("issues", ["who"]),
        ("tags", ["a", "b"]),
        ("status", "disputed"),
        ("text", "Two\nlines"),
        ("cites", ["report, p. 3", "report, p. 5"]),
    ]
    assert done.document["source"] == [{"id": "report", "title": "Report"}]
    assert done.document["issue"] == [{"id": "who", "title": "Who?"}]


def test_type_of_a_party_may_be_any_word(convert: Convert) -> None:
    """A type of the format is found whatever its spelling, and another is kept as it is."""
    done = convert("Name,Type\nFirst,bank account\nMarlin Bay,Yacht\n", "--table", "party")
    assert (done.code, [party["type"] for party in done.document["party"]]) == (
        0,
        ["BankAccount", "Yacht"],
    )


def test_each_name_becomes_one_party(convert: Convert) -> None:
    """Spacing and case don't matter; other spellings are kept as comments."""
    done = convert("Event,By,People\na,Jane Doe,JANE  DOE; Bo\nb,,Jané Doe\n")
    assert done.document["party"] == [
        {"id": "jane-doe", "name": "Jane Doe", "type": "Unknown"},
        {"id": "bo", "name": "Bo", "type": "Unknown"},
        {"id": "jane-doe-2", "name": "Jané Doe", "type": "Unknown"},
    ]
    assert "# Also written: JANE DOE\n" in done.toml
    assert [event["involved"] for event in done.events] == [["jane-doe", "bo"], "jane-doe-2"]


def test_places_and_urls_may_be_in_other_columns(convert: Convert) -> None:
    """A number gets the unit that its column is named after; another URL is another source."""
    done = convert(
        "Event,Source,Page,Link\na,News,3,https://x.org/1\nb,News,S. 4,https://x.org/2\nc,,,\n"
    )
    assert [event.get("cites") for event in done.events] == [["news, p. 3"], ["news-2, S. 4"], None]
    assert [source["url"] for source in done.document["source"]] == [
        "https://x.org/1",
        "https://x.org/2",
    ]


@pytest.mark.parametrize(
    ("cell", "several"),
    [
        ("Report", [CellCite("Report")]),
        ("Report, p. 3", [CellCite("Report", "p. 3")]),
        ("Smith Dep. 45:12-46:3", [CellCite("Smith Dep.", "45:12-46:3")]),
        ("Ex. 12 at 3;para 4", [CellCite("Ex. 12", "at 3"), CellCite("Ex. 12", "para 4")]),
        ("Doe, p. 45 l. 12 - p. 46 l. 3", [CellCite("Doe", "p. 45 l. 12 - p. 46 l. 3")]),
        ("Smith Dep. at 45:12", [CellCite("Smith Dep.", "45:12")]),
        ("Harbour Act, § 4(b)", [CellCite("Harbour Act", "§ 4(b)")]),
        ("Indictment, Count 2", [CellCite("Indictment", "Count 2")]),
        ("Urteil, Rn. 12 f.", [CellCite("Urteil", "Rn. 12 f.")]),
        ("Meeting at 10 Downing Street", [CellCite("Meeting at 10 Downing Street")]),
        ("Boeing 747", [CellCite("Boeing 747")]),
        ("para 4", [CellCite("para 4")]),
        ("https://x.org/a", [CellCite("https://x.org/a", url="https://x.org/a")]),
        ("News (https://x.org/a)", [CellCite("News", url="https://x.org/a")]),
    ],
)
def test_cites_are_split_into_title_and_place(cell: str, several: list[CellCite]) -> None:
    """A place alone belongs to the source before it."""
    assert parse_cites(cell.split(";")) == several


def test_sources_and_places_are_paired_only_if_they_match() -> None:
    """One source takes all places; several take one each; other numbers are not paired."""
    assert pair_cites(["A"], ["1", "2"], []) == [CellCite("A", "1"), CellCite("A", "2")]
    assert pair_cites(["A", "B"], ["1", "2"], []) == [CellCite("A", "1"), CellCite("B", "2")]
    assert pair_cites([], [], ["u"]) == [CellCite("u", "", "u")]
    assert pair_cites([], ["1"], []) == [CellCite("", "1")]
    assert pair_cites(["A", "B"], ["1"], []) is None


def test_ids_are_short_readable_and_unique(convert: Convert) -> None:
    """They are made from titles, or from table and row if there are no Latin letters."""
    done = convert(
        "Event,People\n"
        "Jürgen Müller’s lorry leaves the port of Łódź for good,\n"
        "Jürgen Müller’s lorry leaves the port again,\n"
        "抓捕,王\n"
        "2017,facts\n"
    )
    ids = [event["id"] for event in done.events]
    assert ids == [
        "jurgen-mullers-lorry-leaves-the",
        "jurgen-mullers-lorry-leaves-the-2",
        "event-4",
        "event-5",
    ]
    # The case is called so already.
    assert [party["id"] for party in done.document["party"]] == ["party-1", "facts-2"]


def test_given_ids_are_kept(convert: Convert) -> None:
    """They have priority over generated ones; text that is no id becomes one, with a comment."""
    done = convert("ID,Event\nF 12,Ann\nann,x\nf-12,y\n第三,z\n")
    assert [event["id"] for event in done.events] == ["f-12", "ann", "f-12-2", "z"]
    assert "# ID: F 12\n" in done.toml
    assert done.said[:2] == [
        "facts.csv:4: id “f-12”: another entry has it; it is f-12-2 here",
        "facts.csv:5: id “第三”: it has no letter a-z or digit; one is made of the title",
    ]


@pytest.mark.parametrize("title", ["First line\nsecond line", "word " * 50])
def test_long_title_is_shortened_and_kept_in_the_text(convert: Convert, title: str) -> None:
    """A title is one line that fits a list; the whole cell comes before the other text."""
    done = convert(f'Event,Details\n"{title}",more\n')
    event = done.events[0]
    assert event["title"].endswith(" …")
    assert len(event["title"]) < 130
    assert event["text"] == f"{title.strip()}\n\nmore"


@pytest.mark.parametrize("table", [kind.table for kind in ENTRY_TYPES])
def test_rows_may_be_of_any_table(convert: Convert, table: str) -> None:
    """Every table of the format can be filled from a spreadsheet with the required columns."""
    keys = [key.name for kind in ENTRY_TYPES if kind.table == table for key in required_keys(kind)]
    done = convert(
        f"{','.join(keys)}\n{','.join(f'some {key}' for key in keys)}\n", "--table", table
    )
    assert done.code == 0
    assert len(done.document[table]) == 1


def required_keys(kind: type[Entry]) -> list[Any]:
    """Return the keys of a table that a column has to fill."""
    return [key for key in cell_keys(kind).values() if key.is_required and not key.default]


# What a person has to settle


def test_unclear_date_is_kept_as_text(convert: Convert) -> None:
    """The entry opens without a date, and the row is reported by its number."""
    done = convert("Date,Event\nearly 2017,x\n")
    assert done.code == 1
    assert done.events == [{"id": "x", "title": "x", "date_text": "early 2017"}]
    need = "date “early 2017”: “early” has no exact bounds; write 2017, or [2017-01..2017-04]"
    assert done.said[0].startswith(f"facts.csv:2: {need}")
    assert f"# To settle: {need}" in done.toml
    assert done.said[-1] == "facts.csv: 1 row: 1 event; 1 row to settle, marked “To settle”."


def test_words_for_no_date_become_a_comment(convert: Convert) -> None:
    """“TBD” is a remark of the writer, not what the source says."""
    done = convert("Date,Event\nTBD,x\n-,y\n")
    assert done.code == 0
    assert done.events == [{"id": "x", "title": "x"}, {"id": "y", "title": "y"}]
    assert "# Date: TBD\n" in done.toml


def test_row_without_title_becomes_a_commented_entry(convert: Convert) -> None:
    """Without its number signs it is the entry, with an empty title."""
    done = convert('Date,Event,Details,Mood\n2017-11-03,,"one\ntwo",calm\n')
    assert done.code == 1
    assert done.events == []
    assert done.said[0] == "facts.csv:2: it has no title; every event has one"
    _, _, commented = done.toml.partition("# Row 2 is no entry yet.\n")
    lines = [line.removeprefix("# ") for line in commented.splitlines()]
    assert tomllib.loads("\n".join(lines))["event"] == [
        {"id": "event-2", "title": "", "date": "2017-11-03", "text": "one\ntwo"}
    ]
    assert "# Mood: calm" in lines


def test_row_with_too_many_cells_becomes_a_comment(convert: Convert) -> None:
    """Its cells may be shifted, so they create no entry, party or source."""
    done = convert("Date,Event,Source\n2017,$5,000 paid,Bank\n2018,x,y\n", "--delimiter", ",")
    assert done.code == 1
    assert [source["title"] for source in done.document["source"]] == ["y"]
    assert len(done.events) == 1
    for line in ("# Event: $5", "# Source: 000 paid", "# beyond the last column: Bank"):
        assert f"{line}\n" in done.toml


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("status", "confirmed", "is none of the format's; one of undisputed, disputed"),
        ("key", "perhaps", "is neither yes nor no"),
        ("time", "14:05", "has no date; write the day too"),
    ],
)
def test_invalid_cell_becomes_a_comment(convert: Convert, column: str, cell: str, why: str) -> None:
    """A value that the format does not have is reported and kept."""
    done = convert(f"Event,Col\nx,{cell}\n", "--map", f"title=Event,{column}=Col")
    assert done.code == 1
    assert done.events == [{"id": "x", "title": "x"}]
    assert why in done.said[0]
    assert f"# Col: {cell}\n" in done.toml


def test_unclear_time_keeps_the_day(convert: Convert) -> None:
    """The date is the day, the text of both is kept, and the time is to be settled."""
    done = convert("Date,Time,Event\n2017-11-03,14:05,x\n2017-11-03,afternoon,y\n")
    assert done.code == 1
    assert [event["date"] for event in done.events] == ["2017-11-03T14:05", "2017-11-03"]
    assert [event.get("date_text") for event in done.events] == [None, "2017-11-03 afternoon"]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("3/4/2017 3/5/2017 22/5/2017", "2 dates may be read in two ways; what can be read in"),
        ("3/4/2017 22/5/2017 5/22/2017", "row 3 day-first, row 4 month-first"),
        ("3/4/2017", "--day-first or --month-first says which is meant"),
    ],
)
def test_order_of_day_and_month_is_suggested_not_assumed(
    convert: Convert, dates: str, said: str
) -> None:
    """The other dates suggest an option; only the option decides."""
    rows = [f"{date},event {number}" for number, date in enumerate(dates.split())]
    sheet = "\n".join(["Date,Event", *rows])
    done = convert(sheet)
    assert done.code == 1
    assert "date" not in done.events[0]
    assert any(said in line for line in done.said)
    assert convert(sheet, "--day-first").events[0]["date"] == "2017-04-03"
    assert convert(sheet, "--month-first").events[0]["date"] == "2017-03-04"


# Nothing is lost, and what comes out is TOML


def test_unmapped_columns_become_comments_or_keys(convert: Convert) -> None:
    """With --keep they become keys unlike any of the format's."""
    sheet = 'Event,Status,Checked by,核对\nx,done,"A\nB",是\n'
    done = convert(sheet)
    assert done.code == 0
    assert "# Status: done\n# Checked by: A\n# B\n# 核对: 是\n" in done.toml
    kept = convert(sheet, "--keep").events[0]
    assert kept == {
        "id": "x", "title": "x", "column_status": "done", "checked_by": "A\nB", "核对": "是",
    }  # fmt: skip


def test_rows_above_the_header_become_comments(convert: Convert) -> None:
    """A title above the table is a comment at the top."""
    done = convert("Chronology of the case,\n\nDate,Event\n2017,x\n", "--header", "3")
    assert done.code == 0
    assert "# Row 1: Chronology of the case\n" in done.toml


def test_case_is_named_after_the_file_or_by_options(convert: Convert) -> None:
    """The id is made from the file name; --id is needed if none can be."""
    sheet = "Date,Event\n2017,x\n"
    case = convert(sheet, name="Akte Müller.csv").document["case"]
    assert case == {"id": "akte-muller", "title": "Akte Müller"}
    case = convert(sheet, "--id", "m-1", "--title", 'The "M" case').document["case"]
    assert case == {"id": "m-1", "title": 'The "M" case'}
    assert "give one with --id ID" in convert(sheet, name="事件.csv").said[0]
    assert "“M 1” is not a valid id" in convert(sheet, "--id", "M 1").said[0]


def test_table_is_read_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A dash reads the output of another program."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Date,Event\n2017,x\n")))
    assert command_line.run(["from-csv", "-"]) == 0
    document = tomllib.loads(capfd.readouterr().out)
    assert document["case"]["id"] == "my-case"
    assert document["event"][0]["title"] == "x"


def test_closed_standard_input_is_refused(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The message says that it is closed."""
    monkeypatch.setattr(sys, "stdin", None)
    assert command_line.run(["from-csv", "-"]) == 2
    assert capfd.readouterr().err == "Standard input is closed.\n"


def test_only_regular_files_are_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A missing file, a folder and a device are refused in one line."""
    for path in (tmp_path / "none.csv", tmp_path, Path("/dev/zero")):
        assert command_line.run(["from-csv", str(path), "--id", "x"]) == 2
        assert capfd.readouterr().err.count("\n") == 1


odd_text = st.lists(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(list('"\\\n\t ;,#[]\u200d\u200b\u0301\u202e😀')),
        st.sampled_from(['"""', "\n[[event]]\n", "a long word again ", "p. 3", "45:12", " to "]),
        st.sampled_from(["2017-11-03", "11/3/2017", "unknown", "Person", "yes", "https://x.org"]),
    ),
    max_size=20,
).map("".join)


@settings(deadline=None)
@given(odd_text)
def test_any_text_survives_toml(text: str) -> None:
    """On one line or several, it parses back unchanged and is safe to print."""
    lines = list(assignment_lines("key", text))
    assert tomllib.loads("\n".join(lines)) == {"key": text}
    assert tomllib.loads(f"key = {basic_string(text)}") == {"key": text}
    uncommented = [re.sub("^# ?", "", line) for line in commented_out(lines)]
    assert tomllib.loads("\n".join(uncommented)) == {"key": text}
    remark = list(comment_lines(text))
    assert tomllib.loads("\n".join(remark)) == {}
    assert all(inert(line) == line for line in [*lines, *remark, basic_string(text)])


@st.composite
def tables_with_options(draw: st.DrawFn) -> tuple[CsvTable, ImportOptions]:
    """Draw a table of any entry type with odd cells, and a map of its columns."""
    entry_type = draw(st.sampled_from(ENTRY_TYPES))
    width = draw(st.integers(1, 5))
    names = st.lists(odd_text, min_size=width, max_size=width, unique=True)
    columns = tuple(" ".join(name.split()) or "x" for name in draw(names))
    keys = {key.name for key in required_keys(entry_type)}
    keys |= set(draw(st.lists(st.sampled_from(list(cell_keys(entry_type))), max_size=6)))
    column_map = {key: (draw(st.integers(0, width - 1)),) for key in sorted(keys)}
    cells = st.tuples(*[odd_text.map(str.strip)] * width)
    several = draw(st.lists(cells, max_size=4))
    rows = tuple(CsvRow(number, one) for number, one in enumerate(several, 2) if any(one))
    extra = extra_keys(columns, column_map, entry_type) if draw(st.booleans()) else {}
    options = ImportOptions(
        entry_type=entry_type, columns=columns, column_map=column_map, extra_keys=extra
    )
    return CsvTable(header=1, columns=columns, rows=rows), options


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(tables_with_options(), odd_text)
@example(
    (
        CsvTable(header=1, columns=("x",), rows=(CsvRow(2, (";",)),)),
        ImportOptions(
            entry_type=Quote, columns=("x",), column_map={"speaker": (0,), "words": (0,)}
        ),
    ),
    "",
)
def test_any_table_becomes_a_case_without_problems(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[CsvTable, ImportOptions], title: str
) -> None:
    """The case reader reports no problem in the result, whatever is in the cells."""
    table, options = drawn
    result = import_table(table, options, case_id="demo", title=title, name=title)
    path = tmp_path_factory.getbasetemp() / "drawn.toml"
    path.write_text("".join(f"{line}\n" for line in result.lines), encoding="utf-8", newline="")
    reading = read_case(path)
    assert reading.problems == ()
    assert reading.case_file is not None
    assert all(inert(line) == line for line in result.lines)
    unsettled = {row for row, _ in result.to_settle}
    entries = reading.case_file.entries.values()
    imported = [entry for entry in entries if type(entry) is options.entry_type]
    assert len(imported) >= len([row for row in table.rows if row.number not in unsettled])


@given(st.lists(st.text(max_size=80), max_size=30))
def test_generated_ids_are_valid_and_unique(names: list[str]) -> None:
    """Whatever the words, the result is a free id."""
    ids = IdPool()
    made = [ids.take_for(name, "event") for name in names]
    assert len(set(made)) == len(made)
    assert all(slugify(one) == one for one in made)


# The guide


def blocks(kind: str) -> list[str]:
    """Return the code blocks of one language in the guide, in order."""
    guide = Path(__file__).parent.parent / "docs" / "getting-started.md"
    pattern = re.compile(rf"^```{kind}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return pattern.findall(guide.read_text("utf-8"))


def test_guide_matches_the_program(convert: Convert, tmp_path: Path) -> None:
    """Its table gives the messages shown there, and its entries join to the case it describes."""
    [sheet], [told] = blocks("csv"), blocks("text")
    *by_hand, accepted = blocks("toml")
    done = convert(sheet, name="calls.csv")
    assert done.said[:3] == told.splitlines()
    _, _, rows = done.toml.partition("\ntitle = ")
    head, *entries = by_hand
    whole = tmp_path / "ferry.toml"
    joined = [head, *entries, rows.partition("\n")[2], accepted]
    whole.write_text("\n".join(joined), encoding="utf-8")
    reading = read_case(whole)
    assert [problem.code for problem in reading.problems] == ["duplicate-id"]
    assert "the id “driver” is taken" in reading.problems[0].what
    assert reading.case_file is not None
    assert reading.case_file.case.accept
    assert len(reading.case_file.entries) >= 18
