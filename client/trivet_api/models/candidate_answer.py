from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.element import Element

T = TypeVar("T", bound="CandidateAnswer")


@_attrs_define
class CandidateAnswer:
    """
    Attributes:
        element (Element): What a verdict is made of (R1), in the order in which it is shown.
        register (str):
        name (str):
    """

    element: Element
    register: str
    name: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        element = self.element.value

        register = self.register

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "element": element,
                "register": register,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        element = Element(d.pop("element"))

        register = d.pop("register")

        name = d.pop("name")

        candidate_answer = cls(
            element=element,
            register=register,
            name=name,
        )

        candidate_answer.additional_properties = d
        return candidate_answer

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
