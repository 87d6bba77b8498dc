"""A body that is no question: not JSON, not in UTF-8, too large, not announced as what it is."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.questions import FAMILY_NAME, FULL, refused, with_
from tests.problems import problem_of
from tests.service import Service

BODIES = {
    "nothing": b"",
    "white space": b" \n ",
    "half an object": b'{"provider": {"scheme": "register"',
    "not JSON": b"provider=certificate:EX-0001",
    "single quotes": b"{'provider': 1}",
    "a trailing comma": b'{"reference": "x",}',
    "a comment": b'{"reference": "x" /* mine */}',
    "more after the end": json.dumps(FULL).encode() + b"{}",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a text": json.dumps(json.dumps(FULL)).encode(),
    "NaN": b'{"provider": NaN}',
    "infinity": b'{"provider": -Infinity}',
    "a number beyond a float": b'{"provider": 1e999}',
    "a number of 5000 digits": b'{"provider": ' + b"9" * 5000 + b"}",
    "a number of 60000 digits": b'{"provider": ' + b"9" * 60_000 + b"}",
    "a key twice": b'{"reference": "a", "reference": "a"}',
    "a nested key twice": b'{"provider": {"scheme": "register", "value": "a", "value": "b"}}',
    "a key twice, once escaped": b'{"reference": "a", "referenc\\u0065": "b"}',
    "thousands of keys, the last twice": b"{%s}"
    % b",".join(b'"%d":1' % (i % 6500) for i in range(6501)),
    "lists 30000 deep": b"[" * 30_000 + b"]" * 30_000,
    "objects 10000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "lists never closed": b"[" * 60_000,
    "a control character in a text": b'{"reference": "a\x00b"}',
    "Latin-1": json.dumps(FULL).encode().replace(b"PO-1234", b"caf\xe9"),
    "UTF-16": json.dumps(FULL).encode("utf-16"),
    "UTF-16 without a mark": json.dumps(FULL).encode("utf-16-le"),
    "UTF-32": json.dumps(FULL).encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(FULL).encode(),
    "an overlong byte": b'{"reference": "\xc0\x80"}',
    "a surrogate as bytes": b'{"reference": "\xed\xa0\x80"}',
    "a name of a field 60000 long": json.dumps({"x" * 60_000: 1}).encode(),
    "a scheme 60000 long": json.dumps(
        {"provider": {"scheme": "x" * 60_000, "value": "x"}, "programme": FULL["programme"]}
    ).encode(),
}


async def test_a_body_that_is_no_question_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for name, body in BODIES.items():
        with subtests.test(body=name):
            problem = await refused(service, key, body)
            assert len(json.dumps(problem)) < 2000
    assert service.kept() == 0


async def test_a_number_too_long_is_said_to_be_in_our_words(service: Service, key: str) -> None:
    problem = await refused(service, key, BODIES["a number of 5000 digits"])

    assert "digits" in problem["detail"]
    assert "sys." not in problem["detail"]


async def test_a_key_given_twice_is_named(service: Service, key: str) -> None:
    problem = await refused(service, key, BODIES["a nested key twice"])

    assert "'value'" in problem["detail"]


async def test_what_is_wrong_with_a_family_name_is_said_without_it(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    body = json.dumps(FULL)
    sent: dict[str, Any] = {
        "control": with_("/trainer/familyName", f"{FAMILY_NAME}\x00"),
        "half a character": with_("/trainer/familyName", f"{FAMILY_NAME}\ud83d"),
        "in a list": with_("/trainer/familyName", [FAMILY_NAME]),
        "instead of the trainer": with_("/trainer", FAMILY_NAME),
        "given twice": body.replace(
            '"familyName"', f'"familyName": "{FAMILY_NAME}", "familyName"'
        ).encode(),
        "before the end of the body": body[: body.index(FAMILY_NAME) + len(FAMILY_NAME)].encode(),
        "not in UTF-8": body.replace(FAMILY_NAME, f"{FAMILY_NAME}é").encode("latin-1"),
        "beside another fault": with_("/reference", ""),
    }
    for name, question in sent.items():
        with subtests.test(name):
            await refused(service, key, question)  # looks for the name in the whole response


@pytest.mark.parametrize("length", ["told", "not told"])
async def test_a_body_far_too_large_is_refused(length: str, service: Service, key: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    content: Any = b" " * 100_000 if length == "told" else chunks()

    response = await service.http.post("/v1/verifications", content=content, headers=headers)

    problem_of(response, 413, "body_too_large")
    assert service.kept() == 0


async def test_a_body_without_a_stated_length_is_taken(service: Service, key: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for byte in json.dumps(FULL).encode():
            yield bytes([byte])

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    response = await service.http.post("/v1/verifications", content=chunks(), headers=headers)

    assert response.status_code == 200


NOT_JSON = (
    None,
    "",
    ";",
    "json",
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/vnd.api+json",
    "application/msgpack",
    "application/x-msgpack",
    "application/jsonp",
)


async def test_a_body_that_is_not_sent_as_json_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for content_type in NOT_JSON:
        with subtests.test(content_type=content_type):
            headers = {"Authorization": f"Bearer {key}"}
            if content_type is not None:
                headers["Content-Type"] = content_type
            response = await service.http.post(
                "/v1/verifications", content=json.dumps(FULL), headers=headers
            )
            problem_of(response, 415, "unsupported_media_type")
    assert service.kept() == 0


async def test_json_may_be_announced_with_its_charset_and_in_any_case(
    service: Service, key: str
) -> None:
    for content_type in ("application/json; charset=utf-8", "Application/JSON"):
        headers = {"Authorization": f"Bearer {key}", "Content-Type": content_type}
        response = await service.http.post(
            "/v1/verifications", content=json.dumps(FULL), headers=headers
        )

        assert response.status_code == 200
