"""Reading a case file: every table, every short form, and every problem with its position."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casefile.case.load_result import LoadResult
from casefile.case.model import Cite, Event, Involvement, Party, Quote, Seizure
from casefile.case.positions import Position
from casefile.case.reader import read_case

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\nsource = "press"\n'
SOURCE = '[[source]]\nid = "press"\ntitle = "A report"\n'


def read(tmp_path: Path, text: str) -> LoadResult:
    """Read a text as a case file."""
    path = tmp_path / "demo.toml"
    path.write_text(text, encoding="utf-8")
    return read_case(path)


def entry(tmp_path: Path, rows: str, entry_id: str) -> object:
    """Return an entry of a case file without problems."""
    reading = read(tmp_path, HEAD + SOURCE + rows)
    assert reading.problems == ()
    assert reading.case_file is not None
    return reading.case_file.entries[entry_id]


def problems(tmp_path: Path, rows: str) -> list[str]:
    """Return the problems of a case file, without its path."""
    reading = read(tmp_path, HEAD + SOURCE + rows)
    return [str(problem).removeprefix(f"{tmp_path}/demo.toml:") for problem in reading.problems]


def test_smallest_case_has_format_id_and_title(tmp_path: Path) -> None:
    """The smallest case file opens without a problem."""
    reading = read(tmp_path, 'format = "casefile/1"\n[case]\nid = "a"\ntitle = "A"\n')
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.case.title == "A"


def test_single_value_needs_no_list(tmp_path: Path) -> None:
    """A single reference, role or location may be written without brackets."""
    event = entry(
        tmp_path,
        '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\n'
        '[[event]]\nid = "call"\ntitle = "Call"\nby = "anna"\nlocation = "Riga"\n'
        'involved = { party = "anna", role = "caller" }\n',
        "call",
    )
    assert isinstance(event, Event)
    assert event.by == (Involvement(party="anna"),)
    assert event.involved == (Involvement(party="anna", role="caller"),)
    assert event.location == ("Riga",)


def test_entry_that_shares_a_quantity_may_be_written_without_brackets(tmp_path: Path) -> None:
    """This holds inside a table of amounts too, and an id that is not in the file is told."""
    rows = (
        '[[seizure]]\nid = "papers"\nitem = "Papers"\n'
        'amounts = { text = "many", shared_with = "letters" }\n'
        '[[seizure]]\nid = "letters"\nitem = "Letters"\n'
    )
    papers = entry(tmp_path, rows, "papers")
    assert isinstance(papers, Seizure)
    assert [amount.shared_with for amount in papers.amounts] == [("letters",)]
    text = HEAD + SOURCE + rows.replace('with = "letters"', 'with = ["letters", "leters"]')
    (problem,) = read(tmp_path, text).problems
    assert problem.code == "dangling"
    assert problem.what == "shared_with: there is no entry “leters”; the nearest is “letters”"
    assert problem.position == Position(12, 54)


@pytest.mark.parametrize("key", ["tags", "about", "location"])
def test_table_among_words_is_a_fault(tmp_path: Path, key: str) -> None:
    """A table where words belong is reported, and the rest of the row is read."""
    rows = f'[[event]]\nid = "e"\ntitle = "E"\n{key} = [{{ a = "b" }}]\n'
    reading = read(tmp_path, HEAD + SOURCE + rows)
    assert [problem.code for problem in reading.problems] == ["wrong-type"]
    assert reading.case_file is not None
    assert "e" in reading.case_file.entries


@pytest.mark.parametrize(
    ("written", "cite"),
    [
        ('"para 9"', Cite(at="para 9")),
        ('"press, para 9"', Cite(source="press", at="para 9")),
        ('"press"', Cite(source="press")),
        ('"the margin, near the stamp"', Cite(at="the margin, near the stamp")),
        ('{ at = "p. 3", quote = "so it was" }', Cite(at="p. 3", quote="so it was")),
    ],
)
def test_cites_are_read_in_every_form(tmp_path: Path, written: str, cite: Cite) -> None:
    """A string names a source if it has an id before a comma, or is the id of a source."""
    event = entry(tmp_path, f'[[event]]\nid = "e"\ntitle = "E"\ncites = {written}\n', "e")
    assert isinstance(event, Event)
    assert event.cites == (cite,)


def test_words_of_a_quote_are_fragments(tmp_path: Path) -> None:
    """A string is one fragment, a list is several."""
    rows = (
        '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\n'
        '[[quote]]\nid = "one"\nspeaker = "anna"\nwords = "So be it."\n'
        '[[quote]]\nid = "two"\nspeaker = "anna"\nwords = ["So", "be it."]\n'
    )
    one, two = (entry(tmp_path, rows, name) for name in ("one", "two"))
    assert isinstance(one, Quote)
    assert isinstance(two, Quote)
    assert (one.words, two.words) == (("So be it.",), ("So", "be it."))


def test_seizure_has_the_key_from(tmp_path: Path) -> None:
    """A key that is a Python keyword keeps its name in the file."""
    seizure = entry(
        tmp_path,
        '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\n'
        '[[seizure]]\nid = "car"\nitem = "A car"\nfrom = "anna"\n',
        "car",
    )
    assert isinstance(seizure, Seizure)
    assert seizure.taken_from == (Involvement(party="anna"),)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('"[2018-01..]"', "Jan 2018 or later"),
        ("2018-01-03", "3 Jan 2018"),
        ("2018-01-03T09:30:00", "3 Jan 2018 09:30"),
    ],
)
def test_dates_are_read_from_edtf_and_toml(tmp_path: Path, written: str, words: str) -> None:
    """A date may be an EDTF string or a TOML date."""
    event = entry(tmp_path, f'[[event]]\nid = "e"\ntitle = "E"\ndate = {written}\n', "e")
    assert isinstance(event, Event)
    assert event.date is not None
    assert event.date.words() == words


def test_times_are_shown_in_zone_of_case(tmp_path: Path) -> None:
    """A time with an offset is converted to the time zone of the case."""
    text = HEAD.replace("source =", 'timezone = "Asia/Shanghai"\nsource =') + SOURCE
    rows = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-01-03T01:30Z"\n'
    reading = read(tmp_path, text + rows)
    assert reading.case_file is not None
    when = reading.case_file.entries["e"].date
    assert when is not None
    assert when.words() == "3 Jan 2018 09:30"


def test_date_in_words_has_an_edtf_hint(tmp_path: Path) -> None:
    """Each reported date has a hint; those beyond the limit are counted."""
    rows = (f'[[event]]\nid = "e{n}"\ntitle = "E"\ndate = "4 March 2019"\n' for n in range(1001))
    problems = read(tmp_path, HEAD + SOURCE + "".join(rows)).problems
    told = ["not an EDTF date; write 2019-03-04" in problem.what for problem in problems]
    assert told == [True] * 1000 + [False]
    assert problems[-1].what.startswith("and 1 more `bad-date` problems")


def test_skipped_time_is_a_problem(tmp_path: Path) -> None:
    """A time skipped by the clocks is reported, and the entry is read without it."""
    text = HEAD.replace("source =", 'timezone = "America/Chicago"\nsource =') + SOURCE
    rows = '[[event]]\nid = "e"\ntitle = "E"\ndate = 2019-03-10T02:50:00\n'
    reading = read(tmp_path, text + rows)
    assert [problem.code for problem in reading.problems] == ["bad-date"]
    assert "add the offset: -06:00" in reading.problems[0].what
    assert reading.case_file is not None
    assert reading.case_file.entries["e"].date is None


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    """A key that the format does not define is not a problem and is kept."""
    reading = read(tmp_path, f'{HEAD}{SOURCE}[[event]]\nid = "e"\ntitle = "E"\nmood = "grim"\n')
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.unknown == {"e": {"mood": "grim"}}


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A file saved by a Windows editor opens as well."""
    path = tmp_path / "demo.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert read_case(path).case_file is not None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-13"\n',
            "12:1: date: there is no month 13",
        ),
        ('[[event]]\nid = "e"\n', "9:1: the event lacks `title`"),
        ('[[event]]\nid = "e"\ntitle = 3\n', "11:1: title: this must be text, not a number"),
        (
            '[[event]]\nid = "A b"\ntitle = "E"\n',
            "10:1: id: an id is a-z, 0-9 and -, at most 64 characters",
        ),
        (
            '[[event]]\nid = "press"\ntitle = "E"\n',
            "10:1: the id “press” is taken by the source on line 7; ids must be unique",
        ),
        (
            '[[event]]\nid = "e"\ntitle = "E"\nby = "pres"\n',
            "12:1: by: there is no entry “pres”; the nearest is “press”",
        ),
        (
            '[[event]]\nid = "e"\ntitle = "E"\nstatus = "odd"\n',
            "12:1: status: “odd” is not allowed here; use one of undisputed, disputed, alleged,",
        ),
        (
            '[[event]]\nid = "e"\ntitle = "E"\namounts = { value = inf }\n',
            "12:13: amounts.value: a number must be finite and at most 1e18",
        ),
        ('[event]\nid = "e"\n', "9:1: `event` must be an array of tables: write [[event]]"),
        ('[[vehicle]]\nplate = "v"\n', "9:1: the vehicle lacks `id`"),
    ],
)
def test_each_problem_has_position_and_message(tmp_path: Path, rows: str, expected: str) -> None:
    """A problem has its line and column and says what is wrong."""
    found = problems(tmp_path, rows)
    assert found
    assert found[0].startswith(expected)


