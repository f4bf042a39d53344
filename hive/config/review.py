"""The `[review]` table of `hive.toml`."""

from pydantic import BaseModel, ConfigDict, Field

from hive.model import ReviewPolicy, ServiceRule, Team


class ReviewServiceTable(BaseModel):
    """`[review.services.NAME]`"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    approvals: int = Field(default=0, ge=0, le=20)
    """People who must approve this service's diff."""
    approvers: tuple[str, ...] = ()
    """People and teams whose approval counts here."""


class ReviewTable(BaseModel):
    """`[review]`"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    approvals: int = Field(default=0, ge=0, le=20)
    """People who must approve each diff; with 0, `--approve-all` may approve what checks have proven."""
    breaking: int = Field(default=0, ge=0, le=20)
    """People who must approve each diff of a run that breaks consumers of a contract."""
    approvers: tuple[str, ...] = ()
    """People and teams whose approval counts; everybody's, when none is named."""
    code_owners: bool = False
    """Whether each changed file needs an approval of one who owns it, by `CODEOWNERS`."""
    starter_alone: bool = True
    """Whether the approval of the person who started the run is enough."""
    teams: dict[str, tuple[str, ...]] = {}
    """Members of the teams that are named above and in `CODEOWNERS`."""
    services: dict[str, ReviewServiceTable] = {}
    """Rules for single services."""

    def policy(self) -> ReviewPolicy:
        """The same, as a run records it."""
        teams = tuple(Team(name=name, members=members) for name, members in self.teams.items())
        rules = tuple(
            ServiceRule(service=name, **table.model_dump()) for name, table in self.services.items()
        )
        return ReviewPolicy(**self.model_dump(exclude={"teams", "services"}), teams=teams, services=rules)
