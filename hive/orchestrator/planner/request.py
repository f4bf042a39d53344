"""What a sentence asks for, before it is known which entity it means."""

import re
from collections.abc import Sequence

from hive.agents.propagate.naming import listed
from hive.errors import UsageError
from hive.model import Value
from hive.orchestrator.planner.phrase import (
    FIELD_WORDS,
    REQUIREMENTS,
    TYPES,
    Described,
    Token,
    describe,
    entity,
    split,
    take_type,
    tokens,
    type_of,
)
from hive.text import one_line


class Add(Value):
    """Add a field; what is not said is none."""

    field: str
    entity: str | None = None
    type: str | None = None
    required: bool = False


class Remove(Value):
    """Remove a field."""

    field: str
    entity: str | None = None


class Rename(Value):
    """Give a field another name."""

    field: str
    new_name: str
    entity: str | None = None


class Retype(Value):
    """Give a field another type."""

    field: str
    type: str
    entity: str | None = None


class Move(Value):
    """Let services move from one field to another that is there already; no contract changes."""

    field: str
    new_name: str
    entity: str | None = None


Edit = Add | Remove | Rename | Retype
"""What changes a contract."""
Wish = Edit | Move

SHAPES = (
    "`add FIELD[:TYPE] [to ENTITY]`, `remove FIELD from ENTITY`, `rename ENTITY.FIELD to NAME`, "
    "`change type of ENTITY.FIELD to TYPE` and `migrate ENTITY.FIELD to OTHER_FIELD`"
)
LONGEST_REQUEST = 300


class NotUnderstoodError(UsageError):
    """The words are not in a shape that grammar knows; somebody else may understand them."""


_POLITE = re.compile(
    r"^(?:(?:please|hive|let[’']?s|(?:can|could|would|will) you|we (?:need|want|have) to|we should|"
    r"i(?:[’']d| would) like(?: you)? to|i (?:want|need)(?: you)? to)\b[\s,:]*)+",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:[\s,]*\bplease)?[\s.!?]*$", re.IGNORECASE)
_ACRONYM = 3
_ADD = frozenset({"add", "introduce", "append", "include", "insert", "create", "put"})
_REMOVE = frozenset({"remove", "drop", "delete"})
_RETYPE = frozenset({"change", "make", "turn", "convert", "retype", "set"})
_HOME = frozenset({"to", "on", "onto", "in", "into", "for", "within", "of"})
_OWNER = frozenset({"of", "from", "on", "in", "for", "within"})
_OTHER_WORK = listed(
    "endpoint endpoints route routes event events operation rpc method webhook topic queue enum"
)


def understand(request: str, to: str | None = None) -> Wish:
    """What the request asks for; `to` names the entity whatever the sentence says. Raises UsageError."""
    said = tokens(_ENDING.sub("", _POLITE.sub("", one_line(request, LONGEST_REQUEST + 1))))
    if not said or len(request) > LONGEST_REQUEST:
        raise _not_understood(request)
    if _sets_default(said):
        raise _refusal(request, said)
    verb, rest = said[0].word, said[1:]
    if verb == "get" and [t.word for t in rest[:2]] == ["rid", "of"]:
        verb, rest = "remove", rest[2:]
    wish = _wish(verb, rest, said, to)
    if wish is None:
        raise _refusal(request, said)
    if wish.entity and "and" in wish.entity.lower().split():
        raise _not_understood(request, "one entity per run")
    return wish


def _wish(verb: str, rest: list[Token], said: list[Token], to: str | None) -> Wish | None:
    if verb in _ADD:
        return _add(*_home(rest), to)
    if verb == "give":
        return _add(rest[1:], entity(rest[:1]), to)
    if verb == "extend":
        owner, subject = split(rest, {"with", "by"})
        return _add(subject, entity(owner), to)
    if verb in _REMOVE:
        return _remove(rest, to)
    if verb in ("rename", "migrate"):
        return _renamed(verb, rest, to)
    if verb in _RETYPE:
        return _retype(rest, to)
    words = [t.word for t in said]
    if "should" in words or "must" in words:
        index = min(words.index(w) for w in ("should", "must") if w in words)
        return _retype([*said[:index], *said[index + 1 :]], to) if words[index + 1 :][:1] == ["be"] else None
    if (len(said) == 1 and "." in said[0].text) or words[1:2] == [":"]:
        return _add(said, None, to)
    return None


