"""Whether a list that carries an entity's fields is that entity, or another one with the same words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from tree_sitter import Node

from hive.agents.propagate.lists import keys
from hive.agents.propagate.naming import Words, listed, words
from hive.agents.propagate.places import Place
from hive.agents.propagate.rivals import labels, rival
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Subject

NEUTRAL = listed(
    "payload data body row rows result results expected actual params param form json response request req res resp"
    " item items record records obj object value values args kwargs input output out in fields columns cols keys key"
    " props state attributes attrs dto model view schema entity base test tests case cases fixture fixtures sample"
    " example examples default defaults create created update updated new old get set to from dict list map all make"
    " build parse format validate required properties property type types config options init main self this it tt"
    " x y a b c d e i n p r s t u v the of by with and or for is has detail details info raw full partial public"
    " internal table rows handler headers header message msg event doc document query sql insert select stmt"
    " statement id names name first last dumps loads dump load append add push extend post put patch execute exec"
    " run one many string str int integer float number bool boolean struct class"
)
"""Words that say what a thing is made for, not what it is."""

_FEW = 2
"""So few fields are found together by chance, in a log-in form for one."""

Standing = Literal["named", "hinted", "neutral", "alien"]
_TYPES = listed(
    "class_definition class_declaration interface_declaration record_declaration struct_declaration type_spec"
    " type_alias_declaration enum_declaration"
)
_FUNCTIONS = listed("function_definition function_declaration method_definition method_declaration")
_LAMBDAS = listed(
    "arrow_function function_expression lambda lambda_expression func_literal constructor_declaration"
)
_HOLDERS = listed(
    "assignment variable_declarator var_spec const_spec short_var_declaration pair keyword_argument keyed_element"
    " assignment_expression block_mapping_pair flow_pair assignment_statement public_field_definition"
)
_CALLS = listed(
    "call call_expression object_creation_expression composite_literal method_invocation invocation_expression"
    " new_expression"
)


@dataclass(frozen=True)
class Verdict:
    """Whether a place is the entity's."""

    accepted: bool
    doubt: str = ""
    """Why a place that looks like the entity is left to a person; empty for one that is of no interest."""


@dataclass(frozen=True)
class Evidence:
    """What is known about a list when it is judged."""

    carried: frozenset[str]
    foreign: int
    owners: tuple[tuple[str, bool], ...]
    """The names of what holds it, from the inside out, and whether each alone can tell it is something else."""
    hints: tuple[str, ...]
    """Names that can only speak for it."""


def judge(place: Place, subject: Subject) -> Verdict:
    """Accept a list, leave it to a person with a reason, or take no interest in it."""
    return weighed(evidence(place, subject), subject, labels(place))


def weighed(known: Evidence, subject: Subject, names: Iterable[Words]) -> Verdict:
    """The verdict on a list with these names, which may be another entity's."""
    found = weigh(known, subject)
    if not subject.rivals or not (found.accepted or found.doubt) or _is_called(known, subject):
        return found
    return Verdict(False) if rival(frozenset(names), len(known.carried), subject) else found


def _is_called(known: Evidence, subject: Subject) -> bool:
    """Whether what holds a list is called as the entity is, by no more and no less."""
    own = tuple(map(_singular, subject.entity))
    names = (words(name) for name, decisive in known.owners if decisive)
    return any(tuple(_singular(word) for word in name if word not in NEUTRAL) == own for name in names)


def evidence(place: Place, subject: Subject) -> Evidence:
    """What is known about a list of the syntax tree."""
    stem = PurePosixPath(place.source.path).name.partition(".")[0]
    carried = frozenset(name for name in place.fields if name in subject.by_name)
    return Evidence(carried, place.foreign, tuple(owners(place)), (*receivers(place), stem))


