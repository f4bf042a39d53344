"""The OpenAI Responses API, as far as agents use it (docs: Responses, Streaming events, Error codes)."""

import json
from itertools import groupby
from typing import Any, assert_never

from hive.testing.request import Request
from hive.testing.script import Block, Refusal, Reply, Text, Thinking, ToolUse
from hive.testing.wire import kind, pieces, sse

_OWN = ("reasoning", "function_call", "custom_tool_call", "local_shell_call", "web_search_call")


class OpenAIResponses:
    """`POST …/responses`."""

    def serves(self, request: Request) -> bool:
        """Whether it is a call of the Responses API."""
        return request.method == "POST" and request.path.endswith("/responses")

    def streams(self, request: Request) -> bool:
        """`stream: true`."""
        return request.body.get("stream") is True

    def answered(self, request: Request) -> int:
        """Runs of items that the model itself has made."""
        items = request.body.get("input")
        made = [_is_models(item) for item in (items if isinstance(items, list) else [])]
        return sum(own for own, _ in groupby(made))

    def events(self, reply: Reply, request: Request, identity: str) -> list[bytes]:
        """response.created, each item with its deltas, response.completed."""
        whole = self.whole(reply, request, identity)
        begun = whole | {"status": "in_progress", "output": [], "usage": None}
        found = [_event("response.created", 0, response=begun)]
        for index, (block, item) in enumerate(zip(reply.blocks, whole["output"], strict=True)):
            found.append(
                _event("response.output_item.added", len(found), output_index=index, item=_empty(item))
            )
            for delta in _deltas(block, reply.chunk):
                about = {"item_id": item["id"], "output_index": index, "content_index": 0, "delta": delta}
                found.append(_event(_DELTAS[block.type], len(found), **about))
            found.append(_event("response.output_item.done", len(found), output_index=index, item=item))
        found.append(_event("response.completed", len(found), response=whole))
        return found

    def whole(self, reply: Reply, request: Request, identity: str) -> dict[str, Any]:
        """The Response object."""
        usage = reply.usage
        taken = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
        return {
            "id": f"resp_{identity}",
            "object": "response",
            "status": "completed",
            "model": request.body.get("model", "fake"),
            "output": [_item(block, f"{identity}_{n}", request) for n, block in enumerate(reply.blocks)],
            "usage": {
                "input_tokens": taken,
                "input_tokens_details": {"cached_tokens": usage.cache_read_tokens},
                "output_tokens": usage.output_tokens,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": taken + usage.output_tokens,
            },
        }

    def refusal(self, refusal: Refusal) -> dict[str, Any]:
        """The error envelope."""
        return {"error": {"type": kind(refusal), "code": refusal.kind or None, "message": refusal.message}}

    def error_event(self, refusal: Refusal) -> bytes:
        """`response.failed`."""
        error = {"code": kind(refusal), "message": refusal.message}
        return _event(
            "response.failed", 0, response={"id": "resp_failed", "status": "failed", "error": error}
        )

    def ping(self) -> bytes:
        """A comment."""
        return b": ping\n\n"


_DELTAS = {
    "text": "response.output_text.delta",
    "thinking": "response.reasoning_summary_text.delta",
    "tool_use": "response.function_call_arguments.delta",
}


def _event(name: str, number: int, **data: object) -> bytes:
    return sse({"type": name, "sequence_number": number, **data}, name)


def _is_models(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return item.get("role") == "assistant" or item.get("type") in _OWN


def _deltas(block: Block, chunk: int) -> list[str]:
    return list(pieces(json.dumps(block.input) if isinstance(block, ToolUse) else block.text, chunk))


def _empty(item: dict[str, Any]) -> dict[str, Any]:
    bare = {key: [] if isinstance(value, list) else value for key, value in item.items()}
    return bare | ({"status": "in_progress"} if "status" in item else {})


def _item(block: Block, identity: str, request: Request) -> dict[str, Any]:
    match block:
        case Text():
            content = [{"type": "output_text", "text": block.text, "annotations": []}]
            return {
                "type": "message",
                "id": f"msg_{identity}",
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        case Thinking():
            summary = [{"type": "summary_text", "text": block.text}]
            return {"type": "reasoning", "id": f"rs_{identity}", "summary": summary}
        case ToolUse() if _is_free(block.name, request):
            call = {"type": "custom_tool_call", "id": f"ctc_{identity}", "call_id": f"call_{identity}"}
            return call | {"name": block.name, "input": str(block.input.get("input", ""))}
        case ToolUse():
            call = {"type": "function_call", "id": f"fc_{identity}", "call_id": f"call_{identity}"}
            return call | {"name": block.name, "arguments": json.dumps(block.input), "status": "completed"}
        case _:
            assert_never(block)


def _is_free(name: str, request: Request) -> bool:
    """Whether the request offers the tool as one that takes text of any form."""
    tools = request.body.get("tools")
    return any(
        isinstance(tool, dict) and tool.get("type") == "custom" and tool.get("name") == name
        for tool in (tools if isinstance(tools, list) else [])
    )
