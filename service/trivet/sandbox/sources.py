"""Who states the sandbox's records: the register's list, a second one, the body, and providers of themselves."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from trivet.london import start_of
from trivet.register.changes import applied, statements_after
from trivet.register.durations import Duration
from trivet.register.merge import SourceState, Statements
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, CoverageByKind, Document, Kind, Record, VouchedBy
from trivet.sandbox.records import all_records
from trivet.sandbox.situations import SINCE, record_id

MAX_AGE = timedelta(days=2)
"""More than a London day, which can have 25 hours: within its day the sandbox does not go stale."""

COMPLETE = CoverageByKind(**dict.fromkeys(Kind, Coverage.COMPLETE))
_NO_LIST = CoverageByKind()
_WORDS = {
    Kind.PROVIDERS: "provider",
    Kind.PROGRAMMES: "programme",
    Kind.AUTHORISATIONS: "trainer",
    Kind.AFFILIATIONS: "affiliation",
}
_DECLARED = {(kind, record_id(f"{word}_declared_only")) for kind, word in _WORDS.items()}
_DELISTED = {(kind, record_id(f"{word}_delisted")) for kind, word in _WORDS.items()}
_DECLARING = {register for _, register in _DECLARED}
_UNLISTED = {record_id("provider_declared_only"), record_id("provider_delisted")}
_CONTRADICTED = record_id("sources_contradict")


class Source(msgspec.Struct, frozen=True):
    """A source of the sandbox: what it was found to list, by the London day of the reading, in order."""

    name: str
    vouched_by: VouchedBy
    coverage: CoverageByKind
    readings: Mapping[date, Document]


def sources(today: date) -> Iterator[Source]:
    """Return the sources as they were read in the weeks before the London day `today`.

    Only the first claims a complete list; the others state a few records and nothing of what they do not list.
    """
    everything = all_records(today)
    first, second = today - timedelta(days=30), today - timedelta(days=10)
    listed = _only(everything, lambda k, r: not (_is_declared(k, r) or _is_confirmed(k, r)))
    still_listed = _only(listed, lambda k, r: (k, r.register) not in _DELISTED)
    yield Source(
        "sandbox-register", VouchedBy.REGISTER, COMPLETE, {first: listed, second: still_listed}
    )
    contradicting = _contradicting(everything, since=first)
    yield Source("sandbox-second-list", VouchedBy.REGISTER, _NO_LIST, {first: contradicting})
    confirmed = _only(everything, _is_confirmed)
    yield Source(
        "sandbox-confirmations", VouchedBy.CERTIFIER_CONFIRMED, _NO_LIST, {first: confirmed}
    )
    declared = _only(everything, lambda k, r: _is_declared(k, r) or _is_declaring(k, r))
    yield Source("sandbox-declarations", VouchedBy.PROVIDER_DECLARED, _NO_LIST, {first: declared})


def states(today: date, name_key: bytes) -> tuple[SourceState, ...]:
    """Return the sources as a snapshot holds them, stood by since the beginning of the London day `today`."""
    return tuple(_state(source, today, name_key) for source in sources(today))


def _state(source: Source, today: date, name_key: bytes) -> SourceState:
    stated: Statements = {}
    for day, document in source.readings.items():
        fresh = statements_after(stated, document, source.coverage, day, name_key)
        stated = applied(stated, fresh)
    return SourceState(
        source=source.name,
        publisher=next(iter(source.readings.values())).publisher,
        vouched_by=source.vouched_by,
        as_of=start_of(today),
        max_age=MAX_AGE,
        term=Duration.parse("P3Y"),
        coverage=source.coverage,
        statements=stated,
    )


def _is_declared(kind: Kind, record: Record) -> bool:
    """Say whether nobody but the provider states a record."""
    return (kind, record.register) in _DECLARED


def _is_declaring(kind: Kind, record: Record) -> bool:
    """Say whether a record is a provider that declares something: its declaration names it, too."""
    return kind is Kind.PROVIDERS and record.register in _DECLARING


def _is_confirmed(_: Kind, record: Record) -> bool:
    """Say whether a record belongs to a provider that the register does not list: then the body confirmed it."""
    return getattr(record, "provider", None) in _UNLISTED


def _contradicting(everything: Document, since: date) -> Document:
    """Return a list that calls a provider withdrawn which the register calls certified."""
    listed = _only(everything, lambda k, r: k is Kind.PROVIDERS and r.register == _CONTRADICTED)
    withdrawn = (Period(Status.IN_FORCE, SINCE, since), Period(Status.WITHDRAWN, since))
    providers = tuple(replace(provider, periods=withdrawn) for provider in listed.providers)
    return replace(listed, providers=providers)


def _only(document: Document, wanted: Callable[[Kind, Record], bool]) -> Document:
    kept = {k.value: tuple(r for r in document.of(k) if wanted(k, r)) for k in Kind}
    return replace(document, **kept)
