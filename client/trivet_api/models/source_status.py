from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.vouched_by import VouchedBy

if TYPE_CHECKING:
    from ..models.coverage_by_kind import CoverageByKind
    from ..models.last_sync import LastSync


T = TypeVar("T", bound="SourceStatus")


@_attrs_define
class SourceStatus:
    """
    Attributes:
        source (str):
        as_of (datetime.datetime):
        stale (bool):
        max_age_seconds (int | None):
        vouched_by (VouchedBy): Who stands behind a source, best first (R10).
        coverage (CoverageByKind):
        last_sync (LastSync | None):
    """

    source: str
    as_of: datetime.datetime
    stale: bool
    max_age_seconds: int | None
    vouched_by: VouchedBy
    coverage: CoverageByKind
    last_sync: LastSync | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.last_sync import LastSync  # noqa: PLC0415

        source = self.source

        as_of = self.as_of.isoformat()

        stale = self.stale

        max_age_seconds: int | None
        max_age_seconds = self.max_age_seconds

        vouched_by = self.vouched_by.value

        coverage = self.coverage.to_dict()

        last_sync: dict[str, Any] | None
        if isinstance(self.last_sync, LastSync):
            last_sync = self.last_sync.to_dict()
        else:
            last_sync = self.last_sync

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "asOf": as_of,
                "stale": stale,
                "maxAgeSeconds": max_age_seconds,
                "vouchedBy": vouched_by,
                "coverage": coverage,
                "lastSync": last_sync,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.coverage_by_kind import CoverageByKind  # noqa: PLC0415
        from ..models.last_sync import LastSync  # noqa: PLC0415

        d = dict(src_dict)
        source = d.pop("source")

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        stale = d.pop("stale")

        def _parse_max_age_seconds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_age_seconds = _parse_max_age_seconds(d.pop("maxAgeSeconds"))

        vouched_by = VouchedBy(d.pop("vouchedBy"))

        coverage = CoverageByKind.from_dict(d.pop("coverage"))

        def _parse_last_sync(data: object) -> LastSync | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_sync_type_0 = LastSync.from_dict(data)

                return last_sync_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LastSync | None, data)

        last_sync = _parse_last_sync(d.pop("lastSync"))

        source_status = cls(
            source=source,
            as_of=as_of,
            stale=stale,
            max_age_seconds=max_age_seconds,
            vouched_by=vouched_by,
            coverage=coverage,
            last_sync=last_sync,
        )

        source_status.additional_properties = d
        return source_status

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
