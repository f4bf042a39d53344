"""What a check can see, as one digest: equal inputs are never checked twice. Pure."""

from collections.abc import Mapping

from hive.model import digest

_FORM = "check-inputs-2"
"""Changes when checks are run or judged in another way, so that older evidence is not reused."""


def inputs_digest(
    check: str, command: str | None, subtrees: Mapping[str, str], toolchain: Mapping[str, str] | None = None
) -> str:
    """A digest over the command, the git id of every visible path, and whatever else decides the outcome.

    `subtrees` maps each path of the export to its tree or blob id; one that does not exist maps to "".
    """
    parts = [_FORM, check, "none" if command is None else f"command {command}"]
    for kind, values in (("path", subtrees), ("tool", toolchain or {})):
        for name, value in sorted(values.items()):
            parts += [kind, name, value]
    return digest(*parts)
