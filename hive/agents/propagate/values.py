"""What a member of a list holds, and whether that stands by itself."""

import re

from tree_sitter import Node

from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.naming import listed

LITERALS = listed(
    "string integer float true false none number null undefined int_literal float_literal nil"
    " interpreted_string_literal raw_string_literal string_literal decimal_integer_literal"
    " decimal_floating_point_literal null_literal boolean_literal integer_literal real_literal unary_operator"
    " unary_expression string_scalar integer_scalar float_scalar boolean_scalar null_scalar list dictionary array"
    " object block_mapping block_sequence flow_mapping flow_sequence block_scalar double_quote_scalar"
    " single_quote_scalar concatenated_string"
)
CALLS = listed(
    "call call_expression method_invocation invocation_expression new_expression object_creation_expression"
)
_TEXTS = listed("string_content string_fragment interpreted_string_literal_content string_literal_content")
_WRAPPERS = listed("literal_element expression_list flow_node plain_scalar block_node equals_value_clause")
_HOLD_LAST = listed("variable_declarator property_declaration parameter")


def value_of(node: Node) -> Node | None:
    """What a keyed node holds, without wrappers; none for a node that only names something."""
    if node.type == "expression_statement" and node.named_children:
        node = node.named_children[0]
    found = node.child_by_field_name("value") or node.child_by_field_name("right")
    if found is None:
        inner = [c for c in node.named_children if c.type in ("variable_declarator", "variable_declaration")]
        if inner and inner[0].named_children:
            return value_of(inner[0])
    if found is None and node.type in _HOLD_LAST and any(child.type == "=" for child in node.children):
        found = node.named_children[-1]
    while found is not None and found.named_child_count == 1 and found.type in _WRAPPERS:
        found = found.named_children[0]
    return found


def stands_alone(value: Node, source: bytes) -> bool:
    """Whether a value is a literal, or a call that takes nothing but numbers and types: `Column(String(80))`."""
    if value.type in LITERALS:
        return True
    for leaf in nodes(value):
        if leaf.type in _TEXTS and any(letter.isalpha() for letter in (leaf.text or b"").decode("latin-1")):
            return False
        if leaf.child_count or leaf.type != "identifier" or _is_keyword(leaf):
            continue
        if is_called(leaf) and (_is_last(leaf) or _is_imported(leaf.text or b"", source)):
            continue
        if not source[leaf.start_byte : leaf.start_byte + 1].isupper():
            return False
    return True


def _is_last(leaf: Node) -> bool:
    """Whether a name of what is called has nothing in front that it belongs to, or is itself what belongs."""
    parent = leaf.parent
    if parent is None or parent.children[0].id != leaf.id:
        return True
    return parent.type in CALLS and parent.child_by_field_name("object") is None


def _is_imported(name: bytes, source: bytes) -> bool:
    """Whether a name is a module's, not a variable's."""
    word = re.escape(name)
    return bool(re.search(rb"(?m)^\s*(?:from|import|using|const|var)\b[^\n=]*\b" + word + rb"\b", source))


def is_called(leaf: Node) -> bool:
    """Whether a name belongs to what is called, not to what it is called with."""
    node = leaf
    while node.parent is not None and node.parent.type not in CALLS:
        if "argument" in node.parent.type or "statement" in node.parent.type:
            return False
        node = node.parent
    call = node.parent
    if call is None:
        return False
    parts = [call.child_by_field_name(part) for part in ("function", "name", "object", "constructor", "type")]
    return any(part is not None and part.id == node.id for part in parts)


def _is_keyword(leaf: Node) -> bool:
    parent = leaf.parent
    name = (
        parent.child_by_field_name("name")
        if parent is not None and parent.type == "keyword_argument"
        else None
    )
    return name is not None and name.id == leaf.id
