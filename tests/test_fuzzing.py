"""Whatever is parsed, by the grammars in grammar.py: read or refused, in bounds, and harmless.

`python benchmarks/fuzz.py` tries the same properties for as long as it is told to, led by coverage
where atheris is installed. What it finds is kept here as an @example.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import grammar
import pytest
from hostile_cases import acting
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from screens import Desk, read_again

from casefile.case.dating.date_error import DateError, NotEdtfError
from casefile.case.dating.date_words import parse_date_words, with_hint
from casefile.case.dating.edtf import parse
from casefile.case.findings.checker import check
from casefile.case.load_result import LoadResult
from casefile.case.model import CaseFile, Source
from casefile.case.problem import TOO_MANY
from casefile.case.reader import read_case_bytes
from casefile.case.sources.missing_places import missing_reason
from casefile.case.sources.pin_spans import pin_for_span, span_of_place
from casefile.case.sources.pins import parse_pin, pin_sort_key
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import LoadedText
from casefile.cli.command_line import run as run_line
from casefile.config import read_config
from casefile.notes.annotation import NoteUnreadable, SaveError, decode, encode, target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.exchange import plan_merge, read_offer
from casefile.notes.notebook import Notebook
from casefile.notes.pack import incoming_from_stream
from casefile.places import Places
from casefile.query import QueryError, parse_query
from casefile.query import parse as parse_words
from casefile.state.passes import recall_pass
from casefile.state.recent import MOST, recent_cases, remember_case
from casefile.state.visits import remember_visit, since_last_visit
from casefile.text.inert import inert, inert_lines
from casefile.views.case_panes import panes_of
from casefile.views.entry_page import page_of_row
from casefile.views.filtering import query_names
from casefile.views.navigation import Place
from casefile.views.open_case import OpenCase
from casefile.views.panes import HeadingRow
from casefile.views.plain_text import page_in_lines
from casefile.views.session import Session

NOWHERE = Places(None, None, None, "no home")
PATH = Path("demo.toml")
LISBON = ZoneInfo("Europe/Lisbon")
CALLS_FOR_A_BYTE = 30
CALLS_FOR_ANY = 50_000
"""Some modules are imported only when they are first needed."""

UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def few(most: int) -> settings:
    """Return settings for what takes long: at most so many examples."""
    return settings(UNHURRIED, max_examples=min(most, UNHURRIED.max_examples))


class Bounded:
    """A count of the calls of Python functions, the same on a slow machine and a fast one."""

    def __init__(self, size: int) -> None:
        self.most = CALLS_FOR_ANY + CALLS_FOR_A_BYTE * size
        self.calls = 0

    def count(self, _frame: object, event: str, _argument: object) -> None:
        """Count a call, and fail beyond what an input of this size may cost."""
        self.calls += event in ("call", "c_call")
        assert self.calls < self.most, "it takes too many steps"


@contextmanager
def bounded(size: int) -> Iterator[None]:
    """Fail if what is done takes more steps than an input of `size` bytes may."""
    before = sys.getprofile()
    sys.setprofile(Bounded(size).count)
    try:
        yield
    finally:
        sys.setprofile(before)


def output_of(*words: str | Path) -> tuple[int | str | None, str]:
    """Run a command line; return its exit code, and all that it prints."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(out):
        try:
            code: int | str | None = run_line([*map(str, words)])
        except SystemExit as ended:
            code = ended.code
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    return code, out.buffer.getvalue().decode()


def opened(reading: LoadResult) -> OpenCase:
    """Return a case without notes."""
    assert reading.case_file is not None
    notebook = Notebook(NOWHERE, reading.case_file.case.id, None)
    notebook.refresh()
    return OpenCase(reading.case_file, notebook, NOWHERE, reading.problems)


HEAD = b'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A case"\n'
CIRCLE = (
    HEAD
    + b"""
[[quote]]
id = "a"
words = "so"
speaker = "b"
[[quote]]
id = "b"
words = "no"
speaker = "a"
[[link]]
id = "c"
subject = "c"
role = "owner"
object = "a"
[[table]]
name = "vessel"
refs = ["name"]
[[vessel]]
id = "v"
name = ["v", "c", "w"]
[[vessel]]
id = "w"
name = "v"
"""
)
"""Entries whose titles name each other."""
DOUBLING = HEAD + b"".join(
    b'[[link]]\nid = "l%d"\nsubject = "l%d"\nrole = "r"\nobject = "l%d"\n' % (n, n + 1, n + 1)
    for n in range(40)
)
"""Links of links: if each title held those of the next, the first had 10^12 characters."""
EMPTY_KEY = HEAD + b'[[event]]\nid = "e"\ntitle = "E"\nby = {party = "demo", "" = 1}\n'
"""An unknown key without a name, which had no place in the file."""

