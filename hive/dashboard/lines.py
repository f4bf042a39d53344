"""One line of words for every event that means something to a person: pure."""

from typing import assert_never

from hive import events as e
from hive.dashboard import asking, phrases, queueing
from hive.text import one_line, plural

LINE = 400


def line(event: e.Event) -> str | None:
    """The event in one sanitized line; none for what says nothing to a person."""
    said: str | None
    match event:
        case (
            e.RunCreated()
            | e.RunPlanned()
            | e.PlanApproved()
            | e.ContractCommitted()
            | e.ResumeRequested()
            | e.RunFailed()
            | e.RunClosed()
        ):
            said = _of_run(event)
        case (
            e.WorkspaceCreated()
            | e.TurnStarted()
            | e.AgentReported()
            | e.TurnFinished()
            | e.WorkCollected()
            | e.ScopeGuarded()
            | e.TaskSettled()
            | e.WorkspaceRetired()
        ):
            said = _of_task(event)
        case (
            e.NotePosted()
            | e.CheckAnswered()
            | e.ContractProposed()
            | e.ProposalDecided()
            | e.ContractRevised()
        ):
            said = asking.line(event)
        case e.CheckStarted() | e.CheckFinished() | e.WorkReturned():
            said = _of_check(event)
        case (
            e.Approved()
            | e.Rejected()
            | e.Commented()
            | e.ReviewSubmitted()
            | e.CommentResolved()
            | e.MessageSent()
            | e.RetryRequested()
            | e.StopRequested()
            | e.LandRequested()
            | e.DiscardRequested()
        ):
            said = _of_person(event)
        case (
            e.BranchOffered()
            | e.LandingHeld()
            | e.LandingReleased()
            | e.LandingWithdrawn()
            | e.LandingReordered()
            | e.SpeculationConflicted()
            | e.QueueStopped()
            | e.QueueResumed()
        ):
            said = queueing.line(event)
        case (
            e.ChangesetMerged()
            | e.ChangesetTested()
            | e.LandingStarted()
            | e.TargetMoved()
            | e.Landed()
            | e.LandingRefused()
            | e.RebaseRequested()
            | e.RunRebased()
            | e.WorkRebased()
        ):
            said = _of_landing(event)
        case e.RequestsOpened() | e.RequestSeen() | e.WatchEnded():
            said = _of_requests(event)
        case e.LandingDelayed() | e.RepositoryLanded() | e.RollbackStarted() | e.RepositoryReverted():
            said = _of_parts(event)
        case e.Unknown() | e.Viewed():
            return None
        case _:
            assert_never(event)
    return one_line(said, LINE) if said else None


def _of_run(
    event: e.RunCreated
    | e.RunPlanned
    | e.PlanApproved
    | e.ContractCommitted
    | e.ResumeRequested
    | e.RunFailed
    | e.RunClosed,
) -> str:
    match event:
        case e.RunCreated():
            return _created(event)
        case e.RunPlanned():
            services = ", ".join(task.service for task in event.plan.tasks)
            count = plural(len(event.plan.tasks), "service")
            maker = phrases.planning(event.plan.planning)
            whose = f", by {maker}" if maker else ""
            return f"planned {count} ({services}), {phrases.severities(event.plan.changes)}{whose}"
        case e.PlanApproved():
            return f"plan approved by {event.by}"
        case e.ContractCommitted():
            return f"contract committed as {phrases.short(event.commit)}"
        case e.ResumeRequested():
            return f"resumed by {event.by}"
        case e.RunFailed():
            return f"failed: {event.reason}" + (f"; next: {event.next_step}" if event.next_step else "")
        case e.RunClosed():
            return f"closed, {event.outcome}"


def _created(event: e.RunCreated) -> str:
    parts = [
        f"{one_line(event.request)} (from {phrases.short(event.base)} to {event.target}",
        f"agent {event.policy.agent}",
        "no sandbox" if event.sandbox == "none" else f"sandbox {event.sandbox}",
        "trusted)" if event.trusted else "not trusted: its commands do not run)",
    ]
    if event.left_out:
        parts.append(f"not seen: {plural(len(event.left_out), 'uncommitted file')}")
    return ", ".join(parts)


def _of_task(
    event: e.WorkspaceCreated
    | e.TurnStarted
    | e.AgentReported
    | e.TurnFinished
    | e.WorkCollected
    | e.ScopeGuarded
    | e.TaskSettled
    | e.WorkspaceRetired,
) -> str | None:
    match event:
        case e.WorkspaceCreated():
            return "workspace ready"
        case e.TurnStarted():
            told = f" with {plural(len(event.feedback), 'remark')}" if event.feedback else ""
            return f"{event.agent} begins turn {event.turn}{told}"
        case e.AgentReported():
            return phrases.reported(event.report)
        case e.TurnFinished():
            return _because(f"turn {event.turn} {event.outcome.replace('_', ' ')}", event.reason)
        case e.WorkCollected():
            return phrases.changed(event.files)
        case e.ScopeGuarded():
            return _guarded(event)
        case e.TaskSettled():
            return _because("ready for review" if event.outcome == "ready" else "stuck", event.reason)
        case e.WorkspaceRetired():
            return f"workspace retired, work kept at {event.ref}"


