"""A fault of ours is told and logged without a word of what was read or typed."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from casefile import __main__, places
from casefile.places import Places, find_places
from casefile.state.crash_log import NAME, told

UNTOLD = "the name of the informant"


@pytest.fixture
def own(tmp_path: Path) -> Places:
    """Give the places of a reader with nothing in them."""
    return find_places(tmp_path / "home")


def fault() -> BaseException:
    """Give a fault whose messages and variables have what must not be told."""
    typed = UNTOLD
    try:
        try:
            raise KeyError(typed)
        except KeyError as error:
            raise OSError(errno.ENOSPC, typed, f"/home/{typed}") from error
    except OSError as error:
        return error


def log_of(own: Places) -> str:
    """Give the log that was kept."""
    assert own.state is not None
    return (own.state / NAME).read_text("utf-8")


def test_a_log_has_the_places_and_no_words(own: Places) -> None:
    """Kinds of exceptions, the cause first, and lines of the source; no message, no value."""
    said = "\n".join(told(own, fault()))
    log = log_of(own)
    assert UNTOLD not in said + log
    assert log.index("KeyError") < log.index("OSError [ENOSPC]")
    assert "test_crash_log.py, line " in log
    assert "raise KeyError(typed)" in log
    assert str(Path(__file__).parent) not in log


def test_a_log_is_private_and_the_last_one_stands(own: Places) -> None:
    """It has mode 0600, as all that is kept; a second fault takes its place."""
    told(own, fault())
    told(own, ValueError(UNTOLD))
    assert own.state is not None
    assert stat.S_IMODE((own.state / NAME).stat().st_mode) == 0o600
    assert "KeyError" not in log_of(own)


def test_our_own_place_is_named(own: Places) -> None:
    """Of all the lines that a fault went through, the last one of this program is told."""
    with pytest.raises(AttributeError) as raised:
        places.refuse_foreign(None)  # type: ignore[arg-type]
    assert "AttributeError in casefile/places.py, line " in told(own, raised.value)[0]


def test_a_log_that_cannot_be_kept(tmp_path: Path) -> None:
    """Without a place for it there is no log, and this is said."""
    assert told(Places(None, None, None), fault())[1] == "The crash log could not be written."
    (tmp_path / "file").write_text("")
    nowhere = find_places(tmp_path / "file" / "below")
    assert told(nowhere, fault())[1] == "The crash log could not be written."


def test_a_verb_that_fails_ends_with_70(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault in any verb is told on standard error, and is no traceback."""

    def fails(*_: object) -> None:
        raise ValueError(UNTOLD)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("casefile.cli.where.run", fails)
    assert __main__.main(["where"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("casefile crashed because of a bug: ValueError in casefile/")
    assert err.endswith(f"is {tmp_path}/casefile/{NAME}\n")
    assert UNTOLD not in err + (tmp_path / "casefile" / NAME).read_text("utf-8")
