"""Checks: which verdicts count, what makes one stale, where readers disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from screens import Desk

from casefile.notes.annotation import target_of
from casefile.notes.checks import (
    CHECKED,
    NEEDS_ATTENTION,
    TO_CHECK,
    WRONG,
    Check,
    are_disputed,
    by_author,
    changed_since,
    check_of,
)
from casefile.notes.notebook import Notebook, open_notebook
from casefile.views.note_sections import mark_sections
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.verdicts import Checks, check_in_words, counts_in_words

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TEXT = "A ship left.\n\nIt carried sand.\n"
ROWS = """file = "report.txt"
[[event]]
id = "left"
title = "A ship left"
cites = ["para 1"]
[[event]]
id = "loaded"
title = "It carried sand"
cites = ["para 2"]
"""


class FakeCase:
    """A case with one entry and one source."""

    def __init__(self, digest: str | None, text: str | None) -> None:
        self._digest, self._text = digest, text

    def digest(self, entry_id: str) -> str | None:
        """Return the digest of the one entry."""
        return self._digest if entry_id == "left" else None

    def text_hash(self, source_id: str) -> str | None:
        """Return the hash of the one text."""
        return self._text if source_id == "press" else None


def check(
    author: str = "jdoe",
    verdict: str = CHECKED,
    made: dt.datetime = NOON,
    changed: tuple[str, ...] = (),
) -> Check:
    """Return a check of one entry."""
    return Check("a-note", "left", author, verdict, made, changed=changed)


def opened(desk: Desk, rows: str = ROWS, text: str | None = TEXT) -> OpenCase:
    """Open a small case whose source has a text."""
    if text is not None:
        (desk.folder / "report.txt").write_text(text)
    return desk.lay_open(desk.write_case(rows))


def assess(open_case: OpenCase, entry: str, verdict: str, notebook: Notebook | None = None) -> None:
    """Record a verdict on an entry as it is now."""
    target = note_target(open_case, entry, open_case.title(entry))
    (notebook or open_case.notebook).assess(entry, verdict, target)


@pytest.mark.parametrize(
    ("digest", "text", "changed"),
    [
        ("as it was", "sha256:was", ()),
        ("another", "sha256:was", ("left",)),
        ("as it was", "sha256:is", ("press",)),
        ("another", "sha256:is", ("left", "press")),
        (None, "sha256:was", ()),
        ("as it was", None, ()),
    ],
)
def test_check_is_stale_after_its_entry_or_source_changed(
    digest: str | None, text: str | None, changed: tuple[str, ...]
) -> None:
    """A missing entry or text has not changed."""
    target = target_of("A ship left", {"id": "left"}, {"press": "sha256:was", "gone": "sha256:x"})
    now = target.digest if digest == "as it was" else digest
    assert changed_since(target, "left", FakeCase(now, text)) == changed


def test_stale_check_and_to_check_again_do_not_count() -> None:
    """Neither is a verdict on the entry as it is now."""
    assert check(verdict=WRONG).applying_verdict == WRONG
    assert check(verdict=WRONG, changed=("left",)).applying_verdict is None
    assert check(verdict=TO_CHECK).applying_verdict is None


def test_later_of_two_checks_of_one_reader_counts() -> None:
    """A merge can bring two checks of one reader."""
    early, late = check(), check(verdict=WRONG, made=NOON + dt.timedelta(hours=1))
    assert by_author([late, early], late.made)["jdoe"] is late
    assert by_author([early, late], late.made)["jdoe"] is late


@pytest.mark.parametrize("is_one_check", [False, True])
def test_only_giving_a_verdict_counts_as_giving_it(desk: Desk, *, is_one_check: bool) -> None:
    """An older check that is made private, dated anew, or deleted and restored, is older still.

    It is the later one again if its verdict is given again, as it was.
    """
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    times = iter(NOON + dt.timedelta(minutes=number) for number in range(100))
    book = Notebook(desk.places, "demo", "jdoe", lambda: next(times))
    book.refresh()
    start = book.assess("left", TO_CHECK, target)
    older = book.keep_edit(start.id, "31 kg", target, value=WRONG)
    if is_one_check:
        book.keep_edit(start.id, "", target, value=CHECKED, parents=[start.hash])
    else:
        book.keep_new("left", "", target, motivation="assessing", value=CHECKED)

    def verdict() -> str:
        own = book.own("left", "assessing")
        assert own is not None
        checks = [check_of(note, FakeCase(None, None)) for note in book.on("left")]
        counting = by_author([one for one in checks if one], NOON + dt.timedelta(days=1))["jdoe"]
        assert counting.verdict == own.current.value
        return counting.verdict

    assert verdict() == CHECKED
    last = older
    for is_private in (True, False):
        last = book.keep_edit(
            older.id, "31 kg", target, value=WRONG, parents=[last.hash], private=is_private
        )
        assert verdict() == CHECKED
    book.redate(older.id, NOON - dt.timedelta(days=1))
    assert verdict() == CHECKED
    book.undo()
    assert verdict() == CHECKED
    if not is_one_check:
        book.delete(older.id)
        book.undo()
        assert verdict() == CHECKED
        book.keep_edit(older.id, "31 kg", target)
        assert verdict() == WRONG


def test_check_dated_ahead_gives_way_to_one_that_is_not() -> None:
    """A wrong clock, or somebody who writes under a reader's name, can't outdo a later verdict."""
    now, ahead = check(), check(verdict=WRONG, made=NOON + dt.timedelta(days=4000))
    assert by_author([now, ahead], NOON)["jdoe"] is now


def test_only_current_verdicts_are_disputed() -> None:
    """A stale verdict or “to check again” disagrees with nobody."""
    assert are_disputed([check(), check("bob", WRONG)])
    assert not are_disputed([check(), check("bob")])
    assert not are_disputed([check(), check("bob", TO_CHECK)])
    assert not are_disputed([check(), check("bob", WRONG, changed=("left",))])


def test_checks_of_many_readers_are_looked_up_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks by a hundred names take as many look-ups as the check by one."""
    open_case = opened(desk)
    lookups: list[str] = []
    look_up = Checks.of

    def counted(checks: Checks, entry_id: str) -> Mapping[str, Check]:
        lookups.append(entry_id)
        return look_up(checks, entry_id)

    monkeypatch.setattr(Checks, "of", counted)
    for author in ("jdoe", *(f"reader {number}" for number in range(100))):
        assess(open_case, "left", CHECKED, open_notebook(desk.places, "demo", author))
    open_case.notebook.refresh(thorough=True)
    sections = [*mark_sections(open_case, "left")]
    assert [section.label for section in sections[:2]] == ["You", "Reader"]
    assert len(sections) == 101
    assert len(lookups) <= 2


