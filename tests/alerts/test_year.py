"""Alerts tell the truth, the whole of it and nothing else: a year of a register's life, played."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.alerts import script
from tests.alerts.delivering import Delivering
from tests.alerts.life import ACCOUNTS, Life, came, compare
from tests.alerts.receivers import LOOPBACK
from tests.alerts.unreliable import FAULTS, SENDERS_LIMIT, Customer, customer
from tests.service import PROFILE, Service, running_service
from trivet.alerts.outbound import Outbound
from trivet.alerts.sending import Sender

NOWHERE = "https://1.1.1.1/"
"""The endpoint of an account in tests that send nothing."""


async def played(life: Life) -> None:
    """Play the whole year."""
    await script.begin(life)
    await life.endpoint("college", NOWHERE)
    await script.autumn(life)
    await script.winter(life)
    await script.spring(life)


async def told_as_expected(life: Life, but: Sequence[str] = ()) -> None:
    """Make sure that each account's events, read in small pages, are what it was to be told, but for some types."""
    for account in ACCOUNTS.values():
        events = [one for one in await life.events(account) if one.type not in but]
        compare(events, life.expected_of(account))


async def test_a_year_is_told_as_it_happened_to_each_account(service: Service) -> None:
    life = Life(service, script.first_register())
    await played(life)
    await told_as_expected(life)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
async def test_a_year_is_told_alike_however_often_it_is_looked_at(
    service: Service, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - play
    days = frozenset(chance.sample(range(7), chance.randint(1, 6)))
    life = Life(service, script.first_register(), daily=True, read_on=days | {0})
    await played(life)
    await told_as_expected(life)


SENT_TO = ("trust", "council", "school")


@asynccontextmanager
async def sending(life: Life, customer: Customer) -> AsyncIterator[Delivering]:
    """Send what accounts are told to a receiver that can't be relied on, while a life that has begun is played."""
    service = life.service
    outbound = Outbound(
        [LOOPBACK],
        [range(1, 65536)],
        limits=(SENDERS_LIMIT, SENDERS_LIMIT / 2),
        clock=service.clock,
    )
    async with outbound:
        await service.running.set(outbound=outbound)
        sender = Sender(service.engine, service.app.state.sealing, outbound, service.clock)
        delivering = Delivering(life, sender, customer)
        made = {
            account: await life.endpoint(account, f"{customer.address}/{account}")
            for account in SENT_TO
        }
        customer.knows({account: endpoint["secret"] for account, endpoint in made.items()})
        delivering.endpoints = {account: endpoint["id"] for account, endpoint in made.items()}
        life.meanwhile = delivering.until
        yield delivering


def taken_as_expected(life: Life, customer: Customer, delivering: Delivering) -> None:
    """Make sure that a receiver took in effect what each account was to be told, and nothing else."""
    for account in SENT_TO:
        taken = came(account, customer.taken(account))
        disabled = [one for one in taken if one.type == "endpoint.disabled"]
        assert len(disabled) == delivering.disabled.count(account)
        rest = [one for one in taken if one.type != "endpoint.disabled"]
        compare(rest, life.expected_of(account))


@pytest.mark.keeps
async def test_a_receiver_that_fails_a_third_of_the_time_takes_each_event_of_an_autumn_once(
    tmp_path: Path,
) -> None:
    with customer(tmp_path / "customer", seed=1) as receiver:
        async with running_service(tmp_path) as service:
            life = Life(service, script.first_register(), PROFILE, read_on=frozenset())
            await script.begin(life)
            async with sending(life, receiver) as delivering:
                await script.autumn(life)
                await delivering.to_the_end()
            taken_as_expected(life, receiver, delivering)
    assert not [word for word in receiver.did if word.startswith("refused")]
    assert receiver.did["410"] == len(delivering.disabled) == 1
    assert receiver.did["again"] >= receiver.did["taken and hung up"] > 0
    assert receiver.did.keys() >= set(FAULTS)


@pytest.mark.soak
@pytest.mark.keeps
@pytest.mark.parametrize("seed", range(5))
async def test_a_receiver_that_fails_a_third_of_the_time_takes_each_event_of_a_year_once(
    tmp_path: Path, seed: int
) -> None:
    with customer(tmp_path / "customer", seed) as receiver:
        async with running_service(tmp_path) as service:
            life = Life(service, script.first_register(), daily=True)
            await script.begin(life)
            await life.endpoint("college", NOWHERE)
            async with sending(life, receiver) as delivering:
                await script.autumn(life)
                await script.winter(life)
                await script.spring(life)
                await delivering.to_the_end()
            taken_as_expected(life, receiver, delivering)
            await told_as_expected(life, but=["endpoint.disabled"])
    assert receiver.did["again"] >= receiver.did["taken and hung up"] > 0
