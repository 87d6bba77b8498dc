"""Whether what arrived was signed by the service, and lately (Standard Webhooks 1.0)."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from standardwebhooks import Webhook

from trivet_client.problems import NotConfigured
from trivet_client.webhooks.events import Event
from trivet_client.webhooks.reading import event_of
from trivet_client.webhooks.refusals import NotAnEvent, NotGenuine

PREFIX = "whsec_"
SHORTEST = 24
"""How many bytes a secret has at least, as Standard Webhooks wants it."""

_SECONDS = re.compile(r"[1-9][0-9]{0,10}", re.ASCII)


def _now() -> datetime:
    return datetime.now(UTC)


class Receiver:
    """Verifies and reads webhooks. It holds no state but its secrets, which it never shows.

    Give two secrets while one takes the other's place: what either of them signed is genuine. `tolerance` is how far
    the time of signing may be from now, either way: a delivery that was overheard can't be sent again after it. Every
    try is signed anew, so a late delivery is no old one.

    Raises:
        NotConfigured: there is no secret, or one can't be one.
    """

    def __init__(
        self,
        *secrets: str,
        tolerance: timedelta = timedelta(minutes=5),
        clock: Callable[[], datetime] = _now,
    ) -> None:
        if not secrets:
            raise NotConfigured("A receiver needs the secret of its endpoint, like whsec_….")
        self._webhooks = [Webhook(_key(secret)) for secret in secrets]
        self._tolerance, self._clock = tolerance, clock

    def event(self, headers: Mapping[str, str], body: bytes | str) -> Event:
        """Return the event that arrived; nothing of a body is read before its signature was found right.

        `headers` may be in any letter case. `body` has to be as it came: what was read from JSON and written again is
        not what was signed.

        Raises:
            NotGenuine: a header is missing or malformed, the time is too far from now, or no secret made the signature.
            NotAnEvent: the signature is right, but the body is no event, or not the one that the headers name.
        """
        text = _text(body)
        given = {str(name).lower(): value for name, value in headers.items()}
        said_id = _header(given, "webhook-id")
        at = self._instant(_header(given, "webhook-timestamp"))
        self._confirm_signed(_header(given, "webhook-signature"), said_id, at, text)
        event = event_of(text)
        if event.id != said_id:
            raise NotAnEvent("the body is another event than the headers say")
        return event

    def _instant(self, seconds: str) -> datetime:
        if not _SECONDS.fullmatch(seconds):
            raise NotGenuine("webhook-timestamp is no number of seconds")
        at = datetime.fromtimestamp(int(seconds), UTC)
        if abs(at - self._clock()) > self._tolerance:
            raise NotGenuine("it was signed too long ago, or ahead of this clock")
        return at

    def _confirm_signed(self, signatures: str, said_id: str, at: datetime, body: str) -> None:
        # Compared as text and not decoded: of several texts that decode alike, one was sent.
        offered = [signature.encode() for signature in signatures.split(" ")]
        for webhook in self._webhooks:
            expected = webhook.sign(said_id, at, body).encode()
            if any(compare_digest(expected, signature) for signature in offered):
                return
        raise NotGenuine("no secret of this receiver made the signature")


def _key(secret: str) -> bytes:
    encoded = secret.strip().removeprefix(PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _no_secret() from error
    if not secret.strip().startswith(PREFIX) or len(key) < SHORTEST:
        raise _no_secret()
    return key


def _no_secret() -> NotConfigured:
    return NotConfigured(
        f"The secret of a webhook can't be one: it looks like {PREFIX}…, as the service gave it when the endpoint "
        "was made."
    )


def _header(headers: Mapping[str, object], name: str) -> str:
    value = headers.get(name)
    if not isinstance(value, str) or not value:
        raise NotGenuine(f"{name} is missing")
    if not value.isascii() or not value.isprintable():
        raise NotGenuine(f"{name} holds what no service sends")
    return value


def _text(body: bytes | str) -> str:
    try:
        return body.encode().decode() if isinstance(body, str) else body.decode()
    except UnicodeError as error:
        raise NotGenuine("the body is not UTF-8") from error
