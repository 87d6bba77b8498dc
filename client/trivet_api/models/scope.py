from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Scope")


@_attrs_define
class Scope:
    """
    Attributes:
        setting (str | Unset):
        nation (str | Unset):
        population (str | Unset):
        modules (list[str] | Unset):
    """

    setting: str | Unset = UNSET
    nation: str | Unset = UNSET
    population: str | Unset = UNSET
    modules: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        setting: str | Unset
        if isinstance(self.setting, Unset):
            setting = UNSET
        else:
            setting = self.setting

        nation: str | Unset
        if isinstance(self.nation, Unset):
            nation = UNSET
        else:
            nation = self.nation

        population: str | Unset
        if isinstance(self.population, Unset):
            population = UNSET
        else:
            population = self.population

        modules: list[str] | Unset
        if isinstance(self.modules, Unset):
            modules = UNSET
        else:
            modules = self.modules

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if setting is not UNSET:
            field_dict["setting"] = setting
        if nation is not UNSET:
            field_dict["nation"] = nation
        if population is not UNSET:
            field_dict["population"] = population
        if modules is not UNSET:
            field_dict["modules"] = modules

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_setting(data: object) -> str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(str | Unset, data)

        setting = _parse_setting(d.pop("setting", UNSET))

        def _parse_nation(data: object) -> str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(str | Unset, data)

        nation = _parse_nation(d.pop("nation", UNSET))

        def _parse_population(data: object) -> str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(str | Unset, data)

        population = _parse_population(d.pop("population", UNSET))

        def _parse_modules(data: object) -> list[str] | Unset:
            if isinstance(data, Unset):
                return data
            if not isinstance(data, list):
                raise TypeError()
            modules_type_0 = cast(list[str], data)

            return modules_type_0

        modules = _parse_modules(d.pop("modules", UNSET))

        scope = cls(
            setting=setting,
            nation=nation,
            population=population,
            modules=modules,
        )

        scope.additional_properties = d
        return scope

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
