"""The id of a case that a command line makes: the one it names, or one made of a file's name."""

from __future__ import annotations

from pathlib import Path

from casefile.authoring.new_ids import folded
from casefile.console import STREAM, Refused
from casefile.text.ids import RULE, is_id

_NAMELESS = "my-case"


def id_of_case(file: str, given: str | None) -> str:
    """Give the id that is given, or one made of the file's name; raises Refused."""
    if given is not None and not is_id(given):
        raise Refused(f"“{given}” is no id; {RULE}.")
    made = given or (_NAMELESS if file == STREAM else folded(Path(file).stem))
    if not made:
        raise Refused(f"No id can be made of the name “{Path(file).stem}”; --id ID gives one.")
    return made
