"""Ids: a prefix that says of what, and a UUID (RFC 9562)."""

from uuid import uuid4

from uuid_utils import uuid7


def new_id(prefix: str) -> str:
    """Return a new id such as `ver_0198f0c2…`; such ids sort by the time they were made."""
    return f"{prefix}_{uuid7().hex}"


def new_unordered_id(prefix: str) -> str:
    """Return a new id from which nobody can tell how many others were made between it and another."""
    return f"{prefix}_{uuid4().hex}"
