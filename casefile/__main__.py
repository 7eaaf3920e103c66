"""`python -m casefile`, and the command `casefile`."""

import sys

from casefile import __version__


def main(argv):
    """Run a command line and give its exit code; says so where this Python is too old."""
    if sys.version_info < (3, 11):
        # Nothing newer than Python 3.6 may stand in this file, or this would not be said.
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.stderr.write(
            "casefile %s needs Python 3.11 or newer; this is %s.\n" % (__version__, found)
        )
        return 2
    from casefile.cli import run

    return run(argv)


def run():
    """Run the command line that this process was started with, and exit."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
