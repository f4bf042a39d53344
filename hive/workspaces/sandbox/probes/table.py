"""The probes and what is expected of each mode: data, beside this file."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from hive.model import Value

Mode = Literal["bubblewrap", "bubblewrap + list", "none"]
MODES: tuple[Mode, ...] = ("bubblewrap", "bubblewrap + list", "none")
Outcome = Literal["held", "open", "absent"]
"""`absent`: this machine has nothing of the kind to try it on."""
Expected = Literal["held", "open", "either"]
"""`either`: the system's own permissions decide, such as whether hive runs as root."""


class Probe(Value):
    """One thing that is tried from inside."""

    name: str
    what: str
    bubblewrap: Expected
    listed: Expected
    none: Expected

    def expected(self, mode: Mode) -> Expected:
        """What should come of it in that mode."""
        match mode:
            case "bubblewrap":
                return self.bubblewrap
            case "bubblewrap + list":
                return self.listed
            case "none":
                return self.none


class Row(NamedTuple):
    """One probe in one mode on this machine."""

    probe: Probe
    mode: Mode
    outcome: Outcome

    @property
    def as_expected(self) -> bool:
        """Whether it came out as the table says, or could not be tried here."""
        return self.outcome == "absent" or self.probe.expected(self.mode) in (self.outcome, "either")


@cache
def probes() -> tuple[Probe, ...]:
    """All of them, in the order of the table."""
    text = files(__package__).joinpath("probes.toml").read_text("utf-8")
    return tuple(Probe(name=name, **given) for name, given in tomllib.loads(text).items())


def table_text(rows: list[Row]) -> str:
    """The outcomes as a table for people; `!` marks one that is other than it should be."""
    modes = [mode for mode in MODES if any(row.mode == mode for row in rows)]
    found = {(row.probe.name, row.mode): row.outcome + ("" if row.as_expected else " !") for row in rows}
    lines = [f"{'a confined command …':<74}" + "".join(f"{mode:<19}" for mode in modes).rstrip()]
    lines += [
        f"{probe.what:<74}" + "".join(f"{found[probe.name, mode]:<19}" for mode in modes).rstrip()
        for probe in probes()
    ]
    return "\n".join(lines)


def document() -> str:
    """What is expected, as the table of docs/sandbox.md."""
    head = "| a confined command … | bubblewrap | bubblewrap + list | none |\n|---|---|---|---|"
    return "\n".join([head, *(f"| {p.what} | {p.bubblewrap} | {p.listed} | {p.none} |" for p in probes())])
