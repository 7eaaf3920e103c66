"""Imports: their direction, no cycles, and no side effects."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

from importlinter.cli import lint_imports

from casefile import __version__

TOP = Path(__file__).parent.parent
MODULES_OF_KEYMAP = {"casefile.tui.keymap", "pkgutil"}
"""What checks the reader's own keys."""


def modules() -> dict[str, Path]:
    """Return the path of every module by its name."""
    paths = {path: path.relative_to(TOP) for path in sorted((TOP / "casefile").rglob("*.py"))}
    return {
        ".".join(name.with_suffix("").parts).removesuffix(".__init__"): path
        for path, name in paths.items()
    }


def core_modules() -> list[str]:
    """Return the modules that have to work without a screen."""
    return [name for name in modules() if not name.startswith("casefile.tui")]


def imports_in(source: str) -> Iterator[str]:
    """Yield what `source` imports, in functions and under TYPE_CHECKING too, as dotted names.

    Of `from a import b` both `a.b` and `a`, since only the file tree tells which is a module.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def import_graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return the modules that each module imports; `sources` are their texts by name."""
    return {
        name: {imported for imported in imports_in(source) if imported in sources} - {name}
        for name, source in sources.items()
    }


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules of one import cycle, or nothing if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def imports_at_run_time(name: str, known: dict[str, Path]) -> set[str]:
    """Return the modules that a module imports when it is run, in functions too."""
    tree = ast.parse(known[name].read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return {imported for imported in imports_in(ast.unparse(tree)) if is_module(imported)}


def is_module(name: str) -> bool:
    """Whether there is a module of that name; `imports_in` yields other names too."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def run_python(source: str, home: Path) -> str:
    """Run a script with `home` as its home directory; return what it prints."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=TOP, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_core_imports_neither_textual_nor_rich(tmp_path: Path) -> None:
    """Nor does any command of the command line, until it opens the screen."""
    imports = "".join(f"import {name}\n" for name in core_modules())
    loaded = "print(*sorted({'textual', 'rich'} & set(sys.modules)))"
    assert run_python(f"import sys\n{imports}{loaded}", tmp_path) == ""


def test_importing_reads_and_writes_nothing(tmp_path: Path) -> None:
    """No module, the screen’s included, touches the home directory when it is imported."""
    imports = "".join(f"import {name}\n" for name in [*core_modules(), "casefile.tui.app"])
    # An audit hook sees each file that is opened and each folder that is listed or made.
    watch = (
        "import sys\n"
        "def report(event, arguments):\n"
        "    if arguments and str(arguments[0]).startswith(home):\n"
        "        print(event, arguments[0])\n"
        f"home = {str(tmp_path)!r}\n"
        "sys.addaudithook(report)\n"
    )
    assert run_python(watch + imports, tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_all_late_imports_are_made_when_idle(tmp_path: Path) -> None:
    """What any module of the screen imports in a function is imported once no key waits."""
    known, wanted, found = modules(), {"casefile.__main__", "casefile.cli.open"}, set[str]()
    while new := {name for name in wanted & known.keys() if name not in found}:
        found |= new
        wanted |= {one for name in new for one in imports_at_run_time(name, known)}
    source = (
        "import sys\n"
        "import casefile.__main__, casefile.cli.open, casefile.tui.app\n"
        "from casefile.tui.idle_imports import import_in_steps\n"
        "for _ in import_in_steps():\n    pass\n"
        "print(*sys.modules)"
    )
    missing = wanted - set(run_python(source, tmp_path).split())
    # These are imported before there is a screen.
    assert missing <= {"casefile.cli.command_line", "casefile.cli.parser"} | MODULES_OF_KEYMAP


def test_no_modules_import_each_other() -> None:
    """There is no import cycle, imports in functions and under TYPE_CHECKING included."""
    graph = import_graph({name: path.read_text() for name, path in modules().items()})
    assert cycle_in(graph) == []


def test_import_cycles_are_found() -> None:
    """A cycle through a lazy import and one under TYPE_CHECKING is found, across packages too."""
    sources = {
        "top.one": "from top import two",
        "top.two": "def later():\n    from top.low.three import thing",
        "top.low.three": "if TYPE_CHECKING:\n    import top.one",
    }
    assert set(cycle_in(import_graph(sources))) == set(sources)
    assert cycle_in(import_graph(sources | {"top.low.three": ""})) == []


def test_the_version_is_printed_without_importing_what_verbs_need(tmp_path: Path) -> None:
    """`casefile --version` imports neither argparse nor msgspec, which take longer than Python."""
    source = (
        "import sys\nfrom casefile.__main__ import main\nmain(['--version'])\n"
        "print(*sorted({'argparse', 'msgspec', 'pathlib'} & set(sys.modules)))"
    )
    assert run_python(source, tmp_path) == f"casefile {__version__}"


def test_import_contracts_hold() -> None:
    """Packages import each other in one direction, as the contracts in pyproject.toml say."""
    assert lint_imports(config_filename=str(TOP / "pyproject.toml"), no_cache=True) == 0


def test_no_class_of_the_screen_has_two_own_ancestors() -> None:
    """Behaviour is composed: a class of casefile.tui derives from at most one other of casefile."""
    for name in filter(lambda name: name.startswith("casefile.tui"), modules()):
        for cls in vars(importlib.import_module(name)).values():
            if isinstance(cls, type) and cls.__module__ == name:
                own = [base for base in cls.__mro__[1:] if base.__module__.startswith("casefile")]
                assert len(own) <= 1, (cls, own)
