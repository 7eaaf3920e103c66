"""What a verification pass came to: how many of each verdict, what is left, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casefile.case.relations import cites_of
from casefile.notes.checks import CHECKED, NEEDS_ATTENTION, TO_CHECK, WRONG, Check
from casefile.text.plurals import counted
from casefile.views import phrases
from casefile.views.evidence import has_text
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item, Page, Section
from casefile.views.verdicts import check_in_words, verdict_in_words
from casefile.views.verification import Verification


def progress_in_words(open_case: OpenCase, verification: Verification) -> str:
    """Give how far a pass has come: "23 of 52 done · 3 need attention, 1 wrong, 2 put off"."""
    tally = open_case.checks.tally
    attention, wrong = (tally.verdicts.get(one, 0) for one in (NEEDS_ATTENTION, WRONG))
    told = (
        f"{attention} need{'s' if attention == 1 else ''} attention" if attention else "",
        f"{wrong} wrong" if wrong else "",
        f"{len(verification.put_off)} put off" if verification.put_off else "",
    )
    said = ", ".join(filter(None, told))
    done = f"{tally.assessed:,} of {tally.entries:,} done"
    return f"{done} · {said}" if said else done


def why_left(open_case: OpenCase, entry_id: str) -> str:
    """Say why an entry is left, and what stands in the way of checking it."""
    check = open_case.checks.own(entry_id)
    if check is None:
        why = "never checked"
    elif check.is_stale:
        why = check_in_words(open_case, check)
    else:
        why = verdict_in_words(TO_CHECK)
    return f"{why}; {_at_hand(open_case, entry_id)}"


def page_of_outcome(open_case: OpenCase, verification: Verification) -> Page:
    """Give what a pass came to: the verdicts, what is left, what was put off first, and why."""
    tally = open_case.checks.tally
    left = [*verification.walk.left]
    put_off = [one for one in verification.put_off if one in verification.walk]
    others = [one for one in left if one not in set(put_off)]
    verdicts = (
        f"{count:,} {verdict_in_words(verdict)}"
        for verdict in (CHECKED, NEEDS_ATTENTION, WRONG)
        if (count := tally.verdicts.get(verdict, 0))
    )
    subtitle = f"{tally.assessed:,} of {counted(tally.entries, 'entry')} done"
    return Page(
        "",
        "The pass is at its end" if left else "Nothing is left to be checked",
        ": ".join(filter(None, (subtitle, ", ".join(verdicts)))),
        (
            *_listed(open_case, "Put off", put_off),
            *_listed(open_case, "Left", others),
            *_found(open_case, verification, WRONG, "Wrong"),
            *_found(open_case, verification, NEEDS_ATTENTION, "Needs attention"),
        ),
    )


def _listed(open_case: OpenCase, heading: str, entries: list[str]) -> Iterator[Section]:
    if entries:
        yield _heading(heading, entries)
    for entry in entries:
        why = Item(why_left(open_case, entry), manner="faint")
        yield Section("", (Item(open_case.title(entry), Destination(entry)), why))


def _found(
    open_case: OpenCase, verification: Verification, verdict: str, heading: str
) -> Iterator[Section]:
    found = [
        (entry, check)
        for entry in verification.walk.entries
        if (check := open_case.checks.own(entry)) and check.stands == verdict
    ]
    if found:
        yield _heading(heading, found)
    for entry, check in found:
        yield Section("", (Item(open_case.title(entry), Destination(entry)), *_remark(check)))


def _heading(heading: str, several: Iterable[object]) -> Section:
    return Section("", (Item(f"{heading}: {len([*several])}", manner="heading"),))


def _remark(check: Check) -> Iterator[Item]:
    if check.remark:
        yield Item(check.remark, manner="note")


def _at_hand(open_case: OpenCase, entry_id: str) -> str:
    """Give where an entry is to be checked, and whether the text of that is at hand."""
    cites = cites_of(open_case.case_file, open_case.case_file.entries[entry_id])
    for cite in cites:
        if source := open_case.case_file.source_of(cite):
            name = ", ".join(filter(None, (phrases.source_name(open_case, source), cite.at)))
            return name if has_text(open_case, source) else f"{name}, no text at hand"
    return "no source is cited"
