"""What becomes of an order: quoted with a warning, confirmed or held, and marked where it lapses."""

import datetime as dt
from typing import Any

import pytest
from orders import (
    ADDRESS,
    PASSES,
    SUSPENDED,
    ask,
    history,
    of,
    order,
    quoted,
)
from proteus import Model

from beside import Trivet
from trivet_tryton.exceptions import NotCertified, NotCertifiedYet, NotYours


@pytest.fixture(autouse=True)
def _asking(tryton: Any, service: Trivet) -> None:
    ask(service.url, service.key)


def blocked() -> set[int]:
    """Return the ids of the orders under the tab Blocked."""
    found = Model.get("purchase.purchase").find([("certification_state", "in", ["held", "lapsed"])])
    return {each.id for each in found}


# ---- Passing


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
    assert newest.caveats
    assert purchase.certification_state == "clear"
    assert purchase.id not in blocked()


def test_an_order_for_anything_else_asks_nobody() -> None:
    ask(ADDRESS, "tvt_live_a_b")
    purchase = order(product="Chairs")

    purchase.click("quote")
    purchase.click("confirm")

    assert purchase.state == "processing"
    assert history(purchase) == []
    assert purchase.certification_state is None


def test_a_product_of_any_programme_waits_until_its_line_names_one() -> None:
    purchase = quoted(PASSES, product="Any programme")
    with pytest.raises(NotCertified, match="record is incomplete"):
        purchase.click("confirm")

    (line,) = purchase.lines
    line.certification_programme_scheme = "register"
    line.certification_programme = "lf-foundation"
    purchase.save()

    assert purchase.certification_state == "unchecked"
    purchase.click("confirm")
    assert purchase.state == "processing"


def test_every_trainer_of_a_line_has_to_be_authorised() -> None:
    purchase = quoted(PASSES, SUSPENDED)

    with pytest.raises(NotCertified) as refused:
        purchase.click("confirm")

    assert "authorisation:AUTH-04" in refused.value.description
    assert "authorisation:AUTH-01" not in refused.value.description


def test_an_affiliate_that_delivers_is_asked_about() -> None:
    mossgate = of("party.party", name="Mossgate (fictional)")
    passing = quoted("AUTH-02", certification_delivered_by=mossgate)
    passing.click("confirm")
    assert passing.state == "processing"

    nobody = of("party.party", name="Dunder Mifflin")
    held = quoted(PASSES, certification_delivered_by=nobody)
    with pytest.raises(NotCertified):
        held.click("confirm")


# ---- Being held


def test_a_quotation_warns_and_may_go_out() -> None:
    purchase = order(SUSPENDED)

    with pytest.raises(NotCertifiedYet) as warned:
        purchase.click("quote")
    assert "Not certified on 03/12/2031." in warned.value.description
    assert "suspended" in warned.value.description
    assert history(purchase) == [("quote", "refused", False)]

    Model.get("res.user.warning")(user=of("res.user", login="admin"), name=warned.value.name).save()
    purchase.click("quote")
    assert purchase.state == "quotation"


def test_a_refused_order_stays_a_quotation_and_what_was_answered_is_kept() -> None:
    purchase = quoted(SUSPENDED)

    with pytest.raises(NotCertified, match=str(purchase.number)) as refused:
        purchase.click("confirm")

    assert "Trainer (authorisation:AUTH-04)" in refused.value.description
    assert "can look at it again" not in refused.value.message
    assert history(purchase) == [("quote", "refused", False), ("confirm", "refused", False)]
    assert purchase.state == "quotation"
    newest = purchase.certification_checks[0]
    assert "trainer_suspended" in newest.reasons
    assert newest.receipts
    assert newest.trainer_concerned
    assert newest.words.endswith("can look at it again.")
    assert purchase.certification_state == "held"
    assert purchase.id in blocked()


def test_without_a_trainer_nothing_is_confirmed_and_nobody_is_accused() -> None:
    purchase = quoted()

    with pytest.raises(NotCertified) as refused:
        purchase.click("confirm")

    assert "Not confirmed for" in refused.value.description
    assert "not a finding against anybody" in refused.value.description


