"""Checks: which verdicts count, what makes one stale, where readers disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

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
)
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook, open_notebook
from casefile.views import revisions
from casefile.views.note_moving import move_note
from casefile.views.note_sections import mark_sections, note_sections
from casefile.views.note_targets import draft_target, note_target
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


def notebook_at(desk: Desk, moment: dt.datetime) -> Notebook:
    """Open the notes by a clock that stands still."""
    notebook = Notebook(desk.places, "demo", "jdoe", lambda: moment)
    notebook.refresh()
    return notebook


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
    """An older check with another remark, made private, dated anew, or restored, is older still.

    It is the later one again if its verdict is given again, as it was.
    """
    open_case = opened(desk)
    book = open_case.notebook
    target = note_target(open_case, "left", "A ship left")
    start = book.assess("left", TO_CHECK, target)
    older = book.keep_edit(start.id, "31 kg", target, value=WRONG)
    if is_one_check:
        book.keep_edit(start.id, "", target, value=CHECKED, parents=[start.hash])
    else:
        book.keep_new("left", "", target, motivation="assessing", value=CHECKED)

    def verdict() -> str:
        own, counting = book.own("left", "assessing"), open_case.checks.own("left")
        assert own is not None
        assert counting is not None
        assert counting.verdict == own.current.value
        return counting.verdict

    assert verdict() == CHECKED
    last = older
    for body, is_private in (("31 kg", True), ("31 kg", False), ("31 kg, not 13", False)):
        last = book.keep_edit(older.id, body, target, parents=[last.hash], private=is_private)
        assert verdict() == CHECKED
    book.redate(older.id, book.clock.now - dt.timedelta(days=1))
    assert verdict() == CHECKED
    book.undo()
    assert verdict() == CHECKED
    book.delete(older.id)
    book.undo()
    assert verdict() == CHECKED
    book.keep_edit(older.id, "31 kg", target, value=WRONG)
    assert verdict() == WRONG


@pytest.mark.parametrize("is_joined", [False, True])
def test_remark_keeps_the_verdict_that_it_was_written_to(desk: Desk, *, is_joined: bool) -> None:
    """A verdict that another machine gave meanwhile stays beside it, and is not given by it too.

    If the remark joins both, it has the verdict that was given last.
    """
    open_case = opened(desk)
    book, elsewhere = open_case.notebook, desk.notebook("demo")
    assess(open_case, "left", NEEDS_ATTENTION)
    elsewhere.refresh(thorough=True)
    assess(open_case, "left", WRONG)
    (note,) = book.notes
    parents = note.head_hashes
    assess(open_case, "left", CHECKED, elsewhere)
    book.refresh(thorough=True)
    target = note_target(open_case, "left", "A ship left")
    book.keep_edit(note.id, "22, not 23", target, parents=None if is_joined else parents)
    (note,) = book.notes
    said = [(head.value, head.body) for head in note.heads]
    joined = [(CHECKED, "22, not 23")]
    assert said == (joined if is_joined else [(WRONG, "22, not 23"), (CHECKED, "")])


def _edit_remark(open_case: OpenCase, note: Note) -> None:
    target = note_target(open_case, "left", "A ship left")
    open_case.notebook.keep_edit(note.id, "As the release says.", target)


def _keep_draft(open_case: OpenCase, note: Note) -> None:
    draft = open_case.drafts.begin("left", "A ship left", note=note.id, motivation="assessing")
    target = draft_target(open_case, draft)
    open_case.notebook.keep_draft(draft, "As the release says.", target)


def _restore(open_case: OpenCase, note: Note, entry: str = "left") -> None:
    assess(open_case, entry, WRONG)
    (later,) = open_case.notebook.notes
    revisions.restore(open_case.notebook, later, note.history[0], later.current)


def _restore_after_move(open_case: OpenCase, note: Note) -> None:
    move_note(open_case, note, "loaded")
    _restore(open_case, note, "loaded")


def _undo_after_another_verdict(open_case: OpenCase, _note: Note) -> None:
    assess(open_case, "left", WRONG)
    open_case.notebook.undo()


@pytest.mark.parametrize(
    "change",
    [
        lambda open_case, note: open_case.notebook.make_private(note.id, private=True),
        lambda open_case, note: move_note(open_case, note, "loaded"),
        _edit_remark,
        _keep_draft,
        _restore,
        _restore_after_move,
        _undo_after_another_verdict,
    ],
)
def test_verdict_is_of_the_row_and_time_at_which_it_was_given(
    desk: Desk, change: Callable[[OpenCase, Note], object]
) -> None:
    """Whatever is done to a stale check but giving a verdict, it is stale, and as old."""
    assess(opened(desk), "left", CHECKED)
    open_case = opened(desk, ROWS.replace("A ship left", "Two ships left"))
    (before,) = open_case.checks.of("left").values()
    change(open_case, *open_case.notebook.notes)
    (note,) = open_case.notebook.notes
    (after,) = open_case.checks.of(note.current.entry).values()
    assert (after.verdict, after.is_stale) == (CHECKED, True)
    assert after.made == before.made
    assess(open_case, after.entry, CHECKED)
    (again,) = open_case.checks.of(after.entry).values()
    assert not again.is_stale
    assert again.made > before.made


def test_given_again_a_verdict_is_given_then(desk: Desk) -> None:
    """The same verdict with another remark, as by `note add --check`, is given anew."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    first = open_case.notebook.assess("left", WRONG, target)
    again = open_case.notebook.assess("left", WRONG, target, body="Two ships.")
    (own,) = open_case.checks.of("left").values()
    assert own.made == again.modified > first.modified


