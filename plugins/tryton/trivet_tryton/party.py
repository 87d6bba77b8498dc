"""By what a provider, or another organisation that delivers, is known to the register."""

from typing import Any

from trytond.model import ModelSQL, ModelView, Unique, fields
from trytond.pool import PoolMeta

SCHEMES = [
    ("certificate", "Certificate"),
    ("register", "Register"),
    ("ods", "ODS Code"),
    ("companies-house", "Companies House Number"),
    ("ukprn", "UKPRN"),
    ("charity", "Charity Number"),
    ("name", "Name"),
]


class Party(metaclass=PoolMeta):
    """A party that may be a provider, or deliver training."""

    __name__ = "party.party"

    certification_identifiers = fields.One2Many(
        "party.certification.identifier",
        "party",
        "Certification Identifiers",
        help="All of them have to agree on one provider. A name alone never passes.",
    )

    def certification_provider(self) -> list[tuple[str, str]]:
        """Return the identifiers that have to agree on the provider."""
        return [(each.scheme, each.value) for each in self.certification_identifiers]

    def certification_delivers(self) -> tuple[str, str]:
        """Return the one identifier that this organisation is asked about with where it delivers for another.

        The strongest it has, in the order of the schemes; its name where it has none, for with nothing the question
        would be about the provider's own delivery.
        """
        order = [scheme for scheme, _ in SCHEMES]
        known = sorted(self.certification_provider(), key=lambda each: order.index(each[0]))
        return known[0] if known else ("name", self.name or self.rec_name)


class CertificationIdentifier(ModelSQL, ModelView):
    """One identifier of a party, of those that the register may bear."""

    __name__ = "party.certification.identifier"

    party = fields.Many2One("party.party", "Party", required=True, ondelete="CASCADE")
    scheme = fields.Selection(SCHEMES, "Scheme", required=True, sort=False)
    value = fields.Char("Identifier", required=True, strip=True)

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints += [
            (
                "one_of_a_scheme",
                Unique(table, table.party, table.scheme),
                "trivet.msg_one_of_a_scheme",
            )
        ]
        cls.__access__.add("party")

    def get_rec_name(self, _name: Any) -> str:
        """Return it as `scheme:value`."""
        return f"{self.scheme}:{self.value}"

    @classmethod
    def search_rec_name(cls, _name: str, clause: Any) -> list[Any]:
        """Search by the value."""
        return [("value", *clause[1:])]
