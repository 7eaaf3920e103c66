"""A process that keeps notes or drafts, for tests that kill it, starve it or start several at once.

python saver.py FOLDER AUTHOR COUNT [NOTE]    keeps new notes, and edits of one that is there
python saver.py FOLDER --draft COUNT          writes one draft, longer each time

It says "ready", waits for a line, and prints each text once it is kept.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from casefile.notes.annotation import NotKept, target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import find_places

CASE = "demo"
TARGET = target_of("Arrests", {"id": "arrests"})


def notebook_of(home: Path, author: str = "jdoe") -> Notebook:
    """Read the notes on the case that are below a folder."""
    return open_notebook(find_places(home), CASE, author)


def kept_notes(folder: Path, author: str, count: int, note: str) -> Iterator[str]:
    """Read the notes; keep new ones, and edits of the one that is named, each when asked for."""
    return _kept_in(notebook_of(folder, author), author, count, note)


def _kept_in(notebook: Notebook, author: str, count: int, note: str) -> Iterator[str]:
    for number in range(count):
        yield notebook.keep_new("arrests", f"{author} {number}", TARGET).body
        if note:
            # Two processes of one author, the same text after the same one in the same
            # millisecond: that would be one revision.
            words = f"{author} edit {number} by {os.getpid()}"
            yield notebook.keep_edit(note, words, TARGET).body


def draft_text(number: int) -> str:
    """Give a text that says how long it has to be, so that a part of it would show."""
    return f"{number} " * number


def kept_drafts(folder: Path, count: int) -> Iterator[str]:
    """Write a draft again and again; give each text as it is on disk."""
    drafts = DraftFolder(find_places(folder), CASE)
    draft = drafts.begin("arrests", "Arrests")
    for number in range(1, count + 1):
        drafts.write(draft.typed(draft_text(number)))
        yield str(number)


def main(folder: str, author: str, count: str, note: str = "") -> int:
    """Keep what is asked for; give the exit code, 1 where something could not be kept."""
    if author == "--draft":
        kept = kept_drafts(Path(folder), int(count))
    else:
        kept = kept_notes(Path(folder), author, int(count), note)
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        for text in kept:
            print(text, flush=True)
    except NotKept as error:
        print(f"Not kept: {error.reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
