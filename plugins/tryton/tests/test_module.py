"""What Tryton itself asks of every module: its views, fields, rights, buttons and what it depends on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from proteus import Model
from trytond.tests import test_tryton


@pytest.mark.usefixtures("tryton")
class TestModule(test_tryton.ModuleTestCase):
    module = "trivet"

    @classmethod
    def setUpClass(cls) -> None:
        """Do without a database of its own: the one in which this worker orders has the module too."""

    @classmethod
    def tearDownClass(cls) -> None:
        """Leave the database to the other tests."""

    @contextmanager
    def subTest(self, msg: object = None, **params: object) -> Iterator[None]:
        """Stop at the first that fails, and say which: a report of each of ten thousand takes longer than they do."""
        try:
            yield
        except AssertionError as error:
            error.add_note(f"{msg or ''} {params}")
            raise

    @pytest.fixture(autouse=True)
    def _member(self, tryton: Any) -> None:
        """Let the administrator, as whom Tryton's tests act, open the wizards."""
        user = Model.get("res.user", config=tryton)(1)
        if "Certification Override" not in [group.name for group in user.groups]:
            user.groups.extend(
                Model.get("res.group").find([("name", "=", "Certification Override")])
            )
            user.save()
