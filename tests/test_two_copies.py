"""Two running processes on one home, another reader, and any failures."""

from __future__ import annotations

import errno
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from readers import TARGET, Colleague

from casefile.notes.annotation import Revision, SaveError
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook

pytestmark = pytest.mark.slow

CALLS = (
    *("open", "write", "fsync", "link", "unlink", "mkdir", "rmdir"),
    *("chmod", "fchmod", "replace", "rename", "listdir"),
)
Kept = TypeVar("Kept")
Fault = tuple[str, int] | None


class Killed(BaseException):
    """The process was killed; nothing after this point happens."""


@contextmanager
def broken(fault: Fault) -> Iterator[None]:
    """Make the nth call on a file fail, or kill the process there."""
    if fault is None:
        yield
        return
    how, nth = fault
    left = [nth]

    def breaking(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if how == "KILLED" and left[0] <= 0:
                raise Killed
            if left[0] == 0:
                raise OSError(getattr(errno, how), os.strerror(getattr(errno, how)))
            return call(*args, **kwargs)

        return counted

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, breaking(getattr(os, name)))
        yield


class Copy:
    """A running process: what it has read, and what is being typed in it."""

    def __init__(self, reader: Colleague, name: str) -> None:
        self.reader = reader
        self.name = name
        self.draft: Draft | None = None
        self.notebook: Notebook
        self.drafts: DraftFolder
        self.start()

    def start(self) -> None:
        """Start again with what is on disk."""
        self.notebook = Notebook(self.reader.places, "demo", self.name)
        self.notebook.refresh()
        self.drafts = DraftFolder(self.reader.places, "demo")
        self.draft = None


copies = st.integers(0, 1)
numbers = st.integers(0, 9)
faults = st.one_of(
    st.none(),
    # A refresh makes few system calls, a first save many.
    st.tuples(st.sampled_from(["EIO", "ENOSPC", "KILLED"]), st.integers(1, 4) | st.integers(1, 24)),
)


