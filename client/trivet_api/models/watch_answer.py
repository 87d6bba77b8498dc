from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.watch_kind import WatchKind

if TYPE_CHECKING:
    from ..models.identifier import Identifier
    from ..models.programme_reference import ProgrammeReference
    from ..models.scope import Scope
    from ..models.watch_standing import WatchStanding
    from ..models.watched_trainer import WatchedTrainer


T = TypeVar("T", bound="WatchAnswer")


@_attrs_define
class WatchAnswer:
    """
    Attributes:
        id (str):
        kind (WatchKind): What a watch is on.
        reference (None | str):
        provider (list[Identifier]):
        programme (None | ProgrammeReference):
        trainer (None | WatchedTrainer):
        delivered_by (Identifier | None):
        delivered_on (datetime.date | None):
        scope (None | Scope):
        expiry_notice (list[str]):
        created_at (datetime.datetime):
        standing (WatchStanding):
    """

    id: str
    kind: WatchKind
    reference: None | str
    provider: list[Identifier]
    programme: None | ProgrammeReference
    trainer: None | WatchedTrainer
    delivered_by: Identifier | None
    delivered_on: datetime.date | None
    scope: None | Scope
    expiry_notice: list[str]
    created_at: datetime.datetime
    standing: WatchStanding
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.programme_reference import ProgrammeReference  # noqa: PLC0415
        from ..models.scope import Scope  # noqa: PLC0415
        from ..models.watched_trainer import WatchedTrainer  # noqa: PLC0415

        id = self.id

        kind = self.kind.value

        reference: None | str
        reference = self.reference

        provider = []
        for provider_item_data in self.provider:
            provider_item = provider_item_data.to_dict()
            provider.append(provider_item)

        programme: dict[str, Any] | None
        if isinstance(self.programme, ProgrammeReference):
            programme = self.programme.to_dict()
        else:
            programme = self.programme

        trainer: dict[str, Any] | None
        if isinstance(self.trainer, WatchedTrainer):
            trainer = self.trainer.to_dict()
        else:
            trainer = self.trainer

        delivered_by: dict[str, Any] | None
        if isinstance(self.delivered_by, Identifier):
            delivered_by = self.delivered_by.to_dict()
        else:
            delivered_by = self.delivered_by

        delivered_on: None | str
        if isinstance(self.delivered_on, datetime.date):
            delivered_on = self.delivered_on.isoformat()
        else:
            delivered_on = self.delivered_on

        scope: dict[str, Any] | None
        if isinstance(self.scope, Scope):
            scope = self.scope.to_dict()
        else:
            scope = self.scope

        expiry_notice = self.expiry_notice

        created_at = self.created_at.isoformat()

        standing = self.standing.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "reference": reference,
                "provider": provider,
                "programme": programme,
                "trainer": trainer,
                "deliveredBy": delivered_by,
                "deliveredOn": delivered_on,
                "scope": scope,
                "expiryNotice": expiry_notice,
                "createdAt": created_at,
                "standing": standing,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.programme_reference import ProgrammeReference  # noqa: PLC0415
        from ..models.scope import Scope  # noqa: PLC0415
        from ..models.watch_standing import WatchStanding  # noqa: PLC0415
        from ..models.watched_trainer import WatchedTrainer  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = WatchKind(d.pop("kind"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        provider = []
        _provider = d.pop("provider")
        for provider_item_data in _provider:
            provider_item = Identifier.from_dict(provider_item_data)

            provider.append(provider_item)

        def _parse_programme(data: object) -> None | ProgrammeReference:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                programme_type_0 = ProgrammeReference.from_dict(data)

                return programme_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProgrammeReference, data)

        programme = _parse_programme(d.pop("programme"))

        def _parse_trainer(data: object) -> None | WatchedTrainer:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                trainer_type_0 = WatchedTrainer.from_dict(data)

                return trainer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WatchedTrainer, data)

        trainer = _parse_trainer(d.pop("trainer"))

        def _parse_delivered_by(data: object) -> Identifier | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                delivered_by_type_0 = Identifier.from_dict(data)

                return delivered_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Identifier | None, data)

        delivered_by = _parse_delivered_by(d.pop("deliveredBy"))

        def _parse_delivered_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivered_on_type_0 = datetime.date.fromisoformat(data)

                return delivered_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        delivered_on = _parse_delivered_on(d.pop("deliveredOn"))

        def _parse_scope(data: object) -> None | Scope:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scope_type_0 = Scope.from_dict(data)

                return scope_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Scope, data)

        scope = _parse_scope(d.pop("scope"))

        expiry_notice = cast(list[str], d.pop("expiryNotice"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        standing = WatchStanding.from_dict(d.pop("standing"))

        watch_answer = cls(
            id=id,
            kind=kind,
            reference=reference,
            provider=provider,
            programme=programme,
            trainer=trainer,
            delivered_by=delivered_by,
            delivered_on=delivered_on,
            scope=scope,
            expiry_notice=expiry_notice,
            created_at=created_at,
            standing=standing,
        )

        watch_answer.additional_properties = d
        return watch_answer

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
