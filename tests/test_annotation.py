"""Encoding and decoding the file of a revision."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from casefile.notes import annotation, toml_lines
from casefile.notes.annotation import (
    TEXT_LIMIT,
    NoteTooLarge,
    NoteUnreadable,
    Revision,
    SaveError,
    Target,
    check_length,
    decode,
    digest_of,
    encode,
    encode_within_limit,
    file_name,
    hash_of,
    row_of,
    target_of,
)
from casefile.notes.toml_lines import size_in_file, toml_line

NOTE_ID = "0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a11"
WRITTEN = dt.datetime(2026, 11, 24, 3, 5, tzinfo=dt.UTC)
TARGET = Target(
    label="Nov 2017 – Jan 2018 · Arrests",
    digest="sha256:" + "a" * 64,
    snapshot='{"id":"arrests"}',
    sources={"wvue": "sha256:" + "b" * 64},
    field="amounts",
)
NOTE = Revision(
    id=NOTE_ID,
    rev=2,
    case="demo",
    entry="arrests",
    motivation="commenting",
    body="Check against the release. Compare [[transcript-2]].",
    author="jdoe",
    created=dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC),
    modified=WRITTEN,
    target=TARGET,
    parents=("sha256:" + "c" * 64,),
    tags=("release",),
)


def read_back(note: Revision) -> Revision:
    """Return a revision as decoded from its file, without the file's hash."""
    return replace(decode(encode(note)), hash="")


editable = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False)
    | editable
    | st.dates()
    | st.times().map(lambda time: time.replace(fold=0)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(editable, inner, max_size=3),
    max_leaves=8,
)


def encoded_without(*keys: str, **changes: Any) -> bytes:
    """Return the file of a revision with some keys removed and others changed."""
    table = tomli.loads(encode(NOTE).decode())
    for key in keys:
        del table[key]
    return tomli_w.dumps({**table, **changes}).encode()


def test_file_has_keys_of_format_in_order() -> None:
    """The file has exactly the keys of casefile-note/1, in order."""
    table = tomli.loads(encode(NOTE).decode())
    assert table == {
        "format": "casefile-note/1",
        "id": NOTE_ID,
        "rev": 2,
        "parents": ["sha256:" + "c" * 64],
        "case": "demo",
        "entry": "arrests",
        "motivation": "commenting",
        "body": "Check against the release. Compare [[transcript-2]].",
        "tags": ["release"],
        "private": False,
        "author": "jdoe",
        "created": dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC),
        "modified": WRITTEN,
        "target": {
            "label": "Nov 2017 – Jan 2018 · Arrests",
            "digest": "sha256:" + "a" * 64,
            "snapshot": '{"id":"arrests"}',
            "field": "amounts",
            "sources": {"wvue": "sha256:" + "b" * 64},
        },
    }
    assert "created = 2026-11-24 03:00:00+00:00" in encode(NOTE).decode().replace("T", " ")


def test_revision_round_trips() -> None:
    """A revision is decoded as it was encoded, whichever optional fields it has."""
    for note in (
        NOTE,
        replace(NOTE, deleted=True, undoes="sha256:" + "d" * 64, private=True),
        replace(NOTE, motivation="assessing", value="wrong", given=WRITTEN),
        replace(NOTE, motivation="assessing", value="wrong", given=NOTE.created),
        replace(NOTE, motivation="replying", reply_to=NOTE_ID),
        replace(NOTE, parents=(), tags=(), target=replace(TARGET, field=None, sources={})),
        replace(NOTE, target=replace(TARGET, field={"source": "wvue", "at": "para 4"})),
    ):
        assert read_back(note) == note


def test_date_of_a_verdict_is_written_only_if_it_was_given_before() -> None:
    """It is that of the revision if there is none; by a fast clock it may be a later one."""
    check = replace(NOTE, motivation="assessing", value="wrong", given=WRITTEN)
    assert b"given" not in encode(check)
    assert read_back(replace(check, given=None)) == check
    ahead = replace(check, given=WRITTEN + dt.timedelta(days=1))
    assert read_back(ahead) == ahead
    assert not ahead.gives_verdict
    assert b"\ngiven = 2026-11-24" in encode(replace(check, given=NOTE.created))


