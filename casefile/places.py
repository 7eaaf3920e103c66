"""The user's directories, and the files shipped with the program."""

from __future__ import annotations

import errno
import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import msgspec

from casefile.files import check_owner, error_with_path
from casefile.text.ids import is_id

_EFFECTIVE = os.access in os.supports_effective_ids
# At the start of messages, which are cut at the end to fit a line.
_HELP = "choose a folder with --notes-dir DIR"

CaseFolder: TypeAlias = Literal["notes", "workshop", "drafts", "sources"]
"""The kinds of folders that have the id of a case as their name."""

AUTHOR_LENGTH = 200
"""The most characters in the name of an author."""


class NoDirectory(OSError):
    """There is no directory to write to; the message says why, and what to do."""


class Places(msgspec.Struct, frozen=True):
    """The user's directories, which may not exist yet; `problem` says why one is None."""

    data: Path | None
    state: Path | None
    config: Path | None
    problem: str | None = None
    is_named: bool = False
    """Whether the user has named the directory of notes and drafts, which may have other files."""

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders in which only casefile's files are, and what was moved there."""
        if self.data is None or self.state is None:
            return ()
        whole = () if self.is_named else (self.data, self.state)
        kinds = (self.folder(kind) for kind in (*get_args(CaseFolder), "editing"))
        return tuple(dict.fromkeys((*whole, *kinds)))

    def notes(self, case_id: str) -> Path:
        """Return the folder of a case's notes; raises NoDirectory and ValueError."""
        return self.case_folder("notes", case_id)

    def workshop(self, case_id: str) -> Path:
        """Return the folder for unfinished files of a case's notes."""
        return self.case_folder("workshop", case_id)

    def drafts(self, case_id: str) -> Path:
        """Return the folder of a case's drafts."""
        return self.case_folder("drafts", case_id)

    def sources(self, case_id: str) -> Path:
        """Return the folder of the user's copies of a case's sources."""
        return self.case_folder("sources", case_id)

    def editing(self, case_id: str) -> Path:
        """Return the folder in which other editors work on a case's drafts.

        Editors remember the paths of files, and show them: this one does not tell the case's id.
        """
        _check_id(case_id)
        # Imported here: most verbs need no drafts.
        from hashlib import blake2b

        return self.folder("editing") / blake2b(case_id.encode(), digest_size=8).hexdigest()

    def cases_with(self, kind: CaseFolder) -> tuple[str, ...]:
        """Return the cases that have such a folder, even an empty one, by id; raises OSError."""
        with suppress(FileNotFoundError), os.scandir(self.folder(kind)) as found:
            return tuple(sorted(one.name for one in found if is_id(one.name) and one.is_dir()))
        return ()

    def case_folder(self, kind: CaseFolder, case_id: str) -> Path:
        """Return a folder of a case by its kind; raises NoDirectory and ValueError."""
        _check_id(case_id)
        return self.folder(kind) / case_id

    def folder(self, kind: CaseFolder | Literal["editing"]) -> Path:
        """Return the folder in which those of all cases are; raises NoDirectory."""
        above = self.state if kind in ("drafts", "editing") else self.data
        if above is None:
            raise NoDirectory(self.problem)
        return above / kind


def _check_id(case_id: str) -> None:
    if not is_id(case_id):
        raise ValueError(f"{case_id!r} is not a case id: lower case, digits and hyphens")


def find_places(notes_dir: Path | None = None) -> Places:
    """Return the user's directories, with notes and drafts under `notes_dir` if given."""
    data, state, config = (_user_folder(kind) for kind in ("data", "state", "config"))
    if notes_dir is not None:
        data = state = Path(os.path.abspath(notes_dir))  # noqa: PTH100 -- resolve() would follow links
    problem = None
    if data is None or state is None:
        problem = f"{_HELP}; this account has no home directory"
    return Places(data, state, config, problem, is_named=notes_dir is not None)


def check_owners(folder: Path) -> None:
    """Raise WrongOwner if a case's folder, or one of the two above it, belongs to another user."""
    for place in (folder.parent.parent, folder.parent, folder):
        with suppress(FileNotFoundError, NotADirectoryError):
            check_owner(place)


def write_problem(folder: Path) -> str | None:
    """Return why a case's folder, which may not exist yet, can't be written to; None if it can."""
    try:
        check_owners(folder)
        while not folder.exists():
            if folder.is_symlink():
                raise FileNotFoundError(errno.ENOENT, "it is a link to nothing", str(folder))
            folder = folder.parent
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a directory", str(folder))
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE):
            raise PermissionError(errno.EACCES, "it can't be written to", str(folder))
    except OSError as error:
        return f"{_HELP}; {error_with_path(error)}"
    return None


def shipped(name: str) -> Path:
    """Return the path of a shipped file or folder: in the package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parent / name


def home_directory() -> Path:
    """Return the home directory, or `~` if there is none."""
    return Path(os.path.expanduser("~"))  # noqa: PTH111 -- Path.home() raises without one


def without_home(path: Path) -> str:
    """Return a path with `~` for the home directory."""
    home, text = str(home_directory()), str(path)
    return f"~{text.removeprefix(home)}" if text.startswith(f"{home}/") else text


def login_name() -> str:
    """Return the login name for the author of notes, or “uid-1000” if there is none."""
    for name in (os.environ.get("LOGNAME"), os.environ.get("USER"), _name_in_passwd()):
        if name and name.strip():
            # Notes are UTF-8, and a name may hold other bytes.
            return name.strip().encode(errors="replace").decode()[:AUTHOR_LENGTH]
    return f"uid-{os.geteuid()}"


def _user_folder(kind: str) -> Path | None:
    # Imported here: it takes 20 ms, and commands without notes don't need it.
    import platformdirs

    try:
        folder: Path = getattr(platformdirs, f"user_{kind}_path")("casefile", appauthor=False)
    except RuntimeError:
        return None
    # Without a home, some versions of platformdirs return the relative path “~/…”.
    return folder if folder.is_absolute() else None


def _name_in_passwd() -> str | None:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None
