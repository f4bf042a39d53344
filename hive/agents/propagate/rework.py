"""What is tried after a failed check: which edits are taken back, and whether that helped."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hive.agents.propagate.files import is_test
from hive.agents.propagate.journal import Entry, Journal, Page, Score, Trial
from hive.text import plural

_PLACE = re.compile(r"([\w@./\\-]*[\w-]\.[A-Za-z]{1,6})(?:\"?,? line (\d+)|:(\d+)|\((\d+)[,)])?")
_COUNTS = re.compile(r"\b(\d{1,7}) of (\d{1,7}) tests? failed")
NEAR = 2
"""A failure this many lines away from an edit is its fault."""
LAST_GUESS = 2
"""The last turn with a guess: the next one sees whether it helped. Later ones need a line that is named, since
nobody may come back after them, and a person is to find the best state."""


class Blamed(NamedTuple):
    """An edit to take back, and why."""

    page: Page
    number: int
    reason: str

    @property
    def entry(self) -> Entry:
        """The edit itself."""
        return self.page.entries[self.number]


@dataclass(frozen=True)
class Decision:
    """What a turn of rework does."""

    journal: Journal
    back: tuple[Blamed, ...] = ()
    """Taken back now."""
    again: tuple[Blamed, ...] = ()
    """Put back now: it did not help to take them back."""
    failed: str = ""
    """Why no more is tried."""


def score(output: str) -> Score | None:
    """The counts that an output tells; none where it tells none."""
    found = [(int(failed), int(of)) for failed, of in _COUNTS.findall(output)]
    failed = sum(failed for failed, _ in found)
    return Score(failed=failed, passed=sum(of for _, of in found) - failed) if found else None


def decide(journal: Journal, turn: int, output: str, *, comparable: bool = True) -> Decision:
    """Judge what the last turn took back, then take back what the output points at; bounded by the turns."""
    journal = journal.rewound(turn)
    now = score(output)
    journal, again, before = _judged(journal, turn, now)
    tried = {place for trial in journal.trials for place in trial.places}
    back = blamed(journal, output, tried, guess=turn <= LAST_GUESS)
    if not back:
        return Decision(journal, (), again, _exhausted(journal, before))
    places = tuple((one.page.path, one.number) for one in back)
    trial = Trial(turn=turn, places=places, before=before, comparable=comparable)
    journal = journal.marked(places, taken=True, why=back[0].reason)
    return Decision(journal.model_copy(update={"trials": (*journal.trials, trial)}), tuple(back), again)


def _judged(
    journal: Journal, turn: int, now: Score | None
) -> tuple[Journal, tuple[Blamed, ...], Score | None]:
    """The journal without what did not help, what is put back for that, and the counts without it."""
    if not journal.trials or journal.trials[-1].outcome != "open":
        return journal, (), now
    *earlier, last = journal.trials
    rows = all(is_test(path) for path, _ in last.places)
    helped = not last.comparable or (now is not None and now.better(last.before, rows=rows))
    closed = last.model_copy(update={"outcome": "kept" if helped else "undone", "judged": turn})
    journal = journal.model_copy(update={"trials": (*earlier, closed)})
    if helped:
        return journal, (), now
    journal = journal.marked(last.places, taken=False)
    reason = "without it " + (f"{plural(now.failed, 'test')} failed" if now else "the check fails too")
    pages = ((journal.page(path), number) for path, number in last.places)
    again = tuple(Blamed(page, number, reason) for page, number in pages if page is not None)
    return journal, again, last.before


def _exhausted(journal: Journal, before: Score | None) -> str:
    standing = [entry for page in journal.pages for entry in page.entries if not entry.taken]
    if not standing:
        return "nothing is left to take back; the failure has another cause"
    count = f"{plural(before.failed, 'test')} failed" if before else "the check fails"
    helped = [trial for trial in journal.trials if trial.outcome == "kept"]
    rest = "what was taken back helped, but not enough" if helped else "taking places back did not help"
    return f"{count}, and {rest}: {plural(len(standing), 'place')} left for a person to look at"


def blamed(
    journal: Journal, output: str, tried: Collection[tuple[str, int]] = (), *, guess: bool = True
) -> list[Blamed]:
    """The edits that an output points at, most telling first; with a guess, one at least while there are any."""
    standing = [
        Blamed(page, number, "")
        for page in journal.pages
        for number, entry in enumerate(page.entries)
        if not entry.taken and (page.path, number) not in tried
    ]
    named = _named(output)
    exact = [
        one._replace(reason=f"the failing check names line {line}")
        for one in standing
        for line in named.get(_tail_of(one.page.path, named), ())
        if abs(line - one.entry.line) <= NEAR
    ]
    if exact:
        return list({(one.page.path, one.number): one for one in exact}.values())
    if not guess or not standing:
        return []
    mentioned = [one for one in standing if _tail_of(one.page.path, named)]
    code = [one for one in mentioned if not is_test(one.page.path)]
    if code or mentioned:
        return [_least(code or mentioned, "the failing check names its file")]
    return [_least(standing, "a check fails and this is the least certain edit")]


def _least(candidates: Sequence[Blamed], reason: str) -> Blamed:
    found = min(candidates, key=lambda one: (one.entry.certainty, one.page.path, -one.entry.line))
    return found._replace(reason=reason)


def _named(output: str) -> dict[str, list[int]]:
    """The files that an output names, with the lines."""
    found: dict[str, list[int]] = {}
    for match in _PLACE.finditer(output):
        line = next((group for group in match.groups()[1:] if group), None)
        lines = found.setdefault(match.group(1).replace("\\", "/").removeprefix("./"), [])
        if line and len(line) < 8:
            lines.append(int(line))
    return found


def _tail_of(path: str, named: dict[str, list[int]]) -> str:
    """The name by which the output speaks of a path: a tail of it, or an absolute path that ends with it."""
    whole = "/" + path
    fits = [name for name in named if name and (whole.endswith("/" + name) or ("/" + name).endswith(whole))]
    return max(fits, key=len, default="")
