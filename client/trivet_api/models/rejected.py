from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kind import Kind

T = TypeVar("T", bound="Rejected")


@_attrs_define
class Rejected:
    """
    Attributes:
        kind (Kind): The kinds of record, named as in the interchange document.
        place (str):
        register (None | str):
        field (None | str):
        reason (str):
    """

    kind: Kind
    place: str
    register: None | str
    field: None | str
    reason: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        place = self.place

        register: None | str
        register = self.register

        field: None | str
        field = self.field

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "place": place,
                "register": register,
                "field": field,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = Kind(d.pop("kind"))

        place = d.pop("place")

        def _parse_register(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        register = _parse_register(d.pop("register"))

        def _parse_field(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        field = _parse_field(d.pop("field"))

        reason = d.pop("reason")

        rejected = cls(
            kind=kind,
            place=place,
            register=register,
            field=field,
            reason=reason,
        )

        rejected.additional_properties = d
        return rejected

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
