"""Load the text of a source: the file beside the case file or the reader's own copy.

The file beside the case file takes precedence, so that everybody who opens the case reads the same
text, and their notes refer to the same. The reader's own copy is used if the case names no file or
the file can't be read. It is stored as `<source id>.txt`.
"""

from __future__ import annotations

import codecs
import errno
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from casefile import durable_files, files
from casefile.case.model import CaseFile, Source
from casefile.limits import TEXT_LINES, TEXT_SIZE
from casefile.places import NoDirectory, Places, check_owners
from casefile.text.ids import is_id

if TYPE_CHECKING:
    from casefile.case.sources.source_text import SourceText

Why: TypeAlias = Literal["not-named", "not-there", "outside", "too-large", "no-text", "unreadable"]

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SLOW_LENGTH = 200_000
"""The number of characters above which dividing a text may take a tenth of a second."""
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_PDF_WITHIN = 1024
"""PDF readers accept the header anywhere in this many bytes."""


class TextUnavailable(Exception):
    """A source has no readable text: `why` is a fixed code, `what` the message."""

    def __init__(self, why: Why, what: str) -> None:
        super().__init__(what)
        self.why = why
        self.what = what


class LoadedText(msgspec.Struct, frozen=True, dict=True):
    """The text of a source, and the file that it is from."""

    source: Source
    content: str
    path: Path
    is_own: bool
    """Whether the file is the reader's own copy."""
    sha256: str
    """The SHA-256 of the file, in hexadecimal digits."""
    is_as_recorded: bool | None
    """Whether this is the `sha256` of the source; None if the case gives none."""
    skipped_file: TextUnavailable | None = None
    """Why the file that the case names was not used, if it names one."""

    @property
    def is_slow(self) -> bool:
        """Whether `text` will take so long that a key would be felt to wait."""
        return len(self.content) > _SLOW_LENGTH and "text" not in self.__dict__

    def is_slow_at(self, at: str | None) -> bool:
        """Whether `find` will take so long that a key would be felt to wait."""
        from casefile.case.sources.pins import mark_kind_of

        if self.is_slow or len(self.content) <= _SLOW_LENGTH:
            return self.is_slow
        kind = mark_kind_of(at)
        return kind is not None and not self.text.has_found(kind)

    def find(self, at: str | None) -> None:
        """Divide the text, and find the marks by which a place is looked up in it."""
        from casefile.case.sources.pins import mark_kind_of

        text, kind = self.text, mark_kind_of(at)
        if kind is not None:
            text.printed(kind)

    @cached_property
    def text(self) -> SourceText:
        """The text, divided: a large one takes part of a second, which its hash does not need."""
        # Imported here: most cases have no text at hand.
        from casefile.case.sources.pins import marks_of_source
        from casefile.case.sources.source_text import SourceText

        source, whole = self.source, marks_of_source(self.source)
        return SourceText(self.content, source.paragraphs, source.first_page, whole)


def load_text(case_file: CaseFile, source: Source, places: Places) -> LoadedText:
    """Load the text of a source from beside the case file, or else from the reader's own copy.

    Raises TextUnavailable.
    """
    try:
        return _load_beside(case_file, source)
    except TextUnavailable as error:
        reason = error
    try:
        own = _load_own(case_file.case.id, source, places)
    except TextUnavailable as error:
        raise reason if error.why == "not-there" else error from None
    return own if reason.why == "not-named" else msgspec.structs.replace(own, skipped_file=reason)


