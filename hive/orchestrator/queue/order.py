"""The order of the queue: priority, then the order of asking, then what a person moved; needs come first. Pure."""

from collections.abc import Iterable

from hive.orchestrator.queue.changeset import Changeset


def order(changesets: Iterable[Changeset]) -> list[Changeset]:
    """Landing order; one whose landing has begun goes first, whoever is needed goes before who needs it."""
    line = sorted(changesets, key=lambda each: (not each.begun, -each.priority, each.asked))
    for moved in sorted((each for each in line if each.before), key=lambda each: each.moved):
        rest = [each for each in line if each is not moved]
        at = next((n for n, each in enumerate(rest) if each.id == moved.before), None)
        if at is not None:
            line = [*rest[:at], moved, *rest[at:]]
    return _needed_first(line) if any(each.after for each in line) else line


def _needed_first(line: list[Changeset]) -> list[Changeset]:
    """Stable; changesets that need each other in a circle keep their places."""
    queued = {each.id for each in line}
    done: set[str] = set()
    placed: list[Changeset] = []
    waiting = line
    while waiting:
        ready = [each for each in waiting if not (queued & set(each.after)) - done][:1] or waiting
        placed += ready
        done |= {each.id for each in ready}
        waiting = [each for each in waiting if each.id not in done]
    return placed
