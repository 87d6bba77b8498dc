"""Asks a trivet service, and decides for a gate whether its answer is permission."""

__version__ = "0.1.0"
