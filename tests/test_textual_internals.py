"""Every internal of Textual that the screen relies on is listed, exists and is unchanged."""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest

TOP = Path(__file__).parent.parent


class Internal(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """An internal class, function or attribute of Textual, and where it is used."""

    name: str
    used_in: str
    """The module, as a path in `casefile/tui`."""
    why: str
    fingerprint: str
    """A hash of its source, as `fingerprint` computes it."""


class Checked(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """All of them, and the version of Textual that their uses were last checked against."""

    checked_against: str
    internals: tuple[Internal, ...]


CHECKED = msgspec.toml.decode((TOP / "tests/textual_internals.toml").read_bytes(), type=Checked)
INTERNALS = CHECKED.internals
PUBLIC = ("os._exit", "segment._replace")
"""Names with an underscore that are public in the standard library."""
UNDOCUMENTED = ("textual.drivers.", "textual.filter.")
"""Modules without an underscore that are not meant for applications."""


def uses_in(path: Path) -> Iterator[str]:
    """Yield the internals of Textual that a module uses, as dotted names."""
    tree = ast.parse(path.read_text("utf-8"))
    module = importlib.import_module(".".join(path.relative_to(TOP).with_suffix("").parts))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("textual"):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if "._" in name or name.startswith(UNDOCUMENTED))
        elif isinstance(node, ast.Import):
            assert not any(re.match(r"textual\b.*\._", alias.name) for alias in node.names)
        elif isinstance(node, ast.ClassDef) and isinstance(
            cls := vars(module).get(node.name), type
        ):
            yield from inherited_uses(node, cls)
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and not is_own(node.value):
            known = [one for one in INTERNALS if one.name.endswith(f".{node.attr}")]
            if ast.unparse(node) not in PUBLIC:
                yield known[0].name if known else ast.unparse(node)


def inherited_uses(node: ast.ClassDef, cls: type) -> Iterator[str]:
    """Yield the private names that a class overrides or uses of its ancestors in Textual."""
    used = {
        child.attr if isinstance(child, ast.Attribute) else child.name
        for child in ast.walk(node)
        if (isinstance(child, ast.Attribute) and is_own(child.value))
        or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    ancestors = [one for one in cls.__mro__ if one.__module__.startswith("textual")]
    for name in filter(is_private, used):
        if owner := next((one for one in ancestors if name in private_names_of(one)), None):
            yield f"{owner.__module__}.{owner.__qualname__}.{name}"


@cache
def private_names_of(cls: type) -> set[str]:
    """Return the private names that a class defines, attributes of its instances included."""
    assigned = re.findall(r"self\.(_\w+)(?:: [^=\n]+)? =", inspect.getsource(cls))
    return {*filter(is_private, vars(cls)), *assigned}


def is_private(name: str) -> bool:
    """Whether a name has one leading underscore."""
    return name.startswith("_") and not name.startswith("__")


def is_own(value: ast.expr) -> bool:
    """Whether an attribute is one of the object itself."""
    return ast.unparse(value) in ("self", "super()")


def fingerprint(name: str) -> str:
    """Return a hash of the source of what a dotted name means; raise AttributeError if nothing."""
    owner_name, _, attribute = name.rpartition(".")
    try:
        owner: object = importlib.import_module(owner_name)
    except ModuleNotFoundError:
        module_name, _, class_name = owner_name.rpartition(".")
        owner = getattr(importlib.import_module(module_name), class_name)
    meant = inspect.getattr_static(owner, attribute, None)
    meant = meant.fget if isinstance(meant, property) else meant
    if inspect.isclass(meant) or inspect.isfunction(meant):
        source = inspect.getsource(meant)
    elif meant is not None:
        source = re.sub(" at 0x[0-9a-f]+", "", repr(meant))
    else:
        assert isinstance(owner, type)
        if attribute not in private_names_of(owner):
            raise AttributeError(name)
        lines = inspect.getsource(owner).splitlines()
        source = "\n".join(line.strip() for line in lines if f"self.{attribute}" in line)
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def test_every_use_of_an_internal_is_listed() -> None:
    """Internals are used only where the list says so, and the list has no others."""
    folder = TOP / "casefile" / "tui"
    used = {
        (name, path.relative_to(folder).as_posix())
        for path in folder.rglob("*.py")
        for name in uses_in(path)
    }
    assert used == {(one.name, one.used_in) for one in INTERNALS}


@pytest.mark.parametrize("internal", INTERNALS, ids=lambda internal: internal.name)
def test_internal_is_unchanged(internal: Internal) -> None:
    """Textual still has the name, with the source that it had when our use was checked."""
    now = fingerprint(internal.name)
    assert now == internal.fingerprint, (
        f"{internal.name} of Textual {version('textual')} differs from that of "
        f"{CHECKED.checked_against}. "
        f"Check its use in casefile/tui/{internal.used_in} ({internal.why}), then record {now!r}."
    )
