"""`casefile notes`: printing, packing, merging and forgetting notes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from hostile_cases import ATTACK, MARKUP, acting
from msgspec.structs import replace
from readers import TARGET, Colleague, Run, anna, ben, run
from small_cases import events, write_case
from terminal import Terminal, readers_environment

from casefile.cli import notes_forget, notes_merge
from casefile.notes.annotation import encode, file_name, target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import open_notebook

__all__ = ["anna", "ben", "run"]


def answer_yes_after(
    monkeypatch: pytest.MonkeyPatch, verb: ModuleType, act: Callable[[], object]
) -> list[str]:
    """Let each question of a verb be agreed to after something was done; return what it shows."""
    asked: list[str] = []

    def agree(preview: Iterable[str], question: str, refusal: str) -> None:
        asked.append("\n".join((*preview, question, refusal)))
        act()

    monkeypatch.setattr(verb, "require_consent", agree)
    return asked


def hostile(reader: Colleague) -> None:
    """Keep a note with hostile text in every field."""
    words = f"{MARKUP} {ATTACK} end\r\nnext\rlast"
    kept = reader.write("one")
    bad = replace(
        kept,
        body=words,
        author=words[:150],
        tags=(words[:150],),
        motivation=words[:150],
        value=words[:150],
        target=target_of(words, {"id": "arrests", "title": words}, about=words),
        extra={words[:50]: words},
        parents=(kept.hash,),
        rev=2,
    )
    data = encode(bad)
    (reader.folder / file_name(bad.id, 2, data)).write_bytes(data)
    (reader.folder / f"{ATTACK.replace(chr(0), '').replace('/', '')}.toml").write_bytes(b"no")


# Listing


def test_notes_are_printed_oldest_first(run: Run, anna: Colleague) -> None:
    """Each note is a block of lines that is complete by itself."""
    first = anna.write("Check this.\n\nAgainst the release.")
    anna.notebook.star("tip", target_of("Event tip", {"id": "tip"}))
    anna.notebook.assess("arrests", "needs-attention", TARGET, body="Odd.")
    anna.notebook.keep_new("arrests", "So it is.", TARGET, motivation="replying",
                           reply_to=first.id, tags=["a", "b"])  # fmt: skip
    gone = anna.write("gone")
    anna.notebook.delete(gone.id)
    code, out, err = run(anna, "notes", "demo")
    lines = [line.split(", ", 1)[-1] for line in out.splitlines()]
    ids = [note.id[:8] for note in anna.notebook.notes]
    earlier = "    written on an earlier version of the entry"
    assert (code, err) == (0, "")
    assert lines == [
        "demo: A small case: 4 notes", "",
        "anna, note on arrests: Event arrests", f"    id {ids[0]}", earlier,
        "    Check this.", "    ", "    Against the release.", "",
        "anna, star on tip: Event tip", f"    id {ids[1]}", earlier, "",
        "anna, check: needs attention on arrests: Event arrests", f"    id {ids[2]}", earlier,
        "    Odd.", "",
        "anna, reply on arrests: Event arrests", f"    id {ids[3]}",
        f"    a reply to {ids[0]}", earlier, "    So it is.", "b", "",
    ]  # fmt: skip


def test_unreadable_drafts_are_reported(run: Run, anna: Colleague) -> None:
    """Each with its path, and a swap file of vim with the command that restores it."""
    drafts = DraftFolder(anna.places, "demo")
    draft = drafts.begin("tip", "Tip", body="half")
    file = drafts.write_for_editor(replace(draft, pid=2**31 - 1))
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM")
    os.utime(file, (0, 0))
    damaged = anna.places.drafts("demo") / "x.toml"
    damaged.write_bytes(b"body =")
    code, _out, err = run(anna, "notes", "demo")
    assert code == 1
    assert f"{damaged}: " in err
    assert f"{swap}: vim has left unsaved text there; vim -r {file} recovers it" in err


def test_note_states_are_printed_in_words(run: Run, anna: Colleague) -> None:
    """Private, edited in two places, on a removed entry."""
    target = target_of("It went", {"title": "It went"})
    first = anna.notebook.keep_new("went", "one", target, private=True)
    for text in ("two", "three"):
        anna.notebook.keep_edit(first.id, text, first.target, parents=[first.hash])
    _, out, _ = run(anna, "notes", "demo", "--private")
    lines = [line.strip() for line in out.splitlines()]
    assert lines[2].endswith("note on went: It went")
    for said in ("private", "edited in two places; each text follows", "the entry has gone"):
        assert said in lines
    assert "two" in lines
    assert "three" in lines


def test_each_text_of_a_check_has_its_verdict(run: Run, anna: Colleague) -> None:
    """A check that was edited in two places is printed with both verdicts, in every form."""
    first = anna.notebook.assess("arrests", "checked", TARGET)
    for verdict, words in (("wrong", "one"), ("needs-attention", "two")):
        anna.notebook.keep_edit(
            first.id, words, TARGET, parents=[first.hash], value=verdict, tags=[f"tag {words}"]
        )
    lines = run(anna, "notes", "demo")[1].splitlines()
    place = lines.index("    one")
    assert lines[place - 1].startswith("    edited, wrong ")
    assert lines[lines.index("    two") - 1].startswith("    edited, needs attention ")
    markdown = run(anna, "notes", "demo", "--format", "md")[1]
    assert ", wrong:\n\n> one" in markdown
    assert ", needs attention:\n\n> two" in markdown
    assert "tags: tag one, tag two" in markdown


def test_each_text_has_its_entry(run: Run, anna: Colleague) -> None:
    """A check that was moved in one place, and given again where the entry has gone in another."""
    first = anna.notebook.assess("gone", "checked", replace(TARGET, label="Old arrests"))
    for entry, verdict in (("arrests", "wrong"), ("gone", "checked")):
        anna.notebook.keep_edit(
            first.id, verdict, TARGET, parents=[first.hash], entry=entry, value=verdict
        )
    lines = run(anna, "notes", "demo")[1].splitlines()
    assert lines[2].endswith(", check: wrong on arrests: Event arrests")
    assert "    the entry has gone" not in lines
    assert any(line.startswith("    edited, wrong on arrests ") for line in lines)
    assert any(line.startswith("    edited, checked on gone ") for line in lines)
    rows = csv.DictReader(io.StringIO(run(anna, "notes", "demo", "--format", "csv")[1]))
    assert {row["entry"]: (row["title"], row["orphan"]) for row in rows} == {
        "arrests": ("Event arrests", "no"),
        "gone": ("Arrests", "yes"),
    }


def test_part_that_a_note_is_about_is_printed(run: Run, anna: Colleague) -> None:
    """As on the page: the label of a field, a place in a source, or words in quotation marks."""
    case = write_case(
        anna.home / "with-source.toml",
        events("arrests") + '[[source]]\nid = "press"\ntitle = "A report"\n',
    )
    for about in ("date", "press, para 4", "a *day*"):
        anna.notebook.keep_new("arrests", "one", replace(TARGET, field=about))
    _, plain, _ = run(anna, "notes", case)
    assert [line for line in plain.splitlines() if "about" in line] == [
        "    about When", "    about A report, para 4", "    about “a *day*”",
    ]  # fmt: skip
    _, marked, _ = run(anna, "notes", case, "--format", "md")
    assert r"about “a \*day\*”  " in marked.splitlines()


def test_note_on_the_date_of_a_quote_has_the_label_of_its_page(run: Run, anna: Colleague) -> None:
    """The date of a quote is when it was said, in the heading of a note as on the page."""
    party = '[[party]]\nid = "mate"\nname = "John"\ntype = "Person"\n'
    quote = '[[quote]]\nid = "no"\nspeaker = "mate"\nwords = "No"\ndate = "2019-03"\n'
    case = write_case(anna.home / "with-quote.toml", party + quote)
    anna.notebook.keep_new("no", "one", replace(TARGET, field="date"))
    _, plain, _ = run(anna, "notes", case)
    assert "    about Said" in plain.splitlines()


def test_column_with_the_id_of_an_entry_is_called_by_its_label(run: Run, anna: Colleague) -> None:
    """Only a source has places; the name of a party may be from a confidential one."""
    rows = events("arrests") + '[[party]]\nid = "mate"\nname = "John"\ntype = "Person"\n'
    case = write_case(anna.home / "with-party.toml", rows)
    for about in ("mate", "mate, para 4"):
        anna.notebook.keep_new("arrests", "one", replace(TARGET, field=about))
    _, plain, _ = run(anna, "notes", case)
    assert [line.strip() for line in plain.splitlines() if "about" in line] == [
        "about Mate", "about “mate, para 4”",
    ]  # fmt: skip


def test_private_notes_are_printed_only_with_option(run: Run, anna: Colleague) -> None:
    """In every form; the number left out is printed to stderr."""
    anna.write("secret", private=True)
    anna.write("open")
    for form in ("plain", "json", "jsonl", "csv", "md"):
        code, out, err = run(anna, "notes", "demo", "--format", form)
        assert "secret" not in out
        assert "open" in out
        assert (code, err) == (0, "1 private note left out; --private prints them.\n")
        assert "secret" in run(anna, "notes", "demo", "--private", "--format", form)[1]


def test_where_filters_notes(run: Run, anna: Colleague) -> None:
    """--where prints the notes that match a query, of one case or of all."""
    anna.write("Ask the press office.")
    anna.notebook.tag("tip", ["release"], target_of("Event tip", {"id": "tip"}))
    anna.notebook.assess("arrests", "wrong", TARGET, body="It was 22.")
    for which in ("demo", "--all"):
        code, out, err = run(anna, "notes", which, "--where", "press -is:check")
        assert (code, err) == (0, "")
        assert "1 note" in out
        assert "Ask the press office." in out
        assert "It was 22." not in out
        assert "tags on tip" in run(anna, "notes", which, "--where", "tag:release")[1]


def test_where_knows_the_tags_of_all_cases(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """With --all a tag that only one case has is not refused as a typo."""
    anna.write("Ask the press office.")
    write_case(tmp_path / "cases" / "other.toml", events("left"), case_id="other")
    other = open_notebook(anna.places, "other", "anna")
    other.tag("left", ["release"], target_of("Event left", {"id": "left"}))
    code, out, err = run(anna, "notes", "--all", "--where", "tag:release")
    assert (code, err) == (0, "")
    assert "tags on left" in out
    assert "press office" not in out


def test_invalid_query_is_refused(run: Run, anna: Colleague) -> None:
    """An unknown name is reported with the nearest known one, and nothing is printed."""
    anna.write("Ask the press office.")
    code, out, err = run(anna, "notes", "demo", "--where", "tga:release")
    assert (code, out) == (2, "")
    assert "tag" in err


def test_where_reports_cases_without_a_file(run: Run, ben: Colleague) -> None:
    """Notes whose case file is missing can't be searched, and a message says so."""
    ben.write("Ask the press office.")
    code, _, err = run(ben, "notes", "--all", "--where", "press")
    assert code == 1
    assert "its case file is not at hand, so --where can't search its notes" in err


