"""The reader's own keys from `[keys]`: what can be remapped, and what is wrong with a keymap."""

from __future__ import annotations

import pkgutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from importlib import import_module

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character
from textual.screen import Screen

from casefile import tui
from casefile.text.suggestions import nearest_or_all
from casefile.tui.line_view import LineView

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))


def bindings() -> dict[str, Binding]:
    """Return every binding of the program by its id, including those of modules not loaded yet."""
    return {binding.id: binding for _, binding in _bindings() if binding.id}


def faults(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong in a keymap, by id, with what would be right."""
    if not keymap:
        return {}
    known = bindings()
    checked = {name: _fault(name, keys, known) for name, keys in keymap.items()}
    found = {name: fault for name, fault in checked.items() if fault}
    valid = {name: keys for name, keys in keymap.items() if name not in found}
    return found | _faults_of_keys_given_twice(valid, known)


def _fault(name: str, keys: str, known: Mapping[str, Binding]) -> str | None:
    if name not in known:
        return f"no key has this id; {nearest_or_all(name, known)}"
    for key in (key.strip() for key in keys.split(",")):
        if not _is_key(key):
            return f"“{key}” is not a key; examples are n, ctrl+n, f2, comma and pagedown"
        # It is looked at before the editor sees it, so a letter could no longer be typed.
        if known[name].priority and _types(key):
            return f"“{key}” is needed for typing; choose another key, for example ctrl+n or f2"
    return None


def _faults_of_keys_given_twice(
    keymap: Mapping[str, str], known: Mapping[str, Binding]
) -> dict[str, str]:
    """Return the faults of keys that two commands of one place have, by id.

    A default key gives way to the keymap, unless its command gets a key before those of a screen.
    """
    places = _places_by_id()
    by_default = {name: _names_of(binding.key) for name, binding in known.items()}
    goes_first = [name for name in known if LineView in places[name] or known[name].priority]
    given = {name: by_default[name] for name in goes_first}
    given |= {name: _names_of(keys) for name, keys in keymap.items()}
    found: dict[str, str] = {}
    for name in keymap:
        for other, keys in given.items():
            shared = given[name] & keys
            # Two that have one key by default, as Enter, may have any other.
            share_a_default = bool(by_default[name] & by_default[other])
            if shared and not share_a_default and _work_together(places[name], places[other]):
                what = f"“{min(shared)}” is also the key of “{other}”"
                found[name] = f"{what}; choose another for one of them"
    return found


def _work_together(places: Set[type], others: Set[type]) -> bool:
    """Return whether commands of these classes work at the same time.

    Those of the program work everywhere, and lists are on all screens.
    """
    bases = {base for place in places | others for base in place.__mro__}
    return bool(places & others) or App in bases or {LineView, Screen} <= bases


def _names_of(keys: str) -> Set[str]:
    """Return the names of keys, as “slash” for both “slash” and “/”."""
    return {one.key for one in Binding.make_bindings([Binding(keys, "")])}


def _places_by_id() -> Mapping[str, Set[type]]:
    """Return the classes of widgets and screens that have each binding, by its id."""
    places: defaultdict[str, set[type]] = defaultdict(set)
    for place, binding in _bindings():
        places[binding.id or ""].add(place)
    return places


def _is_key(key: str) -> bool:
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    is_named = _types(name) or name in {one.value for one in Keys}
    return is_named and _MODIFIERS.issuperset(modifiers)


def _types(key: str) -> bool:
    """Return whether a key types a character by itself."""
    if len(key) == 1:
        return key.isprintable()
    return key in KEY_NAME_REPLACEMENTS.values() or key_to_character(key) is not None


def _bindings() -> Iterator[tuple[type[DOMNode], Binding]]:
    for module in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        for thing in vars(import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, DOMNode):
                for binding in vars(thing).get("BINDINGS", ()):
                    if isinstance(binding, Binding):
                        yield thing, binding
