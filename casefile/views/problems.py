"""The problems in a case file: the columns of their pane, and the page of each."""

from __future__ import annotations

from casefile.case.problem import Problem
from casefile.text.plurals import pluralize
from casefile.views.case_record import CaseRecord
from casefile.views.kinds import Column
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item, Page, Section


def page_of_problem(open_case: OpenCase, problem: Problem) -> Page:
    """Return the page of a problem: what is wrong, where, and what would be right."""
    right = problem.right
    sections = [Section("", (Item(f"{right[:1].upper()}{right[1:]}."),))] if right else []
    entry = problem.entry
    if entry is not None and open_case.entry(entry) is not None:
        sections.append(Section("Entry", (Item(open_case.title(entry), Destination(entry)),)))
    where = str(problem.path)
    if at := problem.position:
        where += f", line {at.line}, column {at.column}"
    sections.append(Section("File", (Item(where),)))
    sections.append(Section("Code", (Item(problem.code),)))
    return Page(
        entry or "", problem.wrong, f"problem · {_location(open_case, problem)}", tuple(sections)
    )


def problem_count_in_words(open_case: OpenCase) -> str:
    """Return how many problems the file has; empty if it has none."""
    count = len(open_case.problems)
    return f"{pluralize(count, 'problem')} in the file" if count else ""


def _location(_case: CaseRecord, problem: Problem) -> str:
    return f"line {problem.position.line}" if problem.position else "the file"


COLUMNS = (
    Column("Where", _location, 10),
    Column("What is wrong", lambda _case, problem: problem.what),
    Column("In", lambda _case, problem: problem.entry or "", 16, from_width=60),
)
