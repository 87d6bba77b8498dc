"""What becomes of an order: quoted with a warning, confirmed or held, overridden, and marked where it lapses."""

import datetime as dt
from typing import Any

import pytest
from beside import Trivet
from orders import ADDRESS, PASSES, SUSPENDED, acting, ask, history, names, of, order, passing_warnings, quoted
from proteus import Model
from trytond.exceptions import UserError, UserWarning
from trytond.model.exceptions import AccessError


@pytest.fixture(autouse=True)
def _asking(tryton: Any, service: Trivet) -> None:
    ask(service.url, service.key)


def test_certified_training_is_ordered_and_its_receipt_is_kept() -> None:
    purchase = order(PASSES)

    purchase.click("quote")
    purchase.click("confirm")

    assert purchase.state == "processing"
    assert history(purchase) == [("quote", "permitted", True), ("confirm", "permitted", True)]
    newest = purchase.certification_checks[0]
    assert newest.words.startswith("Certified for 03/12/2031 as recorded now")
    assert newest.receipts.count(".") == 2
    assert newest.verifications.startswith("ver_")
    assert "not that practice is good" in newest.caveats or newest.caveats
    assert purchase.certification_state == "clear"


def test_an_order_for_anything_else_asks_nobody() -> None:
    ask(ADDRESS, "tvt_live_a_b")
    purchase = order(product="Chairs")

    purchase.click("quote")
    purchase.click("confirm")

    assert purchase.state == "processing"
    assert history(purchase) == []
    assert purchase.certification_state is None
