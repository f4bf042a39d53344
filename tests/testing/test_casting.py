import json

import pytest
from pydantic import ValidationError

from hive.testing import Break, Part, Refusal, Reply, Request, Script, Text, ToolUse
from hive.testing.casting import captured, cue, fault, part_of


def asked(*texts):
    messages = [{"role": "user", "content": [{"type": "text", "text": text}]} for text in texts]
    return Request("POST", "/v1/messages", {}, json.dumps({"messages": messages}).encode())


def replies(*texts):
    return tuple(Reply(blocks=(Text(text=text),)) for text in texts)


def test_the_first_part_whose_words_are_in_the_request_answers():
    script = Script(
        parts=(Part(when="orders", replies=replies("o")), Part(when="users", replies=replies("u")))
    )
    assert part_of(script, asked("change users")) == 1
    assert part_of(script, asked("change orders and users")) == 0
    assert part_of(script, asked("change nothing")) is None


def test_the_answers_so_far_are_the_place_in_the_script():
    script = Script.of(*replies("one", "two"))
    assert cue(script, asked("x"), 1).reply.blocks == (Text(text="two"),)
    assert cue(script, asked("x"), 2) is None


def test_what_a_part_captures_fills_the_inputs_of_its_tools_at_any_depth():
    use = ToolUse(name="Write", input={"file_path": "{root}/a", "deep": [{"to": "{root}"}], "n": 1})
    part = Part(captures={"root": r"folder: (\S+)"}, replies=(Reply(blocks=(use,)),))
    found = cue(Script(parts=(part,)), asked("your folder: /w/users is"), 0)
    assert found.reply.blocks[0].input == {"file_path": "/w/users/a", "deep": [{"to": "/w/users"}], "n": 1}


def test_an_expression_without_a_group_captures_all_that_it_matches():
    part = Part(captures={"id": "run-[0-9]+", "none": "zzz"}, replies=())
    assert captured(part, asked("this is run-12")) == {"id": "run-12"}


def test_faults_are_met_one_by_one_and_then_the_answer_comes():
    first, second = Refusal(status=529), Break(how="cut")
    reply = Reply(faults=(first, second))
    assert [fault(reply, attempt) for attempt in range(3)] == [first, second, None]
    assert fault(Reply(always=first), 7) == first


def test_a_script_is_plain_data_and_survives_json():
    script = Script.of(
        Reply(blocks=(ToolUse(name="Bash", input={"command": "ls"}),), faults=(Break(how="stall"),))
    )
    assert Script.model_validate_json(script.model_dump_json()) == script


def test_an_unknown_key_of_a_script_is_refused():
    with pytest.raises(ValidationError, match="blokcs"):
        Script.model_validate({"parts": [{"replies": [{"blokcs": []}]}]})


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[1]", b'{"a": ', b"[" * 100_000])
def test_a_body_that_is_no_object_reads_as_an_empty_one(raw):
    assert Request("POST", "/", {}, raw).body == {}
