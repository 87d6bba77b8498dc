"""What the OpenAPI document says of shapes beyond their types, so that it says what is taken and not more."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Reference, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import Struct

_NULL = Schema(type=OpenAPIType.NULL)

Shape = Mapping[str, Any]
"""JSON Schema keywords for a struct; under `properties`, those for its fields."""


@dataclass
class PlainOperation(Operation):
    """An operation whose parameters are documented by what they are where they are given: a query holds no null."""

    def __post_init__(self) -> None:
        """Take null off what a parameter may be."""
        for parameter in self.parameters or ():
            if isinstance(parameter, Parameter) and parameter.schema:
                parameter.schema = _plain(parameter.schema)


class StrictShapes(OpenAPISchemaPlugin):
    """Documents what callers send: that no other field is taken, and what is known of each."""

    def __init__(self, shapes: Mapping[type[Struct], Shape]) -> None:
        """Take what to add, by struct."""
        self._shapes = shapes

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Say whether this is one of the structs."""
        return not field_definition.is_union and field_definition.annotation in self._shapes

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """Return the framework's own schema of the struct, with what it leaves out."""
        own = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema: Schema = own.to_openapi_schema(field_definition, schema_creator)
        properties = {name: _alone(held) for name, held in (schema.properties or {}).items()}
        shape = dict(self._shapes[field_definition.annotation])
        for name, stated in shape.pop("properties", {}).items():
            properties[name] = _added(properties[name], stated)
        schema.properties = properties
        # Not additionalProperties: generated clients would drop a field that they don't know, where the
        # service has to see and refuse it.
        schema.property_names = Schema(enum=[*properties])
        _added(schema, shape)
        return schema


def _plain(schema: Schema | Reference) -> Schema | Reference:
    if not isinstance(schema, Schema) or not schema.one_of:
        return schema
    schema.one_of = [one for one in schema.one_of if one != _NULL]
    alone = _alone(schema)
    if isinstance(alone, Schema) and alone is not schema:
        for keyword in fields(schema):
            if keyword.name != "one_of" and getattr(alone, keyword.name) is None:
                setattr(alone, keyword.name, getattr(schema, keyword.name))
    return alone


def _alone(schema: Schema | Reference) -> Schema | Reference:
    """Return the one thing that a field may be where it is a choice of one."""
    if isinstance(schema, Schema) and schema.one_of and len(schema.one_of) == 1:
        return schema.one_of[0]
    return schema


def _added(schema: Schema | Reference, stated: Shape) -> Schema | Reference:
    if isinstance(schema, Reference):
        return Schema(all_of=[schema], **stated)
    names = schema.field_aliases()
    for keyword, value in stated.items():
        setattr(schema, names.get(keyword, keyword), value)
    return schema