def weigh(known: Evidence, subject: Subject) -> Verdict:
    """Decide from the share of the entity that is carried, the others beside it, and the names around it."""
    carried = known.carried
    if len(carried) < subject.least:
        return Verdict(False)
    weight, distinctive = subject.weight(carried), subject.distinctive(carried)
    standing, owner = standing_of(known, subject)
    nearly = weight >= 0.65 and len(carried) > _FEW
    followed = not subject.examples or subject.examples[0].name in carried or nearly
    clear = known.foreign <= len(carried) or weight >= 0.9
    accepted = _accepted(standing, weight, clear, distinctive) and (
        standing != "alien" or len(carried) > _FEW
    )
    if accepted and followed:
        return Verdict(True)
    follows = any(example.name in carried for example in subject.examples[:1])
    chance = standing == "alien" and len(carried) <= _FEW
    if chance or weight < (0.5 if follows or standing != "alien" else 0.75) or not distinctive:
        return Verdict(False)
    count = f"carries {len(carried)} of the {len(subject.fields)} fields"
    if accepted:
        return Verdict(False, f"{count}, but not {subject.examples[0].name!r}, which is followed")
    return Verdict(
        False, f"{count}, but belongs to {owner!r}" if owner else f"{count} among {known.foreign} others"
    )


def _accepted(standing: Standing, weight: float, clear: bool, distinctive: bool) -> bool:
    match standing:
        case "named":
            return weight >= 0.4
        case "hinted":
            return weight >= 0.5 and clear
        case "neutral":
            return weight >= 0.5 and distinctive and clear
        case "alien":
            return weight >= 0.75 and distinctive and clear


def standing_of(known: Evidence, subject: Subject) -> tuple[Standing, str]:
    """What the names around a list say, the innermost telling one first; and that name."""
    for name, decisive in known.owners:
        found = [word for word in map(_singular, words(name)) if word not in NEUTRAL]
        if is_named(words(name), subject.entity):
            return "named", name
        if found and decisive and (not subject.entity or _singular(subject.entity[-1]) not in found):
            return "alien", name
    if any(is_named(words(hint), subject.entity) for hint in known.hints):
        return "hinted", ""
    return "neutral", ""


def is_named(name: Words, entity: Words) -> bool:
    """Whether a name speaks of the entity, in singular or plural."""
    found = {_singular(word) for word in name}
    return bool(entity) and (all(_singular(word) in found for word in entity) or "".join(entity) in found)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def owners(place: Place) -> Iterator[tuple[str, bool]]:
    """The names of what holds a list, from the inside out, and whether each alone can tell it is something else.

    Outside of the function that a list is in, a name can only speak for it: `UserTest` may well make a supplier.
    """
    source, node, decisive = place.source, place.node, True
    if place.kind in ("attributes", "elements") and (tag := _tag(place)):
        yield tag, place.kind == "attributes"
    while node.parent is not None:
        if node.type in _CALLS:
            called = _called(node)
            name = source.of(called).rpartition(".")[2] if called is not None else ""
            if re.fullmatch(r"\w+", name):
                yield name, decisive and name[:1].isupper() and _makes(node, source)
        elif node.type in _TYPES or node.type in _HOLDERS or node.type in _FUNCTIONS:
            for key in keys(node)[:1]:
                yield source.of(key), decisive and node.type not in _FUNCTIONS
        if (
            node.type == "method_declaration"
            and (receiver := node.child_by_field_name("receiver")) is not None
        ):
            yield source.of(receiver), False
        decisive = decisive and node.type not in _FUNCTIONS and node.type not in _LAMBDAS
        node = node.parent


def _makes(node: Node, source: Source) -> bool:
    """Whether a call makes a thing, going by the habits of the language."""
    return node.type not in ("call_expression", "invocation_expression") or source.language == "python"


def _tag(place: Place) -> str:
    name = place.node.child_by_field_name("name")
    return place.source.of(name) if name is not None and place.source.of(name)[:1].isupper() else ""


def _called(node: Node) -> Node | None:
    for part in ("function", "type", "name", "constructor"):
        if (found := node.child_by_field_name(part)) is not None:
            return found
    return None


def receivers(place: Place) -> list[str]:
    """What the fields are read from or written to: `user` in `user.email` or `user["email"]`."""
    found = []
    for member in place.members:
        for node in member.nodes:
            text = place.source.of(node)
            found += _dotted(text)
    return found


def _dotted(text: str) -> list[str]:
    parts = text.replace("?.", ".").replace("->", ".").replace("[", ".").replace("(", " ").split(".")
    return [part.split()[-1].strip("&*!({\"'") for part in parts[:-1] if part.split()]
