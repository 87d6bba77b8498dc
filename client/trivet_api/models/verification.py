from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.purpose import Purpose
from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.candidate_answer import CandidateAnswer
    from ..models.element_answer import ElementAnswer
    from ..models.next_step import NextStep
    from ..models.reason_answer import ReasonAnswer
    from ..models.register_answer import RegisterAnswer
    from ..models.requirement import Requirement


T = TypeVar("T", bound="Verification")


@_attrs_define
class Verification:
    """
    Attributes:
        id (str):
        verdict (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        elements (list[ElementAnswer]):
        reasons (list[ReasonAnswer]):
        candidates (list[CandidateAnswer]):
        next_steps (list[NextStep]):
        requirement (Requirement):
        caveats (list[str]):
        delivered_on (datetime.date):
        known_at (datetime.datetime):
        reference (None | str):
        purpose (Purpose): What the answer is wanted for; kept with the question.
        register (RegisterAnswer):
        checked_at (datetime.datetime):
        receipt (str):
    """

    id: str
    verdict: Verdict
    elements: list[ElementAnswer]
    reasons: list[ReasonAnswer]
    candidates: list[CandidateAnswer]
    next_steps: list[NextStep]
    requirement: Requirement
    caveats: list[str]
    delivered_on: datetime.date
    known_at: datetime.datetime
    reference: None | str
    purpose: Purpose
    register: RegisterAnswer
    checked_at: datetime.datetime
    receipt: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        verdict = self.verdict.value

        elements = []
        for elements_item_data in self.elements:
            elements_item = elements_item_data.to_dict()
            elements.append(elements_item)

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item = reasons_item_data.to_dict()
            reasons.append(reasons_item)

        candidates = []
        for candidates_item_data in self.candidates:
            candidates_item = candidates_item_data.to_dict()
            candidates.append(candidates_item)

        next_steps = []
        for next_steps_item_data in self.next_steps:
            next_steps_item = next_steps_item_data.to_dict()
            next_steps.append(next_steps_item)

        requirement = self.requirement.to_dict()

        caveats = self.caveats

        delivered_on = self.delivered_on.isoformat()

        known_at = self.known_at.isoformat()

        reference: None | str
        reference = self.reference

        purpose = self.purpose.value

        register = self.register.to_dict()

        checked_at = self.checked_at.isoformat()

        receipt = self.receipt

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "verdict": verdict,
                "elements": elements,
                "reasons": reasons,
                "candidates": candidates,
                "nextSteps": next_steps,
                "requirement": requirement,
                "caveats": caveats,
                "deliveredOn": delivered_on,
                "knownAt": known_at,
                "reference": reference,
                "purpose": purpose,
                "register": register,
                "checkedAt": checked_at,
                "receipt": receipt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.candidate_answer import CandidateAnswer  # noqa: PLC0415
        from ..models.element_answer import ElementAnswer  # noqa: PLC0415
        from ..models.next_step import NextStep  # noqa: PLC0415
        from ..models.reason_answer import ReasonAnswer  # noqa: PLC0415
        from ..models.register_answer import RegisterAnswer  # noqa: PLC0415
        from ..models.requirement import Requirement  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

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

        candidates = []
        _candidates = d.pop("candidates")
        for candidates_item_data in _candidates:
            candidates_item = CandidateAnswer.from_dict(candidates_item_data)

            candidates.append(candidates_item)

        next_steps = []
        _next_steps = d.pop("nextSteps")
        for next_steps_item_data in _next_steps:
            next_steps_item = NextStep.from_dict(next_steps_item_data)

            next_steps.append(next_steps_item)

        requirement = Requirement.from_dict(d.pop("requirement"))

        caveats = cast(list[str], d.pop("caveats"))

        delivered_on = datetime.date.fromisoformat(d.pop("deliveredOn"))

        known_at = datetime.datetime.fromisoformat(d.pop("knownAt"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        purpose = Purpose(d.pop("purpose"))

        register = RegisterAnswer.from_dict(d.pop("register"))

        checked_at = datetime.datetime.fromisoformat(d.pop("checkedAt"))

        receipt = d.pop("receipt")

        verification = cls(
            id=id,
            verdict=verdict,
            elements=elements,
            reasons=reasons,
            candidates=candidates,
            next_steps=next_steps,
            requirement=requirement,
            caveats=caveats,
            delivered_on=delivered_on,
            known_at=known_at,
            reference=reference,
            purpose=purpose,
            register=register,
            checked_at=checked_at,
            receipt=receipt,
        )

        verification.additional_properties = d
        return verification

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
