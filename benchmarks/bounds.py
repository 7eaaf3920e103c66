"""What the worst files of some megabytes cost to open, to refuse, to check and to print.

python benchmarks/bounds.py [--size 8000000] [--do open check show note] [NAME…]

A line has, for each way to read a file, the seconds of processor time, the most memory as a
multiple of the size, the longest time for which no other thread could run, and the exit code. What
is beyond two seconds, ten times the size or a tenth of a second is marked. As a note a file has at
most 2 MB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import NamedTuple

_HEAD = 'format = "casefile/1"\n[case]\nid = "worst"\ntitle = "A worst case"\n'
_SOURCE = '[[source]]\nid = "s"\ntitle = "S"\n'
_EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'

Made = Callable[[int], str]
"""Gives a file of about so many bytes."""


def _rows(row: str, *, head: str = "") -> Made:
    """Give rows after one another, each with its number."""
    return lambda size: _HEAD + head + "".join(_several(row, size))


def _listed(key: str, item: str, *, head: str = _EVENT) -> Made:
    """Give one row with one key that holds a list of as many items as there is room for."""
    return lambda size: f"{_HEAD}{head}{key} = [{', '.join(_several(item, size, 2))}]\n"


def _several(pattern: str, size: int, more: int = 0) -> Iterator[str]:
    made = 0
    for number in count():
        if made >= size:
            return
        one = pattern.replace("%d", str(number)).replace("%p", str(max(0, number - 1)))
        made += len(one) + more
        yield one


def _long(before: str, piece: str, after: str) -> Made:
    return lambda size: f"{_HEAD}{before}{piece * (size // len(piece.encode()))}{after}"


WORST: Mapping[str, Made] = {
    "rows of events, sound": _rows('[[event]]\nid = "e%d"\ntitle = "E"\n'),
    "rows of parties with cites": _rows(
        '[[party]]\nid = "p%d"\nname = "P"\ntype = "Person"\ncites = "s, para 3"\n', head=_SOURCE
    ),
    "rows with all that is wrong": _rows(
        '[[event]]\nid = "E %d"\ntitel = 1\ndate = "x"\nby = 3\nstatus = "no"\n'
    ),
    "rows without anything": _rows("[[event]]\n"),
    "rows of one id": _rows('[[event]]\nid = "e"\ntitle = "E"\n'),
    "rows with a key unknown": _rows('[[event]]\nid = "e%d"\ntitle = "E"\nk%d = 1\n'),
    "rows with dates in words": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ndate = "early in May %d"\n'
    ),
    "rows of a chain of follows": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ndate = "2017"\nfollows = "e%p"\n'
    ),
    "rows of undated follows": _rows('[[event]]\nid = "e%d"\ntitle = "E"\nfollows = "e%p"\n'),
    "rows of parts of parts": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ndate = "2017"\npart_of = "e%p"\n'
    ),
    "rows of one free table": _rows('[[t]]\nid = "e%d"\nx = 1\n'),
    "tables of one row": _rows('[[t%d]]\nid = "e%d"\n'),
    "tables alone": _rows("[t%d]\na = 1\n"),
    "keys at the top": lambda size: (
        'format = "casefile/1"\n'
        + "".join(_several("k%d = 1\n", size))
        + _HEAD.removeprefix('format = "casefile/1"\n')
    ),
    "keys in one row": _rows("k%d = 1\n", head=_EVENT),
    "keys in one table inside a row": _rows("k%d = 1\n", head=f"{_EVENT}[event.own]\n"),
    "acceptances": _rows('"unsourced e%d" = "so"\n', head="[case.accept]\n"),
    "acceptances of nothing": _rows('"x%d" = ""\n', head="[case.accept]\n"),
    "references that dangle": _listed("involved", '"e%d"'),
    "references of one letter that dangle": _listed("involved", '"a"'),
    "references to itself": _listed("involved", '"e"'),
    "rows of references that dangle": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ninvolved = ["a", "b", "c", "d"]\n'
    ),
    "rows as costly as they may be": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ndate = "2017"\nfollows = "e%p"\n'
        'cites = ["s", "s", "s"]\ninvolved = ["e%d", "e%p"]\n',
        head=_SOURCE,
    ),
    "parties that do something": _listed("involved", '{ party = "p", role = "r%d" }'),
    "aliases": _listed(
        "aliases", '"a%d"', head='[[party]]\nid = "p"\nname = "P"\ntype = "Person"\n'
    ),
    "tags": _listed("tags", '"t%d"'),
    "tags that are numbers": _listed("tags", "%d"),
    "cites": _listed("cites", '"s, para %d"', head=_SOURCE + _EVENT),
    "cites of nothing": _listed("cites", '"x"'),
    "cites that are numbers": _listed("cites", "1"),
    "cites of keys unknown": _listed("cites", "{ x = 1 }", head=_SOURCE + _EVENT),
    "cites of a field unknown": _listed(
        "cites", '{ source = "s", field = "x%d" }', head=_SOURCE + _EVENT
    ),
    "amounts": _listed("amounts", '{ value = %d, unit = "kg" }'),
    "amounts of two units": _listed("amounts", '{ value = %d, unit = "u%d", type = "t%d" }'),
    "amounts that are wrong": _listed("amounts", '{ qualifier = "between" }'),
    "amounts without anything": _listed("amounts", "{}"),
    "contradicting one another": _rows(
        '[[event]]\nid = "e%d"\ntitle = "E"\ncontradicts = ["e%p"]\n'
    ),
    "issues above one another": _rows(
        '[[issue]]\nid = "e%d"\ntitle = "E"\nparent = "e%p"\n', head=""
    ),
    "one statement": _long(
        '[[claim]]\nid = "c"\nstatement = "', "It was said that it was so. ", '"\n'
    ),
    "one word": _long('[[claim]]\nid = "c"\nstatement = "', "x", '"\n'),
    "one word of other letters": _long('[[claim]]\nid = "c"\nstatement = "', "é", '"\n'),
    "one word that can't be seen": _long('[[claim]]\nid = "c"\nstatement = "', "\u200b", '"\n'),
    "one text of short lines": _long(f'{_EVENT}text = """\n', "x\n", '"""\n'),
    "one text of empty lines": _long(f'{_EVENT}text = """\n', "\n", '"""\n'),
    "one key unknown": _long(f"{_EVENT}", "x", " = 1\n"),
    "one id": _long('[[event]]\ntitle = "E"\nid = "', "x", '"\n'),
    "one date": _long(f'{_EVENT}date = "', "2", '"\n'),
    "one date of many ends": _long(f'{_EVENT}date = "[', "2017..2018,", '2019]"\n'),
    "one place of a cite": _long(f'{_SOURCE}{_EVENT}cites = "s, ', "para 1-", '"\n'),
    "one comment": _long("#", "x", "\n"),
    "empty lines": _long("", "\n", ""),
    "nothing but brackets": _long(f"{_EVENT}x = ", "[", "\n"),
    "a list of numbers": _long(f"{_EVENT}x = [", "1,", "]\n"),
    "a list of tables": _long(f"{_EVENT}x = [", "{},", "]\n"),
    "a list of lists": _long(f"{_EVENT}x = [", "[],", "]\n"),
    "tables that stand whole": lambda size: (
        _HEAD + "event = [" + ",\n".join(_several('{ id = "e%d", title = "E" }', size)) + "]\n"
    ),
    "syntax that is wrong in each row": _rows("[[event]]\nid = \n"),
    "a string that never ends": _long(f'{_EVENT}text = """', "x\n", ""),
    "bytes of no text": _long("", "\x00", ""),
    "keys of 900 parts": _rows("y%d" + ".a" * 900 + " = 1\n"),
    "quoted keys of 900 parts": _rows("y%d" + " . 'a.b'" * 900 + " = 1\n"),
    "keys of 32 parts": _rows("y%d" + ".a" * 31 + " = []\n"),
    "headers of 900 parts": _rows("[y%d" + ".a" * 900 + "]\n"),
    "headers of 32 parts": _rows("[y%d" + ".a" * 31 + "]\n"),
    "rows with keys of 32 parts": _rows('[[event]]\nid = "e%d"\nx' + ".a" * 30 + " = []\n"),
    "keys under a header of 900 parts": _rows("k%d = 1\n", head=f"[y{'.a' * 900}]\n"),
    "keys that are empty lists": _rows("k%d = []\n"),
    "a number of many digits": _long(f"{_EVENT}x = 0x", "f", "\n"),
    "a fraction of many digits": _long(f"{_EVENT}x = 0.", "9", "\n"),
    "numbers of 900 digits": _rows("k%d = 0." + "9" * 900 + "\n"),
    "lists 300 deep": _rows("k%d = " + "[" * 300 + "]" * 300 + "\n"),
    "one text of escapes": _long(f'{_EVENT}text = "', "\\n", '"\n'),
    "rows with texts of escapes": _rows(
        '[[event]]\nid = "e%d"\ntitle = "' + "\\u00e9" * 50_000 + '"\n'
    ),
    "strings that never end": _long("", '\\"""\n', ""),
    "comments": _long("", "#\n", ""),
}
"""By name the files that cost most for their size; each is made only when it is asked for."""

