"""Calls of a model become requests of its own session, or an answer that says what is wrong."""

import asyncio

import pytest

from hive.agents.conformance import Toolbox
from hive.agents.tools.offer import LONGEST_ANSWER, called, offers
from hive.agents.tools.requests import LONGEST_TEXT, LONGEST_WORDS
from hive.model import Replacement

EVERY = {
    "get_contract": {"path": "c.yaml"},
    "propose_contract_change": {"path": "c.yaml", "reason": "r", "new_text": "t"},
    "post_note": {"text": "hi", "to": "orders"},
    "read_notes": {},
    "run_checks": {},
}


def call(name, box=None, **given):
    return asyncio.run(called(box or Toolbox(), name, given))


def test_every_tool_that_is_offered_reaches_hive_with_its_arguments():
    assert {offer.name for offer in offers()} == set(EVERY)
    for name, given in EVERY.items():
        box = Toolbox()
        assert call(name, box, **given) == (f"{name} was asked", False)
        ((asked, arguments),) = box.asked
        assert asked == name
        assert given.items() <= arguments.items()


def test_passages_arrive_in_their_order():
    box = Toolbox()
    passages = [{"old": "a", "new": "b"}, {"old": "c", "new": ""}]
    call("propose_contract_change", box, path="c", reason="r", replacements=passages)
    assert box.asked[0][1]["replacements"] == (Replacement(old="a", new="b"), Replacement(old="c", new=""))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("forged", ["service", "run", "turn", "from_", "author", "__class__"])
def test_nothing_in_a_call_can_say_who_asks(name, forged):
    box = Toolbox()
    answer = call(name, box, **EVERY[name], **{forged: "orders"})
    assert answer.refused
    assert forged in answer.text
    assert box.asked == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("post_note", {"text": "x" * (LONGEST_WORDS + 1)}),
        ("post_note", {"text": ""}),
        ("post_note", {"text": ["a"]}),
        ("post_note", {}),
        ("get_contract", {"path": "x" * 1025}),
        ("propose_contract_change", {"path": "c", "reason": "r", "new_text": "x" * (LONGEST_TEXT + 1)}),
        ("propose_contract_change", {"path": "c", "reason": "r", "replacements": [{"old": "", "new": "x"}]}),
        ("propose_contract_change", {"path": "c", "reason": "r", "replacements": [{"old": "a", "new": "b"}] * 101}),
        ("no_such_tool", {}),
        ("\x1b[2J", {}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_call_is_told_in_few_words_and_asks_nothing(name, given):
    box = Toolbox()
    answer = call(name, box, **given)
    assert answer.refused
    assert len(answer.text) < 1000
    assert "\x1b" not in answer.text
    assert box.asked == []


def test_a_refusal_is_told_with_what_to_do_next_and_a_long_answer_is_cut():
    assert call("read_notes", Toolbox("not now")) == ("not now\n  next: ask for something else", True)

    class Endless(Toolbox):
        async def read_notes(self):
            return "x" * (LONGEST_ANSWER + 7)

    assert call("read_notes", Endless()).text.endswith("[7 more characters are not shown]")
