"""What people see of an order: where it stands, why, and what was decided about it."""

from typing import Any

from trytond.model import ModelView, fields
from trytond.pool import Pool, PoolMeta
from trytond.pyson import Eval

from trivet_tryton.searching import among
from trivet_tryton.words import told

BEHIND = ("confirmed", "processing", "done")
"""The states behind the gate."""

OPEN = ("confirmed", "processing")
"""The states in which an order relies on what was answered."""

_STATES = [
    (None, ""),
    ("unchecked", "Not checked yet"),
    ("clear", "May go ahead"),
    ("held", "Blocked"),
    ("lapsed", "Lapsed"),
]
_WHERE_HELD = {
    "invisible": ~Eval("certification_state").in_(["held", "lapsed"]),
    "depends": ["certification_state"],
}


class Purchase(metaclass=PoolMeta):
    """An order stands as its line does that stands worst."""

    __name__ = "purchase.purchase"

    certification_state = fields.Function(
        fields.Selection(
            _STATES,
            "Certification",
            sort=False,
            help="Blocked: not certified, or not known to be. Lapsed: the same of an order that was confirmed.",
        ),
        "get_certification_state",
        searcher="search_certification_state",
    )
    certification_words = fields.Function(fields.Text("What It Means"), "get_certification_words")
    certification_checks = fields.Function(
        fields.Many2Many("purchase.certification.check", None, None, "Certification History"),
        "get_certification_checks",
    )
    certification_decisions = fields.One2Many(
        "purchase.certification.decision", "purchase", "Decisions of People", readonly=True
    )

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls._buttons.update(
            certification_check={
                "invisible": ~Eval("certification_state"),
                "depends": ["certification_state"],
            },
            certification_override=dict(_WHERE_HELD),
            certification_review=dict(_WHERE_HELD),
        )

    @property
    def certification_lines(self) -> list[Any]:
        """The lines that are bound."""
        return [line for line in self.lines if line.certification_bound]

    @property
    def certification_open(self) -> bool:
        """Whether the order relies on what was answered."""
        return self.state in OPEN

    @property
    def certification_clear(self) -> bool:
        """Whether the last entry of each bound line lets it go ahead as it is now."""
        lines = self.certification_lines
        latest = Pool().get("purchase.certification.check").latest(line.id for line in lines)
        return all(line.certification_clear(latest.get(line.id)) for line in lines)

    def get_certification_state(self, _name: str) -> str | None:
        """Return where the order stands; None where no line is bound."""
        states = {line.certification_state for line in self.lines}
        if "held" in states:
            return "lapsed" if self.state in BEHIND else "held"
        return next((each for each in ("unchecked", "clear") if each in states), None)

    @classmethod
    def search_certification_state(cls, _name: str, clause: Any) -> list[Any]:
        """Search by where orders stand: `=`, `!=`, `in` and `not in`."""
        return among(cls, clause, _standing)

    def get_certification_words(self, _name: str) -> str:
        """Return each bound line with what people read of it."""
        return told((line, line.certification_words) for line in self.certification_lines)

    def get_certification_checks(self, _name: str) -> list[int]:
        """Return the history of all lines, the newest entry first."""
        each = (check.id for line in self.lines for check in line.certification_checks)
        return sorted(each, reverse=True)

    @classmethod
    @ModelView.button_action("trivet.wizard_override")
    def certification_override(cls, purchases: list[Any]) -> None:
        """Let a person decide otherwise."""

    @classmethod
    @ModelView.button_action("trivet.wizard_review")
    def certification_review(cls, purchases: list[Any]) -> None:
        """Let a person look again at what was held up on account of a trainer."""

    @classmethod
    def copy(cls, purchases: Any, default: Any = None) -> Any:
        """Copy orders without what was decided about them: it is about others."""
        default = dict(default or {})
        default.setdefault("certification_decisions", None)
        return super().copy(purchases, default=default)


def _standing(state: str | None) -> list[Any]:
    """Return the domain of the orders that stand so."""
    held, unchecked, bound = _with("held"), _with("unchecked"), _with("held", "unchecked", "clear")
    return {
        None: [("id", "not in", bound)],
        "held": [("state", "not in", BEHIND), ("id", "in", held)],
        "lapsed": [("state", "in", BEHIND), ("id", "in", held)],
        "unchecked": [("id", "in", unchecked), ("id", "not in", held)],
        "clear": [("id", "in", bound), ("id", "not in", held), ("id", "not in", unchecked)],
    }[state]


def _with(*states: str) -> Any:
    """Return a query for the orders that have a line standing so."""
    found = [("lines", "where", [("certification_state", "in", list(states))])]
    return Pool().get("purchase.purchase").search(found, query=True, order=[])
