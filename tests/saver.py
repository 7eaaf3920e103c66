"""A process that saves notes or drafts, for tests that kill it or let its system calls fail.

python saver.py FOLDER AUTHOR COUNT [NOTE]    adds notes, and edits of an existing one
python saver.py FOLDER --draft COUNT          writes one draft, longer each time

It says "ready", waits for a line, and prints each text once it is kept. Where it is to edit a note,
it has read all notes before it says "ready".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from casefile.notes.annotation import SaveError, target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import find_places

CASE = "demo"
TARGET = target_of("Arrests", {"id": "arrests"})


def notebook_of(home: Path, author: str = "jdoe") -> Notebook:
    """Open the notebook of the case in a home."""
    return open_notebook(find_places(home), CASE, author)


def kept_notes(folder: Path, author: str, count: int) -> Iterator[str]:
    """Keep notes; yield each text as it is kept."""
    notebook = notebook_of(folder, author)
    for number in range(count):
        yield notebook.keep_new("arrests", f"{author} {number}", TARGET).body


def kept_edits(notebook: Notebook, count: int, note: str) -> Iterator[str]:
    """Keep notes, and edits of the one that is named; yield each text as it is kept."""
    for number in range(count):
        yield notebook.keep_new("arrests", f"{notebook.author} {number}", TARGET).body
        # Two processes of one author, the same text after the same one in the same
        # millisecond: that would be one revision.
        words = f"{notebook.author} edit {number} by {os.getpid()}"
        yield notebook.keep_edit(note, words, TARGET).body


def draft_text(number: int) -> str:
    """Return a text that contains its own length, so that a truncated one is recognised."""
    return f"{number} " * number


def kept_drafts(folder: Path, count: int) -> Iterator[str]:
    """Write a draft repeatedly; yield each text once it is written."""
    drafts = DraftFolder(find_places(folder), CASE)
    draft = drafts.begin("arrests", "Arrests")
    for number in range(1, count + 1):
        drafts.write(draft.with_body(draft_text(number)))
        yield str(number)


def main(folder: str, author: str, count: str, note: str = "") -> int:
    """Save what is asked for; return the exit code, 1 if something could not be saved."""
    if author == "--draft":
        kept = kept_drafts(Path(folder), int(count))
    elif note:
        kept = kept_edits(notebook_of(Path(folder), author), int(count), note)
    else:
        kept = kept_notes(Path(folder), author, int(count))
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        for text in kept:
            print(text, flush=True)
    except SaveError as error:
        print(f"Not kept: {error.reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
