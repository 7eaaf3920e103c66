"""The progress and the results of a verification pass."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.relations import cites_of
from casefile.notes.checks import CHECKED, NEEDS_ATTENTION, TO_CHECK, WRONG
from casefile.text.plurals import pluralize
from casefile.views import phrases
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item, Page, Section
from casefile.views.verdicts import check_in_words, verdict_in_words
from casefile.views.verification import Verification


def progress_in_words(open_case: OpenCase, verification: Verification) -> str:
    """Return the progress, as in “23 of 52 done · 3 need attention, 1 wrong, 2 put off”."""
    counts = open_case.checks.counts
    attention, wrong = (counts.verdicts.get(one, 0) for one in (NEEDS_ATTENTION, WRONG))
    parts = (
        f"{attention} need{'s' if attention == 1 else ''} attention" if attention else "",
        f"{wrong} wrong" if wrong else "",
        f"{len(verification.put_off)} put off" if verification.put_off else "",
    )
    findings = ", ".join(filter(None, parts))
    done = f"{counts.assessed:,} of {counts.entries:,} done"
    return f"{done} · {findings}" if findings else done


def why_left(open_case: OpenCase, entry_id: str) -> str:
    """Return why an entry is still to be checked, and where."""
    check = open_case.checks.own(entry_id)
    if check is None:
        why = "never checked"
    elif check.is_stale:
        why = check_in_words(open_case, check)
    else:
        why = verdict_in_words(TO_CHECK)
    return f"{why}; {_where_to_check(open_case, entry_id)}"


def page_of_results(open_case: OpenCase, verification: Verification) -> Page:
    """Return the page at the end of a pass: the counts, what is left and why, and what is wrong."""
    counts = open_case.checks.counts
    left = [*verification.walk.left]
    put_off = [one for one in verification.put_off if one in verification.walk]
    others = [one for one in left if one not in set(put_off)]
    verdicts = (
        f"{count:,} {verdict_in_words(verdict)}"
        for verdict in (CHECKED, NEEDS_ATTENTION, WRONG)
        if (count := counts.verdicts.get(verdict, 0))
    )
    subtitle = f"{counts.assessed:,} of {pluralize(counts.entries, 'entry')} done"
    return Page(
        "",
        "End of the verification pass" if left else "Nothing is left to be checked",
        ": ".join(filter(None, (subtitle, ", ".join(verdicts)))),
        (
            *_left(open_case, "Put off", put_off),
            *_left(open_case, "Left", others),
            *_with_verdict(open_case, verification, WRONG, "Wrong"),
            *_with_verdict(open_case, verification, NEEDS_ATTENTION, "Needs attention"),
        ),
    )


def _left(open_case: OpenCase, heading: str, entries: list[str]) -> Iterator[Section]:
    if entries:
        yield _heading(heading, len(entries))
    for entry in entries:
        why = Item(why_left(open_case, entry), manner="faint")
        yield Section("", (Item(open_case.title(entry), Destination(entry)), why))


def _with_verdict(
    open_case: OpenCase, verification: Verification, verdict: str, heading: str
) -> Iterator[Section]:
    checks = [
        (entry, check)
        for entry in verification.walk.entries
        if (check := open_case.checks.own(entry)) and check.applying_verdict == verdict
    ]
    if checks:
        yield _heading(heading, len(checks))
    for entry, check in checks:
        remark = [Item(check.remark, manner="note")] if check.remark else []
        yield Section("", (Item(open_case.title(entry), Destination(entry)), *remark))


def _heading(heading: str, count: int) -> Section:
    return Section("", (Item(f"{heading}: {count}", manner="heading"),))


def _where_to_check(open_case: OpenCase, entry_id: str) -> str:
    """Return the first source that an entry cites, and whether its text is available."""
    cites = cites_of(open_case.case_file, open_case.case_file.entries[entry_id])
    for cite in cites:
        if source := open_case.case_file.source_of(cite):
            name = ", ".join(filter(None, (phrases.source_name(open_case, source), cite.at)))
            return name if open_case.texts.hash_of(source) else f"{name}, no text at hand"
    return "no source is cited"
