"""How long an answer takes tells of another provider's trainer no more than of nobody. The heron is asked about."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.commands import Operator
from tests.processes import PATIENCE, served
from tests.register.documents import (
    authorisation,
    body,
    document,
    identifier,
    programme,
    provider,
)
from tests.registers import index_of
from tests.service import PROFILE
from tests.verification.told_by_time import Pairs, Took, by_chance, longer, timed, told_apart
from trivet.register import people
from trivet.register.index import Index
from trivet.verification.question import Question
from trivet.verification.rules import judge

Json = dict[str, Any]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 3, 12)
PROVIDERS = ["heron", *(f"provider-{n:02}" for n in range(1, 100))]
BUSY, HELD_BY_BUSY = 888_888, 2_000
"""A trainer of very many authorisations, all of them with other providers than the heron."""
NOBODY = 999_999


def register(authorisations: int) -> Json:
    """Return a register of so many authorisations; those of the busy trainer apart, every hundredth is the heron's."""
    others = PROVIDERS[1:]
    return document(
        bodies=[body()],
        providers=[provider(name) for name in PROVIDERS],
        programmes=[programme()],
        authorisations=[
            *(
                held(f"AU-{n:06}", n, PROVIDERS[n % len(PROVIDERS)])
                for n in range(authorisations - HELD_BY_BUSY)
            ),
            *(held(f"AB-{n:06}", BUSY, others[n % len(others)]) for n in range(HELD_BY_BUSY)),
        ],
    )


def held(number: str, trainer: int, by: str) -> Json:
    return authorisation(number, trainer=f"tr-{trainer:06}", provider=by, familyName="Stilt")


def question(trainer: int, *, by_number: bool, name: str | None) -> Json:
    """Return a question about a trainer and the heron."""
    value = f"{'AU' if by_number else 'tr'}-{trainer:06}"
    asked: Json = identifier("authorisation" if by_number else "register", value)
    return {
        "provider": identifier("register", "heron"),
        "programme": identifier("register", "heron-1"),
        "trainer": asked if name is None else asked | {"familyName": name},
        "deliveredOn": str(DAY),
    }


class Asked:
    """Who is asked about: trainers at random of a register of so many authorisations."""

    def __init__(self, authorisations: int, rng: random.Random) -> None:
        self._rows, self._rng = (authorisations - HELD_BY_BUSY) // len(PROVIDERS), rng

    def nobody(self) -> int:
        return self._rng.randrange(900_000, NOBODY)

    def of_the_heron(self) -> int:
        return self._rng.randrange(self._rows) * len(PROVIDERS)

    def of_another(self) -> int:
        return self.of_the_heron() + self._rng.randrange(1, len(PROVIDERS))


def pairs(asked: Asked) -> Pairs[Json]:
    """Return nobody and a trainer of another provider, by reference or number, with a family name or without."""

    def of(who: Callable[[], int], *, by_number: bool, name: str | None) -> Callable[[], Json]:
        return lambda: question(who(), by_number=by_number, name=name)

    compared: dict[str, tuple[Callable[[], Json], Callable[[], Json]]] = {
        f"{'number' if by_number else 'reference'}, {name or 'no name'}": (
            of(asked.nobody, by_number=by_number, name=name),
            of(asked.of_another, by_number=by_number, name=name),
        )
        for by_number in (False, True)
        for name in (None, "Stilt", "Wrong")
    }
    # Always the same two: what is asked again and again is quicker to answer.
    compared["very many authorisations"] = (
        of(lambda: NOBODY, by_number=False, name="Stilt"),
        of(lambda: BUSY, by_number=False, name="Stilt"),
    )
    return compared


def ready(compared: Pairs[Json], prepare: Callable[[Json], Any]) -> Pairs[Any]:
    """Return what is compared in the form in which it is asked, so that making it counts for nothing."""

    def prepared(make: Callable[[], Json]) -> Callable[[], Any]:
        return lambda: prepare(make())

    return {name: (prepared(one), prepared(other)) for name, (one, other) in compared.items()}


