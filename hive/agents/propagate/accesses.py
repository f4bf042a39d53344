"""The field of what is called like the entity: `user.zip_code`, `req.User.GetZipCode()`, `user["zip_code"]`."""

import re
from collections.abc import Iterator

from hive.agents.propagate.naming import Hit, hits, spell, words
from hive.agents.propagate.proposal import Placed
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.subject import Field, Subject

_OWNER = re.compile(
    r"([A-Za-z_]\w*)(?:\(\))?(?:"
    r"(?:[?!]?\.|->)(?:[gs]et|[GS]et|is|Is|has|Has)?"
    r"|[?!]?\.get\(\s*[\"']"
    r"|(?:\?\.)?\[\s*[\"'`]"
    r")$"
)
_FARTHEST = 120
"""So many characters before a field its owner begins at the most."""


def accesses(source: Source, old: Field, subject: Subject) -> Iterator[Placed]:
    """The edits that rename the field in each of them."""
    spelling = Spelling(source, subject)
    for hit in hits(source.text, old.words):
        if not _is_access(source, hit, subject):
            continue
        style = (
            hit.styles[0]
            if len(hit.styles) == 1
            else spelling.choose(hit.start, hit.styles, (hit.start, hit.end))
        )
        edit = Edit(hit.start, hit.end, spell(subject.new.words, style))
        summary = f"{old.name} is {subject.new.name} where it is used"
        yield Placed(
            source.line(hit.start), summary, (edit,), subject.weight(frozenset({old.name})), old.name
        )


def _is_access(source: Source, hit: Hit, subject: Subject) -> bool:
    after = source.text[hit.end : hit.end + 1]
    found = _OWNER.search(source.text, max(0, hit.start - _FARTHEST), hit.start)
    if found is None or after.isalnum() or after == "_":
        return False
    leaf = source.root.descendant_for_byte_range(hit.start, hit.end)
    return (
        leaf is not None
        and "comment" not in leaf.type
        and words(found[1])[-len(subject.entity) :] == subject.entity
    )
