"""How a changeset landed, or did not, and what landing promises: the same lines on every screen."""

from rich.text import Text

from hive.dashboard import phrases
from hive.dashboard.palette import BAD, DIM, GOOD, WARN, safe
from hive.state import RunState


def landing_lines(run: RunState) -> list[Text]:
    """Each repository's part, the end of it all, and the guarantee."""
    lines = [_repository(run, name) for name in run.parts]
    for name, request in run.requests.items():
        seen = run.seen.get(name)
        said = f"{seen.state} {seen.summary}" if seen else "open"
        lines.append(safe(f"{name or 'pull request'}: {said} {request.url}", WARN))
    if run.landed:
        where = f"{run.landed.remote} {run.landed.ref}".strip()
        note = f": {run.landed.note}" if run.landed.note else ""
        lines.append(safe(f"landed {phrases.short(run.landed.new)} on {where}{note}", GOOD))
    if run.refused:
        lines.append(safe(f"refused: {run.refused.reason}", BAD))
        lines.append(safe(f"next: {run.refused.next_step}", DIM))
    return [*lines, safe(run.guarantee, DIM)]


def _repository(run: RunState, name: str) -> Text:
    landed, back = run.parts[name], run.taken_back.get(name)
    said = f"{name}: {phrases.short(landed.new)} on {landed.ref} {landed.note}"
    if back is None:
        return safe(said, GOOD)
    if back.commit:
        return safe(f"{said} taken back by {phrases.short(back.commit)}", WARN)
    return safe(f"{said} STILL THERE, not taken back: {back.reason}", BAD)
