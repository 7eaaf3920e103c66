"""Checks: which verdicts apply, what makes one stale, and disagreement between readers."""

from __future__ import annotations

import datetime as dt

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
from casefile.notes.notebook import Notebook
from casefile.views import noting
from casefile.views.open_case import OpenCase
from casefile.views.verdicts import check_in_words, tally_in_words

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
    """Set a verdict on an entry as it is now."""
    target = noting.target(open_case, entry, open_case.title(entry))
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
def test_changed_entry_or_text_makes_check_stale(
    digest: str | None, text: str | None, changed: tuple[str, ...]
) -> None:
    """A changed entry or cited text makes a check stale; a missing one doesn't."""
    target = target_of("A ship left", {"id": "left"}, {"press": "sha256:was", "gone": "sha256:x"})
    now = target.digest if digest == "as it was" else digest
    assert changed_since(target, "left", FakeCase(now, text)) == changed


def test_stale_and_to_check_do_not_apply() -> None:
    """Neither a stale check nor “to check again” is a verdict on the entry."""
    assert check(verdict=WRONG).stands == WRONG
    assert check(verdict=WRONG, changed=("left",)).stands is None
    assert check(verdict=TO_CHECK).stands is None


def test_later_of_two_checks_applies() -> None:
    """Of two checks by one reader, brought together by a merge, the later one applies."""
    early, late = check(), check(verdict=WRONG, made=NOON + dt.timedelta(hours=1))
    assert by_author([late, early])["jdoe"] is late
    assert by_author([early, late])["jdoe"] is late


def test_only_applying_verdicts_are_disputed() -> None:
    """Readers disagree only if verdicts that apply differ."""
    assert are_disputed([check(), check("bob", WRONG)])
    assert not are_disputed([check(), check("bob")])
    assert not are_disputed([check(), check("bob", TO_CHECK)])
    assert not are_disputed([check(), check("bob", WRONG, changed=("left",))])


def test_tally_counts_own_checks(desk: Desk) -> None:
    """The tally counts the reader's own checks of all entries but sources, issues and the case."""
    open_case = opened(desk, f'{ROWS}[[issue]]\nid = "why"\ntitle = "Why?"\n')
    assess(open_case, "left", CHECKED)
    other = Notebook(desk.places, "demo", "bob")
    assess(open_case, "loaded", WRONG, other)
    open_case.notebook.refresh(thorough=True)
    assert tally_in_words(open_case.checks.tally) == "1/2 checked"
    assess(open_case, "loaded", NEEDS_ATTENTION)
    assert open_case.checks.tally.assessed == 2
    assert open_case.checks.tally.checked == 1
    assert open_case.checks.is_disputed("loaded")


def test_changed_entry_has_to_be_checked_again(desk: Desk) -> None:
    """A stale check is shown with its verdict and the reason why it no longer applies."""
    open_case = opened(desk)
    assess(open_case, "left", CHECKED)
    open_case = opened(desk, ROWS.replace("A ship left", "Two ships left"))
    (own,) = open_case.checks.of("left").values()
    words = check_in_words(open_case, own)
    assert words.startswith("to check again (was checked 24 Nov")
    assert words.endswith("): the entry has changed")
    assert tally_in_words(open_case.checks.tally) == "0/2 checked, 1 stale"


def test_changed_text_makes_checks_stale(desk: Desk) -> None:
    """A changed text of a source makes checks stale; a missing text doesn't."""
    open_case = opened(desk)
    assess(open_case, "left", CHECKED)
    open_case = opened(desk, text=TEXT.replace("A ship", "Two ships"))
    (own,) = open_case.checks.of("left").values()
    assert check_in_words(open_case, own).endswith("): the text of A report has changed")
    (desk.folder / "report.txt").unlink()
    (own,) = opened(desk, text=None).checks.of("left").values()
    assert own.stands == CHECKED


def test_same_verdict_keeps_remark(desk: Desk) -> None:
    """The same verdict keeps its remark, another one removes it."""
    open_case = opened(desk)
    target = noting.target(open_case, "left", "A ship left")
    notebook = open_case.notebook
    notebook.assess("left", WRONG, target, body="Two ships.")
    assert notebook.assess("left", WRONG, target).body == "Two ships."
    assert notebook.assess("left", CHECKED, target).body == ""


def test_unknown_verdict_is_shown(desk: Desk) -> None:
    """A verdict of a later version is shown as it is written."""
    open_case = opened(desk)
    assess(open_case, "left", "probably")
    (own,) = open_case.checks.of("left").values()
    assert check_in_words(open_case, own).startswith("probably 24 Nov")
