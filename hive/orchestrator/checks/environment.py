"""The environment of a check: its own home, caches and port, and the user's tool chains."""

import socket
from collections.abc import Mapping
from pathlib import Path

# Version managers look below HOME, which is private: without these, their shims find no tool at all.
_TOOLCHAINS = {
    "PYENV_ROOT": ".pyenv",
    "RUSTUP_HOME": ".rustup",
    "VOLTA_HOME": ".volta",
    "ASDF_DATA_DIR": ".asdf",
    "MISE_DATA_DIR": ".local/share/mise",
    "RBENV_ROOT": ".rbenv",
    "NODENV_ROOT": ".nodenv",
    "GOENV_ROOT": ".goenv",
    "JAVA_HOME": "",
    "DOTNET_ROOT": ".dotnet",
    "CARGO_HOME": ".cargo",
}
_GO_DOWNLOADS = Path("go/pkg/mod/cache/download")


def private(scratch: Path, temporary: Path) -> dict[str, str]:
    """Folders that no other check shares, and settings that keep tools from the network and from prompts."""
    home, cache = scratch / "home", scratch / "cache"
    for folder in (home, cache):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_CACHE_HOME": str(cache),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "npm_config_cache": str(cache / "npm"),
        "npm_config_update_notifier": "false",
        "GOCACHE": str(cache / "go-build"),
        "GOPATH": str(cache / "go"),
        "GOFLAGS": "-modcacherw",
        "GRADLE_USER_HOME": str(cache / "gradle"),
        "PIP_CACHE_DIR": str(cache / "pip"),
        # No PYTHONSAFEPATH: `python -m pytest` and scripts that tests start rely on the folder in sys.path.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
        "CI": "1",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


def toolchains(inherited: Mapping[str, str]) -> dict[str, str]:
    """Where the user's tools are installed; what they downloaded is offered, what they built is not."""
    home = Path(inherited.get("HOME", "/nonexistent"))
    found = {name: inherited[name] for name in _TOOLCHAINS if name in inherited}
    for name, folder in _TOOLCHAINS.items():
        if name not in found and folder and (home / folder).is_dir():
            found[name] = str(home / folder)
    downloads = Path(inherited.get("GOMODCACHE", home / _GO_DOWNLOADS.parents[1])) / "cache/download"
    if downloads.is_dir():
        found |= {"GOPROXY": f"{downloads.as_uri()},off", "GOSUMDB": "off"}
    return found


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
