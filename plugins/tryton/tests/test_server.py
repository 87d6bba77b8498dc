"""The same on a Tryton as it is run: a server and its worker on PostgreSQL, spoken to over the wire."""

from collections.abc import Iterator
from typing import Any
from xmlrpc.client import Fault

import pytest
from conftest import CACHE, DIGEST
from orders import PASSES, SUSPENDED, history, order
from proteus import Model, Wizard
from server import Server, until
from server import serving as tryton_serving

from beside import Trivet, serving

WHY = "The letter that reinstates the trainer was seen on paper."


@pytest.fixture(scope="module")
def trivet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    """A service that only these tests stop."""
    with serving(tmp_path_factory.mktemp("trivet") / "service") as found:
        yield found


@pytest.fixture(scope="module")
def server(trivet: Trivet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"url": trivet.url, "api_key": trivet.key, "time_limit": "20"}
    folder = tmp_path_factory.mktemp("tryton")
    with tryton_serving(folder, CACHE / f"{DIGEST}.pg", settings) as found:
        yield found


@pytest.fixture(autouse=True)
def _buyer(server: Server) -> Any:
    return server.client("buyer")


def passed_over(server: Server, purchase: Any) -> None:
    """Quote, and pass over the warning as the web client does."""
    quote: Any = ("model.purchase.purchase.quote", [purchase.id], {})
    kind, (name, message, _) = server.call("buyer", *quote)["error"]
    assert kind == "UserWarning"
    assert "is not known to be certified" in message
    server.call("buyer", "model.res.user.warning.skip", name, *[False], {})
    assert "error" not in server.call("buyer", *quote)
    purchase.reload()


def test_an_order_passes_and_its_worker_processes_it(server: Server) -> None:
    purchase = order(PASSES)
    purchase.click("quote")
    purchase.click("confirm")

    def processed() -> bool:
        purchase.reload()
        return bool(purchase.state == "processing")

    until(processed)
    assert history(purchase) == [("quote", "permitted", True), ("confirm", "permitted", True)]


def test_a_refused_order_rolls_back_and_its_history_stays(server: Server) -> None:
    purchase = order(SUSPENDED)
    passed_over(server, purchase)

    with pytest.raises(Fault) as refused:
        purchase.click("confirm")

    assert "authorisation:AUTH-04" in str(refused.value)
    assert history(purchase)[-1] == ("confirm", "refused", False)
    assert purchase.state == "quotation"


def test_an_order_waits_while_the_service_is_down(server: Server, trivet: Trivet) -> None:
    purchase = order(PASSES)
    purchase.click("quote")
    trivet.stop()
    try:
        with pytest.raises(Fault, match="ould not be verified"):
            purchase.click("confirm")
    finally:
        trivet.start()
    assert history(purchase)[-1] == ("confirm", "not_verified", False)

    purchase.click("confirm")
    assert purchase.state in ("confirmed", "processing")


def test_a_state_that_is_written_over_the_wire_is_refused(server: Server) -> None:
    purchase = order(SUSPENDED)

    for state in ("confirmed", "processing", "done"):
        with pytest.raises(Fault, match="buttons"):
            purchase._proxy.write([purchase.id], {"state": state}, purchase._config.context)

    purchase.reload()
    assert purchase.state == "draft"


def test_only_the_group_overrides_and_what_was_decided_stays(server: Server) -> None:
    purchase = order(SUSPENDED)
    passed_over(server, purchase)
    with pytest.raises(Fault, match="not allowed to execute wizard"):
        Wizard("purchase.certification.override", [purchase])

    lead = server.client("lead")
    (seen,) = Model.get("purchase.purchase").find([("id", "=", purchase.id)])
    wizard = Wizard("purchase.certification.override", [seen])
    wizard.form.reason = WHY
    wizard.execute("decide")
    (decision,) = Model.get("purchase.certification.decision").find(
        [("purchase", "=", purchase.id)]
    )
    with pytest.raises(Fault):
        decision._proxy.write([decision.id], {"reason": "Another."}, lead.context)
    with pytest.raises(Fault):
        decision._proxy.delete([decision.id], lead.context)

    server.client("buyer")
    purchase.click("confirm")
    assert history(purchase)[-1] == ("confirm", "refused", True)


def test_of_two_orders_confirmed_at_once_each_is_decided_by_itself(server: Server) -> None:
    good, bad = order(PASSES), order(SUSPENDED)
    good.click("quote")
    passed_over(server, bad)

    Model.get("purchase.purchase").click([good, bad], "confirm")

    good.reload()
    bad.reload()
    assert good.state in ("confirmed", "processing")
    assert bad.state == "quotation"
