"""Comparing the schemas of two versions of a document, in the direction in which they travel."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hive.contracts.place import Place, resolve
from hive.contracts.rules.schema import Subject
from hive.contracts.schema.values import Difference, differences, same_schema, type_text
from hive.contracts.schema.view import View, view
from hive.model import Direction


class Finding(NamedTuple):
    """A code of the rule table at a place, for a schema that travels in a direction."""

    place: Place
    direction: Direction
    subject: Subject
    code: str
    message: str


class Key(NamedTuple):
    """A pair of named schemas, compared once for all that refer to them."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    direction: Direction
    subject: Subject


@dataclass
class Scope:
    """What comparing one thing found, and which pairs of named schemas it leads to."""

    findings: list[Finding] = field(default_factory=list)
    leads: set[Key] = field(default_factory=set)


class Comparison:
    """Compares schemas; named ones once, however often they are used."""

    def __init__(self) -> None:
        self.scopes: dict[Key, Scope] = {}
        self._pending: list[tuple[Key, Place, Place]] = []
        self._old: dict[tuple[tuple[str, ...], str | None], View] = {}
        self._new: dict[tuple[tuple[str, ...], str | None], View] = {}

    def compare(self, scope: Scope, old: Place, new: Place, direction: Direction, subject: Subject) -> None:
        """Compare two schemas for `scope`, and whatever they refer to."""
        _Walk(self, scope, direction).run(old, new, subject)
        while self._pending:
            key, before, after = self._pending.pop()
            _Walk(self, self.scopes[key], key.direction).run(before, after, key.subject)

    def later(self, key: Key, old: Place, new: Place) -> None:
        """Compare a pair of named schemas when its turn comes."""
        if key not in self.scopes:
            self.scopes[key] = Scope()
            self._pending.append((key, old, new))

    def views(self, old: Place, new: Place) -> tuple[View, View]:
        """The flat views of both, each made once."""
        for place, known in ((old, self._old), (new, self._new)):
            if (place.path, place.ref) not in known:
                known[place.path, place.ref] = view(place)
        return self._old[old.path, old.ref], self._new[new.path, new.ref]


