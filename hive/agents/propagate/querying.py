"""The new column in the SQL of a file: which lists get it, which are left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hive.agents.propagate.columns import Listed, column_edits, listed_columns, positional, verdict
from hive.agents.propagate.proposal import Binding, Left, Placed
from hive.agents.propagate.source import Source
from hive.agents.propagate.statements import Region, regions
from hive.agents.propagate.subject import Subject

_READ_BY_NUMBER = re.compile(r"\b(?:row|rows|record|r|result|item|data)\[\d+\]")
_SCANNED = re.compile(r"\.Scan\(")


def in_statements(source: Source, subject: Subject) -> Iterator[Placed | Left]:
    """What happens to the columns of a file's SQL, in a file of its own or in strings."""
    for region in regions(source, subject):
        yield from _in_region(region, subject)


def _in_region(region: Region, subject: Subject) -> Iterator[Placed | Left]:
    found = listed_columns(region, subject)
    known = {one.columns.insert for one in found if one.columns.part == "columns"}
    for one in found:
        if one.columns.part == "values" and one.columns.insert in known:
            continue  # goes with its columns
        if subject.new.name in one.carried or not one.columns.items:
            continue
        judged = verdict(one, subject)
        if judged.doubt:
            yield Left(region.source.line(one.columns.items[0].start), judged.doubt)
        elif judged.accepted:
            yield from _placed([one, *_rows(one, found, known)], subject)


def _rows(one: Listed, found: Sequence[Listed], known: set[int]) -> list[Listed]:
    """The rows of values that follow a list: those of its INSERT, or of a table's INSERTs without columns."""
    values = [row for row in found if row.columns.part == "values"]
    if one.columns.part == "columns":
        return [row for row in values if row.columns.insert == one.columns.insert]
    if one.columns.part != "definitions":
        return []
    count = sum(1 for item in one.columns.items if item.name)
    return [
        replace(row, fields=one.fields[:count])
        for row in values
        if row.columns.table == one.columns.table
        and row.columns.insert not in known
        and len(row.columns.items) == count
    ]


def _placed(lists: Sequence[Listed], subject: Subject) -> Iterator[Placed | Left]:
    """One place for a list and the rows of values that follow it."""
    first = lists[0]
    source, part = first.region.source, first.columns.part
    example = next((example for example in subject.examples if example.name in first.fields), None)
    if example is None:
        return
    line = source.line(first.columns.items[first.fields.index(example.name)].end)
    if part == "columns" and any(len(one.columns.items) != len(first.columns.items) for one in lists):
        yield Left(line, "its columns and its values are not of one number")
        return
    last = part == "select" and bool(_READ_BY_NUMBER.search(source.text))
    edits = [edit for one in reversed(lists) for edit in column_edits(one, example, subject, last=last)]
    scanned = part == "select" and bool(_SCANNED.search(source.text))
    bound = scanned or (any(map(positional, lists)) and source.language != "sql")
    summary = f"{subject.new.name} beside {example.name} in {part} of {first.columns.table or 'a statement'}"
    binding: Binding = "statement" if bound else "none"
    yield Placed(line, summary, tuple(edits), subject.weight(first.carried), example.name, binding)
