from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bulk_result import BulkResult


T = TypeVar("T", bound="BulkResults")


@_attrs_define
class BulkResults:
    """
    Attributes:
        items (list[BulkResult]):
        created (int):
        unchanged (int):
        replaced (int):
        refused (int):
    """

    items: list[BulkResult]
    created: int
    unchanged: int
    replaced: int
    refused: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        created = self.created

        unchanged = self.unchanged

        replaced = self.replaced

        refused = self.refused

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "created": created,
                "unchanged": unchanged,
                "replaced": replaced,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_result import BulkResult  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = BulkResult.from_dict(items_item_data)

            items.append(items_item)

        created = d.pop("created")

        unchanged = d.pop("unchanged")

        replaced = d.pop("replaced")

        refused = d.pop("refused")

        bulk_results = cls(
            items=items,
            created=created,
            unchanged=unchanged,
            replaced=replaced,
            refused=refused,
        )

        bulk_results.additional_properties = d
        return bulk_results

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
