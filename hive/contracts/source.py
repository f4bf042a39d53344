"""The bytes of a YAML or JSON contract, read once: text, value and positions."""

import json
from functools import cached_property, lru_cache

from hive.contracts.jsontext import read_json
from hive.contracts.node import MAX_BYTES, MAX_DEPTH, Json, Node
from hive.contracts.yamltext import read_yaml
from hive.errors import ContractError

BOM = "\ufeff"


class Source:
    """A parsed contract file; its values are shared and must not be changed."""

    def __init__(self, path: str, text: str, *, bom: bool, value: Json, root: Node | None = None) -> None:
        self.path = path
        self.text = text
        """Without a byte order mark."""
        self.bom = bom
        self.value: dict[str, Json] = value
        self._root = root

    @cached_property
    def root(self) -> Node:
        """The root map with positions; JSON pays for them only when they are asked for."""
        return self._root or read_json(self.path, self.text)

    @property
    def json(self) -> bool:
        """Whether the text is JSON."""
        return is_json(self.text)

    def line(self, pointer: tuple[str, ...]) -> int | None:
        """1-based line of the key at the end of a path, or of the nearest thing above it."""
        node, line = self.root, 1
        for step in pointer:
            pair = node.pair(step) if node.kind == "map" else None
            found = pair[1] if pair else node.at((step,))
            if found is None:
                break
            node, line = found, (pair[0] if pair else found).line
        return line


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON; a YAML file that is one flow map counts as JSON and must be it."""
    return text.lstrip()[:1] in ("{", "[")


def decode_contract(path: str, raw: bytes) -> str:
    """The bytes as text. Raises ContractError when they are too many or not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise ContractError(path, None, f"{len(raw)} bytes are more than the {MAX_BYTES} that hive reads")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContractError(path, line, f"not UTF-8: byte 0x{raw[error.start]:02x}") from error


@lru_cache(maxsize=4)
def read(path: str, raw: bytes) -> Source:
    """Parse YAML or JSON whose root is a map. Raises ContractError."""
    text = decode_contract(path, raw)
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    root = None
    if is_json(text):
        value = _json_value(path, text)
    else:
        root = read_yaml(path, text)
        value = root.value
    if not isinstance(value, dict):
        raise ContractError(path, 1, f"the root must be a map, not {value!r:.40}")
    return Source(path, text, bom=bom, value=value, root=root)


def _json_value(path: str, text: str) -> Json:
    """The C parser first; whatever it stumbles over, the reader with positions explains."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return read_json(path, text).value
    return value if _shallow(value) else read_json(path, text).value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _refuse(name: str) -> Json:
    raise ValueError(name)


def _shallow(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        if not below:
            return True
        level = below
    return False
