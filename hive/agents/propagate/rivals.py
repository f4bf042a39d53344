"""Other entities of the contracts that share fields with the one that gets a new one."""

import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from hive.agents.propagate.lists import is_keyed, keys
from hive.agents.propagate.naming import Words, words
from hive.agents.propagate.places import Place
from hive.agents.propagate.subject import Rival, Subject
from hive.contracts import detect, parse
from hive.errors import HiveError
from hive.model import Entity

MOST_FILES = 60
LONGEST_NAME = 80
LARGEST = 1024 * 1024


def rivals(workspace: Path, entity: Entity, new: Words) -> tuple[Rival, ...]:
    """The entities of the contracts in the entity's own folder that do not get the new field."""
    folder = (workspace / entity.contract).resolve().parent
    if not folder.is_relative_to(workspace.resolve()) or not folder.is_dir():
        return ()
    files = sorted(file for file in folder.iterdir() if not file.is_symlink())[:MOST_FILES]
    found = [
        Rival(words(other.name.rpartition(".")[2]), frozenset(words(field.name) for field in other.fields))
        for file in files
        for other in _entities(file)
    ]
    return tuple(dict.fromkeys(one for one in found if len(one.fields) > 1 and new not in one.fields))


def _entities(file: Path) -> tuple[Entity, ...]:
    try:
        if not stat.S_ISREG(file.lstat().st_mode) or file.lstat().st_size > LARGEST:
            return ()
        raw = file.read_bytes()
        kind = detect(file.name, raw)
        return parse(kind, file.name, raw).entities() if kind else ()
    except (OSError, HiveError):
        return ()  # a contract that cannot be read says nothing


def rival(labels: Collection[Words], own: int, subject: Subject) -> Rival | None:
    """The entity that a list with these names rather is: one of which it has all, while it lacks some fields of ours.

    `own` is how many of the subject's fields it has.
    """
    if own == len(subject.fields):
        return None
    whole = (one for one in subject.rivals if one.fields <= frozenset(labels))
    return next((one for one in whole if len(one.fields) >= own), None)


def labels(place: Place) -> Iterator[Words]:
    """The names of a list's members, also of those that are none of the entity's."""
    for child in place.node.named_children:
        inner = child.named_children[0] if child.type == "expression_statement" else child
        text = place.source.of(keys(inner)[0] if is_keyed(inner) and keys(inner) else inner)
        if len(text) <= LONGEST_NAME and "\n" not in text:
            yield words(text.rpartition(".")[2])
