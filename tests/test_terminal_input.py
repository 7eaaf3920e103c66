"""What comes in from a terminal, whole and torn: which keys, clicks and pastes it is taken for."""

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
"""Sequences of xterm, rxvt, the Linux console and kitty, and the keys that send them."""
REPORTS = ["\x1b[<0;31;7M", "\x1b[<35;120;44M", "\x1b[<64;3;4m", "\x1b[I", "\x1b[O", "\x1b[M !!"]
"""The mouse in two ways, and the window that gets the focus and loses it."""
MODES = ["\x1b[?2026;2$y", "\x1b[?2048;0$y"]
"""Answers to questions about modes."""
GAPS = [0.12, 0.3, 1.0]
"""Seconds between the two halves of what was torn."""
LOCAL = 0.1


class Line:
    """A terminal's input, and a clock that goes on only when it is told to."""

    def __init__(self, escape_seconds: float = LOCAL) -> None:
        self._now = 0.0
        self._input = TerminalInput(escape_seconds, lambda: self._now)

    def send(self, *pieces: str, gap: float = 0.0) -> list[Message]:
        """Send pieces with a gap after each; give what they were taken for."""
        taken: list[Message] = []
        for piece in pieces:
            taken += self._input.feed(piece)
            taken += self.wait(gap)
        return taken

    def finish(self) -> list[Message]:
        """Send no more."""
        return list(self._input.finish())

    def wait(self, seconds: float) -> list[Message]:
        """Let time go by, as whoever listens does: from one thing that is due to the next."""
        taken: list[Message] = []
        end = self._now + seconds
        while (left := self._input.seconds_left) is not None and self._now + left <= end:
            self._now += left
            taken += self._input.tick()
        self._now = end
        return taken


def sent(*pieces: str, gap: float = 0.0, escape_seconds: float = LOCAL) -> list[str]:
    """Give the names of all that pieces are taken for, after any time."""
    line = Line(escape_seconds)
    return [name_of(one) for one in (*line.send(*pieces, gap=gap), *line.wait(60))]


def name_of(message: Message) -> str:
    """Give a key's name, a paste as it stands, or the kind of anything else."""
    match message:
        case events.Key():
            return message.key
        case events.Paste():
            return f"paste {message.text!r}"
        case _:
            return type(message).__name__


def halves(sequence: str) -> list[tuple[str, str]]:
    """Give a sequence torn in two at every place."""
    return [(sequence[:at], sequence[at:]) for at in range(1, len(sequence))]


# Whole


@pytest.mark.parametrize(("sequence", "key"), KEYS.items(), ids=map(repr, KEYS))
def test_every_terminals_keys_are_known(sequence: str, key: str) -> None:
    """A whole sequence is its key, whichever terminal sends it."""
    assert sent(sequence) == [key]


def test_enter_and_backspace_come_in_two_ways() -> None:
    """Return and line feed are Enter; backspace and delete, the characters, are Backspace."""
    assert sent("\r", "\n") == ["enter"] * 2
    assert sent("\x08", "\x7f") == ["backspace"] * 2


def test_a_terminal_tells_of_the_mouse_the_focus_and_what_it_can() -> None:
    """Reports are taken for what they are."""
    assert sent(*REPORTS) == [
        "MouseDown", "MouseMove", "MouseScrollUp", "AppFocus", "AppBlur",
    ]  # fmt: skip
    (supports,) = Line().send(*MODES)
    assert isinstance(supports, TerminalSupportsSynchronizedOutput)


@pytest.mark.parametrize("sequence", ["\x1b[99~", "\x1b[5;5;5;5z", "\x1b[?1;2c", "\x1bOz"])
def test_a_key_that_nobody_knows_does_nothing(sequence: str) -> None:
    """What follows it is a key again."""
    assert sent(sequence, "j") == ["j"]


def test_a_long_text_from_an_input_method_is_text() -> None:
    """Under kitty's protocol several characters come as one long sequence, and all are typed."""
    text = "国际刑警组织国家中心局"
    numbers = ":".join(str(ord(character)) for character in text)
    assert sent(f"\x1b[0;;{numbers}u") == [*text]