@pytest.mark.parametrize("is_given_again", [False, True])
def test_wrong_date_of_a_check_is_corrected(desk: Desk, *, is_given_again: bool) -> None:
    """A date of a wrong clock no longer counts, also once it has come; only a redate says so."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    wrong = notebook_at(desk, NOON + dt.timedelta(days=30)).assess("left", CHECKED, target)
    book = open_case.notebook
    book.refresh(thorough=True)
    now = book.clock.now
    if is_given_again:
        book.assess("left", CHECKED, target)
    else:
        book.redate(wrong.id, now)
    (own,) = open_case.checks.of("left").values()
    assert abs(own.made - now) < dt.timedelta(hours=1)
    (note,) = book.notes
    done = revisions.changes_in_words(note.by_hash)[note.current.hash]
    dated = "dated 24 Nov 2026 instead of 24 Dec 2026"
    assert done == (f"checked, {dated}" if is_given_again else dated)


def _make_private(open_case: OpenCase, note: Note) -> None:
    open_case.notebook.make_private(note.id, private=True)


@pytest.mark.parametrize("change", [_make_private, _edit_remark])
def test_check_dated_ahead_is_not_given_again_by_a_change(
    desk: Desk, change: Callable[[OpenCase, Note], object]
) -> None:
    """It gives way to a verdict that was given since, and is to be dated anew still."""
    target = note_target(opened(desk), "left", "A ship left")
    ahead = notebook_at(desk, NOON + dt.timedelta(days=30)).assess("left", CHECKED, target)
    open_case = opened(desk)
    book = open_case.notebook
    book.keep_new("left", "", target, motivation="assessing", value=WRONG)
    (note,) = (note for note in book.notes if note.id == ahead.id)
    change(open_case, note)
    own = open_case.checks.own("left")
    assert own is not None
    assert own.verdict == WRONG
    assert [note.id for note in book.dated_ahead] == [ahead.id]
    book.redate(ahead.id, NOON - dt.timedelta(days=1))
    assert not book.dated_ahead


def test_verdict_that_counts_is_the_same_after_a_redate(desk: Desk) -> None:
    """Three machines give a check at one time, the first and the last the same verdict."""
    open_case = opened(desk)
    assess(open_case, "left", NEEDS_ATTENTION)
    book = open_case.notebook
    (note,) = book.notes
    for value in (CHECKED, WRONG, CHECKED):
        book.keep_edit(note.id, "", note.current.target, value=value, parents=note.head_hashes)
    book.redate(note.id, book.clock.now)
    (note,) = book.notes
    assert [head.value for head in note.heads] == [WRONG, CHECKED]


def test_of_checks_dated_ahead_one_counts(desk: Desk) -> None:
    """The screen shows the one that the next verdict follows."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    for day in (28, 27, 32, 31, 30, 29):
        ahead = notebook_at(desk, NOON + dt.timedelta(days=day))
        ahead.keep_new("left", f"{day}", target, motivation="assessing", value=CHECKED)
    book = open_case.notebook
    book.refresh(thorough=True)
    own, counting = book.own("left", "assessing"), open_case.checks.own("left")
    assert own is not None
    assert counting is not None
    assert counting.remark == own.current.body == "32"


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
    here.keep_edit(first.id, "", target, value=CHECKED)
    assert [note.id for note in here.notes] == [first.id, second.id]
    assert open_case.checks.counts.verdicts == {CHECKED: 1}


