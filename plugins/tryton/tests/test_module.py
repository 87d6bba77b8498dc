"""What Tryton itself asks of every module: its views, fields, rights, buttons and what it depends on."""

from trytond.tests import test_tryton


class TestModule(test_tryton.ModuleTestCase):
    module = "trivet"
