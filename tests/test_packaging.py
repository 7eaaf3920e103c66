"""How a checkout sets itself up, and what it says where it can't."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli

import casefile
import casefile.__main__
from casefile import checkout
from casefile.places import shipped

TOP = Path(__file__).parent.parent
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


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


@pytest.mark.parametrize("main", [casefile.__main__.main, checkout.main])
def test_nothing_is_started_with_an_old_python(
    main: Callable[[list[str]], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Program and set-up alike end with the plain word, as wrong use."""
    monkeypatch.setattr(casefile, "OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(checkout, "output_of", lambda _command: None)
    monkeypatch.setattr(checkout, "set_up", lambda _purpose: pytest.fail("began to set up"))
    assert main(["where"]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("casefile needs Python 99.0 or newer; this is ")
    assert printed.out == ""


def test_a_newer_python_on_the_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another Python would do, and does run, the command for it is given."""
    monkeypatch.setattr(checkout, "output_of", lambda command: command[0] == "python3.12")
    word = checkout.python_problem((3, 9))
    assert word is not None
    assert word.endswith("Try: python3.12 -m casefile.checkout")


@pytest.mark.parametrize("words", ["show diana-fentanyl-2017", "where"])
def test_missing_dependencies_are_told_in_plain_words(words: str) -> None:
    """In a checkout that is not set up, the command that sets it up is named."""
    # With -S a Python sees its own modules and this checkout, and nothing that was installed.
    command = [sys.executable, "-S", "-m", "casefile", *words.split()]
    done = subprocess.run(command, cwd=TOP, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("In a checkout, run: python3 -m casefile.checkout\n")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_venv_module_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Debian leaves out is named by the package that brings it."""
    monkeypatch.setattr(checkout, "find_spec", lambda name: None if name == "ensurepip" else name)
    word = checkout.venv_problem("Error: returned non-zero exit status 1.")
    assert f"apt install python{THIS_PYTHON}-venv" in word


def test_another_trouble_with_venv_is_not_put_down_to_debian() -> None:
    """Where the module is there, what it said is shown."""
    word = checkout.venv_problem("...\nError: ['python3', '-m', 'ensurepip']: no space left\n")
    assert word.endswith("no space left")
    assert "apt install" not in word


def test_what_pip_found_wrong_is_told_without_what_it_says_about_itself() -> None:
    """The errors are shown and not the last lines, which say that pip is not to blame."""
    printed = "× did not run\n  ERROR: No matching distribution found for x\nnote: not with pip.\n"
    word = checkout.pip_problem(printed)
    assert word.endswith("pip said:\nERROR: No matching distribution found for x")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let `.venv` be in a folder of the test's; give it."""
    monkeypatch.setattr(checkout, "FOLDER", str(tmp_path / ".venv"))
    return tmp_path / ".venv"


@pytest.fixture
def calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let commands only be noted down, and leave what they would."""
    noted: list[list[str]] = []

    def call(command: list[str], _problem: object) -> None:
        noted.append(command)
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "bin" / "python").touch()

    monkeypatch.setattr(checkout, "call", call)
    return noted


def put_pip(folder: Path, printed: str) -> None:
    """Put a pip into an environment that says of itself where it stands."""
    pip = folder / "bin" / "pip"
    pip.parent.mkdir(parents=True)
    pip.write_text(f"#!/bin/sh\necho '{printed}'\n", encoding="utf-8")
    pip.chmod(0o755)


def test_a_checkout_is_set_up_once(calls: list[list[str]]) -> None:
    """The environment is made and installed into at the first run, and left alone at the next."""
    checkout.set_up("run")
    assert [command[1:3] for command in calls] == [["-m", "venv"], ["-m", "pip"]]
    checkout.set_up("run")
    assert len(calls) == 2


def test_another_project_file_is_installed_again(
    calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pyproject.toml asks for is there after it changed."""
    monkeypatch.setattr(checkout, "TOP", str(tmp_path))
    for text in ("[project]", "[project]", "[project]\ndependencies = []"):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        checkout.set_up("run")
    assert sum("pip" in command for command in calls) == 2


def test_the_tests_bring_their_own_tools(calls: list[list[str]]) -> None:
    """Running the tests installs what they need, running the program does not."""
    checkout.set_up("run")
    checkout.set_up("test")
    assert [command[-1].endswith("[test]") for command in calls if "pip" in command] == [
        False,
        True,
    ]


def test_a_whole_environment_is_installed_into(folder: Path, calls: list[list[str]]) -> None:
    """An environment of this place and this Python is not made anew."""
    put_pip(folder, f"pip 24.0 from {folder}/lib/pip (python {THIS_PYTHON})")
    checkout.set_up("run")
    assert [command[1:3] for command in calls] == [["-m", "pip"]]


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("", id="interrupted"),
        pytest.param(f"pip 24.0 from /elsewhere/.venv/lib/pip (python {THIS_PYTHON})", id="moved"),
        pytest.param("pip 24.0 from {folder}/lib/pip (python 3.10)", id="another Python"),
    ],
)
def test_an_environment_that_will_not_do_is_made_anew(
    printed: str, folder: Path, calls: list[list[str]]
) -> None:
    """One that is half made, made elsewhere or made by another Python is replaced."""
    put_pip(folder, printed.format(folder=folder))
    checkout.set_up("run")
    assert calls[0][1:3] == ["-m", "venv"]


