"""A line or two of text that is drawn again only when it would say something else."""

from rich.console import RenderableType
from textual.widgets import Static


class Said(Static):
    """Of a height that its style gives, so that other words move nothing else on the screen."""

    _facts: object = None

    def say(self, words: RenderableType, facts: object = None) -> None:
        """Show this; `facts` are what it is made of, where that is easier to compare than the words."""
        known = words if facts is None else facts
        if known != self._facts:
            self._facts = known
            self.update(words, layout=False)
