from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_state import DeliveryState
from ..models.event_type import EventType

if TYPE_CHECKING:
    from ..models.try_listed import TryListed


T = TypeVar("T", bound="DeliveryListed")


@_attrs_define
class DeliveryListed:
    """
    Attributes:
        id (str):
        event (str):
        type_ (EventType): What an event tells.
        state (DeliveryState): What became of a delivery: `failed` is given up, and can be sent again.
        created_at (datetime.datetime):
        next_try_at (datetime.datetime | None):
        ended_at (datetime.datetime | None):
        tries (list[TryListed]):
    """

    id: str
    event: str
    type_: EventType
    state: DeliveryState
    created_at: datetime.datetime
    next_try_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    tries: list[TryListed]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        event = self.event

        type_ = self.type_.value

        state = self.state.value

        created_at = self.created_at.isoformat()

        next_try_at: None | str
        if isinstance(self.next_try_at, datetime.datetime):
            next_try_at = self.next_try_at.isoformat()
        else:
            next_try_at = self.next_try_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        tries = []
        for tries_item_data in self.tries:
            tries_item = tries_item_data.to_dict()
            tries.append(tries_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "event": event,
                "type": type_,
                "state": state,
                "createdAt": created_at,
                "nextTryAt": next_try_at,
                "endedAt": ended_at,
                "tries": tries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.try_listed import TryListed  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        event = d.pop("event")

        type_ = EventType(d.pop("type"))

        state = DeliveryState(d.pop("state"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        def _parse_next_try_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_try_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_try_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_try_at = _parse_next_try_at(d.pop("nextTryAt"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("endedAt"))

        tries = []
        _tries = d.pop("tries")
        for tries_item_data in _tries:
            tries_item = TryListed.from_dict(tries_item_data)

            tries.append(tries_item)

        delivery_listed = cls(
            id=id,
            event=event,
            type_=type_,
            state=state,
            created_at=created_at,
            next_try_at=next_try_at,
            ended_at=ended_at,
            tries=tries,
        )

        delivery_listed.additional_properties = d
        return delivery_listed

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
