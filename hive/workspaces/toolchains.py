"""What of a person's home a confined command needs: tool chains, and never a secret."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hive

_TOOLS = (
    ".pyenv", ".rbenv", ".nvm", ".volta", ".asdf", ".sdkman", ".bun", ".deno", ".rye", ".cargo", ".rustup",
    ".dotnet", ".ghcup", "go", "sdk", "miniconda3", "anaconda3", "miniforge3", ".local/bin", ".local/lib",
    ".local/pipx", ".local/share/uv", ".local/share/pipx", ".local/share/mise", ".local/share/fnm",
    ".local/share/pnpm", ".local/share/rtx", ".m2/repository",
)  # fmt: skip
_PRIVATE = frozenset(
    {".ssh", ".aws", ".gnupg", ".config", ".kube", ".docker", ".azure", ".password-store", ".mozilla"}
)
_SECRETS = (".cargo/credentials", ".cargo/credentials.toml", ".bun/install/credentials", "go/.netrc")
_MASKED = ("/home", "/root", "/tmp", "/var/tmp", "/run", "/dev/shm", "/mnt", "/media", "/Users")  # noqa: S108


def home() -> Path:
    """The person's home folder, also when HOME is unset or not a folder of its own."""
    return Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 - Path.home() raises where nobody has one


def masked_roots() -> tuple[Path, ...]:
    """Folders that a confined command sees empty: homes, temporary files, sockets of services."""
    roots = {Path(name) for name in _MASKED}
    if home() != Path("/"):
        roots.add(home())
    return tuple(sorted(roots))


def needed() -> tuple[Path, ...]:
    """What below those is shown again, read-only: this Python, hive itself, tool chains, folders of the PATH."""
    places = [Path(sys.prefix), Path(sys.base_prefix), Path(hive.__file__).parent]
    places += [home() / tool for tool in _TOOLS]
    places += _search_path()
    hidden = masked_roots()
    found = {place.resolve() for place in places if place.is_dir()}
    return tuple(sorted(p for p in found if any(p != root and p.is_relative_to(root) for root in hidden)))


def never_shown() -> tuple[Path, ...]:
    """Files of credentials inside what is shown."""
    return tuple(home() / secret for secret in _SECRETS)


def _search_path() -> Iterator[Path]:
    """Folders of the PATH below the home that hold programs and nothing else."""
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        folder = Path(entry)
        programs = folder.name in ("bin", "sbin", "shims", ".bin") and not _PRIVATE & set(folder.parts)
        if folder.is_absolute() and programs:
            yield folder
