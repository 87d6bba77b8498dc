from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.batch_result_problem_type_0 import BatchResultProblemType0
    from ..models.batch_result_verification_type_0 import BatchResultVerificationType0


T = TypeVar("T", bound="BatchResult")


@_attrs_define
class BatchResult:
    """
    Attributes:
        row (int):
        reference (None | str):
        verification (BatchResultVerificationType0 | None | Unset):
        problem (BatchResultProblemType0 | None | Unset):
    """

    row: int
    reference: None | str
    verification: BatchResultVerificationType0 | None | Unset = UNSET
    problem: BatchResultProblemType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.batch_result_problem_type_0 import BatchResultProblemType0  # noqa: PLC0415
        from ..models.batch_result_verification_type_0 import (
            BatchResultVerificationType0,  # noqa: PLC0415
        )

        row = self.row

        reference: None | str
        reference = self.reference

        verification: dict[str, Any] | None | Unset
        if isinstance(self.verification, Unset):
            verification = UNSET
        elif isinstance(self.verification, BatchResultVerificationType0):
            verification = self.verification.to_dict()
        else:
            verification = self.verification

        problem: dict[str, Any] | None | Unset
        if isinstance(self.problem, Unset):
            problem = UNSET
        elif isinstance(self.problem, BatchResultProblemType0):
            problem = self.problem.to_dict()
        else:
            problem = self.problem

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "row": row,
                "reference": reference,
            }
        )
        if verification is not UNSET:
            field_dict["verification"] = verification
        if problem is not UNSET:
            field_dict["problem"] = problem

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.batch_result_problem_type_0 import BatchResultProblemType0  # noqa: PLC0415
        from ..models.batch_result_verification_type_0 import (
            BatchResultVerificationType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        row = d.pop("row")

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        def _parse_verification(
            data: object,
        ) -> BatchResultVerificationType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                verification_type_0 = BatchResultVerificationType0.from_dict(data)

                return verification_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BatchResultVerificationType0 | None | Unset, data)

        verification = _parse_verification(d.pop("verification", UNSET))

        def _parse_problem(data: object) -> BatchResultProblemType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                problem_type_0 = BatchResultProblemType0.from_dict(data)

                return problem_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BatchResultProblemType0 | None | Unset, data)

        problem = _parse_problem(d.pop("problem", UNSET))

        batch_result = cls(
            row=row,
            reference=reference,
            verification=verification,
            problem=problem,
        )

        batch_result.additional_properties = d
        return batch_result

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
