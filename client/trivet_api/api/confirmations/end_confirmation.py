from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.confirmation_answer import ConfirmationAnswer
from ...models.end_of_confirmation import EndOfConfirmation
from ...models.problem_details import ProblemDetails
from ...types import Response


def _get_kwargs(
    confirmation_id: str,
    *,
    body: EndOfConfirmation,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/confirmations/{confirmation_id}/end".format(
            confirmation_id=quote(str(confirmation_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConfirmationAnswer | ProblemDetails | None:
    if response.status_code == 200:
        response_200 = ConfirmationAnswer.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = ProblemDetails.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = ProblemDetails.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = ProblemDetails.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ProblemDetails.from_dict(response.json())

        return response_415

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
) -> Response[ConfirmationAnswer | ProblemDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    confirmation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: EndOfConfirmation,
) -> Response[ConfirmationAnswer | ProblemDetails]:
    """End a confirmation

     End a confirmation: from today on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays as it was answered.

    Args:
        confirmation_id (str):
        body (EndOfConfirmation):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConfirmationAnswer | ProblemDetails]
    """

    kwargs = _get_kwargs(
        confirmation_id=confirmation_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    confirmation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: EndOfConfirmation,
) -> ConfirmationAnswer | ProblemDetails | None:
    """End a confirmation

     End a confirmation: from today on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays as it was answered.

    Args:
        confirmation_id (str):
        body (EndOfConfirmation):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConfirmationAnswer | ProblemDetails
    """

    return sync_detailed(
        confirmation_id=confirmation_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    confirmation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: EndOfConfirmation,
) -> Response[ConfirmationAnswer | ProblemDetails]:
    """End a confirmation

     End a confirmation: from today on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays as it was answered.

    Args:
        confirmation_id (str):
        body (EndOfConfirmation):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConfirmationAnswer | ProblemDetails]
    """

    kwargs = _get_kwargs(
        confirmation_id=confirmation_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    confirmation_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: EndOfConfirmation,
) -> ConfirmationAnswer | ProblemDetails | None:
    """End a confirmation

     End a confirmation: from today on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays as it was answered.

    Args:
        confirmation_id (str):
        body (EndOfConfirmation):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConfirmationAnswer | ProblemDetails
    """

    return (
        await asyncio_detailed(
            confirmation_id=confirmation_id,
            client=client,
            body=body,
        )
    ).parsed
