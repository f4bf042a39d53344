"""The fold of a review: what each event changes about a service's comments."""

from hive import events as e
from hive.state.comment import Comment
from hive.state.task import TaskState


def review(task: TaskState, event: e.Event, seq: int) -> None:
    """One event further; the rest of the task has taken it in already."""
    match event:
        case e.Commented():
            commit = task.work.commit if task.work else None
            task.remarks.append(Comment(seq, event, commit, event.line, draft=event.draft))
        case e.CommentResolved():
            for comment in task.remarks:
                if comment.id in event.comments:
                    comment.resolved = event
        case e.TurnFinished():
            for comment in task.remarks:
                if comment.turn == event.turn:
                    comment.claimed = event.outcome == "finished"
        case e.WorkCollected():
            task.works[event.turn] = event.commit
            _anchor(task, event)
        case e.Viewed():
            task.viewed[event.by] = event
        case _:
            pass


def taken(task: TaskState, event: e.TurnStarted) -> tuple[Comment, ...]:
    """The comments that a turn takes up; a log of an older hive does not name them."""
    if event.comments is None:
        return task.comments if event.turn != task.turn else ()
    return tuple(comment for comment in task.remarks if comment.id in event.comments)


def _anchor(task: TaskState, event: e.WorkCollected) -> None:
    """Lines of comments are counted in the newest work from now on."""
    now = {anchor.comment: anchor.line for anchor in event.anchors}
    for comment in task.remarks:
        if comment.id in now:
            comment.line, comment.commit = now[comment.id], event.commit
