"""The tools as a server of the Model Context Protocol, for one session; who connects to it is that session."""

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from hive import __version__
from hive.agents.tools.offer import Offer, called, offers
from hive.ports import Tools

NAME = "hive"
INSTRUCTIONS = (
    "Ask the orchestrator of this change: read the contracts, propose another, exchange notes with the sessions "
    "that work on the other services, have the checks run."
)


def server(tools: Tools) -> Server[Any]:
    """A server that offers exactly these tools."""

    async def listed(
        ctx: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(offer) for offer in offers()])

    async def answered(
        ctx: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        answer = await called(tools, params.name, params.arguments or {})
        content = types.TextContent(type="text", text=answer.text)
        return types.CallToolResult(content=[content], is_error=answer.refused)

    return Server(
        NAME, version=__version__, instructions=INSTRUCTIONS, on_list_tools=listed, on_call_tool=answered
    )


def _described(offer: Offer) -> types.Tool:
    about = types.ToolAnnotations(
        read_only_hint=offer.reads_only, destructive_hint=False, open_world_hint=False
    )
    return types.Tool(
        name=offer.name, description=offer.description, input_schema=offer.schema, annotations=about
    )
