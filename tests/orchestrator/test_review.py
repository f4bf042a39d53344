"""A review as data: comments with a place and a state, approvals of exactly what was seen."""

from pathlib import Path

import pytest

from hive import events as e
from hive.errors import NeedsPerson, UsageError
from hive.model import Remark
from tests.world import World, add_field

FILE = "services/users/fields.txt"
BETTER: list[dict[str, object]] = [{"do": "write", "path": "fields.txt", "text": "points id\n"}]
MULTILINE: list[dict[str, object]] = [{"do": "write", "path": "fields.txt", "text": "id\n\npoints\n"}]
ABOVE: list[dict[str, object]] = [{"do": "write", "path": "fields.txt", "text": "\nid\n\npoints\n"}]
CANNOT: list[dict[str, object]] = [{"do": "end", "outcome": "failed", "reason": "cannot follow words"}]


def reviewed(
    tmp_path: Path, *more: list[dict[str, object]], first: list[dict[str, object]] | None = None
) -> World:
    """A run whose diffs wait for a review; users' agent has further turns in store."""
    world = World.make(tmp_path, {"users": [first or add_field(), *more], "orders": [add_field()]})
    world.begin()
    world.work(lambda state: state.phase == "review")
    return world


def turns(world: World, service: str) -> list[e.TurnStarted]:
    return [x.event for x in world.log.read() if x.service == service and isinstance(x.event, e.TurnStarted)]


def test_five_comments_make_one_turn_for_each_service_and_each_is_told(tmp_path: Path):
    world = reviewed(tmp_path, BETTER)
    remarks = [
        Remark(service="users", text="other order", path=FILE, line=1),
        Remark(service="users", text="both lines", path=FILE, line=1, end_line=2),
        Remark(service="users", text="whole file", path=FILE),
        Remark(service="users", text="this element", element="users.schema.json#/properties/points"),
        Remark(service="users", text="all of it"),
    ]
    world.controls.comment("r1", remarks, by="ann")
    state = world.work(lambda s: s.settled and s.tasks["users"].turn == 2)
    assert [t.turn for t in turns(world, "users")] == [1, 2]
    assert [t.turn for t in turns(world, "orders")] == [1]
    second = turns(world, "users")[1]
    assert [f.text.rpartition(": ")[0] for f in second.feedback] == [
        f"{FILE}:1", f"{FILE}:1-2", FILE, "users.schema.json#/properties/points", ""
    ]  # fmt: skip
    comments = state.tasks["users"].remarks
    assert second.comments == tuple(comment.id for comment in comments)
    assert {comment.status for comment in comments} == {"claimed"}


def test_drafts_start_nothing_until_their_author_submits_them_all(tmp_path: Path):
    world = reviewed(tmp_path, BETTER)
    for text in ("one", "two"):
        world.controls.comment("r1", [Remark(service="users", text=text)], by="ann", draft=True)
    assert world.state().tasks["users"].phase == "ready"
    with pytest.raises(UsageError, match="'bob' keeps no comments back"):
        world.controls.submit("r1", by="bob")
    assert world.controls.submit("r1", by="ann").tasks["users"].phase == "working"
    world.work(lambda s: s.settled and s.tasks["users"].turn == 2)
    assert [len(t.feedback) for t in turns(world, "users")] == [0, 2]


def test_only_a_person_resolves_a_comment_and_one_taken_back_starts_no_turn(tmp_path: Path):
    world = reviewed(tmp_path)
    state = world.controls.comment("r1", [Remark(service="users", text="hm")], by="ann")
    (comment,) = state.tasks["users"].comments
    assert world.controls.resolve("r1", [comment.id], by="bob").tasks["users"].phase == "ready"
    with pytest.raises(UsageError, match=f"no unresolved comment {comment.id}"):
        world.controls.resolve("r1", [comment.id], by="bob")
    assert [c.status for c in world.state().tasks["users"].remarks] == ["resolved"]


