"""The page of an entry: its fields, what refers to it, its sources and its notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import TypeAlias

from msgspec.structs import replace

from casefile.case.cite_fields import parse_field
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import (
    Cite,
    Claim,
    Entry,
    Event,
    FreeEntry,
    Party,
    Quote,
    Source,
    reference_fields,
    references_in_field,
)
from casefile.case.normalise import field_of, key_of
from casefile.case.relations import (
    SHARED_WITH,
    IncomingReference,
    actors_of,
    cites_of,
    date_of,
    locations_of,
)
from casefile.case.sources.citations import citations_of, paragraphs_of
from casefile.case.sources.pins import pin_sort_key
from casefile.case.timeline.entries import ORDER_FIELDS
from casefile.text.plurals import pluralize
from casefile.views import entry_dates, phrases, problems, visit_changes
from casefile.views.competing_fields import CompetingFields
from casefile.views.labels import LABELS, REFERRED_TO, field_label, label_of
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item, Page, Section
from casefile.views.panes import ProblemRow, SelectableRow

_COMMON_FIELDS = ("about", "contradicts", "status", "tags", "language", "issues")

_LENT = ("date", "location", "by", "amounts")
"""Fields that an entry may take from another."""

_ENDS = ("subject", "object")
"""Fields of links, which come before other references."""
_REFERENCES_LEFT_OUT = ("cites", "source", SHARED_WITH)
"""Fields whose references have a section of their own, or say nothing about the entry."""

Labelled = Iterator[tuple[str, Item]]
_Field: TypeAlias = tuple[str, str, Iterable[Item]]
"""The key of a field, its label and its items."""


def page_of_row(open_case: OpenCase, row: SelectableRow, *, notes: bool = True) -> Page:
    """Return the page of a row's entry, or of its problem in the file."""
    if isinstance(row, ProblemRow):
        return problems.page_of_problem(open_case, row.problem)
    return page_of_entry(open_case, row.entry, notes=notes)


def page_of_entry(open_case: OpenCase, entry_id: str, *, notes: bool = True) -> Page:
    """Return the page of an entry, which may be one that only notes remember."""
    entry = open_case.entry(entry_id)
    if entry is None:
        return _page_of_gone(open_case, entry_id, notes=notes)
    labelled = [*_fields(open_case, entry)]
    marks: Iterable[Section] = ()
    written: Iterable[Section] = ()
    if notes:
        # Imported here: `casefile show` prints pages without notes.
        from casefile.views.note_sections import mark_sections, note_sections

        marks = mark_sections(open_case, entry_id)
        written = note_sections(open_case, entry_id)
    sections = [
        *_opening(open_case, entry),
        *marks,
        *_grouped(labelled),
        *_cites(open_case, entry),
        *_grouped(_references(open_case, entry)),
        *_paragraphs(open_case, entry),
        *written,
    ]
    # The words of a quote come next.
    title = open_case.title(entry.speaker if isinstance(entry, Quote) else entry_id)
    when = date_of(open_case.case_file, entry)
    kind = open_case.kind_of(entry).name
    subtitle = " · ".join([kind, *([when.words()] if when else []), entry_id])
    return Page(entry_id, title, subtitle, tuple(sections))


def _page_of_gone(open_case: OpenCase, entry_id: str, *, notes: bool) -> Page:
    from casefile.views import entry_notes
    from casefile.views.note_sections import mark_sections, note_sections, remembered_sections

    title = entry_notes.remembered_title(open_case, entry_id) or entry_id
    words = "This entry is no longer in the case file. Press m to move its notes to other entries."
    warning = Item(words, manner="warning")
    opening = Section("", (warning,))
    if not notes:
        return Page(entry_id, title, entry_id, (opening,))
    sections = (
        *mark_sections(open_case, entry_id),
        *remembered_sections(open_case.notebook, entry_id),
        *note_sections(open_case, entry_id),
    )
    return Page(entry_id, title, entry_id, (opening, *sections))


