from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="HeldReading")


@_attrs_define
class HeldReading:
    """
    Attributes:
        reading (str):
        source (str):
        since (datetime.datetime):
        as_of (datetime.datetime):
        why (str):
    """

    reading: str
    source: str
    since: datetime.datetime
    as_of: datetime.datetime
    why: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reading = self.reading

        source = self.source

        since = self.since.isoformat()

        as_of = self.as_of.isoformat()

        why = self.why

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reading": reading,
                "source": source,
                "since": since,
                "asOf": as_of,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reading = d.pop("reading")

        source = d.pop("source")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        why = d.pop("why")

        held_reading = cls(
            reading=reading,
            source=source,
            since=since,
            as_of=as_of,
            why=why,
        )

        held_reading.additional_properties = d
        return held_reading

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
