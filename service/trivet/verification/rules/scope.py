"""Whether what is asked for lies inside the recorded scope (R16)."""

from collections.abc import Iterator, Sequence

from msgspec import UNSET

from trivet.register.merge import Entry
from trivet.register.records import Programme, Provider
from trivet.verification.question import Scope
from trivet.verification.rules.case import is_declared
from trivet.verification.rules.judgement import Finding, Ground

_NOT_RECORDED = "scope_not_recorded"


def judge_scope(
    asked: Scope, provider: Entry[Provider] | None, programme: Entry[Programme] | None
) -> Iterator[Finding]:
    """Judge each dimension asked for; without a resolved provider and programme there is nothing to judge by."""
    if provider is None or programme is None:
        return
    for outside, field, words, holders in (
        ("outside_setting", "settings", _one(asked.setting), (programme, provider)),
        ("outside_nation", "nations", _one(asked.nation), (programme, provider)),
        ("outside_population", "populations", _one(asked.population), (programme,)),
        ("outside_modules", "modules", asked.modules or (), (programme,)),
    ):
        if words:
            yield _dimension(
                outside, field, words, holders, None if is_declared(programme) else _NOT_RECORDED
            )


def asks(scope: Scope) -> bool:
    """Say whether a scope asks for anything."""
    return bool(scope.setting or scope.nation or scope.population or scope.modules)


def _dimension(
    outside: str,
    field: str,
    words: Sequence[str],
    holders: Sequence[Entry[Programme] | Entry[Provider]],
    declared: str | None,
) -> Finding:
    """Judge one dimension: the words must be in every list that is recorded."""
    recorded = [(h, listed) for h in holders if (listed := getattr(h.record, field)) is not None]
    grounds = tuple(Ground(holder, (field,)) for holder, _ in recorded)
    if not recorded:
        return Finding(reason=_NOT_RECORDED, params={"dimension": field})
    missing = [w for w in words if any(w not in listed for _, listed in recorded)]
    if missing:
        return Finding(reason=outside, grounds=grounds, params={"asked": ", ".join(missing)})
    return Finding(reason=None, grounds=grounds, declared=declared)


def _one(word: str | object) -> tuple[str, ...]:
    return () if word is UNSET or not isinstance(word, str) else (word,)
