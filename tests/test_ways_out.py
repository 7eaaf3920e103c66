"""What is confidential or private leaves in no export that does not name it.

Every verb, in each of its forms, is in one of the tables below: a later one has to be put there.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from home_search import holding
from msgspec.structs import replace
from readers import Colleague, Run, anna, run
from small_cases import case_among_sources, case_in, write_case

from casefile.case.model import Case, CaseFile, Source
from casefile.case.reader import read_case
from casefile.cli.command_line import OPEN, VERBS
from casefile.cli.parser import make_parser
from casefile.config import Config
from casefile.notes.annotation import Revision, Target, encode, target_of
from casefile.state.recent import remember_case
from casefile.views.case_opener import CaseOpener
from casefile.views.confidential import Confidential
from casefile.views.note_moving import move_note
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase
from casefile.views.origins import Origins

__all__ = ["anna", "run"]

EXPORTS = {
    **{f"notes {form}": ("notes", "--format", form) for form in ("plain", "json", "jsonl")},
    **{f"notes {form}": ("notes", "--format", form) for form in ("csv", "md")},
    **{f"log {form}": ("log", "--format", form) for form in ("plain", "jsonl")},
    "notes pack": ("notes", "pack"),
}
"""What is made to be sent, or to be read by another program."""
DISPLAYS = {
    "open": "the screen",
    "show": "the screen as text",
    "check plain": "what is wrong in a case file, for those who write it",
    "check json": "the same for their editor",
    "diff plain": "two case files, for those who have both",
    "diff json": "the same as data",
    "list plain": "the names of cases",
    "list json": "the same as data",
    "source": "where texts are",
}
"""What shows the reader a case file that is at hand."""
OTHERS = {
    *("notes merge", "notes redate", "notes forget", "note add"),
    *("schema", "new", "from-csv", "where"),
}
"""What prints nothing of a case but what it was just given, or is about to remove."""

HARMLESS = {"CASE", "DIR", "FILE"}
"""The arguments of the ways out whose wrong values are told without a word of any note."""
WRONG = {
    "QUERY": tuple(
        f"--where={query}"
        for query in ("tag:zzz", "tag:canarx-tag", "author:zzz", "author:canarx", "on:canarx-entry")
    ),
    "ENTRY": ("canarx-entry", "canarx-former"),
}
"""For the other arguments, values that are near to what only notes say that are left out."""

ROWS = """\
source = "press"
[[source]]
id = "press"
title = "A report"
[[source]]
id = "informer"
title = "CANARY TITLE"
author = "CANARY AUTHOR"
text = "CANARY TEXT"
confidential = true
[[party]]
id = "pilot"
name = "The pilot"
type = "Person"
[[event]]
id = "open"
title = "Published"
cites = "para 1"
[[event]]
id = "meeting"
title = "A meeting"
cites = [{ source = "informer", at = "para 1", quote = "CANARY QUOTE" }]
[[event]]
id = "short"
title = "CANARY TALK"
cites = "informer, para 2"
[[quote]]
id = "said"
speaker = "pilot"
words = "CANARY WORDS"
cites = ["informer"]
[[claim]]
id = "claim"
statement = "CANARY CLAIM"
in_quote = "said"
[[link]]
id = "link"
subject = "pilot"
object = "informer"
role = "met"
[[link]]
id = "titled"
subject = "pilot"
object = "short"
role = "was part of"
[[party]]
id = "mate"
name = "CANARY NAME"
type = "Person"
cites = ["informer"]
[[quote]]
id = "heard"
speaker = "mate"
words = "No."
cites = ["press, p. 2"]
[[link]]
id = "told"
subject = "pilot"
object = "claim"
role = "told of"
[[link]]
id = "telling"
subject = "told"
object = "pilot"
role = "was told by"
[[table]]
name = "boat"
refs = ["name"]
[[boat]]
id = "boat"
name = "mate"
"""
CONFIDENTIAL = (
    *("informer", "meeting", "short", "said", "claim", "link"),
    *("titled", "mate", "heard", "told", "telling", "boat"),
)


@pytest.fixture
def case(anna: Colleague, tmp_path: Path) -> Path:
    """Return a case, with notes of each kind on it."""
    path = write_case(tmp_path / "cases" / "demo.toml", ROWS)
    notebook = anna.notebook
    opened = open_case(anna, path)

    def on(entry_id: str, about: str | None = None) -> Target:
        return note_target(opened, entry_id, opened.title(entry_id), about)

    notebook.keep_new("open", "A plain note.", on("open"))
    notebook.keep_new("open", "CANARY PRIVATE", on("open"), private=True)
    for entry_id in CONFIDENTIAL:
        notebook.keep_new(entry_id, f"CANARY ON {entry_id}", on(entry_id))
    # As earlier versions wrote it.
    row = opened.case_file.rows["informer"]
    notebook.keep_new("informer", "CANARY EARLIER", target_of("CANARY TITLE", row))
    notebook.keep_new("open", "CANARY ABOUT", on("open", "informer, para 1"))
    moved = notebook.keep_new("meeting", "CANARY BEFORE", on("meeting"))
    notebook.keep_edit(moved.id, "CANARY MOVED", on("open"), entry="open")
    return path


def open_case(reader: Colleague, path: Path) -> OpenCase:
    """Open a case as the program does."""
    return CaseOpener(reader.places, Config()).open_reading(read_case(path))


def usage(verb: str) -> str:
    """Return the usage of a verb, in one line."""
    parser = make_parser("casefile", "")
    import_module(f"casefile.cli.{verb.replace('-', '_').replace(' ', '_')}").add_arguments(parser)
    return re.sub(r"\s+", " ", parser.format_usage())


def forms(verb: str) -> Iterator[str]:
    """Yield the forms in which a verb prints."""
    choices = re.search(r"--format \{([^}]*)\}", usage(verb))
    yield from (f"{verb} {form}" for form in choices[1].split(",")) if choices else [verb]


def test_every_verb_is_a_way_out_or_none() -> None:
    """A new verb, or a new form of one, has to be put into one of the tables."""
    assert {form for verb in (OPEN, *VERBS) for form in forms(verb)} == {
        *EXPORTS,
        *DISPLAYS,
        *OTHERS,
    }


def sent(
    run: Run, reader: Colleague, way: str, case: str | Path, *options: str, code: int = 0
) -> str:
    """Return all that leaves by a way out, and what the verb says of it."""
    first, *rest = EXPORTS[way]
    words = [first, *rest, case] if rest[0] == "pack" else [first, case, *rest]
    file = reader.home.parent / "way.out"
    file.unlink(missing_ok=True)
    ended, out, err = run(reader, *words, *([file] if "pack" in rest else []), *options)
    assert ended == code, err
    data = file.read_bytes().decode(errors="replace") if file.exists() else ""
    return f"{data}{out}{err}"


@pytest.mark.parametrize("way", EXPORTS)
def test_confidential_and_private_words_stay(
    run: Run, anna: Colleague, case: Path, way: str
) -> None:
    """Unless they are named; how much was left out, and the option, is told."""
    told = sent(run, anna, way, case)
    assert "A plain note." in told or way == "log plain"
    assert "CANARY" not in told
    assert re.search(r"1 private (note|revision) left out; --private", told)
    what = "revisions" if way.startswith("log") else "notes"
    count = {"notes": 15, "revisions": 16}[what]
    assert f"{count} {what} with words of a confidential source left out; --conf" in told
    private = sent(run, anna, way, case, "--private")
    assert {*re.findall("CANARY [A-Z]+", private)} <= {"CANARY PRIVATE"}
    named = sent(run, anna, way, case, "--confidential")
    assert "CANARY" in named
    assert "CANARY PRIVATE" not in named
    both = sent(run, anna, way, case, "--confidential", "--private")
    assert "left out" not in both


def arguments(verb: str) -> set[str]:
    """Return the arguments of a verb that may have any value, by their names in its usage."""
    return {*re.findall(r"\b[A-Z]{2,}\b", usage(verb))}


EXPORTING = [verb for verb in VERBS if not EXPORTS.keys().isdisjoint(forms(verb))]


def test_every_argument_of_a_way_out_is_tried_or_harmless() -> None:
    """A new argument of such a verb has to be put into one of the tables."""
    assert set().union(*map(arguments, EXPORTING)) == HARMLESS | {*WRONG}


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        (verb, wrong)
        for verb in EXPORTING
        for argument in sorted(arguments(verb) & {*WRONG})
        for wrong in WRONG[argument]
    ],
)
def test_hint_names_nothing_that_is_left_out(
    run: Run, anna: Colleague, case: Path, verb: str, wrong: str
) -> None:
    """Of a wrong value, the known or nearest ones that are named are in what is printed."""
    theirs = Colleague(anna.home, "canary").notebook
    gone = target_of("Gone", {"title": "Gone"})
    theirs.keep_new("canary-entry", "x", gone, tags=["canary-tag"], private=True)
    former = theirs.keep_new("canary-former", "x", gone, private=True)
    theirs.delete(former.id)
    on_meeting = note_target(open_case(anna, case), "meeting", "")
    anna.notebook.keep_new("meeting", "x", on_meeting, tags=["canary-meeting"])
    code, out, err = run(anna, *verb.split(), case, wrong)
    assert (code, "canary" in out + err) == (2, False)
    _, out, err = run(anna, *verb.split(), case, wrong, "--private", "--confidential")
    assert "canary" in out + err


def test_wrong_query_says_what_is_left_out(run: Run, anna: Colleague, case: Path) -> None:
    """What was asked for may be in a note that is left out."""
    target = note_target(open_case(anna, case), "open", "")
    anna.notebook.keep_new("open", "x", target, tags=["release"], private=True)
    code, _, err = run(anna, "notes", case, "--where", "tag:release")
    assert (code, "2 private notes left out; --private prints them." in err) == (2, True)
    assert run(anna, "notes", case, "--where", "tag:release", "--private")[0] == 0


def test_log_of_an_entry_says_what_is_left_out(run: Run, anna: Colleague, case: Path) -> None:
    """An entry that has gone is known by a private note on it to one who names it."""
    anna.notebook.keep_new("gone", "CANARY", target_of("Gone", {"title": "Gone"}), private=True)
    code, out, err = run(anna, "log", case, "gone")
    assert (code, out, "1 private revision left out" in err) == (0, "", True)


@pytest.mark.parametrize("way", EXPORTS)
def test_without_case_file_nothing_that_cites_leaves(
    run: Run, anna: Colleague, case: Path, way: str
) -> None:
    """Nobody can say then which sources are confidential, and the message says so."""
    anna.notebook.keep_new("free", "Cites nothing.", target_of("Free", {"title": "Free"}))
    case.unlink()
    told = sent(run, anna, way, "demo")
    assert "CANARY" not in told
    assert "Cites nothing." in told or way == "log plain"
    assert "that may have words of a confidential source left out, since the case file" in told
    assert "CANARY" in sent(run, anna, way, "demo", "--confidential")


def test_of_several_files_none_tells_what_is_confidential(
    run: Run, anna: Colleague, case: Path
) -> None:
    """An older copy from before a source was confidential lets nothing through."""
    older = case.with_name("a.toml")
    older.write_text(case.read_text().replace("confidential = true\n", ""))
    code, out, err = run(anna, "notes", "--all")
    assert code == 1
    assert "CANARY" not in out
    assert f"“demo” is the id of {older} and {case}" in err
    assert "16 notes that may have words of a confidential source left out" in err


BROKEN = {
    "in its head": ('title = "A small case"', 'title = "A small case'),
    "in its id": ('id = "demo"', 'id = "demo'),
    "further down": ("[[quote]]", "[[quote"),
}


def before_it_was_confidential(case: Path) -> Path:
    """Write an older copy of a case beside it, which no source is confidential in."""
    older = case.with_name("a.toml")
    older.write_text(case.read_text().replace("confidential = true\n", ""))
    return older


def check_nothing_is_sent(run: Run, reader: Colleague, file: Path) -> None:
    """Check that the case is not at hand for any way out, since a file of it can't be read."""
    for way in EXPORTS:
        told = sent(run, reader, way, "demo", code=1)
        assert "CANARY" not in told
        assert str(file) in told
    code, out, err = run(reader, "notes", "--all")
    assert (code, "CANARY" in out, str(file) in err) == (1, False, True)


