"""Annotations of every kind on the bundled case, by two readers, for tests of what shows them."""

from __future__ import annotations

from screens import Desk

from casefile.notes.annotation import Target, target_of
from casefile.views.note_targets import note_target


def annotate_all(desk: Desk) -> None:
    """Add what there can be of each kind, one on what has gone and one on what has changed."""
    open_case = desk.lay_open()
    notebook = open_case.notebook

    def on(entry_id: str) -> Target:
        return note_target(open_case, entry_id, open_case.title(entry_id))

    note = notebook.keep_new(
        "tip", "Where from?\nAsk the office.", on("tip"), tags=["release", "Press office"]
    )
    notebook.keep_new("tip", "They answered.", on("tip"), motivation="replying", reply_to=note.id)
    notebook.keep_new("arrests", "", on("arrests"), motivation="tagging", tags=["release"])
    notebook.star("hsi", on("hsi"))
    notebook.assess("arrests", "checked", on("arrests"))
    notebook.assess("export", "wrong", on("export"), body="31 kg, not 30.")
    notebook.assess("hsi", "needs-attention", on("hsi"))
    _annotate_as_another(desk, on("arrests"))
    outdated = desk.notebook()
    outdated.keep_new("old-raid", "Another day.", target_of("2017 · The old raid", {"id": "x"}))
    outdated.keep_new("hsi", "As it was then.", target_of("HSI", {"id": "hsi"}))


def _annotate_as_another(desk: Desk, target: Target) -> None:
    notebook = desk.notebook()
    notebook.author = "msmith"
    notebook.keep_new("arrests", "I count 20.", target, private=True)
    notebook.assess("arrests", "wrong", target)


def leave_draft(desk: Desk, entry_id: str = "tip", text: str = "Half a tho") -> None:
    """Leave a text that was not kept."""
    open_case = desk.lay_open()
    drafts = open_case.drafts
    drafts.write(drafts.begin(entry_id, open_case.title(entry_id), body=text))
