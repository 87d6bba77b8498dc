from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.confirmation_answer import ConfirmationAnswer
    from ..models.doubt import Doubt
    from ..models.recorded_answer_record import RecordedAnswerRecord


T = TypeVar("T", bound="RecordedAnswer")


@_attrs_define
class RecordedAnswer:
    """
    Attributes:
        confirmation (ConfirmationAnswer):
        record (RecordedAnswerRecord):
        doubts (list[Doubt]):
        snapshot (str):
    """

    confirmation: ConfirmationAnswer
    record: RecordedAnswerRecord
    doubts: list[Doubt]
    snapshot: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        confirmation = self.confirmation.to_dict()

        record = self.record.to_dict()

        doubts = []
        for doubts_item_data in self.doubts:
            doubts_item = doubts_item_data.to_dict()
            doubts.append(doubts_item)

        snapshot = self.snapshot

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "confirmation": confirmation,
                "record": record,
                "doubts": doubts,
                "snapshot": snapshot,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.confirmation_answer import ConfirmationAnswer  # noqa: PLC0415
        from ..models.doubt import Doubt  # noqa: PLC0415
        from ..models.recorded_answer_record import RecordedAnswerRecord  # noqa: PLC0415

        d = dict(src_dict)
        confirmation = ConfirmationAnswer.from_dict(d.pop("confirmation"))

        record = RecordedAnswerRecord.from_dict(d.pop("record"))

        doubts = []
        _doubts = d.pop("doubts")
        for doubts_item_data in _doubts:
            doubts_item = Doubt.from_dict(doubts_item_data)

            doubts.append(doubts_item)

        snapshot = d.pop("snapshot")

        recorded_answer = cls(
            confirmation=confirmation,
            record=record,
            doubts=doubts,
            snapshot=snapshot,
        )

        recorded_answer.additional_properties = d
        return recorded_answer

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
