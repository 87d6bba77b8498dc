from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trainer_scheme import TrainerScheme

T = TypeVar("T", bound="WatchedTrainer")


@_attrs_define
class WatchedTrainer:
    """
    Attributes:
        scheme (TrainerScheme): How a trainer is named: by their reference, or by the number of one authorisation.
        value (str):
    """

    scheme: TrainerScheme
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
        scheme = TrainerScheme(d.pop("scheme"))

        value = d.pop("value")

        watched_trainer = cls(
            scheme=scheme,
            value=value,
        )

        watched_trainer.additional_properties = d
        return watched_trainer

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
