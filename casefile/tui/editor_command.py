"""The reader's own editor: which one it is, and how it is told where to begin."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

_FALLBACKS = ("sensible-editor", "nano", "vi")
_WITHOUT_LINE = {"ed"}
"""What would take the line for the name of a file, and write the text there."""
_AFTER_COLON = {"code", "codium", "hx", "helix", "subl", "zed"}
_WAITING = {"code": ["--wait", "--goto"], "codium": ["--wait", "--goto"], "subl": ["--wait"]}
"""What keeps an editor with windows from returning before the file is closed."""


class NoEditor(Exception):
    """There is no editor to be run; the text says what helps."""


def editor_command(
    path: Path, line: int = 1, environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Give the command that opens a file at a line in the reader's editor; raises NoEditor.

    It is `$VISUAL`, else `$EDITOR`, else one that every system has. Most take `+12 FILE`; the
    first line is where all begin.
    """
    written = environment.get("VISUAL") or environment.get("EDITOR") or _first_there()
    try:
        command = shlex.split(written)
    except ValueError:
        command = []
    if not command or shutil.which(command[0]) is None:
        raise NoEditor(f"there is no editor “{written}”; set EDITOR to the one you use")
    name = Path(command[0]).stem
    # A path that begins with a hyphen would be taken for an option.
    file = os.path.abspath(path)  # noqa: PTH100 -- resolve() would open what a link leads to
    waiting = _WAITING.get(name, [])
    if line == 1 or name in _WITHOUT_LINE:
        return [*command, *waiting, file]
    if name in _AFTER_COLON:
        return [*command, *waiting, f"{file}:{line}"]
    return [*command, f"+{line}", file]


def _first_there() -> str:
    return next((name for name in _FALLBACKS if shutil.which(name)), "vi")
