"""Types that JavaScript declares in comments: `@property {number} storeCredit`."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from hive.agents.propagate.belonging import Evidence, weigh
from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.naming import hits, listed, spell, words
from hive.agents.propagate.proposal import Left, Placed
from hive.agents.propagate.retype import retyped
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.subject import Field, Subject

_LANGUAGES = listed("javascript typescript tsx")
_LINE = re.compile(
    r"[ \t]*\*[ \t]*@(property|prop|param)[ \t]+\{([^}\n]*)\}[ \t]+(\[?)((?:\w+\.)?)(\w+)([^\n\r]*)"
)
_NAME = re.compile(r"@typedef\s+(?:\{[^}]*\}\s+)?(\w+)")


class _Tag(NamedTuple):
    match: re.Match[str]
    field: str


def declared(source: Source, subject: Subject) -> Iterator[Placed | Left]:
    """What happens to the comments of a file that declare the entity, one tag per field."""
    if source.language not in _LANGUAGES or ("@prop" not in source.text and "@param" not in source.text):
        return
    for node in nodes(source.root):
        if node.type == "comment" and source.of(node).startswith("/**"):
            yield from _in_comment(source, node.start_byte, node.end_byte, subject)


def _in_comment(source: Source, start: int, end: int, subject: Subject) -> Iterator[Placed | Left]:
    found = [
        _Tag(m, subject.names.get(words(m.group(5)), "")) for m in _LINE.finditer(source.text, start, end)
    ]
    carried = frozenset(tag.field for tag in found if tag.field in subject.by_name)
    if subject.new.name in {tag.field for tag in found}:
        return
    name = _NAME.search(source.text, start, end)
    owner = name.group(1) if name else source.text[end:].lstrip().partition("\n")[0]
    owners = ((owner, name is not None),)
    foreign = sum(not tag.field for tag in found)
    hints = (PurePosixPath(source.path).stem, *(tag.match.group(4) for tag in found))
    verdict = weigh(Evidence(carried, foreign, owners, hints), subject)
    if verdict.doubt:
        yield Left(source.line(start), verdict.doubt)
    tags = {tag.field: tag.match for tag in found}
    example = next((example for example in subject.examples if example.name in tags), None)
    if verdict.accepted and example is not None:
        yield _placed(source, tags[example.name], example, subject, subject.weight(carried))


def _placed(source: Source, tag: re.Match[str], example: Field, subject: Subject, weight: float) -> Placed:
    kind = retyped(tag.group(2), source.language, example.type, subject.new.type) or tag.group(2)
    (hit,) = hits(tag.group(5), example.words)[:1]
    at = tag.start(5) + hit.start
    style = Spelling(source, subject).choose(at, hit.styles, (tag.start(), tag.end()))
    name = tag.group(5)[: hit.start] + spell(subject.new.words, style) + tag.group(5)[hit.end :]
    line = tag.group()[: tag.start(2) - tag.start()] + kind + "}"
    between = tag.group()[tag.end(2) + 1 - tag.start() : tag.start(5) - tag.start()]
    closing = "]" if tag.group(3) else ""
    edit = Edit(tag.end(), tag.end(), source.newline + line + between + name + closing)
    summary = f"{subject.new.name} beside {example.name} in a comment"
    return Placed(source.line(tag.end()), summary, (edit,), weight, example.name)
