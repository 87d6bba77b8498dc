"""The sandbox's records: each situation's provider, programmes, trainer and affiliate, all of them fictional."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from trivet.register.records import (
    Accreditation,
    Affiliation,
    Authorisation,
    Body,
    Document,
    Interval,
    Programme,
    Provider,
    ProviderKind,
    Role,
)
from trivet.sandbox.situations import (
    HOSPITAL,
    OTHER_TITLE,
    SINCE,
    TITLE,
    Situation,
    certificate_of,
    in_force,
    other_programme_id,
    record_id,
    situations,
)

PUBLISHER = "the sandbox (fictional)"
_BODY = "sandbox-body"
_TRAINER, _FAMILY_NAME = "sandbox-trainer", "Fictional"


def all_records(today: date) -> Document:
    """Return every record of the sandbox as one interchange document; `today` is the London day."""
    told = situations(today).items()
    return Document(
        format="register/1",
        publisher=PUBLISHER,
        bodies=tuple(_bodies(today)),
        providers=tuple(_provider(code, s, today) for code, s in told),
        programmes=tuple(p for code, s in told for p in _programmes(code, s, today)),
        authorisations=tuple(a for code, s in told for a in _authorisations(code, s, today)),
        affiliations=tuple(a for code, s in told for a in _affiliations(code, s, today)),
    )


def _bodies(today: date) -> Iterator[Body]:
    ended = Interval(from_=SINCE, to=today - timedelta(days=30))
    licensed = Interval(from_=SINCE)
    accredited = Accreditation(number="SANDBOX-91", from_=SINCE)
    good = Body(
        register=_BODY,
        name="Sandbox Certification Body (fictional)",
        licensed=licensed,
        accreditation=accredited,
    )
    yield good
    yield replace(
        good,
        register=f"{_BODY}-not-licensed",
        name="Sandbox Certification Body Without Licence (fictional)",
        licensed=ended,
    )
    yield replace(
        good,
        register=f"{_BODY}-not-accredited",
        name="Sandbox Certification Body Without Accreditation (fictional)",
        accreditation=replace(accredited, to=ended.to),
    )


def _provider(code: str, situation: Situation, today: date) -> Provider:
    good = Provider(
        register=record_id(code),
        name=f"Sandbox provider {code} (fictional)",
        kind=ProviderKind.COMMERCIAL,
        body=_BODY,
        standards_edition="1.2",
        certificate=certificate_of(code),
        periods=in_force(today),
    )
    return replace(good, **situation.provider)


def _programmes(code: str, situation: Situation, today: date) -> Iterator[Programme]:
    good = Programme(
        register=record_id(code),
        provider=record_id(code),
        title=TITLE,
        periods=in_force(today),
        settings=("mental_health_unit", "learning_disability"),
        populations=("adults",),
        nations=("england", "wales"),
        modules=("seclusion",),
        restrictive=True,
    )
    if situation.programme is not None:
        yield replace(good, **situation.programme)
    other = replace(good, register=other_programme_id(code), title=OTHER_TITLE)
    yield replace(other, **situation.other_programme)


def _authorisations(code: str, situation: Situation, today: date) -> Iterator[Authorisation]:
    good = Authorisation(
        register=record_id(code),
        trainer=_TRAINER,
        family_name=_FAMILY_NAME,
        provider=record_id(code),
        role=Role.SENIOR,
        programmes="all",
        periods=in_force(today),
    )
    if situation.trainer is not None:
        yield replace(good, **situation.trainer)


def _affiliations(code: str, situation: Situation, today: date) -> Iterator[Affiliation]:
    good = Affiliation(
        register=record_id(code),
        organisation=HOSPITAL,
        provider=record_id(code),
        programmes="all",
        periods=in_force(today),
    )
    if situation.affiliation is not None:
        yield replace(good, **situation.affiliation)
