"""Reading standard input: a case, a note or a table, or the answer to a question."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from casefile.console import FINDINGS, CommandError, print_errors
from casefile.files import error_reason, read_at_most

if TYPE_CHECKING:
    from casefile.case.load_result import LoadResult

STREAM_NAME = "(standard input)"
"""The name of standard input in messages, unless it is given another."""

_YES = {"y", "yes"}


def read_standard_input(limit: int, too_large: str) -> bytes:
    """Return all of standard input; raise CommandError if it has more than `limit` bytes."""
    if sys.stdin is None:
        raise CommandError("Standard input is closed.")
    try:
        data = read_at_most(sys.stdin.buffer.read, limit + 1)
    except OSError as error:
        raise CommandError(f"Standard input can't be read: {error_reason(error)}.") from error
    if len(data) > limit:
        raise CommandError(f"Standard input {too_large}.")
    return data


def read_case_from_standard_input(name: str | None = None) -> LoadResult:
    """Read a case from standard input, with a name for messages; raises CommandError."""
    # Imported here: a note or a table needs no reader of cases.
    from casefile.case.reader import read_case_bytes
    from casefile.limits import CASE_SIZE

    data = read_standard_input(CASE_SIZE.in_bytes, CASE_SIZE.excess_message)
    return read_case_bytes(Path(name or STREAM_NAME), data)


def require_consent(preview: Iterable[str], question: str, refusal: str) -> None:
    """Print a preview and ask; raise CommandError with `refusal` unless the answer is yes.

    Without a terminal, the error names the option that agrees. All output goes to standard
    error, so that it is seen even if standard output goes elsewhere.
    """
    print_errors(preview, FINDINGS)
    # A stream that was closed before the start is None.
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise CommandError(
            f"{refusal} There is no terminal to ask on; --yes agrees.", code=FINDINGS
        )
    print_errors([f"{question} [y/N]"], FINDINGS)
    if sys.stdin.readline().strip().casefold() not in _YES:
        raise CommandError(refusal, code=FINDINGS)
