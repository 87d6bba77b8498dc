"""What a key holder gets to see of another provider's trainer is what they get to see of nobody, on every address.

Ids, instants, signatures and the echo of what was asked are masked; all else is compared byte for byte. The heron's are
asked about, the egret's are not; all are fictional.
"""

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from tests.register.documents import (
    COMPLETE,
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
from tests.service import PROFILE, Service, running_service
from trivet.access.keys import Scope
from trivet.access.store import set_accepts_declared
from trivet.database import writing

Json = dict[str, Any]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACCEPTING = "Trusting trust (fictional)"
OAK_WARD = {"name": "Oak Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}
WITHDRAWN = [period("in_force", "2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]


def of_egret(number: int, **fields: Any) -> Json:
    """Return an authorisation of the egret's, numbered like its trainer unless told otherwise."""
    named = {"trainer": f"tr-{number}", "familyName": "Stilt", "provider": "egret", **fields}
    return authorisation(f"AU-{number}", **named)


EGRETS = [
    of_egret(201),
    of_egret(202, periods=[period("suspended", "2024-01-01")]),
    of_egret(203, role="associate", organisation=OAK_WARD),
    of_egret(204, periods=WITHDRAWN),
    *(of_egret(number, trainer="tr-205") for number in range(205, 220)),
    of_egret(220, familyName=None),
    of_egret(221, periods=in_force(None)),
    of_egret(222, programmes=["egret-1"]),
    of_egret(223, role="associate", organisation=None),
]
STRANGERS = ("201", "202", "203", "204", "205", "220", "221", "222", "223")
SOME_STRANGERS = ("201", "203", "205")
NOBODY, OWN = "999", "101"
"""What follows `tr-` and `AU-`: another provider's trainers, one who is nowhere, and one of the provider's own."""


def register(listed: list[Json], **coverage: str) -> Json:
    """Return two providers with all that they have, and these authorisations beside the heron's own."""
    own = authorisation("AU-101", trainer="tr-101", familyName="Wader")
    everywhere = {
        "settings": ["school"],
        "nations": ["england"],
        "populations": ["adults"],
        "modules": ["seclusion"],
    }
    heron = provider("heron", certificate="HE-1", identifiers=[identifier("ods", "ZZ9")])
    return document(
        {**COMPLETE, **coverage},
        bodies=[body()],
        providers=[heron, provider("egret", certificate="EG-1")],
        programmes=[
            programme("heron-1", **everywhere),
            programme("heron-2", title="Twins"),
            programme("heron-3", title="Twins"),
            programme("egret-1", provider="egret", title="Wading"),
        ],
        authorisations=[own, *listed],
        affiliations=[affiliation()],
    )


# What is known


async def listed_whole(service: Service, **coverage: str) -> None:
    """Let one register list everything, to such an extent."""
    await service.publish(register(EGRETS, **coverage))


async def listed_partly(service: Service) -> None:
    """Let the register list some trainers."""
    await listed_whole(service, authorisations="partial")


async def listed_without_claim(service: Service) -> None:
    """Let the register claim nothing of trainers."""
    await listed_whole(service, authorisations="none")


async def listed_long_ago(service: Service) -> None:
    """Let the register have grown too old."""
    await service.publish(register(EGRETS), PROFILE.replace("P36500D", "P1D"))


async def listed_no_more(service: Service) -> None:
    """Let the egret's trainers have vanished from the register."""
    await listed_whole(service)
    service.clock.now += timedelta(days=1)
    await service.publish(register([]))


async def listed_twice(service: Service) -> None:
    """Let a second register say otherwise of the egret's trainers, and the egret in a third list more of them."""
    await listed_whole(service)
    otherwise = [a | {"role": "senior", "familyName": "Else"} for a in EGRETS[::2]]
    await _beside(service, "second", otherwise, "register")
    await _beside(service, "own", [of_egret(n) for n in range(224, 230)], "provider_declared")


async def declared(service: Service) -> None:
    """Let the egret's trainers stand in its own list only."""
    await service.publish(register([]))
    await _beside(service, "own", EGRETS, "provider_declared")


async def _beside(service: Service, name: str, authorisations: list[Json], by: str) -> None:
    told = document({"authorisations": "complete"}, authorisations=authorisations)
    (service.settings.sources_folder / f"{name}.json").write_text(json.dumps(told))
    profile = PROFILE.replace("register.json", f"{name}.json")
    await service.sync(profile.replace('"register"', f'"{by}"'), name)


KNOWN: dict[str, tuple[Callable[[Service], Awaitable[None]], str]] = {
    "complete": (listed_whole, "trainer_not_authorised"),
    "partial": (listed_partly, "trainer_not_confirmed"),
    "none": (listed_without_claim, "trainer_source_missing"),
    "stale": (listed_long_ago, "register_stale"),
    "vanished": (listed_no_more, "trainer_not_authorised"),
    "contradicted": (listed_twice, "trainer_not_authorised"),
    "declared only": (declared, "trainer_not_authorised"),
}
"""How the trainers are listed, and the reason that it gives for one who is nobody."""


# What is asked

PLAIN: Json = {
    "provider": identifier("register", "heron"),
    "programme": identifier("register", "heron-1"),
    "deliveredOn": "2026-11-20",
    "reference": "PO-1",
}
SCOPE = {"setting": "school", "nation": "england", "population": "adults", "modules": ["seclusion"]}
EVIDENCE = ["membership", "aligned", "legacy_scheme", "train_the_trainer", "application"]
OTHERWISE: dict[str, Json] = {
    "by its certificate and ODS code": {
        "provider": [identifier("certificate", "HE-1"), identifier("ods", "ZZ9")]
    },
    "delivered by the affiliate": {"deliveredBy": identifier("ods", "ZZ1")},
    "delivered by a stranger": {"deliveredBy": identifier("ods", "ZZ7")},
    "delivered by an associate's own": {"deliveredBy": identifier("ods", "ZZ2")},
    "delivered by the other provider": {"deliveredBy": identifier("certificate", "EG-1")},
    "delivered by a name": {"deliveredBy": identifier("name", "Reed Ward (fictional)")},
    "provider ambiguous": {
        "provider": [identifier("certificate", "HE-1"), identifier("certificate", "EG-1")]
    },
    "provider by name": {"provider": identifier("name", "Egret Training (fictional)")},
    "provider absent": {"provider": identifier("certificate", "NO-1")},
    "provider absent, the other's programme": {
        "provider": identifier("certificate", "NO-1"),
        "programme": identifier("title", "Wading"),
    },
    "provider not confirmed": {"provider": identifier("ods", "ZZ0")},
    "programme of the other": {"programme": identifier("register", "egret-1")},
    "programme absent": {"programme": identifier("register", "nothing")},
    "programme ambiguous": {"programme": identifier("title", "twins")},
    "scope asked": {"scope": SCOPE},
    "scope outside": {"scope": {"setting": "secure", "nation": "wales"}},
    "evidence offered": {"evidence": EVIDENCE},
    "fresh": {"maxAge": "PT1S"},
    "before the first snapshot": {"knownAt": "2020-01-01T00:00:00Z"},
    "long ago": {"deliveredOn": "2001-01-01"},
    "to come": {"deliveredOn": "2040-01-01"},
    "on a day too far": {"deliveredOn": "1900-01-01"},
    "with an unknown word": {"scope": {"setting": "oak_ward"}},
    "with an unknown field": {"trainers": True},
}


def trainers(scheme: str, numbers: tuple[str, ...], name: str | None) -> Iterator[Json]:
    """Yield trainers by reference or number, with a family name or none."""
    prefix = "tr" if scheme == "register" else "AU"
    named = {} if name is None else {"familyName": name}
    for number in numbers:
        yield {"scheme": scheme, "value": f"{prefix}-{number}", **named}


SOME = [
    [*trainers("register", (NOBODY, *SOME_STRANGERS, OWN), "Stilt")],
    [*trainers("authorisation", (NOBODY, *SOME_STRANGERS), None)],
]
"""Who look alike whatever else is asked: the heron's own too, where the family name is another."""


def everybody() -> Iterator[list[Json]]:
    """Yield the lists of those who look alike: by reference and number, by their own name, another and none."""
    for scheme in ("register", "authorisation"):
        yield [*trainers(scheme, (NOBODY, *STRANGERS), None)]
        yield [*trainers(scheme, (NOBODY, *STRANGERS, OWN), "Stilt")]
        yield [*trainers(scheme, (NOBODY, *STRANGERS, OWN), "Wrong")]
        yield [*trainers(scheme, (NOBODY, *STRANGERS), "Wader")]
    # A number where a reference is asked for, and the other way round.
    yield [identifier("register", value) for value in ("tr-999", "AU-201", "AU-101", "egret1")]
    yield [identifier("authorisation", value) for value in ("AU-999", "tr-201", "tr-101")]


# What is seen

OF_ITS_OWN = ("location", "etag", "date", "ratelimit")


def headers_of(response: httpx.Response) -> Json:
    """Return the headers but those that tell the id, the time of day or how much was asked; the content is tagged."""
    tag = response.headers.get("etag")
    if tag is not None:
        assert tag == f'"{hashlib.sha256(response.content).hexdigest()}"'
    return headers_but(OF_ITS_OWN, response)


def headers_but(left_out: Sequence[str], response: httpx.Response) -> Json:
    return {k: v for k, v in response.headers.items() if k not in left_out}


def receipt_seen(receipt: str, own: str, asked: str) -> tuple[str, str, int]:
    """Return a receipt's header and payload, masked, and the length of its signature."""
    header, payload, signature = receipt.split(".")
    said, states = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
        for part in (header, payload)
    )
    assert states.count(f'"{asked}"') == 1
    return said, masked(states, own, asked), len(signature)


def masked(text: str, own: str, asked: str) -> str:
    return text.replace(own, "ver_").replace(asked, "asked")


class Holder:
    """A key holder, who notes everything that is answered."""

    def __init__(self, service: Service, key: str) -> None:
        self._service = service
        self._headers = {"Authorization": f"Bearer {key}", "X-Request-ID": "req-1"}

    async def post(self, path: str, body: Json) -> httpx.Response:
        """Send something."""
        return await self._service.http.post(path, json=body, headers=self._headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Read an address."""
        return await self._service.http.get(path, headers=self._headers | headers)

    async def ask(self, question: Json) -> httpx.Response:
        """Ask."""
        return await self._service.http.post(
            "/v1/verifications", json=question, headers=self._headers
        )

    async def sees(self, question: Json) -> list[object]:
        """Return what is answered to a question: status, headers, size and every byte."""
        response = await self.ask(question)
        seen: list[object] = [response.status_code, headers_of(response), len(response.content)]
        answer = response.json()
        if response.status_code != 200:
            return [*seen, response.content]
        own, receipt = answer["id"], answer["receipt"]
        asked = question["trainer"]["value"]
        assert response.headers["Location"] == f"/v1/verifications/{own}"
        text = response.text.replace(receipt, "")
        return [*seen, masked(text, own, asked), receipt_seen(receipt, own, asked)]

    async def sees_again(self, question: Json) -> list[object]:
        """Return what is answered to a question, and what can be read of it afterwards."""
        answer = (await self.ask(question)).json()
        own, asked = answer["id"], question["trainer"]["value"]
        seen: list[object] = []
        for path in (
            f"/v1/verifications/{own}",
            f"/v1/verifications/{own}/receipt",
            "/v1/verifications?limit=1&reference=PO-1",
            f"/v1/verifications?limit=1&verdict={answer['verdict']}",
        ):
            response = await self.get(path)
            assert own in response.text or answer["receipt"] == response.text
            text = masked(response.text.replace(answer["receipt"], ""), own, asked)
            text = re.sub('"nextCursor":"[^"]+"', '"nextCursor":"…"', text)
            seen.append([path.replace(own, ""), headers_of(response), len(response.content), text])
            again = await self.get(path, **{"If-None-Match": response.headers["ETag"]})
            seen.append([again.status_code, headers_but(OF_ITS_OWN, again), again.content])
        return seen


def unlike(trainers_asked: list[Json], seen: list[list[object]]) -> list[Json]:
    """Return the trainers of whom something else is seen than of the first."""
    return [t for t, told in zip(trainers_asked, seen, strict=True) if told != seen[0]]


@pytest.fixture(params=KNOWN)
async def known(request: pytest.FixtureRequest, service: Service) -> str:
    """Mirror the egret's trainers in one way or another; return the reason that this gives for nobody."""
    publish, reason = KNOWN[request.param]
    service.clock.now = NOW
    await publish(service)
    return reason


@pytest.fixture
async def holder(service: Service) -> Holder:
    """A holder of a key that may verify and read."""
    return Holder(service, await service.key())


async def test_another_providers_trainers_and_misnamed_ones_are_answered_for_as_nobody(
    known: str, holder: Holder
) -> None:
    for alike in everybody():
        seen = [await holder.sees(PLAIN | {"trainer": trainer}) for trainer in alike]

        assert f'"reasons":["{known}"]' in str(seen[0])
        assert unlike(alike, seen) == []


async def test_they_are_so_whatever_else_is_asked(
    known: str, holder: Holder, subtests: pytest.Subtests
) -> None:
    for name, otherwise in OTHERWISE.items():
        for alike in SOME:
            with subtests.test(asked=name, of=alike[0]):
                seen = [
                    await holder.sees(PLAIN | otherwise | {"trainer": trainer}) for trainer in alike
                ]

                assert unlike(alike, seen) == []


async def test_they_are_so_when_what_was_answered_is_read_again(known: str, holder: Holder) -> None:
    await holder.ask(PLAIN | {"trainer": SOME[0][0]})  # so that every list goes on

    for alike in SOME:
        seen = [await holder.sees_again(PLAIN | {"trainer": trainer}) for trainer in alike]

        assert unlike(alike, seen) == []


async def test_they_are_so_to_an_account_that_accepts_a_providers_own_word(
    known: str, service: Service
) -> None:
    holder = Holder(service, await service.key(account=ACCEPTING))
    async with writing(service.engine) as connection:
        assert await set_accepts_declared(connection, ACCEPTING, accepts=True)

    for alike in SOME:
        seen = [await holder.sees(PLAIN | {"trainer": trainer}) for trainer in alike]
        assert unlike(alike, seen) == []


async def test_they_are_so_in_what_was_known_before(service: Service, holder: Holder) -> None:
    service.clock.now = NOW
    await listed_no_more(service)

    for alike in SOME:
        then = [PLAIN | {"knownAt": NOW.isoformat(), "trainer": trainer} for trainer in alike]
        assert unlike(alike, [await holder.sees(question) for question in then]) == []


async def test_whom_the_provider_asked_about_has_authorised_is_told_from_nobody(
    known: str, holder: Holder
) -> None:
    """Asked with their own provider, the same trainers are known: what the tests above ask about is there."""
    with_egret = PLAIN | {
        "provider": identifier("register", "egret"),
        "programme": identifier("register", "egret-1"),
    }
    for alike in SOME:
        answers = [(await holder.ask(with_egret | {"trainer": t})).json() for t in alike[:4]]
        nobody, *others = [answer["elements"] for answer in answers]
        assert nobody not in others


async def test_nothing_that_a_trainer_bears_becomes_a_word_that_may_be_asked_for(
    known: str, holder: Holder
) -> None:
    for word in ("tr-201", "AU-201", "Stilt", "stilt", "associate", "oak_ward", "zz2"):
        for field, asked in (("setting", word), ("nation", word), ("modules", [word])):
            response = await holder.ask(PLAIN | {"scope": {field: asked}})
            assert response.json()["errors"][0]["code"] == "unknown_word"


async def test_on_paper_they_look_alike(service: Service, holder: Holder) -> None:
    await listed_whole(service)
    pages = set()
    for trainer in SOME[0][::2]:
        answer = (await holder.ask(PLAIN | {"trainer": trainer})).json()
        receipt = await holder.get(
            f"/v1/verifications/{answer['id']}/receipt", Accept="application/pdf"
        )
        (page,) = PdfReader(BytesIO(receipt.content)).pages
        text = "".join(page.extract_text().split())
        digest = hashlib.sha256(answer["receipt"].encode()).hexdigest()
        assert digest in text
        assert trainer["value"] in text
        pages.add(text.replace(answer["id"], "").replace(digest, "").replace(trainer["value"], ""))
    assert len(pages) == 1


async def test_in_the_sandbox_they_look_alike(service: Service) -> None:
    holder = Holder(service, await service.key(test=True))
    for code in ("pass", "trainer_not_authorised", "trainer_not_confirmed", "register_stale"):
        question = PLAIN | {
            "provider": identifier("certificate", f"SANDBOX-{code}"),
            "programme": identifier("register", f"sandbox-{code}"),
        }
        alike = [
            identifier("authorisation", f"sandbox-{other}")
            for other in ("provider_withdrawn", "provider_suspendet")
        ]
        known, nobody = [await holder.sees(question | {"trainer": trainer}) for trainer in alike]
        assert known == nobody


# What is listed

HELD_FOR_ADDRESSES = {"register": "heron", "confirmation_id": "con_0"}
BATCH = "/v1/verifications/batch"
"""What stands in the place of a parameter in an address; other ids are those of what was asked, watched and told."""
OF_THE_INSTALLATION = ("/.well-known/jwks.json", "/metrics")
OF_THE_MOMENT = (
    "(snp|chg|ver|bat|wat|evt|whe|dlv)_[0-9a-f]{32}"
    r'|"receipt":"[^"]+"|sha256:[0-9a-f]{64}|(?<="nextCursor":")[^"]+'
)
"""What is made anew each time: ids, digests, receipts and the cursors that stand for ids."""


async def walked(folder: Path, authorisations: list[Json]) -> dict[str, str]:
    """Return what every address answers, by address, where these authorisations are listed beside the heron's own.

    Of the first few an equal source says otherwise.
    """
    async with running_service(folder) as service:
        service.clock.now = NOW
        listed = register(authorisations)
        suspended = {**listed["programmes"][1], "periods": [period("suspended", "2024-01-01")]}
        programmes = [listed["programmes"][0], suspended, *listed["programmes"][2:]]
        await service.publish({**listed, "programmes": programmes})
        disputed = [a | {"role": "senior", "familyName": "Disputed"} for a in authorisations[:5]]
        await _beside(service, "second", disputed, "register")
        key = await service.key(*(scope for scope in Scope if scope is not Scope.ADMIN))
        holder = Holder(service, key)
        answer = (await holder.ask(PLAIN | {"trainer": SOME[0][0]})).json()
        batch = await holder.post(BATCH, {"items": [PLAIN | {"trainer": SOME[0][0]}]})
        held = {**HELD_FOR_ADDRESSES, "verification_id": answer["id"]}
        held["batch_id"] = batch.json()["batch"]["id"]
        held.update(await told_of(service, holder, listed))
        paths = (await holder.get("/openapi.json")).json()["paths"]
        found = {}
        for path in sorted(path for path, operations in paths.items() if "get" in operations):
            response = await holder.get(path.format(**held))
            assert response.status_code in (200, 403), path
            text = response.text.replace(
                answer["receipt"], ""
            )  # it stands alone at its own address
            found[path] = re.sub(OF_THE_MOMENT, "…", text)
        return {path: text for path, text in found.items() if path not in OF_THE_INSTALLATION}


async def told_of(service: Service, holder: Holder, listed: Json) -> dict[str, str]:
    """Watch a trainer and a programme of the heron's, let the programme be reinstated, and return the ids of it all."""
    await holder.post("/v1/watches", PLAIN | {"kind": "triple", "trainer": SOME[0][0]})
    programme = {"kind": "programme", "programme": identifier("register", "heron-2")}
    watch = await holder.post(
        "/v1/watches", programme | {"provider": PLAIN["provider"], "reference": "PO-2"}
    )
    endpoint = await holder.post("/v1/webhook-endpoints", {"url": "http://127.0.0.1:9/"})
    await service.publish(listed)
    (event,) = (await holder.get("/v1/events")).json()["items"]
    return {
        "watch_id": watch.json()["id"],
        "event_id": event["id"],
        "endpoint_id": endpoint.json()["id"],
    }


async def test_every_address_tells_of_another_providers_trainers_how_many_there_are_and_no_more(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def folder() -> Path:
        return tmp_path_factory.mktemp("walked")

    these = await walked(folder(), EGRETS)
    others = [of_egret(n + 500, familyName="Else", role="associate") for n in range(len(EGRETS))]

    assert await walked(folder(), others) == these

    fewer = await walked(folder(), EGRETS[:-1])
    counted = f'"authorisations":{len(EGRETS) + 1}', f'"authorisations":{len(EGRETS)}'
    told = {path: text.replace(*counted) for path, text in these.items()}
    assert [path for path, text in told.items() if text != these[path]] == ["/v1/register"]
    assert told == fewer
