"""Tags: those on an entry, those in use, and suggestions for what is being typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from casefile.text.folding import folded
from casefile.text.plurals import pluralize
from casefile.views.open_case import OpenCase

TAG_LENGTH = 200
"""The greatest length of a tag, in characters."""


class TagSuggestion(msgspec.Struct, frozen=True):
    """A tag that can be set on an entry or removed from it."""

    tag: str
    is_set: bool
    """Whether the reader has set it on the entry."""
    words: str
    """How often the tag is in use, or “new”."""


def own_tags(open_case: OpenCase, entry_id: str) -> tuple[str, ...]:
    """Return the tags that the reader has set on an entry."""
    own = open_case.notebook.every_own(entry_id, "tagging")
    return tuple(dict.fromkeys(tag for note in own for tag in note.tags))


def tags_in_use(open_case: OpenCase) -> Counter[str]:
    """Return how often each tag is used, by notes and entries of the case file together."""
    notes = (note.tags for note in open_case.notebook.notes)
    entries = (entry.tags for entry in open_case.case_file.entries.values())
    return Counter(tag for tags in (*notes, *entries) for tag in dict.fromkeys(tags))


def suggested_tags(open_case: OpenCase, entry_id: str, typed: str) -> Sequence[TagSuggestion]:
    """Return the tags in use that contain `typed`, the entry's own first, and `typed` if new."""
    own = own_tags(open_case, entry_id)
    used = tags_in_use(open_case)
    others = sorted(used.keys() - set(own), key=lambda tag: (-used[tag], tag))
    new = " ".join(typed.split())[:TAG_LENGTH]
    wanted = folded(new)
    known = [tag for tag in (*own, *others) if wanted in folded(tag)]
    known.sort(key=lambda tag: not folded(tag).startswith(wanted))
    offers = [TagSuggestion(tag, tag in own, pluralize(used[tag], "use")) for tag in known]
    if new and new not in known:
        offers.append(TagSuggestion(new, is_set=False, words="new"))
    return offers
