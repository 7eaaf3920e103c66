"""What is kept of a fault of ours: where it is in the source, and no word of the reader's.

The message of an exception and the values of variables may hold what was being read or typed. The
log may be sent to somebody else: it has the kinds of the exceptions and the lines of the source.
"""

from __future__ import annotations

import datetime as dt
import errno
import platform
import traceback
from collections.abc import Iterator
from pathlib import Path

from casefile import __version__
from casefile.places import Places, without_home
from casefile.state import store

NAME = "crash.log"
_PACKAGE = Path(__file__).parent.parent
_MOST_FRAMES = 60
_LIBRARIES = "site-packages"


def keep_crash_log(places: Places, error: BaseException) -> Path | None:
    """Keep the log of a fault in place of the last one, mode 0600; None where it can't be kept."""
    data = "".join(f"{line}\n" for line in _lines(error)).encode(errors="backslashreplace")
    if places.state is None or not store.write(places, NAME, data):
        return None
    return places.state / NAME


def told(places: Places, error: BaseException) -> list[str]:
    """Keep the log of a fault, and give what the reader is told of it."""
    place = _place(traceback.extract_tb(error.__traceback__))
    said = f"casefile has failed, by a fault of its own: {_kind(error)} in {place}."
    log = keep_crash_log(places, error)
    if log is None:
        return [said, "The details could not be kept."]
    return [said, f"The details, without a word of yours, are in {without_home(log)}"]


def _lines(error: BaseException) -> Iterator[str]:
    yield f"casefile {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for one in _chain(error):
        yield ""
        for frame in traceback.extract_tb(one.__traceback__, limit=-_MOST_FRAMES):
            yield f"  {_source(frame)}, in {frame.name}"
            if frame.line:
                yield f"    {frame.line}"
        yield _kind(one)


def _chain(error: BaseException) -> list[BaseException]:
    """Give an exception and those that led to it, the first one first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.insert(0, one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain


def _kind(error: BaseException) -> str:
    """Give the kind of an exception; of a failed call to the system also its reason."""
    name = type(error).__qualname__
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"{name} [{code}]" if code else name


def _place(frames: traceback.StackSummary) -> str:
    """Give the last line of our own source that a fault went through."""
    ours = [frame for frame in frames if _is_ours(frame)]
    return _source(ours[-1]) if ours else "an unknown place"


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(_PACKAGE)


def _source(frame: traceback.FrameSummary) -> str:
    """Give a line of the source as `casefile/tui/app.py, line 7`, without whose home it is in."""
    path = Path(frame.filename)
    if _is_ours(frame):
        path = path.relative_to(_PACKAGE.parent)
    elif _LIBRARIES in path.parts:
        after = len(path.parts) - path.parts[::-1].index(_LIBRARIES)
        path = Path(*path.parts[after:])
    else:
        path = Path(path.name)
    return f"{path}, line {frame.lineno}"
