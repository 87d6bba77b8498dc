from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.element import Element
from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.next_step import NextStep


T = TypeVar("T", bound="ReasonListed")


@_attrs_define
class ReasonListed:
    """
    Attributes:
        code (str):
        element (Element | None):
        verdict (None | Verdict):
        rule (str):
        text (str):
        source (str):
        next_step (NextStep):
    """

    code: str
    element: Element | None
    verdict: None | Verdict
    rule: str
    text: str
    source: str
    next_step: NextStep
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        element: None | str
        if isinstance(self.element, Element):
            element = self.element.value
        else:
            element = self.element

        verdict: None | str
        if isinstance(self.verdict, Verdict):
            verdict = self.verdict.value
        else:
            verdict = self.verdict

        rule = self.rule

        text = self.text

        source = self.source

        next_step = self.next_step.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "element": element,
                "verdict": verdict,
                "rule": rule,
                "text": text,
                "source": source,
                "nextStep": next_step,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.next_step import NextStep  # noqa: PLC0415

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

        def _parse_verdict(data: object) -> None | Verdict:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verdict_type_0 = Verdict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Verdict, data)

        verdict = _parse_verdict(d.pop("verdict"))

        rule = d.pop("rule")

        text = d.pop("text")

        source = d.pop("source")

        next_step = NextStep.from_dict(d.pop("nextStep"))

        reason_listed = cls(
            code=code,
            element=element,
            verdict=verdict,
            rule=rule,
            text=text,
            source=source,
            next_step=next_step,
        )

        reason_listed.additional_properties = d
        return reason_listed

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
