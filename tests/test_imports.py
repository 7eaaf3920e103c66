"""Imports: their direction, no cycles, and no side effects."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from importlinter.cli import lint_imports

from casefile import __version__

TOP = Path(__file__).parent.parent


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
