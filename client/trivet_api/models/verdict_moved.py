from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

T = TypeVar("T", bound="VerdictMoved")


@_attrs_define
class VerdictMoved:
    """
    Attributes:
        before (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
        after (Verdict): What is answered, for an element and for the whole; only `pass` is permission.
    """

    before: Verdict
    after: Verdict
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        before = self.before.value

        after = self.after.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "before": before,
                "after": after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        before = Verdict(d.pop("before"))

        after = Verdict(d.pop("after"))

        verdict_moved = cls(
            before=before,
            after=after,
        )

        verdict_moved.additional_properties = d
        return verdict_moved

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
