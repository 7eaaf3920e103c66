"""`casefile schema`: print the JSON Schema of case files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from casefile.authoring.json_schema import case_file_schema
from casefile.console import FINE, print_json


def add_arguments(_parser: ArgumentParser) -> None:
    """Add no arguments."""


def run(_arguments: Namespace) -> int:
    """Print the schema as JSON."""
    print_json(case_file_schema())
    return FINE
