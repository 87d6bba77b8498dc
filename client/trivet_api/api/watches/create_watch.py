from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_details import ProblemDetails
from ...models.watch_answer import WatchAnswer
from ...models.watched import Watched
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: Watched,
    replace: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["replace"] = replace

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/watches",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemDetails | WatchAnswer | None:
    if response.status_code == 201:
        response_201 = WatchAnswer.from_dict(response.json())

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
) -> Response[ProblemDetails | WatchAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Watched,
    replace: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[ProblemDetails | WatchAnswer]:
    """Watch what is relied on

     Watch a triple, a provider, a programme, a trainer or a delivering organisation, and say where it
    stands now.

    Asked for again under the same reference it is the same watch: 200 instead of 201.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (Watched):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | WatchAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
        replace=replace,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: Watched,
    replace: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> ProblemDetails | WatchAnswer | None:
    """Watch what is relied on

     Watch a triple, a provider, a programme, a trainer or a delivering organisation, and say where it
    stands now.

    Asked for again under the same reference it is the same watch: 200 instead of 201.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (Watched):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | WatchAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
        replace=replace,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Watched,
    replace: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[ProblemDetails | WatchAnswer]:
    """Watch what is relied on

     Watch a triple, a provider, a programme, a trainer or a delivering organisation, and say where it
    stands now.

    Asked for again under the same reference it is the same watch: 200 instead of 201.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (Watched):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemDetails | WatchAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
        replace=replace,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Watched,
    replace: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> ProblemDetails | WatchAnswer | None:
    """Watch what is relied on

     Watch a triple, a provider, a programme, a trainer or a delivering organisation, and say where it
    stands now.

    Asked for again under the same reference it is the same watch: 200 instead of 201.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        idempotency_key (str | Unset): Any name of your own for this request, such as a UUID. Sent
            again with it within 24 hours, the request is not done again: it is answered as it was the
            first time.
        body (Watched):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemDetails | WatchAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            replace=replace,
            idempotency_key=idempotency_key,
        )
    ).parsed
