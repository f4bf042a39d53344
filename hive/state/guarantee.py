"""What landing promises, named on every screen."""

from hive.model import Policy


def guarantee(policy: Policy, count: int) -> str:
    """The promise for a mode of landing and a number of repositories, 0 for a project that is one."""
    remote = policy.remote
    where = f"pushed to {remote}, " if policy.landing == "push" else ""
    tested = "only from the commit that it was tested on"
    if policy.landing == "pull-request":
        if count:
            words = "linked pull requests, merged by you; not atomic: hive says when only some are merged"
            return f"{count} repositories on {remote}: {words}"
        return f"one pull request on {remote}, merged by you; hive compares what landed with what was tested"
    if count:
        words = "ordered, journalled, taken back when one refuses; not atomic for readers in between"
        return f"{count} repositories: {where}{words}"
    return f"one repository: {where}atomic, {tested}"
