"""Supplier wording over HTTP: a text in, what its phrases are worth out. Nothing of it is kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from litestar import post
from litestar.params import JSONBody

from trivet.access.guards import needs
from trivet.access.keys import Scope
from trivet.http.problems import FieldError, Problem
from trivet.verification.claims import MOST_CHARACTERS, Assessment, assess, unfit

# Every character may come as a pair of escapes of six bytes each, and the body needs a little room around them.
MOST_BYTES = 12 * MOST_CHARACTERS + 1024


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a supplier says of its training: plain text, up to 20,000 characters."""

    text: str


SHAPES: Mapping[type[msgspec.Struct], Mapping[str, Any]] = MappingProxyType(
    {Wording: {"properties": {"text": {"maxLength": MOST_CHARACTERS, "pattern": r"\S"}}}}
)
"""What JSON Schema can say of a wording beyond its types: not empty, and how long."""


@post(
    "/v1/claims",
    operation_id="assessClaims",
    tags=["reference"],
    summary="Assess supplier wording",
    guards=[needs(Scope.VERIFY, Scope.READ)],
    status_code=200,
    request_max_body_size=MOST_BYTES,
    sync_to_thread=True,
)
def assess_claims(data: JSONBody[Wording]) -> Assessment:
    """Say what each phrase of a supplier's text is worth, and which parts were not assessed.

    No register is consulted and nothing is kept: wording never shows that training is certified (R2). `start` and
    `end` count Unicode characters from 0, the end not included.
    """
    reason = unfit(data.text)
    if reason:
        error = FieldError(pointer="/text", code="unfit_text", detail=reason)
        raise Problem(400, "unfit_text", f"The text {reason}.", errors=[error])
    return assess(data.text)
