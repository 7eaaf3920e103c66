"""TOML that is made to hurt its reader: too deep, too long, too many, or no text at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "a dotted key of 80 kB": lambda: b"a." * 40_000 + b"a = 1\n",
    "a dotted table name of 80 kB": lambda: b"[" + b"a." * 40_000 + b"a]\n",
    "1,000 table names of 2 kB, one in the other": lambda: _many(
        b"[" + b"a." * 1000 + b"t%d]\n", 1000
    ),
    "500 nested arrays": lambda: _nested(b"[", b"]", 500),
    "100,000 nested arrays": lambda: _nested(b"[", b"]", 100_000),
    "500 nested inline tables": lambda: _nested(b"{a=", b"}", 500),
    "100,000 nested inline tables": lambda: _nested(b"{a=", b"}", 100_000),
    "an array of tables in itself, 2,000 deep": lambda: b"[[" + b"a." * 2000 + b"a]]\n",
    "a hexadecimal number of a million digits": lambda: b"a = 0x" + b"f" * 1_000_000 + b"\n",
    "a decimal number of a million digits": lambda: b"a = " + b"9" * 1_000_000 + b"\n",
    "a fraction of a million digits": lambda: b"a = 0." + b"9" * 1_000_000 + b"\n",
    "a string of 10 MB": lambda: b'a = "' + b"x" * 10_000_000 + b'"\n',
    "a string of 10 MB that never ends": lambda: b'a = """' + b"x\n" * 5_000_000,
    "10 MB of escapes in a string": lambda: b'a = "' + rb"\u00e9" * 1_666_666 + b'"\n',
    "100,000 tables": lambda: _many(b"[t%d]\na = 1\n"),
    "100,000 rows of one table": lambda: b"[[t]]\na = 1\n" * 100_000,
    "100,000 rows, each with a table in it": lambda: b"[[t]]\n[t.u]\na = 1\n" * 100_000,
    "100,000 keys in an inline table": lambda: b"a = {" + _many(b"k%d = 1, ") + b"k = 1}\n",
    "100,000 keys, all the same": lambda: b"a = 1\n" * 100_000,
    "an array of a million numbers": lambda: b"a = [" + b"1," * 1_000_000 + b"]\n",
    "10 MB of one comment": lambda: b"#" + b"x" * 10_000_000 + b"\n",
    "a byte order mark": lambda: b"\xef\xbb\xbfa = 1\n",
    "NUL in a string": lambda: b'a = "\x00"\n',
    "half of a surrogate pair, escaped": lambda: rb'a = "\ud800"' + b"\n",
    "half of a surrogate pair as bytes": lambda: b'a = "\xed\xa0\x80"\n',
    "UTF-16": lambda: "a = 1\n".encode("utf-16"),
    "bare carriage returns": lambda: b"a = 1\rb = 2\r",
}
"""Each made only when it is asked for; some hold megabytes."""


def _nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    return b"a = " + opening * depth + b"1" + closing * depth + b"\n"


def _many(pattern: bytes, times: int = 100_000) -> bytes:
    return b"".join(pattern % number for number in range(times))
