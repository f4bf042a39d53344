"""A question with one line of words for an answer; escape takes it back."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class Ask(ModalScreen[str | None]):
    """Dismissed with the words, or with none."""

    BINDINGS = [Binding("escape", "dismiss(None)", "back")]

    def __init__(self, question: Text, hint: str, *, required: bool = True) -> None:
        super().__init__()
        self._question = question
        self._hint = hint
        self._required = required

    def compose(self) -> ComposeResult:
        """The question, the line, and what the keys do."""
        with Vertical(id="dialog"):
            yield Static(self._question, id="question")
            yield Input(placeholder=self._hint, id="answer")
            yield Static(Text("enter: send · esc: back", style="dim"))

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Words are needed where the deed needs them."""
        words = event.value.strip()
        if words or not self._required:
            self.dismiss(words)