@pytest.fixture(scope="module")
def index() -> Index:
    """Return the index of 50,000 authorisations."""
    return index_of(register(50_000), first_seen=date(2026, 1, 10), as_of=NOW)


@pytest.mark.parametrize("rounds", [1_000, pytest.param(5_000, marks=pytest.mark.soak)])
def test_a_verdict_takes_as_long_for_another_providers_trainer_as_for_nobody(
    index: Index, rounds: int
) -> None:
    rng = random.Random()  # noqa: S311 (nothing here is secret)

    def judged(asked: Question) -> object:
        return judge(asked, index, DAY, NOW)

    compared = ready(pairs(Asked(50_000, rng)), lambda body: msgspec.convert(body, Question))
    assert told_apart(timed(compared, judged, rounds, rng)) == []


def test_a_family_name_is_hashed_once_whoever_is_asked_about(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    keyed = people._keyed

    def noted(key: bytes, purpose: str, text: str) -> str:
        if purpose == "family-name":
            hashed.append(text)
        return keyed(key, purpose, text)

    monkeypatch.setattr(people, "_keyed", noted)
    for trainer in (NOBODY, BUSY, 1, 0):  # the last is the heron's
        for by_number in (False, True):
            for name in ("Stilt", "Wrong"):
                asked = question(trainer, by_number=by_number, name=name)
                judge(msgspec.convert(asked, Question), index, DAY, NOW)
                assert hashed == [name.lower()]
                hashed.clear()


OVER_A_SOCKET = ("reference, Stilt", "number, no name", "very many authorisations")


@pytest.mark.parametrize(
    ("authorisations", "rounds"),
    [(6_000, 150), pytest.param(50_000, 3_000, marks=pytest.mark.soak)],
)
def test_an_answer_takes_as_long_over_a_socket(
    authorisations: int, rounds: int, operator: Operator
) -> None:
    (operator.sources / "register.toml").write_text(PROFILE)
    (operator.sources / "register.json").write_text(json.dumps(register(authorisations)))
    operator.done("sync")
    headers = {"Authorization": f"Bearer {operator.key()}", "Content-Type": "application/json"}
    rng = random.Random()  # noqa: S311 (nothing here is secret)
    asked = Asked(authorisations, rng)
    every = pairs(asked)
    compared = {
        **{name: every[name] for name in OVER_A_SOCKET},
        "misnamed": (
            lambda: question(asked.nobody(), by_number=False, name="Wrong"),
            lambda: question(asked.of_the_heron(), by_number=False, name="Wrong"),
        ),
    }

    # Far more unknown trainers are asked about here than a key may name in a day.
    with served(operator.folder, TRIVET_UNKNOWN_TRAINERS_PER_DAY="1000000") as service:
        connection = HTTPConnection(urlsplit(service.address).netloc, timeout=PATIENCE)

        def answered(body: bytes) -> None:
            connection.request("POST", "/v1/verifications", body, headers)
            response = connection.getresponse()
            answer = response.read()
            assert response.status == 200, answer

        took = timed(ready(compared, msgspec.json.encode), answered, rounds, rng)
        connection.close()

    assert told_apart(took) == []


def simulated(rng: random.Random, *, apart: float) -> Took:
    """Return the times of a machine that is now busy and now idle; `apart` is in spreads of one question's time."""
    took = []
    for n in range(400):
        idle = 1_000_000 * (1 + n // 50 % 3)
        first, second = (idle + int(rng.gauss(mu, 1) * 10_000) for mu in (0, apart))
        took.append((first, second))
    return took


def test_times_that_differ_by_chance_are_not_told_apart_and_others_are() -> None:
    rng = random.Random(1)  # noqa: S311 (nothing here is secret)
    alike = {str(n): simulated(rng, apart=0) for n in range(200)}
    assert told_apart(alike) == []
    for apart in (-0.8, 0.8):
        (said,) = told_apart({"the busy trainer": simulated(rng, apart=apart)})
        assert said.startswith("the busy trainer: longer in")
    assert max(abs(longer(times) - 0.5) for times in alike.values()) > by_chance(400) / 4
