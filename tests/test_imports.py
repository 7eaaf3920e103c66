"""The direction of imports: the core is there without a screen, and importing it does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

from casefile import __version__

TOP = Path(__file__).parent.parent


def core_modules() -> list[str]:
    """Give every module that has to work without a screen."""
    paths = [path.relative_to(TOP) for path in sorted((TOP / "casefile").rglob("*.py"))]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return [name for name in names if not name.startswith("casefile.tui")]


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
    """Importing any module, the screen's included, neither reads nor makes anything at home."""
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


def test_the_version_is_printed_without_importing_what_verbs_need(tmp_path: Path) -> None:
    """`casefile --version` imports neither argparse nor msgspec, which take longer than Python."""
    source = (
        "import sys\nfrom casefile.__main__ import main\nmain(['--version'])\n"
        "print(*sorted({'argparse', 'msgspec', 'pathlib'} & set(sys.modules)))"
    )
    assert run_python(source, tmp_path) == f"casefile {__version__}"


def test_the_contracts_hold() -> None:
    """Imports go one way only, as the contracts in pyproject.toml say."""
    assert lint_imports(config_filename=str(TOP / "pyproject.toml"), no_cache=True) == 0
