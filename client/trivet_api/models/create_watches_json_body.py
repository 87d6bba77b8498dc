from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.watched import Watched


T = TypeVar("T", bound="CreateWatchesJsonBody")


@_attrs_define
class CreateWatchesJsonBody:
    """
    Attributes:
        items (list[Any | Watched]):
    """

    items: list[Any | Watched]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.watched import Watched  # noqa: PLC0415

        items = []
        for items_item_data in self.items:
            items_item: Any | dict[str, Any]
            if isinstance(items_item_data, Watched):
                items_item = items_item_data.to_dict()
            else:
                items_item = items_item_data
            items.append(items_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.watched import Watched  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:

            def _parse_items_item(data: object) -> Any | Watched:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    items_item_type_0 = Watched.from_dict(data)

                    return items_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(Any | Watched, data)

            items_item = _parse_items_item(items_item_data)

            items.append(items_item)

        create_watches_json_body = cls(
            items=items,
        )

        create_watches_json_body.additional_properties = d
        return create_watches_json_body

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
