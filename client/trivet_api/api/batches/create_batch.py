from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.batch_results import BatchResults
from ...models.create_batch_json_body import CreateBatchJsonBody
from ...models.problem_details import ProblemDetails
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: CreateBatchJsonBody | str | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/verifications/batch",
    }

    if isinstance(body, CreateBatchJsonBody):
        _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"
    if isinstance(body, str):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/x-ndjson"
    if isinstance(body, str):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "text/csv"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BatchResults | ProblemDetails | None:
    if response.status_code == 200:
        response_200 = BatchResults.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ProblemDetails.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ProblemDetails.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemDetails.from_dict(response.json())

        return response_403

    if response.status_code == 406:
        response_406 = ProblemDetails.from_dict(response.json())

        return response_406

    if response.status_code == 409:
        response_409 = ProblemDetails.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = ProblemDetails.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ProblemDetails.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = ProblemDetails.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = ProblemDetails.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ProblemDetails.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ProblemDetails.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[BatchResults | ProblemDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateBatchJsonBody | str | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BatchResults | ProblemDetails]:
    """Verify many

     Answer one question a row, in order; a row that can't be asked is a problem of its own, never the
    batch's.

    All rows are answered by what was known at one instant, and each answer is kept before it is sent.
    Should the
    connection break, what was kept is found at the batch's address.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (CreateBatchJsonBody):
        body (str):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BatchResults | ProblemDetails]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateBatchJsonBody | str | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BatchResults | ProblemDetails | None:
    """Verify many

     Answer one question a row, in order; a row that can't be asked is a problem of its own, never the
    batch's.

    All rows are answered by what was known at one instant, and each answer is kept before it is sent.
    Should the
    connection break, what was kept is found at the batch's address.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (CreateBatchJsonBody):
        body (str):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BatchResults | ProblemDetails
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateBatchJsonBody | str | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BatchResults | ProblemDetails]:
    """Verify many

     Answer one question a row, in order; a row that can't be asked is a problem of its own, never the
    batch's.

    All rows are answered by what was known at one instant, and each answer is kept before it is sent.
    Should the
    connection break, what was kept is found at the batch's address.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (CreateBatchJsonBody):
        body (str):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BatchResults | ProblemDetails]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateBatchJsonBody | str | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BatchResults | ProblemDetails | None:
    """Verify many

     Answer one question a row, in order; a row that can't be asked is a problem of its own, never the
    batch's.

    All rows are answered by what was known at one instant, and each answer is kept before it is sent.
    Should the
    connection break, what was kept is found at the batch's address.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (CreateBatchJsonBody):
        body (str):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BatchResults | ProblemDetails
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