def test_a_comment_follows_its_line_and_says_when_that_is_gone(tmp_path: Path):
    world = reviewed(tmp_path, ABOVE, BETTER, first=MULTILINE)
    remarks = [Remark(service="users", text="?", path=FILE, line=3), Remark(service="users", text="again")]
    world.controls.comment("r1", remarks, by="ann")
    state = world.work(lambda s: s.settled and s.tasks["users"].turn == 2)
    assert [(c.line, c.vanished) for c in state.tasks["users"].remarks] == [(4, False), (None, False)]
    world.controls.comment("r1", remarks[1:], by="ann")
    state = world.work(lambda s: s.settled and s.tasks["users"].turn == 3)
    first = state.tasks["users"].remarks[0]
    assert (first.line, first.vanished, first.place) == (None, True, f"{FILE}:3")


def test_an_agent_that_fails_to_follow_a_remark_is_stuck_and_the_remark_stays_open(tmp_path: Path):
    world = reviewed(tmp_path, CANNOT)
    world.controls.comment("r1", [Remark(service="users", text="use an enum")], by="ann")
    task = world.work(lambda s: s.settled and s.tasks["users"].turn == 2).tasks["users"]
    assert task.phase == "stuck"
    assert task.settled is not None
    assert "cannot follow words" in task.settled.reason
    assert [c.status for c in task.unresolved] == ["unanswered"]
    assert len(turns(world, "users")) == 2
    world.controls.approve("r1", ["users"], by="ann")
    world.controls.approve("r1", by="ann")
    world.controls.land("r1", by="ann")
    assert world.work(lambda s: s.closed is not None).phase == "landed"


def test_a_diff_that_changed_since_it_was_seen_is_not_approved_and_neither_is_any_other(tmp_path: Path):
    world = reviewed(tmp_path, BETTER)
    tasks = world.state().tasks.values()
    seen = {task.service: task.work.diff for task in tasks if task.work}
    world.controls.comment("r1", [Remark(service="users", text="other order")], by="ann")
    world.work(lambda s: s.settled and s.tasks["users"].turn == 2)
    with pytest.raises(NeedsPerson, match="'users' has changed since you looked") as refused:
        world.controls.approve("r1", by="ann", seen=seen)
    assert refused.value.next_step == "look again: hive diff r1 users"
    assert [task.phase for task in world.state().tasks.values()] == ["ready", "ready"]
    assert world.controls.approve("r1", ["orders"], by="ann", seen=seen).tasks["orders"].phase == "approved"


@pytest.mark.parametrize(
    "where",
    [{"line": 3}, {"path": "a", "line": 0}, {"path": "a", "line": 3, "end_line": 2}, {"path": "a", "end_line": 2},
     {"path": "a", "element": "b"}, {"text": " \n"}],
)  # fmt: skip
def test_a_comment_without_words_or_with_an_impossible_place_is_refused_whole(
    waiting: World, where: dict[str, object]
):
    before = len(waiting.log.read())
    good = Remark(service="users", text="fine")
    with pytest.raises(UsageError, match=r"needs words|which file|no lines|not both"):
        waiting.controls.comment(
            "r1", [good, Remark(**({"service": "users", "text": "x"} | where))], by="ann"
        )
    assert len(waiting.log.read()) == before


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World.make(tmp_path_factory.mktemp("waiting"), {"*": [add_field()]})
    world.begin()
    return world


def test_what_a_person_has_seen_is_remembered_by_file_and_per_person(tmp_path: Path):
    world = reviewed(tmp_path, BETTER)
    work = world.state().tasks["users"].work
    assert work is not None
    files = {FILE: "1" * 40, "services/users/other.txt": "2" * 40}
    state = world.controls.viewed("r1", "users", files, diff=work.diff, by="ann")
    before = len(world.log.read())
    world.controls.viewed("r1", "users", files, diff=work.diff, by="ann")
    world.controls.viewed("r1", "users", files, diff="of yesterday", by="bob")
    assert len(world.log.read()) == before
    task = state.tasks["users"]
    assert task.viewed["ann"].commit == work.commit
    assert task.unseen("ann", files | {FILE: "3" * 40}) == (FILE,)
    assert task.unseen("bob", files) == tuple(files)
    world.controls.comment("r1", [Remark(service="users", text="other order")], by="ann")
    task = world.work(lambda s: s.settled and s.tasks["users"].turn == 2).tasks["users"]
    assert task.work is not None
    assert task.works == {1: work.commit, 2: task.work.commit}
    since = world.context.objects.diff(task.viewed["ann"].commit, task.work.commit)
    assert "-id points" in since
    assert "+points id" in since
