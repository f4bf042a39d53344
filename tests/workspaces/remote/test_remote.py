"""Pushing to real bare repositories whose hooks refuse, hang and die."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hive.errors import UsageError
from hive.workspaces.landing import BranchDeleted, BranchMoved, BranchReset, Landed, follow
from hive.workspaces.remote import Remote, TroubleError, land_at
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore
from tests.conftest import Repo
from tests.invariants import assert_untouched, fingerprint
from tests.world import git

AUTHOR = ("-c", "user.name=u", "-c", "user.email=u@example.test")


class Site:
    """A user's repository, its remote, hive's store, and a commit to land."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.bare = root, folder / "remote.git"
        git(folder, "clone", "-q", "--bare", str(root), str(self.bare))
        git(root, "remote", "add", "origin", str(self.bare))
        git(root, "fetch", "-q", "origin")
        self.user = UserRepository.open(root)
        self.store = ObjectStore.open(folder / "hive.git", self.user)
        self.old = git(root, "rev-parse", "main")
        blob = self.store.commit_files(self.old, {"new.txt": b"new\n"}, "land me", _date())
        self.new = blob
        self.remote = Remote(self.user, "origin", patience=20.0)

    def land(self) -> object:
        return land_at(self.remote, self.store, "main", self.old, self.new, run="r1")

    def at_remote(self) -> str:
        return git(self.bare, "rev-parse", "main")

    def hook(self, name: str, text: str) -> None:
        path = self.bare / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def somebody_commits(self, *, onto: str | None = None) -> str:
        tree = git(self.bare, "rev-parse", "main^{tree}")
        parents = ["-p", onto] if onto else []
        commit = git(self.bare, *AUTHOR, "commit-tree", tree, *parents, "-m", "somebody else")
        git(self.bare, "update-ref", "refs/heads/main", commit)
        return commit


def _date():
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(repo: Repo, tmp_path: Path) -> Site:
    return Site(repo({"a.txt": "a\n"}), tmp_path)


def test_the_remote_has_exactly_the_commit_and_the_rest_is_the_users(site: Site):
    marker = site.root / ".git" / "hooks" / "pre-push"
    marker.parent.mkdir(exist_ok=True)
    marker.write_text("#!/bin/sh\nexit 1\n")
    marker.chmod(0o755)
    before = fingerprint(site.root)
    assert isinstance(site.land(), Landed)
    assert site.at_remote() == site.new
    after = fingerprint(site.root)
    for facts in (before, after):  # git itself notes what it has pushed
        facts["refs"].pop("refs/remotes/origin/main", None)
        facts["logs"].pop("refs/remotes/origin/main", None)
    assert_untouched(before, after)
    assert isinstance(site.land(), Landed)
    assert follow(site.user, "main", site.new, "r1") == ""
    assert git(site.root, "rev-parse", "main") == site.new
    assert (site.root / "new.txt").read_text() == "new\n"


def test_the_users_own_hook_runs_when_it_is_asked_for(site: Site):
    hook = site.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho my hook says no >&2\nexit 1\n")
    hook.chmod(0o755)
    site.remote = Remote(site.user, "origin", hooks=True)
    with pytest.raises(TroubleError, match="my hook says no"):
        site.land()
    assert site.at_remote() == site.old


def test_a_branch_that_moved_was_reset_or_deleted(site: Site):
    ahead = site.somebody_commits(onto=site.old)
    moved = site.land()
    assert isinstance(moved, BranchMoved)
    assert moved.found == ahead
    site.somebody_commits()
    assert isinstance(site.land(), BranchReset)
    git(site.bare, "update-ref", "-d", "refs/heads/main")
    assert isinstance(site.land(), BranchDeleted)


def test_a_commit_that_slips_in_during_the_push_is_not_overwritten(site: Site):
    ahead = git(site.bare, *AUTHOR, "commit-tree", "main^{tree}", "-p", "main", "-m", "slips in")
    site.hook("pre-receive", f"unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main {ahead}; exit 0")
    outcome = site.land()
    assert isinstance(outcome, BranchMoved)
    assert site.at_remote() == ahead == outcome.found


