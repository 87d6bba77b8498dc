from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.assessed_phrase import AssessedPhrase
    from ..models.unassessed_part import UnassessedPart


T = TypeVar("T", bound="Assessment")


@_attrs_define
class Assessment:
    """
    Attributes:
        items (list[AssessedPhrase]):
        unassessed (list[UnassessedPart]):
        summary (str):
    """

    items: list[AssessedPhrase]
    unassessed: list[UnassessedPart]
    summary: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        unassessed = []
        for unassessed_item_data in self.unassessed:
            unassessed_item = unassessed_item_data.to_dict()
            unassessed.append(unassessed_item)

        summary = self.summary

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "unassessed": unassessed,
                "summary": summary,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.assessed_phrase import AssessedPhrase  # noqa: PLC0415
        from ..models.unassessed_part import UnassessedPart  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = AssessedPhrase.from_dict(items_item_data)

            items.append(items_item)

        unassessed = []
        _unassessed = d.pop("unassessed")
        for unassessed_item_data in _unassessed:
            unassessed_item = UnassessedPart.from_dict(unassessed_item_data)

            unassessed.append(unassessed_item)

        summary = d.pop("summary")

        assessment = cls(
            items=items,
            unassessed=unassessed,
            summary=summary,
        )

        assessment.additional_properties = d
        return assessment

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
