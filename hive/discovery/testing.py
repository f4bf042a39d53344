"""The command that runs a service's tests, in its own folder."""

from collections.abc import Mapping
from posixpath import basename, dirname, relpath

from hive.discovery.manifest import Manifest
from hive.discovery.sources import Sources, inside, parents
from hive.discovery.unit import Unit

_PACKAGERS = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lockb", "bun"),
    ("bun.lock", "bun"),
    ("package-lock.json", "npm"),
)


class Testing:
    """Chooses test commands; knows the whole tree, because wrappers and aggregators lie above a service."""

    def __init__(
        self, sources: Sources, manifests: list[Manifest], workspaces: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._sources = sources
        self._manifests = manifests
        self._by_path = {manifest.path: manifest for manifest in manifests}
        self._workspaces = workspaces

    def command(self, unit: Unit) -> str | None:
        """One command line, or none when nothing tells how to test."""
        order = ("node", "maven", "gradle", "go", "dotnet", "rust", "php", "ruby", "elixir", "python")
        own = sorted(
            unit.manifests, key=lambda m: (m.folder != unit.folder, order.index(m.ecosystem), m.path)
        )
        for manifest in own:
            command = self._of(unit, manifest)
            if command and manifest.folder == unit.folder:
                return command
            if command and manifest.ecosystem == "dotnet":
                return command
        if not own and self._module_above(unit.folder) and self._holds(unit, ".go"):
            return "go test ./..."
        return self._python(unit, None) if not own else None

    def _of(self, unit: Unit, manifest: Manifest) -> str | None:
        match manifest.ecosystem:
            case "node":
                return self._node(unit, manifest)
            case "maven":
                return self._maven(unit.folder)
            case "gradle":
                return self._gradle(unit.folder)
            case "go":
                return "go test ./..."
            case "dotnet":
                return self._dotnet(unit)
            case "rust":
                return "cargo test"
            case "php":
                return manifest.test or ("vendor/bin/phpunit" if "phpunit" in manifest.marks else None)
            case "ruby":
                return self._ruby(unit)
            case "elixir":
                return "mix test"
            case "python":
                return self._python(unit, manifest)

    def _module_above(self, folder: str) -> bool:
        return any(_at(above, "go.mod") in self._sources for above in (folder, *parents(folder)))

    def _holds(self, unit: Unit, suffix: str) -> bool:
        return any(path.endswith(suffix) for path in self._sources.below(unit.folder))

    def _node(self, unit: Unit, manifest: Manifest) -> str | None:
        if not manifest.test:
            return None
        for packager in ("pnpm", "yarn", "bun", "npm"):
            if packager in manifest.marks:
                return f"{packager} test" if packager != "bun" else "bun run test"
        for folder in (unit.folder, *parents(unit.folder)):
            for lock, packager in _PACKAGERS:
                if self._sources.exists(_at(folder, lock)):
                    return f"{packager} test" if packager != "bun" else "bun run test"
        return "npm test"

    def _maven(self, folder: str) -> str:
        if _at(folder, "mvnw") in self._sources:
            return "./mvnw test"
        for above in parents(folder) if folder != "." else ():
            aggregator = self._by_path.get(_at(above, "pom.xml"))
            module = relpath(folder, above)
            if aggregator and module in aggregator.members:
                up = relpath(above, folder)
                tool = f"{up}/mvnw" if _at(above, "mvnw") in self._sources else "mvn"
                return f"{tool} -f {up}/pom.xml -pl {module} -am test"
        return "mvn test"

    def _gradle(self, folder: str) -> str:
        if _at(folder, "gradlew") in self._sources:
            return "./gradlew test"
        for above in parents(folder) if folder != "." else ():
            module = relpath(folder, above)
            if module in self._workspaces.get(above, ()):
                up = relpath(above, folder)
                tool = f"{up}/gradlew" if _at(above, "gradlew") in self._sources else "gradle"
                return f"{tool} -p {up} :{module.replace('/', ':')}:test"
        return "gradle test"

    def _dotnet(self, unit: Unit) -> str | None:
        below = self._sources.below(unit.folder)
        solution = next(
            (path for path in below if path.endswith((".sln", ".slnx")) and dirname(path) == unit.folder),
            None,
        )
        tests = [m for m in self._manifests if m.ecosystem == "dotnet" and m.test]
        own = [m for m in tests if inside(m.folder, unit.folder)]
        if own:
            return "dotnet test" if solution else f"dotnet test {relpath(own[0].path, unit.folder)}"
        names = {manifest.name for manifest in unit.manifests}
        users = [m for m in tests if not names.isdisjoint(m.needs)]
        units = sorted(users, key=lambda m: ("unit" not in m.name.lower(), len(m.needs), m.path))
        return f"dotnet test {relpath(units[0].path, unit.folder)}" if units else None

    def _ruby(self, unit: Unit) -> str | None:
        below = self._sources.below(unit.folder)
        if any(path.endswith("_spec.rb") for path in below):
            return "bundle exec rspec"
        return "bundle exec rake test" if any(path.endswith("_test.rb") for path in below) else None

    def _python(self, unit: Unit, manifest: Manifest | None) -> str | None:
        tests = [
            path
            for path in self._sources.below(unit.folder)
            if path.endswith(".py")
            and (basename(path).startswith("test_") or path.endswith(("_test.py", "/tests.py")))
        ]
        if not tests:
            return None
        marks = {mark for known in unit.manifests for mark in known.marks}
        if (
            any(_at(unit.folder, "manage.py") == path for path in self._sources.below(unit.folder))
            and "pytest" not in marks
        ):
            return "python manage.py test"
        texts = [self._sources.once(path) or "" for path in tests[:20]]
        if (
            "pytest" not in marks
            and not any("pytest" in text for text in texts)
            and any("unittest" in text for text in texts)
        ):
            inner = relpath(dirname(tests[0]), unit.folder)
            return "python -m unittest discover" + ("" if inner == "." else f" -s {inner}")
        runner = "uv run " if self._sources.exists(_at(unit.folder, "uv.lock")) else ""
        runner = "poetry run " if self._sources.exists(_at(unit.folder, "poetry.lock")) else runner
        return f"{runner}pytest" if runner else "python -m pytest"


def _at(folder: str, name: str) -> str:
    return name if folder in (".", "") else f"{folder}/{name}"
