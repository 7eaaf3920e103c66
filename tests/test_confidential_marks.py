"""What rests on a confidential source is marked where it is shown."""

from __future__ import annotations

import pytest
from screens import Desk
from small_cases import case_among_sources

from casefile.cli.command_line import run
from casefile.views.case_panes import panes_of
from casefile.views.confidential import Confidential
from casefile.views.entry_page import page_of_entry
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.source_lines import pins_of

PARTY = '[[party]]\nid = "anna"\nname = "Anna"\ntype = "Person"\ncites = "informer, p. 1"\n'
QUOTE = '[[quote]]\nid = "said"\nspeaker = "anna"\nwords = "So it is."\ncites = "press, p. 1"\n'
CLAIM = '[[claim]]\nid = "claim"\nstatement = "It is"\nin_quote = "heard"\n'
HEARD = QUOTE.replace("said", "heard").replace("press", "informer")
ISSUE = '[[issue]]\nid = "who"\ntitle = "Who is it?"\nabout = "informer"\n'
CAR = '[[seizure]]\nid = "car"\nitem = "A car"\nevent = "meeting"\ncites = "press, p. 3"\n'


def open_case(desk: Desk, cites: str = '["press, p. 1", "informer, p. 2"]') -> OpenCase:
    """Open a case with a confidential source, and an event with these cites."""
    rows = case_among_sources(cites) + PARTY + QUOTE + HEARD + CLAIM + ISSUE + CAR
    return desk.lay_open(desk.write_case(rows))


def first_line(case: OpenCase, entry: str) -> str:
    """Return the first line of the page of an entry, below its title."""
    page = page_of_entry(case, entry)
    return page.sections[0].items[0].text if page.sections else ""


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("meeting", "Rests on a confidential source: An interview"),
        ("claim", "Rests on a confidential source: An interview"),
        # Its title is that of the speaker, and so would be that of a note on it.
        ("said", "Has to do with a confidential source: An interview"),
        ("who", "Has to do with a confidential source: An interview"),
        ("informer", "Confidential source: left out of every export that does not name it"),
    ],
)
def test_page_begins_with_the_confidential_source(desk: Desk, entry: str, line: str) -> None:
    """Whether one of its cites supports it by that source, or notes on it are held back else."""
    assert first_line(open_case(desk), entry) == line


def test_contradicting_source_supports_nothing(desk: Desk) -> None:
    """An entry does not rest on a source that contradicts it."""
    cites = '["press, p. 1", { source = "informer", at = "p. 2", stance = "contradicts" }]'
    line = first_line(open_case(desk, cites), "meeting")
    assert line == "Has to do with a confidential source: An interview"


def test_exactly_what_is_held_back_is_marked(desk: Desk) -> None:
    """A page is marked if and only if a new note on it leaves only with --confidential."""
    case = open_case(desk)
    held_back = Confidential(case)
    for entry in case.case_file.entries:
        case.notebook.keep_new(entry, "A note.", note_target(case, entry, ""))
    for note in case.notebook.notes:
        (entry,) = note.entries
        is_marked = "onfidential source" in first_line(case, entry)
        assert is_marked == held_back.concerns(note.current), entry


def test_cite_and_list_mark_the_source(desk: Desk) -> None:
    """Each cite of it and its row in the list say that it is confidential; of others none does."""
    case = open_case(desk)
    (cited,) = (one for one in page_of_entry(case, "meeting").sections if one.label == "Cited")
    assert [item.text for item in cited.items] == [
        "A report, p. 1",
        "An interview (confidential), p. 2",
    ]
    (sources,) = (pane for pane in panes_of(case) if pane.title == "Sources")
    title = case.kind_of(case.case_file.entries["press"]).columns[0]
    rows = (case.case_file.entries[row.entry] for row in sources.selectable_rows)
    words = [title.words(case, row) for row in rows]
    assert words == ["A report", "Confidential · An interview"]


def test_value_that_the_source_gives_marks_it(desk: Desk) -> None:
    """Beside the field that it contradicts, and on the page of whom it names there."""
    value = 'stance = "contradicts", field = "by", value = "anna"'
    case = open_case(desk, f'["press, p. 1", {{ source = "informer", at = "p. 2", {value} }}]')
    items = [
        item.text
        for entry in ("meeting", "anna")
        for section in page_of_entry(case, entry).sections
        for item in section.items
    ]
    assert "informer (confidential): Anna" in items
    assert "A meeting (according to informer (confidential))" in items


def test_title_of_the_text_marks_the_source(desk: Desk) -> None:
    """In front, since the line is cut at its end, whether a cite is read or the source itself."""
    case = open_case(desk)
    names = [pin.name for entry in ("meeting", "informer") for pin in pins_of(case, entry)]
    assert names == ["A report", "Confidential · An interview", "Confidential · An interview"]


def test_show_prints_the_marks(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """`casefile show` says the same as the screen, of an entry and of the whole case."""
    path = desk.write_case(case_among_sources('"informer, p. 2"'))
    run(["show", str(path), "meeting"])
    assert "    Rests on a confidential source: An interview\n" in capsys.readouterr().out
    run(["show", str(path)])
    assert "(confidential), p. 2" in capsys.readouterr().out
