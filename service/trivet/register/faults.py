"""The rules that an interchange document keeps; a document that breaks one is refused whole."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from trivet.register.identifiers import (
    Identifier,
    Scheme,
    comparable_id,
    ill_formed,
    ill_formed_register_id,
    unfit_text,
)
from trivet.register.periods import Period
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Body,
    Coverage,
    CoverageByKind,
    Document,
    Interval,
    Kind,
    Organisation,
    Programme,
    Provider,
    Record,
)

_WORD = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Fault(msgspec.Struct, frozen=True):
    """A rule broken: the record's kind and position in the document, the field, and what is wrong with it."""

    kind: Kind
    position: int
    register: str
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.kind.value}[{self.position}]"
        return f"{place}.{self.field} ({self.register!a}): {self.reason}"


class Known:
    """The ids that a document's references may name."""

    def __init__(self, document: Document, coverage: CoverageByKind) -> None:
        """Take the ids of each kind that the document lists or covers; another source may list the rest."""
        self._ids: dict[Kind, frozenset[str]] = {
            kind: frozenset(comparable_id(r.register) for r in document.of(kind))
            for kind in Kind
            if document.of(kind) or coverage.of(kind) is not Coverage.NONE
        }

    def dangles(self, kind: Kind, register: str) -> bool:
        """Say whether a reference names a record that this document should list and does not."""
        return kind in self._ids and comparable_id(register) not in self._ids[kind]


def faults(document: Document, coverage: CoverageByKind) -> Iterator[Fault]:
    """Return every rule that the document breaks, in the order of its records."""
    known = Known(document, coverage)
    seen: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for kind, position, record in document.each():
        register = comparable_id(record.register)
        if register in seen[kind]:
            yield Fault(
                kind,
                position,
                record.register,
                "register",
                "is used by another record of this kind",
            )
        seen[kind].add(register)
        for field, reason in record_faults(record, known):
            yield Fault(kind, position, record.register, field, reason)


