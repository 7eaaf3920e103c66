"""The page on notes says what the program does: its example is read, its keys are those kept."""

from __future__ import annotations

import re
from pathlib import Path

from casefile.cli.command_line import VERBS
from casefile.notes.annotation import Revision, decode, hash_of
from casefile.notes.checks import VERDICTS

TOP = Path(__file__).parent.parent
PAGE = (TOP / "docs" / "notes.md").read_text(encoding="utf-8")


def test_the_example_is_a_note() -> None:
    """The file that is shown is read, and has no key that is not known."""
    (example,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    note = decode(example.encode())
    assert (note.rev, note.author, note.tags) == (2, "jdoe", ("release",))
    assert not note.extra
    assert not note.target.extra
    assert note.target.digest == hash_of(note.target.snapshot.encode())


def test_every_key_is_told() -> None:
    """The table names all that a revision holds, and the words of a verdict."""
    (table,) = re.findall(r"^\| key \|.*\n\|.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    told = set(re.findall(r"`\[?([a-z_-]+)\]?`", table))
    assert told >= {*Revision.__struct_fields__} - {"extra", "hash"}
    assert told >= {*VERDICTS}


def test_every_verb_is_one_that_there_is() -> None:
    """The commands that are shown call no verb by another name."""
    called = re.findall(r"casefile ((?:notes?|log)(?: [a-z]+)?)", "\n".join(
        line for line in PAGE.splitlines() if line.startswith("    ")
    ))  # fmt: skip
    assert {name for name in called if name not in VERBS} == set()
    assert {name for name in VERBS if name.startswith("note")} <= {*called}


def test_its_links_lead_somewhere() -> None:
    """To headings of the page; and the introduction leads to it."""
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z -]", "", one.lower()).replace(" ", "-") for one in headings}
    assert {*re.findall(r"\(#([^)]+)\)", PAGE)} == anchors
    assert "](docs/notes.md)" in (TOP / "README.md").read_text(encoding="utf-8")
