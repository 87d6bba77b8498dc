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
        setting (str | Unset): A setting: a known word or one that the register uses.
        nation (str | Unset): A nation: a known word or one that the register uses.
        population (str | Unset): A population: a known word or one that the register uses.
        modules (list[str] | Unset): Modules, all of them wanted, such as seclusion, mechanical_restraint,
            clinical_holding.
    """

    setting: str | Unset = UNSET
    nation: str | Unset = UNSET
    population: str | Unset = UNSET
    modules: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        setting = self.setting

        nation = self.nation

        population = self.population

        modules: list[str] | Unset = UNSET
        if not isinstance(self.modules, Unset):
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
        setting = d.pop("setting", UNSET)

        nation = d.pop("nation", UNSET)

        population = d.pop("population", UNSET)

        modules = cast(list[str], d.pop("modules", UNSET))

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
