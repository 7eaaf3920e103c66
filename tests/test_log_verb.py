"""`casefile log` and `casefile note add`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from readers import TARGET, Colleague, Run, anna, run
from small_cases import write_case

from casefile.cli import note_add
from casefile.notes import forgetting
from casefile.notes.annotation import target_of

__all__ = ["anna", "run"]


def actions(run: Run, reader: Colleague, *words: str) -> list[str]:
    """Return what was done, from each line of the log."""
    _, out, _ = run(reader, "log", "demo", *words)
    return [line.split(": ", 1)[1].split(", on ")[0] for line in out.splitlines()]


def test_log_lists_every_revision(run: Run, anna: Colleague) -> None:
    """In plain words, the oldest first, deleted notes included."""
    first = anna.write("one")
    anna.notebook.keep_edit(first.id, "two", TARGET)
    anna.notebook.delete(first.id)
    anna.notebook.undo()
    for verdict in ("checked", "needs-attention", "wrong", "to-check"):
        anna.notebook.assess("arrests", verdict, TARGET)
    star = anna.notebook.star("arrests", TARGET)
    anna.notebook.delete(star.id)
    tags = anna.notebook.keep_new("arrests", "", TARGET, motivation="tagging", tags=["x", "y"])
    anna.notebook.keep_edit(tags.id, "", TARGET, tags=["y", "z"])
    anna.notebook.keep_edit(first.id, "two", target_of("Tip", {}), entry="tip")
    note = anna.notebook.note(first.id)
    assert note is not None
    anna.notebook.keep_edit(first.id, "three", TARGET, parents=[note.history[-2].hash])
    anna.notebook.keep_edit(first.id, "four", TARGET)
    assert actions(run, anna) == [
        "new note",
        "note edited",
        "note deleted",
        "undone: note deleted",
        "checked",
        "needs attention",
        "wrong",
        "to check again",
        "starred",
        "star removed",
        "tags +x +y",
        "tags +z -x",
        "note moved here from arrests",
        "note edited",
        "joined two texts",
    ]


def test_log_line_identifies_the_revision(run: Run, anna: Colleague) -> None:
    """A line has the time, the author, the action, the entry and the id."""
    kept = anna.write("one")
    code, out, err = run(anna, "log", "demo")
    when = f"{kept.modified.astimezone():%-d %b %Y %H:%M}"
    named = f"({kept.id[:8]}.1 {kept.hash[7:15]})"
    assert (code, err) == (0, "")
    assert out == f"{when}, anna: new note, on arrests: Arrests {named}\n"
    data = json.loads(run(anna, "log", "demo", "--format", "jsonl")[1])
    assert (data["done"], data["hash"], data["deleted"]) == ("new note", kept.hash, False)


def test_log_of_one_entry(run: Run, anna: Colleague) -> None:
    """Lists notes that are or were on the entry; an unknown entry is refused."""
    first = anna.write("one")
    anna.notebook.keep_edit(first.id, "one", target_of("Tip", {}), entry="tip")
    assert len(actions(run, anna, "arrests")) == 2
    assert len(actions(run, anna, "tip")) == 2
    assert run(anna, "log", "demo", "demo") == (0, "", "")
    code, _, err = run(anna, "log", "demo", "arests")
    assert (code, err) == (
        2,
        "There is no entry “arests” in this case; the nearest is “arrests”.\n",
    )


def test_log_leaves_out_private_revisions(run: Run, anna: Colleague) -> None:
    """So are those that only private ones follow, as in a pack; the number left out is printed."""
    first = anna.write("CANARY")
    anna.notebook.keep_edit(first.id, "two", TARGET, tags=["secret"], private=True)
    anna.notebook.keep_edit(first.id, "two", TARGET, tags=[], private=False)
    hidden = anna.write("once open")
    anna.notebook.keep_edit(hidden.id, "hidden", TARGET, private=True)
    _, out, err = run(anna, "log", "demo")
    assert "secret" not in out
    assert len(out.splitlines()) == 1
    assert err == "4 private revisions left out; --private prints them.\n"
    assert "CANARY" not in run(anna, "log", "demo", "--format", "jsonl")[1]
    assert actions(run, anna, "--private") == [
        "new note",
        "note edited, tags +secret, made private",
        "tags -secret, made public",
        "new note",
        "note edited, made private",
    ]


# Adding


def test_note_add_reads_standard_input(run: Run, anna: Colleague) -> None:
    """The id is printed; the line break at the end is not part of the note."""
    code, out, err = run(anna, "note", "add", "demo", "arrests", given="Größe\nzwei\n".encode())
    assert (code, err) == (0, "")
    (note,) = anna.notebook.notes
    assert out == f"{note.id}\n"
    assert (note.current.body, note.current.entry) == ("Größe\nzwei", "arrests")
    assert note.current.target.label == "Event arrests"
    _, listed, _ = run(anna, "notes", "demo")
    assert "earlier version" not in listed


def test_note_add_options(run: Run, anna: Colleague) -> None:
    """Tags, --private, and a reply to another note by the start of its id."""
    first = anna.write("one")
    code, _, _ = run(
        anna, "note", "add", "demo", "tip", "--tag", "a", "--tag", "b c", "--private",
        "--reply-to", first.id[:8], given=b"two",
    )  # fmt: skip
    text = anna.notebook.notes[-1].current
    assert code == 0
    assert (text.tags, text.private, text.motivation) == (("a", "b c"), True, "replying")
    assert text.reply_to == first.id
    for named in ("1234567", "00000000", first.id[:7]):
        words = ["note", "add", "demo", "tip", "--reply-to", named]
        assert run(anna, *words, given=b"x")[0] == 2
    assert len(anna.notebook.notes) == 2


def typed_after(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let the text of `note add` be `> one`, and come after something was done elsewhere."""

    def read(_limit: int, _too_large: str) -> bytes:
        act()
        return b"> one"

    monkeypatch.setattr(note_add, "read_standard_input", read)


