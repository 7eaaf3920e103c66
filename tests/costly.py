"""Texts that cost a parser up to a thousand times their size, by name: valid TOML, and JSON."""

from __future__ import annotations

from collections.abc import Mapping


def _many(pattern: str, times: int) -> str:
    return "".join(pattern.replace("%d", str(number)) for number in range(times))


def _nested(before: str, opening: str, closing: str) -> str:
    return before + opening * 300 + "1" + closing * 300


_DEEP = ".a" * 900

COSTLY: Mapping[str, str] = {
    "keys of 900 parts": _many(f"y%d{_DEEP} = 1\n", 1000),
    "quoted keys of 900 parts": _many("y%d" + ' . "a.b"' * 300 + " .'='" * 600 + " = 1\n", 200),
    "a key of 40,000 parts": "y" + ".a" * 40_000 + " = 1\n",
    "keys under a header of 900 parts": f"[y{_DEEP}]\n" + _many("k%d = 1\n", 20_000),
    "headers of 900 parts": _many(f"[y%d{_DEEP}]\n", 1000),
    "rows of 900 parts": _many(f"[[y%d{_DEEP}]]\n", 1000),
    "keys of 30 parts": _many("y%d" + ".a" * 29 + " = []\n", 10_000),
    "keys of 900 parts in a line": "y = {" + _many(f"y%d{_DEEP} = 1,", 200) + "z = 1}\n",
    "100,000 tables": _many("[t%d]\n", 100_000),
    "100,000 empty lists": _many("k%d = []\n", 100_000),
    "300,000 numbers": "y = [" + "1, " * 300_000 + "]\n",
    "300,000 texts": "y = [" + '"", ' * 300_000 + "]\n",
    "300,000 lists": "y = [" + "[], " * 300_000 + "]\n",
    "300,000 comments": "#\n" * 300_000,
    "lists 300 deep": _nested("y = ", "[", "]") + "\n",
    "tables 300 deep": _nested("y = ", "{ a = ", " }") + "\n",
    "a number of a million digits": "y = 0x" + "f" * 1_000_000 + "\n",
    "a fraction of a million digits": "y = 0." + "9_9" * 333_333 + "\n",
}

COSTLY_JSON: Mapping[str, str] = {
    "300,000 lists": '{"y":[' + "[]," * 300_000 + "0]}",
    "300,000 texts": '{"y":[' + '"",' * 300_000 + "0]}",
    "100,000 tables": "{" + _many('"k%d":{},', 100_000) + '"y":0}',
    "lists 300 deep": _nested('{"y":', "[", "]") + "}",
    "a fraction of a million digits": '{"y":0.' + "9" * 1_000_000 + "}",
}
