"""The new column in the lists of SQL statements."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from hive.agents.propagate.belonging import Evidence, Verdict, weighed
from hive.agents.propagate.clone import in_columns
from hive.agents.propagate.naming import Style, hits, renamed, words
from hive.agents.propagate.retype import relit, retyped, zero
from hive.agents.propagate.source import Edit
from hive.agents.propagate.sql import Columns, Item, lists
from hive.agents.propagate.statements import Region
from hive.agents.propagate.subject import Field, Subject

_POSITIONAL = re.compile(r"\?|%s|\$(\d+)")
_UNWANTED = re.compile(
    r"\s+(?:UNIQUE|PRIMARY\s+KEY(?:\s+AUTOINCREMENT)?|REFERENCES\s+\w+(?:\s*\([^)]*\))?(?:\s+ON\s+\w+\s+\w+)*)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"(\S+\s+)(\w+)((?:\s*\([^)]*\))?)(.*)", re.DOTALL)
_NOT_NULL = re.compile(r"\bNOT\s+NULL\b", re.IGNORECASE)
_DEFAULT = re.compile(r"(\bDEFAULT\s+)('(?:[^']|'')*'|[^\s,]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """A list of a statement that carries the entity, or that follows one by position."""

    region: Region
    columns: Columns
    fields: tuple[str, ...]
    """The field of each item, empty where it is none."""

    @property
    def carried(self) -> frozenset[str]:
        """All fields of the list."""
        return frozenset(filter(None, self.fields))


def listed_columns(region: Region, subject: Subject) -> list[Listed]:
    """The lists of a region with the fields that their items are; values get theirs from their columns."""
    found: list[Listed] = []
    columns: dict[int, Listed] = {}
    for one in lists(region.text):
        fields = tuple(_field(region, item, subject) for item in one.items)
        if one.part == "columns":
            columns[one.insert] = Listed(region, one, fields)
        known = columns.get(one.insert)
        if one.part == "values" and known is not None and len(known.columns.items) == len(one.items):
            fields = known.fields
        found.append(Listed(region, one, fields))
    return found


def _field(region: Region, item: Item, subject: Subject) -> str:
    return subject.names.get(words(item.name), "") if item.name else ""


def verdict(one: Listed, subject: Subject) -> Verdict:
    """Whether the list is the entity's; the table's name decides."""
    known = sum(
        1 for item, field in zip(one.columns.items, one.fields, strict=True) if item.name and not field
    )
    stem = PurePosixPath(one.region.source.path).name.partition(".")[0]
    owners = ((one.columns.table, True),) if one.columns.table else ()
    seen = Evidence(one.carried & subject.by_name.keys(), known, owners, (stem,))
    return weighed(seen, subject, (words(item.name) for item in one.columns.items))


def positional(one: Listed) -> bool:
    """Whether values are bound by their position."""
    if one.columns.part not in ("values", "set"):
        return False
    return any(_POSITIONAL.search(_text(one, item)) for item in one.columns.items)


def _text(one: Listed, item: Item) -> str:
    return one.region.source.text[item.start : item.end]


def column_edits(one: Listed, example: Field, subject: Subject, *, last: bool = False) -> list[Edit]:
    """The edits that put the new column behind its example, or at the end of the list."""
    at = one.fields.index(example.name)
    item = one.columns.items[at]
    text = clone_item(one, item, example, subject)
    if numbered := re.fullmatch(r"(.*)\$(\d+)", text, re.DOTALL):
        number = int(numbered.group(2)) + 1
        return [*_shifted(one.region, number), *_inserted(one, at, f"{numbered.group(1)}${number}")]
    return _inserted(one, len(one.columns.items) - 1 if last else at, text)


def clone_item(one: Listed, item: Item, example: Field, subject: Subject) -> str:
    """The text of the new item."""
    text, new = _text(one, item), renamed_item(one, item, example, subject)
    if one.columns.part == "definitions":
        return in_columns(text, _definition(new, example, subject))
    if one.columns.part == "values" and example.type != subject.new.type:
        return relit(new, "sql", subject.new.type, " ".join(subject.new.words), "'") or new
    return new


def renamed_item(one: Listed, item: Item, old: Field, subject: Subject) -> str:
    """An item with the new field's name in place of the old one's, in the style of the list."""
    span = one.columns.items
    styles = Counter(
        hit.styles[0]
        for field in subject.fields
        if len(field.words) > 1
        for hit in hits(one.region.source.text[span[0].start : span[-1].end], field.words)
    )

    def choose(_position: int, possible: tuple[Style, ...]) -> Style:
        return max(possible, key=lambda style: (styles[style], style is Style.SNAKE))

    return renamed(_text(one, item), old.words, subject.new.words, choose)


def _definition(text: str, example: Field, subject: Subject) -> str:
    """A column's definition with another type and default, unique no more, and fit for rows that exist."""
    text = _UNWANTED.sub("", text)
    kind = subject.new.type
    if example.type != kind:
        text = _COLUMN.sub(lambda m: _retyped_column(m, example.type, kind), text)
    if _NOT_NULL.search(text) and not _DEFAULT.search(text):
        default = zero("sql", kind, "'")
        text = _NOT_NULL.sub(lambda m: f"{m.group()} {_cased('DEFAULT', m.group())} {default}", text, count=1)
    return text


def _retyped_column(column: re.Match[str], old: str, new: str) -> str:
    head, word, size, rest = column.groups()
    found = retyped(word, "sql", old, new)
    rest = _DEFAULT.sub(lambda m: m.group(1) + zero("sql", new, "'"), rest)
    return f"{head}{found}{rest}" if found else f"{head}{word}{size}{rest}"


def _cased(word: str, like: str) -> str:
    return word.lower() if like.islower() else word


def _inserted(one: Listed, at: int, text: str) -> list[Edit]:
    source, items = one.region.source, one.columns.items
    item = items[at]
    following = items[at + 1] if at + 1 < len(items) else None
    if following is not None:
        gap = source.text[item.end : following.start]
        if "--" not in gap and "/*" not in gap:
            return [Edit(item.end, item.end, gap + text)]
        own_line = not source.text[source.line_start(following.start) : following.start].strip()
        lead = source.newline + source.indent(following.start) if own_line else " "
        return [Edit(following.start, following.start, f"{text},{lead}")]
    gap = source.text[items[at - 1].end : item.start] if at else ", "
    if "--" in gap or "/*" in gap:
        gap = "," + source.newline + source.indent(item.start)
    return [Edit(item.end, item.end, gap + text)]


def _shifted(region: Region, first: int) -> Iterator[Edit]:
    """Every numbered placeholder from `first` on, one higher."""
    for match in re.finditer(r"\$(\d+)\b", region.text):
        if int(match.group(1)) >= first:
            yield Edit(match.start(1), match.end(1), str(int(match.group(1)) + 1))