@pytest.mark.parametrize("typed", ["j", "D", ":", "1", "f", "\x7f"])
def test_escape_and_a_key_in_one_piece_are_one_event(typed: str) -> None:
    """It may be alt and that key: what has the focus decides, so both are told as one."""
    (key,) = Line().send(f"\x1b{typed}")
    assert isinstance(key, events.Key)
    assert key.character == f"\x1b{typed}"
    assert not key.is_printable


# Torn


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("sequence", [*KEYS, *MODES, *REPORTS], ids=repr)
def test_a_torn_sequence_runs_no_command(sequence: str, gap: float) -> None:
    """Torn anywhere it is what it is whole; where its Esc stood alone too long, Esc and no more."""
    for begin, end in halves(sequence):
        torn = sent(begin, end, gap=gap)
        assert torn in (sent(sequence), ["escape"]), (begin, end)
        assert torn == sent(sequence) or begin == "\x1b", (begin, end)


@pytest.mark.parametrize("sequence", [*KEYS, *MODES, *REPORTS], ids=repr)
def test_a_sequence_in_single_characters_is_whole(sequence: str) -> None:
    """However slowly the rest comes, once the second character is there it is waited for."""
    begin, rest = sequence[:2], sequence[2:]
    assert sent(begin, *rest, gap=1.0) == sent(sequence)


@pytest.mark.parametrize("gap", [0.12, 0.25])
def test_over_a_line_escape_is_waited_on_for_longer(
    monkeypatch: pytest.MonkeyPatch, gap: float
) -> None:
    """Over ssh what is torn behind its Esc becomes whole, where on this machine it is Esc."""
    monkeypatch.delenv("ESCDELAY", raising=False)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    here = seconds_for_escape()
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    over_ssh = seconds_for_escape()
    assert sent("\x1b", "[B", gap=gap, escape_seconds=here) == ["escape"]
    assert sent("\x1b", "[B", gap=gap, escape_seconds=over_ssh) == ["down"]


def test_escape_is_quick() -> None:
    """Esc alone is the key after a tenth of a second; what was pressed before is no reason."""
    line = Line()
    assert [name_of(one) for one in line.send("j\x1b", gap=LOCAL)] == ["j", "escape"]


@pytest.mark.parametrize("bracket", ["[", "]"])
def test_a_bracket_typed_after_escape_is_the_key(bracket: str) -> None:
    """The keys for the pane before and the next one work after Esc too, and a tenth later at most.

    Nothing of the kind comes of a key alone, whose other characters would be right behind.
    """
    line = Line()
    name = {"[": "left_square_bracket", "]": "right_square_bracket"}[bracket]
    assert [name_of(one) for one in line.send("\x1b", gap=0.5)] == ["escape"]
    assert [name_of(one) for one in line.send(bracket, gap=LOCAL)] == [name]
    assert sent("\x1b", bracket, bracket, "j", gap=0.15) == ["escape", name, name, "j"]


def test_what_is_typed_behind_a_bracket_is_typed() -> None:
    """A bracket after Esc makes no sequence with a letter that no key sends."""
    assert sent("\x1b", "[j", gap=0.5) == ["escape", "left_square_bracket", "j"]
    assert sent("\x1b", "Ok", gap=3.0) == ["escape", "O", "k"]


def test_escape_and_a_bracket_in_one_piece_are_both() -> None:
    """If nothing follows for two seconds, nothing was torn."""
    assert sent("\x1b[") == ["escape", "left_square_bracket"]
    assert sent("\x1b\x1b[B") == ["escape", "down"]
    assert sent("\x1b[\x1b[B") == ["escape", "left_square_bracket", "down"]


def test_a_sequence_that_is_broken_off_does_nothing() -> None:
    """What comes instead of its end is taken for itself."""
    assert sent("\x1b[1;5\x1b[B") == ["down"]
    assert sent("\x1b[1;5\rj") == ["enter", "j"]


# Pasted

PASTED = "quit? q:q\rD\r[A ü 有"


