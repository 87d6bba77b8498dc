import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_details import ProblemDetails
from ...models.provider_page import ProviderPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    query: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["query"] = query

    json_on: str | Unset = UNSET
    if not isinstance(on, Unset):
        json_on = on.isoformat()
    params["on"] = json_on

    json_known_at: str | Unset = UNSET
    if not isinstance(known_at, Unset):
        json_known_at = known_at.isoformat()
    params["knownAt"] = json_known_at

    params["cursor"] = cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/providers",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemDetails | ProviderPage | None:
    if response.status_code == 200:
        response_200 = ProviderPage.from_dict(response.json())

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
) -> Response[ProblemDetails | ProviderPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ProblemDetails | ProviderPage]:
    """Find providers

     Return the providers on the register, by register id. Being listed is not being certified: see
    `standing`.

    Args:
        query (str | Unset): Part of a name, or a whole identifier or certificate number.
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | ProviderPage]
    """

    kwargs = _get_kwargs(
        query=query,
        on=on,
        known_at=known_at,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ProblemDetails | ProviderPage | None:
    """Find providers

     Return the providers on the register, by register id. Being listed is not being certified: see
    `standing`.

    Args:
        query (str | Unset): Part of a name, or a whole identifier or certificate number.
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | ProviderPage
    """

    return sync_detailed(
        client=client,
        query=query,
        on=on,
        known_at=known_at,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ProblemDetails | ProviderPage]:
    """Find providers

     Return the providers on the register, by register id. Being listed is not being certified: see
    `standing`.

    Args:
        query (str | Unset): Part of a name, or a whole identifier or certificate number.
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | ProviderPage]
    """

    kwargs = _get_kwargs(
        query=query,
        on=on,
        known_at=known_at,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ProblemDetails | ProviderPage | None:
    """Find providers

     Return the providers on the register, by register id. Being listed is not being certified: see
    `standing`.

    Args:
        query (str | Unset): Part of a name, or a whole identifier or certificate number.
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | ProviderPage
    """

    return (
        await asyncio_detailed(
            client=client,
            query=query,
            on=on,
            known_at=known_at,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
