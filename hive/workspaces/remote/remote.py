"""A remote that the user's own repository names; reached with the user's own git settings and credentials."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hive import faults
from hive.errors import GitError, HiveError, UsageError
from hive.text import one_line
from hive.workspaces.git import Git
from hive.workspaces.landing import BranchDeleted, BranchMoved, BranchReset, Landed, bring
from hive.workspaces.names import ref_part
from hive.workspaces.remote.answers import TroubleError, classify, trouble, words
from hive.workspaces.repository import UserRepository
from hive.workspaces.store import ObjectStore

PASSED = (
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "GNUPGHOME",
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "GIT_SSL_CAINFO", "SSL_CERT_DIR", "GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN",
)  # fmt: skip
"""Variables of the user that reaching their own remote may need; no agent and no check ever gets them."""
PROTOCOLS = "file:git:http:https:ssh"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*\Z")


@dataclass(frozen=True)
class Remote:
    """One remote of one repository. Every method raises TroubleError when the other end does not answer well."""

    user: UserRepository
    name: str
    hooks: bool = False
    """Whether the user's own pre-push hook runs."""
    patience: float = 180.0
    """Seconds that one conversation may take."""

    @staticmethod
    def open(user: UserRepository, name: str, *, hooks: bool = False) -> "Remote":
        """The remote of that name. Raises UsageError when the user's repository does not define it."""
        known = user.git.text("remote").split("\n")
        if not _NAME.match(name) or name not in known:
            listed = ", ".join(filter(None, known)) or "none"
            raise UsageError(
                f"{str(user.root)!r} has no remote {name!r} (known: {listed})",
                next_step="`git remote add` it, or correct `remote` under [landing] in hive.toml",
            )
        return Remote(user, name, hooks)

    @property
    def url(self) -> str:
        """Where a push goes, after the user's own rewriting rules; may hold a password."""
        return self.user.git.text("remote", "get-url", "--push", "--", self.name).split("\n")[0]

    @property
    def written(self) -> str:
        """Its address as the user's configuration has it, before any rewriting."""
        found = self.user.git.run("config", "--get", f"remote.{self.name}.url", codes=(0, 1))
        return found.stdout.decode(errors="replace").strip()

    def head(self, branch: str) -> str | None:
        """The commit that a branch of the remote points at; none when it has no such branch."""
        wanted = f"refs/heads/{branch}"
        done = self._talk("ls-remote", "--refs", "--", self._read_from(), wanted)
        found = (line.split("\t") for line in done.decode(errors="replace").splitlines())
        return next((each[0] for each in found if each[1:] == [wanted]), None)

    def fetch(self, branch: str, run: str) -> str | None:
        """Bring a branch into the user's object store, under a ref of hive's; its commit."""
        kept = f"refs/hive/landing/{ref_part(run)}-{ref_part(self.name.replace('/', '-'))}"
        if self.head(branch) is None:
            return None
        self._talk(
            "fetch", "--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-maintenance",
            "--no-recurse-submodules", "--refmap=", "--end-of-options", self._read_from(),
            f"+refs/heads/{branch}:{kept}",
        )  # fmt: skip
        return self.user.ref(kept)

    def push(self, branch: str, old: str | None, new: str) -> None:
        """Ask for the branch to go from `old` (none: it must not exist) to `new`; what came of it is asked after."""
        done = self._git().run(
            "push", "--porcelain", "--atomic", "--no-follow-tags", "--recurse-submodules=no", "--no-signed",
            f"--force-with-lease=refs/heads/{branch}:{old or ''}", "--end-of-options", self.name,
            f"{new}:refs/heads/{branch}",
            codes=range(-64, 256), env=_environment(), timeout=self.patience, settings=self._hooks(),
        )  # fmt: skip
        if not done.ok:
            kind, said = classify(done.stdout, done.stderr)
            raise TroubleError(kind, self._who(), said)

    def _read_from(self) -> str:
        """Where the remote's own branches are read: its name, unless it is written to at another address."""
        read = self.user.git.text("remote", "get-url", "--", self.name).split("\n")[0]
        return self.name if read == self.url else self.url

    def _talk(self, *arguments: str) -> bytes:
        try:
            done = self._git().run(
                *arguments, codes=range(-64, 256), env=_environment(), timeout=self.patience
            )
        except GitError:
            raise
        except HiveError as late:
            raise TroubleError("network", self._who(), late.message) from late
        if not done.ok:
            raise TroubleError(trouble(done.stderr), self._who(), words(done.stderr))
        return done.stdout

    def _git(self) -> Git:
        return replace(self.user.git, patience=2.0)

    def _hooks(self) -> Mapping[str, str]:
        """The user's own hooks where they asked for that; otherwise git's door switches them off."""
        if not self.hooks:
            return {}
        said = self.user.git.fields("config", "-z", "--show-scope", "--get-all", "core.hooksPath")
        pairs = zip(said[::2], said[1::2], strict=False)
        own = [value for scope, value in pairs if scope != "command"]
        return {"core.hooksPath": own[-1] if own else str(self.user.common_dir / "hooks")}

    def _who(self) -> str:
        return f"remote {one_line(self.name)!r}"


def _environment() -> dict[str, str]:
    own = {name: os.environ[name] for name in PASSED if name in os.environ}
    return {**own, "GIT_ALLOW_PROTOCOL": PROTOCOLS}


RemoteOutcome = Landed | BranchMoved | BranchReset | BranchDeleted


def land_at(
    remote: Remote, store: ObjectStore, branch: str, old: str, new: str, *, run: str
) -> RemoteOutcome:
    """Move the remote's branch from `old` to `new`; calling it again after any crash is right.

    The remote is asked what it has before and after: an answer that was lost is no answer. TroubleError when it is
    still at `old`, or cannot be asked.
    """
    found = remote.head(branch)
    if found == old:
        bring(remote.user, store, new, run)
        said: TroubleError | None = None
        try:
            remote.push(branch, old, new)
        except TroubleError as error:
            said = error
        except HiveError as late:  # it did not end in time: whether it arrived is for the remote to say
            said = TroubleError("network", f"remote {remote.name!r}", late.message)
        faults.point("landing.pushed")
        found = remote.head(branch)
        if found == old:
            raise said or TroubleError("declined", f"remote {remote.name!r}", "it said yes and did not move")
    return _told(remote, store, branch, old, new, found, run)


def _told(
    remote: Remote, store: ObjectStore, branch: str, old: str, new: str, found: str | None, run: str
) -> RemoteOutcome:
    if found == new:
        return Landed(f"refs/heads/{branch}", old, new)
    if found is None:
        return BranchDeleted(branch, old)
    found = remote.fetch(branch, run) or found
    if store.contains(new, found):  # it arrived, and somebody went on from it
        return Landed(f"refs/heads/{branch}", old, new)
    return BranchMoved(branch, old, found) if store.contains(old, found) else BranchReset(branch, old, found)