def test_a_python_that_is_gone_is_replaced(folder: Path, calls: list[list[str]]) -> None:
    """An environment whose Python was removed from the machine is set up again."""
    checkout.set_up("run")
    (folder / "bin" / "python").unlink()
    checkout.set_up("run")
    assert len(calls) == 4


def test_a_checkout_that_was_copied_is_set_up_anew(
    folder: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of a checkout runs its own environment and not the one it was copied from."""
    checkout.set_up("run")
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    monkeypatch.setattr(checkout, "FOLDER", str(copy))
    checkout.set_up("run")
    assert calls[2][-1] == str(copy)


def test_a_read_only_checkout_is_told_in_plain_words(
    folder: Path, calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The folder that can't be written to is named before anything is tried."""
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    assert checkout.main([]) == 2
    assert capsys.readouterr().err.startswith(f"{folder.parent} can't be written to")
    assert calls == []


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (checkout.NotSetUp("There is no network."), 2, "There is no network.\n"),
        (OSError(28, "No space left on device", "stamp"), 2, "stamp: No space left on device.\n"),
        (KeyboardInterrupt(), 130, "Interrupted; the same command begins anew.\n"),
    ],
)
def test_what_ends_a_set_up_is_told_in_plain_words(
    error: BaseException, code: int, word: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Each way it can end has its words and its exit code, and none is a traceback."""

    def fail(_purpose: str) -> None:
        raise error

    monkeypatch.setattr(checkout, "set_up", fail)
    assert checkout.main(["test"]) == code
    assert capsys.readouterr().err == word


def test_a_failing_command_is_told_in_plain_words() -> None:
    """What it printed stands in the message."""
    command = [sys.executable, "-c", "print('no network'); raise SystemExit(1)"]
    with pytest.raises(checkout.NotSetUp, match="pip said:\nno network"):
        checkout.call(command, checkout.pip_problem)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("", "casefile"),
        ("where", "casefile where"),
        ("run test", "casefile test"),
        ("test -q", "python -m pytest -n auto -q"),
    ],
)
def test_a_checkout_becomes_what_is_asked_for(words: str, command: str) -> None:
    """The first word may say what to run; the rest goes to it as it is."""
    program, *arguments = checkout.command_of(*checkout.purpose_of(words.split()))
    assert " ".join([Path(program).name, *arguments]) == command


def test_the_version_stands_in_one_place() -> None:
    """What is built takes its version from the literal that the program prints."""
    project = tomli.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    source = (TOP / project["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    assert f'__version__ = "{casefile.__version__}"\n' in source
    assert f"## {casefile.__version__}" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_gives_the_two_commands() -> None:
    """What the README tells to paste is what a checkout offers."""
    pasted = re.findall(r"^    python3 -m casefile\.checkout ?(.*)$", _readme(), re.MULTILINE)
    assert [checkout.purpose_of(words.split())[0] for words in pasted] == ["run", "test"]


def test_the_readme_shows_pictures_that_are_there() -> None:
    """The pictures of the README are in the repository, the first of them at its top."""
    first, *others = re.findall(r"!\[.*?\]\((.*?)\)", _readme())
    assert _readme().index(first) < 1000
    assert all((TOP / picture).exists() for picture in (first, *others))


def test_what_is_shipped_is_found_from_a_checkout() -> None:
    """The stylesheet and the bundled case stand at the top of a checkout."""
    assert shipped("casefile.tcss").is_file()
    assert (shipped("data") / "diana-fentanyl-2017.toml").is_file()


def _readme() -> str:
    return (TOP / "README.md").read_text(encoding="utf-8")
