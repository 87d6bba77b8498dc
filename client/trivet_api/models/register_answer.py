from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.source_answer import SourceAnswer


T = TypeVar("T", bound="RegisterAnswer")


@_attrs_define
class RegisterAnswer:
    """
    Attributes:
        snapshot (str):
        digest (str):
        as_of (datetime.datetime):
        stale (bool):
        sources (list[SourceAnswer]):
    """

    snapshot: str
    digest: str
    as_of: datetime.datetime
    stale: bool
    sources: list[SourceAnswer]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        snapshot = self.snapshot

        digest = self.digest

        as_of = self.as_of.isoformat()

        stale = self.stale

        sources = []
        for sources_item_data in self.sources:
            sources_item = sources_item_data.to_dict()
            sources.append(sources_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "snapshot": snapshot,
                "digest": digest,
                "asOf": as_of,
                "stale": stale,
                "sources": sources,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.source_answer import SourceAnswer  # noqa: PLC0415

        d = dict(src_dict)
        snapshot = d.pop("snapshot")

        digest = d.pop("digest")

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        stale = d.pop("stale")

        sources = []
        _sources = d.pop("sources")
        for sources_item_data in _sources:
            sources_item = SourceAnswer.from_dict(sources_item_data)

            sources.append(sources_item)

        register_answer = cls(
            snapshot=snapshot,
            digest=digest,
            as_of=as_of,
            stale=stale,
            sources=sources,
        )

        register_answer.additional_properties = d
        return register_answer

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
