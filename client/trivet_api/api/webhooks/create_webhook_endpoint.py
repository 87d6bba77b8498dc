from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.endpoint_created import EndpointCreated
from ...models.new_endpoint import NewEndpoint
from ...models.problem_details import ProblemDetails
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: NewEndpoint,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/webhook-endpoints",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EndpointCreated | ProblemDetails | None:
    if response.status_code == 201:
        response_201 = EndpointCreated.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = ProblemDetails.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ProblemDetails.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemDetails.from_dict(response.json())

        return response_403

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
) -> Response[EndpointCreated | ProblemDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: NewEndpoint,
    idempotency_key: str | Unset = UNSET,
) -> Response[EndpointCreated | ProblemDetails]:
    """Have events sent to an address

     Have the account's events sent to an https address, signed as Standard Webhooks 1.0 says.

    The form of what is sent stays as it is now for as long as the endpoint lasts.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (NewEndpoint):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EndpointCreated | ProblemDetails]
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
    body: NewEndpoint,
    idempotency_key: str | Unset = UNSET,
) -> EndpointCreated | ProblemDetails | None:
    """Have events sent to an address

     Have the account's events sent to an https address, signed as Standard Webhooks 1.0 says.

    The form of what is sent stays as it is now for as long as the endpoint lasts.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (NewEndpoint):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EndpointCreated | ProblemDetails
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: NewEndpoint,
    idempotency_key: str | Unset = UNSET,
) -> Response[EndpointCreated | ProblemDetails]:
    """Have events sent to an address

     Have the account's events sent to an https address, signed as Standard Webhooks 1.0 says.

    The form of what is sent stays as it is now for as long as the endpoint lasts.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (NewEndpoint):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EndpointCreated | ProblemDetails]
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
    body: NewEndpoint,
    idempotency_key: str | Unset = UNSET,
) -> EndpointCreated | ProblemDetails | None:
    """Have events sent to an address

     Have the account's events sent to an https address, signed as Standard Webhooks 1.0 says.

    The form of what is sent stays as it is now for as long as the endpoint lasts.

    Args:
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (NewEndpoint):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EndpointCreated | ProblemDetails
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
