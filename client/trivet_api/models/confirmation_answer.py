from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confirmable import Confirmable
from ..models.confirmation_state import ConfirmationState

T = TypeVar("T", bound="ConfirmationAnswer")


@_attrs_define
class ConfirmationAnswer:
    """
    Attributes:
        id (str):
        kind (Confirmable): The kinds of record that a body confirms: a certification, an approval, an authorisation, an
            affiliation.
        register (None | str):
        subject (None | str):
        state (ConfirmationState): How a confirmation stands on a day: good, over since its last day, or ended in one of
            three ways.
        confirmed_by (str):
        confirmed_on (datetime.date):
        good_until (datetime.date):
        document (str):
        note (None | str):
        recorded_at (datetime.datetime):
        recorded_by (None | str):
        ended_at (datetime.datetime | None):
        ended_by (None | str):
        end_reason (None | str):
    """

    id: str
    kind: Confirmable
    register: None | str
    subject: None | str
    state: ConfirmationState
    confirmed_by: str
    confirmed_on: datetime.date
    good_until: datetime.date
    document: str
    note: None | str
    recorded_at: datetime.datetime
    recorded_by: None | str
    ended_at: datetime.datetime | None
    ended_by: None | str
    end_reason: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        register: None | str
        register = self.register

        subject: None | str
        subject = self.subject

        state = self.state.value

        confirmed_by = self.confirmed_by

        confirmed_on = self.confirmed_on.isoformat()

        good_until = self.good_until.isoformat()

        document = self.document

        note: None | str
        note = self.note

        recorded_at = self.recorded_at.isoformat()

        recorded_by: None | str
        recorded_by = self.recorded_by

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        ended_by: None | str
        ended_by = self.ended_by

        end_reason: None | str
        end_reason = self.end_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "register": register,
                "subject": subject,
                "state": state,
                "confirmedBy": confirmed_by,
                "confirmedOn": confirmed_on,
                "goodUntil": good_until,
                "document": document,
                "note": note,
                "recordedAt": recorded_at,
                "recordedBy": recorded_by,
                "endedAt": ended_at,
                "endedBy": ended_by,
                "endReason": end_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        kind = Confirmable(d.pop("kind"))

        def _parse_register(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        register = _parse_register(d.pop("register"))

        def _parse_subject(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subject = _parse_subject(d.pop("subject"))

        state = ConfirmationState(d.pop("state"))

        confirmed_by = d.pop("confirmedBy")

        confirmed_on = datetime.date.fromisoformat(d.pop("confirmedOn"))

        good_until = datetime.date.fromisoformat(d.pop("goodUntil"))

        document = d.pop("document")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))

        def _parse_recorded_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recorded_by = _parse_recorded_by(d.pop("recordedBy"))

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

        def _parse_ended_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ended_by = _parse_ended_by(d.pop("endedBy"))

        def _parse_end_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        end_reason = _parse_end_reason(d.pop("endReason"))

        confirmation_answer = cls(
            id=id,
            kind=kind,
            register=register,
            subject=subject,
            state=state,
            confirmed_by=confirmed_by,
            confirmed_on=confirmed_on,
            good_until=good_until,
            document=document,
            note=note,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            ended_at=ended_at,
            ended_by=ended_by,
            end_reason=end_reason,
        )

        confirmation_answer.additional_properties = d
        return confirmation_answer

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
