"""Ids that sort by the time they were made: a prefix that says of what, and a UUID version 7 (RFC 9562)."""

from uuid_utils import uuid7


def new_id(prefix: str) -> str:
    """Return a new id such as `ver_0198f0c2…`."""
    return f"{prefix}_{uuid7().hex}"
