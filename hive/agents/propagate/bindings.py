"""Names that a copy uses without anything that gives them a value, and where the example got its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from hive.agents.propagate.clone import cloned
from hive.agents.propagate.grammars import nodes, parse
from hive.agents.propagate.lists import SIMPLE_STATEMENTS
from hive.agents.propagate.naming import hits, listed, renamed
from hive.agents.propagate.places import LONGEST_STATEMENT, Member, Place
from hive.agents.propagate.proposal import Left, Placed, Proposal
from hive.agents.propagate.retype import quotes, zero
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.splice import inserted
from hive.agents.propagate.subject import Subject

_LANGUAGES = listed("python javascript typescript tsx go java csharp")
_FUNCTIONS = listed(
    "function_definition function_declaration method_definition method_declaration arrow_function"
    " function_expression lambda func_literal constructor_declaration lambda_expression local_function_statement"
)
_SCOPES = listed("program module source_file compilation_unit class_body declaration_list")
_BINDERS: dict[str, tuple[str, ...]] = {
    "assignment": ("left",),
    "assignment_expression": ("left",),
    "named_expression": ("name",),
    "variable_declarator": ("name",),
    "default_parameter": ("name",),
    "typed_default_parameter": ("name",),
    "required_parameter": ("pattern",),
    "optional_parameter": ("pattern",),
    "assignment_pattern": ("left",),
    "pair_pattern": ("value",),
    "var_spec": ("name",),
    "const_spec": ("name",),
    "parameter_declaration": ("name",),
    "formal_parameter": ("name",),
    "parameter": ("name",),
    "for_statement": ("left",),
    "for_in_statement": ("left",),
    "for_in_clause": ("left",),
    "property_declaration": ("name",),
    "aliased_import": ("alias",),
}
_GROUPS = listed(
    "parameters formal_parameters lambda_parameters typed_parameter pattern_list tuple_pattern array_pattern"
)
_LOOSE_MAPPINGS = listed("python javascript typescript tsx")
"""Languages whose mappings have no defaults of their own."""
_LISTS = listed("short_var_declaration range_clause assignment_statement")


@dataclass(frozen=True)
class _Loose:
    """A use of the new name that nothing gives a value."""

    name: str
    row: int


def supported(source: Source, made: Proposal, subject: Subject) -> tuple[list[Placed], list[Left]]:
    """More statements that give the new names their values, and the places without hope of that.

    The second list names lines of the new text; what is placed there has to go.
    """
    more: dict[int, Placed] = {}
    hopeless: list[Left] = []
    for loose in _loose(source, made, subject):
        user = _user(made.placed, loose.row)
        example = subject.by_name.get(user.example) if user else None
        if user is None or example is None:
            continue
        old = renamed(loose.name, subject.new.words, example.words)
        statement = _statement(source, old, user.edits[-1].start)
        text = None
        if statement is not None:
            member = Member((statement,), frozenset((example.name,)))
            place = Place(source, statement.parent or statement, "statements", (member,), 0)
            text = cloned(place, member, example, subject, Spelling(source, subject))
        if statement is not None and isinstance(text, str):
            edits = tuple(inserted(place, member, text))
            summary = f"{subject.new.name} read beside {example.name}"
            more[statement.start_byte] = Placed(user.line, summary, edits, user.certainty, example.name)
        else:
            reason = f"{loose.name!r} has no value here"
            if (empty := _emptied(source, user, loose.name, subject)) is not None:
                more[user.edits[-1].start] = empty
                reason += ": it is empty until somebody says where it comes from"
            hopeless.append(Left(user.line, reason))
    return list(more.values()), hopeless


def _emptied(source: Source, user: Placed, name: str, subject: Subject) -> Placed | None:
    """The place with an empty value, where a mapping would take one from a variable that is not there."""
    if source.language not in _LOOSE_MAPPINGS or not user.summary.endswith("in mapping"):
        return None
    *others, last = user.edits
    empty = zero(source.language, subject.new.type, next(quotes(source.text)))
    text, done = re.subn(rf"(^\s*,?\s*){name}(?=\s*,?\s*$)", rf"\g<1>{name}: {empty}", last.text)
    if not done:
        text, done = re.subn(rf"(:\s*){name}(?=\s*,?\s*$)", rf"\g<1>{empty}", last.text)
    return replace(user, edits=(*others, Edit(last.start, last.end, text))) if done else None


def _user(placed: Sequence[Placed], row: int) -> Placed | None:
    """The place whose new lines a row is in."""
    for one in placed:
        if one.line <= row + 1 <= one.line + max(edit.text.strip().count("\n") for edit in one.edits):
            return one
    return None


def _loose(source: Source, made: Proposal, subject: Subject) -> Iterator[_Loose]:
    if source.language not in _LANGUAGES or not made.placed:
        return
    root = parse(made.text.encode("latin-1"), source.language).root_node
    uses: list[tuple[str, Node]] = []
    bound: dict[str, list[Node | None]] = {}
    for leaf in nodes(root):
        if leaf.child_count or leaf.type not in _NAMES:
            continue
        name = (leaf.text or b"").decode("latin-1")
        if not hits(name, subject.new.words):
            continue
        if _binds(leaf):
            bound.setdefault(name, []).append(_function(leaf, own=True))
        elif leaf.type in ("identifier", "shorthand_property_identifier") and _is_free(leaf):
            uses.append((name, leaf))
    for name, leaf in uses:
        scopes = {None if scope is None else scope.id for scope in bound.get(name, ())}
        if not scopes & set(_enclosing(leaf)):
            yield _Loose(name, leaf.start_point.row)


_NAMES = listed("identifier shorthand_property_identifier shorthand_property_identifier_pattern")


def _binds(leaf: Node) -> bool:
    parent = leaf.parent
    if leaf.type == "shorthand_property_identifier_pattern":
        return True
    if parent is None:
        return False
    if parent.type in _GROUPS:
        return True
    if parent.type == "expression_list" and parent.parent is not None and parent.parent.type in _LISTS:
        left = parent.parent.child_by_field_name("left")
        return left is not None and left.id == parent.id
    found = [node for part in _BINDERS.get(parent.type, ()) for node in parent.children_by_field_name(part)]
    if parent.type == "variable_declarator" and not found:
        found = parent.named_children[:1]
    return any(node.id == leaf.id for node in found) or "import" in parent.type


def _is_free(leaf: Node) -> bool:
    """Whether a name stands for a variable: not after a dot, not before a colon or an equals sign of an argument."""
    parent = leaf.parent
    if leaf.type == "shorthand_property_identifier":
        return True
    if parent is None or parent.type in (
        "dotted_name",
        "labeled_statement",
        "field_access",
        "scoped_identifier",
    ):
        return parent is not None and parent.type == "field_access" and _is_first(parent, leaf)
    if parent.type in ("attribute", "member_access_expression", "method_invocation", "selector_expression"):
        return _is_first(parent, leaf) and parent.child_by_field_name("name") != leaf
    if parent.type == "literal_element":  # Go: the key of a struct literal looks like a variable
        return not (
            parent.parent and parent.parent.type == "keyed_element" and _is_first(parent.parent, parent)
        )
    for part in ("name", "key"):
        named = parent.child_by_field_name(part)
        if named is not None and named.id == leaf.id:
            return False
    return not _sets_property(leaf, parent)


def _sets_property(leaf: Node, parent: Node) -> bool:
    """Whether the name is a member of a C# object initializer."""
    above = parent.parent
    return (
        parent.type == "assignment_expression"
        and above is not None
        and above.type == "initializer_expression"
    )


