from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.element_answer import ElementAnswer
    from ..models.reason_answer import ReasonAnswer
    from ..models.register_answer import RegisterAnswer


T = TypeVar("T", bound="WatchStanding")


@_attrs_define
class WatchStanding:
    """
    Attributes:
        on (datetime.date):
        verdict (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        elements (list[ElementAnswer]):
        reasons (list[ReasonAnswer]):
        register (RegisterAnswer):
        checked_at (datetime.datetime):
    """

    on: datetime.date
    verdict: Verdict
    elements: list[ElementAnswer]
    reasons: list[ReasonAnswer]
    register: RegisterAnswer
    checked_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        on = self.on.isoformat()

        verdict = self.verdict.value

        elements = []
        for elements_item_data in self.elements:
            elements_item = elements_item_data.to_dict()
            elements.append(elements_item)

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item = reasons_item_data.to_dict()
            reasons.append(reasons_item)

        register = self.register.to_dict()

        checked_at = self.checked_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "on": on,
                "verdict": verdict,
                "elements": elements,
                "reasons": reasons,
                "register": register,
                "checkedAt": checked_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.element_answer import ElementAnswer  # noqa: PLC0415
        from ..models.reason_answer import ReasonAnswer  # noqa: PLC0415
        from ..models.register_answer import RegisterAnswer  # noqa: PLC0415

        d = dict(src_dict)
        on = datetime.date.fromisoformat(d.pop("on"))

        verdict = Verdict(d.pop("verdict"))

        elements = []
        _elements = d.pop("elements")
        for elements_item_data in _elements:
            elements_item = ElementAnswer.from_dict(elements_item_data)

            elements.append(elements_item)

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:
            reasons_item = ReasonAnswer.from_dict(reasons_item_data)

            reasons.append(reasons_item)

        register = RegisterAnswer.from_dict(d.pop("register"))

        checked_at = datetime.datetime.fromisoformat(d.pop("checkedAt"))

        watch_standing = cls(
            on=on,
            verdict=verdict,
            elements=elements,
            reasons=reasons,
            register=register,
            checked_at=checked_at,
        )

        watch_standing.additional_properties = d
        return watch_standing

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
