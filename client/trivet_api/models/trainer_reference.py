from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trainer_scheme import TrainerScheme
from ..types import UNSET, Unset

T = TypeVar("T", bound="TrainerReference")


@_attrs_define
class TrainerReference:
    """
    Attributes:
        scheme (TrainerScheme): How a trainer is named: by their reference, or by the number of one authorisation.
        value (str):
        family_name (str | Unset): Must match; it is neither kept nor quoted.
    """

    scheme: TrainerScheme
    value: str
    family_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scheme = self.scheme.value

        value = self.value

        family_name = self.family_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scheme": scheme,
                "value": value,
            }
        )
        if family_name is not UNSET:
            field_dict["familyName"] = family_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scheme = TrainerScheme(d.pop("scheme"))

        value = d.pop("value")

        family_name = d.pop("familyName", UNSET)

        trainer_reference = cls(
            scheme=scheme,
            value=value,
            family_name=family_name,
        )

        trainer_reference.additional_properties = d
        return trainer_reference

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
