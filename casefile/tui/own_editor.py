"""Running the reader's own editor on a file, in the terminal of the program."""

from __future__ import annotations

from pathlib import Path

from textual.app import SuspendNotSupported

from casefile.tui.stage import Stage
from casefile.tui.terminal.crash_safe_app import CrashSafeApp


def run_editor(stage: Stage, path: Path, line: int = 1) -> int | None:
    """Leave the terminal to the reader's editor; return its exit code, None if not started."""
    from casefile.tui.editor_command import NoEditor, editor_command

    try:
        command = editor_command(path, line)
        if not isinstance(stage.app, CrashSafeApp):
            raise SuspendNotSupported
        return stage.app.run_program(command, path.parent)
    except (NoEditor, OSError, SuspendNotSupported) as error:
        reason = str(error) or "this terminal can't be left to another program"
        stage.say(f"Not opened: {reason}", warning=True)
        return None
