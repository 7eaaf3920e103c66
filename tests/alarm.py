"""The program with an alarm in place of the net: what was left to the net ends it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color

from casefile.__main__ import run_and_exit
from casefile.text.inert import is_inert
from casefile.tui.app import Net


def sound(net: Net, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG001
    """Give segments as they are; fail where one of them would act on the terminal."""
    caught = [segment.text for segment in segments if not is_inert(segment.text)]
    assert not caught, f"not made inert where it was drawn: {caught!r}"
    return segments


if __name__ == "__main__":
    setattr(Net, "apply", sound)  # noqa: B010 (mypy keeps methods from being assigned to)
    run_and_exit()