@given(editable)
@example("a\r\nb\rc\nd")
@example("\0\x01\x1b[31m\x7f\x85\ufeff\u2028")
@example("'''\"\"\"\\ \\u0041")
@example("\n leading and trailing \n\n")
def test_every_text_round_trips(body: str) -> None:
    """Encoding and decoding changes no character, line end or quotation mark."""
    note = replace(NOTE, body=body)
    assert read_back(note) == note


@given(st.dictionaries(editable.map(lambda key: "x" + key), values, max_size=3))
def test_unknown_keys_are_kept(extra: dict[str, object]) -> None:
    """Keys of a later version, in the note and in its target, are written back unchanged."""
    note = replace(NOTE, extra=extra, target=replace(TARGET, extra=extra))
    assert read_back(note) == note


@pytest.mark.parametrize("text", ["\ud83d", "a\udcffb"])
def test_lone_surrogate_is_refused(text: str) -> None:
    """A lone surrogate, which UTF-8 lacks, is an error and is not replaced."""
    with pytest.raises(ValueError, match=r"half of a character \(U\+D[8C]"):
        encode(replace(NOTE, body=text))


def test_times_are_written_in_utc() -> None:
    """An offset with seconds, which TOML lacks, is converted to UTC."""
    odd = dt.timezone(dt.timedelta(hours=1, minutes=2, seconds=3))
    note = replace(NOTE, modified=WRITTEN.astimezone(odd))
    assert decode(encode(note)).modified == WRITTEN
    assert decode(encode(note)).modified.utcoffset() == dt.timedelta(0)


def test_name_and_hash_are_those_of_content() -> None:
    """A revision's hash is that of its file's content, and its start is in the file's name."""
    data = encode(NOTE)
    digest = hashlib.sha256(data).hexdigest()
    assert decode(data).hash == hash_of(data) == f"sha256:{digest}"
    assert file_name(NOTE_ID, 2, data) == f"{NOTE_ID}.2-{digest[:40]}.toml"


