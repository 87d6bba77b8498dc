from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.affected_watch import AffectedWatch
    from ..models.event_reason import EventReason
    from ..models.event_source import EventSource
    from ..models.event_subject import EventSubject
    from ..models.expiry import Expiry
    from ..models.stands_moved import StandsMoved
    from ..models.verdict_moved import VerdictMoved


T = TypeVar("T", bound="EventData")


@_attrs_define
class EventData:
    """
    Attributes:
        text (str):
        effective_on (datetime.date | None | Unset):
        subject (EventSubject | None | Unset):
        status (None | StandsMoved | Unset):
        verdict (None | Unset | VerdictMoved):
        reasons (list[EventReason] | Unset):
        expiry (Expiry | None | Unset):
        sources (list[EventSource] | Unset):
        watches (list[AffectedWatch] | Unset):
        watch_count (int | Unset):  Default: 0.
        corrects (None | str | Unset):
        snapshot (None | str | Unset):
        test (bool | Unset):  Default: False.
    """

    text: str
    effective_on: datetime.date | None | Unset = UNSET
    subject: EventSubject | None | Unset = UNSET
    status: None | StandsMoved | Unset = UNSET
    verdict: None | Unset | VerdictMoved = UNSET
    reasons: list[EventReason] | Unset = UNSET
    expiry: Expiry | None | Unset = UNSET
    sources: list[EventSource] | Unset = UNSET
    watches: list[AffectedWatch] | Unset = UNSET
    watch_count: int | Unset = 0
    corrects: None | str | Unset = UNSET
    snapshot: None | str | Unset = UNSET
    test: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.event_subject import EventSubject  # noqa: PLC0415
        from ..models.expiry import Expiry  # noqa: PLC0415
        from ..models.stands_moved import StandsMoved  # noqa: PLC0415
        from ..models.verdict_moved import VerdictMoved  # noqa: PLC0415

        text = self.text

        effective_on: None | str | Unset
        if isinstance(self.effective_on, Unset):
            effective_on = UNSET
        elif isinstance(self.effective_on, datetime.date):
            effective_on = self.effective_on.isoformat()
        else:
            effective_on = self.effective_on

        subject: dict[str, Any] | None | Unset
        if isinstance(self.subject, Unset):
            subject = UNSET
        elif isinstance(self.subject, EventSubject):
            subject = self.subject.to_dict()
        else:
            subject = self.subject

        status: dict[str, Any] | None | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, StandsMoved):
            status = self.status.to_dict()
        else:
            status = self.status

        verdict: dict[str, Any] | None | Unset
        if isinstance(self.verdict, Unset):
            verdict = UNSET
        elif isinstance(self.verdict, VerdictMoved):
            verdict = self.verdict.to_dict()
        else:
            verdict = self.verdict

        reasons: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.reasons, Unset):
            reasons = []
            for reasons_item_data in self.reasons:
                reasons_item = reasons_item_data.to_dict()
                reasons.append(reasons_item)

        expiry: dict[str, Any] | None | Unset
        if isinstance(self.expiry, Unset):
            expiry = UNSET
        elif isinstance(self.expiry, Expiry):
            expiry = self.expiry.to_dict()
        else:
            expiry = self.expiry

        sources: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.sources, Unset):
            sources = []
            for sources_item_data in self.sources:
                sources_item = sources_item_data.to_dict()
                sources.append(sources_item)

        watches: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.watches, Unset):
            watches = []
            for watches_item_data in self.watches:
                watches_item = watches_item_data.to_dict()
                watches.append(watches_item)

        watch_count = self.watch_count

        corrects: None | str | Unset
        if isinstance(self.corrects, Unset):
            corrects = UNSET
        else:
            corrects = self.corrects

        snapshot: None | str | Unset
        if isinstance(self.snapshot, Unset):
            snapshot = UNSET
        else:
            snapshot = self.snapshot

        test = self.test

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
            }
        )
        if effective_on is not UNSET:
            field_dict["effectiveOn"] = effective_on
        if subject is not UNSET:
            field_dict["subject"] = subject
        if status is not UNSET:
            field_dict["status"] = status
        if verdict is not UNSET:
            field_dict["verdict"] = verdict
        if reasons is not UNSET:
            field_dict["reasons"] = reasons
        if expiry is not UNSET:
            field_dict["expiry"] = expiry
        if sources is not UNSET:
            field_dict["sources"] = sources
        if watches is not UNSET:
            field_dict["watches"] = watches
        if watch_count is not UNSET:
            field_dict["watchCount"] = watch_count
        if corrects is not UNSET:
            field_dict["corrects"] = corrects
        if snapshot is not UNSET:
            field_dict["snapshot"] = snapshot
        if test is not UNSET:
            field_dict["test"] = test

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.affected_watch import AffectedWatch  # noqa: PLC0415
        from ..models.event_reason import EventReason  # noqa: PLC0415
        from ..models.event_source import EventSource  # noqa: PLC0415
        from ..models.event_subject import EventSubject  # noqa: PLC0415
        from ..models.expiry import Expiry  # noqa: PLC0415
        from ..models.stands_moved import StandsMoved  # noqa: PLC0415
        from ..models.verdict_moved import VerdictMoved  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        def _parse_effective_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                effective_on_type_0 = datetime.date.fromisoformat(data)

                return effective_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        effective_on = _parse_effective_on(d.pop("effectiveOn", UNSET))

        def _parse_subject(data: object) -> EventSubject | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                subject_type_0 = EventSubject.from_dict(data)

                return subject_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventSubject | None | Unset, data)

        subject = _parse_subject(d.pop("subject", UNSET))

        def _parse_status(data: object) -> None | StandsMoved | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                status_type_0 = StandsMoved.from_dict(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StandsMoved | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_verdict(data: object) -> None | Unset | VerdictMoved:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                verdict_type_0 = VerdictMoved.from_dict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VerdictMoved, data)

        verdict = _parse_verdict(d.pop("verdict", UNSET))

        _reasons = d.pop("reasons", UNSET)
        reasons: list[EventReason] | Unset = UNSET
        if _reasons is not UNSET:
            reasons = []
            for reasons_item_data in _reasons:
                reasons_item = EventReason.from_dict(reasons_item_data)

                reasons.append(reasons_item)

        def _parse_expiry(data: object) -> Expiry | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expiry_type_0 = Expiry.from_dict(data)

                return expiry_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Expiry | None | Unset, data)

        expiry = _parse_expiry(d.pop("expiry", UNSET))

        _sources = d.pop("sources", UNSET)
        sources: list[EventSource] | Unset = UNSET
        if _sources is not UNSET:
            sources = []
            for sources_item_data in _sources:
                sources_item = EventSource.from_dict(sources_item_data)

                sources.append(sources_item)

        _watches = d.pop("watches", UNSET)
        watches: list[AffectedWatch] | Unset = UNSET
        if _watches is not UNSET:
            watches = []
            for watches_item_data in _watches:
                watches_item = AffectedWatch.from_dict(watches_item_data)

                watches.append(watches_item)

        watch_count = d.pop("watchCount", UNSET)

        def _parse_corrects(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        corrects = _parse_corrects(d.pop("corrects", UNSET))

        def _parse_snapshot(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        snapshot = _parse_snapshot(d.pop("snapshot", UNSET))

        test = d.pop("test", UNSET)

        event_data = cls(
            text=text,
            effective_on=effective_on,
            subject=subject,
            status=status,
            verdict=verdict,
            reasons=reasons,
            expiry=expiry,
            sources=sources,
            watches=watches,
            watch_count=watch_count,
            corrects=corrects,
            snapshot=snapshot,
            test=test,
        )

        event_data.additional_properties = d
        return event_data

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
