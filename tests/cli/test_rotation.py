"""Keys that end by themselves, and keys that take another's place without an hour in which neither works."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.commands import Operator
from tests.problems import problem_of
from tests.register.documents import whole
from tests.service import Service

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
}


def identity(key: str) -> str:
    return key.split("_")[2]


def test_a_rotated_key_and_its_follower_both_work_until_the_overlap_is_over(
    operator: Operator,
) -> None:
    old = operator.key()

    new = operator.done("keys", "rotate", identity(old), "--overlap", "P2D").strip()

    assert new != old
    assert new.startswith("tvt_live_")
    listed = operator.done("keys", "list").splitlines()
    ends = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    assert ends in next(line for line in listed if identity(old) in line)
    assert ends not in next(line for line in listed if identity(new) in line)
    assert "was not rotated yet" in operator.refused("keys", "rotate", identity(old))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("rotate", "0123456789abcdef"), "there is no key '0123456789abcdef'"),
        (("rotate", "x", "--overlap", "a week"), "--overlap: 'a week' is not"),
        (("rotate", "x", "--overlap", "P1Y"), "longer than P90D"),
        (("create", "--account", "A", "--until", "2020-01-01"), "--until: 2020-01-01 is over"),
    ],
)
def test_what_can_not_be_done_is_told(
    operator: Operator, given: tuple[str, ...], said: str
) -> None:
    assert said in operator.refused("keys", *given)


def test_a_whole_key_is_not_repeated(operator: Operator) -> None:
    key = operator.key()
    assert key.split("_")[3] not in operator.refused("keys", "rotate", key)


async def test_a_key_opens_nothing_from_the_instant_at_which_it_ends(service: Service) -> None:
    await service.publish(whole())
    key = await service.key(ends=service.clock.now + timedelta(hours=1))
    service.clock.now += timedelta(minutes=59, seconds=59)
    assert (await service.ask(QUESTION, key)).status_code == 200
    service.clock.now += timedelta(seconds=1)
    refused = await service.ask(QUESTION, key)
    assert "has expired" in problem_of(refused, 401, "unauthenticated")["detail"]


async def test_when_a_key_was_last_used_is_written_down(service: Service) -> None:
    await service.publish(whole())
    key = await service.key()
    for _ in range(8):  # whichever process answers
        await service.ask(QUESTION, key)

    await service.running.write_usage()

    ((used,),) = service.rows("SELECT last_used_at FROM keys")
    assert str(used)[:19] == f"{service.clock.now:%Y-%m-%d %H:%M:%S}"