CUT_ESCAPE = HEAD + b'[[event]]\nid = "e"\ntitle = "E\\'
"""A backslash at the end of the file, after which one character too many was counted."""


@given(data=grammar.CASE_FILES, text=grammar.SOURCE_TEXTS)
@example(data=CIRCLE, text="")
@example(data=CUT_ESCAPE, text="")
@example(data=DOUBLING, text="")
@example(data=EMPTY_KEY, text="")
@UNHURRIED
def test_any_case_file_is_read_or_refused(data: bytes, text: str) -> None:
    """All problems have a place in the file, and what could be read can be shown and checked."""
    with bounded(len(data)):
        reading = read_case_bytes(PATH, data)
    assert reading.case_file is not None or reading.problems

    def text_of(_case_file: CaseFile, source: Source) -> LoadedText:
        return LoadedText(source, text, PATH, is_own=False, sha256="", is_as_recorded=None)

    with bounded(len(data) + len(text)):
        found = check(reading, text_of, coverage=True)
    lines = reading.lines()
    for problem in (*found.problems, *(one.problem for one in found.accepted)):
        assert problem.what
        assert problem.position or problem.code == TOO_MANY
        if problem.position:
            assert 1 <= problem.position.line <= len(lines)
            assert 1 <= problem.position.column <= len(lines[problem.position.line - 1]) + 1
    if reading.case_file is not None:
        # As text, in which a nan is equal to itself.
        assert repr(read_case_bytes(PATH, data).case_file) == repr(reading.case_file)
        assert_can_be_shown(opened(reading), len(data))


def assert_can_be_shown(open_case: OpenCase, size: int) -> None:
    """Fail unless every page can be made, within bounds."""
    with bounded(10 * size):
        for pane in panes_of(open_case):
            for row in pane.selectable_rows:
                assert [*page_in_lines(page_of_row(open_case, row))]


def cost_of(data: bytes) -> tuple[int, int]:
    """Return the calls that reading, checking and showing a case takes, and how much is shown."""
    counted = Bounded(100 * len(data))
    shown = 0
    before = sys.getprofile()
    sys.setprofile(counted.count)
    try:
        reading = read_case_bytes(PATH, data)
        check(reading)
        open_case = opened(reading)
        for pane in panes_of(open_case):
            for row in pane.selectable_rows:
                shown += sum(map(len, page_in_lines(page_of_row(open_case, row))))
    finally:
        sys.setprofile(before)
    return counted.calls, shown


@given(case=grammar.repeated_rows())
@few(30)
def test_cost_grows_no_faster_than_file(case: Callable[[int], bytes]) -> None:
    """A case of twice as many rows, which name each other in any way, costs about twice as much."""
    cost_of(case(1))
    calls, shown = cost_of(case(30))
    twice_calls, twice_shown = cost_of(case(60))
    assert twice_calls < 2.5 * calls + 10_000
    assert twice_shown < 2.5 * shown + 10_000


@given(data=grammar.CASE_FILES, other=grammar.CASE_FILES)
@few(40)
def test_verbs_print_any_case_file_harmlessly(data: bytes, other: bytes) -> None:
    """Checking, showing, comparing: no exit code but the documented ones, nothing that acts."""
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old.toml", Path(folder) / "new.toml"
        old.write_bytes(data)
        new.write_bytes(other)
        home = ("--notes-dir", folder)
        for words in (
            ("check", "--coverage", old),
            ("check", "--format", "json", old),
            ("show", old, *home),
            ("diff", old, new),
            ("diff", old, old),
        ):
            code, printed = output_of(*words)
            assert code in (0, 1, 2), printed
            assert not acting(printed)
        assert code in (0, 2), f"a file differs from itself: {printed}"


