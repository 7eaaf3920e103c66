"""The query language for finding words and filtering rows.

A query is a list of terms that must all match: words, `"two words"`, and `name:value`. Of several
values, as in `name:a,"b c"`, one must match. A `-` before a term negates it. The caller supplies
the known names with their values, and those of each object to match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

import msgspec

from casefile.text.folding import Folded, fold_with_origins, folded
from casefile.text.suggestions import KnownNames, nearest_or_all

Names: TypeAlias = Mapping[str, Collection[str] | None]
"""The names in a query with their values, as `value` returns them; None allows any value."""
Values: TypeAlias = Callable[[str], Collection[str]]
"""Returns the values that an object has for a name."""

_WORD = re.compile(r'"([^"]+)"?|([^\s"]+)')
_NAME = r"[^\W\d_][\w-]*"
_TERM = re.compile(
    rf'\s*(?P<sign>-?)(?:(?P<name>{_NAME}):)?(?:(?P<open>"[^"]*\Z)|"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]*))'
)
_VALUE = re.compile(r'"(?P<phrase>[^"]*)(?P<close>"?)|(?P<bare>[^\s",]+)')
_NEEDS_QUOTES = re.compile(rf"-|{_NAME}:|.*\s", re.DOTALL)
_FEW = 20
"""The most values that an error message lists."""


class QueryError(ValueError):
    """A query is invalid: what is wrong, and the span of characters."""

    def __init__(self, what: str, start: int, end: int) -> None:
        super().__init__(f"{what} (at character {start + 1})")
        self.what = what
        self.start = start
        self.end = end


class Term(msgspec.Struct, frozen=True):
    """A name with alternative values; without a name, one value to find in the text."""

    name: str
    values: tuple[str, ...]
    is_negated: bool = False

    def __str__(self) -> str:
        sign = "-" if self.is_negated else ""
        if not self.name:
            return f"{sign}{_quote_word(self.values[0])}"
        return f"{sign}{self.name}:{','.join(map(_quote_value, self.values))}"

    @property
    def is_word(self) -> bool:
        """Whether the term is a word that has to be in the text."""
        return not self.name and not self.is_negated

    def holds(self, values: Values, text: Callable[[], str]) -> bool:
        """Whether the term matches an object."""
        found_in = values(self.name) if self.name else text()
        return any(value in found_in for value in self.values) is not self.is_negated


class Query(msgspec.Struct, frozen=True):
    """Folded words that have to be in the text, and the other terms."""

    words: tuple[str, ...]
    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join([*map(_quote_word, self.words), *map(str, self.terms)])

    def __bool__(self) -> bool:
        """Whether the query has any term."""
        return bool(self.words or self.terms)

    @property
    def quoted(self) -> str:
        """The words in quotation marks, for a message."""
        return f"“{' '.join(self.words)}”"

    def matches(self, folded_text: str) -> bool:
        """Whether all words are in a folded text."""
        return all(word in folded_text for word in self.words)

    def holds(self, values: Values, text: Callable[[], str]) -> bool:
        """Whether the query matches an object with these values and this folded text."""
        # The text last, since it may have to be made.
        if not all(term.holds(values, text) for term in self.terms):
            return False
        return not self.words or self.matches(text())

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of the words in a text, in ascending order, for highlighting."""
        plain = fold_with_origins(text)
        return sorted(
            plain.origin(*match.span())
            for word in self.words
            for match in re.finditer(re.escape(word), plain.text)
        )


def value(text: str) -> str:
    """Return a text as a value in a query: folded, without double quotation marks."""
    return folded(text).replace('"', "'").strip()


def parse(written: str) -> Query:
    """Parse a search for words alone, without names and negation."""
    words = [phrase or word for phrase, word in _WORD.findall(folded(written))]
    return Query(tuple(dict.fromkeys(words)))


def parse_query(written: str, names: Names, *, is_typing: bool = False) -> Query:
    """Parse a query; raises QueryError.

    A value may be shortened to a prefix that no other value has. If `is_typing`, unfinished terms
    are ignored: a name without a value, and an open quotation mark.
    """
    return _Parser(fold_with_origins(written), names, is_typing=is_typing).query()


class _Parser:
    def __init__(self, written: Folded, names: Names, *, is_typing: bool) -> None:
        self._written = written
        self._names = names
        self._is_typing = is_typing

    def query(self) -> Query:
        """Return the query, with each term once."""
        terms = list(dict.fromkeys(self._terms()))
        words = [term.values[0] for term in terms if term.is_word]
        return Query(tuple(words), tuple(term for term in terms if not term.is_word))

    def _terms(self) -> Iterator[Term]:
        text = self._written.text
        at = 0
        while at < len(text):
            term = _TERM.match(text, at)
            assert term is not None  # noqa: S101 -- all parts of the pattern are optional
            if term["name"]:
                if term["name"] not in self._names:
                    near = nearest_or_all(term["name"], self._names)
                    what = f"unknown name “{term['name']}:”; {near}"
                    raise self._error(what, *term.span("name"))
                at, values = self._values(term["name"], term.end("name") + 1)
                if not values and not self._is_typing:
                    raise self._error(f"“{term['name']}:” needs a value", *term.span("name"))
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
        """Parse the values at a position; return the end position and the values, each once."""
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

    def _known_value(self, name: str, written: str, start: int, end: int) -> str:
        """Return the value itself, or the only known one that begins with it."""
        known = self._names[name]
        if known is None or written in known:
            return written
        longer = sorted(one for one in known if one.startswith(written))
        if len(longer) == 1:
            return longer[0]
        if longer:
            several = f"{', '.join(longer[:_FEW])}{' …' if len(longer) > _FEW else ''}"
            raise self._error(f"“{name}:{written}” could be {several}", start, end)
        near = (
            f"; {nearest_or_all(written, known)}"
            if len(known) <= _FEW
            else KnownNames(known).hint(written)
        )
        raise self._error(f"“{name}:” has no value “{written}”{near}", start, end)

    def _error(self, what: str, start: int, end: int) -> QueryError:
        return QueryError(what, *self._written.origin(start, end))


def _quote_word(word: str) -> str:
    return f'"{word}"' if _NEEDS_QUOTES.match(word) else word


def _quote_value(one: str) -> str:
    return f'"{one}"' if re.search(r"[\s,]", one) else one