def _is_first(parent: Node, leaf: Node) -> bool:
    return bool(parent.children) and parent.children[0].id == leaf.id


def _function(node: Node, *, own: bool = False) -> Node | None:
    """The function around a node; a parameter belongs to its own function, a class's field to none."""
    found = node.parent
    while found is not None and found.type not in _FUNCTIONS:
        if own and found.type in _SCOPES:
            return None
        found = found.parent
    return found


def _enclosing(leaf: Node) -> list[int | None]:
    found: list[int | None] = [None]
    node = _function(leaf)
    while node is not None:
        found.append(node.id)
        node = _function(node)
    return found


def _statement(source: Source, name: str, near: int) -> Node | None:
    """The simple statement that gives a variable its value in the function around an offset."""
    around = source.root.descendant_for_byte_range(near, near)
    function = _function(around) if around is not None else None
    for node in nodes(function or source.root):
        if node.child_count or source.of(node) != name or not _binds(node) or node.start_byte >= near:
            continue
        statement: Node | None = node
        while statement is not None and statement.type not in SIMPLE_STATEMENTS:
            statement = statement.parent
        if statement is None or (function is not None and statement.start_byte < function.start_byte):
            continue
        if statement.end_point.row - statement.start_point.row < LONGEST_STATEMENT:
            return statement
    return None
