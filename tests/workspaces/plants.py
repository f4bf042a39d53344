"""What a hostile agent leaves for somebody else's git to trip over; each runs a program that leaves a mark."""

from collections.abc import Callable
from pathlib import Path

from hive.workspaces.worktree import Workspace
from tests.workspaces.conftest import plain_git, write

HOOKS = (
    "post-checkout", "post-index-change", "pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "post-merge",
    "reference-transaction", "pre-push", "post-rewrite", "pre-auto-gc", "update", "pre-receive", "post-receive",
)  # fmt: skip


class Mark:
    """A program that leaves a mark, and whether it ran."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "mark"
        self.program = folder / "evil"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.file}"\ncat\n')
        self.program.chmod(0o755)

    def ran(self) -> str:
        """What ran it; empty when nothing did."""
        return self.file.read_text() if self.file.exists() else ""


def settings(mark: Mark) -> dict[str, str]:
    """Configuration keys that make git run a program."""
    program = str(mark.program)
    return {
        "core.fsmonitor": program,
        "core.sshCommand": program,
        "core.pager": program,
        "core.editor": program,
        "core.askPass": program,
        "core.alternateRefsCommand": program,
        "credential.helper": program,
        "diff.external": program,
        "diff.evil.textconv": program,
        "diff.evil.command": program,
        "filter.evil.clean": program,
        "filter.evil.smudge": program,
        "filter.evil.process": program,
        "filter.evil.required": "true",
        "merge.evil.driver": f"{program} %A",
        "gpg.program": program,
        "commit.gpgSign": "true",
        "uploadpack.packObjectsHook": program,
        "remote.origin.uploadpack": program,
        "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "sequence.editor": program,
        "interactive.diffFilter": program,
    }


def configure(git_dir: Path, mark: Mark) -> None:
    """Every hostile key and every hook, written as files: an agent needs no git for it."""
    lines = [f'[include]\n\tpath = "{git_dir}/evil.config"\n[extensions]\n\tpartialClone = origin\n']
    with (git_dir / "config").open("a") as config:
        config.write("".join(lines))
    for key, value in settings(mark).items():
        plain_git(git_dir, "config", "-f", str(git_dir / "evil.config"), key, value)
    write(git_dir, {"info/attributes": "* filter=evil diff=evil merge=evil\n"})
    for hook in HOOKS:
        write(git_dir, {f"hooks/{hook}": mark.program.read_bytes()})
        (git_dir / "hooks" / hook).chmod(0o755)


def attributes(place: Workspace, mark: Mark) -> None:
    """Attributes in the tree that name the drivers."""
    write(place.tree, {".gitattributes": "* filter=evil diff=evil merge=evil\n"})


def own_repository(place: Workspace, mark: Mark) -> None:
    """The private repository's own configuration, hooks and attributes."""
    configure(place.private, mark)
    attributes(place, mark)


def pointer(place: Workspace, mark: Mark) -> None:
    """The worktree's `.git` file points to a git directory inside the tree."""
    inside = place.tree / "inside"
    plain_git(place.tree, "init", "-q", "--bare", str(inside))
    configure(inside, mark)
    (place.tree / ".git").write_text(f"gitdir: {inside}\n")


def git_folder(place: Workspace, mark: Mark) -> None:
    """The `.git` file becomes a folder."""
    (place.tree / ".git").unlink()
    plain_git(place.tree, "init", "-q")
    configure(place.tree / ".git", mark)


def nested(place: Workspace, mark: Mark) -> None:
    """A nested repository, one committed as a gitlink, with its own configuration."""
    inner = place.tree / "services" / "users" / "inner"
    inner.mkdir()
    plain_git(inner, "init", "-q")
    write(inner, {"x": "1"})
    plain_git(inner, "add", "-A")
    plain_git(inner, "commit", "-q", "-m", "x")
    plain_git(place.tree, "add", "-A")
    plain_git(place.tree, "commit", "-q", "-m", "gitlink")
    configure(inner / ".git", mark)
    write(
        place.tree,
        {".gitmodules": '[submodule "inner"]\n\tpath = services/users/inner\n\turl = ./x\n\tignore = none\n'},
    )


def commondir(place: Workspace, mark: Mark) -> None:
    """The linked git directory names a hostile one as its common directory."""
    other = place.path.parent / "other.git"
    plain_git(place.tree, "init", "-q", "--bare", str(other))
    configure(other, mark)
    (place.private / "worktrees" / "tree" / "commondir").write_text(f"{other}\n")


def alternates(place: Workspace, mark: Mark) -> None:
    """Objects borrowed from a repository whose configuration runs programs."""
    other = place.path.parent / "lender.git"
    plain_git(place.tree, "init", "-q", "--bare", str(other))
    configure(other, mark)
    with (place.private / "objects" / "info" / "alternates").open("a") as lines:
        lines.write(f"{other}/objects\n")


PLANTS: dict[str, Callable[[Workspace, Mark], None]] = {
    each.__name__: each
    for each in (own_repository, attributes, pointer, git_folder, nested, commondir, alternates)
}
