"""GitHub's pull requests (REST, version 2022-11-28), at github.com or at an enterprise server."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from hive.text import one_line
from hive.workspaces.forge.address import Address
from hive.workspaces.forge.forge import Checks, Request, Seen, Wanted
from hive.workspaces.forge.talking import Talk
from hive.workspaces.remote.answers import TroubleError

_BAD = frozenset(
    {"failure", "cancelled", "timed_out", "action_required", "startup_failure", "stale", "error"}
)


class GitHub:
    """Implements `Forge`."""

    def __init__(self, api: str, where: Address, token: str) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": f"Bearer {token}",
            "User-Agent": "hive",
        }
        self._owner, self._path = where.path.split("/")[0], f"/repos/{quote(where.path)}"
        self._talk = Talk(api, headers, f"github ({where.host}/{where.path})")
        self._where = where

    @property
    def name(self) -> str:
        """For people."""
        return f"github {self._where.path}"

    def open_or_update(self, wanted: Wanted) -> Request:
        """Make or update the request of a branch."""
        found = self._find(wanted)
        words = {"title": wanted.title, "body": wanted.body}
        if found is None:
            given = {**words, "head": wanted.branch, "base": wanted.base}
            made = self._talk.ask("POST", f"{self._path}/pulls", given=given, missing=True)
            if made is not None:
                return _request(made)
            found = self._find(wanted)  # somebody was quicker, or this is the second try of a lost answer
            if found is None:
                made = self._talk.ask("POST", f"{self._path}/pulls", given=given)
                return _request(made)
        return _request(
            self._talk.ask("PATCH", f"{self._path}/pulls/{found}", given={**words, "base": wanted.base})
        )

    def _find(self, wanted: Wanted) -> int | None:
        asked = urlencode({"state": "open", "head": f"{self._owner}:{wanted.branch}"})
        listed = self._talk.ask("GET", f"{self._path}/pulls?{asked}")
        mine = (each for each in listed if each.get("head", {}).get("ref") == wanted.branch)
        return next((int(each["number"]) for each in mine), None)

    def look(self, number: int) -> Seen:
        """How a request stands."""
        found = self._talk.ask("GET", f"{self._path}/pulls/{number}")
        if found.get("merged"):
            return Seen("merged", merged_as=_oid(found.get("merge_commit_sha")))
        if found.get("state") == "closed":
            return Seen("closed", summary="closed without a merge")
        commit = _oid(found.get("head", {}).get("sha"))
        runs = self._talk.ask("GET", f"{self._path}/commits/{commit}/check-runs").get("check_runs", [])
        statuses = self._talk.ask("GET", f"{self._path}/commits/{commit}/status").get("statuses", [])
        checks, summary = _together([*map(_of_run, runs), *map(_of_status, statuses)])
        blocked = one_line(found.get("mergeable_state") or "", 40)
        if blocked in ("dirty", "behind", "blocked"):
            summary = "; ".join(filter(None, (summary, f"GitHub calls it {blocked!r}")))
        return Seen("open", checks, summary)


def _request(found: Mapping[str, Any]) -> Request:
    return Request(int(found["number"]), one_line(found["html_url"], 300))


def _oid(value: object) -> str:
    text = str(value or "")
    if len(text) != 40 or set(text) - set("0123456789abcdef"):
        raise TroubleError("network", "github", f"it names {one_line(text, 60)!r} as a commit")
    return text


def _of_run(run: Mapping[str, Any]) -> tuple[str, Checks]:
    name = one_line(run.get("name", "?"), 60)
    if run.get("status") != "completed":
        return name, "pending"
    return name, "failed" if run.get("conclusion") in _BAD else "passed"


def _of_status(status: Mapping[str, Any]) -> tuple[str, Checks]:
    said = status.get("state")
    name = one_line(status.get("context", "?"), 60)
    return name, "pending" if said == "pending" else "passed" if said == "success" else "failed"


def _together(found: Iterable[tuple[str, Checks]]) -> tuple[Checks, str]:
    by: dict[Checks, list[str]] = {"failed": [], "pending": [], "passed": []}
    for name, said in found:
        by[said].append(name)
    for said in ("failed", "pending", "passed"):
        if names := by[said]:
            return said, f"checks {said}: {', '.join(names[:5])}"
    return "none", ""
