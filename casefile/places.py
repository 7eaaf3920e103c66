"""The user's directories, and the files shipped with the program."""

from __future__ import annotations

import errno
import os
import pwd
import shlex
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

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


# They show the same permissions for all files, as they were chosen when they were mounted; of
# some network mounts it depends on the server whether they do.
_WITHOUT_MODES = {
    *("vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "cifs", "smb3", "smbfs"),
    *("9p", "drvfs", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse"),
}


class NoDirectory(OSError):
    """There is no directory to write to; the message says why, and what to do."""


class Places(msgspec.Struct, frozen=True):
    """The user's directories, which may not exist yet; `problem` says why one is None."""

    data: Path | None
    state: Path | None
    config: Path | None
    problem: str | None = None

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
        # Imported here: most runs start no other editor.
        from hashlib import blake2b

        return self.editing_root / blake2b(case_id.encode(), digest_size=8).hexdigest()

    @property
    def editing_root(self) -> Path:
        """The folder of what other editors work on, in a folder for each case."""
        return self._root("editing")

    def cases_with(self, kind: CaseFolder) -> tuple[str, ...]:
        """Return the cases that have such a folder, even an empty one, by id; raises OSError."""
        with suppress(FileNotFoundError), os.scandir(self._root(kind)) as found:
            return tuple(sorted(one.name for one in found if is_id(one.name) and one.is_dir()))
        return ()

    def case_folder(self, kind: CaseFolder, case_id: str) -> Path:
        """Return a folder of a case by its kind; raises NoDirectory and ValueError."""
        _check_id(case_id)
        return self._root(kind) / case_id

    def _root(self, kind: CaseFolder | Literal["editing"]) -> Path:
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
    return Places(data, state, config, problem)


def check_owners(folder: Path) -> None:
    """Raise WrongOwner if a case's folder, or one of the two above it, belongs to another user."""
    for place in (folder.parent.parent, folder.parent, folder):
        with suppress(FileNotFoundError):
            check_owner(place)


def write_problem(folder: Path) -> str | None:
    """Return why a case's folder, which may not exist yet, can't be written to; None if it can."""
    try:
        check_owners(folder)
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a directory", str(folder))
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE):
            raise PermissionError(errno.EACCES, "it can't be written to", str(folder))
    except OSError as error:
        return f"{_HELP}; {error_with_path(error)}"
    return None


def exposure(places: Places, case_ids: Collection[str]) -> Iterator[str]:
    """Yield what lets other users at the reader's files, and the command that mends it.

    Only folders of the reader's own are looked at; those of others are refused.
    """
    shared: dict[str, None] = {}
    without_modes: dict[str, Path] = {}
    for folder in _folders(places, case_ids):
        nearest, status = _nearest_existing(folder)
        if status.st_uid != os.geteuid() or not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            continue
        if (kind := _file_system(status.st_dev)) in _WITHOUT_MODES:
            without_modes.setdefault(kind, folder)
        elif nearest == folder and status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            shared[shlex.quote(str(folder))] = None
    if shared:
        yield f"Others can write to your folders · chmod 700 {' '.join(shared)}"
    for kind, folder in without_modes.items():
        yield f"Others can read your notes: {kind}, the file system of {folder}, has no permissions"


def _folders(places: Places, case_ids: Collection[str]) -> Iterator[Path]:
    for root, kinds in (
        (places.data, ("notes", "workshop", "sources")),
        (places.state, ("drafts", "editing")),
        (places.config, ()),
    ):
        if root is not None:
            yield root
            for kind in kinds:
                yield root / kind
                yield from (root / kind / case_id for case_id in case_ids)


def _nearest_existing(folder: Path) -> tuple[Path, os.stat_result]:
    """Return a folder, or else the nearest one above it, and its status."""
    while True:
        try:
            return folder, folder.stat()
        except OSError:
            if folder == folder.parent:
                raise
            folder = folder.parent


def _file_system(device: int) -> str:
    """Return the type of the file system on a device, or "" if the system doesn't tell."""
    number = f"{os.major(device)}:{os.minor(device)}"
    with suppress(OSError), open("/proc/self/mountinfo", errors="replace") as mounts:  # noqa: PTH123
        for line in mounts:
            # “36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw”, see proc(5).
            before, _, after = line.partition(" - ")
            if before.split()[2] == number:
                return after.split()[0]
    return ""


def shipped(name: str) -> Path:
    """Return the path of a shipped file or folder: in the package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parent / name


def without_home(path: Path) -> str:
    """Return a path with `~` for the home directory."""
    home, text = os.path.expanduser("~"), str(path)  # noqa: PTH111 -- Path.home() raises without one
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
