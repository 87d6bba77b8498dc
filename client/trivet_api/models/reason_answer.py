from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.element import Element

if TYPE_CHECKING:
    from ..models.reason_answer_params import ReasonAnswerParams


T = TypeVar("T", bound="ReasonAnswer")


@_attrs_define
class ReasonAnswer:
    """
    Attributes:
        code (str):
        element (Element | None):
        rule (str):
        text (str):
        source (str):
        params (ReasonAnswerParams):
    """

    code: str
    element: Element | None
    rule: str
    text: str
    source: str
    params: ReasonAnswerParams
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

        source = self.source

        params = self.params.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "element": element,
                "rule": rule,
                "text": text,
                "source": source,
                "params": params,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reason_answer_params import ReasonAnswerParams  # noqa: PLC0415

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

        source = d.pop("source")

        params = ReasonAnswerParams.from_dict(d.pop("params"))

        reason_answer = cls(
            code=code,
            element=element,
            rule=rule,
            text=text,
            source=source,
            params=params,
        )

        reason_answer.additional_properties = d
        return reason_answer

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
