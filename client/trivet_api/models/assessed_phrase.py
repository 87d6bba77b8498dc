from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.next_step import NextStep


T = TypeVar("T", bound="AssessedPhrase")


@_attrs_define
class AssessedPhrase:
    """
    Attributes:
        start (int):
        end (int):
        phrase (str):
        code (str):
        rule (str):
        text (str):
        source (str):
        next_step (NextStep):
    """

    start: int
    end: int
    phrase: str
    code: str
    rule: str
    text: str
    source: str
    next_step: NextStep
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        start = self.start

        end = self.end

        phrase = self.phrase

        code = self.code

        rule = self.rule

        text = self.text

        source = self.source

        next_step = self.next_step.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "start": start,
                "end": end,
                "phrase": phrase,
                "code": code,
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
        start = d.pop("start")

        end = d.pop("end")

        phrase = d.pop("phrase")

        code = d.pop("code")

        rule = d.pop("rule")

        text = d.pop("text")

        source = d.pop("source")

        next_step = NextStep.from_dict(d.pop("nextStep"))

        assessed_phrase = cls(
            start=start,
            end=end,
            phrase=phrase,
            code=code,
            rule=rule,
            text=text,
            source=source,
            next_step=next_step,
        )

        assessed_phrase.additional_properties = d
        return assessed_phrase

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