def _opening(open_case: OpenCase, entry: Entry) -> Iterator[Section]:
    for problem in open_case.problems_of(entry.id):
        line = f"line {problem.position.line}: " if problem.position else ""
        yield Section("", (Item(f"In the file, {line}{problem.what}", manner="warning"),))
    if words := _confidential_sources(open_case, entry):
        yield Section("", (Item(words, manner="warning"),))
    if words := visit_changes.change_of_entry_in_words(open_case, entry.id):
        yield Section("", (Item(words, manner="note-head"),))
    if isinstance(entry, Quote):
        yield Section("", (Item(phrases.spoken(entry), manner="quoted"),))
    if entry.text:
        yield Section("", (Item(entry.text),))


def _confidential_sources(open_case: OpenCase, entry: Entry) -> str:
    """Return on which confidential sources an entry rests, in words; empty if on none."""
    sources = open_case.origins.confidential_of(entry.id)
    if entry.id in sources:
        return "Confidential source: left out of every export that does not name it"
    case_file = open_case.case_file
    cites = cites_of(case_file, entry)
    supporting = {case_file.source_of(cite) for cite in cites if cite.is_support}
    rests_on = supporting.intersection(open_case.origins.confidential)
    # Notes on what only names one, or has its title from what does, are held back as well.
    relation = "Rests on" if rests_on else "Has to do with"
    sources = sorted({*sources, *filter(None, rests_on)})
    names = ", ".join(phrases.unmarked_source_name(open_case, one) for one in sources)
    what = "a confidential source" if len(sources) == 1 else "confidential sources"
    return f"{relation} {what}: {names}" if sources else ""


def _fields(open_case: OpenCase, entry: Entry) -> Labelled:
    """Yield the fields, each with the values that sources give for it instead."""
    competing = CompetingFields(open_case, entry)
    fields = ("date", *open_case.kind_of(entry).fields)
    shown = set[str]()
    for key, label, items in (
        *_named_fields(open_case, entry, fields, competing),
        *(_own_fields(open_case, entry) if isinstance(entry, FreeEntry) else ()),
        *_named_fields(open_case, entry, ("amounts",), competing),
        (SHARED_WITH, LABELS[SHARED_WITH], _sharing(open_case, entry)),
        *_named_fields(open_case, entry, _COMMON_FIELDS, competing),
        *_unknown_fields(open_case, entry),
    ):
        shown.add(key)
        for item in competing.beside(key, items):
            yield label, replace(item, about=key)
    for key in competing.keys_beyond(shown):
        label = field_label(entry.table_name, key)
        yield from ((label, replace(item, about=key)) for item in competing.alone(key))


def _named_fields(
    open_case: OpenCase, entry: Entry, fields: Iterable[str], competing: CompetingFields
) -> Iterator[_Field]:
    for field in fields:
        key = key_of(type(entry), field)
        # Most fields are empty.
        if field in _LENT or getattr(entry, field) not in (None, ()) or competing.has(key):
            label = field_label(entry.table_name, field)
            yield key, label, _items(open_case, entry, field)


def _own_fields(open_case: OpenCase, entry: FreeEntry) -> Iterator[_Field]:
    for key, value in entry.own.items():
        if key in entry.refers:
            items = [_link(open_case, to) for to in entry.refers[key]]
        else:
            items = [Item(words) for words in phrases.value_in_words(value, no="no")]
        yield key, label_of(key), items


def _items(open_case: OpenCase, entry: Entry, field: str) -> Iterator[Item]:
    """Yield a field in words, with what the entry takes from another one."""
    match field:
        case "date":
            yield from _date(open_case, entry)
        case "amounts":
            yield from _amounts(open_case, entry)
        case "location":
            yield from (Item(place) for place in locations_of(open_case.case_file, entry))
        case "type" if isinstance(entry, Party):
            yield Item(phrases.party_type(open_case, entry))
        case "by":
            yield from _by(open_case, entry)
        case "by_text" if isinstance(entry, Claim) and entry.by_text:
            yield Item(f"{phrases.quoted(entry.by_text)} (unnamed)")
        case _ if field in ORDER_FIELDS:
            basis = entry_dates.order_basis_in_words(entry)
            for mention in references_in_field(entry, field):
                yield _link(open_case, mention.to, basis)
        case _ if field in reference_fields(type(entry)):
            for mention in references_in_field(entry, field):
                yield _link(open_case, mention.to, mention.role)
        case _ if isinstance(value := getattr(entry, field), EdtfDate):
            yield Item(value.words() + entry_dates.zone_in_words(open_case, value.units))
        case _:
            yield from (Item(words) for words in phrases.value_in_words(value))


