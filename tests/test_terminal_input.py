"""Decoding of a terminal's input into keys, clicks and pastes, whole and in pieces."""

from __future__ import annotations

import random
from ast import literal_eval

import pytest
from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from casefile.tui.terminal.terminal_input import TerminalInput, seconds_for_escape

KEYS = {
    "\x1b[B": "down",
    "\x1b[D": "left",
    "\x1b[A": "up",
    "\x1b[F": "end",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOF": "end",
    "\x1bOH": "home",
    "\x1b[H": "home",
    "\x1b[1~": "home",
    "\x1b[7~": "home",
    "\x1b[4~": "end",
    "\x1b[8~": "end",
    "\x1b[3~": "delete",
    "\x1b[5~": "pageup",
    "\x1b[6~": "pagedown",
    "\x1b[Z": "shift+tab",
    "\x1b[1;3D": "alt+left",
    "\x1b[1;3C": "alt+right",
    "\x1bOP": "f1",
    "\x1b[11~": "f1",
    "\x1b[[A": "f1",
    "\x1b[[E": "f5",
    "\x1bOQ": "f2",
    "\x1b[12~": "f2",
    "\x1b[24~": "f12",
    "\x1b[33~": "f19",
    "\x1b[3$": "shift+delete",
    "\x1b[3^": "ctrl+delete",
    "\x1b[27u": "escape",
    "\x1b[97;5u": "ctrl+a",
}
"""Sequences of xterm, rxvt, the Linux console and kitty, and the names of their keys."""
REPORTS = ["\x1b[<0;31;7M", "\x1b[<35;120;44M", "\x1b[<64;3;4m", "\x1b[I", "\x1b[O", "\x1b[M !!"]
"""Mouse reports in two encodings, and reports that the window got or lost the focus."""
MODES = ["\x1b[?2026;2$y", "\x1b[?2048;0$y"]
"""Answers to mode queries."""
GAPS = [0.12, 0.3, 1.0]
"""Seconds between the two parts of a torn sequence."""
LOCAL = 0.1


class Line:
    """A terminal's input with a clock that only `wait` moves."""

    def __init__(self, escape_seconds: float = LOCAL) -> None:
        self._now = 0.0
        self._input = TerminalInput(escape_seconds, lambda: self._now)

    def send(self, *pieces: str, gap: float = 0.0) -> list[Message]:
        """Send pieces with a pause of `gap` seconds after each; return the events."""
        taken: list[Message] = []
        for piece in pieces:
            taken += self._input.feed(piece)
            taken += self.wait(gap)
        return taken

    def finish(self) -> list[Message]:
        """Send no more; return the events that were held back."""
        return list(self._input.finish())

    def wait(self, seconds: float) -> list[Message]:
        """Move the clock from one due time to the next; return the events."""
        taken: list[Message] = []
        end = self._now + seconds
        while (left := self._input.seconds_left) is not None and self._now + left <= end:
            self._now += left
            taken += self._input.tick()
        self._now = end
        return taken


def sent(*pieces: str, gap: float = 0.0, escape_seconds: float = LOCAL) -> list[str]:
    """Return the names of the events of some pieces, however long they are held back."""
    line = Line(escape_seconds)
    return [name_of(one) for one in (*line.send(*pieces, gap=gap), *line.wait(60))]


def name_of(message: Message) -> str:
    """Return the name of a key, the text of a paste, or the type of another event."""
    match message:
        case events.Key():
            return message.key
        case events.Paste():
            return f"paste {message.text!r}"
        case _:
            return type(message).__name__


def halves(sequence: str) -> list[tuple[str, str]]:
    """Return the ways to tear a sequence in two."""
    return [(sequence[:at], sequence[at:]) for at in range(1, len(sequence))]


# Whole


@pytest.mark.parametrize(("sequence", "key"), KEYS.items(), ids=map(repr, KEYS))
def test_keys_of_all_terminals_are_decoded(sequence: str, key: str) -> None:
    """Each terminal's sequence for a key is decoded as that key."""
    assert sent(sequence) == [key]


def test_enter_and_backspace_have_two_characters_each() -> None:
    """CR and LF are both Enter; BS and DEL are both Backspace."""
    assert sent("\r", "\n") == ["enter"] * 2
    assert sent("\x08", "\x7f") == ["backspace"] * 2


