"""Who teaches what an order's line is for."""

from typing import Any

from trytond.model import ModelSQL, ModelView, fields
from trytond.pool import Pool
from trytond.pyson import Eval

SCHEMES = [("authorisation", "Authorisation"), ("register", "Register")]
_ASKED_ABOUT = {"line", "scheme", "value", "family_name"}


class Trainer(ModelSQL, ModelView):
    """A trainer by reference. The family name is asked about where it is given, and stands nowhere but here."""

    __name__ = "purchase.line.trainer"
    _rec_name = "value"

    line = fields.Many2One("purchase.line", "Line", required=True, ondelete="CASCADE")
    scheme = fields.Selection(SCHEMES, "Scheme", required=True, sort=False)
    value = fields.Char("Reference", required=True, strip=True)
    family_name = fields.Char(
        "Family Name",
        help="If you have it, it must match. It is asked about, and not kept with the answer.",
    )
    purchase_state = fields.Function(
        fields.Selection("get_purchase_states", "Purchase State"), "on_change_with_purchase_state"
    )

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls.__access__.add("line")
        over = {"readonly": Eval("purchase_state").in_(["done", "cancelled"])}
        for name in ("scheme", "value", "family_name"):
            getattr(cls, name).states = over

    @staticmethod
    def default_scheme() -> str:
        """Return the scheme that trainers show: the number of an authorisation."""
        return "authorisation"

    @classmethod
    def get_purchase_states(cls) -> Any:
        """Return the states of purchases."""
        return Pool().get("purchase.line").get_purchase_states()

    @fields.depends("line", "_parent_line.purchase_state")
    def on_change_with_purchase_state(self, _name: Any = None) -> Any:
        """Return the state of the order."""
        return self.line.purchase_state if self.line else None

    @classmethod
    def check_modification(
        cls, mode: str, trainers: Any, values: Any = None, external: bool = False
    ) -> None:
        """Note that the lines are others than were asked about, before trainers are changed or deleted."""
        super().check_modification(mode, trainers, values=values, external=external)
        if mode in ("create", "delete") or _ASKED_ABOUT & set(values or ()):
            lines = {trainer.line for trainer in trainers}
            Pool().get("purchase.line").certification_changed(list(lines))
