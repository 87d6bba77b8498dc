"""What may stand in a source profile, by its kind."""

import re
from typing import Any, Literal, get_args

import msgspec

from trivet.register.records import Affiliation, Authorisation, Body, Programme, Provider, VouchedBy
from trivet.register.sources.errors import Key, Misstated
from trivet.register.sources.guarding import GuardKeys
from trivet.register.sources.listings import Paging
from trivet.register.sources.locations import WebKeys
from trivet.register.sources.tables import Ends, TableKeys

SourceKind = Literal["json", "csv", "xlsx", "html"]

_TERM = "P3Y"  # R11


class Keys(WebKeys, frozen=True, kw_only=True):
    """What any profile may state."""

    kind: SourceKind
    location: str
    vouched_by: VouchedBy
    max_age: str
    files: str | None = None
    coverage: dict[str, Any] = msgspec.field(default_factory=dict)
    term: str = _TERM
    permission: str | None = None
    schedule: str | None = None
    publisher: str | None = None
    releases: dict[str, Any] = msgspec.field(default_factory=dict)
    guards: GuardKeys = GuardKeys()


class RecordKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Records that stand in the profile itself."""

    bodies: tuple[Body, ...] = ()
    providers: tuple[Provider, ...] = ()
    programmes: tuple[Programme, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()


class TablesKeys(Keys, frozen=True, kw_only=True):
    """What the profile of a source made of tables may state besides."""

    bodies: tuple[TableKeys, ...] = ()
    providers: tuple[TableKeys, ...] = ()
    programmes: tuple[TableKeys, ...] = ()
    authorisations: tuple[TableKeys, ...] = ()
    affiliations: tuple[TableKeys, ...] = ()
    lookups: dict[str, Any] = msgspec.field(default_factory=dict)
    records: RecordKeys = RecordKeys()
    ends: Ends | None = None
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    null_values: tuple[str, ...] = ()


class CsvKeys(TablesKeys, frozen=True, kw_only=True):
    """What the profile of a csv source may state besides."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","


class HtmlKeys(TablesKeys, frozen=True, kw_only=True):
    """What the profile of an html source may state besides."""

    encoding: str | None = None
    ignore: str | None = None
    paging: Paging | None = None


_SHAPES: dict[str, type[Keys]] = {
    "json": Keys,
    "csv": CsvKeys,
    "xlsx": TablesKeys,
    "html": HtmlKeys,
}


def keys_of(data: dict[str, Any]) -> Keys:
    """Return what a profile's TOML states; Misstated if a key is unknown, missing or of a wrong type."""
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in _SHAPES:
        raise Misstated(("kind",), f"should be one of {', '.join(get_args(SourceKind))}")
    try:
        return msgspec.convert(data, _SHAPES[kind])
    except msgspec.ValidationError as error:
        raise misstated(error) from None


def misstated(error: msgspec.ValidationError, within: Key = ()) -> Misstated:
    """Return the mistake that a failed conversion of what stands under `within` found."""
    reason, _, place = str(error).partition(" - at `")
    key: list[str | int] = list(within)
    for name, position in re.findall(r"\.([^.\[`]+)|\[(\d+)\]", place.removeprefix("key` in `")):
        key.append(name or int(position))
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", reason)
    missing = re.fullmatch(r"Object missing required field `(.+)`", reason)
    if unknown:
        return Misstated((*key, unknown[1]), "is not a key that a profile of this kind has here")
    if missing:
        return Misstated((*key, missing[1]), "is missing")
    return Misstated(key, reason)
