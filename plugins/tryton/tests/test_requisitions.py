"""What is said of training before there is an order: in a requisition, and in a request for quotation."""

from decimal import Decimal
from typing import Any

import pytest
from orders import DAY, PASSES, ask, of
from proteus import Model, Wizard

from beside import Trivet


@pytest.fixture(autouse=True)
def _asking(tryton: Any, service: Trivet) -> None:
    ask(service.url, service.key)


def requested(*programmes: str) -> list[Any]:
    """Have training requested of a supplier, a line for each programme, and return the requests."""
    requisition = Model.get("purchase.requisition")(supply_date=DAY, description="Training")
    requisition.employee = _employee()
    for programme in programmes:
        line = requisition.lines.new()
        line.product = of("product.product", name="Any programme")
        line.quantity = 1
        line.supplier = of("party.party", name="Lanternfold (fictional)")
        line.certification_programme_scheme = "register"
        line.certification_programme = programme
    for button in ("wait", "approve", "process"):
        requisition.click(button)
    lines = [line.id for line in requisition.lines]
    requests = Model.get("purchase.request").find([])
    return [each for each in requests if each.origin and each.origin.id in lines]


def _employee() -> Any:
    party = of("party.party", name="Dunder Mifflin")
    found = Model.get("company.employee").find([("party", "=", party.id)])
    made = found[0] if found else Model.get("company.employee")(party=party)
    if not found:
        made.company = Model.get("company.company").find([])[0]
        made.save()
    return made


def test_programme_and_day_go_on_to_the_order_and_others_stay_apart() -> None:
    requests = requested("lf-foundation", "lf-advanced", "lf-foundation")

    Wizard("purchase.request.create_purchase", requests)

    found = {request.reload() or request.purchase_line.id for request in requests}
    lines = sorted(
        (Model.get("purchase.line")(each) for each in found),
        key=lambda line: line.certification_programme,
    )
    assert [(line.certification_programme, line.quantity) for line in lines] == [
        ("lf-advanced", 1),
        ("lf-foundation", 2),
    ]
    assert {line.delivery_date for line in lines} == {DAY}
    assert all(line.certification_bound for line in lines)


def test_an_order_made_of_a_requisition_waits_like_any_other() -> None:
    requests = requested("lf-foundation")
    Wizard("purchase.request.create_purchase", requests)
    requests[0].reload()
    purchase = requests[0].purchase
    purchase.invoice_method = "manual"
    purchase.lines[0].certification_trainers.new(scheme="authorisation", value=PASSES)
    purchase.lines[0].unit_price = Decimal(500)
    purchase.save()

    purchase.click("quote")
    purchase.click("confirm")

    assert purchase.certification_state == "clear"


@pytest.mark.parametrize(
    ("programme", "outcome", "said"),
    [
        ("lf-foundation", "not_confirmed", "not a finding against anybody"),
        ("lf-young", "refused", "suspended"),
    ],
)
def test_a_quotation_shows_how_far_its_training_is_certified(
    programme: str, outcome: str, said: str
) -> None:
    (request,) = requested(programme)
    Wizard("purchase.request.quotation.create", [request]).execute("create_quotations")
    (line,) = Model.get("purchase.request.quotation.line").find([("request", "=", request.id)])

    line.quotation.click("certification_check")

    line.reload()
    assert line.certification_outcome == outcome
    assert said in line.certification_words
