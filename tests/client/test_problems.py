"""What is raised where no verdict could be had: by kind, with what the service said, and nothing secret."""

import logging
import pickle
import traceback

import pytest

from tests.client.answering import PASSES
from tests.client.scripted import KEY, Reply, Scripted, drops, problem, says
from trivet_client import (
    Forbidden,
    InvalidQuestion,
    NotFound,
    TrivetClient,
    TrivetError,
    TrivetProblem,
    Unauthenticated,
    Unavailable,
    Unreachable,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidQuestion),
        (401, Unauthenticated),
        (403, Forbidden),
        (404, NotFound),
        (409, TrivetProblem),
        (413, TrivetProblem),
        (422, InvalidQuestion),
        (429, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_a_problem_is_raised_as_its_kind(
    status: int, kind: type[TrivetProblem], scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(*[problem(status, "a_code")] * 4)
    with pytest.raises(TrivetProblem) as raised:
        client.verify(**PASSES)
    assert type(raised.value) is kind
    assert (raised.value.status, raised.value.code) == (status, "a_code")
    assert (raised.value.detail, raised.value.request_id) == ("It says why.", "req_1")


def test_a_problem_names_the_fields_at_fault(scripted: Scripted, client: TrivetClient) -> None:
    fault = {"pointer": "/provider/value", "code": "ill_formed", "detail": "is empty"}
    scripted.will(problem(400, "invalid_question", "See errors.", errors=[fault]))
    with pytest.raises(InvalidQuestion) as raised:
        client.verify(**PASSES)
    assert [error.pointer for error in raised.value.errors] == ["/provider/value"]
    assert str(raised.value) == "400 invalid_question: See errors. /provider/value is empty."


def test_what_is_no_answer_at_all_still_has_a_request_id(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says("odd", 502, "text/plain", X_Request_ID="req_2"))
    with pytest.raises(Unreachable) as raised:
        client.register()
    assert (raised.value.status, raised.value.request_id) == (502, "req_2")


@pytest.mark.parametrize(
    "reply",
    [problem(401, "unauthenticated"), drops, says("{}")],
    ids=["refused", "dropped", "no answer"],
)
def test_neither_key_nor_family_name_is_told_or_logged(
    reply: Reply,
    scripted: Scripted,
    client: TrivetClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = "Lampwright"
    caplog.set_level(logging.DEBUG)
    scripted.will(reply)
    with pytest.raises(TrivetError) as raised:
        client.verify(**PASSES, family_name=name)
    assert scripted.requests[0].body["trainer"]["familyName"] == name
    assert scripted.requests[0].headers["authorization"] == f"Bearer {KEY}"
    trace = "".join(traceback.format_exception(raised.value))
    told = f"{client!r} {vars(client)!r} {raised.value!r} {trace} {caplog.text}"
    assert name not in told
    assert KEY not in told


def test_an_error_survives_the_way_between_processes(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(problem(403, "scope_missing"))
    with pytest.raises(Forbidden) as raised:
        client.verify(**PASSES)
    again = pickle.loads(pickle.dumps(raised.value))  # noqa: S301  # made in this test
    assert (str(again), again.request_id) == (str(raised.value), "req_1")
