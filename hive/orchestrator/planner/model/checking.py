"""What is wrong with the services that the model names: findings in words, for it to correct. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from hive.model import Graph
from hive.orchestrator.planner.model.answer import Answer, Part
from hive.orchestrator.planner.sources import home
from hive.text import one_line, sanitize

LONGEST_BRIEF = 8_000
"""Characters."""
LONGEST_REASON = 500
LONGEST_SUMMARY = 500
MOST_FILES = 50
LONGEST_PATH = 300


def findings(answer: Answer, graph: Graph) -> Iterator[str]:
    """Everything that is wrong with the parts of an answer."""
    if len(answer.summary) > LONGEST_SUMMARY:
        yield f"the summary has {len(answer.summary)} characters; at most {LONGEST_SUMMARY}"
    known = {service.name for service in graph.services}
    seen: set[str] = set()
    homes = {service.path.strip("/") or ".": service.name for service in graph.services}
    contracts = {path for contract in graph.contracts for path in (contract.path, *contract.copies)}
    for part in answer.parts:
        name = f"{one_line(part.service, 80)!r}"
        if part.service not in known:
            yield f"there is no service {name}; the services are: {_listed(sorted(known))}"
        elif part.service in seen:
            yield f"the service {name} has two parts that overlap; make one of them"
        else:
            yield from _of(part, homes, contracts)
        seen.add(part.service)


def _of(part: Part, homes: Mapping[str, str], contracts: set[str]) -> Iterator[str]:
    if len(part.brief) > LONGEST_BRIEF:
        yield f"the brief of {part.service} has {len(part.brief)} characters; at most {LONGEST_BRIEF}"
    if not sanitize(part.brief).strip():
        yield f"the brief of {part.service} is empty"
    if len(part.reason) > LONGEST_REASON or not one_line(part.reason):
        yield f"the reason of {part.service} must have 1 to {LONGEST_REASON} characters, not {len(part.reason)}"
    if len(part.files) > MOST_FILES:
        yield f"{part.service} names {len(part.files)} files; at most {MOST_FILES}"
        return
    for path in part.files:
        if problem := _path(path, part.service, homes, contracts):
            yield f"{part.service} names the file {one_line(path, 120)!r}: {problem}"


def _path(path: str, service: str, homes: Mapping[str, str], contracts: set[str]) -> str:
    """Why a service's agent cannot be told to work in a file; empty when it can."""
    pieces = path.split("/")
    if len(path) > LONGEST_PATH or one_line(path, LONGEST_PATH) != path or "\\" in path:
        return "it is not a plain path"
    if not path or {"", ".", "..", ".git"} & set(pieces):
        return "it must be relative to the root of the repository, without `..`"
    if path in contracts:
        return "it is a contract, which changes by edits only"
    owner = home(pieces[:-1], homes)
    if owner != service:
        return (
            f"it belongs to {owner}, whose part it would overlap" if owner else "it is outside every service"
        )
    return ""


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return ", ".join(one_line(name, 80) for name in names[:40]) + more
