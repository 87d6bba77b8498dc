"""What is done without anybody asking."""

from trytond.pool import PoolMeta


class Cron(metaclass=PoolMeta):
    """Knows the jobs of certification."""

    __name__ = "ir.cron"

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls.method.selection += [
            ("purchase.purchase|certification_nightly", "Ask about Open Orders for Training"),
            ("purchase.certification.cursor|read_events", "Read News of Certifications"),
        ]
