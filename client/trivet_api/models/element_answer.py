from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.element import Element
from ..models.verdict import Verdict
from ..models.vouched_by import VouchedBy

T = TypeVar("T", bound="ElementAnswer")


@_attrs_define
class ElementAnswer:
    """
    Attributes:
        element (Element): What a verdict is made of (R1), in the order in which it is shown.
        verdict (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        reasons (list[str]):
        record (None | str):
        valid_from (datetime.date | None):
        valid_to (datetime.date | None):
        provenance (None | VouchedBy):
        derived (bool):
    """

    element: Element
    verdict: Verdict
    reasons: list[str]
    record: None | str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    provenance: None | VouchedBy
    derived: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        element = self.element.value

        verdict = self.verdict.value

        reasons = self.reasons

        record: None | str
        record = self.record

        valid_from: None | str
        if isinstance(self.valid_from, datetime.date):
            valid_from = self.valid_from.isoformat()
        else:
            valid_from = self.valid_from

        valid_to: None | str
        if isinstance(self.valid_to, datetime.date):
            valid_to = self.valid_to.isoformat()
        else:
            valid_to = self.valid_to

        provenance: None | str
        if isinstance(self.provenance, VouchedBy):
            provenance = self.provenance.value
        else:
            provenance = self.provenance

        derived = self.derived

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "element": element,
                "verdict": verdict,
                "reasons": reasons,
                "record": record,
                "validFrom": valid_from,
                "validTo": valid_to,
                "provenance": provenance,
                "derived": derived,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        element = Element(d.pop("element"))

        verdict = Verdict(d.pop("verdict"))

        reasons = cast(list[str], d.pop("reasons"))

        def _parse_record(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        record = _parse_record(d.pop("record"))

        def _parse_valid_from(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_from_type_0 = datetime.date.fromisoformat(data)

                return valid_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        valid_from = _parse_valid_from(d.pop("validFrom"))

        def _parse_valid_to(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_to_type_0 = datetime.date.fromisoformat(data)

                return valid_to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        valid_to = _parse_valid_to(d.pop("validTo"))

        def _parse_provenance(data: object) -> None | VouchedBy:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                provenance_type_0 = VouchedBy(data)

                return provenance_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VouchedBy, data)

        provenance = _parse_provenance(d.pop("provenance"))

        derived = d.pop("derived")

        element_answer = cls(
            element=element,
            verdict=verdict,
            reasons=reasons,
            record=record,
            valid_from=valid_from,
            valid_to=valid_to,
            provenance=provenance,
            derived=derived,
        )

        element_answer.additional_properties = d
        return element_answer

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
