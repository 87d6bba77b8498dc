"""Orders for training of the sample register, in a Tryton of each worker's own. All of it is fictional."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from proteus import Model, Wizard
from proteus.config import set_trytond
from trytond import config as conf
from trytond.modules.account.tests.tools import create_chart, get_accounts
from trytond.modules.company.tests.tools import create_company
from trytond.tests import test_tryton
from trytond.tests.tools import activate_modules, set_user

BASE = ["purchase", "purchase_request_quotation", "purchase_requisition"]
DAY = dt.date(2031, 3, 12)
PASSES, SUSPENDED = "AUTH-01", "AUTH-04"
PASSWORD = "a passphrase for tests alone"
ADDRESS = "http://127.0.0.1:9"
"""An address at which nobody listens."""


def certification(config: Any = None) -> None:
    """Make the parties, products and users that the tests order with."""
    accounts = get_accounts(config=config)
    made = _Maker(config)
    category = made("product.category", name="Training", accounting=True)
    category.account_expense = accounts["expense"]
    category.save()
    for name, programme in (
        ("Foundation", "lf-foundation"),
        ("Any programme", None),
        ("Chairs", None),
    ):
        made_product(made, category, name, programme)
    supplier = made("party.party", name="Lanternfold (fictional)")
    supplier.addresses.new()
    supplier.certification_identifiers.new(scheme="certificate", value="SAMPLE-0001")
    supplier.save()
    trust = made("party.party", name="Northvale (fictional)")
    trust.addresses.new()
    trust.certification_identifiers.new(scheme="certificate", value="SAMPLE-0002")
    trust.save()
    affiliate = made("party.party", name="Mossgate (fictional)")
    affiliate.certification_identifiers.new(scheme="ods", value="ZZ9M1")
    affiliate.save()
    for login, group in (
        ("buyer", "Purchase"),
        ("lead", "Purchase"),
        ("lead", "Certification Override"),
    ):
        _member(made, login, group)


def made_product(made: "_Maker", category: Any, name: str, programme: str | None) -> None:
    """Make a service that may be bought; with a programme, or with none known yet."""
    (unit,) = made.find("product.uom", name="Unit")
    template = made(
        "product.template", name=name, default_uom=unit, type="service", purchasable=True
    )
    template.account_category = category
    if programme:
        template.certification_programme_scheme = "register"
        template.certification_programme = programme
    template.certification_required = name == "Any programme"
    template.save()


class _Maker:
    def __init__(self, config: Any) -> None:
        self.config = config

    def __call__(self, model: str, **values: Any) -> Any:
        return Model.get(model, config=self.config)(**values)

    def find(self, model: str, **values: Any) -> Any:
        clauses = [(name, "=", value) for name, value in values.items()]
        return Model.get(model, config=self.config).find(clauses)


def _member(made: _Maker, login: str, group: str) -> None:
    found = made.find("res.user", login=login)
    user = found[0] if found else made("res.user", name=login.title(), login=login)
    user.password = PASSWORD
    (admin,) = made.find("res.user", login="admin")
    user.companies.extend(made.find("company.company") if not found else [])
    user.company = admin.company
    user.groups.extend(made.find("res.group", name=group))
    user.save()


def tryton(digest: str) -> Any:
    """Return a configuration of proteus for a Tryton with what the tests order with; by `digest` it is known again."""
    if test_tryton.restore_db_cache(digest):
        return set_trytond()
    activate_modules(BASE, create_company, create_chart)
    return with_trivet(set_trytond(), digest)


def with_trivet(config: Any, digest: str) -> Any:
    """Activate the module in a Tryton with a company and accounts, and make what the tests order with."""
    module = Model.get("ir.module", config=config)
    module.click(module.find([("name", "=", "trivet")]), "activate")
    Wizard("ir.module.activate_upgrade", config=config).execute("upgrade")
    set_user(1)
    certification(config)
    if digest:
        test_tryton.backup_db_cache(digest)
    return config


def of(model: str, **values: Any) -> Any:
    """Return the one record with these values."""
    clauses = [(name, "=", value) for name, value in values.items()]
    (found,) = Model.get(model).find(clauses)
    return found


def order(
    *trainers: str,
    product: str = "Foundation",
    day: dt.date | None = DAY,
    supplier: Any = None,
    **line: Any,
) -> Any:
    """Return a saved draft order for a product, with trainers by their authorisations."""
    supplier = supplier or of("party.party", name="Lanternfold (fictional)")
    purchase = Model.get("purchase.purchase")(party=supplier, invoice_method="manual")
    purchase.delivery_date = day
    added = purchase.lines.new()
    added.product = of("product.product", name=product)
    added.quantity, added.unit_price = 1, Decimal(500)
    for name, value in line.items():
        setattr(added, name, value)
    for trainer in trainers:
        added.certification_trainers.new(scheme="authorisation", value=trainer)
    purchase.save()
    return purchase


def quoted(*trainers: str, **more: Any) -> Any:
    """Return a quoted order, whatever the warning said."""
    purchase = order(*trainers, **more)
    passing_warnings(purchase, "quote")
    return purchase


def passing_warnings(purchase: Any, button: str) -> None:
    """Click a button as somebody who passes over each warning."""
    config = purchase._config
    config.skip_warning = True
    try:
        purchase.click(button)
    finally:
        config.skip_warning = False


def history(purchase: Any) -> list[tuple[str, str | None, bool]]:
    """Return what is kept of an order's lines, the oldest first: occasion, outcome, and whether it goes ahead."""
    purchase.reload()
    each = reversed(purchase.certification_checks)
    return [(check.occasion, check.outcome, check.goes_ahead) for check in each]


@contextmanager
def acting(login: str) -> Iterator[None]:
    """Act as a user, and as the administrator afterwards."""
    set_user(of("res.user", login=login).id)
    try:
        yield
    finally:
        set_user(1)


def ask(url: str, key: str = "", **more: str) -> None:
    """Set Tryton up to ask a service."""
    if not conf.has_section("trivet"):
        conf.add_section("trivet")
    for name, value in {"url": url, "api_key": key, "time_limit": "20", **more}.items():
        conf.set("trivet", name, value)
