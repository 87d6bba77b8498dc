from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bulk_results import BulkResults
from ...models.create_watches_json_body import CreateWatchesJsonBody
from ...models.problem_details import ProblemDetails
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: CreateWatchesJsonBody | str | Unset = UNSET,
    replace: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["replace"] = replace

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/watches/batch",
        "params": params,
    }

    if isinstance(body, CreateWatchesJsonBody):
        _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"
    if isinstance(body, str):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "text/csv"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BulkResults | ProblemDetails | None:
    if response.status_code == 200:
        response_200 = BulkResults.from_dict(response.json())

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
) -> Response[BulkResults | ProblemDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchesJsonBody | str | Unset = UNSET,
    replace: bool | Unset = False,
) -> Response[BulkResults | ProblemDetails]:
    """Watch many

     Open one watch a row, each under its reference: the same file can be sent as often as one likes.

    A row that can't be watched is a problem of its own. Rows are kept some at a time; should the
    connection break, send
    the file again.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        body (CreateWatchesJsonBody):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BulkResults | ProblemDetails]
    """

    kwargs = _get_kwargs(
        body=body,
        replace=replace,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchesJsonBody | str | Unset = UNSET,
    replace: bool | Unset = False,
) -> BulkResults | ProblemDetails | None:
    """Watch many

     Open one watch a row, each under its reference: the same file can be sent as often as one likes.

    A row that can't be watched is a problem of its own. Rows are kept some at a time; should the
    connection break, send
    the file again.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        body (CreateWatchesJsonBody):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BulkResults | ProblemDetails
    """

    return sync_detailed(
        client=client,
        body=body,
        replace=replace,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchesJsonBody | str | Unset = UNSET,
    replace: bool | Unset = False,
) -> Response[BulkResults | ProblemDetails]:
    """Watch many

     Open one watch a row, each under its reference: the same file can be sent as often as one likes.

    A row that can't be watched is a problem of its own. Rows are kept some at a time; should the
    connection break, send
    the file again.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        body (CreateWatchesJsonBody):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BulkResults | ProblemDetails]
    """

    kwargs = _get_kwargs(
        body=body,
        replace=replace,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateWatchesJsonBody | str | Unset = UNSET,
    replace: bool | Unset = False,
) -> BulkResults | ProblemDetails | None:
    """Watch many

     Open one watch a row, each under its reference: the same file can be sent as often as one likes.

    A row that can't be watched is a problem of its own. Rows are kept some at a time; should the
    connection break, send
    the file again.

    Args:
        replace (bool | Unset): Whether a watch takes the place of one on something else under its
            reference. Default: False.
        body (CreateWatchesJsonBody):
        body (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BulkResults | ProblemDetails
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            replace=replace,
        )
    ).parsed
