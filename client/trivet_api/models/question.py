from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.evidence import Evidence
from ..models.purpose import Purpose
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.identifier import Identifier
    from ..models.programme_reference import ProgrammeReference
    from ..models.scope import Scope
    from ..models.trainer_reference import TrainerReference


T = TypeVar("T", bound="Question")


@_attrs_define
class Question:
    """
    Attributes:
        provider (Identifier | list[Identifier]): One identifier, or several that must agree.
        programme (ProgrammeReference):
        trainer (TrainerReference | Unset):
        delivered_on (datetime.date | Unset): A Europe/London day, today by default, within 50 years of today.
        delivered_by (Identifier | Unset):
        scope (Scope | Unset):
        known_at (datetime.datetime | Unset): What the mirror knew then answers; now by default, never later.
        evidence (list[Evidence] | Unset): What the supplier offered as proof.
        max_age (str | Unset): How old a source may be at most, as an ISO 8601 duration.
        reference (str | Unset): The caller's own, given back and looked up by.
        purpose (Purpose | Unset): What the answer is wanted for; kept with the question.
    """

    provider: Identifier | list[Identifier]
    programme: ProgrammeReference
    trainer: TrainerReference | Unset = UNSET
    delivered_on: datetime.date | Unset = UNSET
    delivered_by: Identifier | Unset = UNSET
    scope: Scope | Unset = UNSET
    known_at: datetime.datetime | Unset = UNSET
    evidence: list[Evidence] | Unset = UNSET
    max_age: str | Unset = UNSET
    reference: str | Unset = UNSET
    purpose: Purpose | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.identifier import Identifier  # noqa: PLC0415

        provider: dict[str, Any] | list[dict[str, Any]]
        if isinstance(self.provider, Identifier):
            provider = self.provider.to_dict()
        else:
            provider = []
            for provider_type_1_item_data in self.provider:
                provider_type_1_item = provider_type_1_item_data.to_dict()
                provider.append(provider_type_1_item)

        programme = self.programme.to_dict()

        trainer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.trainer, Unset):
            trainer = self.trainer.to_dict()

        delivered_on: str | Unset = UNSET
        if not isinstance(self.delivered_on, Unset):
            delivered_on = self.delivered_on.isoformat()

        delivered_by: dict[str, Any] | Unset = UNSET
        if not isinstance(self.delivered_by, Unset):
            delivered_by = self.delivered_by.to_dict()

        scope: dict[str, Any] | Unset = UNSET
        if not isinstance(self.scope, Unset):
            scope = self.scope.to_dict()

        known_at: str | Unset = UNSET
        if not isinstance(self.known_at, Unset):
            known_at = self.known_at.isoformat()

        evidence: list[str] | Unset = UNSET
        if not isinstance(self.evidence, Unset):
            evidence = []
            for evidence_item_data in self.evidence:
                evidence_item = evidence_item_data.value
                evidence.append(evidence_item)

        max_age = self.max_age

        reference = self.reference

        purpose: str | Unset = UNSET
        if not isinstance(self.purpose, Unset):
            purpose = self.purpose.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "programme": programme,
            }
        )
        if trainer is not UNSET:
            field_dict["trainer"] = trainer
        if delivered_on is not UNSET:
            field_dict["deliveredOn"] = delivered_on
        if delivered_by is not UNSET:
            field_dict["deliveredBy"] = delivered_by
        if scope is not UNSET:
            field_dict["scope"] = scope
        if known_at is not UNSET:
            field_dict["knownAt"] = known_at
        if evidence is not UNSET:
            field_dict["evidence"] = evidence
        if max_age is not UNSET:
            field_dict["maxAge"] = max_age
        if reference is not UNSET:
            field_dict["reference"] = reference
        if purpose is not UNSET:
            field_dict["purpose"] = purpose

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.programme_reference import ProgrammeReference  # noqa: PLC0415
        from ..models.scope import Scope  # noqa: PLC0415
        from ..models.trainer_reference import TrainerReference  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_provider(data: object) -> Identifier | list[Identifier]:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                provider_type_0 = Identifier.from_dict(data)

                return provider_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            provider_type_1 = []
            _provider_type_1 = data
            for provider_type_1_item_data in _provider_type_1:
                provider_type_1_item = Identifier.from_dict(provider_type_1_item_data)

                provider_type_1.append(provider_type_1_item)

            return provider_type_1

        provider = _parse_provider(d.pop("provider"))

        programme = ProgrammeReference.from_dict(d.pop("programme"))

        _trainer = d.pop("trainer", UNSET)
        trainer: TrainerReference | Unset
        if isinstance(_trainer, Unset):
            trainer = UNSET
        else:
            trainer = TrainerReference.from_dict(_trainer)

        _delivered_on = d.pop("deliveredOn", UNSET)
        delivered_on: datetime.date | Unset
        if isinstance(_delivered_on, Unset):
            delivered_on = UNSET
        else:
            delivered_on = datetime.date.fromisoformat(_delivered_on)

        _delivered_by = d.pop("deliveredBy", UNSET)
        delivered_by: Identifier | Unset
        if isinstance(_delivered_by, Unset):
            delivered_by = UNSET
        else:
            delivered_by = Identifier.from_dict(_delivered_by)

        _scope = d.pop("scope", UNSET)
        scope: Scope | Unset
        if isinstance(_scope, Unset):
            scope = UNSET
        else:
            scope = Scope.from_dict(_scope)

        _known_at = d.pop("knownAt", UNSET)
        known_at: datetime.datetime | Unset
        if isinstance(_known_at, Unset):
            known_at = UNSET
        else:
            known_at = datetime.datetime.fromisoformat(_known_at)

        _evidence = d.pop("evidence", UNSET)
        evidence: list[Evidence] | Unset = UNSET
        if _evidence is not UNSET:
            evidence = []
            for evidence_item_data in _evidence:
                evidence_item = Evidence(evidence_item_data)

                evidence.append(evidence_item)

        max_age = d.pop("maxAge", UNSET)

        reference = d.pop("reference", UNSET)

        _purpose = d.pop("purpose", UNSET)
        purpose: Purpose | Unset
        if isinstance(_purpose, Unset):
            purpose = UNSET
        else:
            purpose = Purpose(_purpose)

        question = cls(
            provider=provider,
            programme=programme,
            trainer=trainer,
            delivered_on=delivered_on,
            delivered_by=delivered_by,
            scope=scope,
            known_at=known_at,
            evidence=evidence,
            max_age=max_age,
            reference=reference,
            purpose=purpose,
        )

        question.additional_properties = d
        return question

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
