"""Landing by pull request: one for each repository, looked at until they are merged, closed, or nobody comes."""

import asyncio
from functools import partial

from hive import faults
from hive.events import Landed, LandingRefused, PullRequest, RequestSeen, RequestsOpened, WatchEnded
from hive.orchestrator.context import Context
from hive.orchestrator.landing import words
from hive.orchestrator.landing.refusals import trouble
from hive.orchestrator.landing.saga import trying
from hive.orchestrator.landing.target import parts
from hive.orchestrator.schedule import Unit
from hive.state import RunState
from hive.workspaces import landing
from hive.workspaces.forge import Request, Wanted
from hive.workspaces.origin import Part
from hive.workspaces.remote import Remote, TroubleError


async def ask(ctx: Context, state: RunState, onto: str) -> None:
    """Push the tested commits to a branch of the run's, and open a request for each; safe to do again."""
    assert state.merged is not None  # noqa: S101 - the caller has tested it
    going = await asyncio.to_thread(parts, ctx, state, state.merged, onto)
    try:
        for part in going:
            await trying(ctx, state, partial(_push, ctx, state, part))
        faults.point("landing.pushed")
        links: dict[str, str] = {}
        opened: dict[str, Request] = {}
        for part in going:
            opened[part.name] = await trying(ctx, state, partial(_open, ctx, state, part, {}))
            links[part.name] = opened[part.name].url
            faults.point("landing.requested")
        for part in going if len(going) > 1 else ():
            await trying(ctx, state, partial(_open, ctx, state, part, links))
    except TroubleError as error:
        ctx.emit(state.id, trouble(state, error))
        return
    made = tuple(_made(state, part, opened[part.name]) for part in going)
    ctx.emit(state.id, RequestsOpened(requests=made), durable=True)


def branch_of(state: RunState) -> str:
    """The branch that a run's requests are made from."""
    return f"hive/{state.id}"


def _made(state: RunState, part: Part, request: Request) -> PullRequest:
    return PullRequest(
        repository=part.name, number=request.number, url=request.url, branch=branch_of(state),
        base=part.branch, commit=part.new,
    )  # fmt: skip


def _push(ctx: Context, state: RunState, part: Part) -> None:
    remote, branch = Remote.open(part.user, state.policy.remote, hooks=ctx.push_hooks), branch_of(state)
    found = remote.head(branch)
    if found == part.new:
        return
    landing.bring(part.user, ctx.objects, part.new, state.id)
    remote.push(branch, found, part.new)
    if remote.head(branch) != part.new:
        raise TroubleError("network", f"remote {remote.name!r}", f"{branch!r} is not at {part.new[:10]}")


def _open(ctx: Context, state: RunState, part: Part, links: dict[str, str]) -> Request:
    text = words.body(state, part.name, links)
    wanted = Wanted(branch_of(state), part.branch, words.title(state), text)
    return ctx.forge(part.user, state.policy.remote).open_or_update(wanted)


async def watch(ctx: Context, unit: Unit) -> None:
    """Look at the requests now and then; ends when they are merged or closed, or when nothing happens for long."""
    for pause in (*ctx.looks, None):
        state = ctx.state(unit.run)
        if not state.requests or not state.watching or state.landed:
            return
        try:
            over = await _look(ctx, state)
        except TroubleError as error:
            ctx.emit(state.id, WatchEnded(reason=error.message))
            return
        if over:
            return
        if pause is not None:
            await asyncio.sleep(pause)
    ctx.emit(unit.run, WatchEnded(reason="nothing happened for a while"))


async def _look(ctx: Context, state: RunState) -> bool:
    """Read every request back; whether that was the end of it."""
    for name, request in state.requests.items():
        known = state.seen.get(name)
        if known and known.state == "merged":
            continue
        forge = ctx.forge(ctx.user.repositories[name], state.policy.remote)
        found = await trying(ctx, state, partial(forge.look, request.number))
        seen = RequestSeen(
            repository=name, state=found.state, checks=found.checks, summary=found.summary,
            merged_as=found.merged_as,
        )  # fmt: skip
        if seen != known:
            ctx.emit(state.id, seen)
    state = ctx.state(state.id)
    closed = [name for name in state.requests if state.seen[name].state == "closed"]
    if closed:
        ctx.emit(state.id, _closed(state, closed))
        return True
    if any(state.seen[name].state != "merged" for name in state.requests):
        return False
    await trying(ctx, state, partial(_land, ctx, state))
    return True


def _closed(state: RunState, closed: list[str]) -> LandingRefused:
    merged = [name for name in state.requests if state.seen[name].state == "merged"]
    urls = ", ".join(state.requests[name].url for name in closed)
    some = f"PARTLY LANDED: {', '.join(merged)} merged, but " if merged else ""
    return LandingRefused(
        reason=f"{some}closed without a merge: {urls}",
        next_step=f"`hive land {state.id}` asks again"
        + (", for the rest; or revert what was merged" if merged else f"; `hive reject {state.id}` gives up"),
    )


def _land(ctx: Context, state: RunState) -> None:
    """Every request is merged: bring what landed, compare it with what was tested, and say how they differ."""
    assert state.merged is not None  # noqa: S101
    commits: dict[str, str] = {}
    notes: list[str] = []
    for name, request in state.requests.items():
        user = ctx.user.repositories[name]
        head = Remote.open(user, state.policy.remote).fetch(request.base, state.id)
        commit = state.seen[name].merged_as or head or ""
        commits[name] = commit
        notes += _differences(ctx, request, commit)
        if note := landing.follow(user, request.base, head or commit, state.id):
            notes.append(note)
    ctx.emit(state.id, _landed(ctx, state, commits, "; ".join(notes)), durable=True)


def _differences(ctx: Context, request: PullRequest, commit: str) -> list[str]:
    tested, found = ctx.objects.tree_of(request.commit), ctx.objects.tree_of(commit)
    if tested == found:
        return []
    files = len(ctx.objects.diff_stat(request.commit, commit))
    where = f"{request.repository}: " if request.repository else ""
    return [
        f"{where}WHAT LANDED IS NOT WHAT WAS TESTED: {files} files differ, the forge merged onto another commit"
    ]


def _landed(ctx: Context, state: RunState, commits: dict[str, str], note: str) -> Landed:
    assert state.merged is not None  # noqa: S101
    target, remote = state.created.target, state.policy.remote
    ref = f"refs/heads/{target}"
    if "" in commits:
        new = commits[""]
        old = ctx.objects.git.text("rev-parse", "--verify", "--end-of-options", f"{new}^1")
        return Landed(ref=ref, old=old, new=new, tree=ctx.objects.tree_of(new), note=note, remote=remote)
    onto = state.merged.onto
    whole = ctx.user.compose(target, {**ctx.user.heads(onto), **commits}, after=state.merged.commit)
    tree = ctx.objects.tree_of(whole)
    return Landed(ref=ref, old=onto, new=state.merged.commit, tree=tree, note=note, remote=remote)
