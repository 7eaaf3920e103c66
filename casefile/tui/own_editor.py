"""Running the reader's own editor on a file, in the terminal of the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from textual.app import SuspendNotSupported

from casefile.notes.draft import EditedOutside
from casefile.tui.stage import Stage
from casefile.tui.terminal.crash_safe_app import CrashSafeApp

Became: TypeAlias = Literal["saved", "opened", "reopened", "dropped"]
"""What has become of the text of an editor: it is a note; it, or the draft from before, is open;
or it says nothing new.
"""

_FAILED = "The editor failed; its text is a draft · shift+Tab goes to it"
_OTHER_WAITS = "Nothing was saved; another text that the editor left waits as a draft"
_REOPENED_AND_OTHER = "All of the text is here again; another one that the editor left waits too"
_IN_WORDS: Mapping[tuple[Became, bool, bool], str] = {
    ("reopened", False, False): "The editor left only the beginning; all of the text is here again",
    ("reopened", False, True): _REOPENED_AND_OTHER,
    ("reopened", True, False): _FAILED,
    ("reopened", True, True): _FAILED,
    ("dropped", False, False): "Nothing was changed, so nothing was saved.",
    ("dropped", False, True): _OTHER_WAITS,
    ("dropped", True, False): "The editor failed, and nothing was changed.",
    ("dropped", True, True): _OTHER_WAITS,
    ("opened", False, True): "Not saved yet: another text that the editor left waits as a draft",
    ("opened", True, False): _FAILED,
    ("opened", True, True): "The editor failed; its text, and another one, are drafts · shift+Tab",
}
"""What is said, by whether the editor failed, and whether another text waits."""


def run_editor(stage: Stage, path: Path, line: int = 1) -> int | None:
    """Leave the terminal to the reader's editor; return its exit code, None if not started."""
    from casefile.tui.editor_command import NoEditor, editor_command

    try:
        command = editor_command(path, line)
        if not isinstance(stage.app, CrashSafeApp):
            raise SuspendNotSupported
        return stage.app.run_program(command, path.parent)
    except (NoEditor, OSError, SuspendNotSupported) as error:
        if isinstance(stage.app, CrashSafeApp):
            stage.app.key_queue.drop()
        reason = str(error) or "this terminal can't be left to another program"
        stage.say(f"Not opened: {reason}", warning=True)
        return None


def outcome_in_words(
    became: Became, edited: EditedOutside, exit_code: int | None, case_id: str
) -> str:
    """Return what to say of an editor's text, or "" if a note or an error says enough."""
    if exit_code is None:
        return ""
    if edited.has_unread:
        return f"Not all that the editor wrote is here: see “casefile notes {case_id}”"
    if edited.is_gone:
        then = "nothing was saved" if became == "dropped" else "the text from before is here again"
        return f"The file that the editor had is gone; {then}"
    return _IN_WORDS.get((became, exit_code != 0, edited.has_others), "")
