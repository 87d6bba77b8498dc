from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.coverage import Coverage
from ..types import UNSET, Unset

T = TypeVar("T", bound="CoverageByKind")


@_attrs_define
class CoverageByKind:
    """
    Attributes:
        bodies (Coverage | Unset): How much of a kind of record a source lists; only absence depends on it.
        providers (Coverage | Unset): How much of a kind of record a source lists; only absence depends on it.
        programmes (Coverage | Unset): How much of a kind of record a source lists; only absence depends on it.
        authorisations (Coverage | Unset): How much of a kind of record a source lists; only absence depends on it.
        affiliations (Coverage | Unset): How much of a kind of record a source lists; only absence depends on it.
    """

    bodies: Coverage | Unset = UNSET
    providers: Coverage | Unset = UNSET
    programmes: Coverage | Unset = UNSET
    authorisations: Coverage | Unset = UNSET
    affiliations: Coverage | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bodies: str | Unset = UNSET
        if not isinstance(self.bodies, Unset):
            bodies = self.bodies.value

        providers: str | Unset = UNSET
        if not isinstance(self.providers, Unset):
            providers = self.providers.value

        programmes: str | Unset = UNSET
        if not isinstance(self.programmes, Unset):
            programmes = self.programmes.value

        authorisations: str | Unset = UNSET
        if not isinstance(self.authorisations, Unset):
            authorisations = self.authorisations.value

        affiliations: str | Unset = UNSET
        if not isinstance(self.affiliations, Unset):
            affiliations = self.affiliations.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if bodies is not UNSET:
            field_dict["bodies"] = bodies
        if providers is not UNSET:
            field_dict["providers"] = providers
        if programmes is not UNSET:
            field_dict["programmes"] = programmes
        if authorisations is not UNSET:
            field_dict["authorisations"] = authorisations
        if affiliations is not UNSET:
            field_dict["affiliations"] = affiliations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _bodies = d.pop("bodies", UNSET)
        bodies: Coverage | Unset
        if isinstance(_bodies, Unset):
            bodies = UNSET
        else:
            bodies = Coverage(_bodies)

        _providers = d.pop("providers", UNSET)
        providers: Coverage | Unset
        if isinstance(_providers, Unset):
            providers = UNSET
        else:
            providers = Coverage(_providers)

        _programmes = d.pop("programmes", UNSET)
        programmes: Coverage | Unset
        if isinstance(_programmes, Unset):
            programmes = UNSET
        else:
            programmes = Coverage(_programmes)

        _authorisations = d.pop("authorisations", UNSET)
        authorisations: Coverage | Unset
        if isinstance(_authorisations, Unset):
            authorisations = UNSET
        else:
            authorisations = Coverage(_authorisations)

        _affiliations = d.pop("affiliations", UNSET)
        affiliations: Coverage | Unset
        if isinstance(_affiliations, Unset):
            affiliations = UNSET
        else:
            affiliations = Coverage(_affiliations)

        coverage_by_kind = cls(
            bodies=bodies,
            providers=providers,
            programmes=programmes,
            authorisations=authorisations,
            affiliations=affiliations,
        )

        coverage_by_kind.additional_properties = d
        return coverage_by_kind

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
