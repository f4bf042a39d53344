"""The merge queue's decisions, by facts alone: order, lanes, speculation, bisection. Pure.

Zuul's dependent pipeline, where it pays: a changeset is merged and tested on top of those ahead of it which touch what
it touches, leaving out those that fail ("nearest non-failing item"). Changesets that share nothing never wait for each
other. As checks are known by what they can see, a changeset on another stack repeats only those that see a difference.
"""

from collections.abc import Iterator, Sequence

from hive.orchestrator.queue.changeset import Act, Changeset, Facts, Merge, Place, Settings
from hive.orchestrator.queue.order import order


def decide(changesets: Sequence[Changeset], facts: Facts, settings: Settings) -> list[Place]:
    """The place of each changeset, in landing order. Changesets of different targets have nothing in common."""
    return [
        place
        for target in dict.fromkeys(each.target for each in changesets)
        for place in _Line(order(c for c in changesets if c.target == target), facts, settings).places()
    ]


class _Line:
    """One target's queue. Sets of changesets are bit masks over the landing order: thousands cost milliseconds."""

    def __init__(self, line: list[Changeset], facts: Facts, settings: Settings) -> None:
        self._line, self._facts, self._settings = line, facts, settings
        self._ids = [each.id for each in line]
        self._at = {each.id: n for n, each in enumerate(line)}
        self._idle = self._find_idle()
        self._out = self._leave_out()
        self._ahead = self._find_ahead()
        self._on = self._find_stacks()
        self._tips = self._choose_tips() if settings.bisect else (1 << len(line)) - 1
        self._merged = 0
        self._busy = 0

    def places(self) -> list[Place]:
        """Everybody's place."""
        return [self._place(at, each) for at, each in enumerate(self._line)]

    # --- what stands on what ----------------------------------------------------------------------------------

    def _find_idle(self) -> int:
        """Who is held, or needs somebody who is not in the queue, or is idle: nobody behind waits for those."""
        mask = 0
        for at, each in enumerate(self._line):
            needs = (self._at.get(name) for name in each.after)
            needing = any(other is not None and mask >> other & 1 for other in needs)
            if each.held or needing or not self._facts.outside.keys().isdisjoint(each.after):
                mask |= 1 << at
        return mask

    def _leave_out(self) -> int:
        """Nobody stands on who is idle or fails; in bisection a red union does not say yet who is to blame."""
        mask = self._idle
        for at, each in enumerate(self._line):
            conflicts = each.merge is not None and not each.merge.commit
            failing = each.verdict == "failed" and (conflicts or not self._settings.bisect)
            if failing:
                mask |= 1 << at
        return mask

    def _find_ahead(self) -> list[int]:
        last: dict[str, int] = {}
        found = []
        for at, each in enumerate(self._line):
            ahead = 0
            for key in each.touches:
                ahead |= last.get(key, 0)
            for needed in each.after:
                if (other := self._at.get(needed)) is not None and other != at:
                    ahead |= 1 << other
            if not self._idle >> at & 1:
                for key in each.touches:
                    last[key] = last.get(key, 0) | 1 << at
            found.append(ahead)
        return found

    def _find_stacks(self) -> list[int]:
        stacks: list[int] = []
        for at, ahead in enumerate(self._ahead):
            stack, left = 0, ahead & ~self._out & ((1 << at) - 1)
            while left:  # the latest first: its stack holds most of the others
                top = left.bit_length() - 1
                stack |= stacks[top] | 1 << top
                left &= ~stack
            stacks.append(stack)
        return stacks

    def _choose_tips(self) -> int:
        """Whose union is tested in bisection: the largest within the window, or within half of one that failed."""
        red = [self._batch(at) for at, each in enumerate(self._line) if self._stands(at, each, "failed")]
        tips = covered = 0
        for at in reversed(range(len(self._line))):
            batch = self._batch(at)
            size = batch.bit_count()
            limit = min([self._settings.window, *(r.bit_count() // 2 for r in red if r & batch)])
            if not covered >> at & 1 and not self._out >> at & 1 and size <= max(limit, 1):
                tips |= 1 << at
                covered |= batch
        return tips

    def _batch(self, at: int) -> int:
        return self._on[at] | 1 << at

    def _stands(self, at: int, each: Changeset, verdict: str) -> bool:
        return each.verdict == verdict and each.merge is not None and self._is_current(at, each.merge)

    # --- what is next -----------------------------------------------------------------------------------------

    def _place(self, at: int, each: Changeset) -> Place:
        act, why = self._next(at, each)
        stack = self._on[at] if self._on[at].bit_count() < self._settings.window else 0
        head = self._head(each) if act in ("land", "refuse") else ""
        within = self._facts.landed_with.get(each.id, "")
        ahead = self._ahead[at].bit_count()
        return Place(each, act, why, ahead, self._names(stack), self._whole(at), head, within)

    def _head(self, each: Changeset) -> str:
        tip, merge = self._facts.tips.get(each.target), each.merge
        if merge is None:
            return ""
        return tip.commit if tip and tip.seq > merge.seq else merge.onto

    def _next(self, at: int, each: Changeset) -> tuple[Act, str]:
        if each.id in self._facts.landed_with:
            return "land", f"landed on {each.target} with the union that holds it"
        if reason := self._facts.stopped.get(each.target):
            return "stopped", reason
        if each.begun:
            return "land", f"its landing on {each.target} is brought to its end"
        if each.held:
            by = f" by {each.held_by}" if each.held_by else ""
            return "held", f"it is held{by}; hive queue release {each.id}"
        for needed in each.after:
            if needed in self._facts.outside:
                return "wait", f"needs {needed}, which is not in the queue ({self._facts.outside[needed]})"
        merge = each.merge
        if merge is None or not self._is_current(at, merge):
            return self._speculate(at, each, "merge")
        self._merged |= bool(merge.commit) << at
        if each.verdict == "failed":
            return self._failed(at, merge)
        if each.verdict == "passed":
            return self._passed(at, each, merge)
        return self._speculate(at, each, "test")

    def _is_current(self, at: int, merge: Merge) -> bool:
        """Whether it is merged with exactly those that it should stand on, those that have landed left out."""
        beneath = 0
        for name, _ in merge.beneath:
            if name not in self._facts.landed:
                other = self._at.get(name)
                if other is None:
                    return False
                beneath |= 1 << other
        return beneath == self._on[at] and (merge.whole or not self._settings.bisect or not beneath)

    def _whole(self, at: int) -> bool:
        return self._settings.bisect or not self._on[at]

    def _failed(self, at: int, merge: Merge) -> tuple[Act, str]:
        if self._ahead[at]:
            rest = f"decided when {self._first(at)} is out of the queue"
            return "wait", f"fails on top of {self._names_in_words(self._on[at])}: {rest}"
        return ("refuse", "its checks fail") if merge.commit else ("merge", "is merged onto what has landed")

    def _passed(self, at: int, each: Changeset, merge: Merge) -> tuple[Act, str]:
        together = self._settings.bisect and merge.whole and not self._ahead[at] & ~self._on[at]
        if self._ahead[at] and not (together and self._closed(at)):
            return "wait", f"lands after {self._first(at)}"
        if not self._is_fresh(each.target, merge):
            return "merge", f"is merged onto the new head of {each.target}"
        return "land", f"{each.target} moves to {merge.commit[:10]}"

    def _closed(self, at: int) -> bool:
        """Whether nobody has to land before the union who is not in it."""
        batch = self._batch(at)
        return all(not self._ahead[n] & ~batch for n in _bits(batch))

    def _is_fresh(self, target: str, merge: Merge) -> bool:
        tip = self._facts.tips.get(target)
        return (
            tip is None
            or tip.seq < merge.seq
            or tip.commit == merge.onto
            or any(commit == tip.commit for _, commit in merge.beneath)
        )

    def _speculate(self, at: int, each: Changeset, act: Act) -> tuple[Act, str]:
        stack = self._on[at]
        if not self._tips >> at & 1 and act == "test":
            return "wait", "is tested in the union of a changeset behind it"
        if stack and (reason := self._not_worth(at)):
            return "wait", reason
        self._busy += act == "test"
        on = f"{self._names_in_words(stack)} and {each.target}" if stack else each.target
        doing = "is merged onto" if act == "merge" else "is tested on top of"
        return act, f"{doing} {on}"

    def _not_worth(self, at: int) -> str:
        stack, settings = self._on[at], self._settings
        first = f"waits for {self._first(at)}"
        if stack.bit_count() >= settings.window:
            return f"{first}: no more than {settings.window} stand on each other"
        if stack & ~self._merged:
            return f"{first}: {self._ids[next(_bits(stack & ~self._merged))]} is merged first"
        if settings.bisect:
            return ""
        unknown = sum(self._line[n].verdict == "unknown" for n in _bits(stack))
        if settings.odds**unknown < settings.worth:
            return f"{first}: too unlikely that all {unknown} ahead land for a test to be worth it"
        if self._busy >= settings.slots:
            return f"{first}: surer work has all {settings.slots} executors"
        return ""

    # --- words ------------------------------------------------------------------------------------------------

    def _names(self, mask: int) -> tuple[str, ...]:
        return tuple(self._ids[at] for at in _bits(mask))

    def _first(self, at: int) -> str:
        """Who is ahead of all others that it waits for, and what both touch."""
        ahead = self._ahead[at]
        first = self._line[(ahead & -ahead).bit_length() - 1]
        shared = sorted(first.touches & self._line[at].touches)
        return f"{first.id}, which changes {', '.join(shared[:3])} too" if shared else first.id

    def _names_in_words(self, mask: int) -> str:
        names = self._names(mask)
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
