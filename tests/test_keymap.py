"""The reader's own keys: what can be remapped, and what is wrong with a keymap."""

from __future__ import annotations

import pytest
from textual.screen import ModalScreen

from casefile.tui.keymap import bindings, faults
from casefile.tui.terminal.crash_safe_app import SUSPEND


def test_every_binding_can_be_named() -> None:
    """Also those of screens that are not loaded at the start."""
    known = bindings()
    assert {"note.new", "app.leave", "help.close", "chooser.next", "move.down"} <= known.keys()


def test_modal_screens_have_the_key_of_the_shell() -> None:
    """On a modal screen, keys of the application do not work by themselves."""
    assert bindings()
    modal = [one for one in ModalScreen.__subclasses__() if one.__module__.startswith("casefile.")]
    assert len(modal) >= 3
    assert [one for one in modal if SUSPEND not in one.BINDINGS] == []


def test_the_programs_own_keys_are_keys() -> None:
    """A keymap that repeats what stands in the program has no fault."""
    assert faults({name: binding.key for name, binding in bindings().items()}) == {}


@pytest.mark.parametrize(
    "keys", ["n", "N", "é", "n,ctrl+n", " n , f2", "comma", "?", "alt+left", "shift+tab", "+", "-"]
)
def test_keys_that_there_are(keys: str) -> None:
    """A character, a name, and either with modifiers; several are parted by commas."""
    assert faults({"note.new": keys}) == {}


@pytest.mark.parametrize(
    "keys", ["nn", "ctrl-n", "ctl+n", "ctrl+", "n,", "pgdn", "", "f99", "\x1b", "\u202e"]
)
def test_keys_that_there_are_not(keys: str) -> None:
    """What no terminal can send is told, with examples."""
    (fault,) = faults({"note.new": keys}).values()
    assert "is not a key; examples are n, ctrl+n" in fault


def test_an_id_that_nothing_has() -> None:
    """The nearest is named."""
    assert faults({"note.nwe": "n"}) == {
        "note.nwe": "no key has this id; the nearest is “note.new”"
    }


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"note.new": "i", "note.star": "i,x"}, {"note.new": "note.star", "note.star": "note.new"}),
        ({"note.new": "i", "notes.order": "x", "check.order": "x"}, {}),
        ({"note.new": "j"}, {"note.new": "move.down"}),
        ({"note.new": "j", "move.down": "x"}, {}),
        ({"find.words": "/", "note.star": "slash"}, {"find.words": "note.star",
                                                     "note.star": "find.words"}),
        ({"note.new": "n"}, {}),
        ({"note.new": "ctrl+q"}, {"note.new": "app.leave"}),
        ({"note.new": "ctrl+z", "app.suspend": "f2"}, {}),
        ({"note.new": "f2", "app.suspend": "f2"}, {"note.new": "app.suspend",
                                                   "app.suspend": "note.new"}),
        ({"note.new": "e", "note.edit": "a"}, {}),
        ({"note.keep": "f2", "editor.keep": "f2"}, {}),
        ({"detail.read": "f2", "detail.follow": "f2"}, {}),
    ],
)  # fmt: skip
def test_key_of_two_commands_is_reported(keys: dict[str, str], told: dict[str, str]) -> None:
    """If both are in the settings, or if the other is one of lists or quits, which would have it.

    A default key of the same screen gives way to the settings, as before.
    """
    found = faults(keys)
    assert found.keys() == told.keys()
    for name, other in told.items():
        assert f"is also the key of “{other}”; choose another for one of them" in found[name]


@pytest.mark.parametrize("key", ["q", "space", "question_mark"])
def test_no_letter_quits_from_the_editor(key: str) -> None:
    """What works everywhere, also while a note is typed, takes no key that types."""
    assert "needed for typing" in faults({"app.leave": key})["app.leave"]
