"""What is said of an entry with a key or two: a check, a star, tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from casefile.notes.annotation import NotKept, Revision, Target
from casefile.notes.checks import WRONG
from casefile.tui.key_line import KeyLine
from casefile.tui.writing_screen import WritingScreen
from casefile.views import noting
from casefile.views.verdicts import is_checkable, verdict_in_words

if TYPE_CHECKING:
    from casefile.tui.check_line import CheckLine
    from casefile.tui.chooser import Choice

TAKE_BACK = "u takes it back."


class MarkingScreen(WritingScreen):
    """Reading and writing, with marks on entries."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "check", "check", id="check.begin",
                tooltip="Say what you found: checked, needs attention, wrong, to check again"),
        Binding("asterisk", "star", "star", id="note.star", show=False,
                tooltip="Star this entry, or take the star away"),
        Binding("t", "tag", "tags", id="note.tag", show=False,
                tooltip="Set a tag of this entry, or take it away"),
    ]  # fmt: skip

    async def action_check(self) -> None:
        """Wait for the verdict on this entry."""
        if not self._is_checkable():
            self.say("There is nothing here to be checked.")
            return
        from casefile.tui.check_line import CheckLine

        keys = self.query_one("#keys", KeyLine)
        keys.display = False
        await self.mount(CheckLine(self.focused, id="check"), after=keys)

    async def on_check_line_verdict_given(self, event: CheckLine.VerdictGiven) -> None:
        """Keep the verdict, if there is one, and go on where the reader was."""
        was_focused = event.line.has_focus or self.focused is None
        await event.line.remove()
        self.query_one("#keys", KeyLine).display = True
        if was_focused and event.before is not None:
            event.before.focus()
        if event.verdict:
            await self.action_assess(event.verdict)

    async def action_assess(self, verdict: str) -> None:
        """Keep the reader's verdict on this entry; of a wrong one, ask what would be right."""
        revision = self.assess(verdict)
        if verdict == WRONG and revision is not None:
            await self.remark_on(revision)

    def assess(self, verdict: str) -> Revision | None:
        """Keep the reader's verdict on this entry and say so; else say why not, and give None."""
        entry_id = self.entry_id or ""
        if not self._is_checkable():
            self.say("There is nothing here to be checked.")
            return None
        said = f"{verdict_in_words(verdict).capitalize()}; {TAKE_BACK}"
        notebook = self.open_case.notebook
        return self.keep(lambda target: notebook.assess(entry_id, verdict, target), said)

    async def remark_on(self, revision: Revision) -> None:
        """Open the editor on what is to be said with a verdict."""
        note = self.open_case.notebook.note(revision.id)
        if note is not None:
            await self.edit(note)

    def action_star(self) -> None:
        """Star this entry; take a star away."""
        entry_id, notebook = self.entry_id or "", self.open_case.notebook
        star = notebook.own(entry_id, "bookmarking")
        if star is None or star.deleted:
            self.keep(lambda target: notebook.star(entry_id, target), f"Starred; {TAKE_BACK}")
        else:
            self.keep(lambda _: notebook.delete(star.id), f"No longer starred; {TAKE_BACK}")

    def action_tag(self) -> None:
        """Choose a tag to be set on this entry, or to be taken away."""
        entry_id = self.entry_id or ""
        if self.open_case.entry(entry_id) is None:
            self.say("There is no entry here to be tagged.")
            return

        from casefile.tui.chooser import Choice, Chooser
        from casefile.views import tags

        def find(typed: str) -> Sequence[Choice]:
            found = tags.offered(self.open_case, entry_id, typed)
            return [
                Choice(f"{'✓' if one.is_set else ' '} {one.tag}", one.words, one.tag)
                for one in found
            ]

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                self._turn_tag(entry_id, choice.gives)

        hint = "a tag; Enter sets it, or takes it away"
        nothing = "No tag is in use yet: type one."
        title = f"Tags of {self.open_case.title(entry_id)}"
        self.app.push_screen(Chooser(title, find, placeholder=hint, nothing=nothing), chosen)

    def _turn_tag(self, entry_id: str, tag: str) -> None:
        from casefile.views import tags

        before = tags.own_tags(self.open_case, entry_id)
        is_set = tag in before
        chosen = [one for one in before if one != tag] if is_set else [*before, tag]
        said = f"“{tag}” is {'no longer' if is_set else 'now'} a tag of it; {TAKE_BACK}"
        self.keep(lambda target: self.open_case.notebook.tag(entry_id, chosen, target), said)

    def keep(self, act: Callable[[Target], Revision], said: str) -> Revision | None:
        """Keep something on this entry and say so; else say why not, and give None."""
        entry_id = self.entry_id or ""
        if self.open_case.entry(entry_id) is None:
            self.say("There is no entry here.")
            return None
        is_first = self.open_case.notebook.is_first
        target = noting.target(self.open_case, entry_id, self.open_case.title(entry_id))
        try:
            revision = act(target)
        except NotKept as error:
            self.say(f"Not saved: {error.reason}", warning=True)
            return None
        self.notes_changed()
        self.say(noting.kept_in_words(self.open_case, said, is_first=is_first))
        return revision

    def _is_checkable(self) -> bool:
        entry = self.open_case.entry(self.entry_id or "")
        return entry is not None and is_checkable(entry)
