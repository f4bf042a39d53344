"""GitLab's merge requests (REST, version 4), at gitlab.com or at a server of one's own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from hive.text import one_line
from hive.workspaces.forge.address import Address
from hive.workspaces.forge.forge import Checks, Request, Seen, Wanted
from hive.workspaces.forge.talking import Talk

_PIPELINE: dict[str, Checks] = {
    "success": "passed",
    "skipped": "passed",
    "failed": "failed",
    "canceled": "failed",
}


class GitLab:
    """Implements `Forge`."""

    def __init__(self, api: str, where: Address, token: str) -> None:
        headers = {"PRIVATE-TOKEN": token, "User-Agent": "hive"}
        self._path = f"/projects/{quote(where.path, safe='')}/merge_requests"
        self._talk = Talk(api, headers, f"gitlab ({where.host}/{where.path})")
        self._where = where

    @property
    def name(self) -> str:
        """For people."""
        return f"gitlab {self._where.path}"

    def open_or_update(self, wanted: Wanted) -> Request:
        """Make or update the request of a branch."""
        words = {"title": wanted.title, "description": wanted.body, "target_branch": wanted.base}
        found = self._find(wanted)
        if found is None:
            given = {**words, "source_branch": wanted.branch}
            made = self._talk.ask("POST", self._path, given=given, missing=True)
            if made is not None:
                return _request(made)
            found = self._find(wanted)
            if found is None:
                return _request(self._talk.ask("POST", self._path, given=given))
        return _request(self._talk.ask("PUT", f"{self._path}/{found}", given=words))

    def _find(self, wanted: Wanted) -> int | None:
        asked = urlencode({"state": "opened", "source_branch": wanted.branch})
        listed = self._talk.ask("GET", f"{self._path}?{asked}")
        return next((int(e["iid"]) for e in listed if e.get("source_branch") == wanted.branch), None)

    def look(self, number: int) -> Seen:
        """How a request stands."""
        found = self._talk.ask("GET", f"{self._path}/{number}")
        state = found.get("state")
        if state == "merged":
            commit = found.get("merge_commit_sha") or found.get("squash_commit_sha") or found.get("sha") or ""
            return Seen("merged", merged_as=one_line(commit, 64))
        if state == "closed":
            return Seen("closed", summary="closed without a merge")
        pipeline = one_line((found.get("head_pipeline") or {}).get("status") or "", 40)
        if not pipeline:
            return Seen("open")
        checks = _PIPELINE.get(pipeline, "pending")
        return Seen("open", checks, f"pipeline {pipeline}")


def _request(found: Mapping[str, Any]) -> Request:
    return Request(int(found["iid"]), one_line(found["web_url"], 300))
