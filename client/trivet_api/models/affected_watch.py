from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict
from ..models.watch_kind import WatchKind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.watched_trainer import WatchedTrainer


T = TypeVar("T", bound="AffectedWatch")


@_attrs_define
class AffectedWatch:
    """
    Attributes:
        id (str):
        kind (WatchKind): What a watch is on.
        before (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        after (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        reference (None | str | Unset):
        trainer (None | Unset | WatchedTrainer):
    """

    id: str
    kind: WatchKind
    before: Verdict
    after: Verdict
    reference: None | str | Unset = UNSET
    trainer: None | Unset | WatchedTrainer = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.watched_trainer import WatchedTrainer  # noqa: PLC0415

        id = self.id

        kind = self.kind.value

        before = self.before.value

        after = self.after.value

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        trainer: dict[str, Any] | None | Unset
        if isinstance(self.trainer, Unset):
            trainer = UNSET
        elif isinstance(self.trainer, WatchedTrainer):
            trainer = self.trainer.to_dict()
        else:
            trainer = self.trainer

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "before": before,
                "after": after,
            }
        )
        if reference is not UNSET:
            field_dict["reference"] = reference
        if trainer is not UNSET:
            field_dict["trainer"] = trainer

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.watched_trainer import WatchedTrainer  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = WatchKind(d.pop("kind"))

        before = Verdict(d.pop("before"))

        after = Verdict(d.pop("after"))

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        def _parse_trainer(data: object) -> None | Unset | WatchedTrainer:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                trainer_type_0 = WatchedTrainer.from_dict(data)

                return trainer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | WatchedTrainer, data)

        trainer = _parse_trainer(d.pop("trainer", UNSET))

        affected_watch = cls(
            id=id,
            kind=kind,
            before=before,
            after=after,
            reference=reference,
            trainer=trainer,
        )

        affected_watch.additional_properties = d
        return affected_watch

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
