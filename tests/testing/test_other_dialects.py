"""The fake Responses API and the fake Gemini API, as they are on the wire."""

import json
import urllib.error
import urllib.request

import pytest

from hive.testing import Break, Refusal, Reply, Request, Script, Text, Thinking, ToolUse, Usage, serving
from hive.testing.gemini import GeminiContent
from hive.testing.openai import OpenAIResponses

ALL = Reply(
    blocks=(Thinking(text="hm"), Text(text="I write it now."), ToolUse(name="write", input={"path": "a"})),
    usage=Usage(input_tokens=7, output_tokens=3, cache_read_tokens=5),
)


def post(fake, path, body):
    request = urllib.request.Request(
        fake.url + path, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def events(text):
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


def test_a_response_is_streamed_item_by_item_and_completed():
    with serving(Script.of(ALL)) as fake:
        seen = events(post(fake, "/v1/responses", {"stream": True, "input": [], "model": "m"}))
    assert [event["sequence_number"] for event in seen] == list(range(len(seen)))
    done = [event["item"] for event in seen if event["type"] == "response.output_item.done"]
    assert [item["type"] for item in done] == ["reasoning", "message", "function_call"]
    assert json.loads(done[2]["arguments"]) == {"path": "a"}
    text = "".join(event["delta"] for event in seen if event["type"] == "response.output_text.delta")
    assert text == "I write it now."
    last = seen[-1]
    assert last["type"] == "response.completed"
    assert last["response"]["usage"]["total_tokens"] == 15
    assert last["response"]["output"] == done


def test_a_tool_that_takes_free_text_is_called_with_it():
    use = Reply(blocks=(ToolUse(name="apply_patch", input={"input": "*** Begin Patch"}),))
    body = {"input": [], "tools": [{"type": "custom", "name": "apply_patch"}]}
    with serving(Script.of(use)) as fake:
        (item,) = json.loads(post(fake, "/v1/responses", body))["output"]
    assert (item["type"], item["input"]) == ("custom_tool_call", "*** Begin Patch")


@pytest.mark.parametrize(
    ("items", "count"),
    [
        ([], 0),
        ("just text", 0),
        ([{"role": "user"}], 0),
        ([{"role": "user"}, {"type": "reasoning"}, {"role": "assistant"}, {"type": "function_call"}], 1),
        ([{"type": "function_call"}, {"type": "function_call_output"}, {"role": "assistant"}, None], 2),
    ],
)
def test_answers_of_a_response_are_runs_of_the_models_own_items(items, count):
    request = Request("POST", "/v1/responses", {}, json.dumps({"input": items}).encode())
    assert OpenAIResponses().answered(request) == count


def test_gemini_streams_parts_and_ends_with_what_it_took():
    with serving(Script.of(ALL)) as fake:
        path = "/v1beta/models/gemini-test:streamGenerateContent?alt=sse"
        seen = events(post(fake, path, {"contents": [{"role": "user", "parts": [{"text": "x"}]}]}))
        whole = json.loads(post(fake, "/v1beta/models/gemini-test:generateContent", {"contents": []}))
    parts = [part for event in seen for part in event["candidates"][0]["content"]["parts"]]
    assert parts[0] == {"text": "hm", "thought": True}
    assert parts[-1] == {"functionCall": {"name": "write", "args": {"path": "a"}}}
    assert seen[-1]["candidates"][0]["finishReason"] == "STOP"
    assert seen[-1]["usageMetadata"]["totalTokenCount"] == 15
    assert whole["candidates"][0]["content"]["parts"][1] == {"text": "I write it now."}


def test_turns_of_the_model_are_geminis_answers():
    contents = [{"role": "user"}, {"role": "model"}, {"role": "user"}, {"role": "model"}, 7]
    request = Request("POST", "/x:generateContent", {}, json.dumps({"contents": contents}).encode())
    assert GeminiContent().answered(request) == 2


@pytest.mark.parametrize("path", ["/v1/responses", "/v1beta/models/g:generateContent"])
def test_a_refusal_has_its_status_and_its_words(path):
    refused = Reply(always=Refusal(status=429, message="slow down", retry_after=3))
    with serving(Script.of(refused)) as fake, pytest.raises(urllib.error.HTTPError) as caught:
        post(fake, path, {})
    with caught.value as error:
        assert (error.code, error.headers["retry-after"]) == (429, "3")
        assert json.loads(error.read())["error"]["message"] == "slow down"


@pytest.mark.parametrize("path", ["/v1/responses", "/v1beta/models/g:streamGenerateContent"])
def test_an_error_comes_in_mid_stream(path):
    broken = Reply(always=Break(how="error", after=1, refusal=Refusal(status=500, message="boom")))
    with serving(Script.of(broken)) as fake:
        assert "boom" in post(fake, path, {"stream": True}).splitlines()[-2]


def test_each_api_of_one_server_plays_the_same_script():
    with serving(Script.of(Reply(blocks=(Text(text="same"),)))) as fake:
        for path in ("/v1/messages", "/v1/responses", "/v1beta/models/g:generateContent"):
            assert "same" in post(fake, path, {})
        assert len(fake.calls) == 3
