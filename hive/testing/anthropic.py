"""The Anthropic Messages API, as far as agents use it (docs: Messages, Streaming Messages, Errors)."""

import json
from typing import Any, assert_never

from hive.testing.request import Request
from hive.testing.script import Block, Refusal, Reply, Text, Thinking, ToolUse, Usage
from hive.testing.wire import kind, pieces, sse

SIGNATURE = "c2lnbmVkIGJ5IGEgZmFrZQ=="


class AnthropicMessages:
    """`POST /v1/messages`."""

    def serves(self, request: Request) -> bool:
        """Whether it is a call of the Messages API."""
        return request.method == "POST" and request.path == "/v1/messages"

    def streams(self, request: Request) -> bool:
        """`stream: true`."""
        return request.body.get("stream") is True

    def answered(self, request: Request) -> int:
        """Assistant messages so far."""
        messages = request.body.get("messages")
        said = messages if isinstance(messages, list) else []
        return sum(isinstance(each, dict) and each.get("role") == "assistant" for each in said)

    def events(self, reply: Reply, request: Request, identity: str) -> list[bytes]:
        """message_start, the blocks with their deltas, message_delta, message_stop."""
        start = self.whole(reply, request, identity) | {"content": [], "stop_reason": None}
        start["usage"] = _usage(reply.usage) | {"output_tokens": 1}
        found = [_event("message_start", message=start), self.ping()]
        for index, block in enumerate(reply.blocks):
            found += _block_events(index, block, f"{identity}_{index}", reply.chunk)
        delta = {"stop_reason": _stop_reason(reply), "stop_sequence": None}
        found.append(_event("message_delta", delta=delta, usage=_usage(reply.usage)))
        found.append(_event("message_stop"))
        return found

    def whole(self, reply: Reply, request: Request, identity: str) -> dict[str, Any]:
        """The Message object."""
        return {
            "id": f"msg_{identity}",
            "type": "message",
            "role": "assistant",
            "model": request.body.get("model", "fake"),
            "content": [_block(block, f"{identity}_{index}") for index, block in enumerate(reply.blocks)],
            "stop_reason": _stop_reason(reply),
            "stop_sequence": None,
            "usage": _usage(reply.usage),
        }

    def refusal(self, refusal: Refusal) -> dict[str, Any]:
        """The error envelope."""
        error = {"type": kind(refusal), "message": refusal.message}
        return {"type": "error", "error": error, "request_id": "req_fake"}

    def error_event(self, refusal: Refusal) -> bytes:
        """`event: error`."""
        return sse(self.refusal(refusal), "error")

    def ping(self) -> bytes:
        """`event: ping`."""
        return _event("ping")


def _event(name: str, **data: object) -> bytes:
    return sse({"type": name, **data}, name)


def _block_events(index: int, block: Block, identity: str, chunk: int) -> list[bytes]:
    match block:
        case Text():
            empty: dict[str, Any] = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": piece} for piece in pieces(block.text, chunk)]
        case Thinking():
            empty = {"type": "thinking", "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block.text, chunk)]
            deltas.append({"type": "signature_delta", "signature": SIGNATURE})
        case ToolUse():
            empty = _block(block, identity) | {"input": {}}
            text = json.dumps(block.input)
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(text, chunk)]
        case _:
            assert_never(block)
    return [
        _event("content_block_start", index=index, content_block=empty),
        *(_event("content_block_delta", index=index, delta=delta) for delta in deltas),
        _event("content_block_stop", index=index),
    ]


def _block(block: Block, identity: str) -> dict[str, Any]:
    match block:
        case Text():
            return {"type": "text", "text": block.text}
        case Thinking():
            return {"type": "thinking", "thinking": block.text, "signature": SIGNATURE}
        case ToolUse():
            return {"type": "tool_use", "id": f"toolu_{identity}", "name": block.name, "input": block.input}
        case _:
            assert_never(block)


def _stop_reason(reply: Reply) -> str:
    uses_tools = any(isinstance(block, ToolUse) for block in reply.blocks)
    return reply.stop_reason or ("tool_use" if uses_tools else "end_turn")


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "cache_creation_input_tokens": usage.cache_write_tokens,
    }
