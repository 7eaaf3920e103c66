"""The base of the structs that are tables in a case file, and the types of ids in them."""

# Not `from __future__ import annotations`, as in the data model.

from typing import Annotated, ClassVar

import msgspec

from casefile.text import ids

Id = Annotated[str, msgspec.Meta(pattern=rf"^{ids.PATTERN}(?!\n)$")]
Reference = Annotated[str, msgspec.Meta(title="the id of an entry")]


class TableStruct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the structs whose fields are the keys of a TOML table."""

    set_by_reader: ClassVar[frozenset[str]] = frozenset()
    """The fields that are not keys of the table."""
