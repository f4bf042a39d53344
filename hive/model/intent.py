"""A request, understood."""

from typing import Annotated, Literal

from pydantic import Field

from hive.model.value import Fact


class AddField(Fact):
    """Add a field to an entity."""

    intent: Literal["add_field"] = "add_field"
    entity: str
    name: str
    type: str = "string"
    """One of hive's words, an entity, or a list of either: `string[]`."""
    required: bool = False


class RemoveField(Fact):
    """Remove a field from an entity."""

    intent: Literal["remove_field"] = "remove_field"
    entity: str
    name: str


class RenameField(Fact):
    """Give a field of an entity another name."""

    intent: Literal["rename_field"] = "rename_field"
    entity: str
    name: str
    new_name: str


class RetypeField(Fact):
    """Give a field of an entity another type."""

    intent: Literal["retype_field"] = "retype_field"
    entity: str
    name: str
    type: str


Intent = Annotated[AddField | RemoveField | RenameField | RetypeField, Field(discriminator="intent")]
