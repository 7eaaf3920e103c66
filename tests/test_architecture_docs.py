"""The pages for contributors name files that exist, and the commands that hooks and CI run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PACKAGE = TOP / "casefile"
ARCHITECTURE, CONTRIBUTING = "docs/architecture.md", "CONTRIBUTING.md"
PAGES = (ARCHITECTURE, CONTRIBUTING)

_CODE = re.compile(r"^```\n(.*?)^```$|^ {4,}(\S.*)$|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
_PATH = re.compile(
    r"(?<![\w/.-])\.?\w[\w.-]*(?:/[\w.-]+)*(?:\.(?:md|py|tcss|toml|yaml)\b|/(?!\w))|\.ci/[\w-]+"
)
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_OF_THE_USER = {"config.toml"}


def read(page: str) -> str:
    """Return the text of a page, by its path in the checkout."""
    return (TOP / page).read_text(encoding="utf-8")


def paths_in(text: str) -> list[str]:
    """Return the paths of files and folders in the code spans and code blocks of a page."""
    code = "\n".join("".join(found) for found in _CODE.findall(text))
    return [path for path in _PATH.findall(code) if path not in _OF_THE_USER]


def exists(path: str) -> bool:
    """Return whether a path exists in the checkout or below `casefile/`.

    A bare name, as in the tree, may be in any package.
    """
    if (TOP / path).exists() or (PACKAGE / path).exists():
        return True
    return "/" not in path.rstrip("/") and any(PACKAGE.rglob(path))


@pytest.mark.parametrize("page", PAGES)
def test_every_named_path_exists(page: str) -> None:
    """Each file and folder that the page names is in the checkout."""
    paths = paths_in(read(page))
    assert len(paths) > 10
    assert [path for path in paths if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    """Each link to another page leads to a file in the checkout."""
    links = _LINK.findall(read(page))
    assert links
    assert [link for link in links if not (TOP / page).parent.joinpath(link).is_file()] == []


def test_missing_path_is_recognised() -> None:
    """A path that does not exist is recognised in a code span, a code block and a command."""
    text = "`tui/keys.py` `a.py`, `.ci/b`\n\n```\nc/   a package\n```\n\n    python tests/d.py -q\n"
    missing = [path for path in paths_in(text) if not exists(path)]
    assert missing == ["a.py", ".ci/b", "c/", "tests/d.py"]


def test_tree_has_every_package() -> None:
    """The tree has a line for each package of the program."""
    tree = read(ARCHITECTURE).partition("\n## The tree\n")[2].partition("\n## ")[0]
    packages = [path.parent.name for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    assert [name for name in packages if f"  {name}/ " not in tree] == []


def test_hooks_run_the_documented_commands() -> None:
    """Each command of the hooks is in CONTRIBUTING.md, and CI runs all of them but the tests."""
    commands = re.findall(r"^ +entry: (.*)$", read(".pre-commit-config.yaml"), re.MULTILINE)
    assert len(commands) == 5
    assert [command for command in commands if f"`{command}`" not in read(CONTRIBUTING)] == []
    *checks, quick_tests = commands
    assert quick_tests.endswith("--quick")
    assert [check for check in checks if f"\n{check}\n" not in read(".ci/run")] == []


def test_readme_leads_to_both_pages() -> None:
    """The README links to the pages for contributors."""
    assert [page for page in PAGES if f"]({page})" not in read("README.md")] == []
