"""Files in which editors remember what was deleted: `notes forget` names those with a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from saver import CASE, TARGET, notebook_of

from casefile.notes.forgetting import copies_of, traces_of
from casefile.places import find_places

LINE = "She named the courier."

VIM = (".viminfo", ".vim/viminfo", ".local/state/vim/viminfo")
NEOVIM = (".local/state/nvim/shada/main.shada", ".local/share/nvim/shada/main.shada")
OTHERS = (".local/share/nano/search_history", ".joe_state")


@pytest.mark.parametrize("name", [*VIM, *NEOVIM, *OTHERS])
def test_file_in_which_an_editor_remembers_a_line_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whole lines are looked for; what has none of them is not named."""
    monkeypatch.setenv("HOME", str(home))
    note = notebook_of(home).keep_new("arrests", f"{LINE}\nIn May.", TARGET)
    (trace,) = traces_of(find_places(home), note.id, None)
    assert trace.case == CASE
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {LINE[:-1]}\n")
    assert copies_of(trace).remembered == ()
    path.write_text(f"# {LINE}\n")
    assert copies_of(trace).remembered == (path,)
