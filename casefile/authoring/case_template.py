"""The commented example that a new case file starts from."""

from __future__ import annotations

from casefile.authoring.toml_text import basic_string

_CASE_ID = "CASE-ID"

_EXAMPLE = """\
#:schema ./casefile-1.schema.json

# The line above lets an editor that knows TOML schemas check while you type, once
# `casefile schema > casefile-1.schema.json` has made that file beside this one.
#
# A case file says what happened, who was involved, and where each of these is stated. What
# follows is an example: write over it, copy its tables, delete what you don't need. Every
# entry has an id of its own (a-z, 0-9 and -), by which others name it, and `cites`, which say
# in which source it is stated and where. `text` is your own prose.

format = "casefile/1"

[case]
id = CASE-ID  # your notes are kept under it: settle it now, and keep it
title = "Cigarettes on the evening ferry"
text = "What the case is about, in your own words."
source = "report"  # what is meant by a cite that names no source
cites = ["para 1"]


# Sources: the documents. A title of your own goes in [brackets].

[[source]]
id = "report"
title = "[Example News report on the ferry]"
type = "news report"
publisher = "Example News"
published = "2024-03-16"
# url = "https://example.org/ferry"
# file = "report.txt"  # its text, beside this file: `check` then looks up every quotation in it

[[source]]
id = "release"
title = "Lorry stopped at the ferry"
type = "press release"
publisher = "Harbour Customs"

[[source]]
id = "register"
title = "Extract from the company register"
type = "register"


# Parties: everybody with a part in the case, the unnamed too. The type is Person, Group (several
# unnamed), Organization, Company, PublicBody, State, Vessel, Phone or another of the format's.

[[party]]
id = "customs"
name = "Harbour Customs"
type = "PublicBody"
cites = ["para 2"]

[[party]]
id = "driver"
name = "The lorry's driver"
name_kind = "description"  # or name, which is meant where this is left out, or alias
type = "Person"
text = "Not named. Whose driver this is, only customs say."
cites = ["para 2", "para 3"]

[[party]]
id = "northgate"
name = "Northgate Freight"
type = "Company"
cites = ["register, p. 1"]


# Events: what happened, each with its date as far as it is known.
#
#   "2024-03-14"  "2024-03"  "2024"     a day, a month, a year
#   "2024-03-14T21:40"                  a minute; +01:00 may follow
#   "2024-03~"  "2024-03?"              about March; probably March
#   "2024-03-14/2024-03-16"             all the time from one to the other
#   "[2024-03-14..2024-03-16]"          once, somewhere between
#   "[2024-03..]"  "[..2024-03]"        once, in March or later; or earlier
#   "2024-03/.."                        since March, and still going on
#
# If nothing is known, leave `date` out, and say what the event follows or precedes.

[[event]]
id = "stop"
title = "Customs stop a lorry at the ferry"
date = "2024-03-14T21:40"
date_text = "shortly after 9.40 p.m. on Thursday"  # the source's own words
location = "ferry terminal"
by = "customs"  # who did it
involved = [{ party = "driver", role = "arrested" }]  # everybody else
key = true  # one of the few that the case turns on
text = "The report does not say what made them stop this lorry."
cites = [
    { at = "para 2", quote = "shortly after 9.40 p.m.", field = "date" },  # the words relied on
    "release, para 1",  # a key event rests on two sources
]

[[event]]
id = "search"
title = "Customs search the company's warehouse"
follows = "stop"  # no date is given: the timeline puts it after this event
by = "customs"
involved = { party = "northgate", role = "searched" }
cites = ["para 4"]


# Seizures: what was taken, and how much. `text` holds the source's words for an amount; leave the
# numbers out where it gives none. The qualifier is exact, approximately, more-than, at-least,
# less-than, at-most, between (with min and max) or unknown.

[[seizure]]
id = "cigarettes"
item = "Cigarettes"
event = "stop"  # date, place and `by` are the event's
from = "driver"
amounts = [
    { value = 300, unit = "kg", qualifier = "more-than", text = "over 300 kilos" },
    { value = 90000, unit = "EUR", qualifier = "approximately", text = "some €90,000" },
]
cites = ["para 3"]


# Quotes: what somebody said, word for word, without the quotation marks around it.

[[quote]]
id = "quote-northgate"
speaker = "northgate"
words = "That lorry is not ours."
cites = ["para 5"]


# Claims: what somebody states and a reader should check. The type is fact, estimate, evaluation,
# allegation or undertaking; the status undisputed, disputed, alleged, unverified or announced.

[[claim]]
id = "lorry-not-theirs"
statement = "The lorry does not belong to Northgate Freight"
type = "fact"
in_quote = "quote-northgate"  # who claims it, and where, is the quote's
about = "northgate"
status = "disputed"
issues = ["whose-lorry"]
cites = ["para 5", { source = "register", at = "p. 2", stance = "contradicts" }]


# Links: how two entries belong together, read as subject, role, object.

[[link]]
id = "link-driver"
subject = "driver"
role = "said to work for"
object = "northgate"
cites = ["para 3"]


# Issues: open questions, which entries name in `issues`.

[[issue]]
id = "whose-lorry"
title = "Whose lorry is it?"
cites = ["para 5", "register, p. 2"]
"""


def new_case_text(case_id: str) -> str:
    """Return the TOML of a small valid case with this id."""
    return _EXAMPLE.replace(_CASE_ID, basic_string(case_id))
