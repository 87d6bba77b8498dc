"""Attributes of SCIM users (RFC 7643): which one a path means (RFC 7644, 3.10), and what a user says there. Pure.

A path is `externalId`, `name.familyName`, `roles[type eq "trainer"].value`, or one of these behind the URN of an
extension and a colon.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_CORE = "urn:ietf:params:scim:schemas:core:2.0:user"
_PATH = re.compile(
    r"(?:(?P<urn>urn:[^\[\]\s]+):)?(?P<name>[A-Za-z$][\w$-]*)"
    r'(?:\[\s*(?P<key>[A-Za-z$][\w$-]*)\s+(?i:eq)\s+(?P<wanted>"[^"\\]*"|true|false)\s*\])?'
    r"(?:\.(?P<sub>[A-Za-z$][\w$-]*))?"
)


class NoAttribute(ValueError):
    """A path means no attribute that can be read."""


@dataclass(frozen=True)
class Attribute:
    """One attribute of a user, or what stands in it; names are compared without case, as SCIM has it."""

    urn: str | None
    name: str
    key: str | None
    """What is compared to choose among several values, such as `type`."""
    wanted: str | bool | None
    sub: str | None

    @classmethod
    def parse(cls, path: str) -> "Attribute":
        """Read a path; NoAttribute says what was expected."""
        found = _PATH.fullmatch(path.strip())
        if not found:
            raise NoAttribute(
                f"{path!a} is no attribute's path, such as externalId, name.familyName, "
                'roles[type eq "trainer"].value or urn:…:User:employeeNumber'
            )
        urn, name, key, wanted, sub = found.group("urn", "name", "key", "wanted", "sub")
        urn = None if urn and urn.lower() == _CORE else urn
        if key and not sub:
            sub = "value"
        return cls(urn, name, key, json.loads(wanted) if wanted else None, sub)

    @property
    def asked_for(self) -> str:
        """How it is asked for in `attributes`: no more of it than is needed."""
        whole = f"{self.urn}:{self.name}" if self.urn else self.name
        return f"{whole}.{self.sub}" if self.sub and not self.key else whole

    def values(self, user: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what a user says there, each once and none blank; nothing where it is not said."""
        held = _member(user, self.urn) if self.urn else user
        value = _member(held, self.name)
        each = value if isinstance(value, list) else [value]
        chosen = [one for one in each if self.key is None or self._is_wanted(one)]
        said = (_text(_member(one, self.sub) if self.sub else one) for one in chosen)
        return tuple(dict.fromkeys(text for text in said if text))

    def _is_wanted(self, value: object) -> bool:
        found = _member(value, self.key or "")
        if isinstance(found, str) and isinstance(self.wanted, str):
            return found.casefold() == self.wanted.casefold()
        return found is self.wanted


def is_active(user: Mapping[str, Any]) -> bool:
    """Tell whether a user is active; one of whom that is not said is. Some servers write it as text."""
    active = _member(user, "active")
    return active is not False and str(active).casefold() != "false"


def _member(held: object, name: str) -> Any:
    if not isinstance(held, Mapping):
        return None
    wanted = name.casefold()
    return next((value for key, value in held.items() if key.casefold() == wanted), None)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        value = _member(value, "value")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()
