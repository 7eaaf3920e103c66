"""The direction of imports: the core is there without a screen, and importing it does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

TOP = Path(__file__).parent.parent
CORE = ("case", "notes", "reading")


def core_modules() -> list[str]:
    """Give every module that has to work without a screen."""
    package = TOP / "casefile"
    several = [path for name in CORE for path in (package / name).glob("*.py")]
    single = [path for path in package.glob("*.py") if path.stem != "__main__"]
    paths = [path.relative_to(TOP).with_suffix("") for path in (*several, *single)]
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


def run_python(source: str, home: Path) -> str:
    """Run a script with a home of its own; give what it prints."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=TOP, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_core_imports_no_screen(tmp_path: Path) -> None:
    """Neither Textual nor Rich is loaded by any module of the core, the command line included."""
    imports = "".join(f"import {name}\n" for name in core_modules())
    loaded = "print(*sorted({'textual', 'rich'} & set(sys.modules)))"
    assert run_python(f"import sys\n{imports}{loaded}", tmp_path) == ""


def test_importing_does_nothing(tmp_path: Path) -> None:
    """No directory and no file is made by importing any module, the screen's included."""
    imports = "".join(f"import {name}\n" for name in [*core_modules(), "casefile.tui.app"])
    run_python(imports, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_contracts_hold() -> None:
    """Imports go one way only, as the contracts in pyproject.toml say."""
    assert lint_imports(config_filename=str(TOP / "pyproject.toml"), no_cache=True) == 0
