"""Case files of any size, the same each time: rows such as a researcher of shipments keeps.

python benchmarks/generated_case.py 10000000 > large.toml
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

_SEED = 20171103

_HEAD = """\
format = "casefile/1"

[case]
id = "generated"
title = "Shipments, as a register states them"
source = "register"

[[source]]
id = "register"
title = "A register of shipments"
paragraphs = "line"
"""

_PARTY_TYPES = ("Person", "Organization", "Company", "PublicBody", "Group", "Unknown")
_QUALIFIERS = ("exact", "approximately", "more-than", "at-least")
_UNITS = ("kg", "USD", "EUR", "container", "package")
_STATUS = ("undisputed", "disputed", "alleged", "unverified")
_PLACES = ("Rotterdam", "Guayaquil", "Yantian", "Santos", "Gdańsk", "Πειραιάς", "青岛", "Riga")
_STATEMENTS = (
    "the shipment was declared as spare parts and left under another name",
    "customs opened it after the second scan",
    "nobody could say who had paid the freight",
    "the consignee “did not exist at that address”",
    "the bill of lading names two ports",
    "weights differ between both copies",
    "der Frachtbrief nennt keinen Empfänger",
    "la carga no figura en el manifiesto",
    "货物没有申报",
)


def generated_case(size: int) -> str:
    """Give a case file of at least so many bytes, by less than one entry more."""
    parts = [_HEAD]
    made = len(_HEAD.encode())
    for row in _rows():
        if made >= size:
            break
        parts.append(row)
        made += len(row.encode())
    return "".join(parts)


def _rows() -> Iterator[str]:
    # Not for secrets, but for the same file on every machine.
    chance = random.Random(_SEED)  # noqa: S311
    number = 0
    while True:
        number += 1
        yield (_party, _event, _event, _claim, _seizure)[number % 5](number, chance)


def _party(number: int, chance: random.Random) -> str:
    return f"""
[[party]]
id = "party-{number}"
name = "{chance.choice(_PLACES)} Trading {number}"
type = "{chance.choice(_PARTY_TYPES)}"
aliases = ["RT {number}", "{chance.choice(_PLACES)} {chance.randrange(100)}"]
countries = ["{chance.choice(("NL", "EC", "CN", "BR", "PL", "GR", "LV"))}"]
cites = [{_cite(chance)}]
"""


def _event(number: int, chance: random.Random) -> str:
    return f"""
[[event]]
id = "event-{number}"
title = "Container {chance.randrange(10**7):07} leaves {chance.choice(_PLACES)}"
type = "shipment"
date = "{_day(chance)}"
location = "{chance.choice(_PLACES)}"
by = {{ party = "party-{number // 5 * 5 or 5}", role = "shipper" }}
text = \"\"\"
{_prose(chance)} \\
{_prose(chance)}\"\"\"
amounts = [{_amount(chance)}]
cites = [
    {_cite(chance)},
    {_cite(chance)},
]
"""


def _claim(number: int, chance: random.Random) -> str:
    return f"""
[[claim]]
id = "claim-{number}"
statement = "{_prose(chance)}"
type = "{chance.choice(("fact", "estimate", "allegation"))}"
about = ["event-{number - 1}", "event-{number - 2}"]
status = "{chance.choice(_STATUS)}"
key_figure = {chance.random() * 1000:.2f}
cites = "para {chance.randrange(1, 40)}"
"""


def _seizure(number: int, chance: random.Random) -> str:
    return f"""
[[seizure]]
id = "seizure-{number}"
item = "{_prose(chance)}"
event = "event-{number - 3}"
from = ["party-{number // 5 * 5 or 5}"]
date = {_day(chance)}
amounts = [{_amount(chance)}, {{ text = "significant quantities" }}]
tags = ["{chance.choice(_PLACES)}", "to check"]
cites = [{_cite(chance)}]
"""


def _day(chance: random.Random) -> str:
    year, month, day = (
        chance.randrange(1990, 2026),
        chance.randrange(1, 13),
        chance.randrange(1, 29),
    )
    return f"{year}-{month:02}-{day:02}"


def _cite(chance: random.Random) -> str:
    return f'{{ at = "para {chance.randrange(1, 400)}", quote = "{chance.choice(_STATEMENTS)}" }}'


def _amount(chance: random.Random) -> str:
    measured = f"{chance.randrange(1, 10**6)}", chance.choice(_UNITS)
    said = f'value = {measured[0]}, unit = "{measured[1]}", text = "{" ".join(measured)}"'
    return f'{{ {said}, qualifier = "{chance.choice(_QUALIFIERS)}" }}'


def _prose(chance: random.Random) -> str:
    return "; ".join(chance.sample(_STATEMENTS, 3))


if __name__ == "__main__":
    sys.stdout.write(generated_case(int(sys.argv[1])))
