"""Every system call of a save made to fail, from outside: nothing is lost, and it is told."""

from __future__ import annotations

import pytest
from faults import needs_strace
from savings import SAVINGS, outcomes, trials_of_each


@needs_strace
@pytest.mark.parametrize("what", SAVINGS)
def test_every_single_failing_call_is_survived(what: str) -> None:
    """Each call on what is the reader's fails once, with one of five errors in turn.

    What was there stays, no part of anything new does, exit code and complaint are honest, and
    trying again works.
    """
    tried = [*outcomes(SAVINGS[what], trials_of_each)]
    assert len({call.name for call, _, _ in tried}) > 8
    wrong = "".join(
        f"{call.name} {call.nth} {code}: {said}\n" for call, code, said in tried if said
    )
    assert not wrong, wrong
