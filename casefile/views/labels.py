"""The labels of fields, and of the entries that refer to an entry, on a page."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "about": "About",
    "abbreviation": "Short",
    "accept": "Accepted",
    "aliases": "Also",
    "amounts": "Amounts",
    "archived": "Archived",
    "author": "Author",
    "based_on": "Based on",
    "bates": "Bates",
    "by": "By",
    "by_text": "By",
    "cites": "Cited",
    "confidential": "Confidential",
    "contradicts": "Contradicts",
    "countries": "Countries",
    "date": "When",
    "duration": "Duration",
    "editors": "Editors",
    "event": "Event",
    "exhibit": "Exhibit",
    "file": "File",
    "first_page": "From page",
    "follows": "After",
    "follows_end_of": "After end of",
    "in_quote": "In quote",
    "involved": "Involved",
    "issues": "Issues",
    "jurisdiction": "Jurisdiction",
    "key": "Key event",
    "language": "Language",
    "location": "Where",
    "maybe_same_as": "Maybe same",
    "name_kind": "Name is",
    "nationality": "Nationality",
    "object": "Object",
    "original": "Original",
    "paragraphs": "Divided by",
    "parent": "Part of",
    "order_basis": "Order is",
    "part_of": "Part of",
    "position": "Position",
    "precedes": "Before",
    "published": "Published",
    "publisher": "Publisher",
    "retrieved": "Retrieved",
    "revised": "Revised",
    "role": "Role",
    "sex": "Sex",
    "sha256": "SHA-256",
    "shared_with": "Shared with",
    "source": "Source",
    "speaker": "Speaker",
    "stage": "Stage",
    "status": "Record",
    "subject": "Subject",
    "tags": "Tags",
    "taken_from": "From",
    "timezone": "Time zone",
    "to": "Said to",
    "topics": "Topics",
    "translated": "Translated",
    "type": "Type",
    "url": "Address",
}

LABELS_BY_KIND: Mapping[tuple[str, str], str] = {
    ("claim", "date"): "Said",
    ("quote", "date"): "Said",
}
"""The labels of fields that mean something else in some kinds."""

REFERRED_TO: Mapping[tuple[str, str], str] = {
    ("", "about"): "About it",
    ("", "contradicts"): "Contradicts",
    ("", "date"): "Dated by it",
    ("", "event"): "Quotes",
    ("", "follows"): "Before",
    ("", "follows_end_of"): "Ended before",
    ("", "involved"): "Part in",
    ("", "issues"): "Entries",
    ("", "maybe_same_as"): "Maybe same",
    ("", "parent"): "Parts",
    ("", "part_of"): "Parts",
    ("", "precedes"): "After",
    ("", "to"): "Was told",
    ("", "based_on"): "Basis of",
    ("claim", "by"): "Claims",
    ("claim", "in_quote"): "Claims",
    ("event", "by"): "Did",
    ("link", "object"): "Links",
    ("link", "subject"): "Links",
    ("quote", "speaker"): "Said",
    ("seizure", "by"): "Took",
    ("seizure", "event"): "Seizures",
    ("seizure", "taken_from"): "Lost",
}
"""The label of a referring entry, by its kind (empty for any kind) and the field that refers."""


def label_of(key: str) -> str:
    """Return the label of a key, as in “Hull no” for `hull_no`."""
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words else key


def field_label(kind: str, field: str) -> str:
    """Return the label of a field on the page of an entry of a kind."""
    return LABELS_BY_KIND.get((kind, field)) or LABELS.get(field) or label_of(field)
