"""Searching by a state that is reckoned."""

from collections.abc import Callable
from typing import Any


def among(model: Any, clause: Any, standing: Callable[[str | None], list[Any]]) -> list[Any]:
    """Return the domain of a clause about a state: `=`, `!=`, `in` or `not in`.

    Args:
        model: whose records are searched.
        clause: name, operator and value.
        standing: gives the domain of the records of one state.
    """
    _, operator, value = clause[:3]
    wanted = list(value) if operator in ("in", "not in") else [value]
    found = ["OR", *(standing(each) for each in wanted)]
    if operator in ("=", "in"):
        return found
    return [("id", "not in", model.search(found, query=True, order=[]))]
