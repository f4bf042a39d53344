"""Where in a list a new member goes, and what separates it from its neighbours."""

import re

from tree_sitter import Node

from hive.agents.propagate.lists import NOT_MEMBERS
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.source import Edit

_COMMA = frozenset(("mapping", "sequence", "arguments", "parameters"))
_FAR = 60
"""A list that begins further to the right is continued at the left."""
_REST = re.compile(r"[ \t]*([,;]?)[ \t]*((?:#|//|--|/\*)[^\r\n]*)?(?=\r?\n|$)")
_NO_SEPARATOR = frozenset(("block_mapping", "block_sequence"))


def inserted(place: Place, anchor: Member, text: str) -> list[Edit]:
    """The edits that put a new member after another one."""
    source = place.source
    start = source.line_start(anchor.start)
    rest = _REST.match(source.text, anchor.end)
    alone = not source.text[start : anchor.start].strip()
    if alone and rest is not None and (_multi_line(place) or _is_line_list(place)):
        return _as_lines(place, anchor, text, rest)
    gap = _gap(place, anchor)
    if gap == ", " and len(_line(place, anchor)) + len(text) + 2 > source.width:
        gap = "," + source.newline + _below(place)
    return [Edit(anchor.end, anchor.end, gap + text)]


def _line(place: Place, anchor: Member) -> str:
    start = place.source.line_start(anchor.start)
    return place.source.text[start:].partition("\n")[0].expandtabs(4)


def _below(place: Place) -> str:
    """The white space that puts a line under the first member of a list."""
    first = place.members[0].start
    indent = place.source.indent(first)
    if "\t" in indent or place.source.language == "go":
        return indent + "\t"
    column = first - place.source.line_start(first)
    return " " * column if column <= _FAR else indent + "    "


def _multi_line(place: Place) -> bool:
    return place.source.line(place.members[0].start) != place.source.line(place.members[-1].start)


def _is_line_list(place: Place) -> bool:
    return place.kind in ("members", "statements", "elements")


def _needs_comma(place: Place) -> bool:
    return (place.kind in _COMMA and place.node.type not in _NO_SEPARATOR) or place.node.type == "enum_body"


def _as_lines(place: Place, anchor: Member, text: str, rest: re.Match[str]) -> list[Edit]:
    source, separator = place.source, rest.group(1)
    lead = source.newline * _breaks(place, anchor) + source.indent(anchor.start)
    line_end = rest.end()
    if _needs_comma(place) and not separator:
        comma = Edit(anchor.end, anchor.end, ",")
        return [comma, Edit(line_end, line_end, lead + text)]
    return [Edit(line_end, line_end, lead + text + separator)]


def _breaks(place: Place, anchor: Member) -> int:
    """How many line ends separate members here: 2 where blank lines do on both sides."""
    found = []
    for first, second in _pairs(place, anchor):
        gap = place.source.text[first.end_byte : second.start_byte]
        if not gap.strip(" \t\r\n,;"):
            found.append(min(max(gap.count("\n"), 1), 3))
    return min(found, default=1)


def _pairs(place: Place, anchor: Member) -> list[tuple[Node, Node]]:
    children = [child for child in _children(place.node) if child.type not in NOT_MEMBERS]
    ids = [child.id for child in children]
    last, first = ids.index(anchor.nodes[-1].id), ids.index(anchor.nodes[0].id)
    pairs = [(children[last], children[last + 1])] if last + 1 < len(children) else []
    return pairs + ([(children[first - 1], children[first])] if first else [])


def _children(node: Node) -> list[Node]:
    if node.type != "union_type":
        return [c for c in node.named_children if not (c.type == "jsx_text" and not (c.text or b"").strip())]
    parts: list[Node] = []
    for child in node.named_children:
        parts += _children(child) if child.type == "union_type" else [child]
    return parts


def _gap(place: Place, anchor: Member) -> str:
    """What stands between two members of the list, as near to the anchor as there is a clean example."""
    for first, second in _pairs(place, anchor):
        gap = place.source.text[first.end_byte : second.start_byte]
        if len(gap.strip()) <= 1:
            return gap
    if _needs_comma(place):
        return ", "
    return " | " if place.kind == "union" else place.source.newline + place.source.indent(anchor.start)