@pytest.mark.parametrize("key", ["by", "timezone"])
def test_long_values_are_shortened_in_problems(tmp_path: Path, key: str) -> None:
    """A reference of 8 MB must not make a message of 8 MB."""
    row = '[[event]]\nid = "e"\ntitle = "E"\n' if key == "by" else ""
    reading = read(tmp_path, f'{HEAD}{row}{key} = "{"x" * 100_000}"\n{SOURCE}')
    (problem,) = reading.problems
    assert f"“{'x' * 60}…”" in problem.what
    assert len(problem.what) < 200


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    """Every problem is reported in one run, and the valid rest is read."""
    reading = read(
        tmp_path,
        f'{HEAD}{SOURCE}[[party]]\nid = "anna"\nname = "Anna"\ntype = 3\n'
        '[[event]]\nid = "e"\ntitle = "E"\ndate = "soon"\nkey = "yes"\n',
    )
    lines = [problem.position.line for problem in reading.problems if problem.position]
    assert sorted(lines) == [12, 16, 17]
    assert reading.case_file is not None
    assert set(reading.case_file.entries) == {"demo", "press", "anna", "e"}
    assert [party.type for party in reading.case_file.of(Party)] == ["Unknown"]


def test_invalid_field_leaves_the_rest_of_its_entry(tmp_path: Path) -> None:
    """An entry with an invalid date is read without it, and the problem names the entry."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-13"\ntags = ["x"]\n'
    reading = read(tmp_path, HEAD + SOURCE + rows)
    assert reading.case_file is not None
    event = reading.case_file.entries["e"]
    assert (event.date, event.tags) == (None, ("x",))
    assert [problem.entry for problem in reading.problems] == ["e"]


def test_problems_of_a_duplicate_row_are_not_those_of_the_first_entry(tmp_path: Path) -> None:
    """A row whose id is taken makes no entry, so none of its problems is told on one."""
    first = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-13"\n'
    duplicate = '[[event]]\nid = "e"\ntitle = 3\ndate = "2018-14"\n'
    reading = read(tmp_path, HEAD + SOURCE + first + duplicate)
    assert [(problem.code, problem.entry) for problem in reading.problems] == [
        ("bad-date", "e"),
        ("duplicate-id", None),
        ("wrong-type", None),
        ("bad-date", None),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"format = ", ":1:10: invalid TOML: "),
        (b"title = 1\n", ':1:1: lacks `format = "casefile/1"`'),
        (b'format = "casefile/1"\n# \xff\n', ":2:3: byte 0xff is not UTF-8"),
        (b'format = "casefile/1"\n', ":1:1: lacks a [case] table"),
        (
            b'format = "casefile/1"\na = ' + b"[" * 5000,
            ":1:1: can't be opened: its tables are nested more than 32 deep",
        ),
        (
            b'format = "casefile/1"\na = ' + b"9" * 5000,
            ":1:1: can't be opened: a number has too many digits",
        ),
    ],
)
def test_file_that_cant_be_opened_has_a_problem(tmp_path: Path, data: bytes, expected: str) -> None:
    """A file that is not a case file gives one problem, never an exception."""
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    reading = read_case(path)
    assert reading.case_file is None
    assert str(reading.problems[0]).removeprefix(str(path)).startswith(expected)


@pytest.mark.parametrize("number", ["0x" + "f" * 150_000, "1." + "9_9" * 50_000, "7" * 150_000])
def test_huge_number_is_refused_before_parsing(tmp_path: Path, number: str) -> None:
    """Parsing it would take a hundred times its size; in a string the digits are text."""
    path = tmp_path / "demo.toml"
    path.write_text(f"{HEAD}x = {number}\n")
    (problem,) = read_case(path).problems
    assert problem.what == "can't be opened: a number has too many digits"
    path.write_text(f'{HEAD}x = "{"f" * 150_000}"\n{SOURCE}')
    assert read_case(path).problems == ()


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A FIFO, a folder and a missing file are refused at once."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    missing = tmp_path / "x"
    irregular = "not a regular file"
    for path, reason in [(fifo, irregular), (tmp_path, irregular), (missing, "no such file")]:
        reading = read_case(path)
        assert reading.case_file is None
        assert reason in str(reading.problems[0])


def test_file_over_size_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the limit and the variable that changes it."""
    path = tmp_path / "demo.toml"
    path.write_text(HEAD + SOURCE + "#" * (2 << 20))
    assert read_case(path).problems == ()
    monkeypatch.setenv("CASEFILE_SIZE_LIMIT", "1")
    (problem,) = read_case(path).problems
    assert problem.what == "is larger than 1 MiB; set CASEFILE_SIZE_LIMIT=2 to raise it"


@pytest.mark.parametrize("written", ["100000", "9" * 14, "9" * 5000, "0", "٣", "1e3"])
def test_invalid_limits_leave_small_file_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """Limits larger than memory or than an integer, and invalid ones, are harmless."""
    monkeypatch.setenv("CASEFILE_SIZE_LIMIT", written)
    path = tmp_path / "demo.toml"
    path.write_text(HEAD + SOURCE)
    assert read_case(path).problems == ()


def test_reading_does_not_change_the_case_file(tmp_path: Path) -> None:
    """Reading changes neither the content nor the modification time of the file."""
    path = tmp_path / "demo.toml"
    path.write_text(HEAD)
    os.utime(path, (1000, 1000))
    read_case(path)
    assert (path.read_text(), path.stat().st_mtime) == (HEAD, 1000)
