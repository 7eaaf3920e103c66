"""Checking the form of values: of party types, amounts, country codes, languages and such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from casefile.case.amounts import amount_in_words
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import Event, Party, Source
from casefile.case.party_types import PARTY_TYPES, names_by_word
from casefile.case.problem import in_quotes
from casefile.text.suggestions import KnownNames

_COUNTRY = re.compile(r"[A-Z]{2}")
_SHA256 = re.compile(r"\s*(?:sha256:)?[0-9A-Fa-f]{64}\s*")

# RFC 5646, section 2.1, without languages of four or more letters, since none are registered.
_LANGUAGE = re.compile(
    r"""
    (?: [a-z]{2,3} (?:-[a-z]{3}){0,3}          # language, extended language
        (?:-[a-z]{4})?                         # script
        (?:-(?:[a-z]{2}|[0-9]{3}))?            # region
        (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*   # variants
        (?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*   # extensions
        (?:-x(?:-[a-z0-9]{1,8})+)?             # private use
      | x(?:-[a-z0-9]{1,8})+
      | i-[a-z]{3,8}                           # grandfathered
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Figures, and words that say only how exact or how large a number is: those of English.
_FIGURES = re.compile(r"[~≈<>±]?\d[\d.,–-]*+")
_OF_A_NUMBER = re.compile(
    rf"{_FIGURES.pattern}|[~≈<>±]|about|almost|and|approximately|around|at|between|billion|exactly"
    r"|fewer|least|less|million|more|most|nearly|only|or|over|roughly|some|than|thousand|to"
    r"|trillion|under|up"
)

# The beginning of an ISO 8601 duration; anything else is the source's own words.
_MEANT_AS_ISO = re.compile(r"P(?:[0-9T]|$)")
_DURATION = re.compile(
    r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:[.,][0-9]+)?S)?)?"
)


def party_types(inspection: Inspection) -> Iterator[Finding]:
    """Yield parties with a type that is not a known one, with the nearest that is."""
    names = names_by_word()
    words = KnownNames(names)
    for party in inspection.case_file.of(Party):
        if party.type in PARTY_TYPES:
            continue
        near = words.nearest(party.type.casefold())
        hint = f"the nearest is `{names[near]}`" if near else f"known are {', '.join(PARTY_TYPES)}"
        what = f"type: {in_quotes(party.type)} is not a known type of party; {hint}"
        yield inspection.finding("party-type", party.id, ("type",), what)


def bare_numbers(inspection: Inspection) -> Iterator[Finding]:
    """Yield amounts whose text is a number that lacks the noun or symbol of its unit."""
    for entry in inspection.case_file.entries.values():
        for number, amount in enumerate(entry.amounts):
            if amount.unit and _is_bare_number(amount.text or ""):
                composed = amount_in_words(replace(amount, text=None))
                what = (
                    f"amounts: {in_quotes(amount.text or '')} doesn't say of what; write the noun "
                    f"too, as in {in_quotes(composed)}"
                )
                yield inspection.finding("bare-number", entry.id, ("amounts", number), what)


def _is_bare_number(text: str) -> bool:
    words = text.casefold().split()
    return any(map(_FIGURES.fullmatch, words)) and all(map(_OF_A_NUMBER.fullmatch, words))


def country_codes(inspection: Inspection) -> Iterator[Finding]:
    """Yield countries of parties that are not two capital letters (ISO 3166-1 alpha-2)."""
    for party in inspection.case_file.of(Party):
        for key, codes in (("countries", party.countries), ("nationality", party.nationality)):
            for number, code in enumerate(codes):
                if not _COUNTRY.fullmatch(code):
                    upper = code.upper()
                    correct = upper if _COUNTRY.fullmatch(upper) else "one such as CN"
                    what = f"{key}: {in_quotes(code)} is no ISO 3166 country code; write {correct}"
                    yield inspection.finding("country-code", party.id, (key, number), what)


def languages(inspection: Inspection) -> Iterator[Finding]:
    """Yield languages that are not a BCP 47 tag."""
    for entry in inspection.case_file.entries.values():
        if entry.language is not None and not _LANGUAGE.fullmatch(entry.language):
            what = (
                f"language: {in_quotes(entry.language)} is not a BCP 47 language tag; write one "
                "such as en, pt-BR or zh-Hans"
            )
            yield inspection.finding("language-tag", entry.id, ("language",), what)


def is_sha256(text: str) -> bool:
    """Whether `text` has the form of a SHA-256 hash."""
    return _SHA256.fullmatch(text) is not None


def hashes(inspection: Inspection) -> Iterator[Finding]:
    """Yield hashes of sources that are not a SHA-256 hash."""
    for source in inspection.case_file.of(Source):
        if source.sha256 is not None and not is_sha256(source.sha256):
            what = (
                "sha256: a SHA-256 has 64 digits of 0-9 and a-f; write what `sha256sum FILE` prints"
            )
            yield inspection.finding("hash-form", source.id, ("sha256",), what)


def durations(inspection: Inspection) -> Iterator[Finding]:
    """Yield durations that begin like ISO 8601 but are not valid."""
    for event in inspection.case_file.of(Event):
        written = event.duration
        if written and _MEANT_AS_ISO.match(written) and not _DURATION.fullmatch(written):
            what = (
                f"duration: {in_quotes(written)} is not an ISO 8601 duration; write one such as "
                "PT4M10S or P3D, or the source's own words"
            )
            yield inspection.finding("duration-form", event.id, ("duration",), what)
