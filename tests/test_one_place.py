"""All untrusted text is escaped by one module, and nothing bypasses it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import casefile

TOP = Path(casefile.__file__).parent

# These print messages before the rest of the program can be imported.
BEFORE_ALL_ELSE = {"__main__.py", "checkout.py"}
PRINTING = {"console.py"}

# Widgets of Textual that parse strings as markup, or draw unescaped text, are used only through
# subclasses in these modules.
DRAWN_INERT = {"TextArea": "note_text.py", "Input": "inert_input.py"}
READ_AS_MARKUP = {"border_title", "border_subtitle", "tooltip", "title", "sub_title", "placeholder"}
SAYING = {"notify", "panic", "from_markup", "bell", "copy_to_clipboard", "open_url"}


def nodes_of(folder: Path) -> Iterator[tuple[str, ast.AST]]:
    """Yield every AST node of every module below a folder, with the module's name."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path.name, node


def place(name: str, node: ast.AST) -> str:
    """Return the position and the source of a node."""
    return f"{name}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


def is_stream(node: ast.expr) -> bool:
    """Whether an expression is standard output or error, or its buffer."""
    return ast.unparse(node).split(".buffer")[0] in {"sys.stdout", "sys.stderr", "sys.__stdout__"}


def test_only_console_prints() -> None:
    """No other module writes to standard output or error."""
    found = [
        place(name, node)
        for name, node in nodes_of(TOP)
        if name not in BEFORE_ALL_ELSE | PRINTING
        if isinstance(node, ast.Call)
        if (isinstance(node.func, ast.Name) and node.func.id in {"print", "input"})
        or (isinstance(node.func, ast.Attribute) and "write" in node.func.attr
            and is_stream(node.func.value))
    ]  # fmt: skip
    assert found == []


def test_no_string_becomes_markup() -> None:
    """Text that Textual parses as markup is a constant or escaped."""
    found = []
    for name, node in nodes_of(TOP / "tui"):
        if not isinstance(node, ast.Assign):
            continue
        targets = [one.attr for one in node.targets if isinstance(one, ast.Attribute)]
        is_safe = isinstance(node.value, ast.Constant) or ast.unparse(node.value).startswith(
            "as_title("
        )
        if READ_AS_MARKUP & {*targets} and not is_safe:
            found.append(place(name, node))
    assert found == []


def test_only_escaping_widgets_draw_text() -> None:
    """No widget or method of Textual that draws unescaped text is used."""
    found = []
    for name, node in nodes_of(TOP / "tui"):
        if isinstance(node, ast.ImportFrom) and node.module == "textual.widgets":
            if not {one.name for one in node.names} <= DRAWN_INERT.keys():
                found.append(place(name, node))
        elif isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base) for base in node.bases}
            if any(base in bases and name != of for base, of in DRAWN_INERT.items()):
                found.append(f"{name}: {node.name}")
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            last = called.rpartition(".")[2]
            says = last in SAYING or (last == "exit" and (node.args or node.keywords))
            if called in DRAWN_INERT or says:
                found.append(place(name, node))
    assert found == []