def test_json_has_every_field(run: Run, anna: Colleague) -> None:
    """One object for each text, in ASCII, so that nothing in it is changed."""
    first = anna.write("Ärger\u202e\n…")
    for text in ("two", "three"):
        anna.notebook.keep_edit(first.id, text, TARGET, parents=[first.hash])
    anna.write("Ärger\u202e\n…")
    _, out, _ = run(anna, "notes", "demo", "--format", "json")
    assert out.isascii()
    several = json.loads(out)
    lines = run(anna, "notes", "demo", "--format", "jsonl")[1].splitlines()
    assert [json.loads(line) for line in lines] == several
    assert [one["body"] for one in several] == ["two", "three", "Ärger\u202e\n…"]
    assert [one["conflict"] for one in several] == [True, True, False]
    head = anna.notebook.notes[-1].current
    assert several[-1] == {
        "case": "demo", "orphan": False, "earlier_version": True, "conflict": False,
        "id": head.id, "rev": 1, "hash": head.hash, "parents": [], "entry": "arrests",
        "target": {"label": "Arrests", "field": None}, "motivation": "commenting",
        "value": None, "reply_to": None, "body": "Ärger\u202e\n…", "tags": [], "private": False,
        "author": "anna", "created": head.created.isoformat(),
        "modified": head.modified.isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["notes", "log"])
