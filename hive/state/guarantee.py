"""What landing promises, named on every screen."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hive.state.run import RunState


def guarantee(run: "RunState") -> str:
    """The promise for a run's mode of landing and its number of repositories."""
    count, remote = len(run.created.repositories), run.policy.remote
    where = f"pushed to {remote}, " if run.policy.landing == "push" else ""
    tested = "only from the commit that it was tested on"
    if run.policy.landing == "pull-request":
        if count:
            words = "linked pull requests, merged by you; not atomic: hive says when only some are merged"
            return f"{count} repositories on {remote}: {words}"
        return f"one pull request on {remote}, merged by you; hive compares what landed with what was tested"
    if count:
        words = "ordered, journalled, taken back when one refuses; not atomic for readers in between"
        return f"{count} repositories: {where}{words}"
    return f"one repository: {where}atomic, {tested}"
