"""Which syntax nodes are lists of named things, and what names a child of them."""

from typing import Literal

from tree_sitter import Node

from hive.agents.propagate.naming import listed

Kind = Literal[
    "mapping", "sequence", "arguments", "parameters", "members", "statements", "elements", "attributes", "union",
    "columns", "expressions",
]  # fmt: skip

_BY_KIND: dict[Kind, str] = {
    "mapping": "dictionary object object_pattern literal_value block_mapping flow_mapping"
    " initializer_expression anonymous_object_creation_expression",
    "sequence": "list tuple set array array_pattern array_initializer element_value_array_initializer"
    " collection_expression block_sequence flow_sequence pattern_list expression_list tuple_pattern",
    "arguments": "argument_list arguments",
    "parameters": "parameters parameter_list formal_parameters",
    "members": "field_declaration_list class_body interface_body object_type enum_body declaration_list"
    " enum_member_declaration_list enum_body_declarations var_spec_list const_declaration",
    "statements": "block module statement_list statement_block program constructor_body compilation_unit",
    "elements": "element document jsx_element jsx_fragment",
    "attributes": "jsx_opening_element jsx_self_closing_element",
    "union": "union_type",
}
KINDS: dict[str, Kind] = {node: kind for kind, types in _BY_KIND.items() for node in types.split()}

KEYS: dict[str, tuple[str, ...]] = {
    "pair": ("key",),
    "keyword_argument": ("name",),
    "assignment": ("left",),
    "augmented_assignment": ("left",),
    "default_parameter": ("name",),
    "typed_default_parameter": ("name",),
    "keyed_element": ("key",),
    "field_declaration": ("name", "declarator"),
    "var_spec": ("name",),
    "const_spec": ("name",),
    "short_var_declaration": ("left",),
    "assignment_statement": ("left",),
    "parameter_declaration": ("name",),
    "pair_pattern": ("key",),
    "assignment_expression": ("left",),
    "variable_declarator": ("name",),
    "public_field_definition": ("name",),
    "field_definition": ("property",),
    "property_signature": ("name",),
    "required_parameter": ("pattern",),
    "optional_parameter": ("pattern",),
    "assignment_pattern": ("left",),
    "object_assignment_pattern": ("left",),
    "enum_assignment": ("name",),
    "enum_member_declaration": ("name",),
    "enum_constant": ("name",),
    "formal_parameter": ("name",),
    "element_value_pair": ("key",),
    "local_variable_declaration": ("declarator",),
    "property_declaration": ("name",),
    "parameter": ("name",),
    "block_mapping_pair": ("key",),
    "flow_pair": ("key",),
    "function_definition": ("name",),
    "function_declaration": ("name",),
    "generator_function_declaration": ("name",),
    "method_definition": ("name",),
    "method_declaration": ("name",),
    "method_signature": ("name",),
    "method_elem": ("name",),
    "constructor_declaration": ("name",),
    "class_definition": ("name",),
    "class_declaration": ("name",),
    "interface_declaration": ("name",),
    "record_declaration": ("name",),
    "enum_declaration": ("name",),
    "type_alias_declaration": ("name",),
    "type_spec": ("name",),
    "type_declaration": (),
}
"""The parts of a node that name it; all other parts are what it holds."""

_FIRST_CHILD = frozenset(("typed_parameter", "variable_declaration", "jsx_attribute"))
NOT_MEMBERS = listed(
    "comment line_comment block_comment start_tag end_tag self_closing_tag erroneous_end_tag jsx_opening_element"
    " jsx_closing_element tag_name doctype ERROR template_substitution"
)
METHODS = listed(
    "function_definition decorated_definition method_definition method_declaration method_signature"
)
SIMPLE_STATEMENTS = listed(
    "expression_statement assert_statement assignment_statement short_var_declaration lexical_declaration"
    " variable_declaration local_variable_declaration local_declaration_statement var_declaration"
    " if_statement"
)


def kind_of(node: Node) -> Kind | None:
    """What kind of list a node is, if it is one."""
    if node.type == "block" and node.parent is not None and node.parent.type == "class_definition":
        return "members"
    if node.type == "expression_list" and not (node.parent and node.parent.type == "return_statement"):
        return None
    if node.type == "const_declaration" and not any(child.type == "(" for child in node.children):
        return None
    kind = KINDS.get(node.type)
    if kind == "attributes":
        tag = node.child_by_field_name("name")
        return kind if tag is not None and (tag.text or b"")[:1].isupper() else None
    return kind


def is_keyed(node: Node) -> bool:
    """Whether a part of the node names it."""
    if node.type == "argument":
        return node.child_by_field_name("name") is not None
    return node.type in KEYS or node.type in _FIRST_CHILD


def keys(node: Node) -> list[Node]:
    """The parts that name a keyed node."""
    if node.type == "variable_declaration":  # C#: a type, then the declarators; JavaScript: declarators alone
        return [child for child in node.named_children if child.type == "variable_declarator"]
    if node.type in _FIRST_CHILD:
        return node.named_children[:1]
    names = ("name",) if node.type == "argument" else KEYS.get(node.type, ())
    found = [child for name in names for child in node.children_by_field_name(name)]
    if node.type == "variable_declarator" and not found:
        return node.named_children[:1]
    return found
