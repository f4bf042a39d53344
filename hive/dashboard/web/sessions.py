"""Who one is, and links for further browsers."""

from typing import Literal

from fastapi import FastAPI
from pydantic import Field

from hive.dashboard.web.access import Entry, Operator, Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.body import Body
from hive.dashboard.web.keys import LINK_SECONDS
from hive.dashboard.web.role import ROLES, Role
from hive.model import Value


class Me(Value):
    """The session as its page needs it."""

    project: str
    name: str
    role: str
    csrf: str
    """Goes into the header X-Hive-CSRF of every change."""


class Invitation(Body):
    """For whom a link is."""

    role: Literal["viewer", "reviewer", "operator"] = "operator"
    name: str = Field(default="", max_length=80)


class Link(Value):
    """A way in for one browser, once."""

    path: str
    role: str
    seconds: int
    """How long it can be used."""


def invite(entry: Entry, role: Role, name: str) -> str:
    """The path of a new link."""
    return f"/open?key={entry.keys.link(role, name)}"


def register(app: FastAPI) -> None:
    """Add the routes."""
    entry: Entry = app.state.entry
    bench: Bench = app.state.bench

    @app.get("/api/v1/session", tags=["session"])
    async def session(who: Viewer) -> Me:
        """Who asks, and what its page sends with changes."""
        return Me(project=bench.name, name=who.name, role=who.role.word, csrf=entry.keys.csrf(who))

    @app.post("/api/v1/links", tags=["session"], status_code=201)
    async def link(_who: Operator, invitation: Invitation) -> Link:
        """A one-time link for a browser, with a role."""
        role = ROLES[invitation.role]
        name = invitation.name or (bench.person if role is Role.OPERATOR else f"a {role.word}")
        return Link(path=invite(entry, role, name), role=role.word, seconds=LINK_SECONDS)
