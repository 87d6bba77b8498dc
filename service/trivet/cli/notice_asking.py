"""Asking the service about awards: for verdicts where a programme is named, else for its list of providers.

Once the service can't be reached it is not asked again: whatever is left could not be verified.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from trivet.notices import judging
from trivet.notices.checks import Check
from trivet.notices.judging import Candidate, Finding
from trivet.register.identifiers import Scheme, comparable
from trivet_api.models import Identifier
from trivet_client import (
    ProviderListed,
    ProviderWithProgrammes,
    RegisterStatus,
    Result,
    TrivetClient,
    Unreachable,
)
from trivet_client.gate.asking import cause_of
from trivet_client.gate.words import CAUSES
from trivet_client.questions import question

ROWS_AT_ONCE = 1000
"""How many questions are sent in one request."""
MOST_CANDIDATES = 5
"""How many providers are shown for a name."""

_UNEXPECTED = CAUSES["unexpected_answer"]


class Desk:
    """Asks, and remembers what was looked up and whether the service can be reached."""

    def __init__(self, client: TrivetClient, today: date) -> None:
        """Take whom to ask, and today as a day in Europe/London."""
        self._client, self._today = client, today
        self._cause: str | None = None
        self._stale = False
        self._bearing: dict[str, Mapping[str, ProviderListed]] = {}
        self._listed: dict[tuple[str, date], ProviderWithProgrammes] = {}
        self._named: dict[str, list[Candidate]] = {}

    def register(self) -> RegisterStatus | None:
        """Return which register answers; None if nobody can be reached."""
        try:
            register = self._client.register()
        except Unreachable as error:
            self._cause = CAUSES[cause_of(error)]
            return None
        self._stale = register.stale
        return register

    def findings(self, checks: Sequence[Check]) -> Sequence[Finding]:
        """Return what came of each check, in order.

        Raises:
            TrivetError: the service refuses to be asked at all, such as with this key.
        """
        wanted = [check for check in checks if _asks_for_a_verdict(check)]
        answered = {id(finding.check): finding for finding in self._verdicts(wanted)}
        return [answered.get(id(check)) or self._finding(check) for check in checks]

    def _verdicts(self, checks: Sequence[Check]) -> list[Finding]:
        found: list[Finding] = []
        waiting = iter(checks)
        while not self._cause and (some := list(itertools.islice(waiting, ROWS_AT_ONCE))):
            try:
                results = self._client.verify_rows(map(_row, some))
                # In this order, for then the results are read to their very end.
                for result, check in zip(results, some, strict=False):
                    found.append(_of_result(check, result))
            except Unreachable as error:
                self._cause = CAUSES[cause_of(error)]
        return found

    def _finding(self, check: Check) -> Finding:
        """Return what came of a check without a verdict."""
        try:
            if not check.supplier.identifiers:
                return judging.not_resolvable(check, self._of_name(check.supplier.name))
            if check.day.day is None:
                return judging.no_day(check)
            if not self._cause and check.programme is None:
                return self._of_list(check, check.day.day)
        except Unreachable as error:
            self._cause = CAUSES[cause_of(error)]
        return judging.not_verified(check, self._cause or _UNEXPECTED)

    def _of_list(self, check: Check, day: date) -> Finding:
        found = self._providers(check.supplier.identifiers)
        if len(found) != 1:
            return judging.of_no_listing(check, found)
        key = (found[0].register, day)
        if key not in self._listed:
            self._listed[key] = self._client.provider(found[0].register, on=day)
        return judging.of_listing(check, self._listed[key], self._today, stale=self._stale)

    def _providers(self, identifiers: Iterable[str]) -> Sequence[ProviderListed]:
        """Return the provider that bears identifiers, by R22; several, or none, where they settle nobody."""
        given = [_parts(each) for each in identifiers]
        selected = [those for scheme, value in given if (those := self._bearers(scheme, value))]
        either = {register: provider for those in selected for register, provider in those.items()}
        agreed = [
            provider
            for register, provider in either.items()
            if all(register in those for those in selected) and not _disagrees(provider, given)
        ]
        return agreed or list(either.values())

    def _bearers(self, scheme: Scheme, value: str) -> Mapping[str, ProviderListed]:
        """Return the providers that bear an identifier, by their register ids."""
        key = f"{scheme}:{value}"
        if key not in self._bearing:
            listed = self._client.providers(value)  # those too whose name has it as a part
            self._bearing[key] = {
                p.register: p for p in listed if value in _values(p.identifiers, scheme)
            }
        return self._bearing[key]

    def _of_name(self, name: str) -> list[Candidate]:
        """Return the providers whose names contain a name; none where nobody can be asked."""
        if not name or self._cause:
            return []
        if name not in self._named:
            first = itertools.islice(self._client.providers(name), MOST_CANDIDATES)
            self._named[name] = [Candidate(each.register, each.name) for each in first]
        return self._named[name]


def _asks_for_a_verdict(check: Check) -> bool:
    return bool(check.supplier.identifiers and check.day.day and check.programme)


def _row(check: Check) -> dict[str, Any]:
    asked = question(
        provider=list(check.supplier.identifiers),
        programme=check.programme or "",
        delivered_on=check.day.day,
        reference=check.reference,
        purpose="audit",
    )
    return asked.to_dict()


def _of_result(check: Check, result: Result) -> Finding:
    if result.problem:
        return judging.not_verified(check, f"the question was not taken, {result.problem.detail}")
    if result.answer is None or result.answer.delivered_on != check.day.day:
        return judging.not_verified(check, _UNEXPECTED)
    try:
        return judging.of_answer(check, result.answer)
    except ValueError:
        return judging.not_verified(check, _UNEXPECTED)


def _parts(identifier: str) -> tuple[Scheme, str]:
    scheme, _, value = identifier.partition(":")
    return Scheme(scheme), comparable(Scheme(scheme), value)


def _values(identifiers: Iterable[Identifier], scheme: Scheme) -> set[str]:
    """Return the values of a scheme among identifiers, as they are compared."""
    return {comparable(scheme, each.value) for each in identifiers if each.scheme == scheme.value}


def _disagrees(provider: ProviderListed, given: Iterable[tuple[Scheme, str]]) -> bool:
    borne = ((_values(provider.identifiers, scheme), value) for scheme, value in given)
    return any(values and value not in values for values, value in borne)