def forget(reader: Colleague, note_id: str) -> None:
    """Forget a note, as by another terminal."""
    for trace in forgetting.traces_of(reader.places, note_id, reader.name):
        assert [why for _, why in forgetting.forget(trace)] == [""]


def test_reply_is_private_if_its_note_became_so_while_it_was_typed(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`note add` decides by the notes as they are once it has the text."""
    first = anna.write("one")
    typed_after(monkeypatch, lambda: anna.notebook.make_private(first.id, private=True))
    code, out, _ = run(anna, "note", "add", "demo", "tip", "--reply-to", first.id)
    reply = anna.notebook.note(out.strip())
    assert (code, reply is not None and reply.private) == (0, True)


def test_what_is_forgotten_while_a_text_is_typed_is_not_written_again(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check becomes a new one with the text alone; a reply, which has the id, is not kept."""
    monkeypatch.setenv("LOGNAME", "anna")
    first = anna.notebook.assess("tip", "wrong", TARGET, body="one")
    typed_after(monkeypatch, lambda: forget(anna, first.id))
    code, out, _ = run(anna, "note", "add", "demo", "tip", "--check", "wrong")
    (check,) = anna.notebook.notes
    assert (code, out) == (0, f"{check.id}\n")
    assert (check.id != first.id, len(check.history)) == (True, 1)
    second = anna.write("one")
    typed_after(monkeypatch, lambda: forget(anna, second.id))
    code, out, err = run(anna, "note", "add", "demo", "tip", "--reply-to", second.id)
    assert (code, out, err) == (1, "", "Not kept: the note that it answers is no longer there\n")
    assert [note.id for note in anna.notebook.notes] == [check.id]


def test_second_check_or_star_revises_the_first(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another check or star on an entry is a revision; neither needs text."""
    monkeypatch.setenv("LOGNAME", "anna")
    for verdict, text in (("wrong", b""), ("needs-attention", b"Odd.\r\n"), ("checked", b"")):
        code, _, _ = run(anna, "note", "add", "demo", "tip", "--check", verdict, given=text)
        assert code == 0
    for text in (b"why", b""):
        run(anna, "note", "add", "demo", "tip", "--star", given=text)
    check, star = anna.notebook.notes
    assert [(kept.value, kept.body) for kept in check.history] == [
        ("wrong", ""),
        ("needs-attention", "Odd."),
        ("checked", ""),
    ]
    assert [kept.body for kept in star.history] == ["why", "why"]


def test_repeated_verdict_keeps_its_remark(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the screen, repeating a verdict without text does not drop the remark."""
    monkeypatch.setenv("LOGNAME", "anna")
    for text in (b"It was 22.", b"", b"It was 23."):
        run(anna, "note", "add", "demo", "tip", "--check", "wrong", given=text)
    (check,) = anna.notebook.notes
    assert [kept.body for kept in check.history] == ["It was 22.", "It was 22.", "It was 23."]


def test_verdict_on_check_in_two_texts_keeps_both(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remarks are joined, and a text that is given is added to them."""
    monkeypatch.setenv("LOGNAME", "anna")
    first = anna.notebook.assess("tip", "wrong", TARGET)
    for words in ("It was 22.", "It was 23."):
        anna.notebook.keep_edit(first.id, words, TARGET, parents=[first.hash])
    run(anna, "note", "add", "demo", "tip", "--check", "checked", given=b"It was 24.")
    anna.notebook.refresh()
    (check,) = anna.notebook.notes
    assert [(kept.value, kept.body) for kept in check.heads] == [
        ("checked", "It was 22.\n\nIt was 23.\n\nIt was 24.")
    ]


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (["demo", "tipp"], b"x", "There is no entry “tipp” in this case; the nearest is “tip”."),
        (["demo", "tip"], b" \n", "The note has no text; write it to standard input."),
        (["demo", "tip"], b"\xff", "Standard input is not UTF-8 text."),
        (["demo", "tip"], b"x" * 16_777_217, "Standard input is larger than the limit of"),
        (["demo", "tip", "--check", "fine"], b"", "usage: casefile note add"),
        (["demo", "tip", "--tag", " "], b"x", "usage: casefile note add"),
        (["demo", "tip", "--check", "wrong", "--star"], b"x", "usage: casefile note add"),
    ],
)
def test_invalid_note_is_refused(
    run: Run, anna: Colleague, words: list[str], given: bytes, told: str
) -> None:
    """Nothing is kept."""
    code, _, err = run(anna, "note", "add", *words, given=given)
    assert (code, err.startswith(told)) == (2, True), err
    assert not anna.home.exists()


def test_text_too_long_for_a_note_is_refused(run: Run, anna: Colleague) -> None:
    """In the words of the editor on the screen; nothing is kept."""
    code, out, err = run(anna, "note", "add", "demo", "tip", given=b"x" * 1_572_867)
    assert (code, out) == (1, "")
    assert err == "Not kept: the text is 3 bytes too long for a note\n"
    assert not anna.home.exists()


def test_note_on_very_large_entry_is_kept(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """Its row has no room in the note; a later change of it is told, but not what has changed."""
    text = "y" * 3_000_000
    rows = '[[event]]\nid = "vast"\ntitle = "{}"\ntext = "{}"\n'
    case = write_case(tmp_path / "cases" / "large.toml", rows.format("A", text), case_id="large")
    code, _, err = run(anna, "note", "add", case, "vast", "--check", "checked", given=b"Read.")
    assert (code, err) == (0, "")
    run(anna, "note", "add", case, "vast", given=b"All of it.")
    write_case(case, rows.format("B", text), case_id="large")
    _, out, _ = run(anna, "show", case, "vast", "--notes")
    assert "to check again (was checked" in out
    assert "on an earlier version of the entry; how it was then is not in the note" in out


def test_failed_save_is_reported(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """The reason is printed, and no id."""
    anna.home.write_text("in the way")
    code, out, err = run(anna, "note", "add", "demo", "tip", given=b"x")
    assert (code, out) == (1, "")
    assert err.startswith("Not kept: ")
    assert str(tmp_path) in err
