"""A file as it is looked at: bytes as one character each, so that offsets of both agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from hive.agents.propagate.grammars import parse


@dataclass(frozen=True)
class Source:
    """A file's path, language and content; Latin-1 keeps every byte, whatever the real encoding is."""

    path: str
    language: str
    raw: bytes
    seen: bytes | None = None
    """What the parser is shown in place of `raw`, byte for byte, where only a part of the file is meant."""

    @cached_property
    def text(self) -> str:
        """The content, one character per byte."""
        return self.raw.decode("latin-1")

    @cached_property
    def root(self) -> Node:
        """The syntax tree."""
        return parse(self.raw if self.seen is None else self.seen, self.language).root_node

    def of(self, node: Node) -> str:
        """The text of a node."""
        return self.text[node.start_byte : node.end_byte]

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return self.raw.count(b"\n", 0, offset) + 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def indent(self, offset: int) -> str:
        """The white space that the line of an offset begins with."""
        start = self.line_start(offset)
        found = re.compile(r"[ \t]*").match(self.text, start)
        return found.group() if found else ""

    @cached_property
    def newline(self) -> str:
        """The line ending of the file."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def width(self) -> int:
        """How long a line may become: the longest that the file has, within reason."""
        longest = max((len(line.expandtabs(4)) for line in self.text.split("\n")), default=0)
        usual = {"python": 88, "go": 140}.get(self.language, 100)
        return min(max(longest, usual), 140)


@dataclass(frozen=True)
class Edit:
    """A replacement in a file, as offsets of the file before all edits."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; edits at one place keep their order. They must not overlap."""
    parts, last = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < last:
            raise ValueError(f"edits overlap at offset {edit.start}")
        parts += [text[last : edit.start], edit.text]
        last = edit.end
    return "".join((*parts, text[last:]))


def embedded(source: Source) -> list[Source]:
    """The scripts of a page, each as a source of its own with unchanged offsets."""
    if source.language != "html":
        return []
    found, cursor = [], re.compile(rb"<script\b[^>]*>(.*?)</script", re.DOTALL | re.IGNORECASE)
    for match in cursor.finditer(source.raw):
        if match.group(1).strip():
            start, end = match.span(1)
            blank = re.sub(rb"[^\n]", b" ", source.raw[:start])
            found.append(Source(source.path, "javascript", source.raw, blank + source.raw[start:end]))
    return found