class TwoCopies(RuleBasedStateMachine):
    """The actions of two processes and a colleague, and what is true after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.here = Colleague(self.root / "here", "anna")
        self.there = Colleague(self.root / "there", "carl")
        self.copies: list[Copy] = []
        self.third = Copy(self.there, "carl")
        self.kept: dict[str, dict[str, str]] = {"here": {}, "there": {}}
        """By home and hash the texts that were called kept."""
        self.bytes: dict[Path, bytes] = {}
        self.drafts: dict[str, set[str]] = {}
        """By draft the texts it may have, of which the empty one says that it may be gone."""
        self.count = 0

    @initialize(same=st.booleans())
    def start(self, same: bool) -> None:
        """Start two copies, of one reader or of two who share a home."""
        self.copies = [Copy(self.here, "anna"), Copy(self.here, "anna" if same else "ben")]

    def text(self) -> str:
        """Return a text that was not used before."""
        self.count += 1
        return f"text {self.count}"

    def record_saved(self, copy: Copy, *revisions: Revision) -> None:
        """Record what a process has reported as saved."""
        self.kept[copy.reader.home.name] |= {kept.hash: kept.body for kept in revisions}

    def attempt(self, copy: Copy, fault: Fault, act: Callable[[], Kept]) -> Kept | None:
        """Do something that may fail or be killed; a failure is reported by the process."""
        try:
            with broken(fault):
                return act()
        except SaveError:
            return None
        except Killed:
            copy.start()
            return None

    @rule(which=copies, fault=faults)
    def write(self, which: int, fault: Fault) -> None:
        """Add a new note."""
        copy, text = self.copies[which], self.text()
        kept = self.attempt(copy, fault, lambda: copy.notebook.keep_new("arrests", text, TARGET))
        if kept:
            self.record_saved(copy, kept)

    @rule(which=copies, number=numbers, fault=faults)
    def edit(self, which: int, number: int, fault: Fault) -> None:
        """Edit a note as this process has read it, possibly from an old text."""
        copy, text = self.copies[which], self.text()
        if notes := copy.notebook.notes:
            note = notes[number % len(notes)]
            kept = self.attempt(copy, fault, lambda: copy.notebook.keep_edit(note.id, text, TARGET))
            if kept:
                self.record_saved(copy, kept)

    @rule(which=copies, number=numbers, fault=faults)
    def delete(self, which: int, number: int, fault: Fault) -> None:
        """Delete a note as this process has read it."""
        copy = self.copies[which]
        if notes := copy.notebook.notes:
            note = notes[number % len(notes)]
            kept = self.attempt(copy, fault, lambda: copy.notebook.delete(note.id))
            if kept:
                self.record_saved(copy, kept)

    @rule(which=copies, fault=faults)
    def undo(self, which: int, fault: Fault) -> None:
        """Undo the author's latest change."""
        copy = self.copies[which]
        undone = self.attempt(copy, fault, copy.notebook.undo)
        if undone:
            self.record_saved(copy, *undone.by)

    @rule(which=copies, number=numbers, fault=faults)
    def type(self, which: int, number: int, fault: Fault) -> None:
        """Continue typing a new note, or an edit of one."""
        copy, text = self.copies[which], self.text()
        notes = copy.notebook.notes
        if copy.draft is None:
            note = notes[number % len(notes)] if notes and number % 2 else None
            copy.draft = copy.drafts.begin(
                "arrests",
                "Arrests",
                note=note.id if note else None,
                parents=note.head_hashes if note else (),
            )
        typed = copy.draft = copy.draft.with_body(text)
        before = self.drafts.get(typed.id, {""})
        self.drafts[typed.id] = before | {text}

        def write() -> bool:
            copy.drafts.write(typed)
            return True

        if self.attempt(copy, fault, write):
            self.drafts[typed.id] = {text}

    @rule(which=copies, fault=faults)
    def save(self, which: int, fault: Fault) -> None:
        """Save what was typed as a note, and remove its draft."""
        copy = self.copies[which]
        if (draft := copy.draft) is None:
            return

        def save() -> None:
            kept = copy.notebook.keep_draft(draft, draft.body, TARGET)
            self.record_saved(copy, kept)
            self.drafts[draft.id] = self.drafts[draft.id] | {""}
            copy.drafts.remove(draft)
            copy.draft = None

        self.attempt(copy, fault, save)

    @rule(which=copies, fault=faults)
    def resume(self, which: int, fault: Fault) -> None:
        """Continue a draft that was left behind, unless the other process has it open."""
        copy, other = self.copies[which], self.copies[1 - which]
        if copy.draft is None:
            is_wanted = lambda draft: other.draft is None or draft.id != other.draft.id  # noqa: E731
            copy.draft = self.attempt(copy, fault, lambda: copy.drafts.resume(is_wanted))

    @rule(which=copies)
    def kill(self, which: int) -> None:
        """Kill a process and start it again."""
        self.copies[which].start()

    @rule(which=copies, fault=faults)
    def refresh(self, which: int, fault: Fault) -> None:
        """Refresh a process, and compare it with one that has just started."""
        copy = self.copies[which]
        self.attempt(copy, fault, lambda: copy.notebook.refresh(thorough=True))
        copy.notebook.refresh(thorough=True)
        assert copy.notebook.notes == copy.reader.notebook.notes

    @rule(number=numbers)
    def write_there(self, number: int) -> None:
        """Let the colleague add or edit a note."""
        text = self.text()
        self.third.notebook.refresh(thorough=True)
        if (notes := self.third.notebook.notes) and number % 2:
            note = notes[number % len(notes)]
            self.record_saved(self.third, self.third.notebook.keep_edit(note.id, text, TARGET))
        else:
            self.record_saved(self.third, self.third.notebook.keep_new("arrests", text, TARGET))

    @rule(is_sent=st.booleans(), fault=faults)
    def merge(self, is_sent: bool, fault: Fault) -> None:
        """Merge notes to or from the colleague."""
        source, into = (self.here, self.there) if is_sent else (self.there, self.here)
        if not source.folder.exists():
            return
        code = None
        silence = io.StringIO()
        with suppress(Killed), redirect_stdout(silence), redirect_stderr(silence), broken(fault):
            code = into.merge(source.folder)
        if code == 0:
            self.kept[into.home.name] |= self.kept[source.home.name]

    @invariant()
    def saved_texts_are_in_history(self) -> None:
        """Every text that was reported as saved is in the history, and all files are readable."""
        for reader in (self.here, self.there):
            notebook = reader.notebook
            assert notebook.unreadable == ()
            there = {one.hash: one.body for note in notebook.notes for one in note.history}
            assert self.kept[reader.home.name].items() <= there.items()

    @invariant()
    def no_file_changes(self) -> None:
        """Every file that was ever there is still there, with the same content."""
        now = {
            reader.folder / name: data
            for reader in (self.here, self.there)
            for name, data in reader.files.items()
        }
        assert self.bytes.items() <= now.items()
        self.bytes = now

    @invariant()
    def heads_are_current(self) -> None:
        """No text is superseded by one whose author hadn't seen it."""
        for note in self.here.notebook.notes:
            followed = {name for kept in note.history for name in kept.parents}
            latest = {kept.hash for kept in note.history} - followed
            assert set(note.head_hashes) == latest
            assert note.conflict == (len({head.hash for head in note.heads}) > 1)

    @invariant()
    def unsaved_drafts_are_offered(self) -> None:
        """Every draft that was written and not saved is offered with its last text."""
        found = DraftFolder(self.here.places, "demo").read_all()
        assert found.unreadable == ()
        offered = {draft.id: draft.body for draft in (*found.waiting, *found.in_use)}
        for draft_id, bodies in self.drafts.items():
            assert offered.get(draft_id, "") in bodies

    def teardown(self) -> None:
        """In the end all processes agree, and so does the colleague after merging both ways."""
        try:
            for copy in self.copies:
                copy.notebook.refresh(thorough=True)
                assert copy.notebook.notes == self.here.notebook.notes
            self.merge(is_sent=True, fault=None)
            self.merge(is_sent=False, fault=None)
            assert self.here.files == self.there.files
            assert self.here.notebook.notes == self.there.notebook.notes
        finally:
            shutil.rmtree(self.root)


TestTwoCopies = TwoCopies.TestCase
TestTwoCopies.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
