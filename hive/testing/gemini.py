"""The Gemini API, as far as agents use it (docs: generateContent, streamGenerateContent, Errors)."""

from typing import Any, assert_never

from hive.testing.request import Request
from hive.testing.script import Block, Refusal, Reply, Text, Thinking, ToolUse
from hive.testing.wire import pieces, sse

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    529: "UNAVAILABLE",
}


class GeminiContent:
    """`POST …:generateContent` and `…:streamGenerateContent`."""

    def serves(self, request: Request) -> bool:
        """Whether it asks a model for content."""
        return request.method == "POST" and request.path.endswith(
            (":generateContent", ":streamGenerateContent")
        )

    def streams(self, request: Request) -> bool:
        """By its path."""
        return request.path.endswith(":streamGenerateContent")

    def answered(self, request: Request) -> int:
        """Turns of the model so far."""
        contents = request.body.get("contents")
        turns = contents if isinstance(contents, list) else []
        return sum(isinstance(turn, dict) and turn.get("role") == "model" for turn in turns)

    def events(self, reply: Reply, request: Request, identity: str) -> list[bytes]:
        """Pieces of the answer, and at last why it ended and what it took."""
        parts = [part for block in reply.blocks for part in _pieces(block, reply.chunk)]
        found = [sse(_answer([part], identity)) for part in parts]
        return [*found, sse(_last(reply, [], identity))]

    def whole(self, reply: Reply, request: Request, identity: str) -> dict[str, Any]:
        """The answer at once."""
        parts = [part for block in reply.blocks for part in _pieces(block, 1 << 30)]
        return _last(reply, parts, identity)

    def refusal(self, refusal: Refusal) -> dict[str, Any]:
        """The error envelope."""
        status = refusal.kind or _STATUS.get(refusal.status, "UNKNOWN")
        return {"error": {"code": refusal.status, "message": refusal.message, "status": status}}

    def error_event(self, refusal: Refusal) -> bytes:
        """An error in place of a piece."""
        return sse(self.refusal(refusal))

    def ping(self) -> bytes:
        """A comment."""
        return b": ping\n\n"


def _answer(parts: list[dict[str, Any]], identity: str) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
    return {"candidates": [candidate], "modelVersion": "fake", "responseId": identity}


def _last(reply: Reply, parts: list[dict[str, Any]], identity: str) -> dict[str, Any]:
    usage = reply.usage
    answer = _answer(parts, identity)
    answer["candidates"][0]["finishReason"] = reply.stop_reason or "STOP"
    answer["usageMetadata"] = {
        "promptTokenCount": usage.input_tokens + usage.cache_read_tokens,
        "cachedContentTokenCount": usage.cache_read_tokens,
        "candidatesTokenCount": usage.output_tokens,
        "totalTokenCount": usage.input_tokens + usage.cache_read_tokens + usage.output_tokens,
    }
    return answer


def _pieces(block: Block, chunk: int) -> list[dict[str, Any]]:
    match block:
        case Text():
            return [{"text": piece} for piece in pieces(block.text, chunk)]
        case Thinking():
            return [{"text": piece, "thought": True} for piece in pieces(block.text, chunk)]
        case ToolUse():
            return [{"functionCall": {"name": block.name, "args": block.input}}]
        case _:
            assert_never(block)
