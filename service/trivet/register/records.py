"""What a register holds: the interchange document, and the rules that a document keeps."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from trivet.register.identifiers import Identifier
from trivet.register.periods import Period


class Kind(StrEnum):
    """The kinds of record, named as in the interchange document."""

    BODIES = "bodies"
    PROVIDERS = "providers"
    PROGRAMMES = "programmes"
    AUTHORISATIONS = "authorisations"
    AFFILIATIONS = "affiliations"


class Coverage(StrEnum):
    """How much of a kind of record a source lists; only absence depends on it."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class VouchedBy(StrEnum):
    """Who stands behind a source, best first (R10)."""

    REGISTER = "register"
    CERTIFIER_CONFIRMED = "certifier_confirmed"
    PROVIDER_DECLARED = "provider_declared"


CONFIRMATIONS = "confirmations"
"""The source of what the body confirmed record by record: kept by the mirror itself, and read from nowhere."""


class ProviderKind(StrEnum):
    """What sort of organisation a training provider is (R28)."""

    IN_HOUSE = "in_house"
    COMMERCIAL = "commercial"
    CONSORTIUM = "consortium"


class Role(StrEnum):
    """How far a trainer's authorisation reaches (R7)."""

    SENIOR = "senior"
    ASSOCIATE = "associate"


class _Shape(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What the shapes of the interchange document have in common."""


class Interval(_Shape, frozen=True):
    """The half-open days [from, to); `from` None: not recorded; `to` None: no end."""

    from_: date | None = msgspec.field(name="from")
    to: date | None = None


class Accreditation(Interval, frozen=True):
    """A certification body's accreditation by UKAS (R14)."""

    number: str | None = None


class Body(_Shape, frozen=True):
    """A certification body: licensed by RRN and accredited by UKAS (R14)."""

    register: str
    name: str
    licensed: Interval
    accreditation: Accreditation


class Organisation(_Shape, frozen=True):
    """An organisation that is not itself a record: an affiliate, an associate's employer."""

    name: str
    identifiers: tuple[Identifier, ...] = ()


class Provider(_Shape, frozen=True, kw_only=True):
    """A training provider and its certification (R1, R11, R15)."""

    register: str
    name: str
    trading_names: tuple[str, ...] = ()
    kind: ProviderKind | None = None
    identifiers: tuple[Identifier, ...] = ()
    body: str
    standards_edition: str | None = None
    certificate: str | None = None
    periods: tuple[Period, ...]
    settings: tuple[str, ...] | None = None
    nations: tuple[str, ...] | None = None


class Programme(_Shape, frozen=True):
    """A programme that the body approved for one provider (R4, R16)."""

    register: str
    provider: str
    title: str
    periods: tuple[Period, ...]
    settings: tuple[str, ...] | None = None
    populations: tuple[str, ...] | None = None
    nations: tuple[str, ...] | None = None
    modules: tuple[str, ...] | None = None
    restrictive: bool | None = None


class Authorisation(_Shape, frozen=True, kw_only=True):
    """A trainer's authorisation by one provider, for some of its programmes or all (R6, R7).

    `family_name` is only ever in the interchange document: the mirror keeps a keyed hash beside the record.
    """

    register: str
    trainer: str
    family_name: str | None = None
    provider: str
    role: Role
    organisation: Organisation | None = None
    programmes: tuple[str, ...] | Literal["all"]
    periods: tuple[Period, ...]


class Affiliation(_Shape, frozen=True):
    """An organisation that may deliver a provider's programmes with its own associates (R8, R9)."""

    register: str
    organisation: Organisation
    provider: str
    programmes: tuple[str, ...] | Literal["all"]
    periods: tuple[Period, ...]


Record = Body | Provider | Programme | Authorisation | Affiliation

RECORD_TYPES: dict[Kind, type[Record]] = {
    Kind.BODIES: Body,
    Kind.PROVIDERS: Provider,
    Kind.PROGRAMMES: Programme,
    Kind.AUTHORISATIONS: Authorisation,
    Kind.AFFILIATIONS: Affiliation,
}


class CoverageByKind(_Shape, frozen=True):
    """What a source covers, per kind of record; a kind left out is not covered."""

    bodies: Coverage = Coverage.NONE
    providers: Coverage = Coverage.NONE
    programmes: Coverage = Coverage.NONE
    authorisations: Coverage = Coverage.NONE
    affiliations: Coverage = Coverage.NONE

    def of(self, kind: Kind) -> Coverage:
        """Return the coverage of one kind."""
        coverage: Coverage = getattr(self, kind.value)
        return coverage


class Document(_Shape, frozen=True):
    """One publication of a register, in the shape that every reader produces."""

    format: Literal["register/1"]
    publisher: str
    published_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    coverage: CoverageByKind | None = None
    bodies: tuple[Body, ...] = ()
    providers: tuple[Provider, ...] = ()
    programmes: tuple[Programme, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()

    def of(self, kind: Kind) -> Sequence[Record]:
        """Return the records of one kind."""
        records: Sequence[Record] = getattr(self, kind.value)
        return records

    def each(self) -> Iterator[tuple[Kind, int, Record]]:
        """Return every record with its kind and its position in its list."""
        for kind in Kind:
            for position, record in enumerate(self.of(kind)):
                yield kind, position, record
