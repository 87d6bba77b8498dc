from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.state import State

T = TypeVar("T", bound="BatchAnswer")


@_attrs_define
class BatchAnswer:
    """
    Attributes:
        id (str):
        state (State): How far a batch has come: rows are still read, all were answered, or its caller or its process
            was lost.
        rows (int):
        passed (int):
        failed (int):
        cannot_confirm (int):
        problems (int):
        received_at (datetime.datetime):
        known_at (datetime.datetime | None):
        receipt (None | str):
    """

    id: str
    state: State
    rows: int
    passed: int
    failed: int
    cannot_confirm: int
    problems: int
    received_at: datetime.datetime
    known_at: datetime.datetime | None
    receipt: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        state = self.state.value

        rows = self.rows

        passed = self.passed

        failed = self.failed

        cannot_confirm = self.cannot_confirm

        problems = self.problems

        received_at = self.received_at.isoformat()

        known_at: None | str
        if isinstance(self.known_at, datetime.datetime):
            known_at = self.known_at.isoformat()
        else:
            known_at = self.known_at

        receipt: None | str
        receipt = self.receipt

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "state": state,
                "rows": rows,
                "passed": passed,
                "failed": failed,
                "cannotConfirm": cannot_confirm,
                "problems": problems,
                "receivedAt": received_at,
                "knownAt": known_at,
                "receipt": receipt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        state = State(d.pop("state"))

        rows = d.pop("rows")

        passed = d.pop("passed")

        failed = d.pop("failed")

        cannot_confirm = d.pop("cannotConfirm")

        problems = d.pop("problems")

        received_at = datetime.datetime.fromisoformat(d.pop("receivedAt"))

        def _parse_known_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                known_at_type_0 = datetime.datetime.fromisoformat(data)

                return known_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        known_at = _parse_known_at(d.pop("knownAt"))

        def _parse_receipt(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        receipt = _parse_receipt(d.pop("receipt"))

        batch_answer = cls(
            id=id,
            state=state,
            rows=rows,
            passed=passed,
            failed=failed,
            cannot_confirm=cannot_confirm,
            problems=problems,
            received_at=received_at,
            known_at=known_at,
            receipt=receipt,
        )

        batch_answer.additional_properties = d
        return batch_answer

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