def test_a_day_that_tryton_reckons_itself_is_no_day_of_delivery() -> None:
    supplier = of("party.party", name="Northvale (fictional)")
    supplier.supplier_lead_time = dt.timedelta(days=30)
    supplier.save()
    purchase = quoted(PASSES, day=None, supplier=supplier)
    assert purchase.lines[0].delivery_date

    with pytest.raises(NotCertified, match="day of delivery is missing"):
        purchase.click("confirm")


@pytest.mark.parametrize(
    ("url", "key", "cause"),
    [
        (ADDRESS, "tvt_live_a_b", "could not be reached"),
        ("", "", "not set up to ask"),
        ("service", "tvt_live_a_b", "does not accept this system's key"),
    ],
)
def test_an_order_waits_while_nothing_can_be_verified(
    url: str, key: str, cause: str, service: Trivet
) -> None:
    ask(service.url if url == "service" else url, key)
    purchase = order(PASSES)
    with pytest.raises(NotCertifiedYet, match="Could not be verified"):
        purchase.click("quote")
    ask(service.url, service.key)
    purchase.click("quote")
    ask(service.url if url == "service" else url, key)

    with pytest.raises(NotCertified) as refused:
        purchase.click("confirm")

    assert "Could not be verified for 03/12/2031" in refused.value.description
    assert cause in refused.value.description
    assert "Not certified" not in refused.value.description
    assert history(purchase)[-1] == ("confirm", "not_verified", False)


def test_a_number_in_the_settings_that_is_none_leaves_everything_unverified(
    service: Trivet,
) -> None:
    purchase = quoted(PASSES)
    ask(service.url, service.key, time_limit="soon")

    with pytest.raises(NotCertified, match="not set up to ask"):
        purchase.click("confirm")


def test_of_two_orders_confirmed_at_once_each_is_decided_by_itself() -> None:
    good, bad = quoted(PASSES), quoted(SUSPENDED)

    Model.get("purchase.purchase").click([good, bad], "confirm")

    good.reload()
    bad.reload()
    assert (good.state, bad.state) == ("processing", "quotation")
    assert history(bad)[-1] == ("confirm", "refused", False)
    told = Model.get("res.notification").find([], limit=1, order=[("id", "DESC")])
    assert bad.number in told[0].label


# ---- Ways past the buttons


@pytest.mark.parametrize("trainer", [PASSES, SUSPENDED])
@pytest.mark.parametrize("state", ["confirmed", "processing", "done"])
def test_a_state_that_is_written_is_refused(tryton: Any, state: str, trainer: str) -> None:
    purchase = quoted(trainer)

    with pytest.raises(NotYours):
        proxy(tryton).write([purchase.id], {"state": state}, {})

    purchase.reload()
    assert purchase.state == "quotation"


def test_an_order_that_is_made_or_copied_as_confirmed_is_refused(tryton: Any) -> None:
    purchase = order(PASSES)

    with pytest.raises(Exception, match=r"cannot add lines|buttons"):
        proxy(tryton).copy([purchase.id], {"state": "confirmed"}, {})


def test_a_copy_has_no_history_and_is_asked_about_anew() -> None:
    purchase = quoted(PASSES)

    (copied,) = Model.get("purchase.purchase").duplicate([purchase])

    assert [each.value for each in copied.lines[0].certification_trainers] == [PASSES]
    assert history(copied) == []
    assert copied.certification_state == "unchecked"


def test_a_line_is_not_moved_behind_the_gate(tryton: Any) -> None:
    behind, bad = quoted(PASSES), order(SUSPENDED)
    behind.click("confirm")

    with pytest.raises(NotYours):
        tryton.get_proxy("purchase.line").write([bad.lines[0].id], {"purchase": behind.id}, {})


