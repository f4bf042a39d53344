"""A changeset on its way to the target: a person's branch, parts in several repositories, pull requests."""

from pydantic import BaseModel

from hive import events as e
from hive.model import FileStat
from hive.state import RunState


class OfferView(BaseModel):
    """A person's own branch as the changeset of a run without a plan and without agents."""

    branch: str
    commit: str
    by: str
    files: list[FileStat]
    breaking: bool
    """Whether it may break consumers of a contract."""


class RequestView(BaseModel):
    """A pull request that the landing waits for."""

    repository: str
    """Empty for a project of one repository."""
    number: int
    url: str
    state: str
    """open, merged or closed, as it was when it was last looked at."""
    summary: str
    """How its checks stand."""


class PartView(BaseModel):
    """One of several repositories, and whether it has its part of the changeset."""

    repository: str
    ref: str
    new: str
    taken_back: str
    """The commit that took it back, where another repository refused."""
    stuck: str
    """Why it could not be taken back."""


def offer_view(told: e.BranchOffered) -> OfferView:
    """What somebody put into the queue."""
    return OfferView(
        branch=told.branch, commit=told.commit, by=told.by, files=list(told.files), breaking=told.breaking
    )


def request_view(state: RunState, name: str) -> RequestView:
    """How a repository's pull request stands."""
    asked, seen = state.requests[name], state.seen.get(name)
    told = {"state": seen.state, "summary": seen.summary} if seen else {"state": "open", "summary": ""}
    return RequestView(repository=name, number=asked.number, url=asked.url, **told)


def part_view(state: RunState, name: str) -> PartView:
    """What became of a repository's part."""
    landed, back = state.parts[name], state.taken_back.get(name)
    taken_back = back.commit if back else ""
    stuck = back.reason if back and not back.commit else ""
    return PartView(repository=name, ref=landed.ref, new=landed.new, taken_back=taken_back, stuck=stuck)