@pytest.mark.parametrize("broken", BROKEN)
def test_older_file_does_not_decide_while_the_newer_one_is_broken(
    run: Run, anna: Colleague, case: Path, broken: str
) -> None:
    """Which source is confidential may be said only in the file that can't be read."""
    before_it_was_confidential(case)
    case.write_text(case.read_text().replace(*BROKEN[broken]))
    check_nothing_is_sent(run, anna, case)


def beyond_reading(case: Path, how: str) -> None:
    """Make a case file one of which nobody can say what it is."""
    data = case.read_bytes()
    case.unlink()
    match how:
        case "empty":
            case.touch()
        case "only a comment":
            case.write_text("# To be written.\n")
        case "zeros":
            case.write_bytes(bytes(100))
        case "encrypted":
            case.write_bytes(b"\0GITCRYPT\0\xa7\x05")
        case "in UTF-16":
            case.write_bytes(data.decode().encode("utf-16"))
        case "cut off":
            case.write_bytes(data[: data.index(b"demo")])
        case "without its format":
            case.write_bytes(b"<<<<<<< HEAD\n" + data.partition(b"\n")[2])
        case "link":
            case.symlink_to("disk-that-is-not-mounted/demo.toml")


BEYOND = (
    *("empty", "only a comment", "zeros", "encrypted", "in UTF-16"),
    *("cut off", "without its format", "link"),
)


