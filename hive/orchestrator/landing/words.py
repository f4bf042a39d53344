"""What a pull request says of a changeset: facts that hive saw itself. Pure."""

from collections.abc import Iterator, Mapping

from hive.model import Evidence
from hive.state import RunState
from hive.text import one_line, plural

MOST = 50
TITLE = 200


def title(state: RunState) -> str:
    """The request, in one line."""
    return one_line(state.created.request, TITLE)


def body(state: RunState, repository: str, links: Mapping[str, str]) -> str:
    """Markdown: the contract change, the services with their evidence, the cost, and the other requests."""
    return "\n\n".join(section for section in _sections(state, repository, links) if section) + "\n"


def _sections(state: RunState, repository: str, links: Mapping[str, str]) -> Iterator[str]:
    yield f"One change over {plural(len(state.changed), 'service')}, run {_code(state.id)} of hive."
    others = [f"- {_code(name)}: {url}" for name, url in links.items() if name != repository]
    if others:
        head = "**Part of one change over several repositories: merge all of them, in this order**"
        mine = f"- {_code(repository)}: this one"
        listed = [mine if name == repository else f"- {_code(name)}: {url}" for name, url in links.items()]
        yield "\n".join([head, "", *listed])
    changes = state.plan.changes if state.plan else ()
    lines = [f"- {each.severity}: {_code(each.element)} {_plain(each.message)}" for each in changes[:MOST]]
    yield "\n".join(["### Contract", "", *lines]) if lines else ""
    rows = [
        f"| {_code(t.service)} | {_tests(state.union.get(f'{t.service}/tests'))} |" for t in state.changed
    ]
    yield "\n".join(
        ["### Services", "", "| service | tests on exactly this commit |", "|---|---|", *rows[:MOST]]
    )
    if state.merged:
        yield f"Tested as tree {_code(state.merged.tree)}. Spent: {state.cost_usd:.2f} USD."


def _tests(evidence: Evidence | None) -> str:
    if evidence is None:
        return "not affected"
    counted = (
        f" ({evidence.passed} passed, {evidence.failed or 0} failed)" if evidence.passed is not None else ""
    )
    return f"{evidence.outcome}{counted}"


def _code(text: str) -> str:
    return f"`{one_line(text, 200).replace('`', chr(39))}`"


def _plain(text: str) -> str:
    """Words of a contract, without what a forge would take for markup or for a mention."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#@!" else char for char in one_line(text, 300))
