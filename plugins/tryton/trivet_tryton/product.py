"""Which products are training that has to be certified."""

from typing import Any

from trytond.model import fields
from trytond.pool import PoolMeta
from trytond.pyson import Bool, Eval

PROGRAMME_SCHEMES = [(None, ""), ("register", "Register"), ("title", "Title")]


class Template(metaclass=PoolMeta):
    """A product that names a programme, or says that one has to be named, is held to certification."""

    __name__ = "product.template"

    certification_required = fields.Boolean(
        "Certification Required",
        help="Check for training that has to be certified where the programme is only known with "
        "the order. A product that names a programme is held to certification anyway.",
    )
    certification_programme_scheme = fields.Selection(
        PROGRAMME_SCHEMES,
        "Programme Scheme",
        states={"required": Bool(Eval("certification_programme"))},
        help="By what the programme is named: its id in the register, or its title.",
    )
    certification_programme = fields.Char(
        "Programme",
        states={"required": Bool(Eval("certification_programme_scheme"))},
        help="The programme that the product is. Then it is the programme of every order for it.",
    )


class Product(metaclass=PoolMeta):
    """Has what its template says."""

    __name__ = "product.product"

    @property
    def certification_bound(self) -> bool:
        """Whether orders for it wait until their training is certified."""
        return bool(self.certification_required or self.certification_programme)

    def certification_named(self) -> Any:
        """Return the programme as it is asked about; None where the product names none."""
        if not self.certification_programme:
            return None
        return self.certification_programme_scheme, self.certification_programme
