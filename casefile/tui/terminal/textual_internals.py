"""The internals of Textual that casefile relies on, recorded so that a test sees them change.

A newer Textual may change any of them without notice. `tests/test_textual_internals.py` compares
them with the fingerprints below, and finds uses that are missing here.
"""

from __future__ import annotations

import msgspec

CHECKED_AGAINST = "8.2.8"
"""The version of Textual that the uses were last checked against."""


class Internal(msgspec.Struct, frozen=True):
    """An internal class, function or attribute of Textual, and where it is used."""

    name: str
    used_in: str
    """The module, as a path in `casefile/tui`."""
    why: str
    fingerprint: str
    """A hash of its source, as `tests/test_textual_internals.py` computes it."""


INTERNALS = (
    Internal(
        "textual.filter.LineFilter",
        "app.py",
        "the only way to make all output inert; Textual advises against it",
        "989383b7e09a",
    ),
    Internal(
        "textual.document._document.Document",
        "note_text.py",
        "base class: a document that breaks lines only at line feeds",
        "b4bcbef302c2",
    ),
    Internal(
        "textual.document._document.Document._lines",
        "note_text.py",
        "holds the lines as written, while `lines` are drawn inert; read by `text`",
        "5871f803fa63",
    ),
    Internal(
        "textual.document._document.EditResult",
        "note_text.py",
        "returned by `edit` and `replace_range`",
        "4e3ee2eb22a8",
    ),
    Internal(
        "textual.document._document.Location",
        "note_text.py",
        "the type of positions in a document",
        "45231ff7551f",
    ),
    Internal(
        "textual.document._document_navigator.DocumentNavigator",
        "note_text.py",
        "made again for each document, as `_set_document` does",
        "c0835dbe70e6",
    ),
    Internal(
        "textual.document._edit.Edit",
        "note_text.py",
        "the argument of `edit`, which is overridden to repaint only the changed rows",
        "5081390805d1",
    ),
    Internal(
        "textual.document._wrapped_document.WrappedDocument",
        "note_text.py",
        "made again for each document, as `_set_document` does",
        "6f7940460260",
    ),
    Internal(
        "textual.widgets._text_area.TextArea._build_highlight_map",
        "note_text.py",
        "called as `_set_document` does",
        "08a9cc360a6c",
    ),
    Internal(
        "textual.widgets._text_area.TextArea._replace_via_keyboard",
        "note_text.py",
        "inserts typed and pasted text, as TextArea does",
        "68ca5b810d1a",
    ),
    Internal(
        "textual.widgets._text_area.TextArea._rewrap_and_refresh_virtual_size",
        "note_text.py",
        "called as `_set_document` does",
        "32725265da6e",
    ),
    Internal(
        "textual.widgets._text_area.TextArea._set_document",
        "note_text.py",
        "overridden: the editor holds a document class of its own",
        "3bea23d1becf",
    ),
    Internal(
        "textual.app.App._fatal_error",
        "terminal/crash_safe_app.py",
        "overridden: its report would print the values of variables",
        "2474616cec7f",
    ),
    Internal(
        "textual.app.App._handle_exception",
        "terminal/crash_safe_app.py",
        "overridden: a draft is saved before the application ends",
        "baea2e7f88e7",
    ),
    Internal(
        "textual.message_pump.MessagePump._close_messages_no_wait",
        "terminal/crash_safe_app.py",
        "ends the application after a fault, as `_fatal_error` and `panic` do",
        "f5db7e8fd40a",
    ),
    Internal(
        "textual._ansi_sequences.ANSI_SEQUENCES_KEYS",
        "terminal/key_sequences.py",
        "the table of escape sequences and their keys",
        "64b24772e7d9",
    ),
    Internal(
        "textual._keyboard_protocol.FUNCTIONAL_KEYS",
        "terminal/key_sequences.py",
        "the table of keys that the kitty protocol numbers",
        "0cb5cd5839c0",
    ),
    Internal(
        "textual._xterm_parser.XTermParser",
        "terminal/key_sequences.py",
        "parses mouse events",
        "fc1e32fb7a4a",
    ),
    Internal(
        "textual._xterm_parser.XTermParser._sequence_to_key_events",
        "terminal/key_sequences.py",
        "parses whole sequences of the kitty protocol and of older terminals",
        "00dfe99846ed",
    ),
    Internal(
        "textual.keys._character_to_key",
        "terminal/key_sequences.py",
        "the name of the key that types a character",
        "422e0a6af915",
    ),
    Internal(
        "textual.drivers.linux_driver.LinuxDriver",
        "terminal/terminal_driver.py",
        "base class: input and output threads are replaced, signal handlers installed over its own",
        "ec65992e0f98",
    ),
    Internal(
        "textual.drivers.linux_driver.LinuxDriver._key_thread",
        "terminal/terminal_driver.py",
        "waited for before a signal handler reads the rest of the input",
        "a24c53237e74",
    ),
    Internal(
        "textual.widgets._input.Input._position_to_cell",
        "inert_input.py",
        "overridden: the column of the cursor in the value as drawn",
        "13188cb52bbc",
    ),
    Internal(
        "textual.widgets._input.Input._value",
        "inert_input.py",
        "overridden: the value is drawn inert",
        "33f9515a42e7",
    ),
)
