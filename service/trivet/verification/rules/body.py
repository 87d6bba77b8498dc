"""Whether the certification body was licensed and accredited on the day (R14)."""

from collections.abc import Iterator

from trivet.register.identifiers import comparable_id
from trivet.register.merge import Entry, is_delisted
from trivet.register.periods import Period, State, Status, standing
from trivet.register.records import Body, Interval, Provider
from trivet.verification.rules.case import Case, is_declared
from trivet.verification.rules.judgement import Finding, Ground

_UNKNOWN = "body_unknown"


def judge_body(case: Case, provider: Entry[Provider] | None) -> Iterator[Finding]:
    """Judge the provider's body: each of licence and accreditation that was not held gives its reason."""
    if provider is None:
        return
    body = case.index.bodies.get(comparable_id(provider.record.body))
    if body is None:
        yield Finding(reason=_UNKNOWN)
        return
    yield _held(case, body, provider, "licensed", "body_not_licensed")
    yield _held(case, body, provider, "accreditation", "body_not_accredited")


def _held(
    case: Case, body: Entry[Body], provider: Entry[Provider], field: str, lapsed: str
) -> Finding:
    interval: Interval = getattr(body.record, field)
    period = Period(status=Status.IN_FORCE, from_=interval.from_, to=interval.to)
    stands = standing((period,), case.on, body.first_seen)
    grounds = (Ground(body, (field,)), Ground(provider, ("body",)))
    if stands.state is State.START_NOT_RECORDED:
        return Finding(reason="start_not_recorded", grounds=grounds, standing=stands)
    if stands.state is not State.IN_FORCE:
        return Finding(reason=lapsed, grounds=grounds, standing=stands)
    if is_delisted(body, case.on):
        return Finding(reason=_UNKNOWN, grounds=grounds, standing=stands)
    declared = None if is_declared(provider) else _UNKNOWN
    return Finding(reason=None, grounds=grounds, standing=stands, declared=declared)
