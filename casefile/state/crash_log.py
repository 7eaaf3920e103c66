"""The log of a crash: exception types and source lines, without the reader's text.

The log has neither exception messages nor values of variables, which may hold what was read or
typed, so that it can be sent to somebody else.
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
_MAX_FRAMES = 60
_LIBRARIES = "site-packages"


def report_crash(places: Places, error: BaseException) -> list[str]:
    """Replace the crash log and return the lines of a message for the reader."""
    own = [_source(one) for one in traceback.extract_tb(error.__traceback__) if _is_own(one)]
    place = own[-1] if own else "an unknown place"
    what = f"casefile crashed because of a bug: {_type_name(error)} in {place}."
    data = "".join(f"{line}\n" for line in _lines(error)).encode(errors="backslashreplace")
    if places.state is None or not store.write(places, NAME, data):
        return [what, "The crash log could not be written."]
    log = without_home(places.state / NAME)
    return [what, f"The crash log, with none of your text, is {log}"]


def _lines(error: BaseException) -> Iterator[str]:
    yield f"casefile {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for one in _chain(error):
        yield ""
        for frame in traceback.extract_tb(one.__traceback__, limit=-_MAX_FRAMES):
            yield f"  {_source(frame)}, in {frame.name}"
            if frame.line:
                yield f"    {frame.line}"
        yield _type_name(one)


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and its causes and contexts, the first one raised first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.insert(0, one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain


def _type_name(error: BaseException) -> str:
    """Return the name of an exception's type, for an OSError with the name of its errno."""
    name = type(error).__qualname__
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"{name} [{code}]" if code else name


def _is_own(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(_PACKAGE)


def _source(frame: traceback.FrameSummary) -> str:
    """Return a source line as `casefile/tui/app.py, line 7`, without the directories above."""
    path = Path(frame.filename)
    if _is_own(frame):
        path = path.relative_to(_PACKAGE.parent)
    elif _LIBRARIES in path.parts:
        after = len(path.parts) - path.parts[::-1].index(_LIBRARIES)
        path = Path(*path.parts[after:])
    else:
        path = Path(path.name)
    return f"{path}, line {frame.lineno}"
