from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.coverage_by_kind import CoverageByKind
    from ..models.held_reading import HeldReading
    from ..models.register_status_contradictions import RegisterStatusContradictions
    from ..models.register_status_counts import RegisterStatusCounts
    from ..models.source_status import SourceStatus


T = TypeVar("T", bound="RegisterStatus")


@_attrs_define
class RegisterStatus:
    """
    Attributes:
        snapshot (str):
        digest (str):
        published_at (datetime.datetime):
        as_of (datetime.datetime):
        stale (bool):
        coverage (CoverageByKind):
        counts (RegisterStatusCounts):
        contradictions (RegisterStatusContradictions):
        sources (list[SourceStatus]):
        quarantine (list[HeldReading]):
    """

    snapshot: str
    digest: str
    published_at: datetime.datetime
    as_of: datetime.datetime
    stale: bool
    coverage: CoverageByKind
    counts: RegisterStatusCounts
    contradictions: RegisterStatusContradictions
    sources: list[SourceStatus]
    quarantine: list[HeldReading]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        snapshot = self.snapshot

        digest = self.digest

        published_at = self.published_at.isoformat()

        as_of = self.as_of.isoformat()

        stale = self.stale

        coverage = self.coverage.to_dict()

        counts = self.counts.to_dict()

        contradictions = self.contradictions.to_dict()

        sources = []
        for sources_item_data in self.sources:
            sources_item = sources_item_data.to_dict()
            sources.append(sources_item)

        quarantine = []
        for quarantine_item_data in self.quarantine:
            quarantine_item = quarantine_item_data.to_dict()
            quarantine.append(quarantine_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "snapshot": snapshot,
                "digest": digest,
                "publishedAt": published_at,
                "asOf": as_of,
                "stale": stale,
                "coverage": coverage,
                "counts": counts,
                "contradictions": contradictions,
                "sources": sources,
                "quarantine": quarantine,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.coverage_by_kind import CoverageByKind  # noqa: PLC0415
        from ..models.held_reading import HeldReading  # noqa: PLC0415
        from ..models.register_status_contradictions import RegisterStatusContradictions  # noqa: PLC0415
        from ..models.register_status_counts import RegisterStatusCounts  # noqa: PLC0415
        from ..models.source_status import SourceStatus  # noqa: PLC0415

        d = dict(src_dict)
        snapshot = d.pop("snapshot")

        digest = d.pop("digest")

        published_at = datetime.datetime.fromisoformat(d.pop("publishedAt"))

        as_of = datetime.datetime.fromisoformat(d.pop("asOf"))

        stale = d.pop("stale")

        coverage = CoverageByKind.from_dict(d.pop("coverage"))

        counts = RegisterStatusCounts.from_dict(d.pop("counts"))

        contradictions = RegisterStatusContradictions.from_dict(d.pop("contradictions"))

        sources = []
        _sources = d.pop("sources")
        for sources_item_data in _sources:
            sources_item = SourceStatus.from_dict(sources_item_data)

            sources.append(sources_item)

        quarantine = []
        _quarantine = d.pop("quarantine")
        for quarantine_item_data in _quarantine:
            quarantine_item = HeldReading.from_dict(quarantine_item_data)

            quarantine.append(quarantine_item)

        register_status = cls(
            snapshot=snapshot,
            digest=digest,
            published_at=published_at,
            as_of=as_of,
            stale=stale,
            coverage=coverage,
            counts=counts,
            contradictions=contradictions,
            sources=sources,
            quarantine=quarantine,
        )

        register_status.additional_properties = d
        return register_status

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
