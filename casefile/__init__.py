"""casefile: read, verify and annotate a case file in the terminal."""

# The part of the module signal that needs no other: these take 4 ms, in which an interrupt would
# print a traceback.
import _signal as signal  # type: ignore[import-not-found]

__version__ = "0.1.0"

OLDEST_PYTHON = (3, 11)


# The annotations are strings because importing typing takes as long as printing the version.
def too_old(version: "tuple[int, ...]") -> "str | None":
    """Return the message that a Python of this version is too old, or None if it is not."""
    # Nothing here may be newer than Python 3.6, or this message would never be printed.
    if version[:2] >= OLDEST_PYTHON:
        return None
    return "casefile needs Python %d.%d or newer; this is %d.%d." % (OLDEST_PYTHON + version[:2])


def end_at_interrupt() -> None:
    """Let SIGINT end this process at once and silently, unless it is ignored."""
    # Python's own handler raises KeyboardInterrupt wherever the program is. Parsers written in C
    # don't expect that: some crash.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