def _date(open_case: OpenCase, entry: Entry) -> Iterator[Item]:
    when = date_of(open_case.case_file, entry)
    relative = entry.relative_date
    if when is not None or relative or isinstance(entry, Event):
        words = entry_dates.date_in_words(open_case, entry)
        there = Destination(relative.to) if relative else None
        yield Item(words, there, manner="plain" if when or relative else "faint")
    if entry.date_text:
        yield Item(phrases.quoted(entry.date_text), manner="quoted")


def _amounts(open_case: OpenCase, entry: Entry) -> Iterator[Item]:
    for words, quantity in phrases.each_quantity(open_case, entry):
        yield Item(f"{words} (shared)" if quantity.other_than(entry.id) else words)


def _sharing(open_case: OpenCase, entry: Entry) -> Iterator[Item]:
    """Yield links to the entries that have a quantity in common with an entry.

    If several quantities are shared, each link says which one it is.
    """
    quantities = phrases.each_quantity(open_case, entry)
    shared = [(words, others) for words, one in quantities if (others := one.other_than(entry.id))]
    for words, others in shared:
        role = words if len(shared) > 1 else ""
        yield from (_link(open_case, other, role) for other in others)


def _by(open_case: OpenCase, entry: Entry) -> Iterator[Item]:
    doers = actors_of(open_case.case_file, entry)
    own = bool(references_in_field(entry, "by"))
    lender = "quotation" if isinstance(entry, Claim) else "event"
    for one in doers:
        yield _link(open_case, one.to, one.role or ("" if own else f"as its {lender}"))
    if isinstance(entry, Claim) and not doers and not entry.by_text:
        yield Item("the source itself", manner="faint")


def _link(open_case: OpenCase, entry_id: str, role: str | None = None) -> Item:
    """Return a link to an entry, with its role and what the record doubts of it.

    If the entry is missing, that is its title alone.
    """
    entry = open_case.entry(entry_id)
    status = entry.status if entry and entry.status != "undisputed" else None
    more = ", ".join(filter(None, (role, status)))
    words = open_case.title(entry_id)
    return Item(f"{words} ({more})" if more else words, Destination(entry_id) if entry else None)


def _unknown_fields(open_case: OpenCase, entry: Entry) -> Iterator[_Field]:
    """Yield the keys that the format does not define."""
    for key, value in open_case.case_file.unknown.get(entry.id, {}).items():
        yield key, key, [Item(words) for words in phrases.value_in_words(value, no="no")]


def _grouped(labelled: Labelled | list[tuple[str, Item]]) -> list[Section]:
    """Return the items grouped by label, in the order in which the labels first occur."""
    by_label: dict[str, dict[Item, None]] = {}
    for label, item in labelled:
        by_label.setdefault(label, {})[item] = None
    return [Section(label, tuple(items)) for label, items in by_label.items()]


def _cites(open_case: OpenCase, entry: Entry) -> list[Section]:
    pinned = pinned_cites(open_case, entry)
    items = [item for cite, pin in pinned for item in cite_items(open_case, entry, cite, pin)]
    return [Section(LABELS["cites"], tuple(items))] if items else []


def pinned_cites(open_case: OpenCase, entry: Entry) -> Iterator[tuple[Cite, int | None]]:
    """Yield the cites of an entry, with the number of each among those that name a source.

    In a source, the source itself has the first number, as in `source_lines.pins_of`.
    """
    number = count(int(isinstance(entry, Source)))
    for cite in cites_of(open_case.case_file, entry):
        yield cite, next(number) if open_case.case_file.source_of(cite) else None


