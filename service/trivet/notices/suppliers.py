"""Whom a notice names as supplier, and by which identifiers the register can be asked about them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from trivet.notices.reading import Release


@dataclass(frozen=True)
class _Scheme:
    """A scheme of org-id.guide that can be asked about: its name here, the form of its values, what they begin with."""

    ours: str
    form: str
    begins: str = ""


SCHEMES: Mapping[str, _Scheme] = MappingProxyType(
    {
        "GB-COH": _Scheme(
            "companies-house", r"[0-9]{1,8}|[A-Z]{2}[0-9]{1,6}|[A-Z]{2}[0-9]{5}[A-Z]|R[0-9]{7}"
        ),
        "GB-NHS": _Scheme("ods", r"[A-Z0-9]{2,12}"),
        "GB-UKPRN": _Scheme("ukprn", r"[0-9]{8}"),
        "GB-CHC": _Scheme("charity", r"[0-9]{6,7}(-[0-9]{1,3})?"),
        "GB-SC": _Scheme("charity", r"SC0?[0-9]{5,6}", "SC"),
        "GB-NIC": _Scheme("charity", r"NIC[0-9]{5,6}", "NIC"),
    }
)
"""The identifiers that may be borne on the register. GB-PPON, GB-SRS, GB-CFS, VAT numbers and the like are not among
them: they say nothing that the register knows."""


@dataclass(frozen=True)
class Supplier:
    """A supplier of an award."""

    name: str
    identifiers: tuple[str, ...] = ()
    """As `scheme:value`, in the schemes of trivet: what can be asked about."""
    others: tuple[str, ...] = ()
    """What identifies it elsewhere only, or is not in the form of its scheme."""


def suppliers_of(award: Mapping[str, Any], process: Release) -> Sequence[Supplier]:
    """Return the suppliers of an award, each once: what the award says of one, and what its party says."""
    parties = {party.get("id"): party for party in process.get("parties") or () if party}
    found: dict[object, Supplier] = {}
    for number, said in enumerate(award.get("suppliers") or ()):
        if said:
            party = parties.get(said.get("id")) or {}
            found.setdefault(said.get("id") or number, _supplier(said, party))
    return list(found.values())


def _supplier(said: Mapping[str, Any], party: Mapping[str, Any]) -> Supplier:
    name = party.get("name") or said.get("name") or ""
    asked, others = [], []
    for scheme, value in dict.fromkeys(_identifiers((said, party))):
        known = _known(scheme, value)
        if known:
            asked.append(known)
        else:
            others.append(f"{scheme} {value}"[:100].strip())
    return Supplier(name[:300], tuple(dict.fromkeys(asked)), tuple(others))


def _identifiers(organisations: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for organisation in organisations:
        for each in (
            organisation.get("identifier"),
            *(organisation.get("additionalIdentifiers") or ()),
        ):
            if each and each.get("id"):
                yield (each.get("scheme") or "").upper(), each["id"]


def _known(scheme: str, value: str) -> str | None:
    """Return an identifier as trivet writes it; None for what can't be asked about."""
    known = SCHEMES.get(scheme)
    if not known:
        return None
    bare = re.sub(r"\s", "", value).upper().removeprefix(f"{scheme}-")
    if not bare.startswith(known.begins):
        bare = f"{known.begins}{bare}"
    if not re.fullmatch(known.form, bare, re.ASCII) or not bare.strip("0"):
        return None
    return f"{known.ours}:{bare}"