def test_reports_are_decoded() -> None:
    """Reports of the mouse and of synchronized output become their events; others do nothing."""
    assert sent(*REPORTS) == ["MouseDown", "MouseMove", "MouseScrollUp"]
    (supports,) = Line().send(*MODES)
    assert isinstance(supports, TerminalSupportsSynchronizedOutput)


@pytest.mark.parametrize("sequence", ["\x1b[99~", "\x1b[5;5;5;5z", "\x1b[?1;2c", "\x1bOz"])
def test_unknown_sequence_is_ignored(sequence: str) -> None:
    """An unknown sequence is ignored, and the key after it is not."""
    assert sent(sequence, "j") == ["j"]


def test_long_text_from_input_method_is_typed() -> None:
    """Several characters that kitty's protocol sends as one long sequence are all typed."""
    text = "国际刑警组织国家中心局"
    numbers = ":".join(str(ord(character)) for character in text)
    assert sent(f"\x1b[0;;{numbers}u") == [*text]


@pytest.mark.parametrize("typed", ["j", "D", ":", "1", "f", "\x7f"])
def test_escape_and_key_in_one_piece_are_one_event(typed: str) -> None:
    """Esc and a key may also be alt and that key: the application decides, so it gets one event."""
    (key,) = Line().send(f"\x1b{typed}")
    assert isinstance(key, events.Key)
    assert key.character == f"\x1b{typed}"
    assert not key.is_printable


# Torn


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("sequence", [*KEYS, *MODES, *REPORTS], ids=repr)
def test_torn_sequence_is_its_key_or_escape(sequence: str, gap: float) -> None:
    """A torn sequence is decoded like a whole one, or, if torn right after Esc, as Esc alone."""
    for begin, end in halves(sequence):
        torn = sent(begin, end, gap=gap)
        assert torn in (sent(sequence), ["escape"]), (begin, end)
        assert torn == sent(sequence) or begin == "\x1b", (begin, end)


@pytest.mark.parametrize("sequence", [*KEYS, *MODES, *REPORTS], ids=repr)
def test_sequence_in_single_characters_is_decoded(sequence: str) -> None:
    """Once the second character has arrived, the rest is waited for."""
    begin, rest = sequence[:2], sequence[2:]
    assert sent(begin, *rest, gap=1.0) == sent(sequence)


@pytest.mark.parametrize("gap", [0.12, 0.25])
def test_escape_is_held_back_longer_over_ssh(monkeypatch: pytest.MonkeyPatch, gap: float) -> None:
    """A sequence torn after Esc is decoded whole over ssh, and as Esc on a local terminal."""
    monkeypatch.delenv("ESCDELAY", raising=False)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    here = seconds_for_escape()
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    over_ssh = seconds_for_escape()
    assert sent("\x1b", "[B", gap=gap, escape_seconds=here) == ["escape"]
    assert sent("\x1b", "[B", gap=gap, escape_seconds=over_ssh) == ["down"]


def test_escape_alone_is_sent_after_a_tenth_of_a_second() -> None:
    """Esc alone is a key after a tenth of a second, also if another key came before it."""
    line = Line()
    assert [name_of(one) for one in line.send("j\x1b", gap=LOCAL)] == ["j", "escape"]


@pytest.mark.parametrize("bracket", ["[", "]"])
def test_bracket_after_escape_is_a_key(bracket: str) -> None:
    """Brackets, which switch panes, work after Esc, at most a tenth of a second late.

    The tail of a torn sequence would have more characters right behind the bracket.
    """
    line = Line()
    name = {"[": "left_square_bracket", "]": "right_square_bracket"}[bracket]
    assert [name_of(one) for one in line.send("\x1b", gap=0.5)] == ["escape"]
    assert [name_of(one) for one in line.send(bracket, gap=LOCAL)] == [name]
    assert sent("\x1b", bracket, bracket, "j", gap=0.15) == ["escape", name, name, "j"]


def test_escape_bracket_and_letter_are_three_keys() -> None:
    """Esc, a bracket and a letter that ends no known sequence are three keys."""
    assert sent("\x1b", "[j", gap=0.5) == ["escape", "left_square_bracket", "j"]
    assert sent("\x1b", "Ok", gap=3.0) == ["escape", "O", "k"]


def test_escape_and_bracket_in_one_piece_are_two_keys() -> None:
    """If nothing follows for two seconds, Esc and a bracket were two keys."""
    assert sent("\x1b[") == ["escape", "left_square_bracket"]
    assert sent("\x1b\x1b[B") == ["escape", "down"]
    assert sent("\x1b[\x1b[B") == ["escape", "left_square_bracket", "down"]


