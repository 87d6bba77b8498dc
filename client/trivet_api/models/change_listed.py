from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.change_kind import ChangeKind
from ..models.kind import Kind

T = TypeVar("T", bound="ChangeListed")


@_attrs_define
class ChangeListed:
    """
    Attributes:
        id (str):
        kind (Kind): The kinds of record, named as in the interchange document.
        register (str):
        change (ChangeKind): What happened to a record between two snapshots.
        valid_from (datetime.date | None):
        known_at (datetime.datetime):
        fields (list[str]):
        snapshot (str):
    """

    id: str
    kind: Kind
    register: str
    change: ChangeKind
    valid_from: datetime.date | None
    known_at: datetime.datetime
    fields: list[str]
    snapshot: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        register = self.register

        change = self.change.value

        valid_from: None | str
        if isinstance(self.valid_from, datetime.date):
            valid_from = self.valid_from.isoformat()
        else:
            valid_from = self.valid_from

        known_at = self.known_at.isoformat()

        fields = self.fields

        snapshot = self.snapshot

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "register": register,
                "change": change,
                "validFrom": valid_from,
                "knownAt": known_at,
                "fields": fields,
                "snapshot": snapshot,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        kind = Kind(d.pop("kind"))

        register = d.pop("register")

        change = ChangeKind(d.pop("change"))

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

        known_at = datetime.datetime.fromisoformat(d.pop("knownAt"))

        fields = cast(list[str], d.pop("fields"))

        snapshot = d.pop("snapshot")

        change_listed = cls(
            id=id,
            kind=kind,
            register=register,
            change=change,
            valid_from=valid_from,
            known_at=known_at,
            fields=fields,
            snapshot=snapshot,
        )

        change_listed.additional_properties = d
        return change_listed

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
