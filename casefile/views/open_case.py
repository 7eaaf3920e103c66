"""An open case: its record, what the reader added to it, and what is wrong in its file."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from casefile.case.difference.entry_changes import EntryChanges
from casefile.case.model import CaseFile, Entry
from casefile.case.problem import Problem
from casefile.notes.notebook import Notebook
from casefile.places import Places
from casefile.views.case_record import CaseRecord
from casefile.views.free_kinds import free_kinds
from casefile.views.kinds import KINDS, NOTES, PROBLEMS, EntryKind

if TYPE_CHECKING:
    from casefile.case.load_result import LoadResult
    from casefile.notes.drafts import DraftFolder
    from casefile.state.visits import ChangesSinceVisit
    from casefile.views.source_texts import SourceTexts
    from casefile.views.verdicts import Checks, CurrentRecord


class OpenCase(CaseRecord):
    """Everything that panes and pages are made from."""

    def __init__(
        self,
        case_file: CaseFile,
        notebook: Notebook,
        places: Places,
        problems: tuple[Problem, ...] = (),
        *,
        is_remembered: bool = True,
    ) -> None:
        super().__init__(case_file)
        self.notebook = notebook
        self.places = places
        self.problems = problems
        self.is_remembered = is_remembered
        """Whether to remember, from one run to the next, how far the reader has come."""
        taken = [*(kind.pane for kind in KINDS), NOTES, PROBLEMS]
        *others, case = KINDS
        self.kinds: tuple[EntryKind, ...] = (*others, *free_kinds(case_file, taken), case)
        """The kinds of entry of this case, in the order of their panes."""
        self._kinds = {kind.name: kind for kind in self.kinds}

    def with_reading(self, reading: LoadResult) -> OpenCase:
        """Return the case as it is in its file now, with the same notes."""
        if reading.case_file is None:
            raise ValueError("only a case file that could be read can be taken")
        return OpenCase(
            reading.case_file,
            self.notebook,
            self.places,
            reading.problems,
            is_remembered=self.is_remembered,
        )

    def prepare(self) -> OpenCase:
        """Compute now what is otherwise computed on first use, and return the case.

        That takes some microseconds for each entry, and may be done in another thread.
        """
        _ = (self.relations, self.timeline, self.span, self._placements, self.publishers)
        _ = (self._changes, self._problems, self.checkable)
        return self

    def title(self, entry_id: str) -> str:
        """Return an entry's title; for a missing entry, its id and that it is missing."""
        entry = self.entry(entry_id)
        if entry is None:
            return f"{entry_id} (not in this file)"
        return self.kind_of(entry).title(self, entry) or entry_id

    def kind_of(self, entry: Entry) -> EntryKind:
        """Return the description of an entry's kind."""
        return self._kinds[entry.table_name]

    def change_of(self, entry_id: str) -> Literal["new", "changed"] | None:
        """Return whether an entry is new or changed since the last visit, or None if neither."""
        return self._changes.get(entry_id)

    @cached_property
    def changes(self) -> ChangesSinceVisit | None:
        """The changes since the last visit; None if there was none, or if none is remembered."""
        if not self.is_remembered:
            return None
        # Imported here: verbs show no changes.
        from casefile.state.visits import since_last_visit

        return since_last_visit(self.places, self.case_file)

    @cached_property
    def _changes(self) -> dict[str, Literal["new", "changed"]]:
        changes = self.changes or EntryChanges()
        new: dict[str, Literal["new", "changed"]] = dict.fromkeys(changes.new, "new")
        return {**new, **dict.fromkeys(changes.changed, "changed")}

    def problems_of(self, entry_id: str) -> tuple[Problem, ...]:
        """Return the problems of an entry in the file."""
        return self._problems.get(entry_id, ())

    @cached_property
    def _problems(self) -> dict[str, tuple[Problem, ...]]:
        # Lists: one entry may have a million problems, and joining tuples copies each time.
        by_entry: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            if problem.entry is not None:
                by_entry[problem.entry].append(problem)
        return {entry_id: tuple(problems) for entry_id, problems in by_entry.items()}

    @cached_property
    def texts(self) -> SourceTexts:
        """The texts of the sources, each read when it is first needed."""
        # Imported here: dividing and searching texts takes 10 ms to import.
        from casefile.views.source_texts import SourceTexts

        return SourceTexts(self.case_file, self.places)

    @cached_property
    def checks(self) -> Checks:
        """The verdicts of all readers on the entries."""
        from casefile.views.verdicts import Checks

        # Without this case, in no circle: it goes without the garbage collector once it is closed.
        return Checks(self.notebook, self.checkable, self.current)

    @cached_property
    def current(self) -> CurrentRecord:
        """The entries and texts with which verdicts and notes are compared."""
        from casefile.views.verdicts import CurrentRecord

        return CurrentRecord(self.case_file, self.texts)

    @cached_property
    def checkable(self) -> frozenset[str]:
        """The ids of the entries that can be checked."""
        from casefile.views.verdicts import is_checkable

        return frozenset(one.id for one in self.case_file.entries.values() if is_checkable(one))

    @cached_property
    def drafts(self) -> DraftFolder:
        """The folder of the drafts on this case."""
        from casefile.notes.drafts import DraftFolder

        return DraftFolder(self.places, self.case_file.case.id)
