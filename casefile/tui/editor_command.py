"""The command that opens a file at a line in the reader's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

_FALLBACKS = ("sensible-editor", "nano", "vi")
_WITHOUT_LINE = {"ed"}
"""Editors that would take `+12` for a file name."""
_LINE_AFTER_COLON = {"code", "codium", "hx", "helix", "subl", "zed"}
"""Editors that take `FILE:12`."""
_WAIT_OPTIONS = {"code": ["--wait", "--goto"], "codium": ["--wait", "--goto"], "subl": ["--wait"]}
"""The options that make a graphical editor wait until the file is closed."""


class NoEditor(Exception):
    """No editor can be run; the message says what to do."""


def editor_command(
    path: Path, line: int = 1, environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Return the command that opens a file at a line in `$VISUAL`, `$EDITOR` or a common editor.

    The command is to be run in the folder of the file. Everybody on the machine can read it in the
    list of processes, so the path of the folder, which may tell of a case, is not part of it.

    Raises:
        NoEditor: The editor is not installed.
    """
    setting = environment.get("VISUAL") or environment.get("EDITOR") or _first_installed()
    try:
        command = shlex.split(setting)
    except ValueError:
        command = []
    program = shutil.which(command[0]) if command else None
    if program is None:
        raise NoEditor(f"there is no editor “{setting}”; set EDITOR to the one you use")
    if os.sep in command[0]:
        # It may be relative to this folder.
        command[0] = os.path.abspath(program)  # noqa: PTH100 -- resolve() would follow links
    name = Path(command[0]).stem
    # With the dot, because a name that begins with a hyphen would be taken for an option.
    file = os.path.join(os.curdir, path.name)  # noqa: PTH118 -- Path drops the dot
    options = _WAIT_OPTIONS.get(name, [])
    if line == 1 or name in _WITHOUT_LINE:
        return [*command, *options, file]
    if name in _LINE_AFTER_COLON:
        return [*command, *options, f"{file}:{line}"]
    return [*command, f"+{line}", file]


def _first_installed() -> str:
    return next((name for name in _FALLBACKS if shutil.which(name)), "vi")
