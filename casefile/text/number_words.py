"""Numbers in English words and in Roman numerals."""

from __future__ import annotations

ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
"""The numbers from 1 to 19 in words."""
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ROMAN = (("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4))
_ROMAN_NUMERALS = (*_ROMAN, ("I", 1))

_LONGEST_FIRST = sorted(ONES, key=len, reverse=True)
NUMBER_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(ONES[:9])}))?|{'|'.join(_LONGEST_FIRST)})"
)
"""The pattern of a number from 1 to 99 in words."""


def number_from_words(written: str) -> int | None:
    """Return a number written in digits, words or Roman numerals; None if it is none of these."""
    if written.isdecimal():
        return int(written)
    words = written.lower().replace("-", " ").split()
    if words and all(word in ONES or word in _TENS for word in words):
        return sum(_word_value(word) for word in words)
    return _roman_value(written)


def roman_numeral(number: int) -> str:
    """Return a number from 1 as a Roman numeral in capitals."""
    numeral = ""
    for letters, value in _ROMAN_NUMERALS:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


def _word_value(word: str) -> int:
    return ONES.index(word) + 1 if word in ONES else (_TENS.index(word) + 2) * 10


def _roman_value(written: str) -> int | None:
    """Return the value of a Roman numeral, or None if it is not written as one."""
    value, rest = 0, written
    for letters, worth in _ROMAN_NUMERALS:
        while rest.startswith(letters):
            value, rest = value + worth, rest[len(letters) :]
    return value if value and roman_numeral(value) == written else None
