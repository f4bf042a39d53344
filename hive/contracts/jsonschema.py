"""Plain JSON Schema files: one entity for the file itself, one for each named definition."""

from pathlib import PurePosixPath

from hive.contracts.changes import Report, Use, gather
from hive.contracts.document import Document, Parsed
from hive.contracts.place import Place, top
from hive.contracts.rules.jsonschema import JSONSCHEMA
from hive.contracts.schema.compare import Comparison, Scope
from hive.contracts.schema.edit import edit_schema
from hive.contracts.schema.entities import Named, components
from hive.contracts.source import Source, read
from hive.model import Change, Intent

DEFINITIONS = ("$defs", "definitions")


def named(source: Source) -> Named:
    """The schema of the file by its title or file name, then its definitions."""
    root = top(source.value)
    places: list[tuple[str, Place]] = [(_root_name(source), root)]
    for key in DEFINITIONS:
        places += components(source, key)
    return Named(source, places)


def _root_name(source: Source) -> str:
    title = source.value.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip()
    return PurePosixPath(source.path).name.removesuffix(".json").removesuffix(".schema")


class JsonSchema:
    """The format of events and of stored documents: who reads and who writes is not known from the file."""

    def parse(self, path: str, raw: bytes) -> Document:
        """Read a schema. Raises ContractError."""
        return Parsed(named(read(path, raw)).entities())

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """Compare two versions for readers and writers alike."""
        report = Report(path)
        if old is None or new is None:
            rule = JSONSCHEMA["schema-file-added" if old is None else "schema-file-removed"]
            source = read(path, new if old is None else old or b"{}")
            report.at(top(source.value), rule, "both", rule.about)
            return report.changes()
        before, after = named(read(path, old)), named(read(path, new))
        comparison, scope = Comparison(), Scope()
        comparison.compare(scope, top(before.source.value), top(after.source.value), "both", "body")
        self._definitions(report, comparison, scope, before, after)
        gather(report, "jsonschema", comparison, [Use(None, scope)])
        return report.changes()

    def _definitions(
        self, report: Report, comparison: Comparison, scope: Scope, before: Named, after: Named
    ) -> None:
        known = {place.path: place for place in before.places.values() if place.path}
        wanted = {place.path: place for place in after.places.values() if place.path}
        used = {key.new for key in comparison.scopes}
        for path, place in known.items():
            if path not in wanted:
                rule = JSONSCHEMA["schema-definition-removed"]
                report.at(place, rule, "both", f"{rule.about}: {place.name}")
            elif path not in used:
                comparison.compare(scope, place, wanted[path], "both", "property")
        for path, place in wanted.items():
            if path not in known:
                rule = JSONSCHEMA["schema-definition-added"]
                report.at(place, rule, "both", f"{rule.about}: {place.name}")

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Change one property of the schema or of a definition."""
        source = read(path, raw)
        return edit_schema(named(source), intent)