@given(written=grammar.EDTF | grammar.WORDS, words=grammar.DATE_WORDS)
@UNHURRIED
def test_any_date_is_read_or_refused(written: str, words: str) -> None:
    """A date has bounds in order, and words; all else is refused with a hint that can be read."""
    for text in (written, words):
        with bounded(len(text)):
            try:
                date = parse(text, LISBON)
            except DateError as error:
                refused = with_hint(text, error) if isinstance(error, NotEdtfError) else error
                assert refused.hint
                assert not acting(str(refused))
            else:
                assert parse(date.written, LISBON) == date
                bounds = (date.start.earliest, date.end.latest)
                assert None in bounds or [*bounds] == sorted(filter(None, bounds))
                assert not acting(date.words() + date.brief())
            proposed = parse_date_words(text).edtf
        if proposed:
            parse(proposed)


@given(pin=grammar.PINS, text=grammar.SOURCE_TEXTS)
@UNHURRIED
def test_any_place_is_found_or_said_to_be_missing(pin: str, text: str) -> None:
    """A place in a source is a part of its text, or there is a reason why it is not."""
    source = SourceText(text)
    pin_sort_key(pin)
    place = parse_pin(pin)
    if place is None:
        return
    with bounded(len(text)):
        span = span_of_place(source, place)
        why = missing_reason(source, place)
    assert span or why
    if span:
        assert 0 <= span[0] <= span[1] <= len(source.text)
        assert pin_for_span(source, span)


@given(written=grammar.QUERIES)
@UNHURRIED
def test_any_query_is_parsed_or_refused_with_place(written: str) -> None:
    """A refusal points into the query; a query reads back equal, and leaves rows in their order."""
    session = session_on_notes()
    names = query_names(session.open_case)
    with bounded(len(written)):
        with suppress(QueryError):
            # Some values are not known yet, but no letter may end the program.
            parse_query(written, names, is_typing=True)
        try:
            query = parse_query(written, names)
        except QueryError as refused:
            error = refused
            query = None
    if query is None:
        assert 0 <= error.start <= error.end <= len(written)
        assert not acting(inert(str(error)))
        return
    assert parse_query(str(query), names) == query
    for number in range(len(session.panes)):
        session.open_pane(number)
        whole = session.whole_pane
        session.filter_pane(query, 0)
        if left := session.filtered:
            assert [whole.rows[place] for place in left.places] == [*left.pane.rows]
        session.clear_filter()


@given(data=grammar.NOTE_FILES)
@UNHURRIED
def test_any_note_file_is_read_or_refused(data: bytes) -> None:
    """A revision that was read is written so that it reads back equal."""
    with bounded(len(data)):
        try:
            kept = decode(data)
        except NoteUnreadable:
            return
    again = replace(decode(encode(kept)), hash=kept.hash)
    # A nan in an unknown key is not equal to itself.
    assert again == kept or "nan" in repr(kept)
    assert encode(decode(encode(again))) == encode(again)


@given(data=grammar.PACKS)
@UNHURRIED
def test_any_pack_is_read_or_refused(data: bytes) -> None:
    """No more comes out of a pack than is in it, and a merge of that can be planned."""
    with bounded(len(data)):
        arrivals = [*incoming_from_stream(io.BytesIO(data), "pack")]
        assert sum(len(one.data) for one in arrivals) <= len(data)
        assert len(arrivals) <= len(data) / 512 + 1
        offer = read_offer([arrivals], private=True)
        for case_id in offer.cases:
            plan = plan_merge(offer, case_id, ())
            assert {kept.hash for kept in plan.revisions} <= offer.revisions.keys()
            assert plan.conflicts is not None
            assert plan.deletions is not None
    for name, reason in offer.unread:
        assert not acting("\n".join(inert_lines(f"{name}: {reason}")))


