"""Searching a reader's home for words, as somebody would who got hold of the disk."""

from __future__ import annotations

import os
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
    """Return what holds words and is not named in the output, nor a folder that it is in."""
    return [
        path
        for path in holding(home, words)
        if not any(str(one) in told for one in (path, *path.parents) if home in one.parents)
    ]