def test_counts_are_of_the_readers_own_checks(desk: Desk) -> None:
    """All entries but sources, issues and the case are counted."""
    open_case = opened(desk, f'{ROWS}[[issue]]\nid = "why"\ntitle = "Why?"\n')
    assess(open_case, "left", CHECKED)
    other = open_notebook(desk.places, "demo", "bob")
    assess(open_case, "loaded", WRONG, other)
    open_case.notebook.refresh(thorough=True)
    assert counts_in_words(open_case.checks.counts) == "1/2 checked"
    assess(open_case, "loaded", NEEDS_ATTENTION)
    assert open_case.checks.counts.assessed == 2
    assert open_case.checks.counts.checked == 1
    assert open_case.checks.is_disputed("loaded")


def test_the_tally_counts_the_later_of_two_own_checks(desk: Desk) -> None:
    """Two checks by the reader on one entry count as one, whichever was begun first."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    here, elsewhere = open_case.notebook, desk.notebook("demo")
    first = here.assess("left", CHECKED, target)
    second = elsewhere.assess("left", WRONG, target)
    here.refresh(thorough=True)
    assert open_case.checks.counts.verdicts == {WRONG: 1}
    here.keep_edit(first.id, "", target)
    assert [note.id for note in here.notes] == [first.id, second.id]
    assert open_case.checks.counts.verdicts == {CHECKED: 1}


def test_changed_entry_is_to_be_checked_again(desk: Desk) -> None:
    """The words say what the verdict was and why it is stale."""
    open_case = opened(desk)
    assess(open_case, "left", CHECKED)
    open_case = opened(desk, ROWS.replace("A ship left", "Two ships left"))
    (own,) = open_case.checks.of("left").values()
    words = check_in_words(open_case, own)
    assert words.startswith("to check again (was checked 24 Nov")
    assert words.endswith("): the entry has changed")
    assert counts_in_words(open_case.checks.counts) == "0/2 checked, 1 stale"


def test_changed_source_text_makes_checks_stale(desk: Desk) -> None:
    """A text that is missing does not."""
    open_case = opened(desk)
    assess(open_case, "left", CHECKED)
    open_case = opened(desk, text=TEXT.replace("A ship", "Two ships"))
    (own,) = open_case.checks.of("left").values()
    assert check_in_words(open_case, own).endswith("): the text of A report has changed")
    (desk.folder / "report.txt").unlink()
    (own,) = opened(desk, text=None).checks.of("left").values()
    assert own.applying_verdict == CHECKED


def test_same_verdict_again_keeps_its_remark(desk: Desk) -> None:
    """Another verdict does not."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    notebook = open_case.notebook
    notebook.assess("left", WRONG, target, body="Two ships.")
    assert notebook.assess("left", WRONG, target).body == "Two ships."
    assert notebook.assess("left", CHECKED, target).body == ""


def test_the_remark_of_a_deleted_verdict_does_not_come_back(desk: Desk) -> None:
    """The same verdict given after the first one was deleted begins without a remark."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    notebook = open_case.notebook
    verdict = notebook.assess("left", WRONG, target, body="Two ships.")
    notebook.delete(verdict.id)
    again = notebook.assess("left", WRONG, target)
    assert (again.id, again.value, again.body) == (verdict.id, WRONG, "")


def test_verdict_of_a_later_version_is_shown_in_quotation_marks(desk: Desk) -> None:
    """An unknown word is kept, and can't be taken for one of the program."""
    open_case = opened(desk)
    assess(open_case, "left", "probably")
    (own,) = open_case.checks.of("left").values()
    assert check_in_words(open_case, own).startswith("“probably” 24 Nov")
