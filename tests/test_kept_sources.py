"""Whatever writes a revision of a note, it keeps what the note is held back for.

The entry of the note cited a confidential source when the note was written, and cites an open one
now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from readers import Colleague, Run, anna, run
from small_cases import case_among_sources, write_case

from casefile.case.reader import read_case
from casefile.config import Config
from casefile.notes.annotation import Revision, Target
from casefile.notes.exchange import exported_revisions
from casefile.notes.history import Note
from casefile.views.case_opener import CaseOpener
from casefile.views.confidential import Confidential
from casefile.views.note_moving import move_note
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.revisions import restore

__all__ = ["anna", "run"]

NOW = f"""\
source = "press"
{case_among_sources('"press, p. 1"')}[[event]]
id = "other"
title = "Another"
cites = "press, p. 2"
"""
BEFORE = NOW.replace("press, p. 1", "informer, p. 1")
UNNAMED = NOW.replace('source = "press"\n', "", 1).replace("press, p. 1", "p. 1")
"""Nobody can say from which source the meeting is."""
EARLIER = Target("A meeting", "sha256:0")
"""As earlier versions wrote it, or without room for more."""


class Desk:
    """A note of a reader on the meeting, and the case as it is now."""

    def __init__(
        self,
        reader: Colleague,
        path: Path,
        before: str = BEFORE,
        *,
        target: Target | None = None,
        body: str = "What?",
        motivation: str = "commenting",
        value: str | None = None,
        tags: Sequence[str] = (),
    ) -> None:
        self._reader = reader
        self.path = path
        write_case(path, before)
        case = self._open()
        self.then = target_in(case)
        first = case.notebook.keep_new(
            "meeting",
            body,
            target or self.then,
            motivation=motivation,
            value=value,
            tags=tags,
        )
        write_case(path, NOW)
        self.case = self._open()
        self.notebook = self.case.notebook
        self.now = target_in(self.case)
        self.id = first.id

    def _open(self) -> OpenCase:
        return CaseOpener(self._reader.places, Config()).open_reading(read_case(self.path))

    @property
    def note(self) -> Note:
        """The note as it is now."""
        note = self.notebook.note(self.id)
        assert note is not None
        return note

    def edit(
        self, body: str, target: Target | None = None, parents: Sequence[str] | None = None
    ) -> Revision:
        """Edit the note as one that knows nothing of what it was on."""
        return self.notebook.keep_edit(self.id, body, target or self.now, parents=parents)

    def move(self, entry_id: str) -> None:
        """Move the note."""
        move_note(self.case, self.note, entry_id)

    def restore_first(self) -> None:
        """Restore the first text of the note."""
        restore(self.notebook, self.note, self.note.history[0], self.note.current)

    @property
    def exported(self) -> list[Revision]:
        """What is exported of all notes."""
        notes = self._reader.notebook.notes
        concerns = Confidential(self._open()).concerns
        return [kept for note in notes for kept in exported_revisions(note, concerns)]


def target_in(case: OpenCase) -> Target:
    """Return the target of a new note on the meeting."""
    return note_target(case, "meeting", "A meeting")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the case."""
    return tmp_path / "cases" / "demo.toml"


def edit(desk: Desk) -> None:
    """Edit the note."""
    desk.edit("Who?")


def move(desk: Desk) -> None:
    """Move the note to another entry."""
    desk.move("other")


def reply(desk: Desk) -> None:
    """Reply with words of the note."""
    desk.notebook.keep_new("meeting", "> What?", desk.now, motivation="replying", reply_to=desk.id)


def edit_and_undo(desk: Desk) -> None:
    """Edit the note and take that back."""
    desk.edit("Who?")
    desk.notebook.undo()


def make_private_for_a_time(desk: Desk) -> None:
    """Make the note private, and public again."""
    desk.notebook.make_private(desk.id, private=True)
    desk.notebook.make_private(desk.id, private=False)


def delete_and_restore(desk: Desk) -> None:
    """Delete the note and restore its text."""
    desk.notebook.delete(desk.id)
    desk.restore_first()


def move_and_move_back(desk: Desk) -> None:
    """Move the note to another entry, and back."""
    desk.move("other")
    desk.move("meeting")


