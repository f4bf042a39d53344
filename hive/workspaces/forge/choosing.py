"""Which forge a remote is at, and which token of the user's goes there: never guessed, never from the project."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from hive.config import ForgeKind, ForgeSettings
from hive.errors import UsageError
from hive.workspaces.forge.address import Address, address
from hive.workspaces.forge.forge import Forge
from hive.workspaces.forge.github import GitHub
from hive.workspaces.forge.gitlab import GitLab
from hive.workspaces.remote import Remote

_TOKENS: dict[ForgeKind, tuple[str, ...]] = {
    "github": ("GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("GITLAB_TOKEN",),
}


KNOWN = {
    "github.com": ForgeSettings(kind="github", api="https://api.github.com"),
    "gitlab.com": ForgeSettings(kind="gitlab", api="https://gitlab.com/api/v4"),
}


def choose(where: Address | None, own: Mapping[str, ForgeSettings], environ: Mapping[str, str]) -> Forge:
    """The forge of a repository. Raises UsageError when its host is unknown or there is no token."""
    if where is None or (settings := {**KNOWN, **own}.get(where.host)) is None:
        host = where.host if where else "the remote"
        known = ", ".join(sorted({**KNOWN, **own}))
        raise UsageError(
            f"hive does not know what kind of forge {host!r} is (known: {known})",
            next_step=f'add [forges."{host}"] with `kind` and `api` to your own settings: docs/configuration.md',
        )
    _refuse_open(settings.api)
    names = (settings.token,) if settings.token else _TOKENS[settings.kind]
    token = next((environ[name] for name in names if environ.get(name)), "")
    if not token:
        raise UsageError(
            f"no token for {where.host!r} in the environment",
            next_step=f"set {' or '.join(names)} to one that may open pull requests",
        )
    return (
        GitHub(settings.api, where, token)
        if settings.kind == "github"
        else GitLab(settings.api, where, token)
    )


def at(remote: Remote, own: Mapping[str, ForgeSettings], environ: Mapping[str, str]) -> Forge:
    """The forge that a remote is at, by its address as git would use it, or as the user wrote it."""
    found = next((where for url in (remote.url, remote.written) if (where := address(url))), None)
    return choose(found, own, environ)


def _refuse_open(api: str) -> None:
    parts = urlsplit(api)
    if parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    ):
        return
    raise UsageError(
        f"the forge's API {api!r} is not reached by https", next_step="a token goes there: use https"
    )
