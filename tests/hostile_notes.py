"""Notes of another reader who means no good: hostile text in every field that takes text."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from casefile.notes.annotation import Revision, encode, file_name, target_of
from casefile.notes.notebook import open_notebook
from casefile.places import find_places


def from_another(
    home: Path, words: str, *, case_id: str = "demo", entry: str = "one"
) -> tuple[Revision, Revision]:
    """Keep notes on an entry: one edited in two places, a reply to it, and a file that is none.

    Gives the first revision of the note, and the reply.
    """
    places = find_places(home)
    notebook = open_notebook(places, case_id, f"anna {words}"[:150])
    first = notebook.keep_new(entry, "one", target_of("One", {"id": entry}))
    bad = replace(
        first,
        rev=2,
        parents=(first.hash, words[:100]),
        body=f"{words}\n{words}",
        tags=(f"tag {words}"[:150],),
        value=words[:150],
        target=target_of(words, {"id": entry, words: words}, about=words),
        extra={words[:50] or "x": words},
    )
    for one in (bad, replace(bad, parents=(first.hash,), body=f"{words} too")):
        data = encode(one)
        (places.notes(case_id) / file_name(one.id, 2, data)).write_bytes(data)
    reply = notebook.keep_new(
        entry, words, target_of("One", {}), motivation="replying", reply_to=first.id, tags=[words]
    )
    with suppress(OSError, ValueError):
        (places.notes(case_id) / f"{words[:60]}.toml").write_bytes(b"no note")
    return first, reply
