"""The types of parties that are known: most are words of the FollowTheMoney model.

Any other type may be written too; `check` warns of it, since it may be a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from casefile.text.logical_lines import logical_lines

UNKNOWN = "Unknown"
"""The type of a party of which no source says what it is."""

# A line for each type: its name, what it is, and other words for it.
_TYPES = """
Person | A human being. | man, woman, individual, human
Group | Several people or bodies without names of their own. | people, gang, family
Organization | A body with members or staff that is neither a company nor an authority. |
    association, club, charity, foundation, union, cartel
Company | A business. | firm, business, corporation, enterprise, bank, insurer
LegalEntity | A person or a company: the source leaves open which. | entity, trust
PublicBody | An authority: a ministry, a court, a police force, a port authority. |
    authority, agency, ministry, court, police, bureau, office, committee
State | A country that acts: its government is the same party. | country, nation, government
Vessel | A ship or boat. | ship, boat, yacht, tanker
Vehicle | A car, lorry or train. | car, lorry, truck, van, motorcycle, train
Airplane | An aeroplane or helicopter. | aeroplane, aircraft, plane, helicopter
BankAccount | An account at a bank. | account
CryptoWallet | An address or wallet of a cryptocurrency. | wallet, bitcoin
UserAccount | An account with a service, such as an e-mail address or a channel. |
    e-mail, email, channel, profile, user, username, website
Phone | A telephone, or the number of one. | telephone, mobile, cellphone
RealEstate | Land, a building or a part of one. | house, land, property, building, flat
Asset | Any other thing of value, such as shares, a mine or a patent. | thing, shares
Unknown | It may be any of these: the source does not say. | other
"""


class PartyKind(msgspec.Struct, frozen=True):
    """A type that a party may have."""

    name: str
    what: str
    """What such a party is, in a sentence."""
    also: tuple[str, ...]
    """Other words for it, in lower case."""

    @property
    def words(self) -> str:
        """The name in plain words, as in “bank account”."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name).lower()


def _kinds() -> Iterator[PartyKind]:
    for line in logical_lines(_TYPES):
        name, what, also = line.split(" | ")
        yield PartyKind(name, what, tuple(also.split(", ")))


PARTY_TYPES = {kind.name: kind for kind in _kinds()}
"""The known types by name, in the order in which they are offered."""


def party_type_in_words(name: str) -> str:
    """Return a known type in plain words, and any other as it is written."""
    kind = PARTY_TYPES.get(name)
    return kind.words if kind else name


def names_by_word() -> dict[str, str]:
    """Return the name of the type that each word may mean, by the word in lower case."""
    other = {word: kind.name for kind in PARTY_TYPES.values() for word in kind.also}
    joined = {kind.words.replace(" ", ""): kind.name for kind in PARTY_TYPES.values()}
    return other | joined | {kind.words: kind.name for kind in PARTY_TYPES.values()}
