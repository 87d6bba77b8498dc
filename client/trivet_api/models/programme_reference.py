from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.programme_scheme import ProgrammeScheme

T = TypeVar("T", bound="ProgrammeReference")


@_attrs_define
class ProgrammeReference:
    """
    Attributes:
        scheme (ProgrammeScheme): How a programme is named: by its id in the register, or by its title.
        value (str):
    """

    scheme: ProgrammeScheme
    value: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scheme = self.scheme.value

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scheme": scheme,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scheme = ProgrammeScheme(d.pop("scheme"))

        value = d.pop("value")

        programme_reference = cls(
            scheme=scheme,
            value=value,
        )

        programme_reference.additional_properties = d
        return programme_reference

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
