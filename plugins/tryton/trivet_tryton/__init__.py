"""Holds an order for restrictive-practice training in Tryton until provider, programme and trainers are certified."""

__version__ = "0.1.0"
