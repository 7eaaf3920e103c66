"""The tests of other EDTF parsers as an oracle: what differs from them is listed with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from casefile.case.dating.date_error import DateError
from casefile.case.dating.edtf import parse

DATA: dict[str, Any] = tomli.loads(Path(__file__).with_name("edtf_suites.toml").read_text("utf-8"))
SUITES = {suite["name"]: suite for suite in DATA["suite"]}


def is_taken(written: str) -> bool:
    """Return whether a case file may have this date."""
    try:
        parse(written)
    except DateError:
        return False
    return True


def listed(suite: str) -> list[str]:
    """Return the strings that are listed as different from a suite's verdict, by any reason."""
    return [written for one in DATA["difference"] for written in one.get(suite, ())]


@pytest.mark.parametrize("name", SUITES)
def test_differences_from_other_parsers_are_those_that_are_listed(name: str) -> None:
    """A string that is treated differently is listed with a reason, and no other string is."""
    suite = SUITES[name]
    differing = {
        *(written for written in suite["valid"] if not is_taken(written)),
        *(written for written in suite["invalid"] if is_taken(written)),
    }
    assert differing - {*listed(name)} == set()
    assert {*listed(name)} - differing == set()


@pytest.mark.parametrize("name", SUITES)
def test_each_string_has_one_verdict_and_at_most_one_reason(name: str) -> None:
    """No string is listed twice."""
    suite = SUITES[name]
    for strings in ([*suite["valid"], *suite["invalid"]], listed(name)):
        assert len(strings) == len(set(strings))


@pytest.mark.parametrize("name", SUITES)
def test_text_around_a_date_is_refused(name: str) -> None:
    """A valid string with letters before or after it is no date."""
    suite = SUITES[name]
    for affix in suite.get("invalid_affixes", ()):
        assert not [one for one in suite["valid"] if is_taken(affix.format(one))]


def test_every_reason_is_given_for_a_suite_that_there_is() -> None:
    """A difference has a reason, and strings of the suites."""
    assert {name for one in DATA["difference"] for name in one} == {"reason", *SUITES}
    assert all(one["reason"] and len(one) > 1 for one in DATA["difference"])
