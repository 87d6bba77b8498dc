"""What people decide: who may, that it covers what they saw and nothing more, and that it stays."""

import datetime as dt
from typing import Any

import pytest
from orders import ADDRESS, PASSES, SUSPENDED, acting, ask, history, of, quoted
from proteus import Wizard
from trytond.model.exceptions import AccessError
from trytond.model.modelview import AccessButtonError
from trytond.pool import Pool
from trytond.transaction import Transaction

from beside import Trivet
from trivet_tryton.exceptions import NotCertified, NothingDecided, NotYours

WHY = "The letter that reinstates the trainer was seen on paper."


@pytest.fixture(autouse=True)
def _asking(tryton: Any, service: Trivet) -> None:
    ask(service.url, service.key)


def override(purchase: Any, reason: str = WHY) -> None:
    """Let an order go ahead, as who may."""
    wizard = Wizard("purchase.certification.override", [purchase])
    wizard.form.reason = reason
    wizard.execute("decide")


def test_a_member_of_the_group_lets_an_order_go_ahead_and_says_why() -> None:
    purchase = quoted(SUSPENDED)

    with acting("lead"):
        override(purchase)
    with acting("buyer"):
        purchase.click("confirm")

    assert purchase.state == "processing"
    assert history(purchase)[-2:] == [("decided", "refused", True), ("confirm", "refused", True)]
    (decision,) = purchase.certification_decisions
    assert (decision.kind, decision.reason, decision.user.login) == ("override", WHY, "lead")
    assert decision.verifications.startswith("ver_")
    assert "Trainer (authorisation:AUTH-04)" in decision.seen
    assert "Lead decided on" in purchase.certification_checks[0].words


def test_nobody_else_can(tryton: Any) -> None:
    purchase = quoted(SUSPENDED)

    with acting("buyer"):
        with pytest.raises(AccessError):
            override(purchase)
        with pytest.raises(AccessButtonError):
            purchase.click("certification_override")
        made_up = {
            "purchase": purchase.id,
            "kind": "override",
            "reason": WHY,
            "user": of("res.user", login="buyer").id,
            "at": dt.datetime(2026, 3, 12, 9, 30),  # noqa: DTZ001  # as Tryton has instants
            "seen": "Nothing.",
            "document": "{}",
        }
        with pytest.raises(NotYours):
            tryton.get_proxy("purchase.certification.decision").create([made_up], {})
    assert history(purchase) == [("quote", "refused", False)]


def test_the_server_asks_who_decides_whatever_led_there(tryton: Any) -> None:
    purchase = quoted(SUSPENDED)
    check, buyer = purchase.certification_checks[0].id, of("res.user", login="buyer").id
    pool = Pool(tryton.database_name)
    decide = pool.get("purchase.certification.decision").decide

    for user in (buyer, 0):
        with Transaction().start(tryton.database_name, user):
            entry = pool.get("purchase.certification.check")(check)
            with pytest.raises(NotYours, match="members of the group"):
                decide(entry.line.purchase, "override", WHY, [entry])


def test_a_reason_that_says_nothing_is_refused() -> None:
    purchase = quoted(SUSPENDED)

    with acting("lead"), pytest.raises(NothingDecided, match="Give a reason"):
        override(purchase, "xxxxxxxxxxxxxxxx")


def test_an_override_covers_the_trainer_who_was_seen_and_no_other(tryton: Any) -> None:
    purchase = quoted(SUSPENDED)
    with acting("lead"):
        override(purchase)
    trainer = purchase.lines[0].certification_trainers[0]

    tryton.get_proxy("purchase.line.trainer").write([trainer.id], {"value": "AUTH-05"}, {})

    purchase.reload()
    with pytest.raises(NotCertified, match="AUTH-05"):
        purchase.click("confirm")


def test_who_passed_over_an_outage_has_not_decided_about_a_fail(service: Trivet) -> None:
    ask(ADDRESS, "tvt_live_a_b")
    purchase = quoted(SUSPENDED)
    with acting("lead"):
        override(purchase)
    ask(service.url, service.key)

    with pytest.raises(NotCertified):
        purchase.click("confirm")


def test_what_has_changed_since_it_was_seen_is_looked_at_again() -> None:
    purchase = quoted(SUSPENDED)
    with acting("lead"):
        wizard = Wizard("purchase.certification.override", [purchase])
        wizard.form.reason = WHY
        purchase.click("certification_check")
        with pytest.raises(NothingDecided, match="look again"):
            wizard.execute("decide")


def test_where_nothing_is_held_up_there_is_nothing_to_decide() -> None:
    purchase = quoted(PASSES)

    with acting("lead"), pytest.raises(NothingDecided, match="Nothing here"):
        Wizard("purchase.certification.override", [purchase])


def test_a_decision_is_neither_edited_nor_deleted_and_keeps_its_order(tryton: Any) -> None:
    purchase = quoted(SUSPENDED)
    with acting("lead"):
        override(purchase)
        purchase.reload()
        (decision,) = purchase.certification_decisions
        decisions = tryton.get_proxy("purchase.certification.decision")
        with pytest.raises(AccessError):
            decisions.write([decision.id], {"reason": "Another one."}, {})
        with pytest.raises(AccessError):
            decisions.delete([decision.id], {})
        with pytest.raises(AccessError):
            decisions.copy([decision.id], {}, {})
    purchase.click("cancel")
    with pytest.raises(Exception, match=r"Certification|certification|edited or deleted"):
        tryton.get_proxy("purchase.purchase").delete([purchase.id], {})


@pytest.mark.parametrize(
    ("conclusion", "state"), [("upheld", "quotation"), ("reversed", "processing")]
)
def test_a_block_that_concerns_a_trainer_is_looked_at_again(conclusion: str, state: str) -> None:
    purchase = quoted(SUSPENDED)

    with acting("lead"):
        wizard = Wizard("purchase.certification.review", [purchase])
        assert "AUTH-04" in wizard.form.held
        wizard.form.conclusion = conclusion
        wizard.form.reason = WHY
        wizard.execute("decide")

    (decision,) = purchase.certification_decisions
    assert (decision.kind, decision.reason) == (conclusion, WHY)
    if conclusion == "upheld":
        with pytest.raises(NotCertified):
            purchase.click("confirm")
    else:
        purchase.click("confirm")
    purchase.reload()
    assert purchase.state == state


def test_a_block_that_concerns_no_trainer_has_no_review() -> None:
    purchase = quoted()

    with acting("lead"), pytest.raises(NothingDecided):
        Wizard("purchase.certification.review", [purchase])
