"""Where orders wait: the buttons, and every way past them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from trytond.i18n import gettext
from trytond.model import ModelView
from trytond.pool import Pool, PoolMeta

from trivet_tryton.asking import Asked
from trivet_tryton.exceptions import NotCertified, NotCertifiedYet, NotYours
from trivet_tryton.purchase import BEHIND
from trivet_tryton.words import told


class Purchase(metaclass=PoolMeta):
    """An order with a line that is bound waits until each of these is certified, or a person decided otherwise."""

    __name__ = "purchase.purchase"

    @classmethod
    @ModelView.button
    def quote(cls, purchases: list[Any]) -> Any:
        """Quote; warn first where training is not known to be certified."""
        asked = Asked(purchase for purchase in purchases if purchase.state == "draft")
        if asked.held:
            _warn(asked)
        Pool().get("purchase.certification.check").keep(asked.entries("quote"))
        return super().quote(purchases)

    @classmethod
    @ModelView.button
    def confirm(cls, purchases: list[Any]) -> Any:
        """Confirm the orders that may go ahead, each by its own lines; the others wait as they are.

        Raises:
            NotCertified: all that were to be confirmed wait.
        """
        Check = Pool().get("purchase.certification.check")
        asked = Asked(purchase for purchase in purchases if purchase.state == "quotation")
        entries, held = asked.entries("confirm"), asked.held
        ahead = [purchase for purchase in purchases if purchase not in held]
        if held and not ahead:
            Check.keep_apart(entries)
            raise NotCertified(gettext("trivet.msg_held", purchases=_named(held)), asked.words)
        Check.keep(entries)
        if held:
            said = gettext("trivet.msg_held", purchases=_named(held))
            cls.notify_user(held, "tryton-warning", said)
        result = super().confirm(ahead)
        relying = [purchase for purchase in asked.purchases if purchase not in held]
        if relying:
            cls.__queue__.certification_watch(relying)
        return result

    @classmethod
    @ModelView.button
    def process(cls, purchases: list[Any]) -> Any:
        """Process what may go ahead. A confirmed order that lapsed, or was changed, stays confirmed.

        Raises:
            NotCertified: all of them wait.
        """
        held = [
            each for each in purchases if each.state == "confirmed" and not each.certification_clear
        ]
        if held and len(held) == len(purchases):
            lines = [line for purchase in held for line in purchase.certification_lines]
            raise NotCertified(
                gettext("trivet.msg_held", purchases=_named(held)),
                told((line, line.certification_words) for line in lines),
            )
        return super().process([purchase for purchase in purchases if purchase not in held])

    @classmethod
    def _process_invoice(cls, purchases: list[Any]) -> Any:
        """Draw no further invoice for an order that lapsed; what was received and paid goes on being followed."""
        return super()._process_invoice([each for each in purchases if each.certification_clear])

    @classmethod
    def check_modification(
        cls, mode: str, purchases: Any, values: Any = None, external: bool = False
    ) -> None:
        """Refuse states behind the gate to what did not come through it, and note changes of what was asked about."""
        super().check_modification(mode, purchases, values=values, external=external)
        values = values or {}
        if mode == "create":
            _refuse([each for each in purchases if each.state in BEHIND], external=external)
        elif mode == "write" and values.get("state") in BEHIND:
            entering = [each for each in purchases if external or _enters(each)]
            _refuse(entering, external=external)
        if mode == "write" and {"party", "delivery_date"} & set(values):
            lines = [line for purchase in purchases for line in purchase.certification_lines]
            Pool().get("purchase.line").certification_changed(lines)


def _enters(purchase: Any) -> bool:
    """Tell whether an order has not come through yet: what is processed and then done has."""
    return purchase.state not in ("processing", "done")


def _refuse(purchases: Iterable[Any], *, external: bool) -> None:
    """Refuse orders with bound lines: from outside always, and from within where they may not go ahead."""
    for purchase in purchases:
        if purchase.certification_lines and (external or not purchase.certification_clear):
            raise NotYours(gettext("trivet.msg_state", purchase=purchase.rec_name))


def _warn(asked: Asked) -> None:
    """Warn of what holds orders up, unless the person has just passed over the very same warning."""
    pool = Pool()
    Warning_ = pool.get("res.user.warning")
    said = asked.words
    same = hashlib.sha256(said.encode()).hexdigest()[:16]
    name = Warning_.format(f"certification.{same}", asked.held)
    if Warning_.check(name):
        pool.get("purchase.certification.check").keep_apart(asked.entries("quote"))
        raise NotCertifiedYet(
            name, gettext("trivet.msg_not_yet", purchases=_named(asked.held)), said
        )


def _named(purchases: Iterable[Any]) -> str:
    return ", ".join(purchase.rec_name for purchase in purchases)