@pytest.mark.parametrize("gap", GAPS)
def test_a_torn_paste_is_a_paste(gap: float) -> None:
    """Wherever it is torn, all of it is pasted, and nothing of it is a key or a mark around it."""
    for begin, end in halves(f"\x1b[200~{PASTED}\x1b[201~"):
        for name in (taken := sent(begin, end, gap=gap)):
            assert name.startswith("paste ") or (name, begin) == ("escape", "\x1b")
        pasted = "".join(literal_eval(name[6:]) for name in taken if name != "escape")
        assert pasted == PASTED, (begin, end)


def test_a_key_after_a_torn_paste_is_a_key() -> None:
    """The keyboard is not dead after a paste whose end was torn."""
    for begin, end in halves("\x1b[201~"):
        assert sent("\x1b[200~pasted", begin, f"{end}j", gap=1.0) == ["paste 'pasted'", "j"]


def test_a_line_that_pauses_in_a_paste_loses_none_of_it() -> None:
    """What has come is given after a moment, for it to be on disk if no more comes."""
    line = Line()
    line.send("\x1b[200~the first")
    assert [name_of(one) for one in line.wait(0.2)] == ["paste 'the first'"]
    assert [name_of(one) for one in line.send(" half\x1b[201~")] == ["paste ' half'"]


def test_of_a_paste_that_is_cut_off_all_that_came_is_given() -> None:
    """Where no more will be heard, what has come is text, and half a sequence behind it is not."""
    line = Line()
    line.send("\x1b[200~the first\x1b[2")
    assert [name_of(one) for one in line.finish()] == ["paste 'the first'"]


def test_escape_leads_out_of_a_paste_without_an_end() -> None:
    """A terminal that forgets to say that a paste is over does not swallow keys for ever."""
    assert sent("\x1b[200~pasted", "\x1b", "j", gap=3.0) == ["paste 'pasted'", "escape", "j"]


def test_a_line_end_is_not_torn() -> None:
    """Return and line feed that a pause parts are one line end."""
    pieces = sent("\x1b[200~one\r", "\ntwo\x1b[201~", gap=1.0)
    assert pieces == ["paste 'one'", "paste '\\r\\ntwo'"]


# No keys at all


@pytest.mark.parametrize("seed", range(20))
def test_garbage_is_survived(seed: int) -> None:
    """Whatever comes, it is taken for something or nothing, and the next key is a key again."""
    chance = random.Random(seed)  # noqa: S311 (the same garbage each time)
    signs = "\x1b\x1b\x1b[[O<?;:0123456789~ABMmuty$ \r\n\t\x00\x7f\x9b\ufffdjqü\U0001f600"
    line = Line()
    for _ in range(300):
        line.send("".join(chance.choices(signs, k=chance.randint(1, 12))), gap=chance.random() / 4)
    line.send("\x1b[201~", "~" * 3, gap=3.0)
    assert [name_of(one) for one in line.send("j", gap=3.0)] == ["j"]


def test_much_garbage_is_survived() -> None:
    """A hundred thousand random bytes, as from a file that was sent by mistake, end as fast."""
    noise = random.Random(6).randbytes(100_000).decode("utf-8", "replace")  # noqa: S311 (as above)
    line = Line()
    for at in range(0, len(noise), 4096):
        line.send(noise[at : at + 4096])
    line.send("\x1b[201~", "~" * 3, gap=3.0)
    assert [name_of(one) for one in line.send("j", gap=3.0)] == ["j"]


@pytest.mark.parametrize("sequence", ["\x1b[99999999999u", "\x1b[1;1:3u", f"\x1b[{'9' * 999}u"])
def test_a_number_that_is_no_characters_is_no_key(sequence: str) -> None:
    """Nor does it end the program."""
    assert sent(sequence) == []


def test_what_goes_on_for_ever_is_no_sequence() -> None:
    """Textual would look for a minute at a long one; it is let go, and keys are keys again."""
    assert sent(f"\x1b[{'9' * 3000}", "j") == [*("9" * (3002 - 1024)), "j"]
