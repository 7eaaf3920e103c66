"""Measure a key in cases and notes of long texts, as a ratio to the same key in the bundled case.

What is laid out in the background while a key is handled counts too.

Run: python benchmarks/long_texts.py
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from textual.events import Paste

TOP = Path(__file__).parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tests")]

from screens import Desk, Reader  # noqa: E402 -- in the folder of tests

ROUNDS = 5
WORDS, WIDE, MARKS = "lorem ipsum dolor ", "漢字仮名", "e\u0301\u0302"
LIST_KEYS = ("j", "k", "pagedown", "pageup", "2", "1")
NOTE_KEYS = ("x", "left", "up", "backspace")


def event(number: int, title: str, text: str = "") -> str:
    """Return an event as a row of a case file."""
    return f'[[event]]\nid = "e{number}"\ntitle = "{title}"\ndate = "2020"\ntext = "{text}"\n'


def of_length(part: str, length: int) -> str:
    """Return a part many times over, in so many bytes."""
    return part * (length // len(part.encode()))


def cases() -> dict[str, str]:
    """Return the rows of each case."""
    parties = "".join(
        f'[[party]]\nid = "p{n}"\nname = "{of_length(WORDS, 20_000)}"\ntype = "Person"\n'
        for n in range(2000)
    )
    doers = ", ".join(f'"p{n}"' for n in range(2000))
    return {
        "1,000 titles of 45 kB": "".join(event(n, of_length(WORDS, 45_000)) for n in range(1000)),
        "1,000 wide titles of 45 kB": "".join(
            event(n, of_length(WIDE, 45_000)) for n in range(1000)
        ),
        "10 titles of 7.5 MB": "".join(event(n, of_length("x", 7_500_000)) for n in range(10)),
        "10 texts of 7.5 MB": "".join(
            event(n, "A", of_length(WORDS, 7_500_000)) for n in range(10)
        ),
        "10 texts of marks": "".join(event(n, "A", of_length(MARKS, 7_500_000)) for n in range(10)),
        "2,000 links of one entry": f"{parties}{event(1, 'A')}by = [{doers}]\n",
    }


def notes() -> dict[str, str]:
    """Return the texts of notes, each of two megabytes."""
    size = 2_000_000
    return {
        "one line": of_length(WORDS, size),
        "one word": of_length("x", size),
        "one line of wide characters": of_length(WIDE, size),
        "one line of marks": of_length(MARKS, size),
        "100,000 lines": of_length("twenty letters here\n", size),
    }


async def seconds_of(reader: Reader, keys: Sequence[str]) -> list[float]:
    """Return the processor time of each key, the least of some rounds."""
    times: list[list[float]] = []
    for _ in range(ROUNDS):
        times.append([])
        for key in keys:
            begun = time.process_time()
            await reader.press(key)
            times[-1].append(time.process_time() - begun)
    return [min(several) for several in zip(*times, strict=True)]


async def measure() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        async with desk.open() as reader:
            usual = await seconds_of(reader, LIST_KEYS)
            await reader.press("a", *"A short note.")
            usual_typed = await seconds_of(reader, NOTE_KEYS)
        print_row("case", LIST_KEYS)
        for name, rows in cases().items():
            async with desk.open(desk.write_case(rows)) as reader:
                await reader.wait(1)
                print_ratios(name, await seconds_of(reader, LIST_KEYS), usual)
        print_row("note", NOTE_KEYS)
        for name, text in notes().items():
            async with desk.open(desk.write_case("")) as reader:
                await reader.press("a")
                reader.app.post_message(Paste(text))
                await reader.settle()
                print_ratios(name, await seconds_of(reader, NOTE_KEYS), usual_typed)
                reader.screen.desks.writing.save_note()


def print_ratios(name: str, seconds: Sequence[float], usual: Sequence[float]) -> None:
    """Print the time of each key as a multiple of the usual one."""
    print_row(name, [f"{now / then:.1f}" for now, then in zip(seconds, usual, strict=True)])


def print_row(name: str, cells: Sequence[str]) -> None:
    """Print a row of a table."""
    print(f"{name:30}", *(f"{cell:>10}" for cell in cells))


if __name__ == "__main__":
    asyncio.run(measure())
