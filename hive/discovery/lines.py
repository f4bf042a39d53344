"""A text with its line numbers, and what of it is commented out."""

from bisect import bisect_right

_COMMENTS = ("//", "#", "*", "/*", "<!--", "--", ";", "%", "'''", '"""')
_NEAR = 500
"""Characters around a place that are looked at: some files are one line."""


class Lines:
    """One file's text; line starts are found when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    def number(self, offset: int) -> int:
        """The 1-based line of a character."""
        if not self._starts:
            position, self._starts = 0, [0]
            while (position := self.text.find("\n", position) + 1) > 0:
                self._starts.append(position)
        return bisect_right(self._starts, offset)

    def line(self, offset: int) -> str:
        """The line around a character, or of a very long one the part near it."""
        low, high = max(0, offset - _NEAR), min(len(self.text), offset + _NEAR)
        start = self.text.rfind("\n", low, offset)
        end = self.text.find("\n", offset, high)
        return self.text[low if start < 0 else start + 1 : high if end < 0 else end]

    def rest(self, offset: int) -> str:
        """The line from a character on, at most so much of it."""
        high = min(len(self.text), offset + _NEAR)
        end = self.text.find("\n", offset, high)
        return self.text[offset : high if end < 0 else end]

    def commented(self, offset: int) -> bool:
        """Whether a character stands in a line comment; preprocessor lines count as comments too."""
        low = max(0, offset - _NEAR)
        start = self.text.rfind("\n", low, offset)
        before = self.text[low if start < 0 else start + 1 : offset]
        return before.lstrip().startswith(_COMMENTS) or " # " in before or " // " in before
