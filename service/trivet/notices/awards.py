"""The awards of a contracting process, and what a notice says of each: where, by what code, in which words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trivet.notices.days import Named, named
from trivet.notices.reading import Release
from trivet.notices.suppliers import Supplier, suppliers_of

LEFT_OUT = frozenset({"cancelled", "unsuccessful"})
"""The statuses of awards under which nothing is bought."""

_TITLE = 300


@dataclass(frozen=True)
class Said:
    """A text of a notice: where it stands, whether as a title, and whether of this award alone."""

    place: str
    text: str
    title: bool
    of_award: bool


@dataclass(frozen=True, kw_only=True)
class Award:
    """An award, with all that its process says of it. Days are those of Europe/London."""

    ocid: str
    release: str
    """The id of the latest release that told of the process."""
    id: str
    title: str
    buyer: str
    status: str
    suppliers: Sequence[Supplier]
    awarded: Named
    ends: Named
    texts: Sequence[Said] = field(repr=False)
    codes: Sequence[tuple[str, str]] = field(repr=False)
    """CPV codes and where they stand."""

    @property
    def key(self) -> str:
        """What names it in a mapping: the ocid and its own id."""
        return f"{self.ocid}/{self.id}"


def awards_of(process: Release) -> Iterator[Award]:
    """Yield the awards of a process, whatever their status."""
    tender = process.get("tender") or {}
    for number, award in enumerate(_each(process, "awards")):
        contracts = [c for c in _each(process, "contracts") if _of_award(c, award, process)]
        lots = _lots(tender, award)
        texts = list(_texts(tender, lots, award, contracts))
        titles = [said.text for said in texts if said.title]
        yield Award(
            ocid=process["ocid"],
            release=process.get("id") or "",
            id=award.get("id") or str(number),
            title=(titles[0] if titles else "")[:_TITLE],
            buyer=(_buyer(process) or "")[:_TITLE],
            status=award.get("status") or "",
            suppliers=suppliers_of(award, process),
            awarded=_awarded(award, contracts),
            ends=_ends(award, contracts),
            texts=texts,
            codes=list(dict.fromkeys(_codes(tender, lots, award, contracts))),
        )


def _each(found: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return [each for each in found.get(name) or () if each]


def _of_award(contract: Mapping[str, Any], award: Mapping[str, Any], process: Release) -> bool:
    """Tell whether a contract is this award's; one that names none is, where there is only one award."""
    named_award = contract.get("awardID")
    if not named_award:
        return len(_each(process, "awards")) == 1
    return bool(named_award == award.get("id"))


def _buyer(process: Release) -> str | None:
    buyer = process.get("buyer") or {}
    parties = {party.get("id"): party.get("name") for party in _each(process, "parties")}
    return buyer.get("name") or parties.get(buyer.get("id"))


def _lots(tender: Mapping[str, Any], award: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the lots that an award says it is of; none if it says none."""
    related = set(award.get("relatedLots") or ())
    return [lot for lot in _each(tender, "lots") if lot.get("id") in related]


def _texts(
    tender: Mapping[str, Any],
    lots: Sequence[Mapping[str, Any]],
    award: Mapping[str, Any],
    contracts: Sequence[Mapping[str, Any]],
) -> Iterator[Said]:
    """Yield what is said, the nearest to the award first. What is said of all lots need not be meant of this one."""
    near = [
        ("award", award),
        *(("contract", c) for c in contracts),
        *(("lot", lot) for lot in lots),
    ]
    for place, found in near:
        yield from _told(place, found, of_award=True)
        yield from _of_items(place, found, None)
    alone = not lots or len(_each(tender, "lots")) == 1
    yield from _told("tender", tender, of_award=alone)
    yield from _of_items("tender", tender, lots)
    if not lots:
        for lot in _each(tender, "lots"):
            yield from _told("lot", lot, of_award=False)


def _told(place: str, found: Mapping[str, Any], *, of_award: bool) -> Iterator[Said]:
    for name in ("title", "description"):
        if found.get(name):
            yield Said(f"{place}.{name}", found[name], title=name == "title", of_award=of_award)


def _of_items(
    place: str, found: Mapping[str, Any], lots: Sequence[Mapping[str, Any]] | None
) -> Iterator[Said]:
    for item in _items(found, lots):
        if item.get("description"):
            yield Said(
                f"{place}.items.description", item["description"], title=False, of_award=True
            )


def _items(
    found: Mapping[str, Any], lots: Sequence[Mapping[str, Any]] | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the items, of a tender those of the award's lots and of none."""
    wanted = {lot.get("id") for lot in lots or ()} | {None}
    return (i for i in _each(found, "items") if not lots or i.get("relatedLot") in wanted)


def _codes(
    tender: Mapping[str, Any],
    lots: Sequence[Mapping[str, Any]],
    award: Mapping[str, Any],
    contracts: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[str, str]]:
    yield from _classified("tender", tender)
    for lot in lots:
        yield from _classified("lot", lot)
    for item in _items(tender, lots):
        yield from _classified("tender.items", item)
    for place, found in (("award", award), *(("contract", c) for c in contracts)):
        for item in _items(found, None):
            yield from _classified(f"{place}.items", item)


def _classified(place: str, found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in (found.get("classification"), *(found.get("additionalClassifications") or ())):
        if each and (each.get("scheme") or "").upper() == "CPV" and each.get("id"):
            yield each["id"], place


def _awarded(award: Mapping[str, Any], contracts: Sequence[Mapping[str, Any]]) -> Named:
    """Return the day of the award; where it bears none, the first on which a contract was signed."""
    if award.get("date"):
        return named(award["date"], "awards.date")
    signed = sorted(c["dateSigned"] for c in contracts if c.get("dateSigned"))
    return named(signed[0], "contracts.dateSigned") if signed else named(None, "awards.date")


def _ends(award: Mapping[str, Any], contracts: Sequence[Mapping[str, Any]]) -> Named:
    """Return the last day of the last contract that was not cancelled, or else of the award's contract period."""
    standing = (c for c in contracts if c.get("status") != "cancelled")
    ends = [(c.get("period") or {}).get("endDate") for c in standing]
    read = [named(end, "contracts.period.endDate") for end in ends if end]
    if read:
        return max(read, key=lambda end: (end.day is not None, end.day or 0))
    return named(
        (award.get("contractPeriod") or {}).get("endDate"), "awards.contractPeriod.endDate"
    )
