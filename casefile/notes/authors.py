"""What the authors of notes are called. A name is whatever a file claims, and proves nothing."""

from __future__ import annotations

import re

from casefile.text.folding import folded
from casefile.text.quoting import in_marks

YOU = "you"
"""The name of the reader in words and in queries."""

# What stands between names, dates and verdicts where notes are shown, and what ends a quotation.
_SEPARATOR = re.compile(r'[,:;·"\n\r\t]')


def author_in_words(name: str) -> str:
    """Return a name as it is; in quotation marks if it could read as “you”, or as more than a name.

    Compared without case, accents, and all that is neither a letter nor a digit.
    """
    plain = folded(name)
    letters = "".join(filter(str.isalnum, plain))
    return in_marks(name) if letters in ("", YOU) or _SEPARATOR.search(plain) else name
