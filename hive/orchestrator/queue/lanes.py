"""Lanes of the merge queue: changesets of different lanes never wait for each other. Pure."""

from collections.abc import Hashable, Iterable

from hive.orchestrator.queue.changeset import Changeset


def lanes(line: Iterable[Changeset]) -> dict[str, int]:
    """The number of each changeset's lane on its target: who touches or needs the same is in one, if only by others."""
    line = list(line)
    joined: dict[Hashable, Hashable] = {}

    def root(name: Hashable) -> Hashable:
        while (above := joined.setdefault(name, name)) != name:
            joined[name] = joined[above]
            name = above
        return name

    for each in line:
        mine = (each.target, each.id)
        touched = [(each.target, "touches", key) for key in each.touches]
        for other in (*touched, *((each.target, needed) for needed in each.after)):
            joined[root(other)] = root(mine)
    numbers: dict[str, dict[Hashable, int]] = {}
    found = {}
    for each in line:
        known = numbers.setdefault(each.target, {})
        found[each.id] = known.setdefault(root((each.target, each.id)), len(known) + 1)
    return found
