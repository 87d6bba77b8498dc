from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.watch_kind import WatchKind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.identifier import Identifier
    from ..models.programme_reference import ProgrammeReference
    from ..models.scope import Scope
    from ..models.watched_trainer import WatchedTrainer


T = TypeVar("T", bound="Watched")


@_attrs_define
class Watched:
    """
    Attributes:
        provider (Identifier | list[Identifier]): One identifier, or several that must agree.
        kind (WatchKind | Unset): What a watch is on.
        programme (ProgrammeReference | Unset):
        trainer (WatchedTrainer | Unset):
        delivered_by (Identifier | Unset):
        delivered_on (datetime.date | Unset): A Europe/London day; left out, the watch goes on from day to day.
        scope (Scope | Unset):
        reference (str | Unset): The caller's own, told with every event; one watch has it at a time.
        expiry_notice (list[str] | Unset): How long before an end to be told, in days or weeks, such as P30D: at most
            730 days.
    """

    provider: Identifier | list[Identifier]
    kind: WatchKind | Unset = UNSET
    programme: ProgrammeReference | Unset = UNSET
    trainer: WatchedTrainer | Unset = UNSET
    delivered_by: Identifier | Unset = UNSET
    delivered_on: datetime.date | Unset = UNSET
    scope: Scope | Unset = UNSET
    reference: str | Unset = UNSET
    expiry_notice: list[str] | Unset = UNSET
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

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind.value

        programme: dict[str, Any] | Unset = UNSET
        if not isinstance(self.programme, Unset):
            programme = self.programme.to_dict()

        trainer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.trainer, Unset):
            trainer = self.trainer.to_dict()

        delivered_by: dict[str, Any] | Unset = UNSET
        if not isinstance(self.delivered_by, Unset):
            delivered_by = self.delivered_by.to_dict()

        delivered_on: str | Unset = UNSET
        if not isinstance(self.delivered_on, Unset):
            delivered_on = self.delivered_on.isoformat()

        scope: dict[str, Any] | Unset = UNSET
        if not isinstance(self.scope, Unset):
            scope = self.scope.to_dict()

        reference = self.reference

        expiry_notice: list[str] | Unset = UNSET
        if not isinstance(self.expiry_notice, Unset):
            expiry_notice = self.expiry_notice

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if kind is not UNSET:
            field_dict["kind"] = kind
        if programme is not UNSET:
            field_dict["programme"] = programme
        if trainer is not UNSET:
            field_dict["trainer"] = trainer
        if delivered_by is not UNSET:
            field_dict["deliveredBy"] = delivered_by
        if delivered_on is not UNSET:
            field_dict["deliveredOn"] = delivered_on
        if scope is not UNSET:
            field_dict["scope"] = scope
        if reference is not UNSET:
            field_dict["reference"] = reference
        if expiry_notice is not UNSET:
            field_dict["expiryNotice"] = expiry_notice

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.programme_reference import ProgrammeReference  # noqa: PLC0415
        from ..models.scope import Scope  # noqa: PLC0415
        from ..models.watched_trainer import WatchedTrainer  # noqa: PLC0415

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

        _kind = d.pop("kind", UNSET)
        kind: WatchKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = WatchKind(_kind)

        _programme = d.pop("programme", UNSET)
        programme: ProgrammeReference | Unset
        if isinstance(_programme, Unset):
            programme = UNSET
        else:
            programme = ProgrammeReference.from_dict(_programme)

        _trainer = d.pop("trainer", UNSET)
        trainer: WatchedTrainer | Unset
        if isinstance(_trainer, Unset):
            trainer = UNSET
        else:
            trainer = WatchedTrainer.from_dict(_trainer)

        _delivered_by = d.pop("deliveredBy", UNSET)
        delivered_by: Identifier | Unset
        if isinstance(_delivered_by, Unset):
            delivered_by = UNSET
        else:
            delivered_by = Identifier.from_dict(_delivered_by)

        _delivered_on = d.pop("deliveredOn", UNSET)
        delivered_on: datetime.date | Unset
        if isinstance(_delivered_on, Unset):
            delivered_on = UNSET
        else:
            delivered_on = datetime.date.fromisoformat(_delivered_on)

        _scope = d.pop("scope", UNSET)
        scope: Scope | Unset
        if isinstance(_scope, Unset):
            scope = UNSET
        else:
            scope = Scope.from_dict(_scope)

        reference = d.pop("reference", UNSET)

        expiry_notice = cast(list[str], d.pop("expiryNotice", UNSET))

        watched = cls(
            provider=provider,
            kind=kind,
            programme=programme,
            trainer=trainer,
            delivered_by=delivered_by,
            delivered_on=delivered_on,
            scope=scope,
            reference=reference,
            expiry_notice=expiry_notice,
        )

        watched.additional_properties = d
        return watched

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
