"""A purchase's line as the gate asks about it, and where it stands."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from trytond.i18n import gettext
from trytond.model import fields
from trytond.pool import Pool, PoolMeta
from trytond.pyson import Bool, Eval
from trytond.transaction import Transaction

from trivet_client.gate import Line as GateLine
from trivet_client.gate import Trainer as GateTrainer
from trivet_client.gate import fingerprints
from trivet_tryton.exceptions import NotYours
from trivet_tryton.product import PROGRAMME_SCHEMES
from trivet_tryton.searching import among

_ASKED_ABOUT = {
    "product",
    "delivery_date_edit",
    "delivery_date_store",
    "certification_programme_scheme",
    "certification_programme",
    "certification_delivered_by",
}
_STATES = {
    "invisible": Eval("type") != "line",
    "readonly": Eval("purchase_state").in_(["done", "cancelled"]),
}


class Line(metaclass=PoolMeta):
    """A line is bound to certification by its product, or by a programme of its own."""

    __name__ = "purchase.line"

    certification_programme_scheme = fields.Selection(
        PROGRAMME_SCHEMES,
        "Programme Scheme",
        states=_STATES | {"required": Bool(Eval("certification_programme"))},
    )
    certification_programme = fields.Char(
        "Programme",
        states=_STATES | {"required": Bool(Eval("certification_programme_scheme"))},
        help="Which programme is ordered, where the product names none. One that the product names is asked about.",
    )
    certification_delivered_by = fields.Many2One(
        "party.party",
        "Delivered by",
        states=_STATES,
        ondelete="RESTRICT",
        help="The organisation that delivers, where it is not the supplier: an affiliate, say.",
    )
    certification_trainers = fields.One2Many(
        "purchase.line.trainer", "line", "Trainers", states=_STATES
    )
    certification_checks = fields.One2Many(
        "purchase.certification.check", "line", "Certification History", readonly=True
    )
    certification_bound = fields.Function(
        fields.Boolean("Certification Required"),
        "on_change_with_certification_bound",
        searcher="search_certification_bound",
    )
    certification_state = fields.Function(
        fields.Selection(
            [
                (None, ""),
                ("unchecked", "Not checked yet"),
                ("clear", "May go ahead"),
                ("held", "Held"),
            ],
            "Certification",
            sort=False,
        ),
        "get_certification_state",
        searcher="search_certification_state",
    )
    certification_words = fields.Function(fields.Text("What It Means"), "get_certification_words")

    @fields.depends("type", "product", "certification_programme")
    def on_change_with_certification_bound(self, _name: Any = None) -> bool:
        """Return whether this line waits until its training is certified."""
        if self.type != "line":
            return False
        bound = bool(self.product and self.product.certification_bound)
        return bound or bool(self.certification_programme)

    @classmethod
    def search_certification_bound(cls, _name: str, clause: Any) -> list[Any]:
        """Search the lines that wait, or the others."""
        _, operator, value = clause[:3]
        bound = [
            ("type", "=", "line"),
            [
                "OR",
                ("product.template.certification_required", "=", True),
                ("product.template.certification_programme", "not in", [None, ""]),
                ("certification_programme", "not in", [None, ""]),
            ],
        ]
        if (operator == "=") == bool(value):
            return bound
        return [("id", "not in", cls.search(bound, query=True, order=[]))]

    @classmethod
    def get_certification_state(cls, lines: Iterable[Any], _name: str) -> dict[int, str | None]:
        """Return where lines stand, by their ids; None for those that are not bound."""
        latest = Pool().get("purchase.certification.check").latest(line.id for line in lines)
        return {line.id: _state(line, latest.get(line.id)) for line in lines}

    @classmethod
    def search_certification_state(cls, _name: str, clause: Any) -> list[Any]:
        """Search by where lines stand: `=`, `!=`, `in` and `not in`."""
        return among(cls, clause, _standing)

    @classmethod
    def get_certification_words(cls, lines: Iterable[Any], _name: str) -> dict[int, str]:
        """Return what people read of each line's last entry."""
        latest = Pool().get("purchase.certification.check").latest(line.id for line in lines)
        return {line.id: latest[line.id].words if line.id in latest else "" for line in lines}

    @property
    def certification_key(self) -> str:
        """This line's name in all of this database's account at the service."""
        return f"{Transaction().database.name}/purchase.line,{self.id}"

    @property
    def certification_day(self) -> date | None:
        """The day of delivery that somebody gave, of this line or of the order.

        A day that Tryton reckons from a lead time is nobody's word, and moves as time passes: none is given then.
        """
        if self.delivery_date_edit:
            return self.delivery_date_store
        return self.purchase.delivery_date

    @property
    def certification_line(self) -> GateLine:
        """What is asked about it."""
        product, other = self.product, self.certification_delivered_by
        named = product.certification_named() if product else None
        own = (self.certification_programme_scheme, self.certification_programme)
        elsewhere = other and other != self.purchase.party
        return GateLine(
            key=self.certification_key,
            reference=self.certification_key,
            provider=self.purchase.party.certification_provider(),
            programme=named or (own if self.certification_programme else None),
            trainers=tuple(
                GateTrainer((each.scheme, each.value), each.family_name or None)
                for each in self.certification_trainers
            ),
            delivered_on=self.certification_day,
            delivered_by=other.certification_delivers() if elsewhere else None,
        )

    def certification_clear(self, latest: Any) -> bool:
        """Tell whether the last entry lets this line go ahead, and is about the line as it is now."""
        if not latest or not latest.goes_ahead:
            return False
        return bool(latest.as_shown.fingerprints == fingerprints(self.certification_line))

    @classmethod
    def certification_changed(cls, lines: Iterable[Any]) -> None:
        """Note that lines are others than were asked about; those of open orders are asked about anew."""
        pool = Pool()
        latest = pool.get("purchase.certification.check").latest(line.id for line in lines)
        stale = [line for line in lines if line.id in latest and latest[line.id].outcome]
        if stale:
            pool.get("purchase.certification.check").changed(stale)
            Purchase = pool.get("purchase.purchase")
            opened = {line.purchase for line in stale if line.purchase.certification_open}
            if opened:
                Purchase.__queue__.certification_recheck(list(opened), "asked")

    @classmethod
    def check_modification(
        cls, mode: str, lines: Any, values: Any = None, external: bool = False
    ) -> None:
        """Note changes of what was asked about, and refuse that a line comes to an order behind its gate."""
        super().check_modification(mode, lines, values=values, external=external)
        if mode != "write" or not values:
            return
        if values.get("purchase"):
            _stay_before_the_gate(lines, Pool().get("purchase.purchase")(values["purchase"]))
        if (_ASKED_ABOUT | {"purchase"}) & set(values):
            cls.certification_changed(lines)

    @classmethod
    def copy(cls, lines: Any, default: Any = None) -> Any:
        """Copy lines without their history: it is that of another line."""
        default = dict(default or {})
        default.setdefault("certification_checks", None)
        return super().copy(lines, default=default)


def _stay_before_the_gate(lines: Iterable[Any], purchase: Any) -> None:
    moved = [line for line in lines if line.certification_bound and line.purchase != purchase]
    if moved and purchase.state != "draft":
        raise NotYours(gettext("trivet.msg_line_moved", purchase=purchase.rec_name))


def _state(line: Any, latest: Any) -> str | None:
    if not line.certification_bound:
        return None
    if not latest or not latest.outcome:
        return "unchecked"
    return "clear" if latest.goes_ahead else "held"


def _standing(state: str | None) -> list[Any]:
    """Return the domain of the lines that stand so."""
    if state is None:
        return [("certification_bound", "=", False)]
    Check = Pool().get("purchase.certification.check")
    bound = ("certification_bound", "=", True)
    ahead, held = Check.lines_query(goes_ahead=True), Check.lines_query(goes_ahead=False)
    return {
        "clear": [bound, ("id", "in", ahead)],
        "held": [bound, ("id", "in", held)],
        "unchecked": [bound, ("id", "not in", ahead), ("id", "not in", held)],
    }[state]