class _Walk:
    """One scope's comparison: a queue instead of recursion, and no pair of places twice."""

    def __init__(self, comparison: Comparison, scope: Scope, direction: Direction) -> None:
        self.comparison = comparison
        self.scope = scope
        self.direction = direction
        self.queue: list[tuple[Place, Place, Subject]] = []
        self.seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()

    def run(self, old: Place, new: Place, subject: Subject) -> None:
        self.schema(old, new, subject)
        while self.queue:
            before, after, what = self.queue.pop()
            if (before.path, after.path) not in self.seen:
                self.seen.add((before.path, after.path))
                self._own(before, after, what)

    def report(self, place: Place, subject: Subject, code: str, text: str) -> None:
        self.scope.findings.append(Finding(place, self.direction, subject, code, text))

    def schema(self, old: Place, new: Place, subject: Subject) -> None:
        """Two schemas where they are used: named ones are compared for themselves."""
        before, after = resolve(old), resolve(new)
        if old.ref is not None and new.ref is not None and before is not None and after is not None:
            key = Key(before.path, after.path, self.direction, subject)
            self.scope.leads.add(key)
            self.comparison.later(key, before, after)
            old, new = _beside(old), _beside(new)
        if old.value or new.value or old.ref or new.ref:
            self.queue.append((old, new, subject))

    def _own(self, old: Place, new: Place, subject: Subject) -> None:
        """What the schemas say themselves."""
        before, after = self.comparison.views(old, new)
        if self._one_sided_union(before, after, old, new, subject):
            return
        found = list(differences(before, after))
        if any(one.code == "type-changed" for one in found) and before.types != after.types:
            # Nothing below two different types is worth a comparison.
            found = [one for one in found if one.code in ("type-changed", "reference-unresolved")]
            self._differences(new, subject, found)
            return
        self._differences(new, subject, found)
        self._properties(before, after)
        self._inner(before.items, after.items, new)
        self._inner(before.additional, after.additional, new)
        self._unions(before, after, new, subject)

    def _differences(self, place: Place, subject: Subject, found: list[Difference]) -> None:
        for one in found:
            self.report(place, subject, one.code, one.text)

    def _inner(self, old: Place | None, new: Place | None, owner: Place) -> None:
        if old is not None and new is not None:
            self.schema(old, new, "property")
        elif old is not None or new is not None:
            present = old or new
            if present is not None:
                code = "type-specialized" if new is not None else "type-generalized"
                text = f"{present.name}: {'any type' if old is None else type_text(view(old))} → "
                self.report(
                    owner, "property", code, text + ("any type" if new is None else type_text(view(new)))
                )

    # --- properties ---

    def _properties(self, old: View, new: View) -> None:
        for name in old.properties.keys() | new.properties.keys():
            before, after = old.properties.get(name), new.properties.get(name)
            if before is None and after is not None:
                self._added(name, after, old, new)
            elif before is not None and after is None:
                self._removed(name, before, old, new)
            elif before is not None and after is not None:
                self._kept(name, before, after, old, new)
        for name in (old.required ^ new.required) - old.properties.keys() - new.properties.keys():
            code = "property-became-required" if name in new.required else "property-became-optional"
            self.report(new.place, "property", code, f"{name} (not described)")

    def _added(self, name: str, place: Place, old: View, new: View) -> None:
        flat = view(place)
        required = name in new.required and not (self.direction == "request" and flat.read_only)
        code = "optional-property-added"
        if required and name not in old.required:
            code = (
                "required-property-with-default-added"
                if flat.default is not None
                else "required-property-added"
            )
        if old.closed and (not required or self.direction == "response"):
            code = "property-added-to-closed-object"
        self.report(place, "property", code, f"{name}: {type_text(flat)}")
        for ref in sorted(flat.unresolved):
            self.report(place, "property", "reference-unresolved", ref)

    def _removed(self, name: str, place: Place, old: View, new: View) -> None:
        flat = view(place)
        hidden = (self.direction == "request" and flat.read_only) or (
            self.direction == "response" and flat.write_only
        )
        if hidden:
            return
        code = "required-property-removed" if name in old.required else "optional-property-removed"
        if new.closed:
            code = "property-removed-from-closed-object"
        self.report(place, "property", code, f"{name}: {type_text(flat)}")

    def _kept(self, name: str, before: Place, after: Place, old: View, new: View) -> None:
        was, now = self.comparison.views(before, after)
        required = name in old.required, name in new.required
        if self._unseen(was) and self._unseen(now):
            return
        self._access(name, was, now, after, required[1])
        if required == (False, True) and not self._unseen(now):
            with_default = "-with-default" if now.default is not None else ""
            self.report(after, "property", f"property-became-required{with_default}", name)
        elif required == (True, False) and not self._unseen(now):
            self.report(after, "property", "property-became-optional", name)
        self.schema(before, after, "property")

    def _unseen(self, flat: View) -> bool:
        """Whether a property does not travel in this direction."""
        return (self.direction == "request" and flat.read_only) or (
            self.direction == "response" and flat.write_only
        )

    def _access(self, name: str, was: View, now: View, place: Place, required: bool) -> None:
        if was.read_only != now.read_only:
            code = "property-became-read-only" if now.read_only else "property-became-not-read-only"
            if required and not now.read_only:
                code = f"required-{code}"
            self.report(place, "property", code, name)
        if was.write_only != now.write_only:
            code = "property-became-write-only" if now.write_only else "property-became-not-write-only"
            self.report(place, "property", code, name)

    # --- alternatives ---

    def _one_sided_union(self, old: View, new: View, before: Place, after: Place, subject: Subject) -> bool:
        """A schema that became one alternative among several, or the other way round."""
        if bool(old.unions) == bool(new.unions):
            return False
        keyword, branches = next(iter((new.unions or old.unions).items()))
        single = before if new.unions else after
        match = next((branch for branch in branches if _same_branch(single, branch)), None)
        if match is None:
            if not (old.properties or old.types) or not (new.properties or new.types):
                self.report(after, subject, "union-changed", keyword)
                return True
            self.report(after, subject, "union-changed", keyword)
            return False
        happened = "added" if new.unions else "removed"
        for branch in branches:
            if branch.path != match.path:
                self.report(branch, subject, f"{_UNION[keyword]}-{happened}", _label(branch))
        if new.unions:
            self.schema(before, match, subject)
        else:
            self.schema(match, after, subject)
        return True

    def _unions(self, old: View, new: View, place: Place, subject: Subject) -> None:
        if not old.unions or not new.unions:
            return
        if old.unions.keys() != new.unions.keys():
            self.report(place, subject, "union-changed", f"{', '.join(old.unions)} → {', '.join(new.unions)}")
            return
        for keyword, branches in new.unions.items():
            self._branches(keyword, old.unions[keyword], branches, subject)

    def _branches(self, keyword: str, old: list[Place], new: list[Place], subject: Subject) -> None:
        left = list(new)
        for before in old:
            after = next((branch for branch in left if _same_branch(before, branch)), None)
            if after is None:
                self.report(before, subject, f"{_UNION[keyword]}-removed", _label(before))
            else:
                left.remove(after)
                self.schema(before, after, subject)
        for branch in left:
            self.report(branch, subject, f"{_UNION[keyword]}-added", _label(branch))


def _beside(place: Place) -> Place:
    """What stands beside a `$ref`."""
    return Place(place.root, place.path, {k: v for k, v in place.map.items() if k != "$ref"})


_UNION = {"oneOf": "one-of", "anyOf": "any-of"}


def _same_branch(one: Place, other: Place) -> bool:
    """Whether two alternatives are the same one: same reference, same title, or same text."""
    if one.ref is not None or other.ref is not None:
        before, after = resolve(one), resolve(other)
        return before is not None and after is not None and before.path == after.path
    title = one.map.get("title")
    if title is not None or other.map.get("title") is not None:
        return bool(title == other.map.get("title"))
    return same_schema(one.value, other.value)


def _label(place: Place) -> str:
    return place.ref or str(place.map.get("title") or place.map.get("type") or place.name)


def reached(leads: set[Key], scopes: dict[Key, Scope]) -> Iterator[Scope]:
    """Every scope that is reached from some leads, each once."""
    seen: set[Key] = set()
    queue = list(leads)
    while queue:
        key = queue.pop()
        if key not in seen:
            seen.add(key)
            yield scopes[key]
            queue.extend(scopes[key].leads)
