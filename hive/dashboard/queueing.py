"""One line for each event of the merge queue: pure."""

from hive import events as e
from hive.dashboard import phrases
from hive.text import plural

Queueing = (
    e.BranchOffered
    | e.LandingHeld
    | e.LandingReleased
    | e.LandingWithdrawn
    | e.LandingReordered
    | e.SpeculationConflicted
    | e.QueueStopped
    | e.QueueResumed
)


def line(event: Queueing) -> str:
    """What happened, in words."""
    match event:
        case e.BranchOffered():
            files = plural(len(event.files), "file")
            return f"branch {event.branch} at {phrases.short(event.commit)} ({files}) offered by {event.by}"
        case e.LandingHeld():
            return _because(f"held in the queue by {event.by}", event.reason)
        case e.LandingReleased():
            return f"released by {event.by}"
        case e.LandingWithdrawn():
            return _because(f"taken out of the queue by {event.by}", event.reason)
        case e.LandingReordered():
            return f"moved in the queue by {event.by}{_place(event.priority, event.before)}"
        case e.SpeculationConflicted():
            names = ", ".join(name for name, _ in event.beneath)
            return _because(f"does not merge on top of {names}", event.reason)
        case e.QueueStopped():
            return f"queue of {event.target} stopped: {event.reason}; next: {event.next_step}"
        case e.QueueResumed():
            return f"queue of {event.target} goes on, says {event.by}"


def wishes(event: e.LandRequested) -> str:
    """What was asked for besides, such as a priority."""
    after = f", after {', '.join(event.after)}" if event.after else ""
    return (f", priority {event.priority}" if event.priority else "") + after


def _place(priority: int | None, before: str | None) -> str:
    return (f", priority {priority}" if priority is not None else "") + (
        f", before {before}" if before else ""
    )


def _because(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what
