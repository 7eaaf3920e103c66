"""Problems of files as lines, for a case on a terminal with the line and a caret below."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from casefile.case.load_result import LoadResult
from casefile.case.problem import Problem
from casefile.console import first_of
from casefile.text.caret import line_with_caret

_DEFAULT_WIDTH = 80


class FileLines:
    """Shows the places of problems in a file; on a stream that is no terminal it shows nothing."""

    def __init__(self, reading: LoadResult, stream: TextIO | None) -> None:
        self._lines: list[str] = []
        if stream is not None and stream.isatty():
            self._lines = reading.lines()
            self._width = _width_of(stream)
            self._encoding = stream.encoding or "ascii"

    def below(self, problem: Problem) -> tuple[str, ...]:
        """Return the line of the file and the line with the caret; empty if there is no place."""
        position = problem.position
        if position is None or position.line > len(self._lines):
            return ()
        line = self._lines[position.line - 1]
        return line_with_caret(line, position.column, width=self._width, encoding=self._encoding)


def problem_lines(reading: LoadResult, stream: TextIO | None) -> Iterator[str]:
    """Yield the problems of a file as lines for a stream."""
    lines = FileLines(reading, stream)
    for problem in reading.problems:
        yield str(problem)
        yield from lines.below(problem)


def unreadable_lines(unreadable: Iterable[tuple[Path | str, str]]) -> Iterator[str]:
    """Yield the first files that can't be read, with the reasons, and the number of the others."""
    return first_of(f"{path}: {reason}" for path, reason in unreadable)


def _width_of(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
    except OSError:
        return _DEFAULT_WIDTH
