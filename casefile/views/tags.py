"""Tags: those of an entry, and those in use that what was typed may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from casefile.text.folding import folded
from casefile.text.plurals import counted
from casefile.views.open_case import OpenCase

TAG_LENGTH = 200
"""How many characters a tag may have."""


class Offered(msgspec.Struct, frozen=True):
    """A tag that could be set or taken away."""

    tag: str
    is_set: bool
    """Whether the reader has set it on the entry."""
    words: str
    """How often it is in use; of one that is not, that it is new."""


def own_tags(open_case: OpenCase, entry_id: str) -> tuple[str, ...]:
    """Give the tags that the reader has set on an entry."""
    note = open_case.notebook.own(entry_id, "tagging")
    return note.current.tags if note and not note.deleted else ()


def tags_in_use(open_case: OpenCase) -> Counter[str]:
    """Count how many notes bear each tag, and how many entries of the case file do."""
    notes = (note.current.tags for note in open_case.notebook.notes if not note.deleted)
    entries = (entry.tags for entry in open_case.case_file.entries.values())
    return Counter(tag for tags in (*notes, *entries) for tag in dict.fromkeys(tags))


def offered(open_case: OpenCase, entry_id: str, typed: str) -> Sequence[Offered]:
    """Give the tags in use that hold what was typed, the entry's own first, and that as new."""
    own = own_tags(open_case, entry_id)
    used = tags_in_use(open_case)
    others = sorted(used.keys() - set(own), key=lambda tag: (-used[tag], tag))
    new = " ".join(typed.split())[:TAG_LENGTH]
    wanted = folded(new)
    known = [tag for tag in (*own, *others) if wanted in folded(tag)]
    known.sort(key=lambda tag: not folded(tag).startswith(wanted))
    found = [Offered(tag, tag in own, counted(used[tag], "use")) for tag in known]
    if new and new not in known:
        found.append(Offered(new, is_set=False, words="new"))
    return found
