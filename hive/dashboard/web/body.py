"""What clients send."""

from pydantic import ConfigDict

from hive.model import Value


class Body(Value):
    """A request's body; what validates it is built with its route, as FastAPI wants it."""

    model_config = ConfigDict(defer_build=False)
