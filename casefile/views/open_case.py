"""A case laid open: the record, its relations, its order, and what the reader added."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from casefile.case.dating.dates import overview
from casefile.case.dating.zones import zone_named
from casefile.case.model import CaseFile, Entry, Source
from casefile.case.problem import Problem
from casefile.case.relations import Relations
from casefile.case.timeline.chronology import Placement, Timeline, chronology
from casefile.case.timeline.timeline_entries import happenings
from casefile.notes.annotation import digest_of, hash_named
from casefile.notes.notebook import Notebook
from casefile.places import Places
from casefile.state.visits import Changes, since_last_visit
from casefile.views.free_kinds import free_kinds
from casefile.views.kinds import KINDS, NOTES, PROBLEMS, Kind

if TYPE_CHECKING:
    from casefile.notes.drafts import DraftFolder
    from casefile.views.source_texts import SourceTexts
    from casefile.views.verdicts import Checks


class OpenCase:
    """Everything that panes and pages are made from."""

    def __init__(
        self,
        case_file: CaseFile,
        notebook: Notebook,
        places: Places,
        problems: tuple[Problem, ...] = (),
        changes: Changes | None = None,
    ) -> None:
        """Take a case file that was read, the notes on it, and where the reader's things are."""
        self.case_file = case_file
        self.notebook = notebook
        self.places = places
        self.problems = problems
        self.changes = changes
        """What is not as it was when the case was last left, where that is remembered."""
        self.relations = Relations(case_file)
        taken = [*(kind.pane for kind in KINDS), NOTES, PROBLEMS]
        *others, case = KINDS
        self.kinds: tuple[Kind, ...] = (*others, *free_kinds(case_file, taken), case)
        """What is known of each table of the case, in the order of the panes."""
        self._kinds = {kind.name: kind for kind in self.kinds}
        self._digests: dict[str, str] = {}

    def read_again(self, case_file: CaseFile, problems: tuple[Problem, ...]) -> OpenCase:
        """Give the same case as it is in its file now, with the same notes."""
        changes = since_last_visit(self.places, case_file) if self.changes else None
        return OpenCase(case_file, self.notebook, self.places, problems, changes)

    def change_of(self, entry_id: str) -> Literal["new", "changed"] | None:
        """Give what has become of an entry since the last visit, if anything has."""
        return self._changes.get(entry_id)

    @cached_property
    def _changes(self) -> dict[str, Literal["new", "changed"]]:
        changes = self.changes or Changes(dt.datetime.now(dt.UTC))
        new: dict[str, Literal["new", "changed"]] = dict.fromkeys(changes.new, "new")
        return {**new, **dict.fromkeys(changes.changed, "changed")}

    def entry(self, entry_id: str) -> Entry | None:
        """Give an entry by its id."""
        return self.case_file.entries.get(entry_id)

    def title(self, entry_id: str) -> str:
        """Give an entry's title; of one that is not there, its id and that it is missing."""
        entry = self.entry(entry_id)
        if entry is None:
            return f"{entry_id} (not in this file)"
        return self.kind_of(entry).title(self, entry) or entry_id

    def kind_of(self, entry: Entry) -> Kind:
        """Give the description of an entry's kind."""
        return self._kinds[entry.table_name]

    def problems_of(self, entry_id: str) -> tuple[Problem, ...]:
        """Give what is wrong with an entry in the file."""
        return self._problems.get(entry_id, ())

    @cached_property
    def _problems(self) -> dict[str, tuple[Problem, ...]]:
        # Of one entry there may be a million: lists, where joining tuples would copy each time.
        by_entry: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            if problem.entry is not None:
                by_entry[problem.entry].append(problem)
        return {entry_id: tuple(several) for entry_id, several in by_entry.items()}

    @cached_property
    def texts(self) -> SourceTexts:
        """The texts of its sources, each read when it is asked for."""
        # What divides and searches texts takes 10 ms to import, which no start should pay.
        from casefile.views.source_texts import SourceTexts

        return SourceTexts(self.case_file, self.places)

    @cached_property
    def checks(self) -> Checks:
        """What readers have checked of it."""
        from casefile.views.verdicts import Checks

        return Checks(self)

    @cached_property
    def checkable(self) -> frozenset[str]:
        """The ids of the entries that are to be checked."""
        from casefile.views.verdicts import is_checkable

        return frozenset(one.id for one in self.case_file.entries.values() if is_checkable(one))

    @cached_property
    def drafts(self) -> DraftFolder:
        """The folder of what is being typed on it."""
        from casefile.notes.drafts import DraftFolder

        return DraftFolder(self.places, self.case_file.case.id)

    def digest(self, entry_id: str) -> str | None:
        """Give the digest of an entry's row; None where the entry has gone."""
        if entry_id not in self._digests and entry_id in self.case_file.rows:
            self._digests[entry_id] = digest_of(self.case_file.rows[entry_id])[1]
        return self._digests.get(entry_id)

    def text_hash(self, source_id: str) -> str | None:
        """Give the hash of a source's text; None where none is at hand."""
        from casefile.case.sources.text_files import NoText

        try:
            return hash_named(self.texts.of(source_id).sha256)
        except NoText:
            return None

    @cached_property
    def timeline(self) -> Timeline:
        """The order in which events stand, and with them what is dated and belongs to none."""
        return chronology(happenings(self.case_file))

    @cached_property
    def span(self) -> str:
        """The time that the timeline covers, in words; empty without a date."""
        return overview(
            entry.date.closed(placed.after, placed.before)
            for placed in self.timeline.placed
            if (entry := self.entry(placed.id)) and entry.date and entry.date.is_bounded
        )

    @cached_property
    def zone(self) -> str | None:
        """The name of the zone in which times of day are told; None if the case names none."""
        name = self.case_file.case.timezone
        return name if name and zone_named(name) else None

    @cached_property
    def publishers(self) -> Counter[str | None]:
        """How many sources each publisher has."""
        return Counter(source.publisher for source in self.case_file.of(Source))

    def placed(self, entry_id: str) -> Placement | None:
        """Give what an entry's place on the timeline rests on, if it has one."""
        return self._placements.get(entry_id)

    @cached_property
    def _placements(self) -> dict[str, Placement]:
        return {placement.id: placement for placement in self.timeline.placed}
