"""The project itself: init, discover, trust, contracts, doctor, gc, demo."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hive.cli.options import AsJson, interactive
from hive.errors import Exit, NeedsPerson, UsageError

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.cli.origins import Found
    from hive.model import Graph

contracts_app = typer.Typer(
    help="Contracts: compare them with an earlier version, draft a first one from code.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from hive.cli.upkeep import doctor, gc

    for command in (init, discover, trust, doctor, gc):
        app.command()(command)
    contracts_app.command("check")(contracts_check)
    contracts_app.command("draft")(contracts_draft)
    app.add_typer(contracts_app, name="contracts")


def discover(
    path: Annotated[Path | None, typer.Argument(help="Folder; the current one when not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find services, contracts and who needs whom; reads files, runs nothing, writes nothing."""
    from hive.discovery import discover as find
    from hive.workspaces.tree import FolderTree

    folder = (path or Path.cwd()).absolute()
    if not folder.is_dir():
        raise UsageError(f"{str(folder)!r} is not a folder", next_step="name a folder that exists")
    graph = find(FolderTree(folder))
    if as_json:
        print(json.dumps(graph_json(graph)))
        return
    from hive.cli.screens import console
    from hive.dashboard.show import graph_view

    console().print(graph_view(graph))


def graph_json(graph: "Graph") -> dict[str, object]:
    """A graph in the shape that `hive discover --json` promises."""
    return {
        "services": [s.model_dump(include={"name", "path", "language", "test"}) for s in graph.services],
        "contracts": [contract.path for contract in graph.contracts],
        "contract_details": {c.path: c.model_dump(include={"kind", "owner"}) for c in graph.contracts},
        "edges": [[edge.source, edge.target] for edge in graph.edges],
        "event_edges": [[edge.source, edge.target] for edge in graph.event_edges],
    }


def init(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write and trust without asking.")] = False,
    repository: Annotated[
        list[Path] | None,
        typer.Option(help="A repository of a project of several, described here; once for each."),
    ] = None,
) -> None:
    """Discover this project and write a hive.toml for a person to read, edit and keep."""
    from hive.cli.compose import discover_commit, open_project, person
    from hive.cli.origins import claims
    from hive.cli.screens import console
    from hive.config import FILE
    from hive.config.manifest import render_project
    from hive.dashboard.show import graph_view
    from hive.store.trust import TrustBook, commands

    with open_project(found=_several(repository), agreed=False) as project:
        path = project.user.root / FILE
        if path.exists():
            raise UsageError(
                f"{FILE} is there already", next_step="edit it, or delete it and run `hive init` again"
            )
        graph = discover_commit(project, project.user.head())
        if not graph.services:
            raise UsageError(
                f"no services found in {str(project.user.root)!r}",
                next_step=f"write {FILE} by hand: docs/configuration.md shows how",
            )
        console().print(graph_view(graph))
        if not yes and not _agreed(f"Write {FILE}, and allow hive to run these test commands?"):
            raise typer.Exit(Exit.FAILED)
        named, target = _named(project), project.user.current_branch()
        path.write_text(render_project(_safe(project.name), graph, None if named else target, named))
        book = TrustBook(project.database)
        book.trust(graph, person())
        book.trust_repositories(claims(project.user), person())
        print(f"wrote {FILE}; trusted {len(commands(graph))} commands")
        then = 'try: hive plan "add loyalty_points field"'
        if not graph.contracts:
            then = "draft a contract from the code, as none was found: hive contracts draft ENTITY"
        print(f"next: read {FILE}, {'' if named else 'commit it, '}then {then}")


def _several(folders: list[Path] | None) -> "Found | None":
    """A project of these repositories, its home the current folder; None when there are none."""
    from hive.cli.origins import several
    from hive.config import load_user
    from hive.config.project import RepositoryTable

    if not folders:
        return None
    tables: dict[str, RepositoryTable] = {}
    for folder in folders:
        name = _safe(folder.absolute().resolve().name)
        if name in tables:
            raise UsageError(
                f"two repositories are named {name!r}", next_step="rename the folder of one of them"
            )
        tables[name] = RepositoryTable(path=str(folder))
    return several(Path.cwd().resolve(), tables, None, load_user())


def _named(project: "Project") -> dict[str, tuple[str, str]]:
    """Path, relative to the project's home, and branch of each of several repositories."""
    root = project.user.root
    return {
        name: (os.path.relpath(user.root, root), project.user.branch_in(name, ""))
        for name, user in project.user.repositories.items()
        if name
    }


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in name).strip("._-")[:64] or "project"


def _agreed(question: str) -> bool:
    if not interactive():
        raise NeedsPerson("this needs a yes or a no, and there is no terminal", next_step="add --yes")
    return typer.confirm(question, default=True)


def trust(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Trust without asking.")] = False,
) -> None:
    """Allow hive to run this project's own commands; asked again when they change."""
    from hive.cli.compose import graph_of, open_project, person
    from hive.cli.origins import claims
    from hive.store.trust import TrustBook, commands
    from hive.text import one_line

    with open_project(agreed=False) as project:
        graph = graph_of(project, project.user.head())
        book, named = TrustBook(project.database), claims(project.user)
        if book.trusts(graph) and (not named or book.trusts_repositories(named)):
            print("these commands are trusted already")
            return
        for name, folder in named:
            print(f"  repository {one_line(name):<13} {one_line(folder)}")
        for service, command in commands(graph):
            print(f"  {one_line(service):<24} {one_line(command)}")
        if graph.network:
            print(f"  the network, as far as: {', '.join(graph.network)}")
        if not yes and not _agreed("Allow hive to run these commands?"):
            raise typer.Exit(Exit.FAILED)
        book.trust(graph, person())
        book.trust_repositories(named, person())
        print("trusted")


def contracts_check(
    base: Annotated[str, typer.Option(help="Commit or branch to compare with.")] = "HEAD",
    as_json: AsJson = False,
    sarif: Annotated[bool, typer.Option(help="SARIF, for code scanning.")] = False,
) -> None:
    """Find breaking contract changes in the working tree against a commit; exit code 1 when there are any."""
    from hive.cli.checking import changes_since, print_changes

    changes = changes_since(base)
    print_changes(changes, as_json=as_json, as_sarif=sarif)
    if any(change.severity in ("breaking", "unknown") for change in changes):
        raise typer.Exit(Exit.FAILED)


def contracts_draft(
    entity: Annotated[
        str, typer.Argument(help="The class, record, struct or interface, as the code names it.")
    ],
    service: Annotated[
        str | None, typer.Option(metavar="SERVICE", help="As this service defines it.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put it into contracts/.")] = False,
) -> None:
    """Draft a JSON Schema of an entity from the code that defines it, for a project without contracts."""
    from hive.cli import drafting
    from hive.config import FILE
    from hive.text import one_line

    drafted = drafting.draft(entity, service)
    for each in drafted.found:
        print(
            f"{one_line(each.service):<24} {one_line(str(each))}  {len(each.fields)} fields", file=sys.stderr
        )
    if not write:
        print(drafted.text, end="")
        return
    drafting.write(drafted)
    print(f"wrote {drafted.contract.path}; correct it: it is what the services agree on")
    if drafted.listed:
        print(f"then put this into {FILE}:\n\n{drafting.lines(drafted.contract)}\n")
    print(f'next: commit it, then try: hive plan "add FIELD to {one_line(entity)}"')
