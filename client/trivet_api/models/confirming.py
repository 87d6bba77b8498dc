from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confirmable import Confirmable
from ..models.role import Role
from ..models.status import Status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.identifier import Identifier
    from ..models.organisation import Organisation


T = TypeVar("T", bound="Confirming")


@_attrs_define
class Confirming:
    """
    Attributes:
        kind (Confirmable): The kinds of record that a body confirms: a certification, an approval, an authorisation, an
            affiliation.
        confirmed_by (str): The desk or role at the certification body. No person's name is needed.
        confirmed_on (datetime.date): The Europe/London day of the letter.
        document (str): The SHA-256 digest of the letter or mail, which is not sent.
        good_until (datetime.date | Unset): The last day for which it is good: a year by default, three at most.
        note (str | Unset):
        register (str | Unset): The id of the record that the mirror holds, or of one that nobody lists yet.
        status (Status | Unset): What a period of a timeline says.
        from_ (datetime.date | Unset): The first day of the status; what was before stays as it is.
        to (datetime.date | Unset): The first day no longer covered.
        provider (str | Unset): The provider's id in the register.
        title (str | Unset):
        trainer (str | Unset): The trainer's reference.
        family_name (str | Unset): Kept as a keyed hash only, and never given back.
        role (Role | Unset): How far a trainer's authorisation reaches (R7).
        programmes (list[str] | Literal['all'] | Unset):
        organisation (Organisation | Unset):
        name (str | Unset):
        body (str | Unset): The certification body's id in the register.
        certificate (str | Unset):
        identifiers (list[Identifier] | Unset):
        settings (list[str] | Unset):
        populations (list[str] | Unset):
        nations (list[str] | Unset):
        modules (list[str] | Unset):
    """

    kind: Confirmable
    confirmed_by: str
    confirmed_on: datetime.date
    document: str
    good_until: datetime.date | Unset = UNSET
    note: str | Unset = UNSET
    register: str | Unset = UNSET
    status: Status | Unset = UNSET
    from_: datetime.date | Unset = UNSET
    to: datetime.date | Unset = UNSET
    provider: str | Unset = UNSET
    title: str | Unset = UNSET
    trainer: str | Unset = UNSET
    family_name: str | Unset = UNSET
    role: Role | Unset = UNSET
    programmes: list[str] | Literal["all"] | Unset = UNSET
    organisation: Organisation | Unset = UNSET
    name: str | Unset = UNSET
    body: str | Unset = UNSET
    certificate: str | Unset = UNSET
    identifiers: list[Identifier] | Unset = UNSET
    settings: list[str] | Unset = UNSET
    populations: list[str] | Unset = UNSET
    nations: list[str] | Unset = UNSET
    modules: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        confirmed_by = self.confirmed_by

        confirmed_on = self.confirmed_on.isoformat()

        document = self.document

        good_until: str | Unset = UNSET
        if not isinstance(self.good_until, Unset):
            good_until = self.good_until.isoformat()

        note = self.note

        register = self.register

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        from_: str | Unset = UNSET
        if not isinstance(self.from_, Unset):
            from_ = self.from_.isoformat()

        to: str | Unset = UNSET
        if not isinstance(self.to, Unset):
            to = self.to.isoformat()

        provider = self.provider

        title = self.title

        trainer = self.trainer

        family_name = self.family_name

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.value

        programmes: list[str] | Literal["all"] | Unset
        if isinstance(self.programmes, Unset):
            programmes = UNSET
        elif isinstance(self.programmes, list):
            programmes = self.programmes

        else:
            programmes = self.programmes

        organisation: dict[str, Any] | Unset = UNSET
        if not isinstance(self.organisation, Unset):
            organisation = self.organisation.to_dict()

        name = self.name

        body = self.body

        certificate = self.certificate

        identifiers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.identifiers, Unset):
            identifiers = []
            for identifiers_item_data in self.identifiers:
                identifiers_item = identifiers_item_data.to_dict()
                identifiers.append(identifiers_item)

        settings: list[str] | Unset = UNSET
        if not isinstance(self.settings, Unset):
            settings = self.settings

        populations: list[str] | Unset = UNSET
        if not isinstance(self.populations, Unset):
            populations = self.populations

        nations: list[str] | Unset = UNSET
        if not isinstance(self.nations, Unset):
            nations = self.nations

        modules: list[str] | Unset = UNSET
        if not isinstance(self.modules, Unset):
            modules = self.modules

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "confirmedBy": confirmed_by,
                "confirmedOn": confirmed_on,
                "document": document,
            }
        )
        if good_until is not UNSET:
            field_dict["goodUntil"] = good_until
        if note is not UNSET:
            field_dict["note"] = note
        if register is not UNSET:
            field_dict["register"] = register
        if status is not UNSET:
            field_dict["status"] = status
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to
        if provider is not UNSET:
            field_dict["provider"] = provider
        if title is not UNSET:
            field_dict["title"] = title
        if trainer is not UNSET:
            field_dict["trainer"] = trainer
        if family_name is not UNSET:
            field_dict["familyName"] = family_name
        if role is not UNSET:
            field_dict["role"] = role
        if programmes is not UNSET:
            field_dict["programmes"] = programmes
        if organisation is not UNSET:
            field_dict["organisation"] = organisation
        if name is not UNSET:
            field_dict["name"] = name
        if body is not UNSET:
            field_dict["body"] = body
        if certificate is not UNSET:
            field_dict["certificate"] = certificate
        if identifiers is not UNSET:
            field_dict["identifiers"] = identifiers
        if settings is not UNSET:
            field_dict["settings"] = settings
        if populations is not UNSET:
            field_dict["populations"] = populations
        if nations is not UNSET:
            field_dict["nations"] = nations
        if modules is not UNSET:
            field_dict["modules"] = modules

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier import Identifier  # noqa: PLC0415
        from ..models.organisation import Organisation  # noqa: PLC0415

        d = dict(src_dict)
        kind = Confirmable(d.pop("kind"))

        confirmed_by = d.pop("confirmedBy")

        confirmed_on = datetime.date.fromisoformat(d.pop("confirmedOn"))

        document = d.pop("document")

        _good_until = d.pop("goodUntil", UNSET)
        good_until: datetime.date | Unset
        if isinstance(_good_until, Unset):
            good_until = UNSET
        else:
            good_until = datetime.date.fromisoformat(_good_until)

        note = d.pop("note", UNSET)

        register = d.pop("register", UNSET)

        _status = d.pop("status", UNSET)
        status: Status | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = Status(_status)

        _from_ = d.pop("from", UNSET)
        from_: datetime.date | Unset
        if isinstance(_from_, Unset):
            from_ = UNSET
        else:
            from_ = datetime.date.fromisoformat(_from_)

        _to = d.pop("to", UNSET)
        to: datetime.date | Unset
        if isinstance(_to, Unset):
            to = UNSET
        else:
            to = datetime.date.fromisoformat(_to)

        provider = d.pop("provider", UNSET)

        title = d.pop("title", UNSET)

        trainer = d.pop("trainer", UNSET)

        family_name = d.pop("familyName", UNSET)

        _role = d.pop("role", UNSET)
        role: Role | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = Role(_role)

        def _parse_programmes(data: object) -> list[str] | Literal["all"] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                programmes_type_0 = cast(list[str], data)

                return programmes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            programmes_type_1 = cast(Literal["all"], data)
            if programmes_type_1 != "all":
                raise ValueError(
                    f"programmes_type_1 must match const 'all', got '{programmes_type_1}'"
                )
            return programmes_type_1

        programmes = _parse_programmes(d.pop("programmes", UNSET))

        _organisation = d.pop("organisation", UNSET)
        organisation: Organisation | Unset
        if isinstance(_organisation, Unset):
            organisation = UNSET
        else:
            organisation = Organisation.from_dict(_organisation)

        name = d.pop("name", UNSET)

        body = d.pop("body", UNSET)

        certificate = d.pop("certificate", UNSET)

        _identifiers = d.pop("identifiers", UNSET)
        identifiers: list[Identifier] | Unset = UNSET
        if _identifiers is not UNSET:
            identifiers = []
            for identifiers_item_data in _identifiers:
                identifiers_item = Identifier.from_dict(identifiers_item_data)

                identifiers.append(identifiers_item)

        settings = cast(list[str], d.pop("settings", UNSET))

        populations = cast(list[str], d.pop("populations", UNSET))

        nations = cast(list[str], d.pop("nations", UNSET))

        modules = cast(list[str], d.pop("modules", UNSET))

        confirming = cls(
            kind=kind,
            confirmed_by=confirmed_by,
            confirmed_on=confirmed_on,
            document=document,
            good_until=good_until,
            note=note,
            register=register,
            status=status,
            from_=from_,
            to=to,
            provider=provider,
            title=title,
            trainer=trainer,
            family_name=family_name,
            role=role,
            programmes=programmes,
            organisation=organisation,
            name=name,
            body=body,
            certificate=certificate,
            identifiers=identifiers,
            settings=settings,
            populations=populations,
            nations=nations,
            modules=modules,
        )

        confirming.additional_properties = d
        return confirming

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
