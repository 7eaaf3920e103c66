"""The one line that words, queries and names are typed in: kept as written, drawn inert."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Input

from casefile.text import inert_in_place


class TypedLine(Input):
    """An input whose cursor stands right, whatever was pasted into it."""

    @property
    def _value(self) -> Text:
        return Text(inert_in_place(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(inert_in_place(self.value)[:position])
