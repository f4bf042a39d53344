"""What an example demands because it is required, taken away for a field that is not."""

import re

from tree_sitter import Node

from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.retype import quotes, zero
from hive.agents.propagate.source import Edit
from hive.agents.propagate.subject import Field, Subject

_DEMANDS = re.compile(
    r"\b(raise|throw|panic|abort|error|errors|fail|reject|status\(4\d\d\)|4\d\d)\b", re.IGNORECASE
)
_TAG_RULE = re.compile(r'\s*\b(?:validate|binding):"([^"]*)"')
_ANNOTATION = re.compile(
    r"@(?:NotNull|NotBlank|NotEmpty|NonNull)(?:\([^)]*\))?\s*|\[Required(?:\([^)]*\))?\]\s*"
)
_OWN = re.compile(
    r"@(?:Id|EmbeddedId|GeneratedValue|PrimaryKey|Override|NaturalId)\b(?:\([^)]*\))?\s*|\[(?:Key|PrimaryKey)\]\s*"
)
"""Annotations that belong to one member alone."""
_NAMED_TUPLES = re.compile(r"\b(TypedDict|Protocol)\b")


def demands(place: Place, member: Member) -> bool:
    """Whether a member refuses input without its field: an `if` that raises, an entry of a list of required names."""
    if place.kind == "sequence" and re.search(r"required|mandatory", _label(place), re.IGNORECASE):
        return True
    first = member.nodes[0]
    return first.type == "if_statement" and bool(_DEMANDS.search(place.source.of(first)))


def _label(place: Place) -> str:
    start = place.source.line_start(place.node.start_byte)
    line = place.source.text[start : place.node.start_byte]
    above = place.source.text[: max(0, start - 1)].rpartition("\n")[2] if not line.strip() else ""
    return line[-60:] + above[-60:]


def loosened(place: Place, member: Member, example: Field, subject: Subject) -> list[Edit]:
    """The edits that make a copy of the member optional."""
    edits: list[Edit] = []
    if place.source.language in ("java", "csharp"):
        edits += _removed(place, member.start, member.end, _OWN)
    if subject.new.required:
        return edits
    for node in member.nodes:
        match place.source.language:
            case "python" if place.kind == "members":
                edits += _with_default(place, member, subject)
            case "typescript" | "tsx" if example.required:
                edits += _optional_property(place, member)
            case "go":
                edits += _without_tag_rule(place, member)
            case "java" | "csharp" if place.kind in ("members", "parameters"):
                edits += _removed(place, node.start_byte, node.end_byte, _ANNOTATION)
        if place.kind in ("elements", "attributes"):
            edits += _without_required(place, member)
        edits += _without_demand(place, node)
    return list(dict.fromkeys(edits))


def _with_default(place: Place, member: Member, subject: Subject) -> list[Edit]:
    owner = place.node.parent
    head = place.source.text[owner.start_byte : place.node.start_byte] if owner else ""
    node = member.nodes[0].named_children[0] if member.nodes[0].named_children else member.nodes[0]
    if node.type != "assignment" or node.child_by_field_name("right") or _NAMED_TUPLES.search(head):
        return []
    default = zero("python", subject.new.type, next(quotes(place.source.text)))
    if default in ("[]", "{}") and "BaseModel" not in head:
        default = "None"
    return [Edit(node.end_byte, node.end_byte, f" = {default}")]


def _optional_property(place: Place, member: Member) -> list[Edit]:
    node = member.nodes[0]
    name = node.child_by_field_name("name")
    if node.type != "property_signature" or name is None or any(child.type == "?" for child in node.children):
        return []
    return [Edit(name.end_byte, name.end_byte, "?")]


def _without_tag_rule(place: Place, member: Member) -> list[Edit]:
    node = member.nodes[0]
    tag = node.child_by_field_name("tag")
    if tag is None:
        return []
    found = _TAG_RULE.search(place.source.of(tag))
    if not found or "required" not in (rules := found.group(1).split(",")):
        return []
    left = [rule for rule in rules if rule not in ("required", "omitempty")]
    if left:
        start, end = found.span(1)
        return [Edit(tag.start_byte + start, tag.start_byte + end, ",".join(("omitempty", *left)))]
    if found.group() == place.source.of(tag).strip("`") and tag.prev_sibling is not None:
        return [Edit(tag.prev_sibling.end_byte, tag.end_byte, "")]
    return [Edit(tag.start_byte + found.start(), tag.start_byte + found.end(), "")]


def _without_required(place: Place, member: Member) -> list[Edit]:
    edits = []
    for top in member.nodes:
        for node in nodes(top):
            bare = node.type in ("attribute", "jsx_attribute") and place.source.of(node) in (
                "required",
                "required={true}",
            )
            if bare and node.prev_sibling is not None:
                edits.append(Edit(node.prev_sibling.end_byte, node.end_byte, ""))
    return edits


def _without_demand(place: Place, node: Node) -> list[Edit]:
    """Without `required=True` and its like among the arguments or keys of a declaration."""
    edits = []
    for inner in nodes(node):
        text = (
            re.sub(r"\s+", "", place.source.of(inner)) if inner.type in ("keyword_argument", "pair") else ""
        )
        if re.fullmatch(
            r"[\"']?required[\"']?[=:]([Tt]rue)|nullable=False|unique=True|primary_key=True", text
        ):
            before, after = inner.prev_sibling, inner.next_sibling
            if before is not None and before.type == ",":
                edits.append(Edit(before.start_byte, inner.end_byte, ""))
            elif after is not None and after.type == "," and inner.next_named_sibling is not None:
                edits.append(Edit(inner.start_byte, inner.next_named_sibling.start_byte, ""))
            else:
                edits.append(Edit(inner.start_byte, inner.end_byte, ""))
    return edits


def _removed(place: Place, start: int, end: int, pattern: re.Pattern[str]) -> list[Edit]:
    return [Edit(m.start(), m.end(), "") for m in pattern.finditer(place.source.text, start, end)]
