"""The register over time: the snapshots that were published, and what changed, without any trainer in it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.problems import pointers_of, problem_of
from tests.register.documents import (
    authorisation,
    document,
    in_force,
    programme,
    provider,
    whole,
)
from tests.service import Service
from trivet.http.cursors import to_cursor

SNAPSHOTS, CHANGES = "/v1/register/snapshots", "/v1/register/changes"
RENAMED = whole(programmes=[programme(title="New title"), programme("heron-2")])


@pytest.fixture
async def key(service: Service) -> str:
    """A key that may read."""
    return await service.key()


async def read(service: Service, key: str, address: str) -> dict[str, Any]:
    response = await service.get(address, key)
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


def happened(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["register"], change["change"]) for change in page["items"]]


# Snapshots


async def test_before_anything_was_published_there_are_no_snapshots_and_no_changes(
    service: Service, key: str
) -> None:
    assert await read(service, key, SNAPSHOTS) == {"items": [], "nextCursor": None}
    nothing = await read(service, key, CHANGES)
    assert nothing["items"] == []
    assert nothing["nextCursor"]


async def test_each_snapshot_says_what_it_is_made_of_and_how_much_it_changed(
    service: Service, key: str
) -> None:
    first = await service.publish(whole())
    began = service.clock.now
    service.clock.now += timedelta(days=1)
    second = await service.publish_as("second", document({}, programmes=[programme("heron-3")]))

    assert first.snapshot
    assert second.snapshot
    newest, oldest = (await read(service, key, SNAPSHOTS))["items"]
    first_list = {"source": "cases", "asOf": "2026-11-01T09:00:00Z", "vouchedBy": "register"}
    assert oldest == {
        "id": first.snapshot.id,
        "digest": first.snapshot.digest,
        "parent": None,
        "publishedAt": began.isoformat().replace("+00:00", "Z"),
        "changes": 5,  # a body, a provider, two programmes and an affiliation, and no authorisation
        "sources": [first_list],
    }
    assert (newest["id"], newest["parent"]) == (second.snapshot.id, first.snapshot.id)
    assert newest["sources"] == [first_list, {**first_list, "source": "second"}]
    assert newest["changes"] == 1
    status = (await service.get("/v1/register", key)).json()
    assert (newest["id"], newest["digest"]) == (status["snapshot"], status["digest"])


async def test_a_snapshot_that_only_made_a_source_fresher_changed_nothing(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    await service.publish({**whole(), "publishedAt": "2026-11-02T09:00:00Z"})
    newest = (await read(service, key, SNAPSHOTS))["items"][0]
    assert newest["changes"] == 0
    assert newest["sources"][0]["asOf"] == "2026-11-02T09:00:00Z"


async def test_snapshots_are_walked_page_by_page_while_more_are_published(
    service: Service, key: str
) -> None:
    published = []
    for day in range(1, 8):
        synced = await service.publish({**whole(), "publishedAt": f"2026-10-{day:02}T09:00:00Z"})
        assert synced.snapshot
        published.append(synced.snapshot.id)

    page = await read(service, key, f"{SNAPSHOTS}?limit=3")
    walked = [page["items"]]
    while page["nextCursor"]:
        await service.publish({**whole(), "publishedAt": f"2026-10-2{len(walked)}T09:00:00Z"})
        page = await read(service, key, f"{SNAPSHOTS}?limit=3&cursor={page['nextCursor']}")
        walked.append(page["items"])

    assert [len(items) for items in walked] == [3, 3, 1]
    assert [each["id"] for items in walked for each in items] == published[::-1]


# Changes


async def test_a_change_says_what_happened_since_when_and_when_it_was_known(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    service.clock.now += timedelta(days=1)
    ended = in_force("2024-01-01", "2026-06-01")
    withdrawn = whole(providers=[provider(periods=ended, standardsEdition="2", tradingNames=["H"])])
    synced = await service.publish(withdrawn)

    assert synced.snapshot
    change = (await read(service, key, CHANGES))["items"][-1]
    assert change.pop("id").startswith("chg_")
    assert change == {
        "kind": "providers",
        "register": "heron",
        "change": "ended",
        "validFrom": "2026-06-01",
        "knownAt": service.clock.now.isoformat().replace("+00:00", "Z"),
        "fields": [
            "tradingNames",
            "identifiers",
            "standardsEdition",
            "certificate",
            "periods",
            "settings",
            "nations",
        ],
        "snapshot": synced.snapshot.id,
    }


async def test_whoever_goes_on_asking_gets_every_change_once_and_in_order(
    service: Service, key: str
) -> None:
    got, cursor = [], ""
    for written in (
        whole(),
        RENAMED,
        whole(programmes=[programme()]),
        whole(programmes=[programme()]),
        whole(),
    ):
        await service.publish(written)
        for _ in range(4):  # also where there is nothing new, once or again
            page = await read(service, key, f"{CHANGES}?limit=2{cursor}")
            got += page["items"]
            cursor = f"&after={page['nextCursor']}"

    assert got == (await read(service, key, f"{CHANGES}?limit=200"))["items"]
    assert [(change["register"], change["change"]) for change in got] == [
        ("body", "added"),
        ("heron", "added"),
        ("heron-1", "added"),
        ("heron-2", "added"),
        ("AF-1", "added"),
        ("heron-1", "changed"),
        ("heron-1", "changed"),
        ("heron-2", "delisted"),
        ("heron-2", "relisted"),
    ]
    assert len({change["id"] for change in got}) == len(got)


async def test_an_empty_page_gives_the_cursor_that_was_given(service: Service, key: str) -> None:
    await service.publish(whole())
    last = (await read(service, key, f"{CHANGES}?limit=200"))["nextCursor"]
    for _ in range(3):
        page = await read(service, key, f"{CHANGES}?after={last}")
        assert page == {"items": [], "nextCursor": last}


async def test_who_begins_before_the_first_change_misses_none(service: Service, key: str) -> None:
    begun = (await read(service, key, CHANGES))["nextCursor"]
    await service.publish(whole())
    page = await read(service, key, f"{CHANGES}?after={begun}")
    assert len(page["items"]) == 5


async def test_only_what_was_known_at_an_instant_is_listed_where_that_is_asked(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    then = service.clock.now
    service.clock.now += timedelta(days=1)
    await service.publish(RENAMED)

    known = await read(service, key, f"{CHANGES}?knownAt={_written(then)}")
    earlier = await read(service, key, f"{CHANGES}?knownAt={_written(then - timedelta(seconds=1))}")
    later = await read(service, key, f"{CHANGES}?after={known['nextCursor']}")

    assert [change for _, change in happened(known)] == ["added"] * 5
    assert earlier["items"] == []
    assert happened(later) == [("heron-1", "changed")]


def _written(instant: Any) -> str:
    return str(instant.isoformat()).replace("+00:00", "Z")


# Nothing lists trainers


TRAINERS = [authorisation(f"AU-{n}", trainer=f"tr-{n}", programmes="all") for n in range(9)]


async def test_no_change_of_a_trainers_record_is_listed_or_counted(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    before = await read(service, key, CHANGES)
    await service.publish(whole(authorisations=TRAINERS))

    after = await read(service, key, f"{CHANGES}?after={before['nextCursor']}")
    assert after == {"items": [], "nextCursor": before["nextCursor"]}
    newest = (await read(service, key, SNAPSHOTS))["items"][0]
    assert newest["changes"] == 0
    for address in (CHANGES, SNAPSHOTS):
        text = (await service.get(address, await service.key())).text
        assert "AU-" not in text
        assert "tr-" not in text
        assert "authorisations" not in text


async def test_neither_cursors_nor_ids_tell_how_many_changes_are_not_listed(
    service: Service, key: str
) -> None:
    await service.publish(whole(authorisations=TRAINERS))
    listed = [change["id"] for change in (await read(service, key, CHANGES))["items"]]
    stored = _rows(service, "SELECT id FROM changes ORDER BY number")
    assert len(stored) == len(listed) + len(TRAINERS)
    assert sorted(stored) != stored
    for change in listed:
        page = await read(service, key, f"{CHANGES}?after={to_cursor(change)}")
        assert page["nextCursor"] == to_cursor(listed[-1])


def _rows(service: Service, query: str) -> list[str]:
    return [row[0] for row in service.rows(query)]


# What may be asked, and by whom


NO_CHANGE = to_cursor("chg_" + "0" * 32)


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        (f"{CHANGES}?after={NO_CHANGE}", "?after"),
        (f"{CHANGES}?after={to_cursor('snp_' + '0' * 32)}", "?after"),
        (f"{CHANGES}?after=!", "?after"),
        (f"{CHANGES}?cursor={NO_CHANGE}", "?cursor"),
        (f"{CHANGES}?limit=0", "?limit"),
        (f"{CHANGES}?limit=201", "?limit"),
        (f"{CHANGES}?knownAt=2026-03-01T09:00:00", "?knownAt"),
        (f"{CHANGES}?knownAt=2999-03-01T09:00:00Z", "?knownAt"),
        (f"{SNAPSHOTS}?cursor={to_cursor('snp_' + '0' * 32)}", "?cursor"),
        (f"{SNAPSHOTS}?cursor={NO_CHANGE}", "?cursor"),
        (f"{SNAPSHOTS}?limit=201", "?limit"),
    ],
)
async def test_what_can_not_be_understood_is_refused_and_named(
    address: str, pointer: str, service: Service, key: str
) -> None:
    await service.publish(whole())
    problem = problem_of(await service.get(address, key), 400)
    assert pointers_of(problem) == [pointer]


async def test_a_test_key_sees_the_sandbox_which_never_changed_and_nothing_mirrored(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    live = await read(service, key, CHANGES)
    test = await service.key(test=True)

    (only,) = (await read(service, test, SNAPSHOTS))["items"]
    status = (await service.get("/v1/register", test)).json()
    assert (only["id"], only["digest"]) == (status["snapshot"], status["digest"])
    assert [s["source"] for s in only["sources"]] == [s["source"] for s in status["sources"]]
    nothing = await read(service, test, CHANGES)
    assert nothing["items"] == []
    again = await read(service, test, f"{CHANGES}?after={nothing['nextCursor']}")
    assert again == nothing
    problem_of(await service.get(f"{CHANGES}?after={live['nextCursor']}", test), 400)


# Long lives


async def test_a_life_of_thousands_of_snapshots_is_read_from_either_end(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    ((digest, published_at),) = service.rows("SELECT digest, published_at FROM snapshots")
    snapshots = ", ".join(
        f"({n}, 'snp_{n:032x}', 'snp_{n - 1:032x}', '{digest}', '{published_at}')"
        for n in range(2, 3001)
    )
    service.execute(f"INSERT INTO snapshots VALUES {snapshots}")  # noqa: S608
    service.execute(
        """
        INSERT INTO snapshot_sources
        SELECT s.number, source, h."fetch", publisher, vouched_by, as_of, max_age_seconds, term, coverage
        FROM snapshots s, snapshot_sources h WHERE s.number > 1 AND h.snapshot = 1
        """
    )
    page = await read(service, key, f"{SNAPSHOTS}?limit=200")
    assert len(page["items"]) == 200
    last = await read(service, key, f"{SNAPSHOTS}?limit=200&cursor={to_cursor(f'snp_{4:032x}')}")
    assert [each["changes"] for each in last["items"]] == [0, 0, 5]
    assert last["nextCursor"] is None