_WAYS = ("open", "check", "show", "note")
_LARGEST_NOTE = 2_000_000
# Processor time: a busy machine makes no gaps in it.
_WATCH = (
    "import threading, time\n"
    "gaps = [0.0]\n"
    "def watch():\n"
    "    last = time.process_time()\n"
    "    while True:\n"
    "        time.sleep(0.001)\n"
    "        now = time.process_time()\n"
    "        gaps.append(max(gaps.pop(), now - last))\n"
    "        last = now\n"
    "threading.Thread(target=watch, daemon=True).start()\n"
    "time.sleep(0.01)\n"
)
_WATCHED = "time.sleep(0.01)\nprint(gaps[0], file=sys.stderr)\n"
_OPENING = (
    "import sys\nfrom pathlib import Path\nimport gc; gc.disable()\n"
    "from casefile.places import find_places\nfrom casefile.config import Config\n"
    "from casefile.views.case_opener import CaseOpener, NoCase\n"
    "from casefile.views.case_panes import panes_of\n"
    "from casefile.views.entry_page import page_of_entry\n"
    "room = CaseOpener(find_places(Path(sys.argv[2])), Config(recent=False))\n"
    "try:\n    case = room.open(Path(sys.argv[1]))\n"
    "except NoCase as refused:\n    print(len(refused.problems))\n"
    "else:\n    panes_of(case)\n    print(len(case.problems))\n"
)
_VERB = (
    "import sys\nfrom casefile.__main__ import main\n"
    "code = main(sys.argv[1:])\nsys.stdout.flush()\n"
)
_NOTE = (
    "import sys\nfrom pathlib import Path\n"
    "from casefile.notes.annotation import NoteUnreadable, decode\n"
    "try:\n    decode(Path(sys.argv[1]).read_bytes())\n"
    "except NoteUnreadable as error:\n    print(str(error)[:80])\n"
)


