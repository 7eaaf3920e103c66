"""The types of ids, and of references to entries, in the data model."""

from __future__ import annotations

from typing import Annotated

import msgspec

from casefile.text import ids

Id = Annotated[str, msgspec.Meta(pattern=rf"^{ids.PATTERN}(?!\n)$")]
Reference = Annotated[str, msgspec.Meta(title="the id of an entry")]
