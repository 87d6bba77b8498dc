"""Receipts over HTTP: one to keep, and the keys to check any with."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from trivet.access.guards import PUBLIC, needs
from trivet.access.keys import Caller, Scope
from trivet.database import reading
from trivet.http.problems import Problem, documented_problem
from trivet.verification import store
from trivet.verification.gone import GONE, still_there
from trivet.verification.paper import NotInstalled, receipt_pdf
from trivet.verification.receipts import SigningKeys

JOSE, PDF = "application/jose", "application/pdf"


class PublicKey(msgspec.Struct, frozen=True):
    """An Ed25519 key that receipts verify with (RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class PublicKeys(msgspec.Struct, frozen=True):
    """A JWK set (RFC 7517): the key that signs now, and those that signed before."""

    keys: list[PublicKey]


@get(
    "/.well-known/jwks.json",
    operation_id="getReceiptKeys",
    tags=["receipts"],
    summary="The keys that receipts verify with",
    opt={PUBLIC: True},
    sync_to_thread=False,
)
def get_receipt_keys(state: State) -> PublicKeys:
    """Return the public keys, those that signed before too: keep them beside your receipts."""
    signing: SigningKeys = state.signing
    return msgspec.convert(signing.jwks(), PublicKeys)


@get(
    "/v1/verifications/{verification_id:str}/receipt",
    operation_id="getReceipt",
    tags=["receipts"],
    summary="The receipt of a verification",
    guards=[needs(Scope.VERIFY, Scope.READ)],
    media_type=JOSE,
    responses={
        200: ResponseSpec(
            data_container=str,
            description="The receipt as a compact JWS, or as a page to put on file by Accept.",
            media_type=JOSE,
            generate_examples=False,
        ),
        410: documented_problem(GONE),
    },
)
async def get_receipt(
    verification_id: FromPath[str],
    caller: NamedDependency[Caller],
    request: Request[Caller, Any, State],
    state: State,
) -> Response[bytes]:
    """Return the receipt: a compact JWS that verifies offline, or with `Accept: application/pdf` one page."""
    async with reading(state.engine) as connection:
        found = await store.find_verification(
            connection, caller.account, verification_id, test=caller.test
        )
        kept = still_there(found)
        question = await store.question_of(connection, kept)
    if request.accept.best_match([JOSE, PDF], default=JOSE) != PDF:
        return Response(kept.receipt.encode(), media_type=JOSE)
    address = f"{state.url}/v1/verifications/{kept.id}"
    try:
        # Typesetting takes a good part of a second: others are answered meanwhile.
        page = await asyncio.to_thread(receipt_pdf, kept, question, kept.receipt, address, None)
    except NotInstalled as error:
        raise Problem(406, "not_acceptable", str(error)) from error
    return Response(page, media_type=PDF)
