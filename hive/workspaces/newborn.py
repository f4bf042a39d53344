"""Making a folder a git repository: for the demo and for examples, never for a user's own folder."""

from pathlib import Path

from hive.errors import GitError
from hive.workspaces.git import Git, start

_IDENTITY = {
    "GIT_AUTHOR_NAME": "hive demo",
    "GIT_AUTHOR_EMAIL": "demo@hive.invalid",
    "GIT_COMMITTER_NAME": "hive demo",
    "GIT_COMMITTER_EMAIL": "demo@hive.invalid",
}


def start_repository(folder: Path, message: str) -> None:
    """Initialise a repository with a branch `main` and everything committed. GitError when there is one already."""
    if (folder / ".git").exists():
        raise GitError(f"{str(folder)!r} is a git repository already", next_step="choose a new folder")
    arguments = ["init", "--quiet", "--template=", "--initial-branch=main", "--", str(folder)]
    done = start(arguments, cwd=folder, owned=True, settings={}, env={}, stdin=None, timeout=60.0)
    if not done.ok:
        raise GitError(
            f"cannot make a git repository in {str(folder)!r}", next_step="see that it can be written"
        )
    commit_everything(folder, message)


def commit_everything(folder: Path, message: str) -> None:
    """Commit all files that are not ignored."""
    git = Git(folder / ".git", folder)
    git.run("add", "--all", "--", ".")
    git.run("commit", "--quiet", "--message", message, env=_IDENTITY)
