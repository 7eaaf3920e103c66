"""`casefile new FILE`: a starting point for a case of one's own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from shlex import quote

from casefile.authoring.starting_point import starting_point
from casefile.cli.named_id import id_of_case
from casefile.console import FINE, STREAM, Refused, say, speak_utf8
from casefile.files import why, write_document


def add_arguments(parser: ArgumentParser) -> None:
    """Take the name of the file that is to be written."""
    parser.add_argument("file", metavar="FILE", help="a new file, or - for standard output")
    parser.add_argument("--id", metavar="ID", help="of the case; else made of the file's name")


def run(arguments: Namespace) -> int:
    """Write the file, which must not be there yet, and say what to do next."""
    text = starting_point(id_of_case(arguments.file, arguments.id))
    if arguments.file == STREAM:
        speak_utf8()
        say(text.splitlines())
        return FINE
    _write(Path(arguments.file), text)
    name = quote(arguments.file)
    say(
        (
            f"{arguments.file} is a small case to write over.",
            f"Check it:  casefile check {name}",
            f"Open it:   casefile {name}",
        )
    )
    return FINE


def _write(path: Path, text: str) -> None:
    try:
        write_document(path, text.encode("utf-8"))
    except FileExistsError:
        raise Refused(
            f"{path} is there already and was left as it is; give another name."
        ) from None
    except FileNotFoundError:
        raise Refused(
            f"There is no folder {path.parent}; make it first, or name another."
        ) from None
    except OSError as error:
        raise Refused(f"{path} was not written: {why(error)}.") from None