def record_faults(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    """Return the rules that one record breaks, as (field, reason)."""
    yield from _note("register", ill_formed_register_id(record.register))
    match record:
        case Body():
            yield from _body_faults(record)
        case Provider():
            yield from _provider_faults(record)
        case Programme():
            yield from _programme_faults(record, known)
        case Authorisation():
            yield from _authorisation_faults(record, known)
        case Affiliation():
            yield from _organisation_faults(record.organisation)
            yield from _of_provider_faults(record, known)


def _body_faults(body: Body) -> Iterator[tuple[str, str]]:
    yield from _note("name", unfit_text(body.name))
    yield from _interval_faults("licensed", body.licensed)
    yield from _interval_faults("accreditation", body.accreditation)
    if body.accreditation.number is not None:
        yield from _note("accreditation.number", unfit_text(body.accreditation.number))


def _provider_faults(provider: Provider) -> Iterator[tuple[str, str]]:
    yield from _note("name", unfit_text(provider.name))
    for i, name in enumerate(provider.trading_names):
        yield from _note(f"tradingNames[{i}]", unfit_text(name))
    yield from _note("body", ill_formed_register_id(provider.body))
    for field, text in (
        ("certificate", provider.certificate),
        ("standardsEdition", provider.standards_edition),
    ):
        yield from _note(field, None if text is None else unfit_text(text))
    own = {Scheme.REGISTER: "register", Scheme.CERTIFICATE: "certificate"}
    yield from _identifier_faults("identifiers", provider.identifiers, own)
    yield from period_faults(provider.periods)
    yield from _scope_faults(settings=provider.settings, nations=provider.nations)


def _programme_faults(programme: Programme, known: Known) -> Iterator[tuple[str, str]]:
    yield from _note("title", unfit_text(programme.title))
    yield from _reference_faults("provider", Kind.PROVIDERS, programme.provider, known)
    yield from period_faults(programme.periods)
    yield from _scope_faults(
        settings=programme.settings,
        populations=programme.populations,
        nations=programme.nations,
        modules=programme.modules,
    )


def _authorisation_faults(authorisation: Authorisation, known: Known) -> Iterator[tuple[str, str]]:
    yield from _note("trainer", ill_formed_register_id(authorisation.trainer))
    if authorisation.family_name:
        yield from _note("familyName", unfit_text(authorisation.family_name))
    if authorisation.organisation:
        yield from _organisation_faults(authorisation.organisation)
    yield from _of_provider_faults(authorisation, known)


def _of_provider_faults(
    record: Authorisation | Affiliation, known: Known
) -> Iterator[tuple[str, str]]:
    yield from _reference_faults("provider", Kind.PROVIDERS, record.provider, known)
    if record.programmes == ():
        yield "programmes", 'is empty: write the programmes covered, or "all"'
    if record.programmes != "all":
        for i, programme in enumerate(record.programmes):
            yield from _reference_faults(f"programmes[{i}]", Kind.PROGRAMMES, programme, known)
    yield from period_faults(record.periods)


def _organisation_faults(organisation: Organisation) -> Iterator[tuple[str, str]]:
    yield from _note("organisation.name", unfit_text(organisation.name))
    yield from _identifier_faults("organisation.identifiers", organisation.identifiers, {})


def _identifier_faults(
    field: str, identifiers: Sequence[Identifier], own: dict[Scheme, str]
) -> Iterator[tuple[str, str]]:
    own = {Scheme.NAME: "name", **own}
    for i, identifier in enumerate(identifiers):
        if identifier.scheme in own:
            yield (
                f"{field}[{i}].scheme",
                f"{identifier.scheme.value} belongs in the field {own[identifier.scheme]!r}",
            )
        else:
            yield from _note(f"{field}[{i}].value", ill_formed(identifier.scheme, identifier.value))


def _reference_faults(
    field: str, kind: Kind, register: str, known: Known
) -> Iterator[tuple[str, str]]:
    fault = ill_formed_register_id(register)
    if fault:
        yield field, fault
    elif known.dangles(kind, register):
        yield field, f"names {register!r}, which is not among the {kind.value}"


def _scope_faults(**dimensions: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    for field, words in dimensions.items():
        if words is not None and not words:
            yield field, "is an empty list: leave it out where the scope is not recorded"
        for i, word in enumerate(words or ()):
            if not _WORD.fullmatch(word):
                yield f"{field}[{i}]", f"{word!a} is not lower-case words joined by underscores"


def period_faults(periods: Sequence[Period]) -> Iterator[tuple[str, str]]:
    """Return the rules that a timeline breaks: at least one period, in order, none over another."""
    if not periods:
        yield "periods", "is empty: a record has at least one period"
    end: date | None = None
    for i, period in enumerate(periods):
        field = f"periods[{i}]"
        yield from _days_faults(field, period.from_, period.to)
        if i and periods[i - 1].to is None:
            yield field, "follows a period without an end"
        if end and period.from_ and period.from_ < end:
            yield field, f"begins on {period.from_}, before the period ahead of it ends on {end}"
        if end and period.from_ is None and period.to and period.to <= end:
            yield (
                field,
                f"ends on {period.to}, not after the period ahead of it, which ends on {end}",
            )
        end = max(filter(None, (period.to, end)), default=None)


def _interval_faults(field: str, interval: Interval) -> Iterator[tuple[str, str]]:
    yield from _days_faults(field, interval.from_, interval.to)


def _days_faults(field: str, begins: date | None, ends: date | None) -> Iterator[tuple[str, str]]:
    if begins and not _EARLIEST <= begins < _LATEST:
        yield (
            f"{field}.from",
            f"{begins} is not between {_EARLIEST} and {_LATEST - timedelta(days=1)}",
        )
    if begins and ends and ends <= begins:
        yield (
            f"{field}.to",
            f"{ends} is not after {begins}: `to` is the first day no longer covered",
        )


def _note(field: str, reason: str | None) -> Iterator[tuple[str, str]]:
    if reason:
        yield field, reason
