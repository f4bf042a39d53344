"""Every agent adapter by name; importing this imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from hive.agents.catalog import CatalogEntry, catalog
from hive.agents.means import Means
from hive.agents.requirements import (
    acp_missing,
    anthropic_missing,
    claude_missing,
    codex_missing,
    command_missing,
    extra_missing,
)
from hive.agents.scripted.place import SCRIPT_VARIABLE, missing_script
from hive.errors import UsageError
from hive.ports import Agent


@dataclass(frozen=True)
class AgentEntry:
    """One adapter, as `hive agents` lists it."""

    name: str
    description: str
    make: Callable[[Means], Agent]
    """Imports and builds the adapter; cheap listing never calls it."""
    available: Callable[[], str | None]
    """Why it cannot be used here and how to get it; none when it can."""


def _always() -> str | None:
    return None


def _propagate(means: Means) -> Agent:
    from hive.agents.propagate.agent import Propagate

    return Propagate()


def _scripted(means: Means) -> Agent:
    from hive.agents.scripted.agent import Scripted

    return Scripted.from_environment()


def _anthropic(means: Means) -> Agent:
    from hive.agents.anthropic.agent import Anthropic

    return Anthropic.with_means(means)


def _claude(means: Means) -> Agent:
    from hive.agents.claude.agent import Claude

    return Claude(means)


def _codex(means: Means) -> Agent:
    from hive.agents.codex.agent import Codex

    return Codex(means)


def _command(means: Means) -> Agent:
    from hive.agents.command.agent import Command

    return Command.with_means(means)


def _acp(means: Means) -> Agent:
    from hive.agents.acp.agent import Acp

    return Acp.own(means)


def _of_catalog(entry: CatalogEntry) -> AgentEntry:
    def make(means: Means) -> Agent:
        from hive.agents.acp.agent import Acp

        return Acp.named(entry.name, means)

    def available() -> str | None:
        return extra_missing("acp", "acp") or entry.missing()

    return AgentEntry(name=entry.name, description=entry.description, make=make, available=available)


AGENTS: dict[str, AgentEntry] = {
    entry.name: entry
    for entry in (
        AgentEntry(
            name="propagate",
            description="built in: follows an existing field through the code; no model, no key",
            make=_propagate,
            available=_always,
        ),
        AgentEntry(
            name="claude",
            description="Claude Code, as it ships in its agent SDK",
            make=_claude,
            available=claude_missing,
        ),
        AgentEntry(
            name="codex",
            description="OpenAI's Codex, through the app server of its own program",
            make=_codex,
            available=codex_missing,
        ),
        AgentEntry(
            name="anthropic",
            description="a loop in this process on the Messages API; light enough for many sessions",
            make=_anthropic,
            available=anthropic_missing,
        ),
        AgentEntry(
            name="command",
            description="the command line that your own settings name",
            make=_command,
            available=command_missing,
        ),
        *map(_of_catalog, catalog().values()),
        AgentEntry(
            name="acp",
            description="any program that speaks the Agent Client Protocol, named in your own settings",
            make=_acp,
            available=acp_missing,
        ),
        AgentEntry(
            name="scripted",
            description=f"plays the script that {SCRIPT_VARIABLE} names; for tests and demonstrations",
            make=_scripted,
            available=missing_script,
        ),
    )
}


def get(name: str) -> AgentEntry:
    """The adapter of that name. Raises UsageError with the known names, the nearest first."""
    entry = AGENTS.get(name)
    if entry is None:
        known = ", ".join(_nearest_first(name, list(AGENTS)))
        raise UsageError(f"there is no agent {name!r}", next_step=f"choose one of: {known}")
    return entry


def _nearest_first(name: str, known: list[str]) -> list[str]:
    near = get_close_matches(name, known, n=len(known), cutoff=0.4)
    return near + sorted(set(known) - set(near))
