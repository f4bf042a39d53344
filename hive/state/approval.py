"""Whether the approvals of a diff are enough, and who is still missing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hive.model import Ownership, Plan, ReviewPolicy
from hive.text import plural

POLICY = "policy"
"""Who approves and lands when a flag of the run says so; no person."""
_WORST = ("breaking", "unknown")


@dataclass(frozen=True)
class Rule:
    """What a diff needs before it counts as approved."""

    people: int = 0
    approvers: tuple[str, ...] = ()
    teams: dict[str, frozenset[str]] = field(default_factory=dict)
    starter: str = ""
    starter_alone: bool = True

    def member(self, person: str, named: Iterable[str]) -> bool:
        """Whether a person is one of these people, or in one of these teams."""
        return any(
            _plain(name) == _plain(person) or _plain(person) in self.teams.get(_plain(name), ())
            for name in named
        )


def rule(review: ReviewPolicy, service: str | None, plan: Plan, starter: str) -> Rule:
    """The rule for one service's diff, or for the contract's."""
    own = next((one for one in review.services if one.service == service), review)
    teams = [(team.name, team.members) for team in review.teams]
    breaking = any(change.severity in _WORST for change in plan.changes)
    return Rule(
        people=max(own.approvals, review.breaking if breaking else 0),
        approvers=own.approvers,
        teams={_plain(name): frozenset(map(_plain, members)) for name, members in teams},
        starter=starter,
        starter_alone=review.starter_alone,
    )


def wants_person(rule: Rule, owned: Sequence[Ownership]) -> bool:
    """Whether a person must look, so that a flag of the run cannot approve."""
    return bool(rule.people or owned or not rule.starter_alone)


def lacking(rule: Rule, by: Iterable[str], owned: Sequence[Ownership]) -> tuple[str, ...]:
    """What is still missing, in words; nothing when the approvals are enough."""
    names = list(dict.fromkeys(by))
    people = [name for name in names if name != POLICY]
    if not wants_person(rule, owned):
        return () if names else ("needs an approval",)
    counted = [name for name in people if not rule.approvers or rule.member(name, rule.approvers)]
    missing = max(rule.people, 1) - len(counted) if rule.people or not owned else 0
    found = [_more(missing, len(counted), rule.approvers)] if missing > 0 else []
    for one in owned:
        if not any(rule.member(name, one.owners) for name in people):
            found.append(f"needs an approval of {' or '.join(one.owners)}, for {one.path!r}")
    if not rule.starter_alone and people and {_plain(name) for name in people} == {_plain(rule.starter)}:
        found.append(f"needs an approval of somebody else than {rule.starter!r}, who started the run")
    return tuple(dict.fromkeys(found))


def _more(missing: int, counted: int, approvers: Sequence[str]) -> str:
    what = "a second approval" if (missing, counted) == (1, 1) else plural(missing, "more approval")
    if not counted:
        what = "an approval" if missing == 1 else plural(missing, "approval")
    return f"needs {what}" + (f", of {' or '.join(approvers)}" if approvers else "")


def _plain(name: str) -> str:
    return name.removeprefix("@").casefold()
