"""A fake forge on loopback, in GitHub's dialect or GitLab's: requests are kept, faults played, calls recorded."""

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

Kind = Literal["github", "gitlab"]
TOKEN = "a-token-of-the-user"  # noqa: S105 - of nobody


@dataclass
class FakeRequest:
    """One pull request, in no dialect."""

    number: int
    repository: str
    branch: str
    base: str
    title: str
    body: str
    state: Literal["open", "merged", "closed"] = "open"
    merged_as: str = ""
    head: str = "0" * 40
    checks: list[tuple[str, str]] = field(default_factory=list)
    """Name, and `pending`, `success` or `failure`."""


@dataclass
class Fault:
    """What happens to a call instead of, or before, its answer."""

    status: int = 0
    """Answer with this; 0 does the work."""
    headers: dict[str, str] = field(default_factory=dict)
    lose: bool = False
    """Do the work, then break the connection: the answer is lost."""
    message: str = "no"


class FakeForge:
    """A context manager; `url` is the API's address."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.requests: list[FakeRequest] = []
        self.calls: list[tuple[str, str]] = []
        """Method and path of everything that it was asked."""
        self.faults: deque[Fault] = deque()
        """Played one after the other, by the next calls."""
        self._lock = threading.Lock()
        forge = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def answer(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                given = json.loads(self.rfile.read(size) or b"null")
                token = self.headers.get("authorization", self.headers.get("private-token", ""))
                forge.answer(self, given, token.removeprefix("Bearer "))

            do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def find(self, repository: str) -> FakeRequest:
        """The newest request of a repository."""
        return next(each for each in reversed(self.requests) if each.repository == repository)

    def answer(self, call: BaseHTTPRequestHandler, given: Any, token: str) -> None:  # noqa: ANN401
        """Play a fault, or do what was asked."""
        with self._lock:
            self.calls.append((call.command, call.path))
            fault = self.faults.popleft() if self.faults else Fault()
            status, said = (401, {"message": "Bad credentials"}) if token != TOKEN else (fault.status, None)
            if not status:
                status, said = self._do(call.command, call.path, given)
        if fault.lose:
            call.close_connection = True
            call.connection.close()
            return
        raw = json.dumps(said if said is not None else {"message": fault.message}).encode()
        call.send_response(status)
        for name, value in {**fault.headers, "content-length": str(len(raw))}.items():
            call.send_header(name, value)
        call.end_headers()
        call.wfile.write(raw)

    def _do(self, method: str, path: str, given: Any) -> tuple[int, Any]:  # noqa: ANN401
        parts = urlsplit(path)
        steps = parts.path.strip("/").split("/")
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if self.kind == "github":
            return self._github(method, steps, asked, given)
        return self._gitlab(method, steps, asked, given)

    def _github(self, method: str, steps: list[str], asked: dict[str, str], given: Any) -> tuple[int, Any]:  # noqa: ANN401
        repository, rest = "/".join(steps[1:3]), steps[3:]
        if rest[:1] == ["commits"]:
            checks = [c for each in self.requests if each.head == rest[1] for c in each.checks]
            if rest[2] == "status":
                return 200, {"statuses": []}
            runs = [
                {"name": n, "status": "in_progress" if s == "pending" else "completed", "conclusion": s}
                for n, s in checks
            ]
            return 200, {"check_runs": runs}
        if rest == ["pulls"] and method == "GET":
            branch = asked.get("head", "").partition(":")[2]
            return 200, [_github(each) for each in self._open(repository, branch)]
        if rest == ["pulls"]:
            return self._make(repository, given["head"], given["base"], given["title"], given["body"], 422)
        found = self._numbered(repository, rest[1])
        if found is None:
            return 404, {"message": "Not Found"}
        if method == "PATCH":
            found.title, found.body = given["title"], given["body"]
        return 200, _github(found)

    def _gitlab(self, method: str, steps: list[str], asked: dict[str, str], given: Any) -> tuple[int, Any]:  # noqa: ANN401
        repository, rest = unquote(steps[1]), steps[3:]
        if not rest and method == "GET":
            return 200, [_gitlab(each) for each in self._open(repository, asked.get("source_branch", ""))]
        if not rest:
            where = (given["source_branch"], given["target_branch"])
            return self._make(repository, *where, given["title"], given["description"], 409)
        found = self._numbered(repository, rest[0])
        if found is None:
            return 404, {"message": "404 Not found"}
        if method == "PUT":
            found.title, found.body = given["title"], given["description"]
        return 200, _gitlab(found)

    def _open(self, repository: str, branch: str) -> list[FakeRequest]:
        mine = (each for each in self.requests if each.repository == repository and each.state == "open")
        return [each for each in mine if each.branch == branch]

    def _numbered(self, repository: str, number: str) -> FakeRequest | None:
        mine = (each for each in self.requests if each.repository == repository)
        return next((each for each in mine if str(each.number) == number), None)

    def _make(
        self, repository: str, branch: str, base: str, title: str, body: str, taken: int
    ) -> tuple[int, Any]:
        if self._open(repository, branch):
            return taken, {"message": "Validation Failed", "errors": [{"message": "already exists"}]}
        made = FakeRequest(len(self.requests) + 1, repository, branch, base, title, body)
        self.requests.append(made)
        return 201, _github(made) if self.kind == "github" else _gitlab(made)


def _github(each: FakeRequest) -> dict[str, Any]:
    return {
        "number": each.number,
        "html_url": f"https://forge.invalid/{each.repository}/pull/{each.number}",
        "state": "open" if each.state == "open" else "closed",
        "merged": each.state == "merged",
        "merge_commit_sha": each.merged_as or None,
        "head": {"ref": each.branch, "sha": each.head},
        "mergeable_state": "clean",
    }


def _gitlab(each: FakeRequest) -> dict[str, Any]:
    states = {said for _, said in each.checks}
    status = "failed" if "failure" in states else "running" if "pending" in states else "success"
    return {
        "iid": each.number,
        "web_url": f"https://forge.invalid/{each.repository}/-/merge_requests/{each.number}",
        "state": {"open": "opened"}.get(each.state, each.state),
        "merge_commit_sha": each.merged_as or None,
        "squash_commit_sha": None,
        "sha": each.head,
        "source_branch": each.branch,
        "head_pipeline": {"status": status} if each.checks else None,
    }
