"""The program with a filter that fails on text that its widgets did not make inert."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color

from casefile.__main__ import run_and_exit
from casefile.text.inert import is_inert
from casefile.tui.app import InertFilter


def fail_if_not_inert(
    _filter: InertFilter, segments: list[Segment], _background: Color
) -> list[Segment]:
    """Return the segments unchanged; fail if one of them could act on the terminal."""
    caught = [segment.text for segment in segments if not is_inert(segment.text)]
    assert not caught, f"not made inert by its widget: {caught!r}"
    return segments


if __name__ == "__main__":
    setattr(InertFilter, "apply", fail_if_not_inert)  # noqa: B010 (mypy keeps methods from being assigned to)
    run_and_exit()
