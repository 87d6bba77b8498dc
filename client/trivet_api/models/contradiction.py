from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kind import Kind

if TYPE_CHECKING:
    from ..models.version import Version


T = TypeVar("T", bound="Contradiction")


@_attrs_define
class Contradiction:
    """
    Attributes:
        kind (Kind): The kinds of record, named as in the interchange document.
        register (str):
        name (str):
        field (str):
        versions (list[Version]):
    """

    kind: Kind
    register: str
    name: str
    field: str
    versions: list[Version]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        register = self.register

        name = self.name

        field = self.field

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "register": register,
                "name": name,
                "field": field,
                "versions": versions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.version import Version  # noqa: PLC0415

        d = dict(src_dict)
        kind = Kind(d.pop("kind"))

        register = d.pop("register")

        name = d.pop("name")

        field = d.pop("field")

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = Version.from_dict(versions_item_data)

            versions.append(versions_item)

        contradiction = cls(
            kind=kind,
            register=register,
            name=name,
            field=field,
            versions=versions,
        )

        contradiction.additional_properties = d
        return contradiction

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
