"""`python -m casefile`, and the command `casefile`."""

import sys
from typing import List

from casefile import too_old


def main(argv: List[str]) -> int:
    """Run a command line and give its exit code; a plain word where this Python can't."""
    # Nothing newer than Python 3.6 may stand in this file, or the word would not be said.
    problem = too_old(sys.version_info[:2])
    if problem:
        sys.stderr.write(problem + "\n")
        return 2
    try:
        from casefile.cli.command_line import run

        # Each verb imports what it needs, so that what is missing may show only here.
        return run(argv)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("casefile"):
            return crashed(error)
        sys.stderr.write(
            "casefile is not installed here: it lacks %s. In a checkout, run: "
            "python3 -m casefile.checkout\n" % error.name
        )
        return 2
    except Exception as error:
        return crashed(error)


def crashed(error: Exception) -> int:
    """Tell of a fault of ours without a word of what was read or typed; give the exit code."""
    from casefile.console import FAULT, complain
    from casefile.places import find_places
    from casefile.state.crash_log import told

    return complain(told(find_places(), error), FAULT)


def run_and_exit() -> None:
    """Run the command line that this process was started with, and exit."""
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        # Before the command line is read; afterwards it is told in its own place.
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    run_and_exit()
