"""The texts of a case's sources, each read once, when it is first asked for."""

from __future__ import annotations

from casefile.case.model import CaseFile, Source
from casefile.case.source_files import NoText, TextAtHand, text_of
from casefile.places import Places


class SourceTexts:
    """Finds the text of each source, beside the case file or among the reader's own copies."""

    def __init__(self, case_file: CaseFile, places: Places) -> None:
        """Take a case and where the reader's own copies are; nothing is read yet."""
        self._case_file = case_file
        self._places = places
        self._read: dict[str, TextAtHand | NoText] = {}

    def of(self, source_id: str) -> TextAtHand:
        """Give the text of a source; raises NoText."""
        found = self._read.get(source_id)
        if found is None:
            found = self._read[source_id] = self._look(source_id)
        if isinstance(found, NoText):
            raise found
        return found

    def _look(self, source_id: str) -> TextAtHand | NoText:
        source = self._case_file.entries.get(source_id)
        if not isinstance(source, Source):
            return NoText("not-named", f"there is no source “{source_id}” in this case")
        try:
            return text_of(self._case_file, source, self._places)
        except NoText as lacking:
            return lacking
