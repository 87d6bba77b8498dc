import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_details import ProblemDetails
from ...models.requirement import Requirement
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    setting: str | Unset = UNSET,
    nation: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["setting"] = setting

    params["nation"] = nation

    json_on: str | Unset = UNSET
    if not isinstance(on, Unset):
        json_on = on.isoformat()
    params["on"] = json_on

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/requirements",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemDetails | Requirement | None:
    if response.status_code == 200:
        response_200 = Requirement.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ProblemDetails.from_dict(response.json())

        return response_400

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
) -> Response[ProblemDetails | Requirement]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    setting: str | Unset = UNSET,
    nation: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
) -> Response[ProblemDetails | Requirement]:
    """Who requires certification

     Say who requires certified training in a setting and nation on a day, and on what basis (R23).

    Args:
        setting (str | Unset): A setting, such as mental_health_unit.
        nation (str | Unset): A nation, such as england.
        on (datetime.date | Unset): A Europe/London day; today by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | Requirement]
    """

    kwargs = _get_kwargs(
        setting=setting,
        nation=nation,
        on=on,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    setting: str | Unset = UNSET,
    nation: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
) -> ProblemDetails | Requirement | None:
    """Who requires certification

     Say who requires certified training in a setting and nation on a day, and on what basis (R23).

    Args:
        setting (str | Unset): A setting, such as mental_health_unit.
        nation (str | Unset): A nation, such as england.
        on (datetime.date | Unset): A Europe/London day; today by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | Requirement
    """

    return sync_detailed(
        client=client,
        setting=setting,
        nation=nation,
        on=on,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    setting: str | Unset = UNSET,
    nation: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
) -> Response[ProblemDetails | Requirement]:
    """Who requires certification

     Say who requires certified training in a setting and nation on a day, and on what basis (R23).

    Args:
        setting (str | Unset): A setting, such as mental_health_unit.
        nation (str | Unset): A nation, such as england.
        on (datetime.date | Unset): A Europe/London day; today by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | Requirement]
    """

    kwargs = _get_kwargs(
        setting=setting,
        nation=nation,
        on=on,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    setting: str | Unset = UNSET,
    nation: str | Unset = UNSET,
    on: datetime.date | Unset = UNSET,
) -> ProblemDetails | Requirement | None:
    """Who requires certification

     Say who requires certified training in a setting and nation on a day, and on what basis (R23).

    Args:
        setting (str | Unset): A setting, such as mental_health_unit.
        nation (str | Unset): A nation, such as england.
        on (datetime.date | Unset): A Europe/London day; today by default.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | Requirement
    """

    return (
        await asyncio_detailed(
            client=client,
            setting=setting,
            nation=nation,
            on=on,
        )
    ).parsed
