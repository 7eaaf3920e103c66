"""`casefile note add CASE ENTRY`: add a note from standard input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from casefile.cli.named_case import named_note, open_named_case, require_entry
from casefile.cli.standard_input import read_standard_input
from casefile.console import (
    FINDINGS,
    FINE,
    CommandError,
    OutputFailed,
    forget_output,
    print_errors,
    print_lines,
)
from casefile.notes.annotation import Revision, SaveError
from casefile.notes.checks import VERDICTS, remark_kept
from casefile.notes.external_edit import DRAFT_LIMIT
from casefile.notes.next_revision import joined_text
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile note add`."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("entry", metavar="ENTRY", help="the id of one entry")
    parser.add_argument("--tag", action="append", type=_tag, metavar="TAG", help="may be repeated")
    parser.add_argument(
        "--private", action="store_true", help="print and pack this note only with --private"
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--check", choices=VERDICTS, help="your verdict; the text may be empty")
    kinds.add_argument("--star", action="store_true", help="a star; the text may be empty")
    kinds.add_argument("--reply-to", metavar="ID", help="the note that this one replies to")


def run(arguments: Namespace) -> int:
    """Add the note, and print its id."""
    open_case, _places = open_named_case(arguments)
    require_entry(arguments.entry, open_case.case_file.entries)
    if arguments.check and arguments.entry not in open_case.checkable:
        raise CommandError(
            f"“{arguments.entry}” can't be checked; it is what others are checked against."
        )
    if reason := open_case.notebook.write_problem:
        raise CommandError(f"Not kept: {reason}", code=FINDINGS)
    to = arguments.reply_to
    reply_to = None if to is None else named_note(open_case.notebook, to)
    body = _text()
    # Other terminals may have gone on with the notes while the text was typed.
    open_case.notebook.refresh(thorough=True)
    if not body.strip() and not (arguments.check or arguments.star):
        raise CommandError("The note has no text; write it to standard input.")
    try:
        kept = _keep(open_case, arguments, body, reply_to)
    except SaveError as error:
        raise CommandError(f"Not kept: {error.reason}", code=FINDINGS) from None
    if warning := open_case.notebook.clock_warning:
        print_errors([f"Kept. {warning}."], FINE)
    try:
        print_lines([kept.id])
    except OutputFailed as error:
        # Without this message the note might be added a second time.
        forget_output()
        return print_errors([f"Kept as {kept.id}, which can't be printed: {error}"], FINDINGS)
    return FINE


def _keep(open_case: OpenCase, arguments: Namespace, body: str, reply_to: str | None) -> Revision:
    notebook, entry = open_case.notebook, arguments.entry
    if reply_to and not notebook.note(reply_to):
        raise SaveError("the note that it answers is no longer there")
    target = note_target(open_case, entry, open_case.title(entry))
    motivation = _motivation(arguments)
    # An author has one check and one star for each entry; another revises it.
    own = notebook.own(entry, motivation) if arguments.check or arguments.star else None
    if own is None:
        return notebook.keep_new(
            entry,
            body,
            target,
            motivation=motivation,
            value=arguments.check,
            tags=arguments.tag or (),
            private=arguments.private,
            reply_to=reply_to,
        )
    kept, replaced = remark_kept(own, arguments.check) if arguments.check else joined_text(own)
    # Nobody has seen the texts of a conflict here, so that they are not replaced.
    text = "\n\n".join(filter(None, (kept, body))) if own.conflict else body or kept
    return notebook.keep_edit(
        own.id,
        text,
        target,
        parents=replaced,
        entry=entry,
        value=arguments.check,
        tags=arguments.tag,
        private=arguments.private or None,
    )


def _motivation(arguments: Namespace) -> str:
    if arguments.check:
        return "assessing"
    if arguments.star:
        return "bookmarking"
    return "replying" if arguments.reply_to else "commenting"


def _text() -> str:
    """Return standard input without the line break at its end; raises CommandError."""
    if sys.stdin is not None and sys.stdin.isatty():
        print_errors(["Write the note; Ctrl-D on a line of its own ends it."], FINE)
    data = read_standard_input(DRAFT_LIMIT, f"is larger than the limit of {DRAFT_LIMIT:,} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise CommandError("Standard input is not UTF-8 text.") from None
    return text.removesuffix("\n").removesuffix("\r")


def _tag(words: str) -> str:
    tag = words.strip()
    if not tag or len(tag.splitlines()) > 1:
        raise ArgumentTypeError("a tag is a word or a few, on one line")
    return tag
