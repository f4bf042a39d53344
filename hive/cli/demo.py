"""`hive demo`: the main job on the shipped example, in a temporary folder, in a minute."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from hive.errors import Exit, HiveError

REQUEST = "add loyalty_points field"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def example() -> Path:
    """The shop, as installed or in the checkout."""
    for folder in (
        Path(__file__).parents[1] / "_examples" / "shop",
        Path(__file__).parents[2] / "examples" / "shop",
    ):
        if folder.is_dir():
            return folder
    raise HiveError("the example project is not installed with this hive", next_step="reinstall hive")


def demo(
    keep: Annotated[bool, typer.Option(help="Keep the folder to play with it.")] = True,
    plain: Annotated[bool, typer.Option(help="Plain lines, no live screen.")] = False,
) -> None:
    """Copy the example shop to a temporary folder and add a field to it across all its services."""
    from hive.cli.projects import init
    from hive.cli.running import run
    from hive.workspaces.newborn import commit_everything, start_repository

    folder = Path(tempfile.mkdtemp(prefix="hive-demo-")) / "shop"
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", "node_modules", ".ruff_cache")
    shutil.copytree(example(), folder, ignore=ignored)
    os.environ["HIVE_STATE_DIR"] = str(
        folder.parent / "state"
    )  # nothing of a demo stays in the user's own state
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )
    os.chdir(folder)
    start_repository(folder, "The shop")
    print(f"The example shop is in {folder}\n\n$ hive init --yes")
    init(yes=True)
    commit_everything(folder, "Tell hive about the shop")
    print(f'\n$ hive run "{REQUEST}" --yes --approve-all --land\n', flush=True)
    try:
        run(REQUEST, yes=True, approve_all=True, land=True, plain=plain, foreground=True)
    except typer.Exit as ended:
        if ended.exit_code == Exit.DONE:
            _epilogue(folder)
        raise
    finally:
        if not keep:
            shutil.rmtree(folder.parent, ignore_errors=True)


def _epilogue(folder: Path) -> None:
    from hive.cli.diffing import diff

    print("\n$ hive diff last\n")
    diff("last")
    print(
        f"""
That landed on the branch of {folder}, as one merge. Try there next:

  cd {folder}
  export HIVE_STATE_DIR={folder.parent / "state"} PATH={Path(sys.executable).parent}:$PATH
  git log --graph --stat -3
  hive show last                     the evidence for every service
  hive plan "add referral_code to User"
  hive run "add birthday to User"    and this time review and land it yourself
"""
    )
