"""The fields of a page with the values that other sources give for them beside their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from casefile.case import amounts
from casefile.case.amounts import Amount
from casefile.case.cite_fields import value_inside
from casefile.case.dating.dates import EdtfDate
from casefile.case.disputes import CompetingValue, competing_values, stated_value
from casefile.case.model import Entry, Mention, Party
from casefile.case.party_types import party_type_in_words
from casefile.views import phrases
from casefile.views.entry_dates import zone_in_words
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item

_WORDED = ("value", "min", "max", "unit", "qualifier", "per")
"""The keys of an amount that its words are composed from."""
_NOT_STATED = Item("not stated", manner="faint")


class CompetingFields:
    """The values that sources give for the fields of an entry instead of its own."""

    def __init__(self, open_case: OpenCase, entry: Entry) -> None:
        self._open_case = open_case
        self._entry = entry
        self._by_key: defaultdict[str, list[CompetingValue]] = defaultdict(list)
        for one in competing_values(open_case.case_file, entry):
            self._by_key[one.key].append(one)

    def has(self, key: str) -> bool:
        """Return whether a source gives another value for a field."""
        return key in self._by_key

    def keys_beyond(self, shown: Iterable[str | None]) -> list[str]:
        """Return the keys for which a source gives another value and that are not among `shown`."""
        return [key for key in self._by_key if key not in {*shown}]

    def alone(self, key: str) -> Iterator[Item]:
        """Yield the values for a field that the page has no items of, as for its title."""
        for value in self._by_key[key]:
            yield from self._items_of(value)

    def beside(self, key: str, own: Iterable[Item]) -> Iterator[Item]:
        """Yield the items of a field: its own, and beside each what sources give instead.

        That is on the same line, unless one of the two is a link.
        """
        if key not in self._by_key:
            yield from own
            return
        groups = [[item] for item in own] or [[_NOT_STATED]]
        for value in self._by_key[key]:
            items = self._items_of(value)
            place = self._place(value, len(groups))
            if place is None:
                groups.append(items)
            elif groups[place][0].leads_to or any(item.leads_to for item in items):
                groups[place] += items
            else:
                groups[place][0] = _joined(groups[place][0], items)
        for group in groups:
            yield from group

    def _place(self, value: CompetingValue, count: int) -> int | None:
        """Return the index of the item beside which a value is, or None if it is beside none."""
        key, *inside = value.path
        number = inside[0] if inside and isinstance(inside[0], int) else None
        own = stated_value(self._open_case.case_file, self._entry, value.key)
        if number is not None and value_inside(own, (number,)) is None:
            return None if own or count > 1 else 0
        if key == "date" or count == 1:
            return 0
        if number is None:
            return None
        if key == "amounts":
            number = self._phrases_of_amounts[number]
        return number if number < count else None

    @cached_property
    def _phrases_of_amounts(self) -> list[int]:
        return amounts.phrases_of_amounts(self._entry.amounts)

    def _items_of(self, competing: CompetingValue) -> list[Item]:
        competing = self._in_its_amount(competing)
        of = competing.source
        name = phrases.brief_source_name(self._open_case, of) if of else "another source"
        # What is inside the value, as the unit of an amount.
        inside = [str(step) for step in competing.path[1:] if isinstance(step, str)]
        lead = f"{name}: {''.join(f'{step} ' for step in inside)}"
        value = competing.value
        several = value if isinstance(value, tuple) else (value,)
        if any(isinstance(one, Mention) for one in several):
            return [self._link(lead, one) for one in several]
        return [Item(lead + self._words(competing))]

    def _in_its_amount(self, competing: CompetingValue) -> CompetingValue:
        """Return a value for a part of an amount, such as its number, as the amount with it."""
        match competing.path:
            case ("amounts", int(number), str(key)) if key in _WORDED:
                own = value_inside(self._entry.amounts, (number,))
                amount = own and replace(own, text=None, **{key: competing.value})
                if amount and amounts.is_in_numbers(amount):
                    return competing._replace(path=competing.path[:2], value=amount)
        return competing

    def _link(self, lead: str, mention: Mention) -> Item:
        role = f" ({mention.role})" if mention.role else ""
        there = self._open_case.entry(mention.to) is not None
        text = f"{lead}{self._open_case.title(mention.to)}{role}"
        return Item(text, Destination(mention.to) if there else None)

    def _words(self, competing: CompetingValue) -> str:
        value = competing.value
        if isinstance(value, EdtfDate):
            return self._date(competing, value)
        if isinstance(value, Amount):
            return amounts.amount_in_words(value)
        if isinstance(value, tuple) and any(isinstance(one, Amount) for one in value):
            return "; ".join(amounts.each_amount_in_words(value))
        if isinstance(self._entry, Party) and competing.path == ("type",):
            return party_type_in_words(str(value))
        # In a table of tables, as in cites, plain values.
        plain = msgspec.to_builtins(value)
        return ", ".join(phrases.value_in_words(plain, no="no")) or "nothing"

    def _date(self, competing: CompetingValue, when: EdtfDate) -> str:
        own: Any = stated_value(self._open_case.case_file, self._entry, competing.key)
        own = value_inside(own, competing.path[1:])
        own = own if isinstance(own, EdtfDate) else None
        has_zone = own is not None and any(unit.is_time for unit in own.units)
        words = when.words_beside(own)
        return words if has_zone else words + zone_in_words(self._open_case, when.units)


def _joined(item: Item, others: Sequence[Item]) -> Item:
    manner = "plain" if item.manner == "faint" else item.manner
    return replace(item, text=" · ".join([item.text, *(one.text for one in others)]), manner=manner)
