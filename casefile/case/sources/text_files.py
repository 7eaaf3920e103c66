"""The texts of sources on disk: the one beside the case file, else a copy of the reader's own.

The text that the case brings comes first: everybody who opens the case reads that one, and what
their notes remember of it is the same. A copy of the reader's own serves where the case names no
file or that can't be read. It is kept as `<source id>.txt`, whatever it was called before.
"""

from __future__ import annotations

import codecs
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from casefile import files
from casefile.case.model import CaseFile, Source
from casefile.limits import TEXT_LINES, TEXT_SIZE
from casefile.places import NoPlace, Places, refuse_foreign
from casefile.text.ids import is_id

if TYPE_CHECKING:
    from casefile.case.sources.source_text import SourceText

Why: TypeAlias = Literal["not-named", "not-there", "outside", "too-large", "no-text", "unreadable"]

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_PDF_WITHIN = 1024
"""A reader of PDF looks for the mark in as many bytes."""


class NoText(Exception):
    """There is no text of a source: why, in a word that stays the same, and in plain words."""

    def __init__(self, why: Why, what: str) -> None:
        super().__init__(what)
        self.why = why
        self.what = what


class TextAtHand(msgspec.Struct, frozen=True):
    """The text of a source, and where it is from."""

    text: SourceText
    path: Path
    is_own: bool
    """Whether it is the reader's own copy."""
    sha256: str
    """Of its bytes, in hexadecimal digits."""
    is_as_recorded: bool | None
    """Whether that is the `sha256` of the source; None where the case gives none."""
    passed_over: NoText | None = None
    """Why the file that the case names is not the one that is read."""


def text_of(case_file: CaseFile, source: Source, places: Places) -> TextAtHand:
    """Give the text of a source, from beside the case file or the reader's own; raises NoText."""
    try:
        return _text_beside(case_file, source)
    except NoText as error:
        lacking = error
    try:
        own = _own_text(case_file.case.id, source, places)
    except NoText as error:
        raise lacking if error.why == "not-there" else error from None
    return own if lacking.why == "not-named" else msgspec.structs.replace(own, passed_over=lacking)


def text_in(data: bytes) -> str:
    """Give the text that a file holds: UTF-8, with a byte order mark or without; raises NoText."""
    _refuse_binary(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte 0x{data[error.start]:02x} in line {line}"
        hint = "`iconv -f WINDOWS-1252 -t UTF-8 FILE` converts what older Windows programs wrote"
        raise NoText("no-text", f"{place} is not UTF-8; {hint}") from error
    if not text.strip():
        raise NoText("no-text", "it holds no words; what was scanned needs text recognition first")
    if max(map(text.count, "\n\r\f")) > TEXT_LINES.value:
        raise NoText("too-large", f"it has more than {TEXT_LINES.value:,} lines; {TEXT_LINES.hint}")
    return text


def copy_of(places: Places, case_id: str, source_id: str) -> Path:
    """Give where a reader's own copy is kept, whether it is there or not.

    Raises NoPlace, and ValueError for what is no id.
    """
    if not is_id(source_id):
        raise ValueError(f"{source_id!r} is not the id of a source")
    return places.sources(case_id) / f"{source_id}.txt"


def keep_copy(
    places: Places, case_id: str, source_id: str, data: bytes, *, replace: bool = False
) -> Path:
    """Keep a copy, whole or not at all; give where it is.

    Raises FileExistsError where one of other content is kept already, unless it is to be replaced,
    and otherwise OSError.
    """
    path, workshop = copy_of(places, case_id, source_id), places.workshop(case_id)
    for folder in (path.parent, workshop):
        refuse_foreign(folder)
        files.private_folder(folder)
    try:
        files.write_once(path, data, workshop=workshop)
    except FileExistsError:
        if not replace:
            raise
        files.replace(path, data)
    return path


def remove_copy(places: Places, case_id: str, source_id: str) -> Path:
    """Remove a reader's own copy; give where it was. Raises OSError where that can't be done."""
    path = copy_of(places, case_id, source_id)
    refuse_foreign(path.parent)
    files.remove(path)
    return path


def _text_beside(case_file: CaseFile, source: Source) -> TextAtHand:
    name = source.file
    if not name:
        raise NoText("not-named", "the case names no file for it")
    # A case file that is a link stands, with its sources, where the link leads.
    folder = Path(os.path.realpath(case_file.path)).parent
    try:
        data = files.read_within(folder, name, TEXT_SIZE.in_bytes)
        return _at_hand(source, data, folder / name, is_own=False)
    except OSError as error:
        raise NoText(_why(error), f"“{name}”: {_in_words(error)}") from error
    except NoText as error:
        raise NoText(error.why, f"“{name}”: {error.what}") from error


def _own_text(case_id: str, source: Source, places: Places) -> TextAtHand:
    try:
        path = copy_of(places, case_id, source.id)
        refuse_foreign(path.parent)
        data = files.read_own(path, TEXT_SIZE.in_bytes)
    except NoPlace as error:
        raise NoText("not-there", str(error)) from error
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        said = f"it {TEXT_SIZE.told}" if is_large else files.reason(error)
        raise NoText(_why(error), f"your copy, {said}") from error
    try:
        return _at_hand(source, data, path, is_own=True)
    except NoText as error:
        raise NoText(error.why, f"your copy, {path}: {error.what}") from error


def _at_hand(source: Source, data: bytes, path: Path, *, is_own: bool) -> TextAtHand:
    # Imported here: most cases have no text at hand.
    import hashlib

    from casefile.case.sources.source_text import SourceText

    text = SourceText(text_in(data), source.paragraphs, source.first_page)
    digest = hashlib.sha256(data).hexdigest()
    recorded = source.sha256 and source.sha256.strip().lower().removeprefix("sha256:")
    return TextAtHand(text, path, is_own, digest, recorded == digest if recorded else None)


def _refuse_binary(data: bytes) -> None:
    if _PDF in data[:_PDF_WITHIN]:
        raise NoText("no-text", "it is a PDF; `pdftotext -layout FILE` makes text of it")
    if data.startswith(_ZIP):
        hint = "save the document in it as plain text, in UTF-8"
        raise NoText("no-text", f"it is a word processor’s document or an archive; {hint}")
    if data.startswith(_UTF_16):
        raise NoText("no-text", "it is UTF-16; `iconv -f UTF-16 -t UTF-8 FILE` makes it UTF-8")
    if b"\0" in data:
        hint = "a source is plain text in UTF-8, without NUL bytes"
        raise NoText("no-text", f"it is binary data, or UTF-16 without its mark; {hint}")


def _why(error: OSError) -> Why:
    if isinstance(error, files.Outside):
        return "outside"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "not-there"
    return "too-large" if error.errno == errno.EFBIG else "unreadable"


def _in_words(error: OSError) -> str:
    if isinstance(error, files.Outside):
        return f"{error.strerror}; a source’s file is named by its path beside the case file"
    if error.errno == errno.ENOENT:
        return "there is no such file beside the case file"
    if error.errno == errno.EFBIG:
        return f"it {TEXT_SIZE.told}"
    return files.why(error)
