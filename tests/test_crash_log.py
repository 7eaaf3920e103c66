"""The crash log: no word of what was read or typed."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from casefile import __main__, places
from casefile.places import Places, find_places
from casefile.state.crash_log import NAME, report_crash

UNTOLD = "the name of the informant"


@pytest.fixture
def own(tmp_path: Path) -> Places:
    """Return the places of a reader without any files."""
    return find_places(tmp_path / "home")


def crash() -> BaseException:
    """Return an exception whose messages and variables have confidential text."""
    typed = UNTOLD
    try:
        try:
            raise KeyError(typed)
        except KeyError as error:
            raise OSError(errno.ENOSPC, typed, f"/home/{typed}") from error
    except OSError as error:
        return error


def log_of(own: Places) -> str:
    """Return the content of the crash log."""
    assert own.state is not None
    return (own.state / NAME).read_text("utf-8")


def test_log_has_source_lines_and_no_text(own: Places) -> None:
    """The log has exception types, the cause first, and source lines; no message and no value."""
    said = "\n".join(report_crash(own, crash()))
    log = log_of(own)
    assert UNTOLD not in said + log
    assert log.index("KeyError") < log.index("OSError [ENOSPC]")
    assert "test_crash_log.py, line " in log
    assert "raise KeyError(typed)" in log
    assert str(Path(__file__).parent) not in log


def test_log_is_private_and_replaced(own: Places) -> None:
    """The log has mode 0600, and the next crash replaces it."""
    report_crash(own, crash())
    report_crash(own, ValueError(UNTOLD))
    assert own.state is not None
    assert stat.S_IMODE((own.state / NAME).stat().st_mode) == 0o600
    assert "KeyError" not in log_of(own)


def test_message_names_own_source_line(own: Places) -> None:
    """The message names the innermost source line of casefile in the traceback."""
    with pytest.raises(AttributeError) as raised:
        places.check_owners(None)  # type: ignore[arg-type]
    assert "AttributeError in casefile/places.py, line " in report_crash(own, raised.value)[0]


def test_unwritable_log_is_reported(tmp_path: Path) -> None:
    """If the log can't be written, the message says so."""
    assert (
        report_crash(Places(None, None, None), crash())[1] == "The crash log could not be written."
    )
    (tmp_path / "file").write_text("")
    nowhere = find_places(tmp_path / "file" / "below")
    assert report_crash(nowhere, crash())[1] == "The crash log could not be written."


def test_crash_of_command_exits_with_70(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A crash of any command is reported on stderr, without a traceback."""

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
