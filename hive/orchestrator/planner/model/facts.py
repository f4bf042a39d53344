"""What the model is told of a project: as much as fits, and what was left out. Pure but for reading the tree."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from hive.agents.propagate.mentions import squashed
from hive.agents.propagate.naming import words
from hive.model import Contract, Graph, Service, Value
from hive.orchestrator.planner.catalogue import Catalogue, Sheet
from hive.orchestrator.planner.naming import singular
from hive.orchestrator.planner.sources import sources
from hive.ports import Tree
from hive.prompts import page, render
from hive.prompts.block import BLOCK_CHARS
from hive.text import one_line, plural

LONGEST_REQUEST = 4_000
TEXTS = 100_000
"""Characters of contracts that are shown whole; the others are outlined."""
OUTLINES = 30_000
GUIDES = 40_000
SERVICES = 20_000
FILES = 20_000
T = TypeVar("T")


class Named(Value):
    """A text and what it is."""

    label: str
    text: str


class Facts(NamedTuple):
    """The project, as the model is told of it."""

    services: str
    calls: str
    texts: tuple[Named, ...]
    outlines: str
    guides: tuple[Named, ...]
    files: str
    left_out: tuple[str, ...]


def facts(request: str, tree: Tree, graph: Graph, catalogue: Catalogue) -> Facts:
    """The services, who calls whom, the contracts nearest to the request first, and what CLAUDE.md files say."""
    out: list[str] = []
    sheets = _nearest_first(request, catalogue)
    whole = list(_fitting(sheets, TEXTS, lambda sheet: len(sheet.raw), BLOCK_CHARS))
    rest = [_outline(sheet) for sheet in sheets if sheet not in whole]
    outlines = _lines(rest, OUTLINES, "outline of a contract", out)
    if rest:
        out.append(f"{plural(len(rest), 'contract')} shown as outlines instead of whole")
    out += catalogue.unread
    edges = [(e, "calls") for e in graph.edges] + [(e, "publishes events to") for e in graph.event_edges]
    seen = [f"{e.source} {what} {e.target}{_over(e.contract)}" for e, what in edges]
    pages = _guides(tree, graph)
    guides = list(_fitting(pages, GUIDES, lambda named: len(named.text), GUIDES))
    if len(guides) < len(pages):
        out.append(plural(len(pages) - len(guides), "CLAUDE.md file"))
    return Facts(
        services=_lines([_service(s) for s in graph.services], SERVICES, "service", out),
        calls=_lines(seen, SERVICES, "dependency", out, "dependencies"),
        texts=tuple(Named(label=_label(s.contract), text=s.raw.decode("utf-8", "replace")) for s in whole),
        outlines=outlines,
        guides=tuple(guides),
        files=_lines([source.path for source in sources(tree, graph)], FILES, "file name", out),
        left_out=tuple(one_line(each, 300) for each in out),
    )


def prompt(request: str, told: Facts, to: str | None) -> str:
    """The question to the model: everything of the project is marked as data."""
    about = f" (it is about {one_line(to)})" if to else ""
    return render(
        "planning-project", None, request=one_line(request, LONGEST_REQUEST) + about, **told._asdict()
    )


def _nearest_first(request: str, catalogue: Catalogue) -> list[Sheet]:
    wanted = {singular(word).encode() for word in words(one_line(request, LONGEST_REQUEST)) if len(word) > 3}

    def near(sheet: Sheet) -> int:
        flat = squashed(sheet.raw)
        return -sum(word in flat for word in wanted)

    return sorted(catalogue.sheets, key=near)


def _fitting(items: Sequence[T], budget: int, size: Callable[[T], int], most: int) -> Iterator[T]:
    """Those that fit, in order; one that is too large does not keep the ones behind it out."""
    for item in items:
        if size(item) <= min(budget, most):
            budget -= size(item)
            yield item


def _service(service: Service) -> str:
    tests = "with tests" if service.test else "without tests"
    return f"{service.name}: {service.language}, in the folder {service.path}, {tests}"


def _over(contract: str | None) -> str:
    return f" over {contract}" if contract else ""


def _label(contract: Contract) -> str:
    owner = f", provided by {contract.owner}" if contract.owner else ""
    copies = f", {plural(len(contract.copies), 'copy', 'copies')}" if contract.copies else ""
    return f"contract {contract.path} ({contract.kind}{owner}{copies})"


def _outline(sheet: Sheet) -> str:
    entities = "; ".join(
        f"{e.name}({', '.join(f'{f.name}: {f.type}' for f in e.fields[:60])})" for e in sheet.entities[:60]
    )
    operations = ", ".join(operation.name for operation in sheet.operations[:100])
    return one_line(f"{_label(sheet.contract)}: entities {entities}; operations {operations}", 8000)


def _guides(tree: Tree, graph: Graph) -> list[Named]:
    folders = dict.fromkeys((".", *(service.path for service in graph.services)))
    pages = ((folder, page(tree, folder)) for folder in folders)
    return [Named(label=f"CLAUDE.md of {folder}", text=text) for folder, text in pages if text]


def _lines(items: Iterable[str], budget: int, noun: str, out: list[str], nouns: str | None = None) -> str:
    """One line each, as many as fit; what does not is counted in `out`."""
    lines = [one_line(item, 8000) for item in items]
    kept = list(_fitting(lines, budget, lambda line: len(line) + 1, budget))
    if len(kept) < len(lines):
        out.append(plural(len(lines) - len(kept), noun, nouns))
    return "\n".join(kept)