@pytest.mark.parametrize(
    "key",
    [
        "id",
        "rev",
        "case",
        "entry",
        "motivation",
        "body",
        "author",
        "created",
        "modified",
        "target",
        "format",
    ],
)
def test_missing_key_is_reported(key: str) -> None:
    """A revision without a required key is unreadable, and the message names the key."""
    with pytest.raises(NoteUnreadable, match=key):
        decode(encoded_without(key))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("format", "casefile-note/2", "format is casefile-note/2, this version reads casefile-not"),
        ("id", "../../etc/passwd", "id: Expected `str` matching regex"),
        ("id", NOTE_ID + "\n", "id: Expected `str` matching regex"),
        ("id", NOTE_ID.upper(), "id: Expected `str` matching regex"),
        ("rev", 0, "rev: Expected `int` >= 1"),
        ("rev", True, "rev: Expected `int`, got `bool`"),
        ("rev", "2", "rev: Expected `int`, got `str`"),
        ("rev", 2**62, "rev: Expected `int` <= 1000000000"),
        ("case", "../x", "case: Expected `str` matching regex"),
        ("entry", "a\n", "entry: Expected `str` matching regex"),
        ("body", 3, "body: Expected `str`, got `int`"),
        ("author", "j" * 201, "author: Expected `str` of length <= 200"),
        ("tags", "release", "tags: Expected `array`, got `str`"),
        ("tags", ["a"] * 101, "tags: Expected `array` of length <= 100"),
        ("tags", ["a" * 201], r"tags\[0\]: Expected `str` of length <= 200"),
        ("tags", [1], r"tags\[0\]: Expected `str`, got `int`"),
        ("parents", [1], r"parents\[0\]: Expected `str`, got `int`"),
        ("private", 1, "private: Expected `bool`, got `int`"),
        ("deleted", "yes", "deleted: Expected `bool`, got `str`"),
        ("reply_to", "a", "reply_to: Expected `str` matching regex"),
        ("created", "yesterday", "created: Expected `datetime`, got `str`"),
        ("modified", dt.date(2026, 1, 1), "modified: Expected `datetime`, got `date`"),
        ("modified", dt.datetime(2026, 1, 1), "modified: Expected `datetime` with a timezone"),
        ("modified", dt.datetime(9999, 12, 31, tzinfo=dt.UTC), "modified is outside the years"),
        ("target", "x", "target: Expected `object`, got `str`"),
        ("target", {}, "target: Object missing required field `label`"),
        ("later", 2**70, "more than 64 bits"),
        ("later", [{"x": [-(2**70)]}], "more than 64 bits"),
    ],
)
def test_wrong_value_is_reported(key: str, value: object, reason: str) -> None:
    """A revision with a wrong value is unreadable, and the message names the key."""
    with pytest.raises(NoteUnreadable, match=reason):
        decode(encoded_without(**{key: value}))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("sources", ["wvue"], r"target\.sources: Expected `object`, got `array`"),
        ("sources", {"wvue": 1}, r"target\.sources\[\.\.\.\]: Expected `str`, got `int`"),
        ("field", 1, r"target\.field: Expected `str \| object \| null`, got `int`"),
        ("label", "x" * 2001, r"target\.label: Expected `str` of length <= 2000"),
    ],
)
def test_wrong_value_in_target_is_reported(key: str, value: object, reason: str) -> None:
    """The message for a wrong value in the target has the full path of the key."""
    target = {"label": "x", "digest": "x", "snapshot": "x", key: value}
    with pytest.raises(NoteUnreadable, match=reason):
        decode(encoded_without(target=target))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "format is missing"),
        (b"\0", "TOML"),
        (b"body = 'cut", "TOML"),
        (b"body = '\xff'", "UTF-8"),
        ("format = 1".encode("utf-16"), "UTF-8"),
        (b"a = " + b"[" * 10_000, "1,000 lines, keys and values"),
        (b"a." * 40_000 + b"a = 1", "1,000 lines, keys and values"),
        (b"a." * 100 + b"a = 1", "32 deep"),
        (b"a = " + b"[" * 50 + b"]" * 50, "32 deep"),
        (b"a = 0x" + b"f" * 100, "64 bits"),
        (b"a = 0x" + b"f" * 1_000_000, "too many digits"),
        (b"format = 0x" + b"f" * 100, "64 bits"),
        (b"#" * (annotation.SIZE_LIMIT + 1), "limit of 2,097,152 bytes"),
        (b"a = 0001-01-01T00:00:00+14:00", "format is missing"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_other_file_is_unreadable(data: bytes, reason: str) -> None:
    """Any other file raises NoteUnreadable with a reason."""
    with pytest.raises(NoteUnreadable, match=reason):
        decode(data)


def test_time_before_year_1_is_unreadable() -> None:
    """A time that is before the year 1 in UTC is reported and raises no OverflowError."""
    early = encode(NOTE).replace(b"2026-11-24T03:05:00+00:00", b"0001-01-01T00:00:00+14:00")
    early = early.replace(b"2026-11-24 03:05:00+00:00", b"0001-01-01 00:00:00+14:00")
    with pytest.raises(NoteUnreadable, match="modified is outside the years"):
        decode(early)


@given(st.binary())
def test_random_bytes_are_unreadable(data: bytes) -> None:
    """Random bytes raise NoteUnreadable and nothing else."""
    with pytest.raises(NoteUnreadable):
        decode(data)


@given(st.integers(0, len(encode(NOTE)) - 1), st.binary(max_size=3))
def test_damaged_note_is_read_or_unreadable(place: int, patch: bytes) -> None:
    """A note with a few changed bytes is decoded or raises NoteUnreadable."""
    data = encode(NOTE)
    damaged = data[:place] + patch + data[place + len(patch) :]
    try:
        assert decode(damaged).hash == hash_of(damaged)
    except NoteUnreadable as error:
        assert str(error)  # noqa: PT017 -- either outcome is right


def test_digest_is_of_sorted_json() -> None:
    """The snapshot is UTF-8 JSON with sorted keys, no spaces, and RFC 3339 dates."""
    row = {
        "title": "Verhöre",
        "id": "a",
        "date": dt.date(2017, 8, 1),
        "at": dt.datetime(2017, 8, 1, 12, 30, tzinfo=dt.UTC),
        "local": dt.datetime(2017, 8, 1, 12, 30),
        "clock": dt.time(12, 30),
        "amounts": [{"value": 1.5, "unit": "kg"}],
        "key": True,
    }
    snapshot, digest = digest_of(row)
    assert snapshot == (
        '{"amounts":[{"unit":"kg","value":1.5}],"at":"2017-08-01T12:30:00Z","clock":"12:30:00",'
        '"date":"2017-08-01","id":"a","key":true,"local":"2017-08-01T12:30:00","title":"Verhöre"}'
    )
    assert digest == "sha256:" + hashlib.sha256(snapshot.encode()).hexdigest()


def test_order_of_keys_does_not_change_digest() -> None:
    """Two rows that differ only in the order of their keys have the same digest."""
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


@given(st.dictionaries(editable, values, max_size=4))
def test_every_toml_value_has_json_snapshot(row: dict[str, object]) -> None:
    """Every value that TOML can hold has a JSON snapshot."""
    snapshot, _ = digest_of(row)
    assert json.loads(snapshot).keys() == row.keys()


def test_nan_and_infinity_become_strings() -> None:
    """A row with nan or inf can be annotated like any other."""
    row = tomli.loads("a = nan\nb = inf\nc = -inf")
    assert digest_of(row)[0] == '{"a":"nan","b":"inf","c":"-inf"}'


def test_target_of_row() -> None:
    """A target has the row as JSON, its digest, and a label of limited length."""
    row = {"id": "a"}
    target = target_of("x" * 3000, row, {"wvue": "sha256:0"}, "date")
    assert (target.snapshot, target.digest) == digest_of(row)
    assert target.label == "x" * 2000
    assert target.sources == {"wvue": "sha256:0"}
    assert target.field == "date"


@given(editable)
@example('a\t"\\\b\n\f\r\0\x1b\x7f\x85é漢\U0001f600')
def test_size_in_file_is_what_is_written(text: str) -> None:
    """A text is as long as it is in the file, whatever is escaped in it."""
    assert size_in_file(text) == len(toml_line("a", text)) - len(b'a = ""\n')


@given(editable)
@example("a\n'b''\t")
@example('\n"""\\\'')
@example("'''")
@example("\r\n")
def test_text_too_long_to_be_escaped_comes_back(text: str) -> None:
    """A literal string holds every text that is written as one, and other texts are escaped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toml_lines, "_MOST_ESCAPES", -1)
        assert decode(encode(replace(NOTE, body=text))).body == text


@pytest.mark.parametrize("character", ["x", "\n", "\0", "漢"])
def test_longest_text_has_room_beside_all_else(character: str) -> None:
    """With the longest label, names, tags and parents; of the row only the digest is kept."""
    body = character * (TEXT_LIMIT // size_in_file(character))
    check_length(body)
    with pytest.raises(SaveError, match=r"the text is \d bytes? too long for a note"):
        check_length(body + character)
    row = {"id": "arrests", "text": "x" * 3_000_000}
    sources = {f"source-{number}": "sha256:" + "b" * 64 for number in range(20_000)}
    worst = replace(
        NOTE,
        body=body,
        tags=("\0" * 200,) * 100,
        parents=("sha256:" + "c" * 64,) * 100,
        target=target_of("\0" * 3000, row, sources, "x" * 3_000_000),
    )
    data = encode_within_limit(worst)
    assert len(data) <= annotation.SIZE_LIMIT
    read = decode(data)
    assert (read.body, read.target.digest) == (body, digest_of(row)[1])
    assert (read.target.snapshot, row_of(read.target)) == ("", None)


def test_only_the_row_is_left_out_if_that_is_enough() -> None:
    """The cited texts and the part of the entry stay; a row with room stays too."""
    row = {"id": "arrests", "text": "x" * 3_000_000}
    target = target_of("A", row, {"press": "sha256:" + "b" * 64}, "text")
    kept = decode(encode_within_limit(replace(NOTE, target=target))).target
    assert kept == replace(target, snapshot="")
    small = target_of("A", {"id": "arrests", "text": "x" * 500_000})
    assert decode(encode_within_limit(replace(NOTE, target=small))).target == small


def test_unknown_list_takes_no_more_room_when_it_is_written_again() -> None:
    """Another version wrote it in one line; its note is edited with all that is known of it."""
    written = encode(NOTE).replace(b"[target]", b"x = [%b]\n[target]" % b",".join([b"1"] * 600))
    read = decode(written)
    again = decode(encode_within_limit(replace(read, parents=(read.hash,), body="again")))
    assert again.extra == {"x": [1] * 600}
    assert again.target == read.target


@pytest.mark.parametrize("unknown", [{"x": [[]] * 990}, {"y": {"z": "x" * 3_000_000}}])
def test_only_what_makes_a_note_too_large_is_left_out(unknown: dict[str, object]) -> None:
    """Keys of another version take too much room; the entry and its sources stay in the note."""
    target = replace(TARGET, cited=("informer",) * 100, confidential=True)
    kept = decode(encode_within_limit(replace(NOTE, target=target, extra=unknown)))
    assert (kept.target, kept.extra) == (target, {})


@pytest.mark.parametrize("body", ["small", "\0" * 200_000])
def test_what_is_left_out_is_written_once_at_most(
    monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """However little has room: each line is escaped once, and the lines are counted."""
    written: list[str] = []

    def counted(key: str, value: object) -> bytes:
        written.append(key)
        return toml_line(key, value)

    monkeypatch.setattr(annotation, "toml_line", counted)
    target = replace(TARGET, snapshot="\0" * 400_000, field="\0" * 400_000)
    worst = replace(NOTE, body=body, target=target, extra={"unknown": "\0" * 400_000})
    kept = decode(encode_within_limit(worst))
    assert (kept.body, kept.target.snapshot, kept.target.field, kept.extra) == (body, "", None, {})
    assert [written.count(key) for key in ("body", "snapshot", "field", "unknown")] == [1] * 4


def test_nested_tables_of_another_program_repeat_no_path() -> None:
    """Long keys of tables within tables take no more room than they need."""
    nested: dict[str, object] = {}
    for number in range(25):
        nested = {f"{number}{'x y' * 5_000}": nested, "a": 1}
    written = encode(replace(NOTE, extra=nested))
    assert len(written) < 400_000
    assert decode(written).extra == nested


@given(values)
def test_unknown_value_comes_back(value: object) -> None:
    """Whatever TOML can hold is written again as it was read."""
    extra = tomli.loads(tomli_w.dumps({"unknown key": value}))
    assert decode(encode(replace(NOTE, extra=extra))).extra == extra


def test_what_a_note_is_held_back_for_is_never_left_out() -> None:
    """Nothing else has room beside the longest of it; the text has."""
    cited = tuple(f"{number:03}{'x' * 197}" for number in range(100))
    sources = dict.fromkeys(cited, "sha256:" + "b" * 64)
    about = dict.fromkeys(map(str, range(900)), "x")
    row = {"id": "x" * 3_000_000}
    target = replace(target_of("A", row, sources, about), cited=cited, confidential=True)
    body = "\n" * (TEXT_LIMIT // 2)
    worst = replace(NOTE, body=body, tags=("\0" * 200,) * 100, target=target, extra=about)
    kept = decode(encode_within_limit(worst))
    assert (kept.body, kept.target.cited, kept.target.confidential) == (body, cited, True)


def test_note_as_large_as_can_be_read_can_be_deleted() -> None:
    """The revision that deletes it, which has more keys, goes without the text."""
    room = annotation.SIZE_LIMIT - len(encode(replace(NOTE, body="")))
    largest = replace(NOTE, body="x" * room)
    assert len(encode_within_limit(replace(largest, target=target_of("A", {})))) > TEXT_LIMIT
    deleted = replace(largest, deleted=True, parents=("sha256:" + "c" * 64,) * 100)
    assert decode(encode_within_limit(deleted)).deleted
    with pytest.raises(NoteTooLarge, match="larger than the limit of 2,097,152 bytes"):
        encode_within_limit(replace(largest, parents=deleted.parents))


def test_snapshot_may_be_missing() -> None:
    """Then the row can't be compared, only its digest."""
    target = {"label": "x", "digest": "x"}
    assert row_of(decode(encoded_without(target=target)).target) is None
