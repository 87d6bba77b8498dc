from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.element import Element

T = TypeVar("T", bound="EventReason")


@_attrs_define
class EventReason:
    """
    Attributes:
        code (str):
        element (Element | None):
        rule (str):
        text (str):
    """

    code: str
    element: Element | None
    rule: str
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        element: None | str
        if isinstance(self.element, Element):
            element = self.element.value
        else:
            element = self.element

        rule = self.rule

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "element": element,
                "rule": rule,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        def _parse_element(data: object) -> Element | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                element_type_0 = Element(data)

                return element_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Element | None, data)

        element = _parse_element(d.pop("element"))

        rule = d.pop("rule")

        text = d.pop("text")

        event_reason = cls(
            code=code,
            element=element,
            rule=rule,
            text=text,
        )

        event_reason.additional_properties = d
        return event_reason

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
