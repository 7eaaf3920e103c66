"""What a parser may meet is counted before it, exactly and in time proportional to the length."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
import tomli
from costly import COSTLY, COSTLY_JSON
from hypothesis import example, given
from hypothesis import strategies as st
from terminal import readers_environment

from casefile import parsing
from casefile.case.head import read_contents, read_head
from casefile.case.reader import read_case_bytes
from casefile.config import read_config
from casefile.limits import Extent
from casefile.notes.annotation import NoteUnreadable, Target, decode, row_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.exchange import read_offer
from casefile.notes.pack import incoming_at_path
from casefile.parsing import BeyondLimits, check_cost, parse_json, parse_toml
from casefile.places import Places, find_places
from casefile.state.passes import Pass, recall_pass
from casefile.state.recent import recent_cases

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A case"\n'
TOP = Path(__file__).parent.parent


# No costly text reaches a parser, wherever it is


def _in_case(_folder: Path, text: str) -> None:
    reading = read_case_bytes(Path("x.toml"), f"{HEAD}{text}".encode())
    assert reading.case_file is None
    assert reading.problems[0].code == "beyond-limits"


def _in_library(_folder: Path, text: str) -> None:
    read_head(text.encode()[: 64 * 1024])
    assert read_contents(f"{HEAD}{text}".encode()) is None


def _in_config(folder: Path, text: str) -> None:
    # A larger file is refused for its size.
    (folder / "config.toml").write_text(text[: text.rfind("\n", 0, 250_000) + 1])
    read_config(Places(None, None, folder))


def _in_note(_folder: Path, text: str) -> None:
    with pytest.raises(NoteUnreadable):
        decode(text.encode())


def _in_draft(folder: Path, text: str) -> None:
    places = find_places(folder)
    drafts = places.drafts("demo")
    drafts.mkdir(parents=True)
    (drafts / "x.toml").write_text(text)
    assert len(DraftFolder(places, "demo").read_all().unreadable) == 1


def _in_pack(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / "pack.tar", "w", format=tarfile.USTAR_FORMAT) as pack:
        member = tarfile.TarInfo("demo/x.toml")
        member.size = len(text)
        pack.addfile(member, io.BytesIO(text.encode()))
    offer = read_offer([incoming_at_path(folder / "pack.tar")], private=False)
    assert len(offer.unread) == 1


def _in_state(folder: Path, text: str) -> None:
    places = find_places(folder)
    assert places.state is not None
    (places.state / "passes").mkdir(parents=True)
    for name in ("passes/demo.toml", "recent.toml"):
        (places.state / name).write_text(text)
    assert recall_pass(places, "demo") == Pass()
    assert recent_cases(places) == ()


@pytest.mark.parametrize("name", COSTLY)
@pytest.mark.parametrize(
    "read",
    [_in_case, _in_library, _in_note, _in_draft, _in_pack, _in_state],
)
def test_costly_text_never_reaches_a_parser(
    home: Path, read: Callable[[Path, str], None], name: str
) -> None:
    """Whatever file it is in, the parser is not called for it."""
    parsed: list[int] = []
    loads = tomli.loads

    def counting(text: str) -> dict[str, object]:
        parsed.append(len(text))
        return loads(text)

    with patch.object(tomli, "loads", counting):
        read(home, COSTLY[name])
    # What precedes it in a case is parsed.
    assert max(parsed, default=0) < 4_000


@pytest.mark.parametrize("name", COSTLY_JSON)
def test_costly_snapshot_never_reaches_a_parser(name: str) -> None:
    """The row in a note, which is JSON, is then unknown."""
    with patch.object(msgspec.json, "decode", side_effect=AssertionError):
        assert row_of(Target("E", "", COSTLY_JSON[name])) is None


@pytest.mark.parametrize("name", COSTLY)
def test_costly_setting_is_refused(home: Path, name: str) -> None:
    """The settings are then the default ones; a file within the limits of settings is small."""
    begun = time.process_time()
    _in_config(home, COSTLY[name])
    assert time.process_time() - begun < 2


def test_only_one_module_parses() -> None:
    """No module calls a parser of TOML or JSON but the one that counts first."""
    calls = {
        (path.name, ast.unparse(node.func))
        for path in (TOP / "casefile").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    }
    parsers = {"tomli.loads", "tomli.load", "json.load", "tomllib.loads", "msgspec.toml.decode"}
    found = {name for name, call in calls if call in parsers}
    # `json.loads` and `msgspec.json.decode` of what the program has encoded itself.
    assert found == {"parsing.py"}
    own = {"json.loads", "msgspec.json.decode"}
    assert {name for name, call in calls if call in own} == {
        "parsing.py",
        "differences.py",
        "versions.py",
    }


# What it costs a process


_MEASURED = (
    "import resource, subprocess, sys\n"
    "subprocess.run([sys.executable, '-m', 'casefile', *sys.argv[1:]], capture_output=True)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)\n"
)


def cost(home: Path, *arguments: str | Path) -> tuple[float, int]:
    """Run a verb to its end; return its seconds of processor time and the most bytes it held."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *map(str, arguments)],
        env=readers_environment(home), capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, held = done.stdout.split()
    return float(seconds), int(held)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["keys of 900 parts", "100,000 empty lists", "300,000 texts"])
