"""What agents propose to change in the contract: list them, and look at what each would change."""

import difflib
import json
from typing import TYPE_CHECKING

import typer

from hive.cli.options import AsJson, RunId

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.state import Proposal, RunState


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(proposals)


def proposals(run: RunId, as_json: AsJson = False) -> None:
    """Show what a run's agents propose to change in the contract; `hive approve RUN --proposal N` decides."""
    from hive.cli.compose import open_project
    from hive.cli.inspecting import proposal_facts

    with open_project() as project:
        project.runs.refresh()
        state = project.runs.get(run)
        if as_json:
            for each in state.proposals:
                facts = {"run": state.id} | proposal_facts(each)
                print(json.dumps(facts | {"diff": text_diff(project, state, each)}))
            return
        from hive.cli.screens import console
        from hive.dashboard.show import proposals_view

        diffs = {p.number: text_diff(project, state, p) for p in state.proposals if p.status == "open"}
        console().print(proposals_view(state, diffs))


def text_diff(project: "Project", state: "RunState", proposal: "Proposal") -> str:
    """The unified diff of a proposal against the version of the contract that it was made for."""
    from hive.workspaces.store import ObjectStore
    from hive.workspaces.tree import GitTree

    made, commit = proposal.made, state.contract_at(proposal.made.version)
    if commit is None:
        return ""
    tree = GitTree(ObjectStore.open(project.layout.objects, project.user), commit)
    old = tree.read(made.path).decode("utf-8", "replace") if made.path in tree else ""
    lines = difflib.unified_diff(
        old.splitlines(), made.text.splitlines(), f"a/{made.path}", f"b/{made.path}", lineterm=""
    )
    return "\n".join(lines)