def decode_text(data: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark; raise TextUnavailable if it is no text."""
    _refuse_binary(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte 0x{data[error.start]:02x} in line {line}"
        hint = "`iconv -f WINDOWS-1252 -t UTF-8 FILE` converts what older Windows programs wrote"
        raise TextUnavailable("no-text", f"{place} is not UTF-8; {hint}") from error
    if not text.strip():
        raise TextUnavailable(
            "no-text", "it contains no text; a scan needs text recognition (OCR) first"
        )
    if max(map(text.count, "\n\r\f")) > TEXT_LINES.value:
        raise TextUnavailable(
            "too-large", f"it has more than {TEXT_LINES.value:,} lines; {TEXT_LINES.hint}"
        )
    return text


def own_copy_path(places: Places, case_id: str, source_id: str) -> Path:
    """Return the path of the reader's own copy, which need not exist.

    Raises:
        NoDirectory: There is no folder for it.
        ValueError: `source_id` is not a valid id.
    """
    if not is_id(source_id):
        raise ValueError(f"{source_id!r} is not the id of a source")
    return places.sources(case_id) / f"{source_id}.txt"


def keep_copy(
    places: Places, case_id: str, source_id: str, data: bytes, *, replace: bool = False
) -> Path:
    """Write the reader's own copy atomically and return its path.

    Raises:
        FileExistsError: There is a different copy, and `replace` is false.
        OSError: The copy can't be written.
    """
    path, workshop = own_copy_path(places, case_id, source_id), places.workshop(case_id)
    for folder in (path.parent, workshop):
        check_owners(folder)
        durable_files.prepare_folder(folder)
    try:
        durable_files.write_once(path, data, workshop=workshop)
    except FileExistsError:
        if not replace:
            raise
        durable_files.replace(path, data)
    return path


def remove_copy(places: Places, case_id: str, source_id: str) -> Path:
    """Remove the reader's own copy and return its path; raise OSError if that fails."""
    path = own_copy_path(places, case_id, source_id)
    check_owners(path.parent)
    durable_files.remove(path)
    return path


def _load_beside(case_file: CaseFile, source: Source) -> LoadedText:
    name = source.file
    if not name:
        raise TextUnavailable("not-named", "the case names no file for it")
    # The sources are beside the case file itself, not beside a link to it.
    folder = Path(os.path.realpath(case_file.path)).parent
    try:
        data = files.read_within(folder, name, TEXT_SIZE.in_bytes)
        return _decode(source, data, folder / name, is_own=False)
    except OSError as error:
        raise TextUnavailable(_why(error), f"“{name}”: {_error_in_words(error)}") from error
    except TextUnavailable as error:
        raise TextUnavailable(error.why, f"“{name}”: {error.what}") from error


def _load_own(case_id: str, source: Source, places: Places) -> LoadedText:
    try:
        path = own_copy_path(places, case_id, source.id)
        check_owners(path.parent)
        data = files.read_own(path, TEXT_SIZE.in_bytes)
    except NoDirectory as error:
        raise TextUnavailable("not-there", str(error)) from error
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        reason = f"it {TEXT_SIZE.excess_message}" if is_large else files.error_with_path(error)
        raise TextUnavailable(_why(error), f"your copy, {reason}") from error
    try:
        return _decode(source, data, path, is_own=True)
    except TextUnavailable as error:
        raise TextUnavailable(error.why, f"your copy, {path}: {error.what}") from error


def _decode(source: Source, data: bytes, path: Path, *, is_own: bool) -> LoadedText:
    # Imported here: most cases have no text at hand.
    import hashlib

    text = decode_text(data)
    digest = hashlib.sha256(data).hexdigest()
    recorded = source.sha256 and source.sha256.strip().lower().removeprefix("sha256:")
    return LoadedText(source, text, path, is_own, digest, recorded == digest if recorded else None)


def _refuse_binary(data: bytes) -> None:
    if _PDF in data[:_PDF_WITHIN]:
        what = "a PDF; `pdftotext -layout FILE` converts it to text"
    elif data.startswith(_ZIP):
        what = "a word processor document or an archive; save the document as plain text in UTF-8"
    elif data.startswith(_UTF_16):
        what = "UTF-16; `iconv -f UTF-16 -t UTF-8 FILE` converts it"
    elif b"\0" in data:
        what = "binary data, or UTF-16 without a byte order mark; save it as plain text in UTF-8"
    else:
        return
    raise TextUnavailable("no-text", f"it is {what}")


def _why(error: OSError) -> Why:
    if isinstance(error, files.Outside):
        return "outside"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "not-there"
    return "too-large" if error.errno == errno.EFBIG else "unreadable"


def _error_in_words(error: OSError) -> str:
    if isinstance(error, files.Outside):
        return f"{error.strerror}; put the file beside the case file or in a folder there"
    if error.errno == errno.ENOENT:
        return "there is no such file beside the case file"
    if error.errno == errno.EFBIG:
        return f"it {TEXT_SIZE.excess_message}"
    return files.error_reason(error)
