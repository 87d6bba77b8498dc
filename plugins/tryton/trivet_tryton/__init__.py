"""Holds an order for restrictive-practice training in Tryton until provider, programme and trainers are certified."""

from trivet_tryton import routes

__all__ = ["routes"]
__version__ = "0.1.0"
