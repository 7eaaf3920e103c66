"""What gives other users of the machine access to the reader's files."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

from casefile.places import CaseFolder, NoDirectory, Places, home_directory
from casefile.state import passes, visits
from casefile.text.shell_words import shell_word

# They show the same permissions for all files, as they were chosen when they were mounted; of
# some network mounts it depends on the server whether they do.
_WITHOUT_MODES = {
    *("vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "cifs", "smb3", "smbfs"),
    *("9p", "drvfs", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse"),
}


def exposure(places: Places, case_ids: Collection[str]) -> Iterator[str]:
    """Yield what gives other users access to the reader's files, and the command that mends it.

    Only folders of the reader's own are looked at; those of others are refused. Above the program's
    folders only those in the home are.
    """
    shared: dict[str, None] = {}
    without_modes: dict[str, Path] = {}
    for folder in _folders(places, case_ids):
        nearest, status = _nearest_existing(folder)
        if status.st_uid != os.geteuid() or not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            continue
        if (kind := _file_system(status.st_dev)) in _WITHOUT_MODES:
            without_modes.setdefault(kind, folder)
        elif nearest == folder and _others_can(status, os.W_OK):
            shared[shell_word(str(folder))] = None
    readable = dict.fromkeys(shell_word(str(path)) for path in _readable(places, case_ids))
    if shared:
        yield f"Others can write to your folders · chmod 700 {' '.join(shared)}"
    if above := [shell_word(str(folder)) for folder in _open_above(places)]:
        yield f"Others can replace your folders · chmod go-w {' '.join(above)}"
    if read_only := [path for path in readable if path not in shared]:
        yield f"Others can read your folders · chmod 700 {' '.join(read_only)}"
    for kind, folder in without_modes.items():
        yield f"Others can read your notes: {kind}, the file system of {folder}, has no permissions"


def _folders(places: Places, case_ids: Collection[str]) -> Iterator[Path]:
    yield from filter(None, (places.data, places.state, places.config))
    with suppress(NoDirectory):
        yield places.folder("editing")
        yield from map(places.editing, case_ids)
        for kind in get_args(CaseFolder):
            yield places.folder(kind)
            yield from (places.case_folder(kind, case_id) for case_id in case_ids)


def _readable(places: Places, case_ids: Collection[str]) -> Iterator[Path]:
    """Yield the folders to close so that others can't read anything of the program's below them.

    The settings are no secret, and a folder that only leads to closed ones may be open.
    """
    tops = [top for top in (places.data, places.state) if top]
    for folder in (*_folders(places, case_ids), *_remembering(places)):
        if folder in (*tops, places.config):
            continue
        with suppress(OSError):
            real = os.path.realpath(folder, strict=True)
            if _others_reach(Path(real)):
                # A folder that is a link to elsewhere is not closed by one above the link.
                inside = (top for top in tops if Path(real).is_relative_to(os.path.realpath(top)))
                yield next(inside, folder)


def _remembering(places: Places) -> Iterator[Path]:
    """Yield the folders of the state directory that have the ids of cases that were opened."""
    if places.state:
        yield from (places.state / name for name in (visits.FOLDER, passes.FOLDER))


def _others_reach(folder: Path) -> bool:
    """Whether others can list a folder of the reader's own, or get at what is in it."""
    status = folder.stat()
    return (
        status.st_uid == os.geteuid()
        and _others_can(status, os.R_OK | os.X_OK)
        and all(_others_can(parent.stat(), os.X_OK) for parent in folder.parents)
        and _file_system(status.st_dev) not in _WITHOUT_MODES
    )


def _open_above(places: Places) -> Iterator[Path]:
    """Yield the folders from the home down to those of the program that others can change."""
    home = home_directory()
    folders = filter(None, (places.data, places.state, places.config))
    above = {parent for one in folders for parent in one.parents if parent.is_relative_to(home)}
    for folder in sorted(above):
        with suppress(OSError):
            status = folder.stat()
            # In a sticky folder nobody else can rename what is the reader's.
            is_open = _others_can(status, os.W_OK) and not status.st_mode & stat.S_ISVTX
            is_own = status.st_uid == os.geteuid()
            if is_open and is_own and _file_system(status.st_dev) not in _WITHOUT_MODES:
                yield folder


def _others_can(status: os.stat_result, access: int) -> bool:
    """Whether others have such access to a folder; a group that is the owner's alone is nobody."""
    by_group = status.st_mode >> 3 & access and not _is_own_group(status.st_gid)
    return bool(status.st_mode & access or by_group)


def _is_own_group(gid: int) -> bool:
    """Whether a group has the user's name and no other member, as many systems make one."""
    try:
        user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(gid)
    except KeyError:
        return False
    return group.gr_name == user and {user}.issuperset(group.gr_mem)


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
