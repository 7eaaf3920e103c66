"""How a checkout sets itself up, and what it says where it can't."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import casefile
from casefile import checkout
from casefile.places import shipped

TOP = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "checkout.py"])
def test_an_old_python_can_read_what_tells_it_that_it_is_too_old(name: str) -> None:
    """The files that say the plain word hold nothing newer than Python 3.6."""
    source = (TOP / "casefile" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source


def test_an_old_python_is_told_in_plain_words() -> None:
    """The version that is needed and the one that was found are named."""
    word = casefile.too_old((3, 9))
    assert word == "casefile needs Python 3.11 or newer; this is 3.9."
    assert casefile.too_old(sys.version_info[:2]) is None


def test_a_newer_python_on_the_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another Python would do, the command for it is given."""
    monkeypatch.setattr("shutil.which", lambda name: name if name == "python3.12" else None)
    word = checkout.python_problem((3, 9))
    assert word is not None
    assert word.endswith("Try: python3.12 -m casefile.checkout")


def test_a_missing_venv_module_is_told_in_plain_words() -> None:
    """What Debian leaves out is named by the package that brings it."""
    word = checkout.venv_problem("Error: ensurepip is not available.")
    major, minor = sys.version_info[:2]
    assert f"apt install python{major}.{minor}-venv" in word


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let `.venv` be in a folder of the test's, and commands only be noted down."""
    noted: list[list[str]] = []

    def call(command: list[str], _problem: object) -> None:
        noted.append(command)
        (tmp_path / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / ".venv" / "bin" / "casefile").touch()

    monkeypatch.setattr(checkout, "FOLDER", str(tmp_path / ".venv"))
    monkeypatch.setattr(checkout, "call", call)
    return noted


def test_a_checkout_is_set_up_once(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is made and installed into at the first run, and left alone at the next."""
    checkout.set_up("run")
    assert [command[1:3] for command in calls] == [["-m", "venv"], ["-m", "pip"]]
    checkout.set_up("run")
    assert len(calls) == 2
    monkeypatch.setattr(checkout, "stamp_text", lambda: "another Python, another project file")
    checkout.set_up("run")
    assert len(calls) > 2


def test_the_tests_bring_their_own_tools(calls: list[list[str]]) -> None:
    """Running the tests installs what they need, running the program does not."""
    checkout.set_up("run")
    checkout.set_up("test")
    assert [command[-1].endswith("[test]") for command in calls if "pip" in command] == [
        False,
        True,
    ]


def test_a_half_made_environment_is_made_anew(tmp_path: Path, calls: list[list[str]]) -> None:
    """What an interrupted set-up left behind is no environment."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    checkout.set_up("run")
    assert calls[0][1:3] == ["-m", "venv"]


def test_a_failing_command_is_told_in_plain_words() -> None:
    """The last lines that it printed stand in the message, and no traceback."""
    command = [sys.executable, "-c", "print('no network'); raise SystemExit(1)"]
    with pytest.raises(checkout.NotSetUp, match="pip said:\nno network"):
        checkout.call(command, checkout.pip_problem)


def test_the_readme_gives_the_two_commands() -> None:
    """What the README tells to paste is what a checkout offers."""
    pasted = re.findall(r"^    python3 -m casefile\.checkout ?(.*)$", _readme(), re.MULTILINE)
    assert [checkout.purpose_of(words.split())[0] for words in pasted] == ["run", "test"]


def test_the_readme_shows_a_picture_that_is_there() -> None:
    """The picture at the top of the README is in the repository."""
    (picture,) = re.findall(r"!\[.*?\]\((.*?)\)", _readme())
    assert (TOP / picture).exists()


def test_what_is_shipped_is_found_from_a_checkout() -> None:
    """The stylesheet and the bundled case stand at the top of a checkout."""
    assert shipped("casefile.tcss").is_file()
    assert (shipped("data") / "diana-fentanyl-2017.toml").is_file()


def _readme() -> str:
    return (TOP / "README.md").read_text(encoding="utf-8")
