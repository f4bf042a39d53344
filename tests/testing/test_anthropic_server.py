"""The fake Messages API, as the provider's own client sees it."""

import asyncio
import json

import pytest

from hive.testing import Break, FakeModels, Refusal, Reply, Script, Text, Thinking, ToolUse, Usage, serving

anthropic = pytest.importorskip("anthropic", reason="the Messages API's own client is not installed")


def client(fake, **options):
    return anthropic.AsyncAnthropic(api_key="sk-ant-fake", base_url=fake.url, max_retries=0, **options)


async def stream(fake, text="hello", **options):
    messages = [{"role": "user", "content": text}]
    async with client(fake, **options) as sdk:
        return await _streamed(sdk, messages)


async def _streamed(sdk, messages):
    async with sdk.messages.stream(model="claude-test", max_tokens=100, messages=messages) as events:
        seen = [event.type async for event in events]
        return seen, await events.get_final_message()


def played(*replies, act=stream):
    async def play():
        async with FakeModels(Script.of(*replies)) as fake:
            return await act(fake), fake

    return asyncio.run(play())


def test_every_kind_of_block_arrives_with_its_usage():
    reply = Reply(
        blocks=(
            Thinking(text="let me see " * 5),
            Text(text="I write ☃ " * 5),
            ToolUse(name="write", input={"path": "a", "text": "x" * 50}),
        ),
        usage=Usage(input_tokens=7, output_tokens=3, cache_read_tokens=5, cache_write_tokens=2),
    )
    (seen, message), fake = played(reply)
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[1].text == "I write ☃ " * 5
    assert message.content[2].input == {"path": "a", "text": "x" * 50}
    assert message.stop_reason == "tool_use"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (7, 3)
    assert (message.usage.cache_read_input_tokens, message.usage.cache_creation_input_tokens) == (5, 2)
    assert seen[-1] == "message_stop"
    assert fake.calls[0].headers["authorization"] == "Bearer sk-ant-fake"
    assert fake.calls[0].body["messages"] == [{"role": "user", "content": "hello"}]


def test_an_answer_that_is_not_streamed_is_one_object():
    async def ask(fake):
        async with client(fake) as sdk:
            messages = [{"role": "user", "content": "x"}]
            return await sdk.messages.create(model="claude-test", max_tokens=10, messages=messages)

    message, _ = played(Reply(blocks=(Text(text="whole"),)), act=ask)
    assert message.content[0].text == "whole"
    assert message.stop_reason == "end_turn"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (429, "RateLimitError"),
        (500, "InternalServerError"),
        (529, "OverloadedError"),
    ],
)
def test_a_refusal_is_the_error_that_the_client_knows(status, error):
    with pytest.raises(anthropic.APIStatusError) as caught:
        played(Reply(always=Refusal(status=status, message="no", retry_after=2)))
    assert type(caught.value).__name__ == error
    assert caught.value.response.headers["retry-after"] == "2"


def test_the_attempt_after_the_faults_is_answered():
    async def thrice(fake):
        errors = []
        for _ in range(2):
            with pytest.raises(anthropic.APIStatusError) as caught:
                await stream(fake)
            errors.append(caught.value.status_code)
        return errors, await stream(fake)

    (errors, (_, message)), fake = played(
        Reply(faults=(Refusal(status=429), Refusal(status=529))), act=thrice
    )
    assert errors == [429, 529]
    assert message.content[0].text == "Done."
    assert len(fake.calls) == 3


def test_an_error_in_mid_stream_comes_after_what_was_said():
    with pytest.raises(anthropic.APIStatusError, match="overloaded_error"):
        played(Reply(always=Break(how="error", after=4)))


def test_a_broken_connection_is_an_error_of_the_client():
    with pytest.raises(Exception, match=r"(?i)incomplete|peer closed|disconnected|reset"):
        played(Reply(always=Break(how="cut", after=4)))


def test_a_stream_can_end_without_its_last_event():
    async def raw(fake):
        async with client(fake) as sdk:
            messages = [{"role": "user", "content": "x"}]
            events = await sdk.messages.create(model="m", max_tokens=9, messages=messages, stream=True)
            return [event.type async for event in events]

    seen, _ = played(Reply(always=Break(how="end", after=4)), act=raw)
    assert seen == ["message_start", "content_block_start", "content_block_delta"]


def test_a_stalled_stream_pings_until_the_client_leaves():
    async def leave(fake):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(fake.url.rpartition(":")[2]))
        body = json.dumps({"stream": True, "messages": []}).encode()
        writer.write(
            b"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
        for _ in range(3):
            await reader.readuntil(b"event: ping")
        writer.close()

    played(Reply(always=Break(how="stall", after=1)), act=leave)


def test_events_can_be_doubled_and_one_line_can_be_huge():
    (seen, _), _ = played(Reply(blocks=(Text(text="ab"),), padding=5 << 20, doubled=False))
    assert "message_stop" in seen

    async def raw(fake):
        async with client(fake) as sdk:
            messages = [{"role": "user", "content": "x"}]
            events = await sdk.messages.create(model="m", max_tokens=9, messages=messages, stream=True)
            return [event.type async for event in events]

    seen, _ = played(Reply(blocks=(Text(text="ab"),), doubled=True), act=raw)
    assert seen.count("message_stop") == 2


def test_a_reply_is_held_until_it_is_released():
    async def held(fake):
        task = asyncio.ensure_future(stream(fake))
        await fake.asked.wait()
        assert not task.done()
        fake.release("now")
        return await task

    (_, message), _ = played(Reply(hold="now"), act=held)
    assert message.content[0].text == "Done."


def test_a_conversation_that_the_script_does_not_know_is_told_so():
    with pytest.raises(anthropic.BadRequestError, match="no reply 1"):
        played()


def test_what_is_no_model_request_is_recorded_and_answered():
    async def other(fake):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(fake.url.rpartition(":")[2]))
        writer.write(b"HEAD /api/hello HTTP/1.1\r\nhost: x\r\n\r\n")
        line = await reader.readline()
        writer.close()
        return line

    line, fake = played(act=other)
    assert b"200" in line
    assert [request.path for request in fake.requests] == ["/api/hello"]
    assert fake.calls == []


def test_words_that_are_no_http_end_their_connection_only():
    async def nonsense(fake):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(fake.url.rpartition(":")[2]))
        writer.write(b"\x16\x03\x01\x00 nonsense\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        return await stream(fake)

    (_, message), _ = played(Reply(), act=nonsense)
    assert message.stop_reason == "end_turn"


def test_it_serves_from_a_thread_to_callers_that_are_not_asynchronous():
    with serving(Script.of(Reply())) as fake:
        sdk = anthropic.Anthropic(api_key="k", base_url=fake.url, max_retries=0)
        with sdk:
            found = sdk.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}])
    assert found.content[0].text == "Done."
    assert len(fake.calls) == 1