@pytest.mark.parametrize("has_moved_first", [False, True])
@pytest.mark.parametrize("verdict_there", [None, NEEDS_ATTENTION])
def test_check_in_two_places_counts_on_each(
    desk: Desk, verdict_there: str | None, *, has_moved_first: bool
) -> None:
    """One reader moves a check, and gives it again elsewhere; the next verdict joins the two."""
    open_case = opened(desk)
    assess(open_case, "left", CHECKED)
    (note,) = open_case.notebook.notes
    elsewhere = desk.notebook("demo")

    def move() -> None:
        move_note(open_case, note, "loaded")
        if verdict_there:
            assess(open_case, "loaded", verdict_there)

    def check_again() -> None:
        assess(open_case, "left", WRONG, elsewhere)

    for act in (move, check_again) if has_moved_first else (check_again, move):
        act()
    book = open_case.notebook
    book.refresh(thorough=True)
    left, loaded = (open_case.checks.own(entry) for entry in ("left", "loaded"))
    assert left is not None
    assert loaded is not None
    assert (left.verdict, left.entry) == (WRONG, "left")
    assert (loaded.verdict, loaded.entry) == (verdict_there or CHECKED, "loaded")
    assert loaded.is_stale is (verdict_there is None)
    assert open_case.checks.counts.verdicts == {WRONG: 1} | (
        {verdict_there: 1} if verdict_there else {}
    )
    assess(open_case, "loaded", CHECKED)
    (joined,) = book.notes
    assert not joined.conflict
    assert joined.entries == {"loaded"}
    assert open_case.checks.counts.verdicts == {CHECKED: 1}


def test_page_says_of_a_version_elsewhere_where_it_is(desk: Desk) -> None:
    """A verdict and a text that were moved in one place are on both pages, each with its entry."""
    open_case = opened(desk)
    book, elsewhere = open_case.notebook, desk.notebook("demo")
    assess(open_case, "left", CHECKED)
    target = note_target(open_case, "left", "A ship left")
    book.keep_new("left", "When?", target)
    elsewhere.refresh(thorough=True)
    for note in elsewhere.notes:
        value = WRONG if note.is_check else None
        elsewhere.keep_edit(note.id, "At nine?", target, value=value)
    for note in book.notes:
        move_note(open_case, note, "loaded")
    assess(open_case, "loaded", NEEDS_ATTENTION)
    book.refresh(thorough=True)

    def words_on(entry: str) -> set[str]:
        sections = (*mark_sections(open_case, entry), *note_sections(open_case, entry))
        texts = [item.text for section in sections for item in section.items]
        return {text.partition(", edited")[2] or text for text in texts}

    own, moved = "wrong 24 Nov", "needs attention 24 Nov"
    assert {own, f"on It carried sand: {moved}", ", on It carried sand"} <= words_on("left")
    assert {moved, f"on A ship left: {own}", ", on A ship left"} <= words_on("loaded")


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
    """The same verdict given after the first one was deleted begins without a remark and tags."""
    open_case = opened(desk)
    target = note_target(open_case, "left", "A ship left")
    notebook = open_case.notebook
    verdict = notebook.assess("left", WRONG, target, body="Two ships.")
    notebook.keep_edit(verdict.id, "Two ships.", target, tags=["harbour"])
    notebook.delete(verdict.id)
    again = notebook.assess("left", WRONG, target)
    assert (again.id, again.value, again.body, again.tags) == (verdict.id, WRONG, "", ())


def test_verdict_of_a_later_version_is_shown_in_quotation_marks(desk: Desk) -> None:
    """An unknown word is kept, and can't be taken for one of the program."""
    open_case = opened(desk)
    assess(open_case, "left", "probably")
    (own,) = open_case.checks.of("left").values()
    assert check_in_words(open_case, own).startswith("“probably” 24 Nov")


async def test_stale_check_whose_remark_is_edited_is_still_stale(desk: Desk) -> None:
    """It is not saved anew without a change, and the pass does not take it for checked."""
    assess(opened(desk), "left", CHECKED)
    opened(desk, ROWS.replace("A ship left", "Two ships left"))
    async with desk.open(desk.folder / "demo.toml", size=(120, 40)) as reader:
        await reader.press("1", "e", *"half", "ctrl+s", "e", "ctrl+s")
        assert "to check again (was checked" in reader.text
        assert "half" in reader.text
        assert reader.session.open_case.checks.counts.assessed == 0
    (note,) = desk.notebook("demo").notes
    assert len(note.history) == 2
