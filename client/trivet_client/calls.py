"""What can be asked of the service, once for both clients: the endpoint, what it is sent, how its answer is read.

A reader raises ValueError, TypeError, LookupError or AttributeError for what the contract does not say.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

import httpx

from trivet_api import AuthenticatedClient
from trivet_api.api.reference import get_requirement, list_reasons
from trivet_api.api.register import get_provider, get_register, list_changes, list_providers
from trivet_api.api.verifications import (
    create_verification,
    get_verification,
    list_verifications,
)
from trivet_api.models import (
    ChangePage,
    ProviderListed,
    ProviderPage,
    ProviderWithProgrammes,
    Question,
    ReasonList,
    ReasonListed,
    RegisterStatus,
    Requirement,
    Verdict,
)
from trivet_api.types import Response
from trivet_client.answers import Answer, confirm_asked
from trivet_client.problems import InvalidArgument
from trivet_client.questions import day, instant, word

T = TypeVar("T")
M = TypeVar("M")


class Endpoint(Protocol):
    """A generated module with one endpoint's functions."""

    @property
    def sync_detailed(self) -> Callable[..., Response[Any]]:
        """Ask and wait."""

    @property
    def asyncio_detailed(self) -> Callable[..., Awaitable[Response[Any]]]:
        """Ask and await."""


@dataclass(frozen=True)
class Plain:
    """An endpoint whose answer is left as it came: the generated code would refuse a word that a newer service uses."""

    method: str
    path: str

    def sync_detailed(self, *ids: str, client: AuthenticatedClient, **sent: Any) -> Response[Any]:
        """Ask and wait; `sent` is what httpx takes."""
        return _as_it_came(client.get_httpx_client().request(self.method, self._at(ids), **sent))

    async def asyncio_detailed(
        self, *ids: str, client: AuthenticatedClient, **sent: Any
    ) -> Response[Any]:
        """Ask and await; `sent` is what httpx takes."""
        return _as_it_came(
            await client.get_async_httpx_client().request(self.method, self._at(ids), **sent)
        )

    def _at(self, ids: Sequence[str]) -> str:
        return self.path.format(*(quote(part, safe="") for part in ids))


def _as_it_came(response: httpx.Response) -> Response[Any]:
    status = HTTPStatus(response.status_code)
    return Response(status, response.content, response.headers, parsed=None)


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, how its answer is read, and with which statuses it comes.

    `repeatable`: it may be sent again where it may have arrived, because it only reads, or because the service knows it
    again. A question is not: it would be recorded twice.
    """

    endpoint: Endpoint
    read: Callable[[Response[Any]], T]
    path: tuple[str, ...] = ()
    sent: Mapping[str, Any] = field(default_factory=dict)
    repeatable: bool = True
    statuses: tuple[int, ...] = (200,)

    def answer(self, response: Response[Any]) -> T:
        """Read an answer; ValueError for a status that does not come with one."""
        if response.status_code not in self.statuses:
            raise ValueError(f"it is never answered {int(response.status_code)}")
        return self.read(response)


@dataclass(frozen=True)
class Page(Generic[T]):
    """Part of a list, and the call for the part after it."""

    items: Sequence[T]
    following: "Call[Page[T]] | None"


def verify(asked: Question) -> Call[Answer]:
    """Ask one question."""

    def read(response: Response[Any]) -> Answer:
        answer = Answer.from_dict(json.loads(response.content))
        confirm_asked(answer, asked)
        return answer

    return Call(create_verification, read, sent={"body": asked}, repeatable=False)


def get(verification: str) -> Call[Answer]:
    """Read a verification again."""

    def read(response: Response[Any]) -> Answer:
        answer = Answer.from_dict(json.loads(response.content))
        if answer.id != verification:
            raise ValueError("the answer is another verification")
        return answer

    return Call(get_verification, read, path=(record_id("verification", verification),))


def verifications(
    reference: str | None, verdict: str | None, cursor: str | None = None
) -> Call[Page[Answer]]:
    """List the account's verifications, the newest first."""
    only = None if verdict is None else word("verdict", verdict, Verdict)

    def read(response: Response[Any]) -> Page[Answer]:
        page = json.loads(response.content)
        after = onwards(cursor, page["nextCursor"])
        items = [Answer.from_dict(item) for item in page["items"]]
        return Page(items, verifications(reference, verdict, after) if after else None)

    return Call(
        list_verifications, read, sent=given(reference=reference, verdict=only, cursor=cursor)
    )


def providers(
    query: str | None,
    on: date | str | None,
    known_at: datetime | str | None,
    cursor: str | None = None,
) -> Call[Page[ProviderListed]]:
    """Find providers."""
    asked = given(query=query, on=_day(on), known_at=_instant(known_at))

    def read(response: Response[Any]) -> Page[ProviderListed]:
        page = parsed(ProviderPage)(response)
        after = onwards(cursor, page.next_cursor)
        return Page(page.items, providers(query, on, known_at, after) if after else None)

    return Call(list_providers, read, sent={**asked, **given(cursor=cursor)})


def provider(
    register: str, on: date | str | None, known_at: datetime | str | None
) -> Call[ProviderWithProgrammes]:
    """Read one provider with its programmes."""
    path = (record_id("register", register),)
    sent = given(on=_day(on), known_at=_instant(known_at))
    return Call(get_provider, parsed(ProviderWithProgrammes), path, sent)


def changes(after: str | None, limit: int | None) -> Call[ChangePage]:
    """Read what changed in the register after a cursor."""
    return Call(list_changes, parsed(ChangePage), sent=given(after=after, limit=limit))


def register() -> Call[RegisterStatus]:
    """Ask which snapshot answers now, and how fresh it is."""
    return Call(get_register, parsed(RegisterStatus))


def reasons() -> Call[Sequence[ReasonListed]]:
    """List every reason code there is."""
    return Call(list_reasons, lambda response: parsed(ReasonList)(response).items)


def requirement(
    setting: str | None, nation: str | None, on: date | str | None
) -> Call[Requirement]:
    """Ask whether certified training is required somewhere on a day."""
    sent = given(setting=setting, nation=nation, on=_day(on))
    return Call(get_requirement, parsed(Requirement), sent=sent)


def parsed(model: type[M]) -> Callable[[Response[Any]], M]:
    """Return what reads an answer that the generated code made a model of."""

    def read(response: Response[Any]) -> M:
        if not isinstance(response.parsed, model):
            raise TypeError(f"it is no {model.__name__}")
        return response.parsed

    return read


def onwards(cursor: str | None, following: object) -> str | None:
    """Return the cursor of the next page; a list that leads back to itself would never end."""
    if following is None:
        return None
    if not isinstance(following, str) or not following or following == cursor:
        raise ValueError("the list does not go on from page to page")
    return following


def record_id(argument: str, part: str) -> str:
    """Return the id of a record, as part of an address."""
    # These would lead to another address than the one meant.
    if part.strip() in ("", ".", ".."):
        raise InvalidArgument(argument, "give the id of a record")
    return part


def _day(on: date | str | None) -> date | None:
    return None if on is None else day("on", on)


def _instant(known_at: datetime | str | None) -> datetime | None:
    return None if known_at is None else instant("known_at", known_at)


def given(**values: object) -> dict[str, Any]:
    """Return what was given of some values."""
    return {name: value for name, value in values.items() if value is not None}
