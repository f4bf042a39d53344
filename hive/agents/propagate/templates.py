"""Texts of a page that show several fields in one breath: how a new one reads there is for a person to say."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from hive.agents.propagate.belonging import Evidence, weigh
from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.mentions import expressions
from hive.agents.propagate.proposal import Left
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Subject

_PATH_PART = re.compile(r"\w+(?=\.)")


def sentences(source: Source, subject: Subject) -> Iterator[Left]:
    """The texts whose template expressions carry the entity."""
    if source.language != "html":
        return
    for node in nodes(source.root):
        text = source.of(node) if node.type == "text" else ""
        found = (
            {subject.names[name] for name in expressions(text) if name in subject.names}
            if "{" in text
            else set()
        )
        if len(found) < subject.least or subject.new.name in found:
            continue
        hints = (*_PATH_PART.findall(text), PurePosixPath(source.path).stem)
        verdict = weigh(Evidence(frozenset(found), 0, (), hints), subject)
        if verdict.accepted or verdict.doubt:
            yield Left(
                source.line(node.start_byte),
                "shows several fields in one text: say how the new one reads there",
            )
