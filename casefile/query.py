"""The query language: what a reader types to find words, and to filter rows.

A query is terms that must all hold: words, `"two words"`, and `name:value`, where the value may be
several, `name:a,"b c"`, of which one must hold. A `-` before a term turns it round. Which names
there are, and which values each has, is said by who asks; what is asked is anything `Queried`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol, TypeAlias

import msgspec

from casefile.text.folding import Folded, fold, folded
from casefile.text.suggestions import KnownNames, nearest_or_all

Names: TypeAlias = Mapping[str, Collection[str] | None]
"""The names that a query may use, with their values as `value` gives them; None for any value."""

_WORD = re.compile(r'"([^"]+)"?|([^\s"]+)')
_NAME = r"[^\W\d_][\w-]*"
_TERM = re.compile(
    rf'\s*(?P<sign>-?)(?:(?P<name>{_NAME}):)?(?:(?P<open>"[^"]*\Z)|"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]*))'
)
_VALUE = re.compile(r'"(?P<phrase>[^"]*)(?P<close>"?)|(?P<bare>[^\s",]+)')
_NEEDS_MARKS = re.compile(rf"-|{_NAME}:|.*\s", re.DOTALL)
_FEW = 20
"""So many values can all be named where none of them was meant."""


class NotUnderstood(ValueError):
    """A query that can't be asked: what is wrong with it, and from where to where."""

    def __init__(self, what: str, start: int, end: int) -> None:
        super().__init__(f"{what} (at character {start + 1})")
        self.what = what
        self.start = start
        self.end = end


class Queried(Protocol):
    """What a query is asked of."""

    @property
    def text(self) -> str:
        """Give its folded text."""

    def values(self, name: str) -> Collection[str]:
        """Give its values for a name, as `value` gives them."""


class Term(msgspec.Struct, frozen=True):
    """A value, or one of several, that something has for a name; without a name, in its text."""

    name: str
    values: tuple[str, ...]
    is_negated: bool = False

    def __str__(self) -> str:
        sign = "-" if self.is_negated else ""
        if not self.name:
            return f"{sign}{_word_written(self.values[0])}"
        return f"{sign}{self.name}:{','.join(map(_value_written, self.values))}"

    @property
    def is_word(self) -> bool:
        """Whether it is a word that must stand in the text."""
        return not self.name and not self.is_negated

    def holds(self, queried: Queried) -> bool:
        """Say whether it holds for something."""
        has = queried.values(self.name) if self.name else queried.text
        return any(value in has for value in self.values) is not self.is_negated


class Query(msgspec.Struct, frozen=True):
    """Words, folded, that must all stand in a text, and the other terms that must hold."""

    words: tuple[str, ...]
    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join([*map(_word_written, self.words), *map(str, self.terms)])

    def __bool__(self) -> bool:
        """Say whether anything is asked at all."""
        return bool(self.words or self.terms)

    @property
    def told(self) -> str:
        """The words in quotation marks, as a reader is told of them."""
        return f"“{' '.join(self.words)}”"

    def matches(self, folded_text: str) -> bool:
        """Say whether every word stands in a text that is already folded."""
        return all(word in folded_text for word in self.words)

    def holds(self, queried: Queried) -> bool:
        """Say whether all of it holds for something; the text is looked at last."""
        if not all(term.holds(queried) for term in self.terms):
            return False
        return not self.words or self.matches(queried.text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give where the words stand in a text as drawn, in ascending order, for marking."""
        plain = fold(text)
        return sorted(
            plain.origin(*match.span())
            for word in self.words
            for match in re.finditer(re.escape(word), plain.text)
        )


def value(text: str) -> str:
    """Give a text as a value of a query: folded, and so that it can stand in quotation marks."""
    return folded(text).replace('"', "'").strip()


def parse(written: str) -> Query:
    """Read what a reader typed after `/`: words alone, in which no sign means anything."""
    words = [phrase or word for phrase, word in _WORD.findall(folded(written))]
    return Query(tuple(dict.fromkeys(words)))


def parse_query(written: str, names: Names, *, is_typing: bool = False) -> Query:
    """Read a query with these names; raises NotUnderstood.

    The beginning of a value is taken for the only one that begins so. While the reader is typing,
    what is unfinished asks nothing yet: a name without a value, and what opens a quotation mark.
    """
    return _Parsing(fold(written), names, is_typing=is_typing).query()


class _Parsing:
    """One text that is read as a query."""

    def __init__(self, written: Folded, names: Names, *, is_typing: bool) -> None:
        self._written = written
        self._names = names
        self._is_typing = is_typing

    def query(self) -> Query:
        """Give it as a query, each term once."""
        terms = list(dict.fromkeys(self._terms()))
        words = [term.values[0] for term in terms if term.is_word]
        return Query(tuple(words), tuple(term for term in terms if not term.is_word))

    def _terms(self) -> Iterator[Term]:
        text = self._written.text
        at = 0
        while at < len(text):
            term = _TERM.match(text, at)
            assert term is not None  # noqa: S101 -- all of its parts may be missing
            if term["name"]:
                self._look_up_name(term)
                at, values = self._values(term["name"], term.end("name") + 1)
                if not values and not self._is_typing:
                    raise self._wrong(f"“{term['name']}:” names no value", *term.span("name"))
            else:
                at = max(term.end(), at + 1)
                values = self._word(term)
            if values:
                yield Term(term["name"] or "", values, bool(term["sign"]))

    def _word(self, term: re.Match[str]) -> tuple[str, ...]:
        is_open = term["open"] is not None
        word = term["open"][1:] if is_open else term["phrase"] or term["bare"]
        return (word,) if word and not (is_open and self._is_typing) else ()

    def _values(self, name: str, at: int) -> tuple[int, tuple[str, ...]]:
        """Give where the values that begin at a place end, and the values, each once."""
        text = self._written.text
        values: dict[str, None] = {}
        while True:
            found = _VALUE.match(text, at)
            if found:
                at = found.end()
                is_open = found["close"] == "" and self._is_typing
                written = value(found["phrase"] or found["bare"] or "")
                if written and not is_open:
                    values[self._known_value(name, written, *found.span())] = None
            if not text.startswith(",", at):
                return at, tuple(values)
            at += 1

    def _look_up_name(self, term: re.Match[str]) -> None:
        name = term["name"]
        if name not in self._names:
            near = nearest_or_all(name, self._names)
            raise self._wrong(f"there is no name “{name}:”; {near}", *term.span("name"))

    def _known_value(self, name: str, written: str, start: int, end: int) -> str:
        """Give the value that is meant: itself, or the only one that begins so."""
        known = self._names[name]
        if known is None or written in known:
            return written
        begun = sorted(one for one in known if one.startswith(written))
        if len(begun) == 1:
            return begun[0]
        if begun:
            several = f"{', '.join(begun[:_FEW])}{' …' if len(begun) > _FEW else ''}"
            raise self._wrong(f"“{name}:{written}” may be {several}", start, end)
        near = (
            f"; {nearest_or_all(written, known)}"
            if len(known) <= _FEW
            else KnownNames(known).hint(written)
        )
        raise self._wrong(f"“{name}:” is never “{written}”{near}", start, end)

    def _wrong(self, what: str, start: int, end: int) -> NotUnderstood:
        return NotUnderstood(what, *self._written.origin(start, end))


def _word_written(word: str) -> str:
    return f'"{word}"' if _NEEDS_MARKS.match(word) else word


def _value_written(one: str) -> str:
    return f'"{one}"' if re.search(r"[\s,]", one) else one
