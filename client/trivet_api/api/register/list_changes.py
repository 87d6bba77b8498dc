import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.change_page import ChangePage
from ...models.problem_details import ProblemDetails
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    after: str | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["after"] = after

    json_known_at: str | Unset = UNSET
    if not isinstance(known_at, Unset):
        json_known_at = known_at.isoformat()
    params["knownAt"] = json_known_at

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/register/changes",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ChangePage | ProblemDetails | None:
    if response.status_code == 200:
        response_200 = ChangePage.from_dict(response.json())

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
) -> Response[ChangePage | ProblemDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ChangePage | ProblemDetails]:
    """What changed in the register

     Return the changes, the oldest first; changes of trainers' records are not listed.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full
    is the last
    until something changes.

    Args:
        after (str | Unset): The `nextCursor` of the page before, however long ago.
        known_at (datetime.datetime | Unset): Only what was known at this instant: with an offset,
            never to come.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePage | ProblemDetails]
    """

    kwargs = _get_kwargs(
        after=after,
        known_at=known_at,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
) -> ChangePage | ProblemDetails | None:
    """What changed in the register

     Return the changes, the oldest first; changes of trainers' records are not listed.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full
    is the last
    until something changes.

    Args:
        after (str | Unset): The `nextCursor` of the page before, however long ago.
        known_at (datetime.datetime | Unset): Only what was known at this instant: with an offset,
            never to come.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePage | ProblemDetails
    """

    return sync_detailed(
        client=client,
        after=after,
        known_at=known_at,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ChangePage | ProblemDetails]:
    """What changed in the register

     Return the changes, the oldest first; changes of trainers' records are not listed.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full
    is the last
    until something changes.

    Args:
        after (str | Unset): The `nextCursor` of the page before, however long ago.
        known_at (datetime.datetime | Unset): Only what was known at this instant: with an offset,
            never to come.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePage | ProblemDetails]
    """

    kwargs = _get_kwargs(
        after=after,
        known_at=known_at,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
) -> ChangePage | ProblemDetails | None:
    """What changed in the register

     Return the changes, the oldest first; changes of trainers' records are not listed.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full
    is the last
    until something changes.

    Args:
        after (str | Unset): The `nextCursor` of the page before, however long ago.
        known_at (datetime.datetime | Unset): Only what was known at this instant: with an offset,
            never to come.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePage | ProblemDetails
    """

    return (
        await asyncio_detailed(
            client=client,
            after=after,
            known_at=known_at,
            limit=limit,
        )
    ).parsed
