from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_details import ProblemDetails
from ...models.verdict import Verdict
from ...models.verification_page import VerificationPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    reference: str | Unset = UNSET,
    verdict: Verdict | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["reference"] = reference

    json_verdict: str | Unset = UNSET
    if not isinstance(verdict, Unset):
        json_verdict = verdict.value

    params["verdict"] = json_verdict

    params["cursor"] = cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/verifications",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemDetails | VerificationPage | None:
    if response.status_code == 200:
        response_200 = VerificationPage.from_dict(response.json())

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
) -> Response[ProblemDetails | VerificationPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    reference: str | Unset = UNSET,
    verdict: Verdict | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ProblemDetails | VerificationPage]:
    """List verifications

     Return the caller's own account's verifications, the newest first.

    Args:
        reference (str | Unset): Only those with this reference.
        verdict (Verdict | Unset): What is answered, for an element and for the whole; only `pass`
            is permission.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | VerificationPage]
    """

    kwargs = _get_kwargs(
        reference=reference,
        verdict=verdict,
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
    reference: str | Unset = UNSET,
    verdict: Verdict | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ProblemDetails | VerificationPage | None:
    """List verifications

     Return the caller's own account's verifications, the newest first.

    Args:
        reference (str | Unset): Only those with this reference.
        verdict (Verdict | Unset): What is answered, for an element and for the whole; only `pass`
            is permission.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | VerificationPage
    """

    return sync_detailed(
        client=client,
        reference=reference,
        verdict=verdict,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    reference: str | Unset = UNSET,
    verdict: Verdict | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ProblemDetails | VerificationPage]:
    """List verifications

     Return the caller's own account's verifications, the newest first.

    Args:
        reference (str | Unset): Only those with this reference.
        verdict (Verdict | Unset): What is answered, for an element and for the whole; only `pass`
            is permission.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | VerificationPage]
    """

    kwargs = _get_kwargs(
        reference=reference,
        verdict=verdict,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    reference: str | Unset = UNSET,
    verdict: Verdict | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ProblemDetails | VerificationPage | None:
    """List verifications

     Return the caller's own account's verifications, the newest first.

    Args:
        reference (str | Unset): Only those with this reference.
        verdict (Verdict | Unset): What is answered, for an element and for the whole; only `pass`
            is permission.
        cursor (str | Unset): Where the page before ended.
        limit (int | Unset): How many at most. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | VerificationPage
    """

    return (
        await asyncio_detailed(
            client=client,
            reference=reference,
            verdict=verdict,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