def test_a_trainer_who_is_replaced_in_an_open_order_is_asked_about(tryton: Any) -> None:
    purchase = quoted(PASSES)
    purchase.click("confirm")
    trainer = purchase.lines[0].certification_trainers[0]

    tryton.get_proxy("purchase.line.trainer").write([trainer.id], {"value": SUSPENDED}, {})

    assert history(purchase)[-2:] == [("changed", None, False), ("asked", "refused", False)]
    assert purchase.certification_state == "lapsed"


def test_a_changed_family_name_is_another_question(tryton: Any) -> None:
    purchase = quoted(PASSES)
    purchase.click("certification_check")
    trainer = purchase.lines[0].certification_trainers[0]

    tryton.get_proxy("purchase.line.trainer").write([trainer.id], {"family_name": "Nobody"}, {})

    purchase.reload()
    assert purchase.certification_state == "unchecked"
    with pytest.raises(NotCertified):
        purchase.click("confirm")
    assert all(
        "nobody" not in (check.shown + check.messages).casefold() for check in answered(purchase)
    )


def test_no_invoice_is_drawn_for_an_order_that_lapsed(tryton: Any) -> None:
    purchase = quoted(PASSES)
    purchase.click("confirm")
    trainer = purchase.lines[0].certification_trainers[0]
    tryton.get_proxy("purchase.line.trainer").write([trainer.id], {"value": SUSPENDED}, {})

    purchase.click("manual_invoice")
    assert not purchase.invoices

    tryton.get_proxy("purchase.line.trainer").write([trainer.id], {"value": PASSES}, {})
    purchase.click("manual_invoice")
    assert len(purchase.invoices) == 1


def test_no_invoice_is_drawn_for_a_supplier_who_is_another_provider_by_now() -> None:
    supplier = Model.get("party.party")(name="Lanternfold again (fictional)")
    supplier.addresses.new()
    supplier.certification_identifiers.new(scheme="certificate", value="SAMPLE-0001")
    supplier.save()
    purchase = quoted(PASSES, supplier=supplier)
    purchase.click("confirm")
    supplier.certification_identifiers[0].value = "SAMPLE-0002"
    supplier.save()

    purchase.click("manual_invoice")

    assert not purchase.invoices


def test_history_is_neither_made_edited_nor_deleted_by_hand(tryton: Any) -> None:
    purchase = quoted(SUSPENDED)
    check = purchase.certification_checks[0]
    checks = tryton.get_proxy("purchase.certification.check")

    with pytest.raises(NotYours):
        checks.write([check.id], {"goes_ahead": True}, {})
    with pytest.raises(NotYours):
        checks.delete([check.id], {})
    with pytest.raises(NotYours):
        checks.copy([check.id], {}, {})


def test_an_outage_changes_nothing_of_an_open_order() -> None:
    purchase = quoted(PASSES)
    purchase.click("confirm")
    before = history(purchase)
    ask(ADDRESS, "tvt_live_a_b")

    with pytest.raises(NotCertified, match="stands as it did"):
        purchase.click("certification_check")

    assert history(purchase) == before
    assert purchase.certification_state == "clear"


# ---- Finding


@pytest.mark.parametrize("operator", ["=", "!=", "in", "not in"])
def test_every_order_is_found_by_where_it_stands(operator: str) -> None:
    bad, good, new, chairs = (
        quoted(SUSPENDED),
        quoted(PASSES),
        order(PASSES),
        order(product="Chairs"),
    )
    states = {bad.id: "held", good.id: "clear", new.id: "unchecked", chairs.id: None}

    for wanted in ("held", "clear", "unchecked", "lapsed", None):
        value = [wanted] if "in" in operator else wanted
        clauses = [("certification_state", operator, value), ("id", "in", list(states))]
        found = {each.id for each in Model.get("purchase.purchase").find(clauses)}
        same = {each for each, state in states.items() if state == wanted}
        assert found == (same if operator in ("=", "in") else set(states) - same)


def proxy(tryton: Any) -> Any:
    """Return purchases as a client calls them."""
    return tryton.get_proxy("purchase.purchase")


def answered(purchase: Any) -> list[Any]:
    """Return the entries of an order's history that are answers."""
    purchase.reload()
    return [check for check in purchase.certification_checks if check.outcome]