@pytest.mark.parametrize("how", BEYOND)
def test_older_file_does_not_decide_while_nobody_can_say_what_the_newer_one_is(
    run: Run, anna: Colleague, case: Path, how: str
) -> None:
    """It was never opened; what has no text in it may be a file of the case by its name."""
    before_it_was_confidential(case)
    beyond_reading(case, how)
    check_nothing_is_sent(run, anna, case)


@pytest.mark.parametrize("place", ["b.toml", "../b.toml"])
@pytest.mark.parametrize("how", [*BEYOND, "another case"])
def test_older_file_does_not_decide_while_the_one_opened_last_is_not_the_case(
    run: Run, anna: Colleague, case: Path, how: str, place: str
) -> None:
    """Whatever its name is, and in the library or not."""
    before_it_was_confidential(case)
    newer = case.rename((case.parent / place).resolve())
    remember_case(anna.places, case_in(newer))
    if how == "another case":
        write_case(newer, case_id="other")
    else:
        beyond_reading(newer, how)
    check_nothing_is_sent(run, anna, newer)


@pytest.mark.parametrize("broken", [None, *BROKEN])
def test_older_file_does_not_decide_while_the_newer_one_was_opened_under_another_id(
    run: Run, anna: Colleague, case: Path, tmp_path: Path, broken: str | None
) -> None:
    """As a copy that had an id of its own for a while; what counts is the id that it has now."""
    before_it_was_confidential(case)
    newer, text = tmp_path / "newer.toml", case.read_text()
    newer.write_text(text.replace('id = "demo"', 'id = "demo-2"'))
    case.unlink()
    remember_case(anna.places, case_in(newer))
    newer.write_text(text.replace(*BROKEN[broken]) if broken else text)
    check_nothing_is_sent(run, anna, newer)


def test_older_file_does_not_decide_while_a_folder_is_missing(
    run: Run, anna: Colleague, case: Path, tmp_path: Path
) -> None:
    """The newer one may be there, as on a disk that is not mounted; a file that is named counts."""
    older = before_it_was_confidential(case)
    config = tmp_path / "config" / "casefile" / "config.toml"
    vault = tmp_path / "vault"
    config.write_text(f'[library]\nfolders = ["{case.parent}", "{vault}"]\n')
    case.unlink()
    check_nothing_is_sent(run, anna, vault)
    assert "A plain note." in sent(run, anna, "notes pack", older)


def test_older_file_does_not_decide_while_the_one_opened_last_is_missing(
    run: Run, anna: Colleague, case: Path, tmp_path: Path
) -> None:
    """It may be on a disk that is not mounted; one that was moved is opened in its new place."""
    older = before_it_was_confidential(case)
    newer = case.rename(tmp_path / "demo.toml")
    remember_case(anna.places, case_in(newer))
    away = newer.rename(tmp_path / "demo")
    check_nothing_is_sent(run, anna, newer)
    remember_case(anna.places, case_in(away.rename(older)))
    assert "CANARY" not in sent(run, anna, "notes pack", "demo")
    assert "A plain note." in sent(run, anna, "notes pack", "demo")


def test_broken_file_of_another_case_holds_back_nothing(
    run: Run, anna: Colleague, case: Path
) -> None:
    """It can't be read, but does not have the id of this one."""
    write_case(case.with_name("a.toml"), case_id="demo-2", title='"')
    assert "A plain note." in sent(run, anna, "notes pack", "demo")


