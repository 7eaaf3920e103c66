"""A question that is asked on the terminal before something is done that can't be taken back."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from casefile.console import FINDINGS, Refused, complain

_YES = {"y", "yes"}


def refuse_without_consent(shown: Iterable[str], question: str, refusal: str) -> None:
    """Show what it is about and ask; raise Refused with `refusal` for any answer but yes.

    Where nobody can be asked, it says so and names the option that answers. All of it goes to
    standard error: what is to be agreed to must be seen wherever the output goes.
    """
    complain(shown, FINDINGS)
    # A stream that was closed before the start is None.
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise Refused(f"{refusal} There is no terminal to ask on; --yes agrees.", code=FINDINGS)
    complain([f"{question} [y/N]"], FINDINGS)
    if sys.stdin.readline().strip().casefold() not in _YES:
        raise Refused(refusal, code=FINDINGS)
