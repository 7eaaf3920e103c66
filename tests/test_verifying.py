"""The verification pass without a screen: its orders, its position, and its results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import Desk

from casefile.state.passes import Pass, recall_pass
from casefile.views.case_panes import panes_of
from casefile.views.evidence import Evidence
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.page import Page
from casefile.views.pass_summary import page_of_results, progress_in_words, why_left
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
    """Return a case with six entries to be checked and two sources."""
    return desk.lay_open(desk.write_case(ROWS))


def begun(open_case: OpenCase) -> Verification:
    """Return the pass through a case, resumed as at a start of the program."""
    verification = Verification(open_case, panes_of(open_case))
    verification.resume()
    return verification


def assess(open_case: OpenCase, entry: str, verdict: str, remark: str = "") -> None:
    """Record a verdict on an entry."""
    target = note_target(open_case, entry, open_case.title(entry))
    open_case.notebook.assess(entry, verdict, target, body=remark)


def texts_of(page: Page) -> list[str]:
    """Return the texts of the items of a page."""
    return [item.text for section in page.sections for item in section.items]


def rest_of(verification: Verification) -> Iterator[str]:
    """Yield the current entry at each step to the end of a pass, putting each off."""
    while verification.entry:
        yield verification.entry
        verification.put_off_current()
        verification.go_on()


# The order


def test_order_by_source(open_case: OpenCase) -> None:
    """Sources are in file order, places in reading order, and entries without cites last."""
    assert list(walk_of(open_case, (), "source").entries) == BY_SOURCE


def test_order_by_pane(open_case: OpenCase) -> None:
    """Panes and rows are in their own order, without issues and sources."""
    assert list(walk_of(open_case, panes_of(open_case), "pane").entries) == BY_PANE


def test_entry_in_two_panes_is_visited_once(desk: Desk) -> None:
    """A dated claim is on the timeline too, and is checked once."""
    rows = '[[claim]]\nid = "c"\nstatement = "So"\ndate = "2019"\n'
    open_case = desk.lay_open(desk.write_case(rows))
    assert list(walk_of(open_case, panes_of(open_case), "pane").entries) == ["c"]


def test_both_orders_hold_all_checkable_entries(desk: Desk) -> None:
    """Both orders of the bundled case hold exactly the entries that can be checked."""
    open_case = desk.lay_open()
    panes = panes_of(open_case)
    assert set(walk_of(open_case, panes, "source").entries) == open_case.checkable
    assert set(walk_of(open_case, panes, "pane").entries) == open_case.checkable


# Going on and back


def test_pass_visits_each_entry_once(open_case: OpenCase) -> None:
    """An entry that was put off does not come again before the end."""
    verification = begun(open_case)
    assert list(rest_of(verification)) == BY_SOURCE
    assert verification.put_off == tuple(BY_SOURCE)


def test_checked_entry_is_skipped(open_case: OpenCase) -> None:
    """This includes one that was checked elsewhere during the pass."""
    assess(open_case, "search", "checked")
    verification = begun(open_case)
    assert verification.entry == "skipper"
    assess(open_case, "nothing", "wrong")
    verification.go_on()
    assert verification.entry == "innocent"


def test_entry_checked_by_another_reader_is_not_skipped(open_case: OpenCase) -> None:
    """Each reader checks all entries."""
    target = note_target(open_case, "search", "The Anna is searched")
    open_case.notebook.author = "rroe"
    open_case.notebook.assess("search", "checked", target)
    open_case.notebook.author = "jdoe"
    assert begun(open_case).entry == "search"


def test_entry_to_check_again_is_visited_once(open_case: OpenCase) -> None:
    """The verdict “to check again” leaves an entry to be checked, and the pass still ends."""
    verification = begun(open_case)
    assess(open_case, "search", "to-check")
    assert list(rest_of(verification)) == BY_SOURCE
    outcome = page_of_results(open_case, verification)
    assert outcome.title == "End of the verification pass"
    assert "to check again; A report, para 2, no text at hand" in texts_of(outcome)


def test_putting_off_a_verified_entry_keeps_its_verdict(open_case: OpenCase) -> None:
    """After going back to an entry with a verdict, Later only goes on."""
    verification = begun(open_case)
    assess(open_case, "search", "checked")
    verification.go_on()
    assert verification.go_back()
    assert not verification.put_off_current()
    verification.go_on()
    assert verification.entry == "skipper"
    assert progress_in_words(open_case, verification) == "1 of 6 done"
    check = open_case.notebook.own("search", "assessing")
    assert check is not None
    assert check.current.value == "checked"


def test_pass_from_the_middle_continues_at_the_start(open_case: OpenCase) -> None:
    """Entries before the current one come after the last one."""
    verification = begun(open_case)
    verification.go_to("arrest")
    assert list(rest_of(verification)) == ["arrest", "unsourced", *BY_SOURCE[:4]]


def test_back_follows_the_visited_entries(open_case: OpenCase) -> None:
    """Going back ignores verdicts, and going on continues from there."""
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


def test_back_after_restart_follows_the_order(open_case: OpenCase) -> None:
    """The visited entries are not saved, so the order decides."""
    begun(open_case).go_to("nothing")
    verification = begun(open_case)
    assert verification.go_back()
    assert verification.entry == "skipper"


def test_back_after_undo_goes_to_the_entry_before(open_case: OpenCase) -> None:
    """After an undone verdict, going back does not return to the same entry."""
    verification = begun(open_case)
    for entry in BY_SOURCE[:3]:
        assess(open_case, entry, "checked")
        verification.go_on()
    verification.return_to("skipper")
    verification.go_back()
    assert verification.entry == "search"


def test_changing_the_order_keeps_the_current_entry(open_case: OpenCase) -> None:
    """Only the next entry changes, and the order is saved."""
    verification = begun(open_case)
    verification.switch_order()
    assert verification.entry == "search"
    verification.go_on()
    assert verification.entry == "skipper"
    assert begun(open_case).order == "pane"


# From one run to the next


def test_pass_resumes_at_the_saved_position(open_case: OpenCase) -> None:
    """The entry and the entries that were put off are restored."""
    verification = begun(open_case)
    assert not Verification(open_case, ()).put_off
    verification.put_off_current()
    verification.go_on()
    again = Verification(open_case, panes_of(open_case))
    assert again.is_begun
    assert again.resume()
    assert (again.entry, again.put_off) == ("skipper", ("search",))


def test_pass_resumes_after_entry_checked_elsewhere(open_case: OpenCase) -> None:
    """The saved entry may have been checked in another terminal."""
    begun(open_case).go_to("nothing")
    assess(open_case, "nothing", "checked")
    assert begun(open_case).entry == "innocent"


def test_finished_pass_starts_over_with_put_off_entries(open_case: OpenCase) -> None:
    """They are no longer put off then."""
    verification = begun(open_case)
    for entry in BY_SOURCE[1:]:
        assess(open_case, entry, "checked")
    assert list(rest_of(verification)) == ["search"]
    again = begun(open_case)
    assert (again.entry, again.put_off) == ("search", ())


def test_position_is_deleted_when_all_is_checked(open_case: OpenCase) -> None:
    """There is no current entry and nothing to save."""
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
def test_unreadable_position_starts_a_new_pass(open_case: OpenCase, data: bytes) -> None:
    """A damaged file of the position is ignored."""
    assert open_case.places.state
    folder = open_case.places.state / "passes"
    folder.mkdir(parents=True)
    (folder / "demo.toml").write_bytes(data)
    assert recall_pass(open_case.places, "demo") == Pass()
    assert begun(open_case).entry == "search"


def test_saved_ids_that_are_not_in_the_case_are_ignored(open_case: OpenCase) -> None:
    """A saved entry may have been deleted from the file."""
    verification = begun(open_case)
    verification.go_to("gone")
    again = begun(open_case)
    assert again.entry == "search"
    assert again.put_off == ()


def test_pass_goes_on_if_its_position_cannot_be_saved(open_case: OpenCase) -> None:
    """The position is then not saved."""
    assert open_case.places.state
    open_case.places.state.parent.mkdir(parents=True, exist_ok=True)
    open_case.places.state.write_text("no folder", encoding="utf-8")
    assert list(rest_of(begun(open_case))) == BY_SOURCE


# A case that is read again


def test_pass_goes_on_after_a_deleted_entry(desk: Desk, open_case: OpenCase) -> None:
    """After a reload the pass is at the next entry to check, not at the first."""
    verification = begun(open_case)
    verification.go_to("nothing")
    without = ROWS.replace('[[quote]]\nid = "nothing"', '[[quote]]\nid = "other"')
    again = desk.lay_open(desk.write_case(without))
    verification.reload(again, panes_of(again))
    assert verification.entry == "innocent"


def test_changed_entry_is_to_be_checked_again(desk: Desk, open_case: OpenCase) -> None:
    """The pass visits a stale check again and says what has changed."""
    assess(open_case, "search", "checked")
    changed = desk.lay_open(desk.write_case(ROWS.replace("2019-05-03", "2019-05-04")))
    assert begun(changed).entry == "search"
    assert why_left(changed, "search") == (
        "to check again (was checked 24 Nov): the entry has changed; "
        "A report, para 2, no text at hand"
    )


# In words


def test_progress_in_words(open_case: OpenCase) -> None:
    """All verdicts but “to check again” count as done."""
    verification = begun(open_case)
    assert progress_in_words(open_case, verification) == "0 of 6 done"
    assess(open_case, "search", "checked")
    assess(open_case, "skipper", "needs-attention")
    assess(open_case, "nothing", "wrong")
    assess(open_case, "innocent", "to-check")
    verification.go_to("arrest")
    verification.put_off_current()
    progress = "3 of 6 done · 1 needs attention, 1 wrong, 1 put off"
    assert progress_in_words(open_case, verification) == progress


def test_reasons_why_entries_are_left(desk: Desk) -> None:
    """An entry is not checked, to check again, without a source or without a readable text."""
    (desk.folder / "press.txt").write_text("One.\n\nTwo.\n", encoding="utf-8")
    rows = ROWS.replace('title = "A log"', 'title = "A log"\nfile = "press.txt"')
    open_case = desk.lay_open(desk.write_case(rows))
    assess(open_case, "search", "to-check")
    assert why_left(open_case, "search") == "to check again; A report, para 2, no text at hand"
    assert why_left(open_case, "arrest") == "never checked; A log, p. 2"
    assert why_left(open_case, "unsourced") == "never checked; no source is cited"


def test_results_page(open_case: OpenCase) -> None:
    """It lists the entries put off, those left, and those with findings and remarks."""
    verification = begun(open_case)
    verification.go_to("unsourced")
    verification.put_off_current()
    verification.go_to("")
    assess(open_case, "search", "checked")
    assess(open_case, "skipper", "wrong", "He is the mate.")
    assess(open_case, "nothing", "checked")
    assess(open_case, "innocent", "needs-attention", "Ask him.")
    page = page_of_results(open_case, verification)
    assert page.title == "End of the verification pass"
    assert page.subtitle == "4 of 6 entries done: 2 checked, 1 needs attention, 1 wrong"
    assert texts_of(page) == [
        *("Put off: 1", "Nobody says so", "never checked; no source is cited"),
        *("Left: 1", "Arrest", "never checked; A log, p. 2, no text at hand"),
        *("Wrong: 1", "The skipper", "He is the mate."),
        *("Needs attention: 1", "He knows nothing", "Ask him."),
    ]


def test_evidence_lists_cites_and_who_else_cites_them(open_case: OpenCase) -> None:
    """The cites come in their order, then the other entries that cite the paragraph."""
    page = Evidence(open_case).page("skipper")
    assert (page.title, page.subtitle) == ("Evidence: 1 cite", "no text of A report is at hand")
    assert texts_of(page) == [
        *("A report, para 3", "Also cited by"),
        *("quote: The skipper: “I know nothing.”", "claim: He knows nothing"),
    ]


def test_evidence_of_a_claim_has_its_quote(open_case: OpenCase) -> None:
    """The quote comes after the cite, which belongs to the quote."""
    page = Evidence(open_case).page("innocent")
    assert texts_of(page)[:3] == [
        "A report, para 3",
        "said by The skipper",
        "“I know nothing.”",
    ]


def test_evidence_of_an_entry_without_cites(open_case: OpenCase) -> None:
    """The title says that no source is cited."""
    page = Evidence(open_case).page("unsourced")
    assert (page.title, page.sections) == ("No source is cited", ())
