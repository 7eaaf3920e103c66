"""How a checkout sets itself up, and its messages if it can't."""

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
def test_version_check_parses_on_old_python(name: str) -> None:
    """The files that check the version use no syntax newer than Python 3.6."""
    source = (TOP / "casefile" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source


def test_old_python_gets_a_message() -> None:
    """It names the required version and the one that was found."""
    word = casefile.too_old((3, 9))
    assert word == "casefile needs Python 3.11 or newer; this is 3.9."
    assert casefile.too_old(sys.version_info[:2]) is None


@pytest.mark.parametrize("main", [casefile.__main__.main, checkout.main])
def test_nothing_runs_on_old_python(
    main: Callable[[list[str]], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Program and set-up end with that message, as wrong use."""
    monkeypatch.setattr(casefile, "OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(checkout, "output_of", lambda _command: None)
    monkeypatch.setattr(checkout, "set_up", lambda _purpose: pytest.fail("began to set up"))
    assert main(["where"]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("casefile needs Python 99.0 or newer; this is ")
    assert printed.out == ""


def test_newer_python_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    """If another Python that would do is installed, the message has the command for it."""
    monkeypatch.setattr(checkout, "output_of", lambda command: command[0] == "python3.12")
    word = checkout.python_problem((3, 9))
    assert word is not None
    assert word.endswith("Try: python3.12 -m casefile.checkout")


@pytest.mark.parametrize("words", ["show diana-fentanyl-2017", "where"])
def test_missing_dependencies_are_reported(words: str) -> None:
    """In a checkout that is not set up, the message has the command that sets it up."""
    # With -S a Python sees its own modules and this checkout, and nothing that was installed.
    command = [sys.executable, "-S", "-m", "casefile", *words.split()]
    done = subprocess.run(command, cwd=TOP, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("In a checkout, run: python3 -m casefile.checkout\n")
    assert len(done.stderr.splitlines()) == 1


def test_missing_venv_module_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the Debian package that has it."""
    monkeypatch.setattr(checkout, "find_spec", lambda name: None if name == "ensurepip" else name)
    word = checkout.venv_problem("Error: returned non-zero exit status 1.")
    assert f"apt install python{THIS_PYTHON}-venv" in word


def test_other_venv_error_is_shown() -> None:
    """If the module is there, its own message is shown."""
    word = checkout.venv_problem("...\nError: ['python3', '-m', 'ensurepip']: no space left\n")
    assert word.endswith("no space left")
    assert "apt install" not in word


def test_pip_errors_are_shown_without_pips_remarks() -> None:
    """The errors are shown, but not the last lines, where pip says that it is not to blame."""
    printed = "× did not run\n  ERROR: No matching distribution found for x\nnote: not with pip.\n"
    word = checkout.pip_problem(printed)
    assert word.endswith("pip said:\nERROR: No matching distribution found for x")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put `.venv` into a folder of the test, and return its path."""
    monkeypatch.setattr(checkout, "FOLDER", str(tmp_path / ".venv"))
    return tmp_path / ".venv"


@pytest.fixture
def calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record commands instead of running them, and create what they would leave."""
    noted: list[list[str]] = []

    def call(command: list[str], _problem: object) -> None:
        noted.append(command)
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "bin" / "python").touch()

    monkeypatch.setattr(checkout, "call", call)
    return noted


def put_pip(folder: Path, printed: str) -> None:
    """Write a pip into an environment that prints this as its version."""
    pip = folder / "bin" / "pip"
    pip.parent.mkdir(parents=True)
    pip.write_text(f"#!/bin/sh\necho '{printed}'\n", encoding="utf-8")
    pip.chmod(0o755)


def test_checkout_is_set_up_once(calls: list[list[str]]) -> None:
    """The environment is created and installed into on the first run, and unchanged on the next."""
    checkout.set_up("run")
    assert [command[1:3] for command in calls] == [["-m", "venv"], ["-m", "pip"]]
    checkout.set_up("run")
    assert len(calls) == 2


def test_changed_project_file_is_installed_again(
    calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes in pyproject.toml are installed."""
    monkeypatch.setattr(checkout, "TOP", str(tmp_path))
    for text in ("[project]", "[project]", "[project]\ndependencies = []"):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        checkout.set_up("run")
    assert sum("pip" in command for command in calls) == 2


def test_test_tools_are_installed_for_tests_only(calls: list[list[str]]) -> None:
    """Running the tests installs their tools, running the program does not."""
    checkout.set_up("run")
    checkout.set_up("test")
    assert [command[-1].endswith("[test]") for command in calls if "pip" in command] == [
        False,
        True,
    ]


def test_intact_environment_is_reused(folder: Path, calls: list[list[str]]) -> None:
    """An environment of this place and this Python is not created again."""
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
def test_unusable_environment_is_replaced(
    printed: str, folder: Path, calls: list[list[str]]
) -> None:
    """An incomplete one, one from elsewhere and one of another Python are replaced."""
    put_pip(folder, printed.format(folder=folder))
    checkout.set_up("run")
    assert calls[0][1:3] == ["-m", "venv"]


def test_environment_of_removed_python_is_replaced(folder: Path, calls: list[list[str]]) -> None:
    """An environment whose Python was removed is set up again."""
    checkout.set_up("run")
    (folder / "bin" / "python").unlink()
    checkout.set_up("run")
    assert len(calls) == 4


def test_copied_checkout_is_set_up_again(
    folder: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of a checkout runs its own environment."""
    checkout.set_up("run")
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    monkeypatch.setattr(checkout, "FOLDER", str(copy))
    checkout.set_up("run")
    assert calls[2][-1] == str(copy)


def test_read_only_checkout_is_reported(
    folder: Path, calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The message names the folder, before anything is tried."""
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    assert checkout.main([]) == 2
    assert capsys.readouterr().err.startswith(f"{folder.parent} is not writable")
    assert calls == []


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (checkout.NotSetUp("There is no network."), 2, "There is no network.\n"),
        (OSError(28, "No space left on device", "stamp"), 2, "stamp: No space left on device.\n"),
    ],
)
def test_failed_set_up_is_reported(
    error: BaseException, code: int, word: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Each way it can end has its message and exit code, and none is a traceback."""

    def fail(_purpose: str) -> None:
        raise error

    monkeypatch.setattr(checkout, "set_up", fail)
    assert checkout.main(["test"]) == code
    assert capsys.readouterr().err == word


def test_output_of_failing_command_is_shown() -> None:
    """The message has what the command printed."""
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
def test_first_word_chooses_what_to_run(words: str, command: str) -> None:
    """The other words are passed on."""
    program, *arguments = checkout.command_of(*checkout.purpose_of(words.split()))
    assert " ".join([Path(program).name, *arguments]) == command


def test_version_is_defined_once() -> None:
    """The build takes its version from the literal that the program prints."""
    project = tomli.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    source = (TOP / project["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    assert f'__version__ = "{casefile.__version__}"\n' in source
    assert f"## {casefile.__version__}" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_has_the_two_commands() -> None:
    """The commands in the README are those of a checkout."""
    pasted = re.findall(r"^    python3 -m casefile\.checkout ?(.*)$", _readme(), re.MULTILINE)
    assert [checkout.purpose_of(words.split())[0] for words in pasted] == ["run", "test"]


def test_pictures_of_the_readme_exist() -> None:
    """The first picture is at the top."""
    first, *others = re.findall(r"!\[.*?\]\((.*?)\)", _readme())
    assert _readme().index(first) < 1000
    assert all((TOP / picture).exists() for picture in (first, *others))


def test_shipped_files_are_found_from_a_checkout() -> None:
    """The stylesheet and the bundled case are at the top of a checkout."""
    assert shipped("casefile.tcss").is_file()
    assert (shipped("data") / "diana-fentanyl-2017.toml").is_file()


def _readme() -> str:
    return (TOP / "README.md").read_text(encoding="utf-8")
