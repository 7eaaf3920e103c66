"""A budget for comparisons, so that nothing that was made to be costly takes seconds to compare."""

from __future__ import annotations

PAGE = 3_000_000
"""The steps for all that one page compares."""
FILES = 100_000_000
"""The steps for all texts and lists in two case files."""


class Budget:
    """The steps that some comparisons may still take together.

    A step is about a tenth of a microsecond, as long as it takes to compare two words.
    """

    def __init__(self, steps: int = PAGE) -> None:
        self._left = steps

    @property
    def is_spent(self) -> bool:
        """Whether no step is left."""
        return not self._left

    def spend(self, steps: int) -> bool:
        """Spend some steps, or all that are left; return whether these were enough."""
        is_enough = steps <= self._left
        self._left -= min(steps, self._left)
        return is_enough
