"""`casefile schema`: the schema of case files, for editors and linters."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from casefile.authoring.json_schema import case_file_schema
from casefile.console import FINE, say


def add_arguments(_parser: ArgumentParser) -> None:
    """Take nothing."""


def run(_arguments: Namespace) -> int:
    """Print it as JSON, in ASCII, so that it arrives whole in any locale."""
    say(json.dumps(case_file_schema(), indent=2).splitlines())
    return FINE
