"""The part of an OCDS release that is read, and how the rest is left behind."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

TEXT = "text"
"""A text, or a whole number where OCDS takes one for an id."""

_CLASSIFICATION = {"scheme": TEXT, "id": TEXT}
_CLASSIFIED = {
    "classification": _CLASSIFICATION,
    "additionalClassifications": [_CLASSIFICATION],
}
_IDENTIFIER = {"scheme": TEXT, "id": TEXT}
_ORGANISATION = {
    "id": TEXT,
    "name": TEXT,
    "identifier": _IDENTIFIER,
    "additionalIdentifiers": [_IDENTIFIER],
}
_TOLD = {"id": TEXT, "title": TEXT, "description": TEXT}
_ITEM = {"id": TEXT, "description": TEXT, "relatedLot": TEXT, **_CLASSIFIED}
_PERIOD = {"endDate": TEXT}

RELEASE: Mapping[str, Any] = MappingProxyType(
    {
        "ocid": TEXT,
        "id": TEXT,
        "date": TEXT,
        "buyer": {"id": TEXT, "name": TEXT},
        "parties": [_ORGANISATION],
        "tender": {
            **_TOLD,
            **_CLASSIFIED,
            "items": [_ITEM],
            "lots": [{**_TOLD, **_CLASSIFIED}],
        },
        "awards": [
            {
                **_TOLD,
                "status": TEXT,
                "date": TEXT,
                "suppliers": [_ORGANISATION],
                "items": [_ITEM],
                "relatedLots": [TEXT],
                "contractPeriod": _PERIOD,
            }
        ],
        "contracts": [
            {
                **_TOLD,
                "awardID": TEXT,
                "status": TEXT,
                "dateSigned": TEXT,
                "period": _PERIOD,
                "items": [_ITEM],
            }
        ],
    }
)
"""What is read of a release: objects by their fields, arrays by what each of them holds."""

WHOLE = frozenset({"additionalIdentifiers", "additionalClassifications", "relatedLots"})
"""The arrays that a later release gives anew; of the others it gives what was added or changed, by id."""

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\\s]+")


class NotOcds(ValueError):
    """A document is not what OCDS 1.1 says; the message begins with the place in it, as a JSON pointer."""

    def __init__(self, place: str, said: str) -> None:
        super().__init__(f"{place or '/'} {said}")


def shaped(value: object, shape: Any, place: str) -> Any:
    """Return what is read of a value; NotOcds names the first place that is not as OCDS has it.

    Nothing deeper than the shape is looked at. A null stays, for in a later release it takes back what was said.
    """
    if value is None:
        return None
    if shape is TEXT:
        return _text(value, place)
    if isinstance(shape, list):
        return [
            shaped(each, shape[0], f"{place}/{n}") for n, each in enumerate(_array(value, place))
        ]
    found = object_at(value, place)
    return {
        name: shaped(found[name], inner, f"{place}/{name}")
        for name, inner in shape.items()
        if name in found
    }


def object_at(value: object, place: str) -> Mapping[str, Any]:
    """Return an object of a document, if it is one."""
    if not isinstance(value, Mapping):
        raise NotOcds(place, f"is {_kind(value)}; OCDS has an object there")
    return value


def _array(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise NotOcds(place, f"is {_kind(value)}; OCDS has an array there")
    return value


def _text(value: object, place: str) -> str:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise NotOcds(place, f"is {_kind(value)}; OCDS has a text there")


def plain(text: str) -> str:
    """Return a text on one line, without what is invisible: that could hide a word, or command a terminal."""
    if text.isprintable():  # as nearly every text is, and that is quick to tell
        return text.strip()
    return _CONTROL.sub(" ", _INVISIBLE.sub("", text)).strip()


def _kind(value: object) -> str:
    kinds = {Mapping: "an object", list: "an array", str: "a text", bool: "true or false"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "a number")
