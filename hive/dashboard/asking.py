"""What agents asked of hive, in one line each: pure."""

from hive import events as e
from hive.dashboard import phrases
from hive.text import one_line, plural

Asking = e.NotePosted | e.CheckAnswered | e.ContractProposed | e.ProposalDecided | e.ContractRevised


def line(event: Asking) -> str:
    """The event in words; outside text in them is made one sanitized line."""
    match event:
        case e.NotePosted():
            return f"note to {one_line(event.to or 'everybody')}: {one_line(event.text)}"
        case e.CheckAnswered():
            return f"asked for its checks: {phrases.checked(event.evidence)}"
        case e.ContractProposed():
            changes = plural(len(event.changes), "change")
            return f"proposes {changes} of {one_line(event.path)}, {event.severity}: {one_line(event.reason)}"
        case e.ProposalDecided():
            verdict = "approved" if event.approved else "rejected"
            why = f": {one_line(event.reason)}" if event.reason else ""
            return f"proposal {event.proposal} {verdict} by {one_line(event.by)}{why}"
        case e.ContractRevised():
            touched = ", ".join(map(one_line, event.services))
            commit = phrases.short(event.commit)
            return f"contract version {event.version} committed as {commit} (proposal {event.proposal}), for {touched}"