def test_costly_file_costs_a_process_little(home: Path, name: str) -> None:
    """A refused case, and forty refused notes, take little time, and no ten times their size."""
    text = COSTLY[name]
    case, good = home / "bad.toml", home / "good.toml"
    case.write_text(HEAD + text)
    good.write_text(HEAD)
    _, base = cost(home, "notes", good)
    notes = find_places(home / "data" / "casefile").notes("demo")
    notes.mkdir(parents=True)
    for number in range(40):
        (notes / f"{number}.toml").write_text(text)
    for arguments in (("check", case), ("notes", good), ("notes", "merge", notes, "--dry-run")):
        seconds, held = cost(home, *arguments)
        # They take 0.2 to 2 seconds; 300 before there was a bound.
        assert seconds < 10, arguments
        assert held - base < 10 * len(text) + (16 << 20), arguments


# The count is exact


@pytest.fixture(autouse=True)
def _always_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    # Small texts too, which are most of what is generated.
    monkeypatch.setattr(parsing, "_SMALL", 0)


_inside = st.text("ab.,=#[]{}'\"\\\n é", max_size=8)


def _basic(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _long_basic(text: str) -> str:
    # At most two quotation marks in a row, and at most two more before the end.
    inner = text.replace("\\", "\\\\").replace('""', '"\\"')
    return f'"""{inner}"""'


_literal = _inside.map(lambda text: f"'{text.replace(chr(39), '').replace(chr(10), '')}'")
_long_literal = _inside.map(lambda text: f"'''{text.replace(chr(39), '')}'''")
_strings = st.one_of(_inside.map(_basic), _inside.map(_long_basic), _literal, _long_literal)
_key_parts = st.one_of(st.sampled_from(["a", "b-1", "_", "2017"]), _inside.map(_basic), _literal)
_scalars = st.one_of(
    _strings,
    st.sampled_from(["1", "-1.5e3", "0x1f", "true", "inf", "2017-01-02", "07:32:00.5", "1_000"]),
)


def _lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    gap = st.sampled_from(["", " ", "\n", " # x, [[ {\n"])
    items = st.lists(values, max_size=3)
    return st.builds(lambda items, gap: f"[{gap}{f',{gap}'.join(items)}{gap}]", items, gap)


def _inline(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(_key_parts, values), max_size=2, unique_by=lambda pair: pair[0])
    return pairs.map(lambda pairs: f"{{{', '.join(f'{key} = {v}' for key, v in pairs)}}}")


_values = st.recursive(_scalars, lambda inner: _lists(inner) | _inline(inner), max_leaves=6)
_comments = _inside.map(lambda text: "#" + text.replace("\n", ""))
_keys = st.lists(_key_parts, min_size=1, max_size=6)
_gaps = st.sampled_from([".", " . ", "\t."])
_dotted = st.builds(lambda parts, gap: gap.join(parts), _keys, _gaps)
_statements = st.one_of(
    st.builds(lambda key, value: f"{key} = {value}", _dotted, _values),
    _dotted.map(lambda key: f"[{key}]"),
    _dotted.map(lambda key: f"[[ {key} ]] # x"),
    _comments,
    st.just(""),
)
_documents = st.lists(_statements, max_size=5).map("\n".join)


def _is_within(document: dict[str, object]) -> bool:
    return not Extent(document).beyond


@given(_documents)
@example('"a.b.c.d.e.f" = 1')
@example("a = [1.5, 2.5, 3.5, 4.5, 5.5]")
@example('a = """ "" """""')
@example("a = '''x'''''\nb.c = 1")
def test_text_within_limits_is_never_refused(text: str) -> None:
    """What the parser reads within the limits is read, whatever its strings and comments hold."""
    with patch.dict("os.environ", {"CASEFILE_DEPTH_LIMIT": "4"}):
        try:
            document = tomli.loads(text)
        except tomli.TOMLDecodeError:
            return
        if _is_within(document):
            assert parse_toml(text) == document


@given(_documents, st.lists(_key_parts, min_size=5, max_size=9), _gaps, st.integers(0, 3))
def test_deep_key_is_refused_however_it_is_quoted(
    before: str, parts: list[str], gap: str, form: int
) -> None:
    """A key of too many parts is found in a line, a header, a row and an inline table."""
    with suppress(tomli.TOMLDecodeError):
        tomli.loads(before)
        key = gap.join(parts)
        line = (f"{key} = 1", f"[{key}]", f"[[{key}]]", f"zz = {{ {key} = 1 }}")[form]
        with (
            patch.dict("os.environ", {"CASEFILE_DEPTH_LIMIT": "4"}),
            pytest.raises(BeyondLimits, match="nested more than 4 deep"),
        ):
            check_cost(f"{before}\n{line}\n".encode())


@given(_documents, st.lists(_scalars, min_size=61, max_size=70), st.booleans())
def test_too_many_values_are_refused_however_they_are_quoted(
    before: str, values: list[str], in_lines: bool
) -> None:
    """Too many values are found in a list and in lines, whatever the values are."""
    with suppress(tomli.TOMLDecodeError):
        tomli.loads(before)
        lines = "\n".join(f"k{number} = {value}" for number, value in enumerate(values))
        text = lines if in_lines else f"zz = [{', '.join(values)}]"
        with (
            patch.dict("os.environ", {"CASEFILE_MARK_LIMIT": "60"}),
            pytest.raises(BeyondLimits, match="more than 60 lines, keys and values"),
        ):
            check_cost(f"{before}\n{text}\n".encode())


_json = st.recursive(
    st.none() | st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(_json)
def test_json_within_limits_is_never_refused(value: object) -> None:
    """A snapshot is JSON, which is counted in the same way."""
    assert parse_json(msgspec.json.encode(value).decode()) == value


# The time is proportional to the length


PIECES = [
    *('"', "'", '\\"', '\\"""\n', "\\'''\n", '"""\\', '\\"""', "\\", '"\n', "''\n", '"""x', "'''x"),
    *("#", "#\n", "[", "]", "[]", "{", ".", "=", "\n", " ", "f" * 999 + "z", "." * 31 + ","),
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("start", ["", 'a = """', "a = '''", 'a = "'])
def test_hostile_text_is_counted_in_one_pass(start: str, piece: str) -> None:
    """Strings without an end are not searched again and again, which would take minutes."""
    text = f"{start}{piece * (1_000_000 // len(piece))}".encode()
    begun = time.process_time()
    with suppress(BeyondLimits):
        check_cost(text)
    reading = read_case_bytes(Path("x.toml"), HEAD.encode() + text)
    assert reading.case_file is None or piece[0] in "#\n \\"
    # Some tenths of a second.
    assert time.process_time() - begun < 10
