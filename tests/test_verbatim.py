"""Finding quoted words: what is ignored, what is not, and the nearest words."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.sources.quotations import find_in_places, find_words, nearest_words_hint
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.verbatim import Verbatim, fragments_of
from casefile.text.folding import DASHES, DOUBLE_MARKS, SINGLE_MARKS


def found(text: str, words: str) -> list[str]:
    """Return the text of the fragments of a quotation where they are found."""
    source = SourceText(text)
    return [source.text[start:end] for start, end in find_words(source, words)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said it was over.", "it was over"),
        ("He said it\nwas   over.", "it was over"),
        ("He said it\r\n\twas\u00a0over.", "it was over"),
        ("He said it was over.", "it\n  was over"),
        ("page one ends\n\fwith this", "ends with this"),
        ("an inter\u00adnational case", "international"),
        ("an inter\u00ad\nnational case", "international"),
        ("an inter-\nnational case", "international"),
        ("an inter-\n     national case", "international"),
        ("an inter‐\n\fnational case", "international"),
        ("twenty-\none men", "twenty-one men"),
        ("twenty-one men", "twenty-\none men"),
        ("“Diana,” she said", '"Diana," she said'),
        ("a “zero tolerance” policy", "a 'zero tolerance' policy"),
        ("a «\u00a0zero\u00a0» policy", "a “zero” policy"),
        ("ein »null«\u00a0und\u00a0»eins«", "„null“ und „eins“"),
        ("“he said ‘no’”", "“he said ‘no’”"),
        ("``no'' he said", '"no" he said'),
        ("don’t go", "don't go"),
        ("provinces – identifying", "provinces—identifying"),
        ("provinces – identifying", "provinces -- identifying"),
        ("2017–2018", "2017-2018"),
        ("the ﬁnal oﬀer", "the final offer"),
        ("the final offer", "the ﬁnal oﬀer"),
        ("Ｗｉｄｅ", "Wide"),
        ("cafe\u0301", "café"),
        ("café", "cafe\u0301"),
        ("a\u0323\u0301x", "a\u0301\u0323x"),
        ("zero\u200bwidth", "zerowidth"),
        ("\ufeffBegins so", "Begins so"),
        ("禁毒\n局的人", "禁毒局的人"),
        ("禁毒 局的人", "禁毒局的人"),
        ("국토안보\n수사국", "국토안보 수사국"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("fined 790,000 yuan", "790,000 yuan"),
    ],
)
def test_typography_is_ignored(text: str, words: str) -> None:
    """Spaces, line breaks, hyphenation, quotation marks, dashes and Unicode forms."""
    assert found(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Task Force", "the task force"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("cafe", "café"),
        ("no where", "nowhere"),
        ("nowhere", "no where"),
        ("twenty-one", "twenty one"),
        ("twenty one", "twenty-one"),
        ("twentyone", "twenty-one"),
        ("re-sign", "resign"),
        ("in 2017-\n18", "in 201718"),
        ("-5 degrees", "--5 degrees below"),
        ("5 degrees", "-5 degrees"),
        ("10² m", "102 m"),
        ("102 m", "10² m"),
        ("1½ kg", "11/2 kg"),
        ("121 individuals", "21 individuals"),
        ("arrested 211", "arrested 21"),
        ("more than 20,000", "more than 20"),
        ("more than 1.5", "more than 1"),
        ("some 1,790,000 yuan", "790,000 yuan"),
        ("some 1.5 kg", "5 kg"),
        ("the report", "the rep"),
        ("unjust", "just"),
        ("the ﬁnal", "the f"),
        ("(Diana)", "“Diana”"),
        ("“Diana”", "(Diana)"),
        ("한국", "하"),
        ("ガ", "カ"),
        ("カ\u3099", "カ"),
        ("कि", "क"),
        ("٢١٠", "٢١"),
        ("anything", ""),
        ("anything", "…"),
        ("anything", " — "),
        ("", "anything"),
    ],
)
def test_changed_words_are_not_found(text: str, words: str) -> None:
    """Case, accents, figures and words matter, and so do the ends of words and figures."""
    assert found(text, words) == []


@pytest.mark.parametrize(
    ("text", "words", "stands"),
    [
        ("a twenty-one b", "one", "one"),
        ("minus -5 degrees", "5 degrees", "5 degrees"),
        ("in 2017.", "2017", "2017"),
        ("2017, then", "2017", "2017"),
        ("at 03:07Z,250,555-0142", "03:07Z,250", "03:07Z,250"),
        ("0,555-0142,555-0171", "555-0142", "555-0142"),
        ("وفي مطلع سنة", "في مطلع", "في مطلع"),
        ("정부는 말했다", "정부", "정부"),
        ("他们逮捕了21人", "逮捕了21人", "逮捕了21人"),
        ("the “Diana,” so", "Diana", "Diana"),
    ],
)
def test_words_are_found_beside_dashes_and_attached_words(
    text: str, words: str, stands: str
) -> None:
    """In many scripts a word is quoted without what is attached to it."""
    assert found(text, words) == [stands]


@pytest.mark.parametrize(
    ("text", "words", "stands"),
    [
        ("one two three four", "one … four", ["one", "four"]),
        ("one two three four", "one […] four", ["one", "four"]),
        ("one two three four", "one [...] four", ["one", "four"]),
        ("one two three four", "one (…) four", ["one", "four"]),
        ("one two three four", "one ... four", ["one", "four"]),
        ("one two three four", "one . . . four", ["one", "four"]),
        ("one two three four", "one…two... four", ["one", "two", "four"]),
        ("one two three four", "… two three …", ["two three"]),
        ("one … four", "one … four", ["one", "four"]),
        ("the U.S. was first", "the U.S. … first", ["the U.S.", "first"]),
        ("one two three four", "four … one", []),
        ("one two one four", "one … two … one", ["one", "two", "one"]),
        ("one two", "one … one", []),
        ("one a b one c two", "one … two", ["one", "two"]),
    ],
)
def test_ellipsis_separates_fragments(text: str, words: str, stands: list[str]) -> None:
    """The fragments must follow each other in the text, whatever is between them."""
    assert found(text, words) == stands


def test_fragments_are_as_near_to_the_last_as_possible() -> None:
    """Of several places for the first fragment, the nearest is chosen."""
    text = "He said no. Later he\nsaid no, and went."
    assert find_words(SourceText(text), "no … went") == ((26, 28), (34, 38))
    assert find_words(SourceText("no, he went, no"), "no … went") == ((0, 2), (7, 11))


def test_search_can_be_limited_to_a_span() -> None:
    """Text before and after the span is ignored."""
    text = SourceText("so it was\nso it is\nso it was")
    assert find_words(text, "it was", text.line(2)) == ()
    assert find_words(text, "it was", text.line(3)) == ((22, 28),)
    assert find_words(text, "so", text.line(3)) == ((19, 21),)


@pytest.mark.parametrize(
    ("at", "start", "is_in_place"),
    [
        ((), 3, True),
        ((None,), 3, True),
        (("the annex",), 3, True),
        (("l. 3",), 22, True),
        (("l. 2",), 3, False),
        (("l. 9",), 3, False),
        (("l. 2", "l. 3"), 22, True),
        (("l. 2", None), 3, True),
    ],
)
def test_words_are_looked_up_in_places_cited_first(
    at: tuple[str | None, ...], start: int, is_in_place: bool
) -> None:
    """Elsewhere they are found too, but not as in place."""
    standing = find_in_places(SourceText("so it was\nso it is\nso it was"), "it was", at)
    assert standing.spans[0][0] == start
    assert standing.is_in_place is is_in_place


def test_fragments_may_be_in_several_places_cited() -> None:
    """Words that continue in another place cited are found across both."""
    text = SourceText("one two\nthree\nfour five")
    assert find_in_places(text, "two … four", ("l. 1", "l. 3")).is_in_place
    assert not find_in_places(text, "two … four", ("l. 1", "l. 2")).is_in_place


def test_missing_words_are_not_in_place() -> None:
    """Even if no place is cited."""
    assert not find_in_places(SourceText("one two"), "three").is_in_place


# Generated texts

WORD = st.text("abcdefghijklmnopqrstuvwxyzéïñßøàΩжÅÇ", min_size=2, max_size=9)
WORDS = st.lists(WORD, min_size=1, max_size=12, unique_by=lambda word: word.casefold())
MARKED = st.sampled_from(["none", "double", "single"])
JOIN = st.sampled_from(["space", "space", "space", "dash"])
FORMS: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(["NFC", "NFD"])
SPACES = st.text(" \t\n\u00a0\u2009\u3000", min_size=1, max_size=3) | st.just("\n\f")
ROOM = st.sampled_from(["", " ", "\u2009", " \n"])


class Typesetter:
    """Sets words each time in another way that makes no difference."""

    def __init__(self, data: st.DataObject, *, breaks_words: bool) -> None:
        self._draw = data.draw
        self._breaks_words = breaks_words

    def word(self, word: str, marked: str) -> str:
        """Typeset a word, in quotation marks if it is marked."""
        word = unicodedata.normalize(self._draw(FORMS), word)
        if self._breaks_words and self._draw(st.booleans()):
            at = self._draw(st.integers(1, len(word) - 1))
            if not unicodedata.combining(word[at]):
                hyphen = self._draw(
                    st.sampled_from(["-\n", "\u00ad\n", "\u00ad", "‐\n  ", "\u200b"])
                )
                word = word[:at] + hyphen + word[at:]
        if marked == "none":
            return word
        if marked == "double" and self._draw(st.booleans()):
            return f"«\u202f{word}\u00a0»"
        marks = st.sampled_from(DOUBLE_MARKS if marked == "double" else SINGLE_MARKS)
        return self._draw(marks) + word + self._draw(marks)

    def join(self, join: str) -> str:
        """Typeset what is between two words."""
        if join == "space":
            return self._draw(SPACES)
        dash = self._draw(st.sampled_from(DASHES))
        return self._draw(ROOM) + dash * self._draw(st.integers(1, 2)) + self._draw(ROOM)


@given(WORDS, st.data())
def test_quotation_is_found_whatever_its_typography(words: list[str], data: st.DataObject) -> None:
    """Words typeset differently in text and quotation are found where they were cut."""
    marked = [data.draw(MARKED) for _ in words]
    joins = [data.draw(JOIN) for _ in words]
    text, spans = "", []
    printed, typed = (Typesetter(data, breaks_words=breaks) for breaks in (True, False))
    for word, marks, join in zip(words, marked, joins, strict=True):
        start = len(text)
        text += printed.word(word, marks)
        spans.append((start, len(text)))
        text += printed.join(join)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quotation = typed.word(words[first], marked[first])
    for at in range(first + 1, last + 1):
        quotation += typed.join(joins[at - 1]) + typed.word(words[at], marked[at])
    [stands] = found(text, quotation)
    start, end = spans[first][0], spans[last][1]
    assert stands == SourceText(text[start:end]).text


ANY_SCRIPT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("ab \n-–“é\u0301ﬁ国한\u00ad2½")
)


def is_between_words(text: str, at: int) -> bool:
    """Return whether a text starts or ends at an offset, or has a space between words there."""
    if at in (0, len(text)):
        return True
    is_hyphenated = re.search(r"\xad\W*\Z", text[:at]) is not None
    following = unicodedata.normalize("NFKD", text[at:].lstrip())
    is_before_mark = following != "" and unicodedata.category(following[0])[0] == "M"
    return text[at].isspace() and not is_hyphenated and not is_before_mark


@given(ANY_SCRIPT, st.data())
def test_any_words_between_spaces_are_found(text: str, data: st.DataObject) -> None:
    """In any script, at their place or before it."""
    source = SourceText(text)
    edges = [at for at in range(len(source.text) + 1) if is_between_words(source.text, at)]
    start = data.draw(st.sampled_from(edges))
    end = data.draw(st.sampled_from([edge for edge in edges if edge >= start]))
    words = source.text[start:end].strip()
    fragments = fragments_of(words)
    if len(fragments) != 1 or unicodedata.category(words[0])[0] == "M":
        return
    [(first, last)] = find_words(source, words)
    assert first < end
    assert Verbatim(source.text[first:last]).folded == fragments[0].folded


@given(WORDS, st.data())
def test_quotation_with_changed_word_is_not_found(words: list[str], data: st.DataObject) -> None:
    """With changed case, a changed word or one left out, nothing is found."""
    text = " ".join(words)
    at = data.draw(st.integers(0, len(words) - 1))
    capital = [*words[:at], words[at].swapcase(), *words[at + 1 :]]
    assert found(text, " ".join(capital)) == []
    other = [*words[:at], f"{words[at]}q", *words[at + 1 :]]
    assert found(text, " ".join(other)) == []
    if 0 < at < len(words) - 1:
        assert found(text, " ".join(words[:at] + words[at + 1 :])) == []


# Nearest words

REPORT = SourceText(
    "The agents seized 21 kilograms of the powder in a warehouse by the river.\n"
    "Nobody was arrested that night, and the lorry was found empty on the next morning.\n"
    "“We are firmly committed to this,” said the spokesman of the agency on Tuesday."
)


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("seized 12 kilograms of the powder",
         "nearest in para 1: “seized 21 kilograms of the powder”"),
        ("the lorry was found on the next morning",
         "nearest in para 2: “the lorry was found empty on the next morning.”"),
        ("we are firmly committed", "nearest in para 3: ““We are firmly committed”"),
        ("Nobody was arested that night", "nearest in para 2: “Nobody was arrested that night,”"),
        ("Nobody … seized", "all its fragments are there, but not in this order"),
        ("Nobody … the spokeswoman of the agency",
         "nearest in para 3: “the spokesman of the agency”"),
        ("entirely different sentences", None),
        ("some in a warehouse, some elsewhere, most of it never seen by anybody at all", None),
        ("x", None),
    ],
)  # fmt: skip
def test_nearest_words_are_shown(words: str, nearest: str | None) -> None:
    """The hint quotes what the text has instead; there is none if nothing is similar."""
    assert find_words(REPORT, words) == ()
    assert nearest_words_hint(REPORT, words) == nearest


def test_long_hint_is_cut_around_the_difference() -> None:
    """If a page differs in one word, the hint shows that word."""
    words = [f"word{number}" for number in range(200)]
    text = SourceText(" ".join(words))
    hint = nearest_words_hint(text, " ".join([*words[:150], "other", *words[151:]]))
    assert hint is not None
    assert "word150" in hint
    assert hint.startswith("nearest in para 1: “…word14")
    assert hint.endswith("…”")
    assert len(hint) < 140


@given(ANY_SCRIPT, ANY_SCRIPT)
def test_nearest_words_are_from_the_text(text: str, words: str) -> None:
    """Whatever is sought, a hint quotes words of the text."""
    source = SourceText(text)
    hint = nearest_words_hint(source, words)
    if hint and hint.startswith("nearest"):
        said = hint.partition(": “")[2].removesuffix("”").strip("…")
        assert said in " ".join(source.text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 50_000, "aa" * 100),
        ("a " * 50_000, "a a a b"),
        ("-" * 50_000, "a-b"),
        ("\u00ad" * 50_000 + "x", "y"),
        (" " * 50_000 + "x", "y"),
        ("'" * 50_000, "'x'"),
        ("e" + "\u0301" * 50_000, "e\u0301"),
        ("1,000," * 30_000, "1"),
        ("x", "[" + " " * 50_000),
        ("x", "." * 50_000),
        ("x", ". " * 30_000),
    ],
)
def test_repetitive_texts_are_searched_quickly(text: str, words: str) -> None:
    """No repetition makes the search take very long."""
    assert found(text, words) == []
    nearest_words_hint(SourceText(text), words)


def test_search_for_long_words_is_limited() -> None:
    """After ten thousands of candidates the search is given up."""
    long = "a" * 2_000
    assert found(f"{'a' * 5_000} {long}", long) == [long]
    assert found(f"{'a' * 15_000} {long}", long) == []


def test_large_place_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many quotations are looked up in it."""
    ready = 0

    class Counting(Verbatim):
        def __init__(self, text: str) -> None:
            nonlocal ready
            ready += len(text)
            super().__init__(text)

    monkeypatch.setattr("casefile.case.sources.source_text.Verbatim", Counting)
    monkeypatch.setattr("casefile.case.sources.quotations.Verbatim", Counting, raising=False)
    pages = [" ".join(f"{page}x{number}" for number in range(2_000)) for page in "abc"]
    text = SourceText("\f".join(pages))
    for number in range(100):
        for page, letter in enumerate("abc", 1):
            words = f"{letter}x{number} {letter}x{number + 1}"
            standing = find_in_places(text, words, (f"p. {page}",))
            assert [text.words(span) for span in standing.spans] == [words]
    assert ready <= 2 * len(text.text)
