"""`casefile new FILE`: write a commented example to start a case file from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from casefile.authoring.case_template import new_case_text
from casefile.authoring.new_ids import slugify
from casefile.cli.new_document import write_new_document
from casefile.cli.parser import nonempty
from casefile.console import FINE, STREAM, CommandError, print_lines, speak_utf8
from casefile.text.ids import RULE, is_id
from casefile.text.shell_words import shell_word

_ID_FOR_STREAM = "my-case"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile new`."""
    parser.add_argument(
        "file", type=nonempty, metavar="FILE", help="a new file, or - for standard output"
    )
    parser.add_argument("--id", metavar="ID", help="id of the case; by default made from FILE")


def run(arguments: Namespace) -> int:
    """Write the file, which must not exist yet, and say what to do next."""
    text = new_case_text(id_of_new_case(arguments.file, arguments.id))
    if arguments.file == STREAM:
        speak_utf8()
        print_lines(text.splitlines())
        return FINE
    write_new_document(arguments.file, text.encode())
    name = shell_word(arguments.file)
    print_lines(
        (
            f"{arguments.file} is a small example case to write over.",
            f"Check it:  casefile check {name}",
            f"Open it:   casefile {name}",
        )
    )
    return FINE


def id_of_new_case(file: str, given: str | None) -> str:
    """Return the given id, or one made from the name of the file; raises CommandError."""
    if given is not None and not is_id(given):
        raise CommandError(f"“{given}” is not a valid id; {RULE}.")
    stem = Path(file).stem
    case_id = given or (_ID_FOR_STREAM if file == STREAM else slugify(stem))
    if not case_id:
        raise CommandError(f"No id can be made from the name “{stem}”; give one with --id ID.")
    return case_id
