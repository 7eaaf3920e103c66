"""Draw the screenshots of the README: screen.png, source.png and pass.png in this folder.

Run it in a checkout that is set up for the tests, after installing what only it needs:

    apt install fonts-dejavu    # DejaVu Sans Mono has every sign that casefile draws
    .venv/bin/python -m pip install resvg-py
    .venv/bin/python docs/pictures.py

With names (`docs/pictures.py pass`) it draws only those pictures.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import resvg_py

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests"
COURT_CASE = TESTS / "cases" / "court-chronology" / "vasch-warehouse-2019.toml"

# Textual and the tests' clock read these when they are imported.
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "COLORTERM"):
    os.environ.pop(name, None)
os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}
time.tzset()
sys.path.insert(0, str(TESTS))

from screens import Desk  # noqa: E402 (needs the path and the environment above)

from casefile.library import BUNDLED  # noqa: E402

SIZE = (100, 28)
"""The columns and rows of the terminal."""
FONT = "DejaVu Sans Mono"
FONT_FILES = [
    f"/usr/share/fonts/truetype/dejavu/DejaVuSansMono{style}.ttf"
    for style in ("", "-Bold", "-Oblique", "-BoldOblique")
]
WITH_BAR = re.compile(r'(<text [^>]*y=")([0-9.]+)("[^>]*>)([^<]*[│┃▌][^<]*)(</text>)')
"""A text with a vertical bar in Textual's SVG, and its vertical position."""


class Picture(msgspec.Struct, frozen=True):
    """A screenshot: the case that is open and the keys pressed before it is taken."""

    case: str | Path
    keys: tuple[str, ...]


PICTURES = {
    "screen": Picture(
        BUNDLED,
        (
            *("v", "c"),
            *("j", "v", "c", "t", *"press", "enter"),
            *("j", "v", "exclamation_mark"),
            *("j",) * 12,
            *("asterisk", "v", "c"),
            *("g", "j"),
        ),
    ),
    "source": Picture(COURT_CASE, ("4", "s")),
    "pass": Picture(
        COURT_CASE,
        ("V", *"cc", "exclamation_mark", *"cw", *"Two vans, not one.", "ctrl+s", *"ccc"),
    ),
}


async def draw_svg(picture: Picture) -> str:
    """Press the keys of a picture in the program and return its screen as SVG."""
    with TemporaryDirectory() as folder:
        async with Desk(Path(folder)).open(picture.case, size=SIZE) as reader:
            for key in picture.keys:
                await reader.press(key)
            return reader.app.export_screenshot(title="")


def to_png(svg: str) -> bytes:
    """Draw an SVG of Textual's in a font that has every sign, each of one cell."""
    svg = svg.replace("Fira Code", FONT)
    svg = WITH_BAR.sub(_lengthen_bars, svg)
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=FONT_FILES, font_family=FONT
    )
    return png


def _lengthen_bars(text: re.Match[str]) -> str:
    """Draw the bars of a text again a little lower: the font's are shorter than a row."""
    before, y, attributes, content, after = text.groups()
    bars = re.sub("[^│┃▌]", "\xa0", html.unescape(content))
    return f"{text[0]}{before}{float(y) + 1.5}{attributes}{bars}{after}"


def main(names: list[str]) -> None:
    """Draw the pictures with these names, or all of them."""
    missing = [path for path in FONT_FILES if not Path(path).exists()]
    if missing:
        sys.exit(f"{missing[0]} is missing: apt install fonts-dejavu")
    for name in names or PICTURES:
        svg = asyncio.run(draw_svg(PICTURES[name]))
        (HERE / f"{name}.png").write_bytes(to_png(svg))


if __name__ == "__main__":
    main(sys.argv[1:])
