"""Case files are only read; no network and no other program is used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_cases import events, write_case

WATCHED = """
import asyncio, json, os, subprocess, sys
from pathlib import Path

done = []
OUTWARD = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo",
           "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
           "pty.spawn", "webbrowser.open")
WRITING = ("os.rename", "os.remove", "os.link", "os.truncate", "os.chmod", "os.utime", "os.chown")
case = Path(sys.argv[1])


def watch(event, arguments):
    if event in OUTWARD:
        done.append(event)
    of_case = arguments and os.path.abspath(str(arguments[0])) == str(case)
    if event in WRITING and of_case:
        done.append(event)
    if event == "open" and of_case and (arguments[2] & 3 or set(arguments[1] or "") & set("wax+")):
        done.append("open for writing")


async def read():
    from casefile.config import Config
    from casefile.places import find_places
    from casefile.views.case_opener import CaseOpener
    from casefile.tui.app import CasefileApp

    room = CaseOpener(find_places(case.parent / "home"), Config(folders=(case.parent,)))
    async with CasefileApp(room, room.open(case)).run_test() as pilot:
        await pilot.press(*"jjkG2103", "enter", "tab", "s", "escape", "R", "slash", *"one", "enter")
        await pilot.press("f", *"two", "enter", "V", "q", "question_mark", "escape", "L", "escape")
        await pilot.press("a", *"a note", "ctrl+s", "v", "c", "y", "colon", "escape")
        await pilot.pause(0.2)


sys.addaudithook(watch)
if sys.argv[2:] == ["read"]:
    asyncio.run(read())
elif sys.argv[2:] == ["slip"]:
    subprocess.run(["true"])
    case.open("r+").close()
else:
    from casefile.cli.command_line import run

    run(sys.argv[2:])
sys.stderr.write("\\n" + json.dumps(done))
"""


def done_by(case: Path, *words: str) -> list[str]:
    """Return what a run did that it should not, seen from inside Python."""
    command = [sys.executable, "-c", WATCHED, str(case), *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=case.parent)
    done = json.loads(ended.stderr.splitlines()[-1])
    assert isinstance(done, list)
    return done


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    ["read", "show demo.toml", "check demo.toml --coverage", "diff demo.toml demo.toml", "list"],
)
def test_case_file_is_only_read(tmp_path: Path, words: str) -> None:
    """On the screen, keys and notes included, and by the verbs; content and time are unchanged."""
    case = write_case(tmp_path / "demo.toml", events("one", "two") + "x = 1\n")
    before = case.read_bytes(), case.stat().st_mtime_ns
    assert done_by(case, *words.split(" ")) == []
    assert (case.read_bytes(), case.stat().st_mtime_ns) == before


def test_forbidden_actions_are_detected(tmp_path: Path) -> None:
    """Running a program and opening a file for writing are noticed."""
    done = done_by(write_case(tmp_path / "demo.toml"), "slip")
    assert done[0] == "subprocess.Popen"
    assert done[-1] == "open for writing"
