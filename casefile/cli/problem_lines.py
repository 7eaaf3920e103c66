"""A problem where a terminal shows it: with the line of the file, and a caret under the column."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

from casefile.case.problem import Problem
from casefile.case.reader import LoadResult
from casefile.text.caret import pointed

_WIDTH = 80
"""Of a terminal that does not tell."""


class PlaceOnTerminal:
    """Shows places in a file that was read; on a stream that is no terminal it shows nothing."""

    def __init__(self, reading: LoadResult, stream: TextIO | None) -> None:
        """Take a reading, and where its problems are printed."""
        self._lines: list[str] = []
        if stream is not None and stream.isatty():
            self._lines = reading.lines()
            self._width = _width_of(stream)
            self._encoding = stream.encoding or "ascii"

    def below(self, problem: Problem) -> tuple[str, ...]:
        """Give the two lines that stand below a problem; none where it has no place to show."""
        position = problem.position
        if position is None or position.line > len(self._lines):
            return ()
        line = self._lines[position.line - 1]
        return pointed(line, position.column, width=self._width, encoding=self._encoding)


def problem_lines(reading: LoadResult, stream: TextIO | None) -> Iterator[str]:
    """Give the problems of a file that was read as lines for a stream."""
    place = PlaceOnTerminal(reading, stream)
    for problem in reading.problems:
        yield str(problem)
        yield from place.below(problem)


def _width_of(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except OSError:
        return _WIDTH
