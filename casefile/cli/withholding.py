"""What is printed and packed only on request: private notes, and those on confidential sources."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from typing import Literal

from casefile.cli.named_case import CaseNotes
from casefile.notes.annotation import Revision
from casefile.notes.history import Note
from casefile.text.plurals import pluralize
from casefile.views.confidential import Confidential

Reason = Literal["private", "confidential", "undecided"]
"""Why something is left out; undecided is what cites sources while the case file is not at hand."""


def add_options(parser: ArgumentParser, verb: str) -> None:
    """Add the options that ask for what is left out otherwise."""
    parser.add_argument("--private", action="store_true", help=f"{verb} private notes too")
    parser.add_argument(
        "--confidential",
        action="store_true",
        help=f"{verb} also what has words of a confidential source",
    )


class Withholding:
    """What a verb leaves out of the notes on a case, and why."""

    def __init__(self, arguments: Namespace, case_notes: CaseNotes) -> None:
        self._with_private: bool = arguments.private
        # The revision that made such a note private may be the one that can't be read.
        self._incomplete = case_notes.notebook.incomplete
        open_case = case_notes.open_case
        self._confidential = None if arguments.confidential else Confidential(open_case)
        self._if_confidential: Reason = "confidential" if open_case else "undecided"

    def __call__(self, revision: Revision) -> bool:
        """Whether a revision is left out."""
        return self.reason(revision) is not None

    def reason(self, revision: Revision) -> Reason | None:
        """Return why a revision is left out, or None if it is not."""
        may_be_private = revision.private or revision.id in self._incomplete
        if may_be_private and not self._with_private:
            return "private"
        if self._confidential is not None and self._confidential.concerns(revision):
            return self._if_confidential
        return None

    def reason_of_note(self, note: Note) -> Reason | None:
        """Return why a note is left out as a whole, or None: what is current decides."""
        return self.reason_of(note.tips)

    def reason_of(self, revisions: Iterable[Revision]) -> Reason | None:
        """Return why any of some revisions is left out, or None if all are exported."""
        reasons = {self.reason(kept) for kept in revisions}
        return "private" if "private" in reasons else next(filter(None, reasons), None)


def left_out_in_words(reasons: Iterable[Reason | None], what: str, verb: str) -> Iterator[str]:
    """Yield a line for each reason, with the number that are left out for it, and the option."""
    in_order = [*reasons]
    if count := in_order.count("private"):
        yield f"{pluralize(count, f'private {what}')} left out; --private {verb}."
    if count := in_order.count("confidential"):
        words = "with words of a confidential source"
        yield f"{pluralize(count, what)} {words} left out; --confidential {verb}."
    if count := in_order.count("undecided"):
        words = "that may have words of a confidential source left out"
        why = "the case file is not at hand"
        yield f"{pluralize(count, what)} {words}, since {why}; --confidential {verb}."
