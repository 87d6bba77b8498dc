from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.snapshot_source import SnapshotSource


T = TypeVar("T", bound="SnapshotListed")


@_attrs_define
class SnapshotListed:
    """
    Attributes:
        id (str):
        digest (str):
        parent (None | str):
        published_at (datetime.datetime):
        changes (int):
        sources (list[SnapshotSource]):
    """

    id: str
    digest: str
    parent: None | str
    published_at: datetime.datetime
    changes: int
    sources: list[SnapshotSource]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        digest = self.digest

        parent: None | str
        parent = self.parent

        published_at = self.published_at.isoformat()

        changes = self.changes

        sources = []
        for sources_item_data in self.sources:
            sources_item = sources_item_data.to_dict()
            sources.append(sources_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "digest": digest,
                "parent": parent,
                "publishedAt": published_at,
                "changes": changes,
                "sources": sources,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.snapshot_source import SnapshotSource  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        digest = d.pop("digest")

        def _parse_parent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        parent = _parse_parent(d.pop("parent"))

        published_at = datetime.datetime.fromisoformat(d.pop("publishedAt"))

        changes = d.pop("changes")

        sources = []
        _sources = d.pop("sources")
        for sources_item_data in _sources:
            sources_item = SnapshotSource.from_dict(sources_item_data)

            sources.append(sources_item)

        snapshot_listed = cls(
            id=id,
            digest=digest,
            parent=parent,
            published_at=published_at,
            changes=changes,
            sources=sources,
        )

        snapshot_listed.additional_properties = d
        return snapshot_listed

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
