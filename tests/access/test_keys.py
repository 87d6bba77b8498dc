"""Who may ask, and what of whom: only a key that was made, only its scopes, only its account, only its register."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.problems import problem_of
from tests.service import PEPPER, Service
from trivet.access.keys import Scope, Secret
from trivet.access.store import list_keys, revoke_key
from trivet.database import connect, reading, writing

QUESTION: dict[str, Any] = {
    "provider": {"scheme": "certificate", "value": "EX-0001"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
    "reference": "PO-1234",
}
PROTECTED = (
    "/v1/verifications",
    "/v1/verifications/ver_00000000000000000000000000000000",
    "/v1/verifications/ver_00000000000000000000000000000000/receipt",
    "/v1/register",
    "/v1/register/snapshots",
    "/v1/register/changes",
    "/v1/register/contradictions",
    "/v1/providers",
    "/v1/providers/calm-harbour",
)
PUBLIC = (
    "/.well-known/jwks.json",
    "/v1/reasons",
    "/v1/requirements",
    "/health/live",
    "/health/ready",
    "/docs",
    "/openapi.json",
)


@pytest.fixture(autouse=True)
async def _mirrored(service: Service, register: dict[str, Any]) -> None:
    await service.publish(register)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def get(service: Service, path: str, key: str) -> httpx.Response:
    return await service.http.get(path, headers=bearer(key))


async def revoke(service: Service, key: str, at: datetime) -> None:
    engine = connect(service.settings.database_url)
    async with writing(engine) as connection:
        assert await revoke_key(connection, key.split("_")[2], at)
    await engine.dispose()


def swapped(
    key: str, *, kind: str | None = None, key_id: str | None = None, secret: str | None = None
) -> str:
    """Return a key with a part of it exchanged."""
    _, was_kind, was_id, was_secret = key.split("_")
    return f"tvt_{kind or was_kind}_{key_id or was_id}_{secret or was_secret}"


def unlike(response: httpx.Response) -> dict[str, Any]:
    """Return a problem without what is different in every response."""
    return {name: told for name, told in response.json().items() if name != "requestId"}


async def wrong_keys(service: Service) -> dict[str, str]:
    live, test, revoked = [await service.key(test=test) for test in (False, True, False)]
    await revoke(service, revoked, service.clock())
    other = live.split("_")[3]
    return {
        "never made": str(Secret.new(test=False)),
        "never made, a test key": str(Secret.new(test=True)),
        "revoked": revoked,
        "the secret of another key": swapped(revoked, secret=other),
        "a secret made up": swapped(live, secret="0" * 64),
        "the last letter changed": live[:-1] + ("0" if live[-1] != "0" else "1"),
        "a live key shown as a test key": swapped(live, kind="test"),
        "a test key shown as a live key": swapped(test, kind="live"),
        "the id of another key": swapped(live, key_id=test.split("_")[2]),
    }


async def test_a_key_that_does_not_hold_is_refused_alike_whatever_is_wrong_with_it(
    service: Service, subtests: pytest.Subtests
) -> None:
    told = []
    for name, key in (await wrong_keys(service)).items():
        for path in PROTECTED:
            with subtests.test(key=name, path=path):
                response = await get(service, path, key)

                problem_of(response, 401, "unauthenticated")
                assert response.headers["WWW-Authenticate"] == "Bearer"
                assert key not in response.text
                told.append((unlike(response), {*response.headers}, len(response.content)))
    assert all(each[:2] == told[0][:2] for each in told)


NO_KEYS = (
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer null",
    "Basic dXNlcjpwYXNz",
    "bearer tvt_live_short_short",
    "tvt_live_{id}_{secret}",
    "Basic tvt_live_{id}_{secret}",
    "Bearer Bearer tvt_live_{id}_{secret}",
    "Bearer tvt_prod_{id}_{secret}",
    "Bearer TVT_LIVE_{id}_{secret}",
    "Bearer tvt_live_{id}_{secret}x",
    "Bearer tvt_live_{id}_{secret},tvt_live_{id}_{secret}",
    "Bearer tvt_live_{id}_{secret} x",
    "Bearer " + "x" * 10_000,
)


@pytest.mark.in_process("no client sends such headers")
async def test_what_is_no_key_is_refused(service: Service, subtests: pytest.Subtests) -> None:
    _, _, key_id, secret = (await service.key()).split("_")
    missing = await service.http.get("/v1/verifications")
    for header in NO_KEYS:
        with subtests.test(header=header and header[:40]):
            headers = {}
            if header is not None:
                headers["Authorization"] = header.format(id=key_id, secret=secret)

            response = await service.http.get("/v1/verifications", headers=headers)

            problem_of(response, 401, "unauthenticated")
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert secret not in response.text
            assert unlike(response) == unlike(missing)


async def test_a_header_that_is_not_ascii_is_no_key(service: Service) -> None:
    headers = {b"Authorization": "Bearer tvt_live_é".encode("latin-1")}

    problem_of(await service.http.get("/v1/verifications", headers=headers), 401)


async def test_the_word_bearer_may_be_written_in_any_case(service: Service) -> None:
    key = await service.key()
    for word in ("bearer", "BEARER", "Bearer "):
        headers = {"Authorization": f"{word} {key}"}
        assert (await service.http.get("/v1/register", headers=headers)).status_code == 200


async def test_a_key_in_the_address_or_in_a_cookie_is_none(service: Service) -> None:
    key = await service.key()

    problem_of(await service.http.get(f"/v1/register?key={key}"), 401)
    problem_of(await service.http.get("/v1/register", headers={"Cookie": f"key={key}"}), 401)


async def test_what_is_public_needs_no_key_and_minds_no_wrong_one(
    service: Service, subtests: pytest.Subtests
) -> None:
    for path in PUBLIC:
        with subtests.test(path=path):
            assert (await service.http.get(path)).status_code == 200
            assert (await get(service, path, "nonsense")).status_code == 200


@pytest.mark.in_process("a socket has room for what nobody reads")
async def test_nothing_of_a_body_is_read_before_the_key(service: Service) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{"

    for headers in ({}, bearer(str(Secret.new(test=False))), {"Content-Type": "text/plain"}):
        response = await service.http.post("/v1/verifications", content=body(), headers=headers)
        problem_of(response, 401)
    wanting = bearer(await service.key(Scope.READ))
    problem_of(await service.http.post("/v1/verifications", content=body(), headers=wanting), 403)
    assert not read
    assert service.kept() == 0


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ((Scope.VERIFY,), {"ask", "verifications"}),
        (
            (Scope.READ,),
            {"verifications", "register", "snapshots", "changes", "contradictions"}
            | {"providers", "provider"},
        ),
        ((Scope.WATCH,), set()),
        ((Scope.ADMIN,), set()),
        ((Scope.WATCH, Scope.ADMIN), set()),
        (
            (Scope.VERIFY, Scope.READ),
            {"ask", "verifications", "register", "snapshots", "changes", "contradictions"}
            | {"providers", "provider"},
        ),
    ],
)
async def test_a_key_does_what_its_scopes_say_and_no_more(
    scopes: tuple[Scope, ...], allowed: set[str], service: Service
) -> None:
    key = await service.key(*scopes)
    asked = {
        "ask": await service.ask(QUESTION, key),
        "verifications": await get(service, "/v1/verifications", key),
        "register": await get(service, "/v1/register", key),
        "snapshots": await get(service, "/v1/register/snapshots", key),
        "changes": await get(service, "/v1/register/changes", key),
        "contradictions": await get(service, "/v1/register/contradictions", key),
        "providers": await get(service, "/v1/providers", key),
        "provider": await get(service, "/v1/providers/calm-harbour", key),
    }

    for name, response in asked.items():
        if name in allowed:
            assert response.status_code == 200, name
        else:
            problem_of(response, 403, "scope_missing")
    assert service.kept() == int("ask" in allowed)


async def test_a_missing_scope_is_named(service: Service) -> None:
    response = await service.ask(QUESTION, await service.key(Scope.READ))

    assert "verify" in problem_of(response, 403)["detail"]


async def test_an_account_sees_its_own_verifications_only(service: Service) -> None:
    mine, theirs = [
        await service.key(account=name) for name in ("Mine (fictional)", "Theirs (fictional)")
    ]
    location = (await service.ask(QUESTION, mine)).headers["Location"]

    problem_of(await get(service, location, theirs), 404, "not_found")
    nothing = await get(service, "/v1/verifications/ver_" + "0" * 32, theirs)
    assert unlike(await get(service, location, theirs)) == unlike(nothing)
    for query in ("", "?reference=PO-1234", "?verdict=pass", "?limit=200"):
        assert (await get(service, f"/v1/verifications{query}", theirs)).json()["items"] == []


async def test_the_keys_of_an_account_share_what_they_asked(service: Service) -> None:
    one, two = await service.key(), await service.key()
    asked = await service.ask(QUESTION, one)

    assert (await get(service, asked.headers["Location"], two)).json() == asked.json()
    assert (await get(service, "/v1/verifications", two)).json()["items"] == [asked.json()]


async def test_a_cursor_of_one_account_opens_nothing_to_another(service: Service) -> None:
    mine, theirs = [
        await service.key(account=name) for name in ("Mine (fictional)", "Theirs (fictional)")
    ]
    for _ in range(3):
        await service.ask(QUESTION, mine)
    cursor = (await get(service, "/v1/verifications?limit=1", mine)).json()["nextCursor"]

    page = await get(service, f"/v1/verifications?cursor={cursor}", theirs)

    assert page.json() == {"items": [], "nextCursor": None}


SAMPLE: dict[str, Any] = {
    "provider": {"scheme": "register", "value": "lanternfold"},
    "programme": {"scheme": "register", "value": "anything"},
}


async def test_a_test_key_sees_the_sandbox_and_a_live_key_never_does(service: Service) -> None:
    live, test = await service.key(), await service.key(test=True)

    def providers(page: httpx.Response) -> set[str]:
        return {provider["register"] for provider in page.json()["items"]}

    seen_live = providers(await get(service, "/v1/providers?limit=200", live))
    seen_test = providers(await get(service, "/v1/providers?limit=200", test))
    assert seen_live
    assert seen_test
    assert not seen_live & seen_test
    for own, other in ((live, seen_test), (test, seen_live)):
        for register in other:
            problem_of(await get(service, f"/v1/providers/{register}", own), 404)
    snapshots = [
        (await get(service, "/v1/register", key)).json()["snapshot"] for key in (live, test)
    ]
    assert snapshots[0] != snapshots[1]


async def test_a_test_key_is_answered_from_the_sandbox_alone(service: Service) -> None:
    live, test = await service.key(), await service.key(test=True)

    real_asked_by_test = (await service.ask(QUESTION, test)).json()
    sample_asked_by_live = (await service.ask(SAMPLE, live)).json()

    assert "provider_not_on_register" in [r["code"] for r in real_asked_by_test["reasons"]]
    assert "provider_not_on_register" in [r["code"] for r in sample_asked_by_live["reasons"]]


async def test_what_was_tried_is_kept_apart_from_what_was_asked(service: Service) -> None:
    live, test = await service.key(), await service.key(test=True)
    asked = {key: await service.ask(QUESTION, key) for key in (live, test)}

    for own, other in ((live, test), (test, live)):
        problem_of(await get(service, asked[other].headers["Location"], own), 404)
        listed = (await get(service, "/v1/verifications", own)).json()["items"]
        assert listed == [asked[own].json()]


async def test_a_revoked_key_is_refused_at_once(service: Service) -> None:
    key = await service.key()
    assert (await get(service, "/v1/register", key)).status_code == 200

    await revoke(service, key, service.clock())

    problem_of(await get(service, "/v1/register", key), 401)
    problem_of(await service.ask(QUESTION, key), 401)


async def test_no_secret_is_in_the_database(service: Service) -> None:
    keys = [await service.key(), await service.key(test=True)]
    await service.ask(QUESTION, keys[0])

    held = service.held()

    for key in keys:
        assert key.split("_")[2].encode() in held
        assert key.split("_")[3].encode() not in held
        shown = Secret.parse(key)
        assert shown is not None
        assert shown.hashed(PEPPER.encode()).encode() in held


async def test_a_hash_under_another_pepper_opens_nothing(service: Service) -> None:
    key = await service.key()
    shown = Secret.parse(key)
    assert shown is not None
    other = shown.hashed(b"another pepper, as long as it is")
    service.execute(f"UPDATE keys SET hash = '{other}'")  # noqa: S608

    problem_of(await get(service, "/v1/register", key), 401)


async def test_keys_are_listed_without_what_opens_them(service: Service) -> None:
    key = await service.key(Scope.VERIFY, account="Elm Row (fictional)", test=True)
    engine = connect(service.settings.database_url)
    async with reading(engine) as connection:
        (listed,) = await list_keys(connection)
    await engine.dispose()

    assert (listed.id, listed.account, listed.test) == (
        key.split("_")[2],
        "Elm Row (fictional)",
        True,
    )
    assert listed.scopes == ("verify",)
    assert key.split("_")[3] not in repr(listed)


def test_a_key_is_written_and_read_the_same(subtests: pytest.Subtests) -> None:
    for test in (False, True):
        secret = Secret.new(test=test)
        assert Secret.parse(str(secret)) == secret
        assert str(secret).startswith("tvt_test_" if test else "tvt_live_")
        assert secret.secret not in repr(secret)
        assert secret.secret not in json.dumps([f"{secret!r}"])


def test_keys_are_never_the_same_twice() -> None:
    assert len({str(Secret.new(test=False)) for _ in range(1000)}) == 1000
