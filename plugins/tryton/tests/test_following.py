"""What becomes of a confirmed order: what is watched, what news does to it, and what an outage does not."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from orders import ADDRESS, PASSES, ask, history, of, order, passing_warnings, quoted
from proteus import Model
from standardwebhooks import Webhook
from trytond.pool import Pool
from trytond.protocols.wrappers import Response
from trytond.tests.test_tryton import Client
from trytond.transaction import Transaction, TransactionError
from trytond.wsgi import app

from beside import Trivet, sample
from trivet_client import TrivetClient

WHO = "AUTH-08"
SECRET = "whsec_dHJpdmV0LXRlc3RzLXRyaXZldC10ZXN0cy10cml2ZXQ="


@pytest.fixture(autouse=True)
def _asking(tryton: Any, service: Trivet) -> None:
    ask(service.url, service.key, webhook_secret=SECRET)


@pytest.fixture
def client(service: Trivet) -> Iterator[TrivetClient]:
    with TrivetClient(service.url, service.key) as found:
        yield found


def confirmed() -> Any:
    """Return an order that relies on a trainer of whom news will come."""
    supplier = of("party.party", name="Northvale (fictional)")
    purchase = order(
        WHO,
        product="Any programme",
        supplier=supplier,
        certification_programme_scheme="register",
        certification_programme="nv-core",
    )
    passing_warnings(purchase, "quote")
    purchase.click("confirm")
    assert purchase.state == "processing"
    return purchase


@contextmanager
def suspended(service: Trivet) -> Iterator[None]:
    """Have the register say that the trainer is suspended, and for a while only."""
    register = sample()
    (held,) = [each for each in register["authorisations"] if each["register"] == WHO]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    begun = [period for period in held["periods"] if period["from"] < today]
    begun[-1]["to"] = today
    held["periods"] = [*begun, {"status": "suspended", "from": today, "to": None}]
    service.mirror(register)
    try:
        yield
    finally:
        service.mirror(sample())


def root(tryton: Any, model: str, method: str) -> None:
    """Do what a cron job does."""
    locks: dict[str, Any] = {}
    context = {"_skip_warnings": True}
    while True:
        with Transaction().start(tryton.database_name, 0, context=context, **locks) as transaction:
            try:
                getattr(Pool(tryton.database_name).get(model), method)()
            except TransactionError as error:
                transaction.rollback()
                error.fix(locks)
                continue
        return


def read_events(tryton: Any) -> None:
    root(tryton, "purchase.certification.cursor", "read_events")


def nightly(tryton: Any) -> None:
    root(tryton, "purchase.purchase", "certification_nightly")


def watched(client: TrivetClient, purchase: Any) -> list[Any]:
    """Return the references under which the service watches for an order."""
    key = f"/purchase.line,{purchase.lines[0].id}/"
    return [each.reference for each in client.watches() if key in (each.reference or "")]


def test_news_of_a_suspension_marks_an_open_order_and_news_of_its_end_clears_it(
    tryton: Any, service: Trivet, client: TrivetClient
) -> None:
    purchase = confirmed()
    assert len(watched(client, purchase)) == 1
    read_events(tryton)

    with suspended(service):
        read_events(tryton)
        assert history(purchase)[-1] == ("event", "refused", False)
        assert purchase.certification_state == "lapsed"
        assert purchase.state == "processing"
        entries = len(history(purchase))
        read_events(tryton)
        assert len(history(purchase)) == entries

    read_events(tryton)
    assert history(purchase)[-1] == ("event", "permitted", True)
    assert purchase.certification_state == "clear"


def test_the_nightly_job_marks_what_lapsed_and_an_outage_marks_nothing(
    tryton: Any, service: Trivet
) -> None:
    purchase = confirmed()
    before = history(purchase)
    ask(ADDRESS, "tvt_live_a_b")
    nightly(tryton)
    assert history(purchase) == before
    ask(service.url, service.key)

    with suspended(service):
        nightly(tryton)
        assert history(purchase)[-1] == ("nightly", "refused", False)
        assert purchase.certification_state == "lapsed"


def test_the_nightly_job_puts_watches_in_order(tryton: Any, client: TrivetClient) -> None:
    purchase = confirmed()
    (reference,) = watched(client, purchase)
    (watching,) = client.watches(reference)
    client.end_watch(watching.id)
    client.watch(
        provider="certificate:SAMPLE-0001",
        programme="register:lf-foundation",
        reference=reference.rpartition("/")[0] + "/987654",
    )

    nightly(tryton)

    assert watched(client, purchase) == [reference]


def test_what_is_no_longer_ordered_is_no_longer_watched(tryton: Any, client: TrivetClient) -> None:
    purchase = quoted(PASSES)
    purchase.click("confirm")
    assert watched(client, purchase)

    with Transaction().start(tryton.database_name, 0):
        Purchase = Pool(tryton.database_name).get("purchase.purchase")
        Purchase.do([Purchase(purchase.id)])
        Purchase.certification_watch([Purchase(purchase.id)])

    assert watched(client, purchase) == []


# ---- The webhook


def event(purchase: Any, tryton: Any, **changed: Any) -> bytes:
    """Return the body of an event about an order."""
    line = purchase.lines[0]
    reference = (
        f"{tryton.database_name}/purchase.line,{line.id}/{line.certification_trainers[0].id}"
    )
    watch = {
        "id": "wat_1",
        "kind": "triple",
        "reference": reference,
        "trainer": None,
        "before": "pass",
        "after": "fail",
    }
    data = {
        "text": "A watched verdict changed.",
        "test": False,
        "reasons": [],
        "watches": [watch],
        "watchCount": 1,
        "verdict": {"before": "pass", "after": "fail"},
    }
    told = {
        "id": "evt_1",
        "type": "verification.changed",
        "version": "1",
        "timestamp": "2026-03-12T12:00:00Z",
        "data": data | changed,
    }
    return json.dumps(told).encode()


Deliver = Callable[..., int]


@pytest.fixture
def deliver(tryton: Any) -> Deliver:
    """Bring a body to the webhook, signed as the service signs, and give the status."""

    def deliver(body: bytes, secret: str = SECRET) -> int:
        at = dt.datetime.now(dt.UTC)
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign("evt_1", at, body.decode()),
            "Content-Type": "application/json",
        }
        path = f"/{tryton.database_name}/trivet/webhook"
        return int(Client(app, Response).post(path, data=body, headers=headers).status_code)

    return deliver


def test_a_webhook_has_its_order_asked_about(tryton: Any, deliver: Deliver) -> None:
    purchase = confirmed()

    assert deliver(event(purchase, tryton)) == 204

    # The event said fail and the register says otherwise: it is the answer that counts.
    assert history(purchase)[-1] == ("event", "permitted", True)


def test_a_webhook_that_nobody_signed_is_refused_and_asks_nothing(
    tryton: Any, deliver: Deliver
) -> None:
    purchase = confirmed()
    before = history(purchase)

    assert deliver(event(purchase, tryton), "whsec_" + "QUFB" * 8) == 401
    assert deliver(b"{}") == 400
    assert history(purchase) == before


def test_a_webhook_during_an_outage_is_asked_for_again(
    tryton: Any, service: Trivet, deliver: Deliver
) -> None:
    purchase = confirmed()
    before = history(purchase)
    ask(ADDRESS, "tvt_live_a_b")

    assert deliver(event(purchase, tryton)) == 503
    assert history(purchase) == before


def test_a_test_event_and_one_about_another_database_do_nothing(
    tryton: Any, deliver: Deliver
) -> None:
    purchase = confirmed()
    before = history(purchase)
    ask(ADDRESS, "tvt_live_a_b")
    other = event(purchase, tryton).replace(tryton.database_name.encode(), b"other", 1)

    assert deliver(event(purchase, tryton, test=True)) == 204
    assert deliver(other) == 204
    assert history(purchase) == before


def test_without_a_secret_no_webhook_is_believed(tryton: Any, deliver: Deliver) -> None:
    purchase = confirmed()
    ask(ADDRESS, webhook_secret="")

    assert deliver(event(purchase, tryton)) == 503
    assert Model.get("purchase.purchase")(purchase.id).certification_state == "clear"
