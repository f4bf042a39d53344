"""Colours for source code, by a file's name (Pygments through Rich)."""

from rich.text import Text

MOST_LINES = 4000
"""Lines of one file that are coloured; the rest is plain."""


def coloured(path: str, lines: list[str], theme: str | None) -> list[Text]:
    """Each line as Text; plain where there is no theme or no lexer."""
    if theme is None or len(lines) > MOST_LINES:
        return [Text(line) for line in lines]
    from rich.syntax import Syntax  # Pygments takes a moment, which the first screen does not wait for

    lexer = Syntax.guess_lexer(path)
    if lexer == "default":
        return [Text(line) for line in lines]
    shown = Syntax("", lexer, theme=theme).highlight("\n".join(lines)).split("\n", allow_blank=True)
    # A lexer may drop lines; colours are worth less than the right text.
    same = len(shown) >= len(lines) and all(a.plain == b for a, b in zip(shown, lines, strict=False))
    return list(shown)[: len(lines)] if same else [Text(line) for line in lines]
