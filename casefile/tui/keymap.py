"""The reader's own keys from `[keys]`: what can be remapped, and what is wrong with a keymap."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from casefile import tui
from casefile.text.suggestions import nearest_or_all

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))


def bindings() -> dict[str, Binding]:
    """Return every binding of the program by its id, including those of modules not loaded yet."""
    return {binding.id: binding for binding in _bindings() if binding.id}


def faults(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong in a keymap, by id, with what would be right."""
    if not keymap:
        return {}
    known = bindings()
    found = ((name, _fault(name, keys, known)) for name, keys in keymap.items())
    return {name: fault for name, fault in found if fault}


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


def _is_key(key: str) -> bool:
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    is_named = _types(name) or name in {one.value for one in Keys}
    return is_named and _MODIFIERS.issuperset(modifiers)


def _types(key: str) -> bool:
    """Return whether a key types a character by itself."""
    if len(key) == 1:
        return key.isprintable()
    return key in KEY_NAME_REPLACEMENTS.values() or key_to_character(key) is not None


def _bindings() -> Iterator[Binding]:
    for module in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        for thing in vars(import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, DOMNode):
                for binding in vars(thing).get("BINDINGS", ()):
                    if isinstance(binding, Binding):
                        yield binding
