"""Taking a landed commit back: the opposite change, merged onto what the branch is now, without any checkout."""

from collections.abc import Sequence
from datetime import datetime

from hive.workspaces.diff import Changed, parse_raw, raw
from hive.workspaces.entries import Entry, edit_index, removal
from hive.workspaces.store import MergeResult, ObjectStore


def undone(store: ObjectStore, head: str, landed: str, before: str, date: datetime) -> MergeResult:
    """`head` without what `landed` brought over `before`; conflicts where later commits changed the same lines."""
    opposite = store.commit_tree(store.tree_of(before), [landed], f"The opposite of {landed}", date)
    return store.merge(head, opposite, f"Without {landed}", date)


def differences(store: ObjectStore, old: str, new: str) -> tuple[Changed, ...]:
    """Every path that differs, without contents."""
    return tuple(parse_raw(raw(store.git, old, new)))


def restored(store: ObjectStore, start: str, changed: Sequence[Changed], message: str, date: datetime) -> str:
    """A commit on `start` with these paths as they are on the new side of `changed`."""
    gone = [removal(each.path) for each in changed if each.status == "deleted"]
    there = [Entry(each.new_mode, each.new, each.path) for each in changed if each.status != "deleted"]
    with store.scratch_index() as git:
        git.run("read-tree", "--end-of-options", start)
        edit_index(git, [*gone, *there])
        tree = git.text("write-tree")
    return store.commit_tree(tree, [start], message, date)