def test_a_hook_that_declines_is_quoted_without_harm(site: Site):
    site.hook("pre-receive", r"printf 'no pushing \033[31mon Fridays\n' >&2; exit 1")
    with pytest.raises(TroubleError, match="on Fridays") as declined:
        site.land()
    assert declined.value.kind == "declined"
    assert "\x1b" not in declined.value.message
    assert site.at_remote() == site.old


def test_an_answer_that_is_lost_after_the_ref_moved_is_a_landing(site: Site):
    site.hook("post-receive", "kill -9 $PPID; exit 1")
    assert isinstance(site.land(), Landed)
    assert site.at_remote() == site.new


def test_a_server_that_dies_before_can_be_asked_again(site: Site):
    site.hook("pre-receive", "kill -9 $PPID; exit 1")
    with pytest.raises(TroubleError) as died:
        site.land()
    assert died.value.kind == "network"
    assert site.at_remote() == site.old
    (site.bare / "hooks" / "pre-receive").unlink()
    assert isinstance(site.land(), Landed)


def test_a_server_that_hangs_is_left_after_a_while(site: Site):
    site.hook("pre-receive", "sleep 600")
    site.remote = Remote(site.user, "origin", patience=1.0)
    with pytest.raises(TroubleError, match="did not end within") as late:
        site.land()
    assert late.value.kind == "network"
    assert site.at_remote() == site.old


def test_a_commit_on_top_of_the_landed_one_is_no_defeat(site: Site):
    site.hook("post-receive", "true")
    assert isinstance(site.land(), Landed)
    site.somebody_commits(onto=site.new)
    assert isinstance(site.land(), Landed)


@pytest.mark.parametrize("url", ["/nowhere/at/all.git", "ext::sh -c true"])
def test_a_remote_that_cannot_be_used_says_so(site: Site, url: str):
    git(site.root, "remote", "set-url", "origin", url)
    with pytest.raises(TroubleError) as refused:
        site.land()
    assert refused.value.kind == "setup"


@pytest.mark.parametrize("name", ["upstream", "--upload-pack=x", "", "/tmp/x"])
def test_only_the_users_own_remotes_can_be_named(site: Site, name: str):
    with pytest.raises(UsageError, match="known: origin"):
        Remote.open(site.user, name)


def test_a_stale_local_branch_is_told_and_left(site: Site):
    assert isinstance(site.land(), Landed)
    (site.root / "a.txt").write_text("mine\n")
    assert "uncommitted" in follow(site.user, "main", site.new, "r1")
    git(site.root, *AUTHOR, "commit", "-qam", "mine")
    assert "commits of its own" in follow(site.user, "main", site.new, "r1")


@pytest.fixture
def answering() -> Iterator[type[BaseHTTPRequestHandler]]:
    """A web server that answers every request of git with its `status`."""

    class Handler(BaseHTTPRequestHandler):
        status = 200
        url = ""

        def do_GET(self) -> None:
            self.send_response(self.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Handler.url = f"http://127.0.0.1:{server.server_port}/shop.git"
    yield Handler
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "denied"), (403, "denied"), (404, "setup"), (429, "network"), (502, "network")]
)
def test_a_web_server_that_says_no_is_understood(
    site: Site, answering: type[BaseHTTPRequestHandler], status: int, kind: str
):
    answering.status = status  # type: ignore[attr-defined]
    git(site.root, "remote", "set-url", "origin", answering.url)  # type: ignore[attr-defined]
    with pytest.raises(TroubleError) as refused:
        site.land()
    assert refused.value.kind == kind


def test_a_server_that_is_not_there_can_be_asked_again(site: Site):
    git(site.root, "remote", "set-url", "origin", "http://127.0.0.1:9/shop.git")
    with pytest.raises(TroubleError) as refused:
        site.land()
    assert refused.value.kind == "network"


def test_a_remote_that_is_written_to_elsewhere_is_asked_there(site: Site, tmp_path: Path):
    git(tmp_path, "clone", "-q", "--bare", str(site.root), "other.git")
    git(site.root, "remote", "set-url", "--push", "origin", str(tmp_path / "other.git"))
    assert isinstance(site.land(), Landed)
    assert git(tmp_path / "other.git", "rev-parse", "main") == site.new
    assert site.at_remote() == site.old
