"""Searching a reader's home for words, as somebody would who got hold of the disk."""

from __future__ import annotations

import os
import re
from pathlib import Path


def holding(home: Path, words: str) -> list[Path]:
    """Return the files, folders and links below a folder that have words in name or content."""
    data = words.encode()
    found: set[Path] = set()
    for top, folders, names in os.walk(home):
        for name in folders + names:
            path = Path(top, name)
            is_named = words in name or (path.is_symlink() and words in os.readlink(path))  # noqa: PTH115
            if is_named or (path.is_file() and data in path.read_bytes()):
                found.add(path)
    return sorted(found)


def unnamed(home: Path, words: str, told: str) -> list[Path]:
    """Return what holds words and is not named in the output, nor a folder that it is in.

    That a path in a folder is named says nothing of the folder.
    """
    named = {path.rstrip(".,;:") for path in re.findall(r"/[^\s'\"]+", told)}
    return [
        path
        for path in holding(home, words)
        if named.isdisjoint(str(one) for one in (path, *path.parents) if home in one.parents)
    ]