def cite_items(open_case: OpenCase, entry: Entry, cite: Cite, pin: int | None) -> Iterator[Item]:
    """Yield a cite of an entry as a link to its place, and the words that it quotes."""
    source = open_case.case_file.source_of(cite)
    title = phrases.source_name(open_case, source) if source else "no source named"
    there = source is not None and open_case.entry(source) is not None
    paragraphs = paragraphs_of(cite.at)
    first = paragraphs[0] if paragraphs else None
    field = _cited_field(entry, cite)
    stance = {
        "contradicts": f", contradicts {field or 'this'}",
        "mentions": ", mentions it",
    }.get(cite.stance or "", f", on {field}" if field else "")
    about = ", ".join(filter(None, (source, cite.at)))
    yield Item(
        ", ".join(filter(None, (title, cite.at))) + stance,
        Destination(source, first, pin=pin) if source and there else None,
        about=about,
    )
    if cite.quote:
        yield Item(phrases.quoted(cite.quote), manner="quoted", about=about)


def _cited_field(entry: Entry, cite: Cite) -> str:
    """Return the field that a cite is about by its label on the page, or ""."""
    if not cite.field:
        return ""
    key = str(next(iter(parse_field(cite.field)), cite.field))
    label = field_label(entry.table_name, field_of(type(entry), key) or key)
    return f"“{label}{cite.field.removeprefix(key)}”"


def _references(open_case: OpenCase, entry: Entry) -> Labelled:
    references = open_case.relations.references_to(entry.id)
    for reference in sorted(references, key=lambda one: one.field not in _ENDS):
        if reference.field not in _REFERENCES_LEFT_OUT:
            role = ", ".join(_role_words(open_case, reference))
            yield _label_of(open_case, reference), _link(open_case, reference.by, role)


def _role_words(open_case: OpenCase, reference: IncomingReference) -> Iterator[str]:
    if reference.role:
        yield reference.role
    if reference.according_to:
        name = phrases.brief_source_name(open_case, reference.according_to)
        yield f"according to {name}"
    elif reference.field in ORDER_FIELDS and (by := open_case.entry(reference.by)):
        yield from filter(None, [entry_dates.order_basis_in_words(by)])


def _label_of(open_case: OpenCase, reference: IncomingReference) -> str:
    by = open_case.entry(reference.by)
    if by is None:
        return reference.field
    kind = open_case.kind_of(by)
    label = REFERRED_TO.get((kind.name, reference.field)) or REFERRED_TO.get(("", reference.field))
    return label or f"{kind.pane} ({key_of(type(by), reference.field)})"


def _paragraphs(open_case: OpenCase, entry: Entry) -> Iterator[Section]:
    """Yield, for a source, where its text is, and the entries that cite it by paragraph."""
    if not isinstance(entry, Source):
        return
    from casefile.views.source_texts import source_text_in_words

    yield Section("Text", (source_text_in_words(open_case.texts, entry.id),))
    citations = citations_of(open_case.case_file, entry.id)
    if citations.entries:
        what = f"Cited by {pluralize(len(citations.entries), 'entry')}"
        yield Section("", (Item(what, manner="heading"),))
    for paragraph, cited_by in citations.by_paragraph:
        items = [
            Item(title_with_kind(open_case, one.entry), Destination(one.entry)) for one in cited_by
        ]
        yield Section(f"para {paragraph}", tuple(dict.fromkeys(items)), paragraph)
    elsewhere: dict[str, list[Item]] = {}
    for one in sorted(citations.elsewhere, key=lambda one: pin_sort_key(one.cite.at)):
        items = elsewhere.setdefault(one.cite.at or "no place", [])
        items.append(Item(title_with_kind(open_case, one.entry), Destination(one.entry)))
    for place, items in elsewhere.items():
        yield Section(place, tuple(dict.fromkeys(items)))


def title_with_kind(open_case: OpenCase, entry_id: str) -> str:
    """Return an entry's title with the word for its kind."""
    entry = open_case.entry(entry_id)
    kind = f"{open_case.kind_of(entry).name}: " if entry else ""
    return f"{kind}{open_case.title(entry_id)}"
