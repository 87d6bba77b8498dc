from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.period import Period
    from ..models.standing_answer import StandingAnswer


T = TypeVar("T", bound="ProgrammeListed")


@_attrs_define
class ProgrammeListed:
    """
    Attributes:
        register (str):
        title (str):
        settings (list[str] | None):
        populations (list[str] | None):
        nations (list[str] | None):
        modules (list[str] | None):
        restrictive (bool | None):
        periods (list[Period]):
        standing (StandingAnswer):
    """

    register: str
    title: str
    settings: list[str] | None
    populations: list[str] | None
    nations: list[str] | None
    modules: list[str] | None
    restrictive: bool | None
    periods: list[Period]
    standing: StandingAnswer
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        register = self.register

        title = self.title

        settings: list[str] | None
        if isinstance(self.settings, list):
            settings = self.settings

        else:
            settings = self.settings

        populations: list[str] | None
        if isinstance(self.populations, list):
            populations = self.populations

        else:
            populations = self.populations

        nations: list[str] | None
        if isinstance(self.nations, list):
            nations = self.nations

        else:
            nations = self.nations

        modules: list[str] | None
        if isinstance(self.modules, list):
            modules = self.modules

        else:
            modules = self.modules

        restrictive: bool | None
        restrictive = self.restrictive

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
                "title": title,
                "settings": settings,
                "populations": populations,
                "nations": nations,
                "modules": modules,
                "restrictive": restrictive,
                "periods": periods,
                "standing": standing,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.period import Period  # noqa: PLC0415
        from ..models.standing_answer import StandingAnswer  # noqa: PLC0415

        d = dict(src_dict)
        register = d.pop("register")

        title = d.pop("title")

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

        def _parse_populations(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                populations_type_0 = cast(list[str], data)

                return populations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        populations = _parse_populations(d.pop("populations"))

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

        def _parse_modules(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                modules_type_0 = cast(list[str], data)

                return modules_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        modules = _parse_modules(d.pop("modules"))

        def _parse_restrictive(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        restrictive = _parse_restrictive(d.pop("restrictive"))

        periods = []
        _periods = d.pop("periods")
        for periods_item_data in _periods:
            periods_item = Period.from_dict(periods_item_data)

            periods.append(periods_item)

        standing = StandingAnswer.from_dict(d.pop("standing"))

        programme_listed = cls(
            register=register,
            title=title,
            settings=settings,
            populations=populations,
            nations=nations,
            modules=modules,
            restrictive=restrictive,
            periods=periods,
            standing=standing,
        )

        programme_listed.additional_properties = d
        return programme_listed

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
