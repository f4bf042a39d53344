"""Outside text on its way out: no escape sequence and no control character reaches a page."""

import json
import re
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel

from hive.text import harmless, sanitize

_ESCAPES = re.compile(r'\\[^nt"\\]')


def clean(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same JSON value with every string in it sanitized."""
    match value:
        case str():
            return value if value.isascii() and value.isprintable() else sanitize(value)
        case dict():
            return {clean(key): clean(each) for key, each in value.items()}
        case list() | tuple():
            return [clean(each) for each in value]
        case BaseModel():
            return clean(value.model_dump(mode="json"))
        case _:
            return value


def text(value: object) -> str:
    """Sanitized JSON."""
    if isinstance(value, BaseModel):
        raw = value.model_dump_json()
        # nothing to look for where every character is harmless and no escape stands for one that is not
        if harmless(raw) and not _ESCAPES.search(raw):
            return raw
    return json.dumps(clean(value), ensure_ascii=False, separators=(",", ":"))


def reply(value: object, status: int = 200) -> Response:
    """Sanitized JSON as a response."""
    return Response(text(value), status, media_type="application/json")
