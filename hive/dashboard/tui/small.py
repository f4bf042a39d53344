"""What is shown in a terminal that is too small for anything else."""

from rich.text import Text
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

WIDTH, HEIGHT = 60, 16


def too_small(size: Size) -> bool:
    """Whether the screens would be cut beyond use."""
    return size.width < WIDTH or size.height < HEIGHT


class Small(ModalScreen[None]):
    """Goes away by itself as soon as there is room."""

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Static(id="small")

    def tell(self, size: Size) -> None:
        """Say how much is missing."""
        words = f"{size.width}x{size.height} is too small: hive needs {WIDTH}x{HEIGHT}. ctrl+q quits."
        self.query_one("#small", Static).update(Text(words))

    def on_mount(self) -> None:
        """Say it for the first time."""
        self.tell(self.app.size)
