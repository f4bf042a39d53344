"""The base of what clients send."""

from pydantic import ConfigDict

from hive.model import Value


class Body(Value):
    """What a client sends: what validates it is built with its route, while FastAPI keeps pydantic's warnings quiet."""

    model_config = ConfigDict(defer_build=False)
