"""Calls that pass an entity's fields by position to something that takes one more now."""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from hive.agents.propagate.belonging import NEUTRAL
from hive.agents.propagate.clone import cloned
from hive.agents.propagate.grammars import nodes
from hive.agents.propagate.lists import NOT_MEMBERS, is_keyed
from hive.agents.propagate.naming import Style, hits, spell, words
from hive.agents.propagate.places import Member, Place
from hive.agents.propagate.proposal import Placed, Signature
from hive.agents.propagate.retype import relit, zero
from hive.agents.propagate.samples import sample
from hive.agents.propagate.source import Source
from hive.agents.propagate.spelling import Spelling
from hive.agents.propagate.splice import inserted
from hive.agents.propagate.subject import Field, Subject
from hive.agents.propagate.values import CALLS, LITERALS


def passed(source: Source, signatures: Sequence[Signature], subject: Subject) -> Iterator[tuple[int, Placed]]:
    """The offset of each argument list that needs the new argument, with its edits."""
    wanted = [one for one in signatures if one.name in source.text]
    if not wanted:
        return
    spelling = Spelling(source, subject)
    for node in nodes(source.root):
        arguments = node.child_by_field_name("arguments") if node.type in CALLS else None
        if arguments is None:
            continue
        given = [child for child in arguments.named_children if child.type not in NOT_MEMBERS]
        name = _called(source, node)
        one = next((one for one in wanted if one.name == name and one.count == len(given)), None)
        if one is not None and not any(_is_odd(child) for child in given):
            placed = _argument(source, arguments, given, one, subject, spelling)
            if placed is not None:
                yield arguments.start_byte, placed


def _called(source: Source, node: Node) -> str:
    for part in ("function", "constructor", "type", "name"):
        if (found := node.child_by_field_name(part)) is not None:
            return source.of(found).rpartition(".")[2].partition("<")[0]
    return ""


def _is_odd(node: Node) -> bool:
    return is_keyed(node) or "splat" in node.type or "spread" in node.type


def _argument(
    source: Source, arguments: Node, given: list[Node], one: Signature, subject: Subject, spelling: Spelling
) -> Placed | None:
    example, follow = subject.by_name[one.example], given[one.index]
    if any(hits(source.of(child), subject.new.words) for child in given):
        return None
    member = Member((follow,), frozenset((one.example,)))
    place = Place(source, arguments, "arguments", tuple(Member((n,), frozenset()) for n in given), 0)
    text = _text(place, member, example, subject, spelling, one)
    if text is None:
        return None
    anchor = Member((given[-1] if one.optional else follow,), frozenset())
    summary = f"{subject.new.name} passed to {one.name}"
    return Placed(source.line(anchor.end), summary, tuple(inserted(place, anchor, text)), 0.5, one.example)


def _text(
    place: Place, member: Member, example: Field, subject: Subject, spelling: Spelling, one: Signature
) -> str | None:
    source, given = place.source, place.source.of(member.nodes[0])
    if hits(given, example.words):
        text = cloned(place, member, example, subject, spelling)
        return text if isinstance(text, str) else None
    if one.optional or _is_vague(one.name):
        return None
    if member.nodes[0].type not in LITERALS:
        return zero(source.language, subject.new.type)
    if example.type != subject.new.type:
        label = spell(subject.new.words, Style.SPACED)
        return relit(given, source.language, subject.new.type, label) or zero(
            source.language, subject.new.type
        )
    bare = given.strip('"')
    return f'"{sample(bare, subject)}"' if " " in bare else given


def _is_vague(name: str) -> bool:
    """Whether a name is so common that a call of it may mean anything."""
    return all(word in NEUTRAL for word in words(name))
