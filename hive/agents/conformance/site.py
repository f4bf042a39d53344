"""A workspace to work in, and around it what must stay as it is."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from hive.agents.session import mark
from hive.model import Assignment, Service, digest
from hive.process import marked, run

SERVICE = "users"
UNTOUCHED = "this file is outside the workspace\n"


class Site:
    """`root/workspace` with one service, `root/home` for the session, `root/outside` as the forbidden rest."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.workspace = self.root / "workspace"
        self.service = self.workspace / SERVICE
        self.home = self.root / "home"
        self.outside = self.root / "outside"

    @classmethod
    def make(cls, root: Path) -> Self:
        """A fresh git workspace; in the service lies a link that leads out of it."""
        site = cls(root)
        for folder in (site.service, site.home, site.outside):
            folder.mkdir(parents=True)
        run(["git", "init", "-q"], cwd=site.workspace)
        (site.outside / "kept.txt").write_text(UNTOUCHED)
        (site.service / "way_out.txt").symlink_to(site.outside / "kept.txt")
        return site

    def assignment(self, **given: object) -> Assignment:
        """A first turn on the site's service, with whatever is given instead."""
        usual: dict[str, object] = {
            "run": f"conformance-{digest(str(self.root))[:12]}",
            "service": Service(name=SERVICE, path=SERVICE, language="python"),
            "turn": 1,
            "workspace": str(self.workspace),
            "brief": "add the field loyalty_points",
            "home": str(self.home),
            "idle_timeout": 60.0,
            "turn_timeout": 120.0,
        }
        return Assignment.model_validate(usual | given)

    def outside_state(self) -> dict[str, str]:
        """Everything outside the workspace and the session's home, by path."""
        inside = (self.workspace, self.home)
        return {
            str(path): path.read_text() if path.is_file() else "a folder"
            for path in sorted(self.root.rglob("*"))
            if not any(path == folder or folder in path.parents for folder in inside)
        }

    def edited(self) -> set[str]:
        """The service's files, without the planted link."""
        return {path.name for path in self.service.rglob("*") if path.is_file() and not path.is_symlink()}

    def lingering(self, assignment: Assignment) -> list[int]:
        """Processes of the session: those with its mark, and those that stand in the site without one."""
        return sorted({*marked(mark(assignment)), *self._standing_here()})

    def _standing_here(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ():
            with suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(self.root) and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
        return found
