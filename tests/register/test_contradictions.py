"""Where equally vouched sources contradict each other it is counted, told field by field, and recorded (R10, R21)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.problems import pointers_of, problem_of
from tests.register.documents import (
    affiliation,
    authorisation,
    body,
    document,
    identifier,
    in_force,
    period,
    programme,
    provider,
)
from tests.registers import source_of
from tests.service import Service
from trivet.http.cursors import to_cursor
from trivet.register.contradictions import Contradiction, contradicted, contradictions
from trivet.register.merge import SourceState, merge
from trivet.register.records import Kind, VouchedBy

ADDRESS = "/v1/register/contradictions"
MAKERS: dict[str, Any] = {
    "bodies": body,
    "providers": provider,
    "programmes": programme,
    "authorisations": authorisation,
    "affiliations": affiliation,
}
WARD = {"name": "Reed Ward (fictional)", "identifiers": [identifier("ods", "ZZ1")]}
OAK = {"name": "Oak Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}


def one(kind: str, /, **fields: Any) -> dict[str, Any]:
    """Return a document of one record that lists nothing completely."""
    return document({kind: "partial"}, **{kind: [MAKERS[kind](**fields)]})


def source(
    name: str, kind: str, vouched_by: VouchedBy = VouchedBy.REGISTER, /, **fields: Any
) -> SourceState:
    return source_of(
        one(kind, **fields),
        first_seen=date(2026, 11, 1),
        as_of=datetime(2026, 11, 1, 9, tzinfo=UTC),
        source=name,
        vouched_by=vouched_by,
    )


def told(*sources: SourceState) -> list[Contradiction]:
    merged = merge(sources)
    return list(contradictions({kind: contradicted(merged.entries[kind]) for kind in Kind}))


VERSIONS = [
    (
        "bodies",
        "name",
        "One (fictional)",
        "Two (fictional)",
        ["One (fictional)", "Two (fictional)"],
    ),
    (
        "bodies",
        "licensed",
        {"from": "2020-01-01", "to": None},
        {"from": None, "to": "2026-01-01"},
        ["from 2020-01-01 to no end", "from a day not recorded to 2026-01-01"],
    ),
    (
        "bodies",
        "accreditation",
        {"number": "0001", "from": "2020-01-01", "to": None},
        {"number": None, "from": "2020-01-01", "to": None},
        ["0001, from 2020-01-01 to no end", "from 2020-01-01 to no end"],
    ),
    ("providers", "certificate", "HE-1", "HE-2", ["HE-1", "HE-2"]),
    ("providers", "tradingNames", ["A", "B"], ["C"], ["A; B", "C"]),
    (
        "providers",
        "identifiers",
        [identifier("ods", "ZZ1"), identifier("ukprn", "10000001")],
        [identifier("ods", "ZZ2"), identifier("ukprn", "10000001")],
        ["ods ZZ1", "ods ZZ2"],
    ),
    (
        "programmes",
        "periods",
        in_force("2024-01-01"),
        [*in_force("2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")],
        [
            "in_force from 2024-01-01 to no end",
            "in_force from 2024-01-01 to 2025-01-01; withdrawn from 2025-01-01 to no end",
        ],
    ),
    ("programmes", "restrictive", True, False, ["yes", "no"]),
    (
        "affiliations",
        "organisation",
        WARD,
        OAK,
        ["Reed Ward (fictional), ods ZZ1", "Oak Ward (fictional), ods ZZ2"],
    ),
    ("affiliations", "programmes", "all", ["heron-1"], ["all", "heron-1"]),
]


@pytest.mark.parametrize(("kind", "field", "here", "there", "versions"), VERSIONS)
def test_each_version_is_told_as_text_with_whose_it_is_and_which_is_shown(
    kind: str, field: str, here: Any, there: Any, versions: list[str]
) -> None:
    (found,) = told(source("a", kind, **{field: here}), source("b", kind, **{field: there}))
    assert (found.kind, found.field) == (kind, field)
    assert [(v.value, v.sources, v.shown) for v in found.versions] == [
        (versions[0], ["a"], True),
        (versions[1], ["b"], False),
    ]


def test_a_record_is_called_by_its_name_or_title() -> None:
    names = [
        told(*(source(n, kind, **{field: said}) for n, said in pairs))[0].name
        for kind, field, pairs in (
            ("bodies", "name", (("a", "One (fictional)"), ("b", "Two (fictional)"))),
            ("providers", "name", (("a", "Heron (fictional)"), ("b", "Egret (fictional)"))),
            ("programmes", "title", (("a", "First"), ("b", "Second"))),
            ("affiliations", "organisation", (("a", WARD), ("b", OAK))),
        )
    ]
    assert names == ["One (fictional)", "Heron (fictional)", "First", "Reed Ward (fictional)"]


def test_sources_that_say_the_same_are_told_together() -> None:
    (found,) = told(
        *(source(n, "programmes", title=t) for n, t in zip("abcde", "XYXYZ", strict=True))
    )
    assert [(v.value, v.sources, v.shown) for v in found.versions] == [
        ("X", ["a", "c"], True),
        ("Y", ["b", "d"], False),
        ("Z", ["e"], False),
    ]


def test_who_states_none_of_the_numbers_at_issue_is_not_told_to_state_one() -> None:
    (found,) = told(
        source("a", "providers", identifiers=[identifier("ods", "ZZ1")]),
        source("b", "providers", identifiers=[identifier("ods", "ZZ2")]),
        source("c", "providers", identifiers=[identifier("ukprn", "10000001")]),
        source("d", "providers", identifiers=[identifier("ods", "ZZ1")]),
    )
    assert [(v.value, v.sources) for v in found.versions] == [
        ("ods ZZ1", ["a", "d"]),
        ("ods ZZ2", ["b"]),
    ]


def test_a_worse_vouched_source_that_differs_is_told_of_nowhere() -> None:
    own = source("own", "providers", VouchedBy.PROVIDER_DECLARED, name="Other (fictional)")
    assert told(source("a", "providers"), own) == []


def test_contradictions_come_by_kind_id_and_field_and_never_of_trainers() -> None:
    def disputed(name: str, title: str, kind: str) -> SourceState:
        records = {
            "providers": [provider(i, name=title, certificate=title) for i in ("Heron", "egret")],
            "programmes": [programme(title=title, provider="egret")],
            "authorisations": [authorisation(trainer=f"tr-{name}", role=kind, provider="egret")],
        }
        return source_of(
            document(dict.fromkeys(records, "partial"), **records),
            first_seen=date(2026, 11, 1),
            as_of=datetime(2026, 11, 1, 9, tzinfo=UTC),
            source=name,
        )

    found = told(disputed("a", "One", "senior"), disputed("b", "Two", "associate"))
    assert [(each.register, each.field) for each in found] == [
        ("egret", "certificate"),
        ("egret", "name"),
        ("Heron", "certificate"),
        ("Heron", "name"),
        ("heron-1", "title"),
    ]


# Over HTTP


@pytest.fixture
async def key(service: Service) -> str:
    """A key that may read."""
    return await service.key()


def disputed(role: str = "senior", **fields: Any) -> dict[str, Any]:
    """Return a register of three providers told with these fields, and a trainer in a role."""
    return document(
        {"providers": "partial", "authorisations": "partial"},
        providers=[provider(i, **fields) for i in ("heron", "egret", "rail")],
        authorisations=[authorisation(role=role)],
    )


async def listed(service: Service, key: str, query: str = "") -> dict[str, Any]:
    response = await service.get(ADDRESS + query, key)
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


async def test_contradictions_are_counted_by_kind_and_listed_but_for_trainers(
    service: Service, key: str
) -> None:
    await service.publish_as("one", disputed())
    status = (await service.get("/v1/register", key)).json()
    assert set(status["contradictions"].values()) == {0}
    assert await listed(service, key) == {"items": [], "nextCursor": None}

    await service.publish_as("two", disputed("associate", name="Wader (fictional)"))
    status = (await service.get("/v1/register", key)).json()
    assert status["contradictions"] == {
        "bodies": 0,
        "providers": 3,
        "programmes": 0,
        "authorisations": 1,
        "affiliations": 0,
    }
    page = await listed(service, key)
    assert page["items"][0] == {
        "kind": "providers",
        "register": "egret",
        "name": "Egret Training (fictional)",
        "field": "name",
        "versions": [
            {"value": "Egret Training (fictional)", "sources": ["one"], "shown": True},
            {"value": "Wader (fictional)", "sources": ["two"], "shown": False},
        ],
    }
    assert [item["register"] for item in page["items"]] == ["egret", "heron", "rail"]
    text = (await service.get(ADDRESS, key)).text
    assert "AU-1" not in text
    assert "tr-1" not in text


async def test_contradictions_are_walked_page_by_page(service: Service, key: str) -> None:
    await service.publish_as("one", disputed(certificate="HE-1"))
    await service.publish_as("two", disputed(certificate="HE-2", name="Wader (fictional)"))
    found, cursor = [], ""
    while cursor is not None:
        page = await listed(service, key, f"?limit=2{cursor}")
        assert len(page["items"]) == 2
        found += page["items"]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
    assert found == (await listed(service, key))["items"]
    assert len(found) == 6


async def test_a_cursor_that_is_none_is_refused(service: Service, key: str) -> None:
    await service.publish_as("one", disputed())
    for cursor in ("!", to_cursor("heron"), to_cursor("trainers/heron/name")):
        problem = problem_of(await service.get(f"{ADDRESS}?cursor={cursor}", key), 400)
        assert pointers_of(problem) == ["?cursor"]


async def test_a_test_key_sees_the_sandbox_s_contradictions(service: Service, key: str) -> None:
    await service.publish_as("one", disputed())
    (item,) = (await listed(service, await service.key(test=True)))["items"]
    assert (item["register"], item["field"]) == ("sandbox-sources_contradict", "periods")


async def test_a_sync_that_brings_a_contradiction_or_settles_it_leaves_a_change(
    service: Service, key: str
) -> None:
    await service.publish_as("one", one("providers", certificate="HE-1"))
    await service.publish_as("two", one("providers", certificate="HE-2"))
    await service.publish_as("two", one("providers", certificate="HE-1"))

    items = (await service.get("/v1/register/changes", key)).json()["items"]
    assert [(c["change"], c["fields"], c["validFrom"]) for c in items] == [
        ("added", [], "2024-01-01"),
        ("contradicted", ["certificate"], None),
        ("agreed", ["certificate"], None),
    ]


async def test_a_provider_is_found_by_what_any_of_its_equal_sources_says(
    service: Service, key: str
) -> None:
    ods = [identifier("ods", "ZZ1")], [identifier("ods", "ZZ2")]
    await service.publish_as("one", one("providers", name="Heron (fictional)", identifiers=ods[0]))
    await service.publish_as("two", one("providers", name="Egret (fictional)", identifiers=ods[1]))
    for looked_for in ("heron", "egret", "zz1", "ZZ2"):
        page = (await service.get(f"/v1/providers?query={looked_for}", key)).json()
        assert [item["name"] for item in page["items"]] == ["Heron (fictional)"], looked_for
