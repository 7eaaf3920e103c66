"""The error for a text that is not a date that a case file may have."""

from __future__ import annotations

NO_DATE = "leave date out and put the source's words in date_text"
"""The hint if no date is stated."""


class DateError(ValueError):
    """The text is not a date that a case file may have.

    `problem` says what is wrong, `hint` what to write instead. Neither repeats the text, which may
    hold anything; a hint may repeat parts of it that are valid EDTF.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem}; {hint}")
        self.problem = problem
        self.hint = hint


class NotEdtfError(DateError):
    """The text is not in EDTF syntax; it may be a date in words."""
