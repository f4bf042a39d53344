"""The lines of a command's output, bounded: one that has no end is cut, and what is not UTF-8 is replaced."""

import asyncio
from collections.abc import AsyncIterator

from hive.agents.session import WORDS
from hive.text import decode

_CHUNK = 1 << 16
_LONGEST = WORDS - 64  # room for the words that say what was cut


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """Line by line to the end; nothing is held beyond one line's limit, however long it is."""
    held, dropped = bytearray(), 0
    while chunk := await reader.read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            yield _line(held, part, dropped)
            held, dropped = bytearray(), 0
        room = max(0, _LONGEST - len(held))
        held += rest[:room]
        dropped += len(rest) - min(room, len(rest))
    if held or dropped:
        yield _line(held, b"", dropped)


def _line(held: bytearray, part: bytes, dropped: int) -> str:
    room = max(0, _LONGEST - len(held))
    dropped += max(0, len(part) - room)
    text = decode(bytes(held) + part[:room]).rstrip("\r")
    return f"{text}… ({dropped} more bytes)" if dropped else text