def _guarded(event: e.ScopeGuarded) -> str | None:
    if not event.violations:
        return None
    first = event.violations[0]
    more = f" and {len(event.violations) - 1} more" if len(event.violations) > 1 else ""
    return f"out of scope: {one_line(first.path)} ({first.rule}: {one_line(first.reason)}){more}"


def _of_check(event: e.CheckStarted | e.CheckFinished | e.WorkReturned) -> str:
    match event:
        case e.CheckStarted():
            return f"running {event.check}" + (f": {event.command}" if event.command else "")
        case e.CheckFinished():
            on = {None: "on the whole changeset: ", 0: "on the base: "}.get(event.turn, "")
            return on + phrases.checked(event.evidence)
        case e.WorkReturned():
            return _because(f"turn {event.turn} goes back to the agent", event.reason)


def _of_person(
    event: e.Approved
    | e.Rejected
    | e.Commented
    | e.ReviewSubmitted
    | e.CommentResolved
    | e.MessageSent
    | e.RetryRequested
    | e.StopRequested
    | e.LandRequested
    | e.DiscardRequested,
) -> str:
    match event:
        case e.Approved():
            return f"approved by {event.by}"
        case e.Rejected():
            return _because(f"rejected by {event.by}", event.reason)
        case e.Commented():
            where = event.element or (phrases.place(event.path, event.line) if event.path else "")
            kind = "draft of a comment" if event.draft else "comment"
            return f"{kind} by {event.by}: {f'{one_line(where)}: ' if where else ''}{one_line(event.text)}"
        case e.ReviewSubmitted():
            return f"comments submitted by {event.by}"
        case e.CommentResolved():
            return f"{plural(len(event.comments), 'comment')} resolved by {event.by}"
        case e.MessageSent():
            return f"{event.by} {phrases.sent(event.message)}"
        case e.RetryRequested():
            return f"another turn asked for by {event.by}"
        case e.StopRequested():
            return f"stopped by {event.by}"
        case e.LandRequested():
            return f"queued for landing by {event.by}" + queueing.wishes(event)
        case e.DiscardRequested():
            return _because(f"discarded by {event.by}", event.reason)


def _of_landing(
    event: e.ChangesetMerged
    | e.ChangesetTested
    | e.LandingStarted
    | e.TargetMoved
    | e.Landed
    | e.LandingRefused
    | e.RebaseRequested
    | e.RunRebased
    | e.WorkRebased,
) -> str:
    match event:
        case e.ChangesetMerged():
            ahead = f" and {plural(len(event.beneath), 'changeset')} ahead" if event.beneath else ""
            return f"merged onto {phrases.short(event.onto)}{ahead} as {phrases.short(event.commit)}"
        case e.ChangesetTested():
            return _because("changeset passed" if event.passed else "changeset failed", event.reason)
        case e.LandingStarted():
            return f"moving {event.ref} from {phrases.short(event.old)} to {phrases.short(event.new)}"
        case e.TargetMoved():
            return f"{event.ref} has moved to {phrases.short(event.found)}: merged and tested again"
        case e.Landed():
            return _because(f"landed {phrases.short(event.new)} on {event.ref}", event.note)
        case e.RebaseRequested():
            return f"made again on {phrases.short(event.onto)}: {event.reason}"
        case e.RunRebased():
            return f"contract committed anew on {phrases.short(event.onto)} as {phrases.short(event.commit)}"
        case e.WorkRebased():
            return _rebased(event)
        case e.LandingRefused():
            return f"landing refused: {event.reason}; next: {event.next_step}"


def _of_requests(event: e.RequestsOpened | e.RequestSeen | e.WatchEnded) -> str:
    match event:
        case e.RequestsOpened():
            return f"waits for the pull request: {', '.join(each.url for each in event.requests)}"
        case e.RequestSeen():
            what = f"{event.repository}: pull request {event.state}".removeprefix(": ")
            return _because(what, event.summary)
        case e.WatchEnded():
            return _because("the pull request is no longer looked at; hive resume looks again", event.reason)


def _of_parts(
    event: e.LandingDelayed | e.RepositoryLanded | e.RollbackStarted | e.RepositoryReverted,
) -> str:
    match event:
        case e.LandingDelayed():
            again = f"attempt {event.attempt} to land failed, once more in {event.seconds:g} s"
            return _because(again, event.reason)
        case e.RepositoryLanded():
            return _because(f"{event.repository} has {phrases.short(event.new)} on {event.ref}", event.note)
        case e.RollbackStarted():
            return _because(f"{event.repository} refuses, the others are taken back", event.reason)
        case e.RepositoryReverted():
            if not event.commit:
                return _because(f"{event.repository} COULD NOT be taken back", event.reason)
            return f"{event.repository} taken back by {phrases.short(event.commit)}"


def _rebased(event: e.WorkRebased) -> str:
    if event.conflicts:
        return (
            f"conflicts with what landed, to be done again: {', '.join(map(one_line, event.conflicts[:5]))}"
        )
    if event.told:
        return "fails together with what landed, to be worked on again"
    return "moved onto the new contract commit"


def _because(what: str, reason: str) -> str:
    return f"{what}: {one_line(reason)}" if reason else what
