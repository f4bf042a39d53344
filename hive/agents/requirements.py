"""What adapters need on this machine, found out without importing them."""

import os
from importlib.util import find_spec

from hive.config import load_user
from hive.errors import HiveError


def extra_missing(package: str, extra: str) -> str | None:
    """Why a library of an extra cannot be imported, and how to get it."""
    if find_spec(package) is None:
        return f"the package {package!r} is not installed; pip install 'hive-orchestrator[{extra}]'"
    return None


def key_missing() -> str | None:
    """Why there is no key of the Messages API."""
    try:
        known = load_user().key(os.environ)
    except HiveError as error:
        return error.message
    return None if known else "ANTHROPIC_API_KEY is not set, nor anthropic_key in your own hive settings"


def anthropic_missing() -> str | None:
    """What the in-process adapter lacks."""
    return extra_missing("anthropic", "anthropic") or key_missing()


def claude_missing() -> str | None:
    """What Claude Code lacks. A login of the user is not seen: each session has settings of its own."""
    missing = extra_missing("claude_agent_sdk", "claude")
    if missing or any(os.environ.get(name) for name in ("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN")):
        return missing
    without = key_missing()
    return (
        f"{without}; with a subscription, set CLAUDE_CODE_OAUTH_TOKEN (`claude setup-token`)"
        if without
        else None
    )


def codex_missing() -> str | None:
    """What Codex lacks: its program, in a version that is known to work, or a key. A login of the user is not used."""
    from hive.agents.codex.launching import program_missing

    if missing := program_missing():
        return missing
    try:
        known = load_user().openai(os.environ)
    except HiveError as error:
        return error.message
    return None if known else "OPENAI_API_KEY is not set, nor openai_key in your own hive settings"


def command_missing() -> str | None:
    """Whether the user has named a command."""
    return _unset("command")


def acp_missing() -> str | None:
    """Whether the library is there and the user has named a program."""
    return extra_missing("acp", "acp") or _unset("acp_command")


def _unset(setting: str) -> str | None:
    try:
        named = getattr(load_user(), setting)
    except HiveError as error:
        return error.message
    return None if named else f"no `{setting}` is set in your own hive settings"
