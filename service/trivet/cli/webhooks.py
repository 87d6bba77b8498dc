"""`trivet webhooks`: the addresses that events are sent to, and what became of each event."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from trivet.cli.calling import calling

if TYPE_CHECKING:
    from trivet_client import DeliveryListed, EndpointAnswer

_KEEP = "Keep the secret: it is not shown again."
Types = Annotated[tuple[str, ...], Parameter(negative="")]


def add(url: str, *, type: Types = (), description: str | None = None) -> None:  # noqa: A002 - as it is said
    """Have events sent to an address, and print the endpoint's id and its secret, once.

    Parameters
    ----------
    url
        The https address.
    type
        A type of event that is wanted, such as certification.suspended; once for each. All types by default.
    description
        What it is for.
    """
    with calling() as client:
        made = client.webhooks.add(url, types=type or None, description=description)
    print(f"{made.id}\n{made.secret}")
    print(_KEEP, file=sys.stderr)


def list_endpoints() -> None:
    """List the endpoints, the newest first; never their secrets."""
    with calling() as client:
        found = [*client.webhooks.each()]
    _print([_line(one) for one in found], "There are none: see `trivet webhooks add --help`.")


def _line(one: "EndpointAnswer") -> str:
    state = "enabled"
    if one.disabled_by:
        state = f"disabled ({one.disabled_by.value})"
    elif one.failing_since:
        state = f"failing since {one.failing_since:%Y-%m-%d %H:%M} UTC"
    types = "all types" if one.types is None else " ".join(kind.value for kind in one.types)
    described = f"  {one.description}" if one.description else ""
    return f"{one.id}  {state}  {one.url}  {types}{described}"


def send_test(endpoint: str, *, type: str | None = None) -> int:  # noqa: A002 - as it is said
    """Send one test event to an endpoint and say what was answered: exit status 0 delivered, 1 not.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    type
        The type of the event; webhook.test by default.
    """
    with calling() as client:
        came = client.webhooks.test(endpoint, type=type)
    answered = came.failure or f"answered {came.status}"
    said = f": {came.answer}" if came.answer and not came.delivered else ""
    state = "delivered" if came.delivered else "not delivered"
    _print([f"{state}: {answered} in {came.seconds:.2f} s{said}"])
    return 0 if came.delivered else 1


def rotate(endpoint: str, *, overlap: str | None = None) -> None:
    """Make a new secret for an endpoint and print it, once; the one before signs beside it for the overlap.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    overlap
        For how long both sign, as an ISO 8601 duration; P1D by default.
    """
    with calling() as client:
        made = client.webhooks.rotate(endpoint, overlap=overlap)
    print(made.secret)
    until = f"{made.both_sign_until:%Y-%m-%d %H:%M} UTC"
    print(f"{_KEEP} Both sign until {until}.", file=sys.stderr)


def enable(endpoint: str) -> None:
    """Have events sent to an endpoint again, from now on; `webhooks recover` sends what happened meanwhile.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    """
    with calling() as client:
        print(f"{client.webhooks.enable(endpoint).id} is enabled.")


def disable(endpoint: str) -> None:
    """Have nothing sent to an endpoint until it is enabled.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    """
    with calling() as client:
        print(f"{client.webhooks.disable(endpoint).id} is disabled.")


def delete(endpoint: str) -> None:
    """Delete an endpoint: nothing is sent to it any more.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    """
    with calling() as client:
        client.webhooks.delete(endpoint)
    print(f"{endpoint} is deleted.")


def deliveries(
    endpoint: str, *, state: Literal["pending", "delivered", "failed"] | None = None
) -> None:
    """List what was sent to an endpoint and what is to be, the newest first, each with its last try.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    state
        Only those of this state.
    """
    with calling() as client:
        found = [*client.webhooks.deliveries(endpoint, state=state)]
    _print([_delivery(one) for one in found], "There are none.")


def _delivery(one: "DeliveryListed") -> str:
    tries = "no try yet"
    if one.tries:
        last = one.tries[-1]
        count = f"{len(one.tries)} {'try' if len(one.tries) == 1 else 'tries'}"
        tries = f"{count}, last {last.at:%Y-%m-%d %H:%M} UTC: {last.failure or last.status}"
    following = f", next {one.next_try_at:%Y-%m-%d %H:%M} UTC" if one.next_try_at else ""
    return f"{one.id}  {one.state.value:<9}  {one.event}  {one.type_.value}  {tries}{following}"


def redeliver(endpoint: str, delivery: str) -> None:
    """Send an event to an endpoint again, under the same webhook-id.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    delivery
        The delivery's id, as `webhooks deliveries` shows it.
    """
    with calling() as client:
        print(f"{client.webhooks.redeliver(endpoint, delivery).id} is on its way.")


def recover(endpoint: str, *, since: str) -> None:
    """Send every event since an instant that was not delivered to an endpoint.

    Parameters
    ----------
    endpoint
        Its id, as `webhooks list` shows it.
    since
        The instant, such as 2026-03-01T09:00:00Z.
    """
    with calling() as client:
        print(f"{client.webhooks.recover(endpoint, since).deliveries} on their way.")


def _print(lines: list[str], nothing: str = "") -> None:
    """Print lines that hold nothing that a terminal would obey, or what says that there are none."""
    from trivet.cli.telling import Page

    page = Page()
    for line in lines or [nothing]:
        page.print("".join(letter if letter.isprintable() else "�" for letter in line))
