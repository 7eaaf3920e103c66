"""`casefile [CASE]`: open a case on the screen."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, Namespace

from casefile.console import FINE, Refused


def add_arguments(parser: ArgumentParser) -> None:
    """Take a case, and how it is shown."""
    parser.add_argument("--no-mouse", action="store_true", help="leave it to the terminal")
    parser.add_argument("--theme", metavar="NAME", help="wear a theme, such as textual-light")
    parser.add_argument("case", nargs="?", metavar="CASE")


def run(arguments: Namespace) -> int:
    """Open the case and let it be read until the reader quits."""
    refuse_what_draws_no_screen()
    # Collecting garbage while everything is being made finds none and costs a tenth of the start;
    # the application turns it on again once it is on the screen.
    gc.disable()
    from casefile.verbs.named_case import open_named_case

    open_case, places = open_named_case(arguments)
    # Textual costs 150 ms to import, which no verb without a screen should pay.
    from casefile.notes.drafts import DraftFolder
    from casefile.tui.app import CasefileApp

    app = CasefileApp(open_case, DraftFolder(places, open_case.case_file.case.id))
    if arguments.theme is not None:
        if arguments.theme not in app.available_themes:
            known = ", ".join(sorted(app.available_themes))
            raise Refused(f"There is no theme {arguments.theme}, but {known}.")
        app.theme = arguments.theme
    app.run(mouse=not arguments.no_mouse)
    return app.return_code or FINE


def refuse_what_draws_no_screen() -> None:
    """Raise Refused where no screen can be drawn, and name what works without one."""
    instead = "`casefile show CASE` prints a case without a screen."
    # A stream that was closed before the start is None.
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise Refused(f"This is no terminal. {instead}")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise Refused(f"TERM says that this terminal can't draw a screen. {instead}")
