"""Imports: the core works without a screen, and importing has no side effects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

from casefile import __version__

TOP = Path(__file__).parent.parent


def core_modules() -> list[str]:
    """Return every module that has to work without a screen."""
    paths = [path.relative_to(TOP) for path in sorted((TOP / "casefile").rglob("*.py"))]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return [name for name in names if not name.startswith("casefile.tui")]


def run_python(source: str, home: Path) -> str:
    """Run a script with a home of its own, and return its output."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=TOP, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_core_imports_no_screen(tmp_path: Path) -> None:
    """No module of the core, the command line included, loads Textual or Rich."""
    imports = "".join(f"import {name}\n" for name in core_modules())
    loaded = "print(*sorted({'textual', 'rich'} & set(sys.modules)))"
    assert run_python(f"import sys\n{imports}{loaded}", tmp_path) == ""


def test_importing_has_no_side_effects(tmp_path: Path) -> None:
    """Importing a module neither reads nor creates anything in the home directory."""
    imports = "".join(f"import {name}\n" for name in [*core_modules(), "casefile.tui.app"])
    # An audit hook sees each file that is opened and each folder that is listed or made.
    watch = (
        "import sys\n"
        "def told(event, arguments):\n"
        "    if arguments and str(arguments[0]).startswith(home):\n"
        "        print(event, arguments[0])\n"
        f"home = {str(tmp_path)!r}\n"
        "sys.addaudithook(told)\n"
    )
    assert run_python(watch + imports, tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_version_needs_neither_argparse_nor_msgspec(tmp_path: Path) -> None:
    """These take longer to import than the rest of the start."""
    source = (
        "import sys\nfrom casefile.__main__ import main\nmain(['--version'])\n"
        "print(*sorted({'argparse', 'msgspec', 'pathlib'} & set(sys.modules)))"
    )
    assert run_python(source, tmp_path) == f"casefile {__version__}"


def test_import_contracts_hold() -> None:
    """Imports go one way only, as the contracts in pyproject.toml say."""
    assert lint_imports(config_filename=str(TOP / "pyproject.toml"), no_cache=True) == 0
