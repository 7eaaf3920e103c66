"""Set up a checkout with nothing but a Python, and run casefile or its tests in it.

`python3 -m casefile.checkout` makes `.venv`, installs the checkout there and opens the bundled
case; `python3 -m casefile.checkout test` runs the tests. Nothing newer than Python 3.6 may stand
in this file, or an older Python would give a SyntaxError instead of a plain word.
"""

import os
import shutil
import subprocess
import sys
from typing import Callable, List, Optional, Tuple

from casefile import too_old

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(TOP, ".venv")
EXTRAS = {"run": "", "test": "[test]"}
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


class NotSetUp(Exception):
    """The checkout can't be set up; the text says why in plain words, and what helps."""


def main(argv: List[str]) -> int:
    """Set up what is asked for, then become it; give an exit code only if that fails."""
    purpose, rest = purpose_of(argv)
    problem = python_problem(sys.version_info[:2])
    if problem:
        return complain(problem)
    try:
        set_up(purpose)
    except NotSetUp as error:
        return complain(str(error))
    command = command_of(purpose, rest)
    os.execv(command[0], command)
    return 0


def purpose_of(argv: List[str]) -> Tuple[str, List[str]]:
    """Give what to run, and its arguments: `run` unless the first word says otherwise."""
    if argv and argv[0] in EXTRAS:
        return argv[0], argv[1:]
    return "run", argv


def command_of(purpose: str, rest: List[str]) -> List[str]:
    """Give the command that a purpose comes to, once the checkout is set up."""
    if purpose == "test":
        return [in_folder("python"), "-m", "pytest"] + rest
    return [in_folder("casefile")] + rest


def python_problem(version: Tuple[int, ...]) -> Optional[str]:
    """Say what to do where this Python is too old, or None if it is not."""
    problem = too_old(version)
    newer = next((name for name in NEWER if shutil.which(name)), None)
    if problem and newer:
        return "%s Try: %s -m casefile.checkout" % (problem, newer)
    return problem


def set_up(purpose: str) -> None:
    """Make `.venv` and install the checkout there, unless it is as it was at the last time."""
    stamp = os.path.join(FOLDER, "casefile-%s.stamp" % purpose)
    wanted = stamp_text()
    if read(stamp) == wanted and os.path.exists(in_folder("casefile")):
        return
    sys.stderr.write("Setting up .venv for the first time; this takes a minute.\n")
    try:
        if not works(in_folder("python")):
            shutil.rmtree(FOLDER, ignore_errors=True)
            call([sys.executable, "-m", "venv", FOLDER], venv_problem)
        install = [in_folder("python"), "-m", "pip", "install", "--quiet", "--editable"]
        call(install + [TOP + EXTRAS[purpose]], pip_problem)
        with open(stamp, "w") as file:
            file.write(wanted)
    except OSError as error:
        raise NotSetUp("%s can't be written: %s." % (FOLDER, error.strerror)) from None


def stamp_text() -> str:
    """Give what an installation depends on: the project's own file, and the Python."""
    return "%s\n%s" % (sys.version, read(os.path.join(TOP, "pyproject.toml")))


def call(command: List[str], problem: Callable[[str], str]) -> None:
    """Run a command quietly; where it fails, put what it printed into plain words."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise NotSetUp(problem(done.stdout.decode("utf-8", "replace")))


def venv_problem(printed: str) -> str:
    """Say how to get what Debian leaves out of its Python."""
    if "ensurepip" in printed or "No module named venv" in printed:
        return (
            "This Python lacks its venv module. On Debian and Ubuntu, as root: "
            "apt install python%d.%d-venv (or python3-venv)" % sys.version_info[:2]
        )
    return "The virtual environment can't be made:\n" + last_lines(printed)


def pip_problem(printed: str) -> str:
    """Say what pip said last."""
    return "Installing failed; it needs the network once. pip said:\n" + last_lines(printed)


def last_lines(printed: str) -> str:
    """Give the end of what a command printed."""
    return "\n".join(printed.strip().splitlines()[-5:])


def works(python: str) -> bool:
    """Say whether an environment is whole: an interrupted or half-made one has no pip."""
    try:
        return (
            subprocess.call(
                [python, "-m", "pip", "--version"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
    except OSError:
        return False


def in_folder(name: str) -> str:
    """Give a program of the environment."""
    return os.path.join(FOLDER, "bin", name)


def read(path: str) -> Optional[str]:
    """Give a file's text, or None where it can't be read."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None


def complain(words: str) -> int:
    """Say what is wrong; give the exit code for it."""
    sys.stderr.write("casefile: %s\n" % words)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