def _home(rest: Sequence[Token]) -> tuple[list[Token], str | None]:
    """`loyalty_points to the User schema as integer` -> (`loyalty_points : integer`, `User`)."""
    bare, said = take_type(rest)
    subject, home = split(bare, _HOME - {"of"})
    owner = entity(home)
    typed = [Token(":"), *said] if said else []
    return ([*subject, *typed], owner) if owner else ([*bare, *typed], None)


def _add(subject: Sequence[Token], owner: str | None, to: str | None) -> Add | None:
    field = describe(subject)
    if field is None or _is_other_work(field, subject):
        return None
    home = to or owner or field.entity
    if home is None and not field.sure:
        return None
    return Add(field=field.name, entity=home, type=field.type, required=bool(field.required))


def _is_other_work(field: Described, said: Sequence[Token]) -> bool:
    """Whether `refund endpoint` or `enum value X` is meant; `shipping_method`, written as one word, is a name."""
    if any(token.word in _OTHER_WORK for token in said[:1]) or _is_value(said):
        return True
    if field.sure and any(token.text.rpartition(".")[2] == field.name for token in said):
        return False
    return field.name.lower().split("_")[-1] in _OTHER_WORK


def _sets_default(said: Sequence[Token]) -> bool:
    """Whether a value is asked for besides: `with default 0`; `default currency` is a name."""
    for before, token, after in zip([Token(""), *said], said, [*said[1:], Token("")], strict=False):
        if token.word in ("defaults", "defaulting"):
            return True
        value = bool(after.text) and not after.text[0].isalpha()
        if token.word == "default" and (before.word in ("with", "by", ",") or value):
            return True
    return False


def _is_value(said: Sequence[Token]) -> bool:
    """Whether the last word is written like a value of an enumeration: `status REFUNDED`."""
    last = said[-1].text if said else ""
    return len(said) > 1 and len(last) > _ACRONYM and last.isupper()


def _remove(rest: list[Token], to: str | None) -> Remove | None:
    field, owner = _owned(rest, to)
    return Remove(field=field.name, entity=owner) if field and not _is_other_work(field, rest) else None


def _renamed(verb: str, rest: list[Token], to: str | None) -> Rename | Move | None:
    left, right = split(rest, {"to", "as", "into"})
    field, owner = _owned(left, None)
    target, home = split(right, _OWNER)
    new = describe(target) if target else None
    if field is None or new is None or new.type:
        return None
    made = Rename if verb == "rename" else Move
    return made(field=field.name, new_name=new.name, entity=to or owner or entity(home))


def _retype(rest: list[Token], to: str | None) -> Retype | None:
    words = [t.word for t in rest]
    if words[:2] == ["type", "of"]:
        rest = rest[2:]
    left, said = split(rest, {"to", "into", "as", "be", ":"})
    if not said:
        left, said = rest[:-1], rest[-1:]
    left = [t for i, t in enumerate(left) if not (i and t.word == "type")]
    wanted = type_of(said)
    field, owner = _owned(left, to)
    if field is None or wanted is None or len(said) > 2 or not _is_type(wanted):
        return None
    return Retype(field=field.name, type=wanted, entity=owner)


def _is_type(word: str) -> bool:
    """Whether it can only be a type: one of hive's words, or a name that looks like an entity's."""
    return word.removesuffix("[]") in TYPES.values() or word[:1].isupper()


def _owned(phrase: Sequence[Token], to: str | None) -> tuple[Described | None, str | None]:
    subject, home = split(phrase, _OWNER)
    field = describe(subject)
    return field, (to or entity(home) or (field.entity if field else None))


def _refusal(request: str, said: Sequence[Token]) -> NotUnderstoodError:
    words = {t.word for t in said}
    if words & _OTHER_WORK and not words & FIELD_WORDS:
        return NotUnderstoodError(
            f"the grammar planner only changes fields, not endpoints, events or values of an enum: {_quoted(request)}",
            next_step="change the contract by hand first",
        )
    if _sets_default(said):
        return _not_understood(request, "a default is each service's own: say it without")
    if words & {"and", ","}:
        return _not_understood(request, "one field per run")
    if words & set(REQUIREMENTS) and said[0].word in _RETYPE:
        return _not_understood(request, "optional and required cannot be changed by this planner")
    return _not_understood(request)


def _not_understood(request: str, why: str = "") -> NotUnderstoodError:
    reason = f" ({why})" if why else ""
    return NotUnderstoodError(
        f"the request is not understood: {_quoted(request)}{reason}; understood are {SHAPES}",
        next_step='say it in one of these shapes, such as "add loyalty_points:integer to User"',
    )


def _quoted(request: str) -> str:
    return repr(one_line(request, LONGEST_REQUEST))
