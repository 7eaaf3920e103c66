"""The verification pass without a screen: its order, its way, where it resumes, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import Desk

from casefile.state.passes import Pass, recall_pass
from casefile.views import noting
from casefile.views.case_panes import panes_of
from casefile.views.evidence import Evidence
from casefile.views.open_case import OpenCase
from casefile.views.page import Page
from casefile.views.pass_summary import page_of_outcome, progress_in_words, why_left
from casefile.views.verification import Verification, walk_of

ROWS = """\
[[source]]
id = "log"
title = "A log"
[[party]]
id = "skipper"
name = "The skipper"
type = "Person"
cites = "press, para 3"
[[event]]
id = "search"
title = "The Anna is searched"
date = "2019-05-03"
cites = "press, para 2"
[[event]]
id = "arrest"
title = "Arrest"
date = "2019-05-02"
cites = ["log, p. 2", "press, para 1"]
[[quote]]
id = "nothing"
speaker = "skipper"
words = "I know nothing."
cites = "press, para 3"
[[claim]]
id = "innocent"
statement = "He knows nothing"
in_quote = "nothing"
[[claim]]
id = "unsourced"
statement = "Nobody says so"
[[issue]]
id = "who"
title = "Who did it?"
"""
BY_SOURCE = ["search", "skipper", "nothing", "innocent", "arrest", "unsourced"]
BY_PANE = ["arrest", "search", "skipper", "nothing", "innocent", "unsourced"]


@pytest.fixture
def open_case(desk: Desk) -> OpenCase:
    """Give a case with six entries to be checked, on two sources, one cited by none."""
    return desk.lay_open(desk.write_case(ROWS))


def begun(open_case: OpenCase) -> Verification:
    """Give the pass through a case, as this start of the program finds it."""
    verification = Verification(open_case, panes_of(open_case))
    verification.resume()
    return verification


def assess(open_case: OpenCase, entry: str, verdict: str, remark: str = "") -> None:
    """Give a verdict on an entry."""
    target = noting.target(open_case, entry, open_case.title(entry))
    open_case.notebook.assess(entry, verdict, target, body=remark)


def words_of(page: Page) -> list[str]:
    """Give what a page says, item by item."""
    return [item.text for section in page.sections for item in section.items]


def way(verification: Verification) -> Iterator[str]:
    """Give where a pass stands, at each step to its end."""
    while verification.entry:
        yield verification.entry
        verification.put_off_here()
        verification.go_on()


# The order


def test_by_source(open_case: OpenCase) -> None:
    """Sources come in the order of the file, their places in reading order, the uncited last."""
    assert list(walk_of(open_case, (), "source").entries) == BY_SOURCE


def test_by_pane(open_case: OpenCase) -> None:
    """Panes come as they stand, their rows in their own order; issues and sources are no rows."""
    assert list(walk_of(open_case, panes_of(open_case), "pane").entries) == BY_PANE


def test_each_entry_is_visited_once_by_pane(desk: Desk) -> None:
    """A dated claim stands on the timeline too, and is still one thing to check."""
    rows = '[[claim]]\nid = "c"\nstatement = "So"\ndate = "2019"\n'
    open_case = desk.lay_open(desk.write_case(rows))
    assert list(walk_of(open_case, panes_of(open_case), "pane").entries) == ["c"]


def test_all_that_counts_is_walked(desk: Desk) -> None:
    """Both orders of the bundled case hold exactly the entries that are to be checked."""
    open_case = desk.lay_open()
    panes = panes_of(open_case)
    assert set(walk_of(open_case, panes, "source").entries) == open_case.checkable
    assert set(walk_of(open_case, panes, "pane").entries) == open_case.checkable


# The way


def test_it_begins_at_the_first_and_ends_after_the_last(open_case: OpenCase) -> None:
    """Each entry comes once; what was put off does not come again before the end."""
    verification = begun(open_case)
    assert list(way(verification)) == BY_SOURCE
    assert verification.put_off == tuple(BY_SOURCE)


def test_what_has_a_verdict_is_skipped(open_case: OpenCase) -> None:
    """Also one that was given elsewhere while the pass stood before it."""
    assess(open_case, "search", "checked")
    verification = begun(open_case)
    assert verification.entry == "skipper"
    assess(open_case, "nothing", "wrong")
    verification.go_on()
    assert verification.entry == "innocent"


def test_a_verdict_of_another_reader_is_not_ones_own(open_case: OpenCase) -> None:
    """What a colleague has checked is still to be checked."""
    target = noting.target(open_case, "search", "The Anna is searched")
    open_case.notebook.author = "rroe"
    open_case.notebook.assess("search", "checked", target)
    open_case.notebook.author = "jdoe"
    assert begun(open_case).entry == "search"


def test_to_check_again_is_left_for_the_end(open_case: OpenCase) -> None:
    """Such a verdict does not count, so without that the pass would go round for ever."""
    verification = begun(open_case)
    assess(open_case, "search", "to-check")
    assert list(way(verification)) == BY_SOURCE
    outcome = page_of_outcome(open_case, verification)
    assert outcome.title == "The pass is at its end"
    assert "to check again; A report, para 2, no text at hand" in words_of(outcome)


def test_later_on_what_has_a_verdict_only_goes_on(open_case: OpenCase) -> None:
    """Having gone back to look, putting an entry off leaves the verdict as it is."""
    verification = begun(open_case)
    assess(open_case, "search", "checked")
    verification.go_on()
    assert verification.go_back()
    assert not verification.put_off_here()
    verification.go_on()
    assert verification.entry == "skipper"
    assert progress_in_words(open_case, verification) == "1 of 6 done"
    check = open_case.notebook.own("search", "assessing")
    assert check is not None
    assert check.current.value == "checked"


def test_from_the_middle_it_goes_round(open_case: OpenCase) -> None:
    """What is left before the place where one is comes after the last."""
    verification = begun(open_case)
    verification.stand_at("arrest")
    assert list(way(verification)) == ["arrest", "unsourced", *BY_SOURCE[:4]]


def test_back_is_where_one_was(open_case: OpenCase) -> None:
    """Going back goes the way that was gone, whatever the verdicts, and on again from there."""
    assess(open_case, "skipper", "checked")
    verification = begun(open_case)
    verification.go_on()
    verification.go_on()
    assert verification.entry == "innocent"
    assert verification.go_back()
    assert verification.entry == "nothing"
    assert verification.go_back()
    assert verification.entry == "search"
    assert not verification.go_back()
    verification.go_on()
    assert verification.entry == "nothing"


def test_back_after_a_new_start_is_the_one_before(open_case: OpenCase) -> None:
    """The way is forgotten then, and the order tells what came before."""
    begun(open_case).stand_at("nothing")
    verification = begun(open_case)
    assert verification.go_back()
    assert verification.entry == "skipper"


def test_coming_back_to_what_was_undone(open_case: OpenCase) -> None:
    """Going back from there leads to what came before it, not round in a circle."""
    verification = begun(open_case)
    for entry in BY_SOURCE[:3]:
        assess(open_case, entry, "checked")
        verification.go_on()
    verification.return_to("skipper")
    verification.go_back()
    assert verification.entry == "search"


def test_the_other_order_goes_on_from_the_same_entry(open_case: OpenCase) -> None:
    """Only what comes next is another one."""
    verification = begun(open_case)
    verification.turn_order()
    assert verification.entry == "search"
    verification.go_on()
    assert verification.entry == "skipper"
    assert begun(open_case).order == "pane"


# From one run to the next


def test_it_resumes_where_it_was_left(open_case: OpenCase) -> None:
    """The entry, the order, and what was put off are as they were."""
    verification = begun(open_case)
    assert not Verification(open_case, ()).put_off
    verification.put_off_here()
    verification.go_on()
    again = Verification(open_case, panes_of(open_case))
    assert again.is_begun
    assert again.resume()
    assert (again.entry, again.put_off) == ("skipper", ("search",))


def test_it_resumes_after_what_got_a_verdict_meanwhile(open_case: OpenCase) -> None:
    """The entry where it was left may have been checked in another terminal."""
    begun(open_case).stand_at("nothing")
    assess(open_case, "nothing", "checked")
    assert begun(open_case).entry == "innocent"


def test_at_its_end_it_starts_over_with_what_is_left(open_case: OpenCase) -> None:
    """What was put off comes again, and is no longer put off."""
    verification = begun(open_case)
    for entry in BY_SOURCE[1:]:
        assess(open_case, entry, "checked")
    assert list(way(verification)) == ["search"]
    again = begun(open_case)
    assert (again.entry, again.put_off) == ("search", ())


def test_nothing_is_left(open_case: OpenCase) -> None:
    """With all checked there is nowhere to stand, and nothing that need be remembered."""
    verification = begun(open_case)
    for entry in BY_SOURCE:
        assess(open_case, entry, "checked")
    verification.go_on()
    assert verification.entry == ""
    assert not verification.resume()
    assert not (open_case.places.state or Path()).joinpath("passes/demo.toml").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b'format = "casefile-pass/2"\nentry = "arrest"\n',
        b'format = "casefile-pass/1"\nentry = 7\n',
        b'format = "casefile-pass/1"\norder = "size"\n',
        b'format = "casefile-pass/1"\nlater = ["gone", 1]\n',
        b"a = " + b"[" * 10000,
    ],
    ids=["empty", "no text", "later", "no id", "no order", "no ids", "deep"],
)
def test_what_cannot_be_read_is_a_pass_that_begins(open_case: OpenCase, data: bytes) -> None:
    """None of it is worth an error."""
    assert open_case.places.state
    folder = open_case.places.state / "passes"
    folder.mkdir(parents=True)
    (folder / "demo.toml").write_bytes(data)
    assert recall_pass(open_case.places, "demo") == Pass()
    assert begun(open_case).entry == "search"


def test_ids_that_are_not_in_the_case_are_passed_over(open_case: OpenCase) -> None:
    """An entry that has gone between two runs is neither stood at nor left for the end."""
    verification = begun(open_case)
    verification.stand_at("gone")
    again = begun(open_case)
    assert again.entry == "search"
    assert again.put_off == ()


def test_a_state_that_cannot_be_written_hinders_nothing(open_case: OpenCase) -> None:
    """The pass goes on, and is not remembered."""
    assert open_case.places.state
    open_case.places.state.parent.mkdir(parents=True, exist_ok=True)
    open_case.places.state.write_text("no folder", encoding="utf-8")
    assert list(way(begun(open_case))) == BY_SOURCE


# A case that is read again


def test_an_entry_that_has_gone_is_gone_on_from(desk: Desk, open_case: OpenCase) -> None:
    """The pass stands at the next one that is left, not at the first."""
    verification = begun(open_case)
    verification.stand_at("nothing")
    without = ROWS.replace('[[quote]]\nid = "nothing"', '[[quote]]\nid = "other"')
    again = desk.lay_open(desk.write_case(without))
    verification.take_again(again, panes_of(again))
    assert verification.entry == "innocent"


def test_an_entry_that_has_changed_is_to_be_checked_again(desk: Desk, open_case: OpenCase) -> None:
    """What was checked and has changed since is walked again, and it is said what changed."""
    assess(open_case, "search", "checked")
    changed = desk.lay_open(desk.write_case(ROWS.replace("2019-05-03", "2019-05-04")))
    assert begun(changed).entry == "search"
    assert why_left(changed, "search") == (
        "to check again (was checked 24 Nov): the entry has changed; "
        "A report, para 2, no text at hand"
    )


# In words


def test_how_far_it_has_come(open_case: OpenCase) -> None:
    """Every verdict that counts is one done; what needs more than that is told apart."""
    verification = begun(open_case)
    assert progress_in_words(open_case, verification) == "0 of 6 done"
    assess(open_case, "search", "checked")
    assess(open_case, "skipper", "needs-attention")
    assess(open_case, "nothing", "wrong")
    assess(open_case, "innocent", "to-check")
    verification.stand_at("arrest")
    verification.put_off_here()
    told = "3 of 6 done · 1 needs attention, 1 wrong, 1 put off"
    assert progress_in_words(open_case, verification) == told


def test_why_an_entry_is_left(desk: Desk) -> None:
    """What was never checked, is to be checked again, has no source, or none that can be read."""
    (desk.folder / "press.txt").write_text("One.\n\nTwo.\n", encoding="utf-8")
    rows = ROWS.replace('title = "A log"', 'title = "A log"\nfile = "press.txt"')
    open_case = desk.lay_open(desk.write_case(rows))
    assess(open_case, "search", "to-check")
    assert why_left(open_case, "search") == "to check again; A report, para 2, no text at hand"
    assert why_left(open_case, "arrest") == "never checked; A log, p. 2"
    assert why_left(open_case, "unsourced") == "never checked; no source is cited"


def test_what_it_came_to(open_case: OpenCase) -> None:
    """Put-off ones come first, then what else is left, then what was found, with the remarks."""
    verification = begun(open_case)
    verification.stand_at("unsourced")
    verification.put_off_here()
    verification.stand_at("")
    assess(open_case, "search", "checked")
    assess(open_case, "skipper", "wrong", "He is the mate.")
    assess(open_case, "nothing", "checked")
    assess(open_case, "innocent", "needs-attention", "Ask him.")
    page = page_of_outcome(open_case, verification)
    assert page.title == "The pass is at its end"
    assert page.subtitle == "4 of 6 entries done: 2 checked, 1 needs attention, 1 wrong"
    assert words_of(page) == [
        *("Put off: 1", "Nobody says so", "never checked; no source is cited"),
        *("Left: 1", "Arrest", "never checked; A log, p. 2, no text at hand"),
        *("Wrong: 1", "The skipper", "He is the mate."),
        *("Needs attention: 1", "He knows nothing", "Ask him."),
    ]


def test_what_an_entry_rests_on(open_case: OpenCase) -> None:
    """Each cite in its order, then who else cites the same paragraph."""
    page = Evidence(open_case).page("skipper")
    assert (page.title, page.subtitle) == ("Rests on 1 cite", "no text of A report is at hand")
    assert words_of(page) == [
        *("A report, para 3", "Cited there too"),
        *("quote: The skipper: “I know nothing.”", "claim: He knows nothing"),
    ]


def test_a_claim_rests_on_the_words_that_it_was_made_in(open_case: OpenCase) -> None:
    """The quotation stands below the cite, which is the quotation's own."""
    page = Evidence(open_case).page("innocent")
    assert words_of(page)[:3] == [
        "A report, para 3",
        "said by The skipper",
        "“I know nothing.”",
    ]


def test_what_rests_on_nothing(open_case: OpenCase) -> None:
    """An entry without a source says so."""
    page = Evidence(open_case).page("unsourced")
    assert (page.title, page.sections) == ("No source is cited", ())
