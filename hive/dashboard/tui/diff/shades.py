"""Backgrounds of added and removed lines and words, for each theme."""

from typing import NamedTuple


class Shades(NamedTuple):
    """Rich styles; signs tell the same without colour."""

    added: str
    removed: str
    added_word: str
    removed_word: str
    syntax: str | None


SHADES: dict[str, Shades] = {
    "hive-dark": Shades("on #15291b", "on #321a1a", "bold on #24592f", "bold on #6b2a2a", "ansi_dark"),
    "hive-light": Shades("on #e2f3e2", "on #fae0df", "bold on #a9dcae", "bold on #f0aaa8", "ansi_light"),
    "hive-contrast": Shades("green", "bright_red", "bold reverse green", "bold reverse bright_red", None),
}


def shades(theme: str) -> Shades:
    """Those of a theme; of the dark one for a theme that is not hive's."""
    return SHADES.get(theme, SHADES["hive-dark"])
