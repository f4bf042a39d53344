"""Adding and removing pairs and items in the text of YAML or JSON, in the style of their neighbours."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise

from hive.contracts.node import Node
from hive.contracts.textedit import Edit, indent_of, line_end, line_start, newline, next_line
from hive.contracts.yamltext import plain_value

_PLAIN = re.compile(r"[A-Za-z_$][\w./-]*\Z", re.ASCII)
_WORDS_OF_YAML_1_1 = {"y", "n", "yes", "no", "on", "off"}
Pairs = Sequence[tuple[str, object]]
"""Keys and values to write: strings, or values that JSON writes on one line."""
Members = Sequence[tuple[str, object]]
"""Keys with values of any shape."""


class Writer:
    """Writes into one text; collects edits."""

    def __init__(self, text: str, *, json_text: bool, reference: tuple[Node, Node] | None = None) -> None:
        self.text = text
        self.reference = reference
        """Some `$ref` pair of the text, whose quotes new references copy."""
        self.json = json_text
        self.newline = newline(text)
        self.edits: list[Edit] = []

    def put(self, start: int, end: int, text: str) -> None:
        """Replace a span."""
        self.edits.append(Edit(start, end, text))

    def scalar(self, value: object, style: str = "") -> str:
        """A scalar as text, quoted like its neighbours where it need not be quoted anyway."""
        if not isinstance(value, str):
            return json.dumps(value)
        if self.json or style == '"':
            return json.dumps(value, ensure_ascii=False)
        if style == "'" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        plain = _PLAIN.match(value) and plain_value(value) == value
        if plain and value.lower() not in _WORDS_OF_YAML_1_1:
            return value
        return self.scalar(value, "'" if value.isprintable() else '"')

    # --- maps ---

    def add_pair(self, owner: Node, key: str, value: Pairs, like: Node | None) -> None:
        """Add `key: value` at the end of a map; `like` is a value whose layout is copied."""
        if owner.flow:
            self._add_flow_pair(owner, key, value, like)
        else:
            self._add_block_pair(owner, key, value, like)

    def _add_block_pair(self, owner: Node, key: str, value: Pairs, like: Node | None) -> None:
        last_key, last = owner.pairs[-1]
        indent = " " * last_key.column
        name = self.scalar(key, _common_style([one for one, _ in owner.pairs]))
        if like is not None and like.flow:
            lines = [f"{indent}{name}: {self.flow_map(value, like)}"]
        else:
            lines = [f"{indent}{name}:", *self._block_lines(value, like, last_key.column)]
        gap = [""] if self._spaced(owner) else []
        self.insert_lines(self._end_of(last_key, last), gap + lines)

    def _block_lines(self, value: Pairs, like: Node | None, column: int) -> list[str]:
        inner = like.pairs[0][0].column if like is not None and like.pairs else column + 2
        inner = inner if inner > column else column + 2
        keys, values = self._styles(value, like)
        return [f"{' ' * inner}{self.scalar(key, keys)}: {self.inline(one, values)}" for key, one in value]

    def _styles(self, value: Pairs, like: Node | None) -> tuple[str, str]:
        """The quotes of keys and values: of the file's references for a reference, else of the neighbour."""
        if [key for key, _ in value] == ["$ref"] and self.reference is not None:
            key, target = self.reference
            return key.style, target.style
        if like is None:
            return "", ""
        return _common_style([key for key, _ in like.pairs]), _value_style(like)

    def inline(self, value: object, style: str = "") -> str:
        """A value on one line."""
        if isinstance(value, str):
            return self.scalar(value, style)
        if isinstance(value, dict) and value:
            inner = ", ".join(f"{self.scalar(str(k))}: {self.inline(v)}" for k, v in value.items())
            return "{" + inner + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.inline(one) for one in value) + "]"
        return json.dumps(value)

    def _spaced(self, owner: Node) -> bool:
        """Whether all pairs are kept apart by empty lines."""
        gaps = [
            self.text[self.real_end(value) : line_start(self.text, key.start)]
            for (_, value), (key, _) in pairwise(owner.pairs)
        ]
        return bool(gaps) and all(gap.count("\n") > 1 and not gap.strip() for gap in gaps)

    def real_end(self, node: Node) -> int:
        """Where a value really ends: a block scalar's span runs on over empty lines."""
        while node.kind != "scalar" and not node.flow and list(node.children()):
            node = list(node.children())[-1]
        return node.start + len(self.text[node.start : node.end].rstrip()) if node.style in "|>" else node.end

    def _end_of(self, key: Node, value: Node) -> int:
        return max(key.end, self.real_end(value))

    def insert_lines(self, after: int, lines: list[str]) -> None:
        """Insert whole lines behind the line of a position."""
        end = line_end(self.text, after)
        self.put(end, end, "".join(self.newline + line for line in lines))

    def flow_map(self, value: Pairs, like: Node | None) -> str:
        """A map on one line, or over several as `like` is."""
        pad, colon, between, close = self._layout(like)
        keys, values = self._styles(value, like)
        inner = between.join(f"{self.scalar(k, keys)}{colon}{self.inline(v, values)}" for k, v in value)
        return "{" + pad + inner + close + "}"

    def _layout(self, like: Node | None) -> tuple[str, str, str, str]:
        """What stands after `{`, after a key, between pairs and before `}`."""
        if like is None or not like.pairs or like.kind != "map":
            return ("", ": ", ", ", "") if self.json else (" ", ": ", ", ", " ")
        key, value = like.pairs[0]
        pad = self._white(like.start + 1, key.start)
        last = like.pairs[-1][1]
        close = self._white(last.end, like.end - 1)
        colon = self.text[key.end : value.start]
        between = "," + pad if "\n" in pad else ", "
        return pad, colon if colon.strip() == ":" else ": ", between, close

    def _white(self, start: int, end: int) -> str:
        text = self.text[start:end].replace(",", "")
        return text if not text.strip() else self.newline + text.rpartition("\n")[2] if "\n" in text else " "

    def _add_flow_pair(self, owner: Node, key: str, value: Pairs, like: Node | None) -> None:
        style = _common_style([one for one, _ in owner.pairs])
        _, colon, _, _ = self._layout(owner)
        if not owner.pairs:
            self._fill_flow_map(owner, key, value)
            return
        text = f"{self.scalar(key, style)}{colon}{self.flow_map(value, like)}"
        last = owner.pairs[-1][1]
        self.put(last.end, last.end, self._separator(owner) + text)

    def _separator(self, owner: Node) -> str:
        first = owner.pairs[0][0]
        last_key = owner.pairs[-1][0]
        before = owner.pairs[-2][1].end if len(owner.pairs) > 1 else owner.start + 1
        white = (
            self._white(before, last_key.start) if len(owner.pairs) > 1 else self._white(before, first.start)
        )
        return "," + (white if "\n" in white or white else " ")

    def _fill_flow_map(self, owner: Node, key: str, value: Pairs) -> None:
        """The first pair of `{}`."""
        name = self.scalar(key, '"' if self.json else "")
        outer = indent_of(self.text, owner.start)
        if not self.json or "\n" not in self.text:
            self.put(owner.start, owner.end, "{" + f"{name}: {self.flow_map(value, None)}" + "}")
            return
        unit = self.unit()
        inner = outer + unit
        lines = [f"{inner}{unit}{self.scalar(k)}: {self.inline(v, '')}" for k, v in value]
        body = f",{self.newline}".join(lines)
        text = f"{inner}{name}: {{{self.newline}{body}{self.newline}{inner}}}"
        self.put(owner.start, owner.end, "{" + self.newline + text + self.newline + outer + "}")

    def add_members(self, owner: Node, members: Members) -> None:
        """Add keys with any values at the end of a map that has some already."""
        last_key, last = owner.pairs[-1]
        if owner.flow:
            colon = self._layout(owner)[1]
            separator = self._separator(owner)
            indent = separator.rpartition("\n")[2] if "\n" in separator else None
            texts = [f"{self.scalar(k, last_key.style)}{colon}{self._nested(v, indent)}" for k, v in members]
            self.put(last.end, last.end, "".join(separator + text for text in texts))
            return
        pad = " " * last_key.column
        lines = [f"{pad}{self.scalar(key, last_key.style)}: {self.inline(value)}" for key, value in members]
        self.insert_lines(self._end_of(last_key, last), lines)

    def _nested(self, value: object, indent: str | None) -> str:
        """A value inside flow text; over several lines where the file has one key per line."""
        if indent is None or not self.json:
            return self.inline(value)
        if isinstance(value, list) and len(value) < 2:
            return self.inline(value)
        text = json.dumps(value, indent=self.unit(), ensure_ascii=False)
        return text.replace("\n", self.newline + indent)

    def replace_members(self, owner: Node, old: list[int], new: Members) -> None:
        """Put some pairs in the place of others of the same map."""
        pairs = owner.pairs
        first_key, _ = pairs[old[0]]
        keys, style = self._styles([(key, "") for key, _ in new], owner)
        keys = keys or first_key.style
        colon = self._layout(owner)[1] if owner.flow else ": "
        texts = [f"{self.scalar(key, keys)}{colon}{self.inline(v, style)}" for key, v in new]
        if owner.flow:
            kept = [self.text[key.start : value.end] for key, value in pairs]
            parts = [
                t for i in range(len(pairs)) for t in (texts if i == old[0] else [kept[i]] * (i not in old))
            ]
            pad, _, between, close = self._layout(owner)
            self.put(owner.start, owner.end, "{" + pad + between.join(parts) + close + "}")
            return
        joint = self.newline + " " * first_key.column
        self.put(first_key.start, self._end_of(*pairs[old[0]]), joint.join(texts))
        for index in old[1:]:
            self.remove(owner, index)

    def unit(self) -> str:
        """One step of indentation, as the text uses it first."""
        match = re.search(r"\n([ \t]+)\S", self.text)
        return match[1] if match else "  "

    def remove(self, owner: Node, index: int) -> None:
        """Take a pair of a map, or an item of a list, out; its neighbours keep their layout."""
        spans = _spans(owner)
        start, end = spans[index]
        if owner.flow:
            self._remove_flow(owner, spans, index)
            return
        if owner.kind == "map":
            end = max(owner.pairs[index][0].end, self.real_end(owner.pairs[index][1]))
        else:
            end = self.real_end(owner.items[index])
            start = self.text.rfind("-", 0, start)
        first = line_start(self.text, start)
        if self.text[first:start].strip():
            # The first thing behind a dash: what follows takes its place.
            self.put(start, spans[index + 1][0] if index + 1 < len(spans) else end, "")
            return
        stop = next_line(self.text, end)
        if stop == len(self.text) and not self.text.endswith("\n") and first:
            first -= len(self.newline)
        self.put(first, stop, "")

    def _remove_flow(self, owner: Node, spans: list[tuple[int, int]], index: int) -> None:
        start, end = spans[index]
        if len(spans) == 1:
            self.put(owner.start + 1, owner.end - 1, "")
        elif index + 1 < len(spans):
            self.put(start, spans[index + 1][0], "")
        else:
            self.put(spans[index - 1][1], end, "")

    # --- lists ---

    def add_item(self, owner: Node, value: str) -> None:
        """Add a string at the end of a list that has items."""
        last = owner.items[-1]
        text = self.scalar(value, last.style)
        if owner.flow:
            before = owner.items[-2].end if len(owner.items) > 1 else owner.start + 1
            white = self._white(before, last.start)
            separator = "," + (white or (" " if len(owner.items) == 1 else ""))
            self.put(last.end, last.end, separator + text)
            return
        dash = self.text[line_start(self.text, last.start) : last.start]
        self.insert_lines(last.end, [dash + text])


def _spans(owner: Node) -> list[tuple[int, int]]:
    if owner.kind == "map":
        return [(key.start, max(key.end, value.end)) for key, value in owner.pairs]
    return [(item.start, item.end) for item in owner.items]


def _common_style(nodes: list[Node]) -> str:
    """The quote that all nodes have; none when they differ."""
    styles = {node.style for node in nodes}
    return styles.pop() if len(styles) == 1 else ""


def _value_style(like: Node | None) -> str:
    if like is None:
        return ""
    found = like.get("type") or like.get("$ref")
    return found.style if found is not None and found.style in ("'", '"') else ""
