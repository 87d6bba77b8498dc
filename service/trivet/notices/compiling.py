"""What holds of each contracting process: all that was released under its ocid, the latest word last.

The rules are those of "Merging" in OCDS 1.1, for the fields that are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from trivet.notices.reading import Release
from trivet.notices.shape import WHOLE


def compiled(releases: Iterable[Release]) -> Sequence[Release]:
    """Return one release for each ocid, in the order in which the ocids first come.

    A release that comes twice counts once. Where two bear the same date, the one that comes later has the last word.
    """
    of_process: dict[str, dict[tuple[Any, Any], Release]] = defaultdict(dict)
    for release in releases:
        of_process[release["ocid"]].setdefault((release.get("id"), release["date"]), release)
    return [_in_order(those.values()) for those in of_process.values()]


def _in_order(releases: Iterable[Release]) -> Release:
    whole: dict[str, Any] = {}
    for release in sorted(releases, key=itemgetter("date")):
        _merge(whole, release)
    return whole


def _merge(whole: dict[str, Any], later: Mapping[str, Any]) -> None:
    for name, value in later.items():
        if value is None:
            whole.pop(name, None)
        elif isinstance(value, Mapping):
            inside = whole.get(name)
            whole[name] = inside if isinstance(inside, dict) else {}
            _merge(whole[name], value)
        elif isinstance(value, list) and name not in WHOLE:
            whole[name] = _by_id(whole.get(name) or [], value)
        else:
            whole[name] = value


def _by_id(before: Sequence[Any], later: Sequence[Any]) -> list[Any]:
    """Merge what has the same id; what has none, or a new one, is added."""
    merged = list(before)
    places = {each["id"]: n for n, each in enumerate(merged) if each.get("id")}
    for each in later:
        if each is None:
            continue
        place = places.get(each.get("id"), len(merged))
        if place == len(merged):
            merged.append({})
            if each.get("id"):
                places[each["id"]] = place
        else:
            merged[place] = dict(merged[place])
        _merge(merged[place], each)
    return merged