def test_incomplete_sequence_is_ignored() -> None:
    """What arrives instead of the end of a sequence is decoded for itself."""
    assert sent("\x1b[1;5\x1b[B") == ["down"]
    assert sent("\x1b[1;5\rj") == ["enter", "j"]


# Pasted

PASTED = "quit? q:q\rD\r[A ü 有"


@pytest.mark.parametrize("gap", GAPS)
def test_torn_paste_is_pasted_whole(gap: float) -> None:
    """A paste torn anywhere is pasted whole: no part, and no part of its marks, becomes a key."""
    for begin, end in halves(f"\x1b[200~{PASTED}\x1b[201~"):
        for name in (taken := sent(begin, end, gap=gap)):
            assert name.startswith("paste ") or (name, begin) == ("escape", "\x1b")
        pasted = "".join(literal_eval(name[6:]) for name in taken if name != "escape")
        assert pasted == PASTED, (begin, end)


def test_key_after_torn_paste_is_a_key() -> None:
    """A key after a paste with a torn end mark is a key."""
    for begin, end in halves("\x1b[201~"):
        assert sent("\x1b[200~pasted", begin, f"{end}j", gap=1.0) == ["paste 'pasted'", "j"]


def test_paste_that_pauses_is_sent_in_parts() -> None:
    """A paste that pauses is passed on so far, so that a draft can be saved."""
    line = Line()
    line.send("\x1b[200~the first")
    assert [name_of(one) for one in line.wait(0.2)] == ["paste 'the first'"]
    assert [name_of(one) for one in line.send(" half\x1b[201~")] == ["paste ' half'"]


def test_unfinished_paste_is_sent_at_end_of_input() -> None:
    """At the end of input an unfinished paste is passed on, without half an end mark."""
    line = Line()
    line.send("\x1b[200~the first\x1b[2")
    assert [name_of(one) for one in line.finish()] == ["paste 'the first'"]


def test_escape_ends_paste_without_end_mark() -> None:
    """If the end mark of a paste never comes, Esc ends the paste."""
    assert sent("\x1b[200~pasted", "\x1b", "j", gap=3.0) == ["paste 'pasted'", "escape", "j"]


def test_line_break_in_paste_is_not_split() -> None:
    """CR and LF with a pause between them are one line break."""
    pieces = sent("\x1b[200~one\r", "\ntwo\x1b[201~", gap=1.0)
    assert pieces == ["paste 'one'", "paste '\\r\\ntwo'"]


# Garbage


@pytest.mark.parametrize("seed", range(20))
def test_key_after_garbage_is_decoded(seed: int) -> None:
    """After random input the next key is decoded as that key."""
    chance = random.Random(seed)  # noqa: S311 (the same garbage each time)
    signs = "\x1b\x1b\x1b[[O<?;:0123456789~ABMmuty$ \r\n\t\x00\x7f\x9b\ufffdjqü\U0001f600"
    line = Line()
    for _ in range(300):
        line.send("".join(chance.choices(signs, k=chance.randint(1, 12))), gap=chance.random() / 4)
    line.send("\x1b[201~", "~" * 3, gap=3.0)
    assert [name_of(one) for one in line.send("j", gap=3.0)] == ["j"]


def test_key_after_much_garbage_is_decoded() -> None:
    """After a hundred thousand random bytes, as from a binary file, the next key is a key."""
    noise = random.Random(6).randbytes(100_000).decode("utf-8", "replace")  # noqa: S311 (as above)
    line = Line()
    for at in range(0, len(noise), 4096):
        line.send(noise[at : at + 4096])
    line.send("\x1b[201~", "~" * 3, gap=3.0)
    assert [name_of(one) for one in line.send("j", gap=3.0)] == ["j"]


@pytest.mark.parametrize("sequence", ["\x1b[99999999999u", "\x1b[1;1:3u", f"\x1b[{'9' * 999}u"])
def test_number_that_is_no_code_point_is_no_key(sequence: str) -> None:
    """A number that is no code point raises nothing, and is no key."""
    assert sent(sequence) == []


def test_sequence_without_end_is_given_up() -> None:
    """A sequence longer than any known one is given up, and the rest is decoded as keys."""
    assert sent(f"\x1b[{'9' * 3000}", "j") == [*("9" * (3002 - 1024)), "j"]
