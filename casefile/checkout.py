"""Set up a checkout with nothing but a Python, and run casefile or its tests in it.

`python3 -m casefile.checkout` makes `.venv`, installs the checkout there and opens the bundled
case; `python3 -m casefile.checkout test` runs the tests. This file keeps to the syntax of Python
3.6, so that an older Python reports its version instead of a SyntaxError.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Callable, List, Optional, Tuple

from casefile import end_at_interrupt, too_old

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(TOP, ".venv")
EXTRAS = {"run": "", "test": "[test]"}
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


class NotSetUp(Exception):
    """The checkout can't be set up; the message says why, and what to do."""


def main(argv: List[str]) -> int:
    """Set up the environment and become the command; return an exit code if that fails."""
    purpose, rest = purpose_of(argv)
    problem = python_problem(sys.version_info[:2])
    if problem:
        return complain(problem)
    command = command_of(purpose, rest)
    try:
        set_up(purpose)
        os.execv(command[0], command)
    except NotSetUp as error:
        return complain(str(error))
    except OSError as error:
        return complain("%s: %s." % (error.filename or command[0], error.strerror))


def purpose_of(argv: List[str]) -> Tuple[str, List[str]]:
    """Return what to run, by default `run`, and the arguments for it."""
    if argv and argv[0] in EXTRAS:
        return argv[0], argv[1:]
    return "run", argv


def command_of(purpose: str, rest: List[str]) -> List[str]:
    """Return the command line for a purpose."""
    if purpose == "test":
        # One worker for each core; a -n among the arguments comes later and overrides it.
        return [in_folder("python"), "-m", "pytest", "-n", "auto"] + rest
    return [in_folder("casefile")] + rest


def python_problem(version: Tuple[int, ...]) -> Optional[str]:
    """Return what to do if this Python is too old, or None if it is not."""
    problem = too_old(version)
    if not problem:
        return None
    # Run, not only looked up: pyenv and the like have commands that fail.
    newer = next((name for name in NEWER if output_of([name, "--version"])), None)
    return "%s Try: %s -m casefile.checkout" % (problem, newer) if newer else problem


def set_up(purpose: str) -> None:
    """Create `.venv` and install the checkout there, unless nothing has changed since."""
    stamp = os.path.join(FOLDER, "casefile-%s.stamp" % purpose)
    # What an installation depends on: its path, the Python, and pyproject.toml.
    project = read(os.path.join(TOP, "pyproject.toml"))
    wanted = "%s\n%s\n%s" % (FOLDER, sys.version, project)
    if read(stamp) == wanted and os.path.exists(in_folder("python")):
        return
    place = FOLDER if os.path.exists(FOLDER) else os.path.dirname(FOLDER)
    if not os.access(place, os.W_OK):
        raise NotSetUp("%s is not writable; copy the checkout to a folder of yours." % place)
    if is_whole():
        sys.stderr.write("Installing casefile into .venv; this takes a moment.\n")
    else:
        sys.stderr.write("Creating .venv and installing casefile there; this takes a minute.\n")
        call([sys.executable, "-m", "venv", "--clear", FOLDER], venv_problem)
    install = [in_folder("python"), "-m", "pip", "install", "--quiet", "--editable"]
    call(install + [TOP + EXTRAS[purpose]], pip_problem)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)


def call(command: List[str], problem: Callable[[str], str]) -> None:
    """Run a command quietly; if it fails, raise NotSetUp with `problem` of its output."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise NotSetUp(problem(done.stdout.decode("utf-8", "replace")))


def venv_problem(printed: str) -> str:
    """Return why the environment can't be created; Debian's Python lacks the module."""
    if all(find_spec(name) for name in ("venv", "ensurepip")):
        return "The virtual environment can't be created:\n" + last_lines(printed)
    return (
        "This Python lacks its venv module. On Debian and Ubuntu, as root: "
        "apt install python%d.%d-venv (or python3-venv)" % sys.version_info[:2]
    )


def pip_problem(printed: str) -> str:
    """Return why the installation failed."""
    return "The installation failed; it needs the network. pip said:\n" + last_lines(printed)


def last_lines(printed: str) -> str:
    """Return the error lines in a command's output, or else its last lines."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return "\n".join(([line for line in lines if line.startswith("ERROR: ")] or lines)[-5:])


def is_whole() -> bool:
    """Whether `.venv` is complete, was not moved, and is of this Python."""
    # Not `python -m pip`: only the script fails after the folder was moved.
    printed = output_of([in_folder("pip"), "--version"]) or ""
    return FOLDER + os.sep in printed and "(python %d.%d)" % sys.version_info[:2] in printed


def output_of(command: List[str]) -> Optional[str]:
    """Return the output of a command, or None if it can't be run or fails."""
    try:
        printed = subprocess.check_output(command, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return printed.decode("utf-8", "replace")


def in_folder(name: str) -> str:
    """Return the path of a program in the environment."""
    return os.path.join(FOLDER, "bin", name)


def read(path: str) -> Optional[str]:
    """Return a file's text, or None if it can't be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def complain(message: str) -> int:
    """Print an error message and return the exit code for it."""
    sys.stderr.write(message + "\n")
    return 2


if __name__ == "__main__":
    end_at_interrupt()
    sys.exit(main(sys.argv[1:]))
