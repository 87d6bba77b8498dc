"""What a profile says of the guards over its readings."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from trivet.register.guards import Guards
from trivet.register.records import Kind
from trivet.register.sources.errors import Key, Misstated
from trivet.register.sources.tables import SORTS, OnDifference


class GuardKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Guards as a profile states them."""

    min_rows: int | dict[str, int] | None = None
    max_shrink: float | None = None
    required: dict[str, tuple[str, ...]] = {}
    duplicates: Literal["reject", "first", "error"] | None = None
    max_status_change: float | None = None

    @property
    def on_difference(self) -> OnDifference:
        """What becomes of rows that contradict each other, in tables that don't say it themselves."""
        return "first" if self.duplicates == "first" else "reject"


def guards(keys: GuardKeys) -> Guards:
    """Return the guards that a profile states; Misstated if they can't be."""
    return Guards(
        min_rows=dict(_min_rows(keys.min_rows)),
        max_shrink=_fraction("max_shrink", keys.max_shrink),
        required=dict(_required(keys.required)),
        no_duplicates=keys.duplicates == "error",
        max_status_change=_fraction("max_status_change", keys.max_status_change),
    )


def _min_rows(stated: int | Mapping[str, int] | None) -> Iterator[tuple[Kind | None, int]]:
    if isinstance(stated, int):
        yield None, _at_least(stated, ("guards", "min_rows"))
    elif stated is not None:
        for name, least in stated.items():
            key = ("guards", "min_rows", name)
            yield _kind(name, key), _at_least(least, key)


def _at_least(rows: int, key: Key) -> int:
    if rows < 1:
        raise Misstated(key, "should be 1 or more; leave it out if any number will do")
    return rows


def _required(stated: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    for name, fields in stated.items():
        kind = _kind(name, ("guards", "required", name))
        known = [field for field in SORTS[kind] if field != "changed"]
        for field in fields:
            if field not in known:
                raise Misstated(
                    ("guards", "required", name),
                    f"{field!r} is not a field of {name}: {', '.join(known)}",
                )
        yield kind, fields


def _kind(name: str, key: Key) -> Kind:
    if name not in set(Kind):
        raise Misstated(key, f"is not a kind of record: {', '.join(Kind)}")
    return Kind(name)


def _fraction(name: str, stated: float | None) -> float | None:
    if stated is not None and not 0 <= stated <= 1:
        raise Misstated(("guards", name), "is a fraction, from 0 to 1: 0.2 for a fifth")
    return stated