def test_json_lines_are_json_whatever_a_note_is_about(run: Run, anna: Colleague, verb: str) -> None:
    """JSON has no nan and no dates, which a part of an entry can have in the file of another."""
    about = {"a": float("nan"), "b": [float("inf"), dt.date(2026, 11, 24)]}
    anna.notebook.keep_new("arrests", "one", replace(TARGET, field=about))
    _code, out, _err = run(anna, verb, "demo", "--format", "jsonl")
    read = json.loads(out, parse_constant=pytest.fail)
    assert read["target"]["field"] == {"a": "nan", "b": ["inf", "2026-11-24"]}


def test_csv_parses_back_and_has_no_formulas(run: Run, anna: Colleague) -> None:
    """Cells with line breaks and quotation marks parse back; formulas are defused."""
    anna.write('She said "no",\nthen left.')
    anna.write("=cmd|' /C calc'!A0")
    _, out, _ = run(anna, "notes", "demo", "--format", "csv")
    first, second = csv.DictReader(io.StringIO(out))
    assert first["body"] == 'She said "no",\nthen left.'
    assert second["body"] == "'=cmd|' /C calc'!A0"
    assert (first["entry"], first["title"], first["private"]) == ("arrests", "Event arrests", "no")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n=1+1", "one\n=1+1"),
        ("one\n=1+1,2", "one\n=1+1,2"),
        ("\n=1+1", "'\n=1+1"),
        ("\r=1+1", "'\n=1+1"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("one\u2028two", "one<U+2028>two"),
    ],
)
def test_note_of_several_lines_is_one_row_of_csv(
    run: Run, anna: Colleague, written: str, shown: str
) -> None:
    """A line break needs no comma beside it to be in a cell; no line of a note is a row."""
    anna.write(written)
    _, out, _ = run(anna, "notes", "demo", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out, newline=""))
    assert row["body"] == shown
    assert row["hash"].startswith("sha256:")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<img src=x> [a](b) `c` *d* # e", r"\<img src=x\> \[a\](b) \`c\` \*d\* \# e"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("    a", "&nbsp;&nbsp;&nbsp;&nbsp;a"),
        ("12 a.", "12 a."),
    ],
)
def test_markdown_escapes_note_text(run: Run, anna: Colleague, written: str, shown: str) -> None:
    """Nothing in a note becomes markup, a picture or a link."""
    anna.write(written)
    _, out, _ = run(anna, "notes", "demo", "--format", "md")
    assert f"> {shown}  " in out.splitlines()


