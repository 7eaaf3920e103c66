"""The entry point of `python -m casefile` and of the command `casefile`."""

import gc
import sys

from casefile import end_at_interrupt, too_old


def main(argv: "list[str]") -> int:
    """Run a command line, without the program's name, and return its exit code."""
    # Nothing in this file may be newer than Python 3.6, or the message would not be printed.
    problem = too_old(sys.version_info[:2])
    if problem:
        sys.stderr.write(problem + "\n")
        return 2
    try:
        from casefile.cli.command_line import run

        # The verbs import their dependencies when they run, so a missing one may show only here.
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
    """Report a bug of the program's own, without anything read or typed; return the exit code."""
    try:
        from casefile.console import FAULT, print_errors
        from casefile.places import find_places
        from casefile.state.crash_log import report_crash
    except ImportError:
        problem = "A part of casefile can't be loaded; it may have been upgraded. Start it again."
        sys.stderr.write(problem + "\n")
        return 70

    return print_errors(report_crash(find_places(), error), FAULT)


def run_and_exit() -> None:
    """Run the command line that this process was started with, and exit."""
    end_at_interrupt()
    # A verb ends before a collection would free anything; the screen turns it on again.
    gc.disable()
    code = main(sys.argv[1:])
    # Python collects once more as it exits: what is frozen is left out.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run_and_exit()
