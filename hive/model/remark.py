"""What a person wants changed, and where."""

from hive.model.value import Value


class Remark(Value):
    """About a whole service, or a file, some lines, or a contract element that it owns."""

    service: str
    text: str
    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    """The last line, where it is about several."""
    element: str | None = None
    """Of a contract, such as `users.openapi.yaml#/components/schemas/User`."""