@given(drafts=st.lists(grammar.DRAFT_FILES, max_size=2), text=st.binary(max_size=9))
@UNHURRIED
def test_any_draft_is_read_or_named(drafts: list[bytes], text: bytes) -> None:
    """Each file in the folder of drafts is offered, or named with what is wrong, or empty."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "drafts" / "demo"
        folder.mkdir(parents=True)
        for draft_id, data in zip(grammar.NOTE_IDS, drafts, strict=False):
            (folder / f"{draft_id}.toml").write_bytes(data)
        (folder / f"{grammar.NOTE_IDS[1]}.md").write_bytes(text)
        places = replace(NOWHERE, data=Path(home), state=Path(home))
        listing = DraftFolder(places, "demo").read_all()
        assert len(listing.waiting) + len(listing.unreadable) <= len(drafts) + 1
        for draft in listing.waiting:
            DraftFolder(places, "demo").write(draft)
            again = DraftFolder(places, "demo").read_all().waiting
            assert draft.body in {one.body for one in again}


@given(data=grammar.CONFIGS)
@example(data=b'library.folders = ["~\\u0000"]')
@UNHURRIED
def test_any_config_is_read_with_problems(data: bytes) -> None:
    """A wrong setting is a problem with a place in the file, and the others hold."""
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "config.toml").write_bytes(data)
        with bounded(len(data)):
            config = read_config(replace(NOWHERE, config=Path(home)))
    lines = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    for problem in config.problems:
        assert problem.position is None or 1 <= problem.position.line <= len(lines)
    assert all(isinstance(keys, str) for keys in config.keys.values())


@given(data=grammar.STATE_FILES)
@UNHURRIED
def test_any_state_is_read_or_forgotten(data: bytes) -> None:
    """What is remembered between runs is read, or counts as missing, and can be stored anew."""
    case_file = session_on_notes().open_case.case_file
    with tempfile.TemporaryDirectory() as home:
        places = replace(NOWHERE, state=Path(home))
        for name in ("recent.toml", "visits/demo.toml", "passes/demo.toml"):
            path = Path(home) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        with bounded(len(data)):
            assert len(recent_cases(places)) <= MOST
            assert recall_pass(places, "demo") is not None
            since_last_visit(places, case_file)
        assert remember_case(places, case_file)
        assert remember_visit(places, case_file)
        assert recent_cases(places)[0].id == "demo"
        assert not since_last_visit(places, case_file)


# The session, and the screen


ROWS = """
[[party]]
id = "anna"
name = "Anna"
[[party]]
id = "ben"
name = "Ben"
[[quote]]
id = "so"
text = "so it was"
speaker = "anna"
cites = "para 1"
[[vessel]]
id = "marlin"
name = "Marlin"
""" + "".join(
    f'[[event]]\nid = "e{number}"\ntitle = "Event {number}"\ndate = "20{number:02}~"\n'
    f'by = "anna"\ncites = "para {number}"\n'
    for number in range(7)
)
ENTRIES = ["anna", "ben", "so", "marlin", "e0", "e6", "press", "demo", "gone", ""]


@cache
def session_on_notes() -> Session:
    """Return a session in a case with notes, which stays as it is."""
    return session_in(Desk(Path(tempfile.mkdtemp())))


def session_in(desk: Desk) -> Session:
    """Return a session in a small case with a few notes."""
    open_case = desk.lay_open(desk.write_case(ROWS))
    notebook = open_case.notebook
    notebook.keep_new("e1", "release it", target_of("Event 1", {"id": "e1"}), tags=["release"])
    notebook.assess("anna", "checked", target_of("Anna", {"id": "anna"}))
    notebook.star("gone", target_of("Gone", {"id": "gone"}))
    return Session(open_case)


Act = tuple[str, Any]
ACTS = st.one_of(
    st.tuples(st.just("pane"), st.integers(0, 20)),
    st.tuples(st.just("move"), st.integers(-3, 30)),
    st.tuples(st.just("filter"), grammar.QUERIES),
    st.tuples(st.just("find"), grammar.WORDS | st.just("e")),
    st.tuples(st.just("show"), st.sampled_from(ENTRIES)),
    st.tuples(st.just("note"), st.sampled_from(ENTRIES[:-1])),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(
        st.sampled_from(["all", "order", "back", "forward", "again", "undo", "less"]),
        st.none(),
    ),
)


def do(session: Session, desk: Desk, act: str, what: Any) -> None:
    """Do in a session what a key would."""
    doing: dict[str, Callable[[], object]] = {
        "pane": lambda: session.open_pane(what % len(session.panes)),
        "move": lambda: move_cursor(session, what),
        "filter": lambda: filter_by(session, what),
        "all": session.clear_filter,
        "find": lambda: session.look_for(parse_words(what) or None),
        "show": lambda: session.show_entry(what),
        "order": session.turn_notes_order,
        "back": lambda: turn_back(session, session.history.go_back),
        "forward": lambda: turn_back(session, session.history.go_forward),
        "note": lambda: change_note(session, lambda notebook: keep_note(notebook, what)),
        "delete": lambda: change_note(session, lambda notebook: delete_note(notebook, what)),
        "undo": lambda: change_note(session, lambda notebook: notebook.undo()),
        "less": lambda: change_case(session, desk, ROWS.partition("[[quote]]")[0]),
        "again": lambda: change_case(session, desk, ROWS),
    }
    if act in ("pane", "show"):
        session.history.leave(session.place)
    doing[act]()


def move_cursor(session: Session, where: int) -> None:
    """Put the cursor on a row of the open pane, if it has any."""
    rows = [at for at, row in enumerate(session.pane.rows) if not isinstance(row, HeadingRow)]
    if rows:
        session.viewport.cursor = rows[where % len(rows)]


def filter_by(session: Session, written: str) -> None:
    """Filter the open pane by a query, if it is one."""
    with suppress(QueryError):
        query = parse_query(written, query_names(session.open_case))
        session.filter_pane(query or None, session.cursor_in_whole)


def turn_back(session: Session, step: Callable[[Place], Place | None]) -> None:
    """Go back, or forward, if there is where to."""
    if place := step(session.place):
        session.return_to(place)


def change_note(session: Session, change: Callable[[Notebook], object]) -> None:
    """Change a note, unless that is refused, and make the panes anew."""
    with suppress(SaveError):
        change(session.open_case.notebook)
    session.lay_out()


def keep_note(notebook: Notebook, entry: str) -> None:
    """Keep a note on an entry."""
    notebook.keep_new(entry, "a note", target_of(entry, {"id": entry}))


def delete_note(notebook: Notebook, number: int) -> None:
    """Delete one of the notes, if there are any."""
    if notes := [note for note in notebook.notes if not note.deleted]:
        notebook.delete(notes[number % len(notes)].id)


def change_case(session: Session, desk: Desk, rows: str) -> None:
    """Take the case with other rows in its file."""
    path = desk.write_case(rows)
    read_again(session, read_case_bytes(path, path.read_bytes()))


def assert_is_sound(session: Session) -> None:
    """Fail unless the cursor stands on a row, or nothing is there to stand on."""
    rows = session.pane.rows
    assert 0 <= session.pane_number < len(session.panes)
    assert (session.row is None) == (not session.pane.count)
    assert 0 <= session.cursor_in_whole <= len(session.whole_pane.rows)
    assert session.place_in_words
    if session.found:
        assert all(0 <= line < len(rows) for line in session.found.places)
    if session.row:
        assert [*page_in_lines(page_of_row(session.open_case, session.row))]


@given(acts=st.lists(ACTS, max_size=15))
@example(acts=[("move", 1), ("filter", "release"), ("less", None)])
@UNHURRIED
def test_any_acts_leave_session_sound(acts: Sequence[Act]) -> None:
    """After any keys the cursor is on a row, and without filters all panes are whole."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        session = session_in(desk)
        for act, what in acts:
            do(session, desk, act, what)
            assert_is_sound(session)
        for number in range(len(session.panes)):
            session.open_pane(number)
            session.clear_filter()
        fresh = panes_of(session.open_case, session.notes_order, session.drafts)
        assert [pane.rows for pane in session.panes] == [pane.rows for pane in fresh]


KEYS = st.sampled_from(
    [
        *'1234567890[]jkhlgGnNfsvcw*tTaerPHmDuoVRq?:/ "x-',
        *("enter", "escape", "tab", "shift+tab", "backspace", "ctrl+s", "ctrl+o", "ctrl+p"),
        *("alt+left", "down", "up", "pageup", "home", "end"),
    ]
)
SIZES = st.sampled_from([(80, 24), (40, 10), (120, 40), (10, 3), (1, 1)])


@pytest.mark.slow
@given(keys=st.lists(KEYS, max_size=25), size=SIZES, late=SIZES)
@few(15)
def test_any_keys_leave_screen_sound(
    keys: list[str], size: tuple[int, int], late: tuple[int, int]
) -> None:
    """No sequence of keys ends the program but quitting, and nothing that acts is drawn."""

    async def drive(desk: Desk) -> None:
        session_in(desk)
        async with desk.open(desk.folder / "demo.toml", size=size) as reader:
            for number, key in enumerate(keys):
                if number == len(keys) // 2:
                    await reader.resize(*late)
                await reader.press(key)
                if not reader.app.is_running:
                    break
                assert not acting(reader.text)
                assert_is_sound(reader.session)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(drive(Desk(Path(folder))))
