"""Where a confined command may connect to: exact hosts and ports, and registries of packages by name. Pure."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from hive.errors import UsageError
from hive.model import REGISTRIES

_PORTS = {"https": 443, "http": 80}
_LONGEST_HOST = 253
MODEL_HOSTS = {
    "ANTHROPIC_API_KEY": "api.anthropic.com:443",
    "ANTHROPIC_AUTH_TOKEN": "api.anthropic.com:443",
    "CLAUDE_CODE_OAUTH_TOKEN": "api.anthropic.com:443",
    "OPENAI_API_KEY": "api.openai.com:443",
    "GEMINI_API_KEY": "generativelanguage.googleapis.com:443",
    "GOOGLE_API_KEY": "generativelanguage.googleapis.com:443",
    "OPENROUTER_API_KEY": "openrouter.ai:443",
    "MISTRAL_API_KEY": "api.mistral.ai:443",
    "GROQ_API_KEY": "api.groq.com:443",
    "DEEPSEEK_API_KEY": "api.deepseek.com:443",
    "XAI_API_KEY": "api.x.ai:443",
}
"""Where the key in a variable is of use: whoever hands on the key means this host."""


class Endpoint(NamedTuple):
    """A host, by the exact name that a command asks for, and a port."""

    host: str
    port: int
    private: bool = False
    """Whether it may be an address of this machine or of a private network: only a person's own settings say so."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def endpoint(text: str, *, private: bool = False) -> Endpoint:
    """`host:port`, or a URL. Raises UsageError with the reason."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        host, port = None, None
    if not host or not port or len(host) > _LONGEST_HOST or "*" in host:
        raise UsageError(
            f"{text!r} is not an exact host and port",
            next_step="write it as host:port, such as example.com:443",
        )
    return Endpoint(host.rstrip("."), port, private)


def chosen(names: Iterable[str]) -> tuple[Endpoint, ...]:
    """What a person's own setting `network` names: registries, or `host:port`. Raises UsageError."""
    names = tuple(names)
    hosts = tuple(endpoint(name, private=True) for name in names if name not in REGISTRIES)
    return (*registries(name for name in names if name in REGISTRIES), *hosts)


def registries(names: Iterable[str]) -> tuple[Endpoint, ...]:
    """The hosts of registries; a name that is none is left out."""
    hosts = (host for name in names for host in REGISTRIES.get(name, ()))
    return tuple(endpoint(f"{host}:443") for host in dict.fromkeys(hosts))


def of_variables(variables: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """Where variables that a person hands on lead: endpoints by their URLs, keys by whose they are."""
    found = [
        endpoint(MODEL_HOSTS[name]) for name, value in variables.items() if value and name in MODEL_HOSTS
    ]
    for name, value in variables.items():
        if name.endswith(("_URL", "_ENDPOINT", "_HOST")) and value.startswith(("http://", "https://")):
            found.append(endpoint(value, private=True))
    return tuple(dict.fromkeys(found))


def reachable(address: str, *, private: bool) -> bool:
    """Whether an address that a name resolved to may be connected to."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    if found.is_multicast or found.is_unspecified:
        return False
    return private or found.is_global
