"""What a requisition says of training, carried on to the lines of the orders that are made of it."""

from typing import Any

from trytond.model import fields
from trytond.pool import Pool, PoolMeta
from trytond.pyson import Bool, Eval

from trivet_tryton.product import PROGRAMME_SCHEMES

_STATES = {"readonly": Eval("purchase_requisition_state") != "draft"}


class RequisitionLine(metaclass=PoolMeta):
    """A line may name the programme that is wanted, where its product names none."""

    __name__ = "purchase.requisition.line"

    certification_programme_scheme = fields.Selection(
        PROGRAMME_SCHEMES,
        "Programme Scheme",
        states=_STATES | {"required": Bool(Eval("certification_programme"))},
    )
    certification_programme = fields.Char(
        "Programme",
        states=_STATES | {"required": Bool(Eval("certification_programme_scheme"))},
        help="Which programme is wanted, where the product names none.",
    )

    @property
    def certification_bound(self) -> bool:
        """Whether it is for training that has to be certified."""
        return bool(
            self.certification_programme or (self.product and self.product.certification_bound)
        )


class CreatePurchase(metaclass=PoolMeta):
    """Keeps requests for other programmes or days apart, and hands both on to the order's line."""

    __name__ = "purchase.request.create_purchase"

    def _group_purchase_line_key(self, request: Any) -> Any:
        key = super()._group_purchase_line_key(request)
        wanted = request.origin
        if not isinstance(wanted, Pool().get("purchase.requisition.line")):
            return key
        if not wanted.certification_bound:
            return key
        day = wanted.requisition.supply_date
        return (
            *key,
            ("certification_programme_scheme", wanted.certification_programme_scheme),
            ("certification_programme", wanted.certification_programme),
            ("delivery_date_edit", bool(day)),
            ("delivery_date_store", day),
        )
