import json
import string
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.events import AgentReported, Draft, RunPlanned, TurnFinished
from hive.model import Patch, Plan, Ran, Said
from hive.redaction import CLUES, MARK, SHAPES, Redactor, secrets_in, secrets_of
from hive.store import Database, SqlEventLog

LETTERS = string.ascii_letters + string.digits
RANDOM = Random(26)


def letters(count: int, of: str = LETTERS) -> str:
    return "".join(RANDOM.choices(of, k=count))


SHAPED = [
    *(f"sk-ant-api03-{letters(40)}" for _ in range(3)),
    *(f"ghp_{letters(36)}" for _ in range(3)),
    *(f"AKIA{letters(16, string.ascii_uppercase + string.digits)}" for _ in range(3)),
    f"glpat-{letters(20)}",
    f"xoxb-{letters(24)}",
    f"sk-proj-{letters(40)}",
    f"AIza{letters(35)}",
    f"sk_live_{letters(24)}",
    f"npm_{letters(36)}",
    f"-----BEGIN RSA PRIVATE KEY-----\n{letters(64)}\n{letters(64)}\n-----END RSA PRIVATE KEY-----",
]
KNOWN = [
    *(letters(24) for _ in range(10)),
    'with "quotes" and \\',
    "with\nlines",
    "grüße-secret",
    "p@ss/w:rd+==",
]
CANARIES = SHAPED + KNOWN
REDACTOR = Redactor(KNOWN)


@pytest.mark.parametrize("canary", CANARIES, ids=range(len(CANARIES)))
def test_nothing_of_a_secret_stays_in_text_or_in_json(canary: str):
    body = canary.splitlines()[1] if "BEGIN" in canary else canary
    for text in (f"the key is {canary}, use it", json.dumps({"a": canary, "b": [f"x {canary}", 1]})):
        without = REDACTOR.text(text)
        assert body not in without
        assert MARK in without
        assert REDACTOR.text(without) == without
    kept = json.loads(REDACTOR.text(json.dumps({"a": canary, "b": "kept"}, ensure_ascii=False)))
    assert kept["b"] == "kept"


@given(
    st.sampled_from(sorted(SHAPES)).flatmap(
        lambda name: st.tuples(st.just(name), st.from_regex(SHAPES[name]))
    )
)
def test_whatever_has_a_shape_has_one_of_its_clues(found: tuple[str, str]):
    name, text = found
    assert any(clue in text for clue in CLUES[name])


@pytest.mark.parametrize(
    "text", ["", "a task-key", "sk-antelope", "KEY=short", '{"a": "b"}', "-----BEGIN CERTIFICATE-----"]
)
def test_ordinary_words_stay(text: str):
    assert Redactor(["short"]).text(text) == text


def test_secrets_are_known_by_the_names_of_variables_and_from_env_files(tmp_path: Path):
    assert secrets_of({"GITHUB_TOKEN": "aaa", "HOME": "/root", "db_password": "bbb"}) == ["aaa", "bbb"]
    (tmp_path / "services/users").mkdir(parents=True)
    (tmp_path / ".env").write_text('export API_KEY="one two"\nNAME=hive\n# SECRET=no\n')
    (tmp_path / "services/users/.env.local").write_text("DB_PASSWORD=three\n")
    (tmp_path / ".env.d").mkdir()
    (tmp_path / ".environment").write_bytes(b"A_KEY=" + b"x" * (1 << 20))
    assert secrets_in(tmp_path) == ["one two", "three"]


def test_files_are_read_when_there_is_something_to_look_through():
    asked: list[str] = []
    redactor = Redactor([KNOWN[0]], lambda: asked.append("files") or [KNOWN[1]])
    assert asked == []
    assert redactor.text(f"{KNOWN[0]} {KNOWN[1]}") == f"{MARK} {MARK}"
    assert redactor.text("more") == "more"
    assert asked == ["files"]


def test_thirty_canaries_that_an_agent_says_are_nowhere_in_the_store(tmp_path: Path):
    assert len(CANARIES) == 30
    database = Database.open(tmp_path / "hive.db")
    log = SqlEventLog(database, redactor=REDACTOR)
    for canary in CANARIES:
        said = AgentReported(turn=1, report=Said(text=f"I found {canary}."))
        ran = AgentReported(turn=1, report=Ran(command="env", exit_code=0, output=f"A={canary}\nB=2"))
        over = TurnFinished(turn=1, outcome="failed", reason=canary)
        (first, *_) = log.append(*(Draft(run="r", service="users", event=each) for each in (said, ran, over)))
        assert MARK in first.event.model_dump_json()
    exported = "".join(envelope.model_dump_json() for envelope in log.read())
    database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for canary in CANARIES:
        body = canary.splitlines()[1] if "BEGIN" in canary else canary
        for form in (body, json.dumps(body)[1:-1], json.dumps(body, ensure_ascii=False)[1:-1]):
            assert form not in exported
            assert form.encode() not in kept


def test_a_plan_is_kept_to_the_letter(tmp_path: Path):
    database = Database.open(tmp_path / "hive.db")
    plan = Plan(
        request="r", base="b", tasks=(), patches=(Patch(path="c.yaml", text=f"example: {SHAPED[0]}"),)
    )
    (kept,) = SqlEventLog(database, redactor=REDACTOR).append(Draft(run="r", event=RunPlanned(plan=plan)))
    database.close()
    assert kept.event == RunPlanned(plan=plan)
