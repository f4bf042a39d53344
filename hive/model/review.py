"""Who must approve a change, as a project says it."""

from pydantic import Field

from hive.model.value import Fact


class ReviewRule(Fact):
    """How many people, and who."""

    approvals: int = Field(default=0, ge=0, le=20)
    """People; with 0, `--approve-all` may approve what checks have proven."""
    approvers: tuple[str, ...] = ()
    """People and teams whose approval counts; everybody's, when there is none."""


class ServiceRule(ReviewRule):
    """The rule for one service, instead of the general one."""

    service: str


class Team(Fact):
    """People by a common name."""

    name: str
    members: tuple[str, ...]


class ReviewPolicy(ReviewRule):
    """The rules of a project, as they were on the commit that a run starts from."""

    breaking: int = Field(default=0, ge=0, le=20)
    """People, where the plan breaks consumers of a contract."""
    code_owners: bool = False
    """Whether each changed file needs an approval of one who owns it, by `CODEOWNERS`."""
    starter_alone: bool = True
    """Whether the approval of the person who started the run is enough."""
    teams: tuple[Team, ...] = ()
    services: tuple[ServiceRule, ...] = ()


class Ownership(Fact):
    """A changed path with those who own it: one of them must approve."""

    path: str
    owners: tuple[str, ...]
