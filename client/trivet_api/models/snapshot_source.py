from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.vouched_by import VouchedBy

T = TypeVar("T", bound="SnapshotSource")


@_attrs_define
class SnapshotSource:
    """
    Attributes:
        source (str):
        as_of (datetime.datetime):
        vouched_by (VouchedBy): Who stands behind a source, best first (R10).
    """

    source: str
    as_of: datetime.datetime
    vouched_by: VouchedBy
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source = self.source

        as_of = self.as_of.isoformat()

        vouched_by = self.vouched_by.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "asOf": as_of,
                "vouchedBy": vouched_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        source = d.pop("source")

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        vouched_by = VouchedBy(d.pop("vouchedBy"))

        snapshot_source = cls(
            source=source,
            as_of=as_of,
            vouched_by=vouched_by,
        )

        snapshot_source.additional_properties = d
        return snapshot_source

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
