"""Where things are kept: the user's directories, and the files shipped with the program."""

from __future__ import annotations

import errno
import os
import pwd
from contextlib import suppress
from pathlib import Path

import msgspec

from casefile.files import reason, refuse_others
from casefile.text.ids import is_id

_EFFECTIVE = os.access in os.supports_effective_ids
# First, since a short line is cut at its end.
_HELP = "--notes-dir DIR names a folder for them"


AUTHOR_LENGTH = 200
"""How many characters the name may have that notes are signed with."""


class NoPlace(OSError):
    """There is no directory for what should be kept; the text says why and what helps."""


class Places(msgspec.Struct, frozen=True):
    """This user's directories, whether or not they exist yet; `problem` says why one is absent."""

    data: Path | None
    state: Path | None
    config: Path | None
    problem: str | None = None

    def notes(self, case_id: str) -> Path:
        """Give the folder of a case's notes; raises NoPlace, or ValueError for what is no id."""
        return self._folder(self.data, "notes", case_id)

    def workshop(self, case_id: str) -> Path:
        """Give the folder where a case's notes are made before they are put in place."""
        return self._folder(self.data, "workshop", case_id)

    def drafts(self, case_id: str) -> Path:
        """Give the folder of what is being typed on a case."""
        return self._folder(self.state, "drafts", case_id)

    def sources(self, case_id: str) -> Path:
        """Give the folder of this user's own copies of a case's sources."""
        return self._folder(self.data, "sources", case_id)

    def _folder(self, root: Path | None, kind: str, case_id: str) -> Path:
        if not is_id(case_id):
            raise ValueError(f"{case_id!r} is not a case id: lower case, digits and hyphens")
        if root is None:
            raise NoPlace(self.problem)
        return root / kind / case_id


def find_places(notes_dir: Path | None = None) -> Places:
    """Find this user's directories, or put notes and drafts under `notes_dir`; makes none."""
    data, state, config = (_user_folder(kind) for kind in ("data", "state", "config"))
    if notes_dir is not None:
        data = state = Path(os.path.abspath(notes_dir))  # noqa: PTH100 -- resolve() would follow links
    problem = None
    if data is None or state is None:
        problem = f"{_HELP}; this account has no home directory"
    return Places(data, state, config, problem)


def refuse_foreign(folder: Path) -> None:
    """Raise NotOurs if a case's folder, or one of ours above it, belongs to another user."""
    for place in (folder.parent.parent, folder.parent, folder):
        with suppress(FileNotFoundError):
            refuse_others(place)


def refusal(folder: Path) -> str | None:
    """Say why nothing can be kept in a case's folder, made or not yet, or None if it can."""
    try:
        refuse_foreign(folder)
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a directory", str(folder))
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE):
            raise PermissionError(errno.EACCES, "it can't be written to", str(folder))
    except OSError as error:
        return f"{_HELP}; {reason(error)}"
    return None


def shipped(name: str) -> Path:
    """Give a file or folder shipped with the program: in the package if there, else beside it."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parent / name


def without_home(path: Path) -> str:
    """Give a path as a reader knows it, with `~` for the home directory."""
    home, words = os.path.expanduser("~"), str(path)  # noqa: PTH111 -- Path.home() raises without one
    return f"~{words.removeprefix(home)}" if words.startswith(f"{home}/") else words


def author() -> str:
    """Give the login name that notes are signed with, or "uid-1000" where there is none."""
    for name in (os.environ.get("LOGNAME"), os.environ.get("USER"), _name_in_passwd()):
        if name and name.strip():
            # A name of bytes that are no UTF-8 could be written in no note.
            return name.strip().encode(errors="replace").decode()[:AUTHOR_LENGTH]
    return f"uid-{os.geteuid()}"


def _user_folder(kind: str) -> Path | None:
    # 20 ms that no verb without notes should pay.
    import platformdirs

    find = {
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
        "config": platformdirs.user_config_path,
    }[kind]
    try:
        folder = find("casefile", appauthor=False)
    except RuntimeError:
        return None
    # Without a home some versions give "~/…"; a relative path would follow the working directory.
    return folder if folder.is_absolute() else None


def _name_in_passwd() -> str | None:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None
