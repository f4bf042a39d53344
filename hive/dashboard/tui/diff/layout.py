"""A parsed diff as lines for the screen: below each other, or old and new side by side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import set_cell_size
from rich.text import Text

from hive.dashboard.palette import BAD, BUSY, DIM, GOOD, STRONG
from hive.dashboard.tui.diff.parse import DiffLine, FileDiff, Hunk
from hive.dashboard.tui.diff.shades import Shades
from hive.dashboard.tui.diff.syntax import coloured
from hive.dashboard.tui.diff.words import changed_words
from hive.dashboard.tui.line import Line
from hive.dashboard.tui.place import Place

NUMBER = 5
MOST_PAIRED = 200
"""Lines of one block of removals that are compared word by word."""


class Row(NamedTuple):
    """One line of a hunk, coloured."""

    line: DiffLine
    text: Text


def laid_out(files: Sequence[FileDiff], shades: Shades, *, columns: int | None = None) -> list[Line]:
    """All files; with `columns`, old and new side by side within that width."""
    lines: list[Line] = []
    for file in files:
        lines += _head(file)
        for hunk in file.hunks:
            heading = Text.assemble((f"{'':>{NUMBER * 2}} ⋯ ", DIM), (hunk.heading, BUSY))
            lines.append(Line(heading, Place(file.path, None)))
            rows = _rows(file, hunk, shades)
            lines += _beside(file, rows, shades, columns) if columns else _below(file, rows, shades)
        lines.append(Line(Text()))
    return lines[:-1]


def _head(file: FileDiff) -> Iterator[Line]:
    added, removed = file.counts
    title = Text.assemble(("▌ ", BUSY), (file.path, STRONG), (f"  +{added}", GOOD), (f" -{removed}", BAD))
    yield Line(title, Place(file.path, None), head=True)
    for note in file.notes:
        yield Line(Text(f"  {note}", style=DIM), Place(file.path, None))


def _rows(file: FileDiff, hunk: Hunk, shades: Shades) -> list[Row]:
    texts = coloured(file.path, [line.text for line in hunk.lines], shades.syntax)
    rows = [Row(line, text) for line, text in zip(hunk.lines, texts, strict=True)]
    for removed, added in _blocks(rows):
        for old, new in zip(removed[:MOST_PAIRED], added, strict=False):
            gone, come = changed_words(old.line.text, new.line.text)
            for start, end in gone:
                old.text.stylize(shades.removed_word, start, end)
            for start, end in come:
                new.text.stylize(shades.added_word, start, end)
    return rows


def _blocks(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Removals and the additions right after them."""
    removed: list[Row] = []
    added: list[Row] = []
    for row in rows:
        if row.line.kind == "removed" and not added:
            removed.append(row)
        elif row.line.kind == "added":
            added.append(row)
        else:
            yield removed, added
            removed, added = ([row] if row.line.kind == "removed" else []), []
    yield removed, added


def _below(file: FileDiff, rows: Sequence[Row], shades: Shades) -> Iterator[Line]:
    signs = {"same": " ", "added": "+", "removed": "-", "note": " "}
    fills = {"added": shades.added, "removed": shades.removed}
    for line, text in rows:
        numbers = f"{line.old or '':>{NUMBER}}{line.new or '':>{NUMBER}} "
        fill = fills.get(line.kind, "")
        yield Line(
            Text.assemble((numbers, DIM), (signs[line.kind], STRONG), " ", text),
            Place(file.path, line.new or line.old),
            fill,
        )


def _beside(file: FileDiff, rows: Sequence[Row], shades: Shades, columns: int) -> Iterator[Line]:
    half = max((columns - 3) // 2, NUMBER + 4)
    for old, new in _pairs(rows):
        left = _half(old, old.line.old if old else None, half, shades.removed)
        right = _half(new, new.line.new if new else None, half, shades.added)
        number = (new.line.new if new else None) or (old.line.old if old else None)
        yield Line(Text.assemble(left, (" │ ", DIM), right), Place(file.path, number))


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    removed: list[Row] = []
    added: list[Row] = []

    def flushed() -> Iterator[tuple[Row | None, Row | None]]:
        for n in range(max(len(removed), len(added))):
            yield (removed[n] if n < len(removed) else None, added[n] if n < len(added) else None)
        removed.clear()
        added.clear()

    for row in rows:
        match row.line.kind:
            case "removed":
                if added:
                    yield from flushed()
                removed.append(row)
            case "added":
                added.append(row)
            case "same" | "note":
                yield from flushed()
                yield row, row
    yield from flushed()


def _half(row: Row | None, number: int | None, width: int, fill: str) -> Text:
    if row is None:
        return Text(" " * width, style=DIM)
    sign = {"added": "+", "removed": "-"}.get(row.line.kind, " ")
    text = Text.assemble((f"{number or '':>{NUMBER}} ", DIM), (sign, STRONG), " ", row.text)
    if text.cell_len > width:
        text.truncate(width, overflow="ellipsis")
    text.append(set_cell_size("", width - text.cell_len))
    if row.line.kind in ("added", "removed"):
        text.stylize_before(fill)
    return text
