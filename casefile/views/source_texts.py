"""The texts of a case's sources, each read once, when it is first needed."""

from __future__ import annotations

from casefile.case.model import CaseFile, Source
from casefile.case.sources.text_files import LoadedText, TextUnavailable, load_text
from casefile.notes.annotation import hash_named
from casefile.places import Places
from casefile.text.plurals import pluralize
from casefile.views.page import Item


class SourceTexts:
    """Finds the text of each source, beside the case file or among the reader's own copies."""

    def __init__(self, case_file: CaseFile, places: Places) -> None:
        self._case_file = case_file
        self._places = places
        self._texts: dict[str, LoadedText | TextUnavailable] = {}

    def of(self, source_id: str) -> LoadedText:
        """Return the text of a source; raises TextUnavailable."""
        text = self._texts.get(source_id)
        if text is None:
            text = self._texts[source_id] = self._read(source_id)
        if isinstance(text, TextUnavailable):
            raise text
        return text

    def hash_of(self, source_id: str) -> str | None:
        """Return the hash of a source's text as notes have it, or None if there is no text."""
        try:
            return hash_named(self.of(source_id).sha256)
        except TextUnavailable:
            return None

    def _read(self, source_id: str) -> LoadedText | TextUnavailable:
        source = self._case_file.entries.get(source_id)
        if not isinstance(source, Source):
            return TextUnavailable("not-named", f"there is no source “{source_id}” in this case")
        try:
            return load_text(self._case_file, source, self._places)
        except TextUnavailable as lacking:
            return lacking


def source_text_in_words(texts: SourceTexts, source_id: str) -> Item:
    """Return where the text of a source is and how long it is, or why it is not available."""
    try:
        found = texts.of(source_id)
    except TextUnavailable as lacking:
        is_usual = lacking.why in ("not-named", "not-there")
        words = f"not at hand: {lacking.what}"
        return Item(words, manner="faint" if is_usual else "warning")
    name = "your copy" if found.is_own else found.path.name
    words = f"{name}, {_length_in_words(found)}"
    if found.is_as_recorded is False:
        return Item(f"{words}; its SHA-256 is not the one in the case file", manner="warning")
    return Item(words)


def _length_in_words(found: LoadedText) -> str:
    if found.is_slow:
        return pluralize(len(found.content), "character")
    pages = f"{pluralize(found.text.page_count, 'page')}, " if found.text.page_count > 1 else ""
    return f"{pages}{pluralize(len(found.text.paragraphs), 'paragraph')}"