class Cost(NamedTuple):
    """What a process took."""

    code: int
    seconds: float
    kilobytes: int
    printed: int
    held: float
    """The longest time for which the interpreter was held."""


def _cost(do: str, path: Path, home: Path, most: float) -> Cost:
    if do == "open":
        script, words = _OPENING, [str(path), str(home)]
    elif do == "note":
        script, words = _NOTE, [str(path)]
    elif do == "bare":
        script = "import sys, casefile.cli.check, casefile.cli.show, casefile.views.entry_page\n"
        words = []
    else:
        script, words = _VERB, [do, "--notes-dir", str(home), str(path)]
    end = "sys.exit(code)\n" if script == _VERB else ""
    words = ["-c", f"{_WATCH}{script}{_WATCHED}{end}", *words]
    measured = (
        "import resource, subprocess, sys\n"
        "out = subprocess.run([sys.executable, *sys.argv[2:]], capture_output=True,"
        " timeout=float(sys.argv[1]))\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "printed = len(out.stdout) + len(out.stderr)\n"
        "held = out.stderr.split()[-1].decode()\n"
        "print(out.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss, printed, held)\n"
    )
    line = [sys.executable, "-c", measured, str(most), *words]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        return Cost(-1, most, 0, 0, most)
    code, seconds, kilobytes, printed, held = done.stdout.split()
    return Cost(int(code), float(seconds), int(kilobytes), int(printed), float(held))


def main() -> None:
    """Print a line for each file: its size, and what each way to take it costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[*WORST])
    parser.add_argument("--size", type=int, default=8_000_000)
    parser.add_argument("--most", type=float, default=60)
    parser.add_argument("--do", nargs="+", choices=_WAYS, default=_WAYS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, path = Path(folder) / "home", Path(folder) / "worst.toml"
        bare = _cost("bare", path, home, 60)
        print(f"| {'file':40} | MB   |" + "".join(f" {do:42} |" for do in arguments.do))
        for name in arguments.names:
            text = WORST[name](arguments.size)
            line = f"| {name:40} | {len(text.encode()) / 1e6:4.1f} |"
            for do in arguments.do:
                if do == "note":
                    text = WORST[name](min(arguments.size, _LARGEST_NOTE))
                path.write_text(text, encoding="utf-8")
                size = path.stat().st_size
                cost = _cost(do, path, home, arguments.most)
                seconds = cost.seconds - bare.seconds
                room = (cost.kilobytes - bare.kilobytes) * 1024 / size
                held = cost.held * 1000
                wrong = "!" if seconds > 2 or room > 10 or held > 100 else " "
                words = f"{seconds:6.2f} s {room:6.1f} × {held:6.0f} ms"
                words += f" {cost.printed / 1e6:7.2f} MB ({cost.code})"
                line += f" {wrong}{words:41} |"
            print(line, flush=True)


if __name__ == "__main__":
    main()
