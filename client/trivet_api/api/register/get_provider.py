import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_details import ProblemDetails
from ...models.provider_with_programmes import ProviderWithProgrammes
from ...types import UNSET, Response, Unset


def _get_kwargs(
    register: str,
    *,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_on: str | Unset = UNSET
    if not isinstance(on, Unset):
        json_on = on.isoformat()
    params["on"] = json_on

    json_known_at: str | Unset = UNSET
    if not isinstance(known_at, Unset):
        json_known_at = known_at.isoformat()
    params["knownAt"] = json_known_at

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/providers/{register}".format(
            register=quote(str(register), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemDetails | ProviderWithProgrammes | None:
    if response.status_code == 200:
        response_200 = ProviderWithProgrammes.from_dict(response.json())

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
) -> Response[ProblemDetails | ProviderWithProgrammes]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    register: str,
    *,
    client: AuthenticatedClient | Client,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
) -> Response[ProblemDetails | ProviderWithProgrammes]:
    """One provider and its programmes

     Return a provider with its programmes, and where each stands on a day.

    Args:
        register (str):
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | ProviderWithProgrammes]
    """

    kwargs = _get_kwargs(
        register=register,
        on=on,
        known_at=known_at,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    register: str,
    *,
    client: AuthenticatedClient | Client,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
) -> ProblemDetails | ProviderWithProgrammes | None:
    """One provider and its programmes

     Return a provider with its programmes, and where each stands on a day.

    Args:
        register (str):
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | ProviderWithProgrammes
    """

    return sync_detailed(
        register=register,
        client=client,
        on=on,
        known_at=known_at,
    ).parsed


async def asyncio_detailed(
    register: str,
    *,
    client: AuthenticatedClient | Client,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
) -> Response[ProblemDetails | ProviderWithProgrammes]:
    """One provider and its programmes

     Return a provider with its programmes, and where each stands on a day.

    Args:
        register (str):
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | ProviderWithProgrammes]
    """

    kwargs = _get_kwargs(
        register=register,
        on=on,
        known_at=known_at,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    register: str,
    *,
    client: AuthenticatedClient | Client,
    on: datetime.date | Unset = UNSET,
    known_at: datetime.datetime | Unset = UNSET,
) -> ProblemDetails | ProviderWithProgrammes | None:
    """One provider and its programmes

     Return a provider with its programmes, and where each stands on a day.

    Args:
        register (str):
        on (datetime.date | Unset): A Europe/London day; by default that of `knownAt`, or today.
        known_at (datetime.datetime | Unset): What the mirror knew at this instant: with an
            offset, never to come; by default now.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | ProviderWithProgrammes
    """

    return (
        await asyncio_detailed(
            register=register,
            client=client,
            on=on,
            known_at=known_at,
        )
    ).parsed
