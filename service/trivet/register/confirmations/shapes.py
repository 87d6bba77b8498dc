"""What JSON Schema can say of a confirmation beyond its types; the rules themselves are in `asked.faults`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from trivet.register.confirmations.asked import DIGEST, LONGEST_NAME, LONGEST_NOTE, Confirming
from trivet.register.records import Organisation


class EndOfConfirmation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a confirmation holds no more; `mistaken`: it should never have been recorded."""

    reason: str
    mistaken: bool = False


SHAPES: Mapping[type[msgspec.Struct], Mapping[str, Any]] = MappingProxyType(
    {
        Confirming: {
            "properties": {
                "kind": {"description": "What was confirmed."},
                "register": {
                    "description": "The id of the record that the mirror holds, or of one that nobody lists yet."
                },
                "confirmedBy": {
                    "minLength": 1,
                    "maxLength": LONGEST_NAME,
                    "description": "The desk or role at the certification body. No person's name is needed.",
                },
                "confirmedOn": {"description": "The Europe/London day of the letter."},
                "goodUntil": {
                    "description": "The last day for which it is good: a year by default, three at most."
                },
                "document": {
                    "pattern": f"^{DIGEST.pattern}$",
                    "description": "The SHA-256 digest of the letter or mail, which is not sent.",
                },
                "note": {"minLength": 1, "maxLength": LONGEST_NOTE},
                "from": {
                    "description": "The first day of the status; what was before stays as it is."
                },
                "to": {"description": "The first day no longer covered."},
                "provider": {"description": "The provider's id in the register."},
                "trainer": {"description": "The trainer's reference."},
                "familyName": {"description": "Kept as a keyed hash only, and never given back."},
                "body": {"description": "The certification body's id in the register."},
            }
        },
        Organisation: {},
        EndOfConfirmation: {"properties": {"reason": {"minLength": 1, "maxLength": LONGEST_NOTE}}},
    }
)
