"""`casefile schema`: print the JSON Schema of case files."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from casefile.authoring.json_schema import case_file_schema
from casefile.console import FINE, print_lines


def add_arguments(_parser: ArgumentParser) -> None:
    """Add no arguments."""


def run(_arguments: Namespace) -> int:
    """Print the schema as JSON in ASCII, which every encoding can hold."""
    print_lines(json.dumps(case_file_schema(), indent=2).splitlines())
    return FINE