def test_all_lists_every_case_with_notes(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """Cases of the library under their titles, and cases with only a folder of notes."""
    anna.write("one")
    other = replace(anna.write("two"), case="elsewhere")
    folder = anna.places.notes("elsewhere")
    folder.mkdir()
    (folder / "a.toml").write_bytes(encode(other))
    code, out, _ = run(anna, "notes", "--all")
    assert code == 0
    assert "demo: A small case: 2 notes" in out
    assert "elsewhere: its case file is not at hand: 1 note" in out
    assert "note on arrests: Arrests" in out
    _, out, _ = run(anna, "notes", "--all", "--format", "json")
    assert [one["orphan"] for one in json.loads(out)] == [False, False, None]
    (tmp_path / "cases" / "demo.toml").write_text("broken")
    code, out, _ = run(anna, "notes", "demo")
    assert (code, "demo: its case file is not at hand" in out) == (0, True)


def test_unreadable_notes_are_reported(run: Run, anna: Colleague) -> None:
    """With their paths; the other notes are printed."""
    anna.write("one")
    (anna.folder / "bad.toml").write_text("no")
    code, out, err = run(anna, "notes", "demo")
    assert (code, "one" in out) == (1, True)
    assert err.startswith(f"{anna.folder / 'bad.toml'}: ")


def test_unknown_case_is_refused(run: Run, anna: Colleague) -> None:
    """With the nearest ids, as by every verb; nothing is created."""
    code, out, err = run(anna, "notes", "demmo")
    assert (code, out, err) == (
        2,
        "",
        "There is no file or case “demmo”; the nearest is “demo”.\n",
    )
    assert run(anna, "notes")[0] == 2
    assert run(anna, "notes", "--all")[:2] == (0, "")
    assert not anna.home.exists()


def test_hostile_note_is_printed_inert(run: Run, anna: Colleague, ben: Colleague) -> None:
    """In every form, preview and message; no line can pass for another note's."""
    hostile(anna)
    pack = anna.home / "a.tar"
    for words in (
        *(["notes", "demo", "--format", form] for form in ("plain", "json", "jsonl", "csv", "md")),
        ["notes", "--all"],
        ["log", "demo"],
        ["log", "demo", "--format", "jsonl"],
        ["notes", "pack", "demo", str(pack)],
    ):
        _, out, err = run(anna, *words)
        assert acting(out + err) == []
        assert err
    for words in ([str(anna.folder)], [str(anna.folder), "--yes"]):
        _, out, err = run(ben, "notes", "merge", *words)
        assert acting(out + err) == []
        assert "demo" in out + err
    _, out, err = run(ben, "notes", "forget", ben.notebook.notes[0].id, "--yes")
    assert acting(out + err) == []


# Packing and merging


def test_pack_is_a_new_private_file(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """Its mode is 0600 whatever the umask; an existing file is not changed."""
    anna.write("one")
    anna.write("secret", private=True)
    pack = tmp_path / "a.tar"
    before = os.umask(0)
    try:
        code, out, err = run(anna, "notes", "pack", "demo", pack)
    finally:
        os.umask(before)
    assert (code, out) == (0, "")
    assert err == (
        "Packed 1 note in 1 revision.\n1 private note left out; --private packs them too.\n"
    )
    assert stat.S_IMODE(pack.stat().st_mode) == 0o600
    assert b"secret" not in pack.read_bytes()
    assert run(anna, "notes", "pack", "demo", pack)[0] == 2
    run(anna, "notes", "pack", "demo", tmp_path / "b.tar", "--private")
    assert b"secret" in (tmp_path / "b.tar").read_bytes()


def test_pack_is_merged_by_another_reader(
    run: Run, anna: Colleague, ben: Colleague, tmp_path: Path
) -> None:
    """Also from standard input; a second merge has nothing new."""
    anna.write("one")
    pack = tmp_path / "a.tar"
    run(anna, "notes", "pack", "demo", pack)
    code, out, err = run(ben, "notes", "merge", "-", "--yes", given=pack.read_bytes())
    assert (code, err) == (0, "")
    assert out == (
        "demo:\n    1 new note, in 1 revision\n    by anna, as the notes say\n"
        "Imported 1 revision.\n"
    )
    assert ben.files == anna.files
    code, out, _ = run(ben, "notes", "merge", pack)
    assert (code, out) == (
        0,
        "demo:\n    1 revision already here\nNothing new to import.\n",
    )


def test_merge_needs_consent(run: Run, anna: Colleague, ben: Colleague) -> None:
    """Without a terminal and without --yes nothing is imported; nor with --dry-run."""
    anna.write("one")
    code, out, err = run(ben, "notes", "merge", anna.folder)
    assert (code, out) == (1, "")
    assert err.endswith("Nothing was imported. There is no terminal to ask on; --yes agrees.\n")
    assert "1 new note" in err
    code, out, _ = run(ben, "notes", "merge", anna.folder, "--dry-run")
    assert (code, "1 new note" in out) == (0, True)
    assert not ben.home.exists()


@pytest.mark.terminal
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_merge_asks_on_a_terminal(anna: Colleague, ben: Colleague, answer: str, code: int) -> None:
    """Only y or yes imports the notes."""
    anna.write("one")
    command = [sys.executable, "-m", "casefile", "notes", "merge", str(anna.folder)]
    command += ["--notes-dir", str(ben.home)]
    with Terminal(command, env=readers_environment(ben.home)) as terminal:
        terminal.wait_for("Import these? [y/N]")
        assert "1 new note" in terminal.text
        terminal.press(answer, "Enter")
        assert terminal.wait_exit() == code
        assert ("Imported 1" if code == 0 else "Nothing was imported") in terminal.text
    assert bool(ben.files) is (code == 0)


@pytest.mark.terminal
def test_interrupt_at_the_question_imports_nothing(anna: Colleague, ben: Colleague) -> None:
    """Ctrl-C at the question imports nothing, and ends it without a word."""
    anna.write("one")
    command = [sys.executable, "-m", "casefile", "notes", "merge", str(anna.folder)]
    command += ["--notes-dir", str(ben.home)]
    with Terminal(command, env=readers_environment(ben.home)) as terminal:
        terminal.wait_for("Import these? [y/N]")
        terminal.press("ctrl+c")
        # For which a shell shows 130.
        assert terminal.wait_exit() == -signal.SIGINT
        assert "Traceback" not in terminal.text
    assert ben.files == {}


def test_merge_asks_again_if_it_would_do_something_else(
    run: Run, anna: Colleague, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if another terminal has kept meanwhile what the merge now would delete."""
    note = anna.write("one")
    (first,) = anna.files.items()
    anna.notebook.delete(note.id)

    def copy_first() -> None:
        ben.folder.mkdir(parents=True, exist_ok=True)
        (ben.folder / first[0]).write_bytes(first[1])

    asked = answer_yes_after(monkeypatch, notes_merge, copy_first)
    code, out, _ = run(ben, "notes", "merge", anna.folder)
    assert (code, out) == (0, "Imported 1 revision.\n")
    assert ["will be deleted" in question for question in asked] == [False, True]
    assert ben.files == anna.files


def test_merge_skips_and_reports_damaged_files(run: Run, anna: Colleague, ben: Colleague) -> None:
    """The other notes are imported, and the exit code shows that not all were."""
    anna.write("one")
    (anna.folder / "bad.toml").write_text("no")
    (anna.folder / "later.toml").write_text('format = "casefile-note/2"')
    code, out, err = run(ben, "notes", "merge", anna.folder, "--yes")
    assert (code, len(ben.files)) == (1, 1)
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        str(anna.folder / "bad.toml"),
        str(anna.folder / "later.toml"),
    ]
    assert "its format is casefile-note/2" in err
    assert out.endswith("Imported 1 revision.\n")


def test_merge_that_fails_halfway_is_reported(
    run: Run, anna: Colleague, ben: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the number that was imported; merging again imports the rest."""
    for text in ("one", "two", "three"):
        anna.write(text)
    write, calls = os.write, []

    def full(descriptor: int, data: bytes) -> int:
        calls.append(descriptor)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    code, out, err = run(ben, "notes", "merge", anna.folder, "--yes")
    monkeypatch.undo()
    assert code == 1
    assert err == "Not imported: No space left on device\n"
    assert out.endswith("Imported 2 of 3 revisions; merge again to import the rest.\n")
    assert len(ben.files) == 2
    assert ben.merge(anna.folder) == 0
    assert ben.files == anna.files


def test_pack_to_closed_pipe_fails(anna: Colleague) -> None:
    """A closed pipe is an error here, since the notes did not arrive."""
    # More than a pipe holds.
    anna.write("x" * 1_000_000)
    command = [sys.executable, "-m", "casefile", "notes", "pack", "demo", "-"]
    with subprocess.Popen(
        [*command, "--notes-dir", str(anna.home)],
        env=readers_environment(anna.home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 2
    assert b"can't be printed" in said


def test_closed_pipe_does_not_stop_an_agreed_change(anna: Colleague, ben: Colleague) -> None:
    """What was agreed to is done before anything is printed."""
    first = anna.write("one")
    for words in (["merge", str(anna.folder)], ["forget", first.id]):
        with subprocess.Popen(
            [sys.executable, "-m", "casefile", "notes", *words, "--yes", "--notes-dir", ben.home],
            env=readers_environment(ben.home),
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            process.stdout.close()
        assert process.returncode == 0
        assert len(ben.files) == (words[0] == "merge")


@pytest.mark.parametrize("verb", ["pack", "merge", "forget"])
def test_missing_argument_prints_the_verbs_usage(run: Run, anna: Colleague, verb: str) -> None:
    """The usage is that of the verb itself."""
    code, _, err = run(anna, "notes", verb)
    assert code == 2
    assert err.startswith(f"usage: casefile notes {verb}")


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (["notes", "mrge", "a"], "notes mrge; the nearest is notes merge"),
        (["note", "ad", "demo"], "note ad; the nearest is note add"),
        (["merge", "a"], "merge; the nearest is notes merge"),
        (["nots", "demo"], "nots; the nearest is notes"),
    ],
)
def test_misspelt_verb_names_the_nearest(
    run: Run, anna: Colleague, words: list[str], nearest: str
) -> None:
    """Also if the verb has two words."""
    assert run(anna, *words) == (2, "", f"There is no verb {nearest}.\n")


def test_case_id_like_a_verb_is_accepted(run: Run, anna: Colleague) -> None:
    """With an option after it, it is not a misspelt verb."""
    anna.places.notes("packs").mkdir(parents=True)
    assert run(anna, "notes", "packs", "--format", "json")[:2] == (0, "[]\n")


# Forgetting


def test_forget_removes_every_file(run: Run, anna: Colleague) -> None:
    """Revisions, copies, damaged files, drafts, and leftovers of a killed save."""
    first = anna.write("one")
    second = anna.notebook.keep_edit(first.id, "two", TARGET)
    stays = anna.write("other")
    reply = anna.notebook.keep_new("arrests", "re", TARGET, reply_to=first.id)
    name = file_name(second.id, 2, encode(second))
    data = (anna.folder / name).read_bytes()
    for copy in (f"{name[:-5]}.sync-conflict-1-AB.toml", "renamed.toml", f".{name}.swp"):
        (anna.folder / copy).write_bytes(data)
    (anna.folder / f"{first.id}.9-00000000.toml").write_text("damaged")
    (anna.places.workshop("demo") / "0123456789abcdef.unfinished").write_bytes(data)
    drafts = DraftFolder(anna.places, "demo")
    drafts.write(drafts.begin("arrests", "Arrests", body="three", note=first.id))
    kept = drafts.begin("arrests", "Arrests", body="four")
    drafts.write(kept)
    code, out, err = run(anna, "notes", "forget", first.id[:8], "--yes")
    assert (code, err) == (0, "")
    assert out.count("Removed ") == 8
    assert {note.id for note in anna.notebook.notes} == {stays.id, reply.id}
    left = [path for path in anna.home.rglob("*") if path.is_file()]
    assert len(left) == 3
    assert not any(b"two" in path.read_bytes() for path in left)
    assert "Replies to it stay: 1" in out
    assert "An editor has it open" in out
    assert "backups and snapshots" in out
    assert run(anna, "notes", "forget", first.id, "--yes")[0] == 2


def test_forget_reports_git_and_syncthing_copies(run: Run, anna: Colleague) -> None:
    """A git history above the folder, and older versions that Syncthing keeps."""
    first = anna.write("one")
    (anna.home / ".git").mkdir()
    versions = anna.home / "notes" / ".stversions" / "demo"
    versions.mkdir(parents=True)
    old = versions / f"{first.id}.1-12345678~20261124-031500.toml"
    old.touch()
    _, out, _ = run(anna, "notes", "forget", first.id, "--yes")
    assert f"Its history may still hold it: {anna.home / '.git'}\n" in out
    assert f"Older versions are kept in {versions.parent}\n    {old} is still there\n" in out


def test_forget_reports_copies_on_both_sides_of_a_link(run: Run, anna: Colleague) -> None:
    """Also above the folder that the folder of notes is a link to, as in a repository elsewhere."""
    first = anna.write("one")
    repository = anna.home / "repository"
    versions = repository / ".stversions" / "notes" / "demo"
    versions.mkdir(parents=True)
    old = versions / f"{first.id}.1-12345678~20261124-031500.toml"
    old.touch()
    for top in (anna.home, repository):
        (top / ".git").mkdir()
    notes = anna.home / "notes"
    notes.symlink_to(notes.rename(repository / "notes"))
    _, out, _ = run(anna, "notes", "forget", first.id, "--yes")
    for top in (anna.home, repository):
        assert f"Its history may still hold it: {top / '.git'}\n" in out
    assert f"Older versions are kept in {repository / '.stversions'}\n" in out
    assert f"    {old} is still there\n" in out


def test_forget_needs_consent(run: Run, anna: Colleague) -> None:
    """The note is shown; without an answer it stays."""
    first = anna.write("\nthe first line\nthe second")
    code, out, err = run(anna, "notes", "forget", first.id)
    assert (code, out) == (1, "")
    assert f"{first.id}, demo\n    note on arrests: Arrests\n    anna, " in err
    assert "the first line\n" in err
    assert "the second" not in err
    assert err.endswith("Nothing was removed. There is no terminal to ask on; --yes agrees.\n")
    assert len(anna.files) == 1


def test_forget_removes_what_is_there_at_the_answer(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision that another terminal adds while the question waits is removed too."""
    first = anna.write("one")
    add = partial(anna.notebook.make_private, first.id, private=True)
    answer_yes_after(monkeypatch, notes_forget, add)
    code, out, err = run(anna, "notes", "forget", first.id[:8])
    assert (code, err, out.count("Removed ")) == (0, "", 2)
    assert anna.files == {}


@pytest.mark.parametrize("named", ["", "1234567", "no id at all", "12345678", "../../../etc"])
def test_forget_refuses_invalid_ids(run: Run, anna: Colleague, named: str) -> None:
    """Too short, not an id, unknown, or a path."""
    anna.write("one")
    assert run(anna, "notes", "forget", named, "--yes")[0] == 2
    assert len(anna.files) == 1


def test_forget_refuses_ambiguous_ids(run: Run, anna: Colleague) -> None:
    """The notes are listed, and none is removed."""
    first = anna.write("one")
    other = replace(first, id=f"{first.id[:-1]}{'0' if first.id[-1] != '0' else '1'}", body="two")
    data = encode(other)
    (anna.folder / file_name(other.id, 1, data)).write_bytes(data)
    code, _, err = run(anna, "notes", "forget", first.id[:8], "--yes")
    assert (code, first.id in err, other.id in err) == (2, True, True)
    assert len(anna.files) == 2
    assert run(anna, "notes", "forget", first.id, "--yes")[0] == 0
    assert len(anna.files) == 1


def test_forget_reports_files_it_could_not_remove(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts are removed, later revisions are not, and the exit code shows that not all was."""
    first = anna.write("one")
    anna.notebook.keep_edit(first.id, "two", TARGET)
    drafts = DraftFolder(anna.places, "demo")
    drafts.write(drafts.begin("arrests", "Arrests", body="three", note=first.id))
    unlink = Path.unlink

    def stubborn(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT002 -- as Path has it
        if ".1-" in path.name:
            raise OSError(30, "Read-only file system")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stubborn)
    code, out, err = run(anna, "notes", "forget", first.id, "--yes")
    assert (code, out.count("Removed ")) == (1, 1)
    reasons = re.findall(r"Not removed: .*: (.*)\n", err)
    assert reasons == ["read-only file system", "another file has to be removed first"]
