from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.provider_kind import ProviderKind

if TYPE_CHECKING:
    from ..models.identifier import Identifier
    from ..models.period import Period
    from ..models.standing_answer import StandingAnswer


T = TypeVar("T", bound="ProviderListed")


@_attrs_define
class ProviderListed:
    """
    Attributes:
        register (str):
        name (str):
        trading_names (list[str]):
        kind (None | ProviderKind):
        identifiers (list[Identifier]):
        certificate (None | str):
        body (str):
        standards_edition (None | str):
        settings (list[str] | None):
        nations (list[str] | None):
        periods (list[Period]):
        standing (StandingAnswer):
    """

    register: str
    name: str
    trading_names: list[str]
    kind: None | ProviderKind
    identifiers: list[Identifier]
    certificate: None | str
    body: str
    standards_edition: None | str
    settings: list[str] | None
    nations: list[str] | None
    periods: list[Period]
    standing: StandingAnswer
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        register = self.register

        name = self.name

        trading_names = self.trading_names

        kind: None | str
        if isinstance(self.kind, ProviderKind):
            kind = self.kind.value
        else:
            kind = self.kind

        identifiers = []
        for identifiers_item_data in self.identifiers:
            identifiers_item = identifiers_item_data.to_dict()
            identifiers.append(identifiers_item)

        certificate: None | str
        certificate = self.certificate

        body = self.body

        standards_edition: None | str
        standards_edition = self.standards_edition

        settings: list[str] | None
        if isinstance(self.settings, list):
            settings = self.settings

        else:
            settings = self.settings

        nations: list[str] | None
        if isinstance(self.nations, list):
            nations = self.nations

        else:
            nations = self.nations

        periods = []
        for periods_item_data in self.periods:
            periods_item = periods_item_data.to_dict()
            periods.append(periods_item)

        standing = self.standing.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "register": register,
                "name": name,
                "tradingNames": trading_names,
                "kind": kind,
                "identifiers": identifiers,
                "certificate": certificate,
                "body": body,
                "standardsEdition": standards_edition,
                "settings": settings,
                "nations": nations,
                "periods": periods,
                "standing": standing,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.period import Period  # noqa: PLC0415
        from ..models.standing_answer import StandingAnswer  # noqa: PLC0415

        d = dict(src_dict)
        register = d.pop("register")

        name = d.pop("name")

        trading_names = cast(list[str], d.pop("tradingNames"))

        def _parse_kind(data: object) -> None | ProviderKind:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                kind_type_0 = ProviderKind(data)

                return kind_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProviderKind, data)

        kind = _parse_kind(d.pop("kind"))

        identifiers = []
        _identifiers = d.pop("identifiers")
        for identifiers_item_data in _identifiers:
            identifiers_item = Identifier.from_dict(identifiers_item_data)

            identifiers.append(identifiers_item)

        def _parse_certificate(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        certificate = _parse_certificate(d.pop("certificate"))

        body = d.pop("body")

        def _parse_standards_edition(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        standards_edition = _parse_standards_edition(d.pop("standardsEdition"))

        def _parse_settings(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                settings_type_0 = cast(list[str], data)

                return settings_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        settings = _parse_settings(d.pop("settings"))

        def _parse_nations(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                nations_type_0 = cast(list[str], data)

                return nations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        nations = _parse_nations(d.pop("nations"))

        periods = []
        _periods = d.pop("periods")
        for periods_item_data in _periods:
            periods_item = Period.from_dict(periods_item_data)

            periods.append(periods_item)

        standing = StandingAnswer.from_dict(d.pop("standing"))

        provider_listed = cls(
            register=register,
            name=name,
            trading_names=trading_names,
            kind=kind,
            identifiers=identifiers,
            certificate=certificate,
            body=body,
            standards_edition=standards_edition,
            settings=settings,
            nations=nations,
            periods=periods,
            standing=standing,
        )

        provider_listed.additional_properties = d
        return provider_listed

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
