"""Where a webhook may go: what its URL may say, and which addresses its host may lead to. Nothing here asks a network.

Whoever registers a webhook chooses where this service connects to, from a place that may reach what they can't. So a
webhook goes to public addresses over https, and elsewhere only into networks that the operator names.
"""

import ipaddress
import re
from collections.abc import Sequence

import msgspec
import yarl
from ssrfguard import DEFAULT_DENIED, Reach

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS = (range(443, 444), range(8443, 8444))
"""The ports that webhooks go to unless the operator says otherwise."""

MAX_URL = 2000
"""Characters of a URL."""

_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "ff00::/8",
        # What clouds tell their machines, credentials among it, outside the link-local networks.
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
    )
)
"""Never a receiver, however wide the networks are that the operator allows."""

_SPECIAL = (
    ".alt",
    ".example",
    ".home.arpa",
    ".internal",
    ".invalid",
    ".local",
    ".localhost",
    ".onion",
    ".test",
)
"""Ends of names that public DNS doesn't hold, so only a network of the operator's gives them a meaning."""

_SHAPE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?:[/?].*)?")
_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:@%]+)(?::[0-9]{1,5})?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")


class RefusedAddress(Exception):
    """A webhook may not go there. `detail` is a sentence: what is wrong, and what to do.

    It says nothing of what stands before an `@`, nor which address a name leads to: neither a password nor the
    numbers of a network inside get to whoever reads it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Destination(msgspec.Struct, frozen=True):
    """Where a URL leads as far as it tells by itself: `host` is an address, or an ASCII name in lower case.

    `address` is the host where it is one. `inside` says why every address has to lie in a network that the operator
    allows, where that is so.
    """

    url: yarl.URL
    host: str
    port: int
    address: Address | None
    inside: str | None


class Policy(msgspec.Struct, frozen=True):
    """Where webhooks may go: over https to public addresses, anyhow into the operator's `networks`; only to `ports`."""

    networks: tuple[Network, ...] = ()
    ports: tuple[range, ...] = PORTS

    def read(self, url: str) -> Destination:
        """Return where a URL leads, judged by all that it tells before its name is looked up.

        Raises:
            RefusedAddress: No webhook may go there, whatever the name leads to.
        """
        scheme = _scheme(url)
        parsed = _parsed(url)
        host = (parsed.raw_host or "").lower().removesuffix(".")
        address = _literal(host)
        port = parsed.port or 0
        if not any(port in ports for ports in self.ports):
            raise RefusedAddress(f"Webhooks do not go to port {port}; use {self._ports()}.")
        going = Destination(
            url=parsed.with_host(host),
            host=host,
            port=port,
            address=address,
            inside=_inside(scheme, host, address),
        )
        if address is not None:
            self.admit(going, [address])
        elif going.inside and not self.networks:
            raise RefusedAddress(going.inside)
        return going

    def admit(self, going: Destination, addresses: Sequence[Address]) -> None:
        """Make sure that a webhook may go to all the addresses that its host leads to.

        One bad address refuses them all: a name that leads both outside and inside is how an attack looks.

        Raises:
            RefusedAddress: One of them is not allowed, or there is none.
        """
        if not addresses:
            raise RefusedAddress(f"{going.host} leads to no address; check how it is spelt.")
        for address in map(_as_reached, addresses):
            if any(address in network for network in _NEVER):
                raise RefusedAddress(_not_public(going))
            if self._allowed_inside(address):
                continue
            if going.inside:
                raise RefusedAddress(going.inside)
            if not _public(address):
                raise RefusedAddress(_not_public(going))

    def _allowed_inside(self, address: Address) -> bool:
        """Return whether the operator allows an address.

        One that carries another to be delivered to is not in any network by its own number.
        """
        block = DEFAULT_DENIED.match(address)
        carries = block is not None and block.reach is Reach.TRANSLATED
        return not carries and any(address in network for network in self.networks)

    def _ports(self) -> str:
        return " or ".join(
            str(ports.start) if len(ports) == 1 else f"{ports.start}–{ports.stop - 1}"
            for ports in self.ports
        )


def _scheme(url: str) -> str:
    """Return a URL's scheme, once nothing in the URL can be read in two ways."""
    if len(url) > MAX_URL:
        raise RefusedAddress(f"The URL is longer than {MAX_URL} characters; give a shorter one.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise RefusedAddress(
            "The URL holds white space, a backslash or a character that is not shown; "
            "percent-encode it in the path, and leave it out of the host."
        )
    if "#" in url:
        raise RefusedAddress(
            "The URL has a fragment, which is never sent; leave out # and all after."
        )
    shape = _SHAPE.fullmatch(url)
    if shape is None or shape["scheme"].lower() not in {"http", "https"}:
        raise RefusedAddress("The URL is not one for webhooks; begin it with https:// and a host.")
    if "@" in shape["authority"]:
        raise RefusedAddress(
            "The URL has a user name or password before its host; leave it out: "
            "what is sent is signed, and a receiver knows it by that."
        )
    if not _AUTHORITY.fullmatch(shape["authority"]):
        raise RefusedAddress(
            "The URL's host or port can't be read; give a host name, or an address without a zone."
        )
    return shape["scheme"].lower()


def _parsed(url: str) -> yarl.URL:
    # What was judged goes to the HTTP client as it is: no second parser reads the text its own way.
    try:
        return yarl.URL(url)
    except ValueError:
        raise RefusedAddress(
            "The URL's host is not a name that DNS can hold; check how it is spelt."
        ) from None


def _literal(host: str) -> Address | None:
    """Return the address that a host is; None if it is a name.

    An address has one spelling here. Others (`127.1`, `0x7f.1`, `2130706433`) are read differently by different
    readers, and the system's resolver is one that reads them.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise RefusedAddress(
                "The URL's host is a number that is no address; write an IPv4 address "
                "as four decimal numbers without leading zeros."
            ) from None
        if len(host) > 253 or not all(map(_LABEL.fullmatch, host.split("."))):
            raise RefusedAddress(
                "The URL's host is not a name that DNS can hold; check how it is spelt."
            ) from None
        return None


def _inside(scheme: str, host: str, address: Address | None) -> str | None:
    """Return why a host has to lie in a network that the operator allows; None if it need not."""
    if scheme == "http":
        return (
            "Without TLS, webhooks only go into networks that the operator of this service "
            "allows; use https."
        )
    if address is None and ("." not in host or f".{host}".endswith(_SPECIAL)):
        return (
            f"{host} is not a name of the public internet, and does not lead only into networks "
            "that the operator of this service allows; give a public name."
        )
    return None


def _as_reached(address: Address) -> Address:
    """Return the IPv4 address that a mapped IPv6 address stands for; any other address as it is."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def _public(address: Address) -> bool:
    """Return whether an address is public by both lists that we have.

    The library's follows the registries whatever the version of Python, and looks into addresses that carry an IPv4
    address. Python's own comes to the same by another hand.
    """
    return address.is_global and not DEFAULT_DENIED.classify(address).blocked


def _not_public(going: Destination) -> str:
    is_what = "is not" if going.address is not None else "leads to an address that is not"
    return (
        f"{going.host} {is_what} a public one; give a host whose addresses are all public, or ask "
        "the operator of this service to allow its network."
    )