def restore_after_move(desk: Desk) -> None:
    """Restore the first text of a note that was edited and moved."""
    desk.edit("Who?")
    desk.move("other")
    desk.restore_first()


def redate_equal_texts(desk: Desk) -> None:
    """Date two equal texts as one, of which one was written now."""
    first = desk.note.current
    for target in (desk.then, desk.now):
        desk.edit("Who?", target, parents=[first.hash])
    desk.notebook.redate(desk.id, first.created)


def give_same_verdict(desk: Desk) -> None:
    """Give the verdict again, which keeps its remark."""
    desk.notebook.assess("meeting", "checked", desk.now)


def give_other_verdict(desk: Desk) -> None:
    """Give another verdict, with another remark."""
    desk.notebook.assess("meeting", "wrong", desk.now, body="Not so.")


TEXT_WAYS = (
    edit,
    reply,
    edit_and_undo,
    make_private_for_a_time,
    delete_and_restore,
    move,
    move_and_move_back,
    restore_after_move,
    redate_equal_texts,
)


@pytest.mark.parametrize("act", TEXT_WAYS)
def test_no_way_of_writing_publishes_a_text(
    anna: Colleague, path: Path, act: Callable[[Desk], object]
) -> None:
    """Nor does one that is told nothing of what the note was on."""
    desk = Desk(anna, path)
    act(desk)
    assert desk.exported == []


@pytest.mark.parametrize("act", TEXT_WAYS)
@pytest.mark.parametrize(("before", "target"), [(BEFORE, EARLIER), (UNNAMED, None)])
def test_no_way_of_writing_publishes_a_text_of_unknown_sources(
    anna: Colleague,
    path: Path,
    act: Callable[[Desk], object],
    before: str,
    target: Target | None,
) -> None:
    """The row of today does not tell what the note was on before."""
    desk = Desk(anna, path, before, target=target)
    act(desk)
    assert desk.exported == []


@pytest.mark.parametrize(
    "act",
    [
        give_same_verdict,
        give_other_verdict,
        move,
        edit_and_undo,
        delete_and_restore,
        restore_after_move,
        redate_equal_texts,
    ],
)
def test_no_way_of_writing_publishes_a_remark(
    anna: Colleague, path: Path, act: Callable[[Desk], object]
) -> None:
    """A verdict that is given again keeps its remark, and a new remark may have its words."""
    desk = Desk(anna, path, motivation="assessing", value="checked")
    act(desk)
    assert desk.exported == []


def test_added_tag_publishes_no_other(anna: Colleague, path: Path) -> None:
    """The tags of an entry are one annotation."""
    desk = Desk(anna, path, body="", motivation="tagging", tags=["clerk"])
    desk.notebook.tag("meeting", ["clerk", "more"], desk.now)
    assert desk.exported == []


@pytest.mark.parametrize("given", ["checked", "wrong"])
def test_verdict_without_standard_input_publishes_no_remark_or_tag(
    run: Run, anna: Colleague, path: Path, given: str
) -> None:
    """`note add --check` keeps the remark of the same verdict, and the tags of any."""
    remark = "" if given == "wrong" else "What?"
    desk = Desk(anna, path, body=remark, motivation="assessing", value="checked", tags=["clerk"])
    assert run(anna, "note", "add", path, "meeting", "--check", given)[0] == 0
    assert desk.exported == []


def test_verdict_without_words_is_given_anew(anna: Colleague, path: Path) -> None:
    """It has no words of the confidential source; its remark has, if it is restored."""
    desk = Desk(anna, path, motivation="assessing", value="checked")
    verdict = desk.notebook.assess("meeting", "wrong", desk.now)
    assert desk.exported == [verdict]
    desk.restore_first()
    assert desk.exported == []


def test_sources_of_a_note_are_told_once(anna: Colleague, path: Path) -> None:
    """All that its revisions cited, in order."""
    desk = Desk(anna, path)
    assert desk.edit("Who?").target.cited == ("informer", "press")
    assert desk.edit("Who else?").target.cited == ("informer", "press")
    assert desk.note.current.target.confidential
