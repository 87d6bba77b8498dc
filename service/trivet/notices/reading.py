"""The releases in an OCDS document: a release package, a record package, a record or a release by itself."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from trivet.notices.shape import RELEASE, NotOcds, object_at, shaped

VERSION = "1.1"
"""The version of OCDS that is read. Before it, a release named suppliers in another way."""

Release = Mapping[str, Any]
"""What is read of one release, in the shape of `shape.RELEASE`."""


def releases_in(document: object, place: str = "") -> Iterator[Release]:
    """Yield what is read of each release of a document, as read from its JSON.

    Raises:
        NotOcds: it is no OCDS 1.1, with the place that shows it.
    """
    found = object_at(document, place)
    if "ocid" in found:
        yield from _of_process(found, place)
    elif "releases" in found or "records" in found:
        _version(found, place)
        for name in ("releases", "records"):
            for number, each in enumerate(_listed(found, name, place)):
                yield from _of_process(
                    object_at(each, f"{place}/{name}/{number}"), f"{place}/{name}/{number}"
                )
    else:
        raise NotOcds(place, "has no releases, no records and no ocid: it is no OCDS document")


def _version(package: Mapping[str, Any], place: str) -> None:
    version = package.get("version")
    if version is None:
        raise NotOcds(
            f"{place}/version", "is missing, which means OCDS 1.0: give a package of OCDS 1.1"
        )
    if str(version) != VERSION and not str(version).startswith(f"{VERSION}."):
        raise NotOcds(f"{place}/version", f"is {str(version)[:20]!a}: give a package of OCDS 1.1")


def _of_process(found: Mapping[str, Any], place: str) -> Iterator[Release]:
    """Yield the releases of a record, its compiled one where it has one, or a release."""
    if found.get("compiledRelease") is not None:
        yield _release(found["compiledRelease"], f"{place}/compiledRelease")
    elif "releases" in found:
        for number, each in enumerate(_listed(found, "releases", place)):
            inside = f"{place}/releases/{number}"
            if "ocid" not in object_at(each, inside):
                raise NotOcds(
                    inside, "only says where a release is: give a record that holds its releases"
                )
            yield _release(each, inside)
    else:
        yield _release(found, place)


def _listed(found: Mapping[str, Any], name: str, place: str) -> list[object]:
    listed = found.get(name, [])
    if not isinstance(listed, list):
        raise NotOcds(f"{place}/{name}", "is no array")
    return listed


def _release(found: object, place: str) -> Release:
    release: dict[str, Any] = shaped(object_at(found, place), RELEASE, place)
    for name in ("ocid", "date"):
        if not release.get(name):
            raise NotOcds(f"{place}/{name}", "is missing: every release has one")
    release["date"] = _instant(release["date"], f"{place}/date")
    return release


def _instant(written: str, place: str) -> str:
    """Return when something was released as text that sorts by time; one without an offset is taken for UTC."""
    try:
        said = datetime.fromisoformat(written)
        instant = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise NotOcds(place, "is no date: OCDS writes 2026-03-12T09:00:00Z") from None
    return instant.isoformat(timespec="microseconds")