def test_other_files_of_the_library_hold_back_nothing(
    run: Run, anna: Colleague, case: Path
) -> None:
    """Other TOML, also about the case, an empty file of another name, and what is no file."""
    folder = case.parent
    (folder / "demo").mkdir()
    (folder / "demo" / "pyproject.toml").write_text('[project]\nname = "demo"\n')
    (folder / "demo" / "demo.toml").write_text('[tool]\nfor = "demo"\n')
    (folder / "empty.toml").touch()
    (folder / "demo-2.toml").touch()
    (folder / "broken.toml").write_text('name = "demo-2\n')
    (folder / "folder.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    assert "A plain note." in sent(run, anna, "notes pack", "demo")
    code, out, err = run(anna, "notes", "--all")
    assert (code, "A plain note." in out) == (0, True), err


def test_what_is_packed_is_what_the_files_say(run: Run, anna: Colleague, case: Path) -> None:
    """A star that another moved to a confidential source counts as it was, and is not packed."""
    for path in anna.folder.iterdir():
        path.unlink()
    star = anna.notebook.star("open", target_of("Published", {"id": "open"}))
    moved = replace(
        star,
        rev=2,
        parents=(star.hash,),
        author="ben",
        entry="informer",
        target=target_of("CANARY TITLE", {"id": "informer", "confidential": True}),
    )
    (anna.folder / "moved.toml").write_bytes(encode(moved))
    told = sent(run, anna, "notes pack", case)
    assert "CANARY" not in told
    assert "1 note with words of a confidential source left out" in told


@pytest.mark.parametrize("way", EXPORTS)
@pytest.mark.parametrize("renamed", [False, True])
def test_note_with_a_damaged_revision_may_be_private(
    run: Run, anna: Colleague, case: Path, way: str, *, renamed: bool
) -> None:
    """The revision that made it so may be the one that can't be read."""
    target = note_target(open_case(anna, case), "open", "")
    note = anna.notebook.keep_new("open", "CANARY PRIVATE", target)
    private = anna.notebook.make_private(note.id, private=True)
    damaged = cut_short(anna, private, "copy.toml" if renamed else None)
    told = sent(run, anna, way, case, code=1)
    assert "CANARY" not in told
    assert f"{damaged}: " in told
    assert re.search(r"2 private (notes|revisions) left out", told)
    assert note.id[:8] in sent(run, anna, way, case, "--private", code=1)


@pytest.mark.parametrize("is_readable", [True, False])
def test_reply_to_note_with_a_damaged_revision_stays(
    run: Run, anna: Colleague, case: Path, *, is_readable: bool
) -> None:
    """It may answer a private note, even if nothing of that can be read any more."""
    opened = open_case(anna, case)
    target = note_target(opened, "open", "")
    note = opened.notebook.keep_new("open", "CANARY PRIVATE", target)
    begun = opened.drafts.begin("open", "Published", motivation="replying", reply_to=note.id)
    private = opened.notebook.make_private(note.id, private=True)
    for kept in (private,) if is_readable else (private, note):
        cut_short(anna, kept)
    notebook = anna.notebook
    reply = notebook.keep_draft(begun, "> CANARY PRIVATE", target)
    assert reply.private
    assert "CANARY" not in sent(run, anna, "notes pack", case, code=1)


def test_note_is_sent_again_once_its_damaged_revision_is_restored(
    run: Run, anna: Colleague, case: Path
) -> None:
    """The damaged file stays, and so may a copy of it that a synchronizing program has made."""
    note = anna.notebook.keep_new("open", "One.", note_target(open_case(anna, case), "open", ""))
    edit = anna.notebook.keep_edit(note.id, "Edited.", note.target)
    data = encode(edit)
    damaged = cut_short(anna, edit)
    shutil.copy(damaged, damaged.with_suffix(".sync-conflict-20261124-031500-ABCDEFG.toml"))
    assert "Edited." not in sent(run, anna, "notes pack", case, code=1)
    assert len([*anna.notebook.add_revisions([(edit, data)])]) == 1
    assert "Edited." in sent(run, anna, "notes pack", case, code=1)


def cut_short(reader: Colleague, kept: Revision, name: str | None = None) -> Path:
    """Cut the file of a revision after the id of the note, and return its path."""
    (path,) = (path for path, one in reader.notebook.by_file.items() if one.hash == kept.hash)
    data = path.read_bytes()
    damaged = path.rename(path.with_name(name or path.name))
    damaged.write_bytes(data[:200])
    return damaged


def test_reply_to_private_note_stays(run: Run, anna: Colleague, case: Path) -> None:
    """`note add --reply-to` makes it private, as `r` on the screen does."""
    note = next(note for note in anna.notebook.notes if note.private)
    given = b"> CANARY PRIVATE\nShe confirmed it."
    assert run(anna, "note", "add", case, "open", "--reply-to", note.id[:8], given=given)[0] == 0
    told = sent(run, anna, "notes pack", case)
    assert "CANARY" not in told
    assert "2 private notes left out" in told


def test_show_is_the_readers_own_screen(run: Run, anna: Colleague, case: Path) -> None:
    """What the screen shows is printed too, and so is what the reader wrote."""
    _, out, _ = run(anna, "show", case, "--notes")
    for words in ("TITLE", "AUTHOR", "QUOTE", "WORDS", "PRIVATE", "EARLIER"):
        assert f"CANARY {words}" in out


def test_note_on_confidential_source_does_not_name_it(
    run: Run, anna: Colleague, case: Path
) -> None:
    """Neither its title nor its author is in the file, whoever gets hold of the folder."""
    for path in anna.folder.iterdir():
        path.unlink()
    assert run(anna, "note", "add", case, "informer", given=b"Reliable?")[0] == 0
    (path,) = anna.folder.iterdir()
    assert 'label = "informer"' in path.read_text()
    assert holding(anna.home, "CANARY") == []


def revision(anna: Colleague, **target: object) -> Revision:
    """Return a note on an entry that the case doesn't have."""
    kept = anna.notebook.keep_new("gone", "One.", target_of("Gone", {}))
    return replace(kept, target=replace(kept.target, **{"label": "", **target}))


@pytest.mark.parametrize(
    ("snapshot", "is_held_back"),
    [
        ('{"cites":["press, p. 1"]}', False),
        ('{"cites":"p. 1"}', True),
        ('{"cites":"press"}', False),
        ('{"title":"informer"}', True),
        ('{"cites":{"source":"informer"}}', True),
        ('{"cites":[{"source":"informer","at":"p. 1"}]}', True),
        ('{"cites":["renamed, p. 1"]}', True),
        ('{"cites":"renamed"}', True),
        ('{"id":"gone","confidential":true}', True),
        ('{"id":"gone","confidential":"yes"}', True),
        ('{"id":"gone","confidential":false}', False),
        ('{"in_quote":"said"}', True),
        ('{"in_quote":"pilot"}', True),
        ('{"in_quote":"renamed"}', True),
        ('{"subject":"renamed","object":"pilot"}', True),
        ('{"subject":"pilot","object":"press"}', False),
        ('{"subject":"pilot","object":"claim"}', True),
        ('{"subject":"told","object":"pilot"}', True),
        ('{"id":"boat","name":"mate"}', True),
        ('{"id":"boat","name":["pilot","mate"]}', True),
        ('{"id":"boat","name":"pilot"}', False),
        ('{"id":"pilot","name":"mate"}', False),
        ('{"based_on":["press","informer"]}', True),
        ('{"cites":[1,{"source":2},null]}', True),
        ('{"cites":[]}', False),
        ('{"cites":"Informer, p. 1"}', True),
        ('{"cites":"press, informer, p. 1"}', True),
        ('{"cites":{"source":"press","at":"informer"}}', True),
        ('{"cites":{"source":"press","at":"p. 1","quote":"An informer, he said."}}', False),
        ('{"accept":{"unsourced-party informer":"x"}}', True),
        ('{"accept":{"unsourced-party pilot":"x"}}', False),
        ("", True),
        ("{", True),
    ],
)
def test_row_tells_whether_a_note_is_held_back(
    anna: Colleague, case: Path, snapshot: str, is_held_back: bool
) -> None:
    """The row as it was then: what it cites or names, or that it was a confidential source."""
    confidential = Confidential(open_case(anna, case))
    assert confidential.concerns(revision(anna, snapshot=snapshot)) == is_held_back


@pytest.mark.parametrize(
    ("label", "is_held_back"),
    [("Boat 7", False), ("boat", False), ("", False), ("CANARY NAME", True), ("Boat", True)],
)
def test_title_from_another_row_is_held_back(
    anna: Colleague, case: Path, label: str, is_held_back: bool
) -> None:
    """Of an entry that the case doesn't have, nobody can say which of its keys named another."""
    note = revision(anna, label=label, snapshot='{"id":"boat","name":"mate","no":"Boat 7"}')
    elsewhere = replace(note, entry="boat")
    assert Confidential(None).concerns(elsewhere) == is_held_back
    case.write_text(case.read_text().partition("[[boat]]")[0])
    assert Confidential(open_case(anna, case)).concerns(elsewhere) == is_held_back


def test_note_without_a_row_is_held_back_once_its_entry_has_changed(
    anna: Colleague, tmp_path: Path
) -> None:
    """Beside a long text no row tells what was cited then; without confidential sources, no matter.

    A note on a source that has gone has no row either if the source was confidential.
    """
    case = write_case(tmp_path / "cases" / "demo.toml", ROWS)
    before = open_case(anna, case)
    kept = {
        entry_id: anna.notebook.keep_new(
            entry_id,
            "x",
            replace(note_target(before, entry_id, ""), snapshot="", cited=None, confidential=False),
        )
        for entry_id in ("meeting", "informer", "open")
    }
    quoted = '[{ source = "informer", at = "para 1", quote = "CANARY QUOTE" }]'
    changed = case.read_text().replace(quoted, '"para 3"')

    def held_back(text: str) -> set[str]:
        case.write_text(text)
        confidential = Confidential(open_case(anna, case))
        return {one for one in kept if confidential.concerns(kept[one])}

    assert held_back(changed) == {"meeting", "informer"}
    assert held_back(changed.replace("confidential = true\n", "")) == set()
    first, _, rest = changed.partition('[[source]]\nid = "informer"')
    assert held_back(first + rest[rest.index("[[party]]") :]) == {"informer"}


QUOTED = '[{ at = "p. 3", quote = "CANARY" }]'
AMONG = case_among_sources(QUOTED)


def without(rows: str, entry_id: str) -> str:
    """Return the rows of a case but for one."""
    return re.sub(rf'\[\[\w+\]\]\nid = "{entry_id}"\n(?:(?!\[\[).*\n)*', "", rows)


def note_on(reader: Colleague, case: Path, entry_id: str, *, is_earlier: bool = False) -> Revision:
    """Add a note to an entry; as earlier versions wrote it, it doesn't tell what is cited."""
    opened = open_case(reader, case)
    target = note_target(opened, entry_id, opened.title(entry_id))
    kept = replace(target, cited=None, confidential=None) if is_earlier else target
    return reader.notebook.keep_new(entry_id, "Check.", kept)


@pytest.mark.parametrize("is_earlier", [False, True])
@pytest.mark.parametrize(
    "now",
    [
        f'source = "press"\n{AMONG}'.replace(QUOTED, '"p. 9"'),
        f'source = "press"\n{AMONG}'.replace(QUOTED, '"press, p. 9"'),
        AMONG.replace(QUOTED, '"press, p. 9"'),
        AMONG,
    ],
)
def test_default_source_may_have_been_another(
    run: Run, anna: Colleague, tmp_path: Path, now: str, *, is_earlier: bool
) -> None:
    """A cite that named no source was of the source that the case had then."""
    case = write_case(tmp_path / "cases" / "demo.toml", f'source = "informer"\n{AMONG}')
    note_on(anna, case, "meeting", is_earlier=is_earlier)
    write_case(case, now)
    for way in EXPORTS:
        told = sent(run, anna, way, case)
        assert "CANARY" not in told
        assert "with words of a confidential source left out" in told


def test_removed_default_source_counts_as_confidential(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """A note tells what its entry cited, also where the row names no source."""
    case = write_case(tmp_path / "cases" / "demo.toml", f'source = "informer"\n{AMONG}')
    note_on(anna, case, "meeting")
    rows = without(AMONG, "informer").replace(QUOTED, '"p. 9"')
    write_case(case, f'source = "press"\n{rows}')
    assert "CANARY" not in sent(run, anna, "notes pack", case)


def test_note_about_a_place_in_a_removed_source_stays(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """The source is in the list of the note, though the entry that it is on is open."""
    rows = f'source = "press"\n{AMONG}'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    target = note_target(open_case(anna, case), "meeting", "", "informer, para 1")
    anna.notebook.keep_new("meeting", "Check.", target)
    write_case(case, rows.replace('"informer"', '"another"').replace("confidential = true\n", ""))
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)


def keep_again(
    reader: Colleague, case: Path, note: Revision, motivation: str = "commenting"
) -> None:
    """Edit a note, or reply to it, as the screen does."""
    target = note_target(
        open_case(reader, case), note.entry, note.target.label, note.target.field, is_new=False
    )
    if motivation == "commenting":
        reader.notebook.keep_edit(note.id, "Again.", target, entry=note.entry)
    else:
        reader.notebook.keep_new(
            note.entry, "Again.", target, motivation=motivation, reply_to=note.id
        )


@pytest.mark.parametrize("motivation", ["commenting", "replying"])
@pytest.mark.parametrize("is_source_left", [False, True])
def test_note_that_is_edited_keeps_what_it_is_held_back_for(
    run: Run, anna: Colleague, tmp_path: Path, motivation: str, *, is_source_left: bool
) -> None:
    """The entry has gone, and its source too or not; the title is all that is left of them."""
    rows = AMONG.replace("A meeting", "CANARY").replace(QUOTED, '"informer"')
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note = note_on(anna, case, "meeting")
    left = without(rows, "meeting")
    write_case(case, left if is_source_left else without(left, "informer"))
    keep_again(anna, case, note, motivation)
    for way in EXPORTS:
        assert "CANARY" not in sent(run, anna, way, case)


@pytest.mark.parametrize("motivation", ["commenting", "replying"])
def test_draft_that_is_saved_after_its_note_has_moved_is_held_back(
    run: Run, anna: Colleague, tmp_path: Path, motivation: str
) -> None:
    """It is on the entry on which it was begun, and has its title."""
    rows = AMONG.replace("A meeting", "CANARY").replace(QUOTED, '"informer"')
    rows += '[[event]]\nid = "other"\ntitle = "Another"\ncites = "press"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note = note_on(anna, case, "meeting")
    write_case(case, without(rows, "meeting"))
    (found,) = anna.notebook.notes
    move_note(open_case(anna, case), found, "other")
    keep_again(anna, case, note, motivation)
    for way in EXPORTS:
        assert "CANARY" not in sent(run, anna, way, case)


def test_joined_text_is_held_back_for_each_of_its_parts(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """Of a note in conflict one text may be from when the entry cited a confidential source."""
    rows = f'source = "press"\n{AMONG}'
    case = write_case(tmp_path / "cases" / "demo.toml", rows.replace(QUOTED, '"informer"'))
    note = note_on(anna, case, "meeting")
    parents = (note.hash,)
    old = note_target(open_case(anna, case), "meeting", "")
    anna.notebook.keep_edit(note.id, "CANARY", old, parents=parents)
    write_case(case, rows.replace(QUOTED, '"press"'))
    now = note_target(open_case(anna, case), "meeting", "")
    anna.notebook.keep_edit(note.id, "Open.", now, parents=parents)
    keep_again(anna, case, note)
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)


def test_new_note_on_an_entry_that_has_gone_stays(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """It has the title of the entry, as a draft that was begun before, and nothing else."""
    case = write_case(tmp_path / "cases" / "demo.toml", without(AMONG, "meeting"))
    target = note_target(open_case(anna, case), "meeting", "CANARY")
    anna.notebook.keep_new("meeting", "Check.", target)
    for way in EXPORTS:
        assert "CANARY" not in sent(run, anna, way, case)


def test_place_in_a_source_stays_when_the_note_is_edited(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """Its id is that of no source any more."""
    rows = f'source = "press"\n{AMONG}'.replace("informer", "canary")
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    about = "canary, para 1"
    target = note_target(open_case(anna, case), "meeting", "", about)
    note = anna.notebook.keep_new("meeting", "Check.", target)
    write_case(case, rows.replace("canary", "another"))
    keep_again(anna, case, note)
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)


def test_moved_check_is_held_back_for_its_row(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """It keeps the row on which it was given, whose sources may have gone since."""
    open_row = '[[event]]\nid = "other"\ntitle = "Another"\n'
    rows = f'source = "informer"\n{AMONG}{open_row}'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    opened = open_case(anna, case)
    target = note_target(opened, "meeting", "")
    anna.notebook.keep_new("meeting", "", target, motivation="assessing", value="checked")
    left = without(without(AMONG, "informer"), "meeting")
    write_case(case, f'source = "press"\n{left}{open_row}')
    (note,) = anna.notebook.notes
    move_note(open_case(anna, case), note, "other")
    assert "CANARY" not in sent(run, anna, "notes pack", case)


def test_own_table_may_call_its_texts_as_it_likes(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """The subject of an e-mail is no reference."""
    rows = f'{AMONG}[[email]]\nid = "mail"\nsubject = "Lunch on Friday"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "mail")
    assert "Packed 1 note in" in sent(run, anna, "notes pack", case)


def test_source_may_be_renamed(run: Run, anna: Colleague, tmp_path: Path) -> None:
    """In a case without a confidential source a note tells that it has words of none."""
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / "report.txt").write_text("What was said.\n")
    rows = '[[source]]\nid = "press"\ntitle = "A report"\nfile = "report.txt"\n'
    rows += '[[event]]\nid = "meeting"\ntitle = "A meeting"\ncites = "press, p. 3"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "meeting")
    write_case(case, rows.replace("press", "paper"))
    assert "Packed 1 note in" in sent(run, anna, "notes pack", case)


def test_mistake_beside_a_source_holds_back_no_open_entry(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """A confidential source without an id is meant by no cite that names another."""
    rows = '[[source]]\nid = "press"\ntitle = "A report"\n'
    rows += '[[source]]\ntitle = "No id"\nconfidential = true\n'
    rows += '[[event]]\nid = "meeting"\ntitle = "A meeting"\ncites = { source = "press" }\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "meeting")
    assert "Packed 1 note in" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("is_earlier", [False, True])
def test_notes_on_open_entries_are_sent(
    run: Run, anna: Colleague, tmp_path: Path, *, is_earlier: bool
) -> None:
    """An unchanged entry, or any entry of a case without confidential sources, holds none back."""
    rows = f'source = "press"\n{AMONG}{NAMED}'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    for entry_id in ("meeting", "link", "quote", "boat", "claim"):
        note_on(anna, case, entry_id, is_earlier=is_earlier)
    assert "Packed 5 notes" in sent(run, anna, "notes pack", case)
    changed = rows.replace("p. 3", "p. 4").replace('refs = ["name"]', "").replace("owner", "keeper")
    write_case(case, changed.replace("confidential = true\n", ""))
    assert "Packed 5 notes" in sent(run, anna, "notes pack", case)
    renamed = changed.replace('"press"', '"paper"')
    write_case(case, renamed.replace("confidential = true\n", ""))
    assert "Packed 5 notes" in sent(run, anna, "notes pack", case)
    write_case(case, changed)
    packed = "Packed 1 note in" if is_earlier else "Packed 5 notes"
    assert packed in sent(run, anna, "notes pack", case)


NAMED = """\
[[party]]
id = "pilot"
name = "The owner"
type = "Person"
[[link]]
id = "link"
subject = "pilot"
object = "meeting"
role = "took part in"
[[quote]]
id = "quote"
speaker = "pilot"
words = "Yes."
cites = "p. 4"
[[claim]]
id = "claim"
statement = "He agreed."
in_quote = "quote"
[[table]]
name = "boat"
refs = ["name"]
[[boat]]
id = "boat"
name = "pilot"
"""
OWNER = '[[party]]\nid = "owner"\nname = "An owner"\ntype = "Person"\n'


@pytest.mark.parametrize(
    ("entry_id", "new_id"),
    [("pilot", "captain"), ("pilot", "owner"), ("quote", "said"), ("meeting", "m"), ("mail", "m")],
)
def test_entry_may_be_renamed_or_joined_to_another(
    run: Run, anna: Colleague, tmp_path: Path, entry_id: str, new_id: str
) -> None:
    """A note tells the sources of what its entry named then, by whatever id that is named now."""
    rows = f'source = "press"\n{AMONG}{NAMED}[[email]]\nid = "mail"\nsubject = "lunch"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", f"{rows}{OWNER}")
    for one in ("link", "quote", "boat", "claim", "mail"):
        note_on(anna, case, one)
    now = without(rows, entry_id) if new_id == "owner" else rows
    write_case(case, now.replace(f'"{entry_id}"', f'"{new_id}"') + OWNER)
    assert "Packed 5 notes" in sent(run, anna, "notes pack", case)


def test_party_may_turn_out_to_be_named_by_a_confidential_source(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """A note on a quote that has gone has the name of its speaker, which is still in the case."""
    start = f'source = "press"\n{AMONG}'.replace("CANARY", "Open")
    named = NAMED.replace("The owner", "CANARY NAME")
    case = write_case(tmp_path / "cases" / "demo.toml", start + named)
    note_on(anna, case, "quote")
    later = named.replace('type = "Person"', 'type = "Person"\ncites = "informer"')
    write_case(case, start + without(later, "quote"))
    assert "CANARY" not in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("is_earlier", [False, True])
@pytest.mark.parametrize(
    "rest",
    [NAMED, NAMED.replace('refs = ["name"]', ""), NAMED.replace('name = "pilot"', 'title = "B"')],
)
def test_former_title_from_a_confidential_source_stays(
    run: Run, anna: Colleague, tmp_path: Path, rest: str, *, is_earlier: bool
) -> None:
    """A link, a quote and a row of a custom table have the name that a party had then."""
    start = f'source = "press"\n{AMONG}'
    named = NAMED.replace('name = "The owner"', 'name = "CANARY NAME"\ncites = "informer, p. 1"')
    case = write_case(tmp_path / "cases" / "demo.toml", start + named)
    for entry_id in ("link", "quote", "boat"):
        note_on(anna, case, entry_id, is_earlier=is_earlier)
    write_case(case, start.replace("CANARY", "Open") + rest)
    for way in EXPORTS:
        told = sent(run, anna, way, case)
        assert "CANARY" not in told
        assert re.search("3 (notes|revisions) with words of a confidential source left out", told)


@pytest.mark.parametrize("is_earlier", [False, True])
def test_former_cites_of_a_quote_hold_back_a_claim(
    run: Run, anna: Colleague, tmp_path: Path, *, is_earlier: bool
) -> None:
    """A claim has the cites that its quote had when the note was written."""
    start = f'source = "press"\n{AMONG}'
    named = NAMED.replace('"p. 4"', '"informer, p. 4"').replace("He agreed.", "CANARY CLAIM")
    case = write_case(tmp_path / "cases" / "demo.toml", start + named)
    note_on(anna, case, "claim", is_earlier=is_earlier)
    write_case(case, start.replace("CANARY", "Open") + NAMED)
    assert "CANARY" not in sent(run, anna, "notes pack", case)


def test_edited_note_has_the_title_of_today(anna: Colleague, tmp_path: Path) -> None:
    """A draft begun from a note has the title that the entry had when that was written."""
    start = f'source = "press"\n{AMONG}'.replace("CANARY", "Open")
    case = write_case(tmp_path / "cases" / "demo.toml", start + NAMED)
    assert note_target(open_case(anna, case), "pilot", "CANARY NAME").label == "The owner"
    assert note_target(open_case(anna, case), "gone", "A title").label == "A title"


@pytest.mark.parametrize(
    "cite",
    [
        *('"informer p. 1"', '"informer; p. 1"', '"informer: p. 1"', '"p. 1, informer"'),
        *('"Informer, p. 1"', '"in former, p. 1"', '"in–former, p. 1"', '"An interview, p. 1"'),
        *('{ source = "in former", at = "p. 1" }', '{ source = "in–former" }', '{ source = "" }'),
    ],
)
def test_mistake_in_a_cite_publishes_no_source(
    run: Run, anna: Colleague, tmp_path: Path, cite: str
) -> None:
    """The reader of case files takes most of these for places in the source of the case."""
    rows = f'source = "press"\n{AMONG}[[event]]\nid = "e"\ntitle = "CANARY TALK"\ncites = {cite}'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "e")
    assert "CANARY" not in sent(run, anna, "notes pack", case)
    for path in anna.folder.iterdir():
        path.unlink()
    write_case(case, rows.replace("confidential = true", ""))
    note_on(anna, case, "e")
    assert "CANARY TALK" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize(
    "cite",
    [
        *('"p. 3, l. 4"', '"para 4, note 2"', '"the caption"', '"the margin, near the stamp"'),
        *('"p. A1, col. 2"', '{ at = "the margin, p. 4" }'),
    ],
)
def test_place_in_an_open_source_holds_back_nothing(
    run: Run, anna: Colleague, tmp_path: Path, cite: str
) -> None:
    """Only what stands before a place, and is none, may be a source by mistake."""
    case = write_case(tmp_path / "cases" / "demo.toml", f'source = "press"\n{AMONG}')
    case.write_text(case.read_text().replace(QUOTED, cite))
    assert note_on(anna, case, "meeting").target.cited == ("press",)
    assert "Packed 1 note in" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize(
    "cite",
    [
        '"Inf. Dep. 45:3"',
        '"INF.  DEP., p. 3"',
        '{ at = "Inf. Dep. at 45:3" }',
        '"see Inf. Dep. 45:3"',
        '{ source = "press", at = "Inf. Dep. 45:3" }',
    ],
)
def test_abbreviation_names_a_confidential_source(
    run: Run, anna: Colleague, tmp_path: Path, cite: str
) -> None:
    """What cites a confidential source by its abbreviation stays, as by its id."""
    rows = f'source = "press"\n{AMONG}'.replace(QUOTED, cite)
    rows = rows.replace('id = "informer"', 'id = "informer"\nabbreviation = "Inf. Dep."')
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "meeting")
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize(
    ("words", "is_held_back"), [("Inf. Dep. 45:3", True), ("Inf. Dep. of the mate", False)]
)
def test_abbreviation_and_place_in_any_text_name_a_source(
    words: str, *, is_held_back: bool
) -> None:
    """As an id at its start does; the abbreviation alone may begin a sentence."""
    rows = {"informer": {"id": "informer", "abbreviation": "Inf. Dep.", "confidential": True}}
    source = Source(id="informer", title="T", abbreviation="Inf. Dep.", confidential=True)
    case = Case(id="demo", title="Demo")
    origins = Origins(CaseFile(Path("demo.toml"), case, {"informer": source}, rows))
    assert list(origins.named_in({"remark": words})) == ["informer"] * is_held_back


def test_mistyped_key_of_a_second_source_with_an_id_publishes_neither(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """Which of the two is meant nobody can say, so the mistake in the one counts for both."""
    rows = f'source = "press"\n{AMONG}'.replace(QUOTED, '"informer"')
    case = write_case(
        tmp_path / "cases" / "demo.toml",
        rows.replace("confidential = true\n", "")
        + '[[source]]\nid = "informer"\ntitle = "Another"\nConfidential = true\n',
    )
    note_on(anna, case, "meeting")
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("key", ["confidental", "Confidential", "CONFIDENTIAL", "is-confidential"])
def test_mistyped_key_publishes_no_source(
    run: Run, anna: Colleague, tmp_path: Path, key: str
) -> None:
    """One that no source has, and that is nearest to `confidential`."""
    rows = f'source = "press"\n{AMONG}'.replace(QUOTED, '"informer"')
    case = write_case(tmp_path / "cases" / "demo.toml", rows.replace("confidential", key))
    note_on(anna, case, "meeting")
    assert note_on(anna, case, "informer").target.label == "informer"
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)
    write_case(case, rows.replace("confidential = true", f"{key} = false"))
    assert "Packed 2 notes" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("table", ["[source.details]", "[[source.amounts]]", "[source.a.b]"])
@pytest.mark.parametrize("key", ["confidential", "Confidential"])
def test_mark_that_fell_into_a_table_of_a_source_counts(
    run: Run, anna: Colleague, tmp_path: Path, table: str, key: str
) -> None:
    """In TOML a key belongs to the last header before it."""
    rows = f'source = "press"\n{AMONG}'.replace(QUOTED, '"informer"')
    rows = rows.replace("confidential = true", f"{table}\n{key} = true")
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "meeting")
    assert "Packed 0 notes" in sent(run, anna, "notes pack", case)
    write_case(case, rows.replace(f"{key} = true", f"{key} = false"))
    assert "Packed 1 note in" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("cite", ["informer", "informer p. 1", "Informer, p. 1"])
def test_source_that_is_no_array_may_be_confidential(
    run: Run, anna: Colleague, tmp_path: Path, cite: str
) -> None:
    """It is no entry, but its id may be in a cite."""
    rows = 'source = "press"\n[source]\nid = "informer"\nconfidential = true\n'
    rows += f'[[event]]\nid = "e"\ntitle = "CANARY TALK"\ncites = "{cite}"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "e")
    assert "CANARY" not in sent(run, anna, "notes pack", case)


def test_other_key_of_a_source_makes_it_no_secret(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """Nor does such a key of an entry that is no source."""
    rows = f'source = "press"\n{AMONG}'.replace("confidential = true", 'reliability = "high"')
    rows += '[[claim]]\nid = "claim"\nstatement = "x"\ncites = "p. 1"\nconfidence = "high"\n'
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    for one in ("meeting", "informer", "claim"):
        note_on(anna, case, one)
    assert "Packed 3 notes" in sent(run, anna, "notes pack", case)


@pytest.mark.parametrize("source_id", ["informer", "Informer"])
def test_source_that_is_no_entry_may_be_confidential(
    run: Run, anna: Colleague, tmp_path: Path, source_id: str
) -> None:
    """Of two sources with one id, either may be meant; so may one whose id is not valid."""
    others = AMONG.replace("confidential = true\n", "").replace("CANARY", "Open")
    rows = f"""source = "press"
{others}
[[source]]
id = "{source_id}"
title = "Another interview"
confidential = true
[[event]]
id = "e"
title = "CANARY TALK"
cites = "{source_id}, p. 1"
"""
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    note_on(anna, case, "e")
    assert "CANARY" not in sent(run, anna, "notes pack", case)


def test_note_on_a_source_of_doubtful_confidence_does_not_name_it(
    anna: Colleague, tmp_path: Path
) -> None:
    """Anything but false makes a source confidential."""
    rows = AMONG.replace("confidential = true", 'confidential = "yes"')
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    assert note_on(anna, case, "informer").target.label == "informer"
    assert note_on(anna, case, "informer").target.snapshot == ""


def test_revision_of_another_holds_back_no_check_of_an_open_case(
    run: Run, anna: Colleague, tmp_path: Path
) -> None:
    """It has no row, and a digest that fits nothing."""
    rows = AMONG.replace("confidential = true\n", "")
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    opened = open_case(anna, case)
    check = anna.notebook.assess("meeting", "checked", note_target(opened, "meeting", ""))
    theirs = replace(
        check, rev=2, parents=(check.hash,), author="ben", target=Target("x", "sha256:0")
    )
    (anna.folder / "theirs.toml").write_bytes(encode(theirs))
    assert "Packed 1 note in 2 revisions" in sent(run, anna, "notes pack", case)


def test_default_source_may_be_confidential(anna: Colleague, tmp_path: Path) -> None:
    """A cite that names no source is of the one that the case names."""
    rows = ROWS.replace('source = "press"\n', 'source = "informer"\n', 1)
    case = write_case(tmp_path / "cases" / "demo.toml", rows)
    confidential = Confidential(open_case(anna, case))
    assert confidential.concerns(revision(anna, snapshot='{"cites":["p. 1"]}'))
    assert not confidential.concerns(revision(anna, snapshot='{"title":"x"}'))
