"""Just enough YAML to hold the service against its contract without a dependency."""

import re
from itertools import takewhile
from pathlib import Path

CONTRACTS = Path(__file__).parents[3] / "contracts"


def properties(contract: str, schema: str) -> dict[str, dict[str, str]]:
    """The properties of a schema, each with the attributes that are written directly at it."""
    lines = (CONTRACTS / contract).read_text().splitlines()
    lines = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    body = _below(_below(lines, schema), "properties")
    names = [line for line in body if _depth(line) == _depth(body[0])]
    found = {}
    for line in names:
        start = body.index(line)
        own = [line, *takewhile(lambda deeper: deeper not in names, body[start + 1 :])]
        pairs = re.findall(r"(\w+): ([^,{}\n]+)", "\n".join(own))
        found[line.split(":")[0].strip()] = dict(pairs)
    return found


def _below(lines: list[str], key: str) -> list[str]:
    start = next(number for number, line in enumerate(lines) if line.strip() == f"{key}:")
    return list(takewhile(lambda line: _depth(line) > _depth(lines[start]), lines[start + 1 :]))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
