"""Queue histories: a world in which a tree is the tuple of what was put into it, and an oracle that knows only that."""

from dataclasses import dataclass, field
from typing import NamedTuple

from hive.orchestrator.queue import Changeset, Facts, Merge, Place, Settings, Tip, decide
from hive.orchestrator.queue.order import order


class Content(NamedTuple):
    """One version of a changeset; wrong in these services, in some only on top of another of the same service."""

    id: str
    version: int
    services: frozenset[str]
    wrong: frozenset[str] = frozenset()
    clashes: bool = False


Tree = tuple[Content, ...]


def seen(tree: Tree, service: str) -> Tree:
    """All that a service's check can see."""
    return tuple(each for each in tree if service in each.services)


def red(tree: Tree, service: str) -> bool:
    """The truth about a service in a tree."""
    view = seen(tree, service)
    return any(service in each.wrong and (at > 0 or not each.clashes) for at, each in enumerate(view))


@dataclass
class Queue:
    """Does what the policy wants, in any order, and holds each deed against the oracle."""

    bisect: bool = False
    window: int = 4
    target: Tree = ()
    queued: dict[str, Changeset] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    approved: dict[str, Content] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    tested: dict[str, Tree] = field(default_factory=dict)
    checked: dict[tuple[str, Tree], int] = field(default_factory=dict)
    landed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    within: dict[str, str] = field(default_factory=dict)
    tip: Tip = field(default_factory=lambda: Tip("0", 0))
    seq: int = 0

    def add(self, content: Content, *, priority: int, after: tuple[str, ...] = ()) -> None:
        """A changeset comes, approved as it is."""
        self.seq += 1
        self.contents[content.id] = self.approved[content.id] = content
        self.queued[content.id] = Changeset(
            content.id, self.seq, content.services, priority=priority, after=after
        )

    def places(self) -> list[Place]:
        """What the policy wants now."""
        outside = {name: "gone" for each in self.queued.values() for name in each.after if name in self.gone}
        facts = Facts({"main": self.tip}, frozenset(self.landed), dict(self.within), outside)
        settings = Settings(bisect=self.bisect, window=self.window, slots=2)
        return decide(list(self.queued.values()), facts, settings)

    def do(self, place: Place) -> bool:
        """One deed; whether there was one."""
        one = self.queued[place.changeset.id]
        match place.act:
            case "merge":
                self._merge(place, one)
            case "test":
                self._test(one)
            case "land":
                self._land(place, one)
            case "refuse":
                content = self.contents[one.id]
                alone = (*self.target, content)
                assert any(red(alone, s) for s in content.services), f"{one.id} is sound and was refused"
                self.leave(one.id)
            case _:
                return False
        return True

    def _merge(self, place: Place, one: Changeset) -> None:
        old = one.merge
        if old is not None:  # only who is affected is merged, and so tested, again
            rest = {name for name, _ in old.beneath} - self.landed
            moved = self.tip.seq > old.seq and self.tip.commit not in dict(old.beneath).values()
            assert set(place.on) != rest or moved or place.whole != old.whole, f"{one.id} was not affected"
        self.seq += 1
        merges = {name: self.queued[name].merge for name in place.on}
        beneath = tuple((name, merge.commit) for name, merge in merges.items() if merge)
        assert len(beneath) == len(place.on), "it stands on one that is not merged"
        commit = f"{one.id}@{self.seq}"
        self.trees[commit] = (
            *self.target,
            *(self.contents[name] for name in place.on),
            self.contents[one.id],
        )
        merge = Merge(self.seq, self.tip.commit, commit, beneath, place.whole)
        self.queued[one.id] = one._replace(merge=merge, verdict="unknown")

    def _test(self, one: Changeset) -> None:
        assert one.merge is not None
        tree = self.trees[one.merge.commit]
        own = set(self.contents[one.id].services)
        if one.merge.whole:
            own.update(s for name, _ in one.merge.beneath for s in self.contents[name].services)
        for service in own:
            key = (service, seen(tree, service))
            self.checked[key] = self.checked.get(key, 0) or 1
        green = not any(red(tree, service) for service in own)
        if green:
            self.tested[one.merge.commit] = tree
        self.queued[one.id] = one._replace(verdict="passed" if green else "failed")

    def _land(self, place: Place, one: Changeset) -> None:
        assert one.merge is not None
        if place.within:
            assert one.id in {each.id for each in self.target}
            del self.within[one.id]
        else:
            tree = self.trees[one.merge.commit]
            assert self.tested.get(one.merge.commit) == tree, "what lands was not tested"
            assert place.head == self.tip.commit
            assert sorted(tree[: len(self.target)]) == sorted(self.target), (
                "something that had landed is lost"
            )
            new = tree[len(self.target) :]
            assert not any(red(tree, s) for each in new for s in each.services), "the target is red"
            assert all(self.approved[each.id] == each for each in new), "an approval outlived its diff"
            self._in_order(one, {each.id for each in new})
            self.target = tree
            self.seq += 1
            self.tip = Tip(one.merge.commit, self.seq)
            self.within |= {each.id: one.id for each in new if each.id != one.id}
            self.landed |= {each.id for each in new}
        del self.queued[one.id]

    def _in_order(self, one: Changeset, batch: set[str]) -> None:
        for other in order(self.queued.values()):
            if other.id == one.id:
                return
            needed = other.id in one.after
            idle = other.held or self._lacks(other)
            ahead = bool(other.touches & one.touches) and not idle and other.id not in self.landed
            assert other.id in batch or not (needed or ahead), f"{one.id} overtook {other.id}"

    def _lacks(self, one: Changeset) -> bool:
        """Whether it needs one that is gone, or is held, or lacks one itself."""
        for name in one.after:
            other = self.queued.get(name)
            if name in self.gone or (other and (other.held or self._lacks(other))):
                return True
        return False

    def leave(self, name: str) -> None:
        """Refused, cancelled, or changed so that its approval is void."""
        if name not in self.landed:
            self.queued.pop(name, None)
            self.gone.add(name)

    def push(self, content: Content) -> None:
        """Somebody commits to the target; hive sees it when it lands or merges next."""
        self.seq += 1
        self.contents[content.id] = self.approved[content.id] = content
        self.target = (*self.target, content)
        self.tip = Tip(f"push@{self.seq}", self.seq)
