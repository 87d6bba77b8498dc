"""Sending webhooks: nothing is connected to but what was checked, and whatever a receiver does is an answer."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.alerts.receivers import (
    LOOPBACK,
    OK,
    Authority,
    Receiver,
    deaf_port,
    leading,
    name_server,
    receiving,
)
from tests.service import Clock
from trivet.alerts.addresses import PORTS, Address, Destination, Network, Policy, RefusedAddress
from trivet.alerts.outbound import (
    KEPT,
    Answered,
    Lookup,
    Outbound,
    _bound_for,
    _Resolver,
    retry_after,
)

BODY = b'{"type": "webhook.test"}'
HEADERS = {"Content-Type": "application/json", "User-Agent": "trivet/0", "webhook-id": "evt_1"}
EVERY_PORT = [range(1, 65536)]
_TLS = ssl.create_default_context()
"""Takes long to make, and is the same for all that is refused."""

HOSTILE = [
    # Other schemes, and what is no URL. {port} is where a server listens on 127.0.0.1.
    "",
    "hooks.example.com",
    "//hooks.example.com/",
    "https:hooks.example.com/",
    "https:///hooks.example.com/",
    "https://:{port}/",
    "file:///etc/passwd",
    "ftp://hooks.example.com:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "ws://127.0.0.1:{port}/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "javascript:alert(1)",
    "http://hooks.example.com:{port}/",
    # What one reader takes for the host and another doesn't.
    "https://hooks.example.com@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@hooks.example.com/",
    "https://@127.0.0.1:{port}/",
    "https://anna:hunter2@hooks.example.com/",
    "https://hooks.example.com:{port}#@127.0.0.1/",
    "https://127.0.0.1:{port}#@hooks.example.com/",
    "https://hooks.example.com/#",
    "https://127.0.0.1:{port}\\@hooks.example.com/",
    "https:\\\\127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\t/",
    "https://127.0.0.1:{port}/\r\nHost: hooks.example.com",
    " https://127.0.0.1:{port}/",
    "https://127.0.0.1\u3000:{port}/",
    "https://127.0.0.1\u200b:{port}/",
    "https://127.0.0.1\x00.hooks.example.com:{port}/",
    "https://127%2e0%2e0%2e1:{port}/",
    "https://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
    "https://hooks.example.com:{port}:443/",
    "https://[::1:{port}/",
    "https://[hooks.example.com]:{port}/",
    "https://hooks.example.com:٤٤٣/",
    "https://" + "a" * 64 + ".example.com:{port}/",
    "https://" + "a." * 130 + "example.com:{port}/",
    "https://hooks..example.com:{port}/",
    "https://hooks.example.com..:{port}/",
    "https://-hooks.example.com:{port}/",
    "https://xn--\u0661.example.com:{port}/",
    "https://hooks.example.com:{port}/" + "a" * 2000,
    # Ports.
    "https://hooks.example.com:0/",
    "https://hooks.example.com:70000/",
    # This machine, as it may be spelt.
    "https://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "https://127.0.0.1.:{port}/",
    "https://127.1:{port}/",
    "https://127.0.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0x7f.1:{port}/",
    "https://0x7F.0x0.0x0.0x1:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://017700000001:{port}/",
    "https://127.000.000.001:{port}/",
    "https://127.0.0.0x1:{port}/",
    "https://127.0.0.1.0x:{port}/",
    "https://①②⑦.⓪.⓪.①:{port}/",
    "https://127。0。0。1:{port}/",
    "https://\uff11\uff12\uff17.0.0.1:{port}/",
    "https://0:{port}/",
    "https://0.0.0.0:{port}/",
    "https://[::]:{port}/",
    "https://[::1]:{port}/",
    "https://[0:0:0:0:0:0:0:1]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[::127.0.0.1]:{port}/",
    "https://[64:ff9b::127.0.0.1]:{port}/",
    "https://[64:ff9b:1::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[2001:0:7f00:1::]:{port}/",
    "https://[fe80::1%25lo]:{port}/",
    "https://[::1%lo]:{port}/",
    "https://localhost:{port}/",
    "https://LOCALHOST.:{port}/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "https://hooks.localhost:{port}/",
    # Networks that are nobody's, or somebody's inside.
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[fd00:ec2::254]/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fd12:3456::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    # Names that public DNS doesn't hold.
    "https://receiver:{port}/",
    "https://metadata.google.internal/",
    "https://printer.local:{port}/",
    "https://nas.home.arpa:{port}/",
    "https://hooks.test:{port}/",
    "https://hooks.invalid:{port}/",
    "https://hooks.example:{port}/",
    "https://hooks.onion:{port}/",
]

LEADING_INSIDE = [
    "loopback",
    "private",
    "metadata",
    "mixed",
    "mixed6",
    "mapped",
    "nat64",
    "scoped",
    "nothing",
    "unknown-to-the-table",
]
_PUBLIC = "93.184.215.14"
NAMES = leading(
    hooks=_PUBLIC,
    private="10.1.2.3",
    metadata="169.254.169.254",
    mixed=[_PUBLIC, "127.0.0.1"],
    mixed6=["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::1"],
    mapped="::ffff:127.0.0.1",
    nat64="64:ff9b::7f00:1",
    scoped="fe80::1%1",
    nothing=[],
)


def _ports(receiver: Receiver) -> list[range]:
    return [*PORTS, range(receiver.port, receiver.port + 1)]


async def _post(
    url: str,
    networks: Sequence[Network] = (LOOPBACK,),
    *,
    limits: tuple[float, float] = (30.0, 30.0),
    lookup: Lookup = NAMES,
    tls: ssl.SSLContext | None = None,
    headers: Mapping[str, str] = HEADERS,
) -> Answered:
    async with Outbound(networks, EVERY_PORT, limits=limits, lookup=lookup, tls=tls) as outbound:
        return await outbound.send(url, headers, BODY)


def _refused(answered: Answered) -> bool:
    return answered.status is None and (answered.failure or "").startswith("address refused: ")


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_url_is_refused_at_registration_and_at_sending(url: str) -> None:
    async with receiving() as receiver:
        url = url.replace("{port}", str(receiver.port))
        async with Outbound(ports=_ports(receiver), lookup=NAMES, tls=_TLS) as outbound:
            with pytest.raises(RefusedAddress, match=r"^\S.*[;,].*\.$|Webhooks do not go to port"):
                outbound.check(url)
            with pytest.raises(RefusedAddress):
                await outbound.registerable(url)
            assert _refused(await outbound.send(url, HEADERS, BODY))
    assert receiver.connections == 0


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_url_is_refused_where_another_network_is_allowed(url: str) -> None:
    networks = [ip_network("10.20.0.0/16")]
    async with receiving() as receiver:
        url = url.replace("{port}", str(receiver.port))
        async with Outbound(networks, _ports(receiver), lookup=NAMES, tls=_TLS) as outbound:
            with pytest.raises(RefusedAddress):
                await outbound.registerable(url)
            assert _refused(await outbound.send(url, HEADERS, BODY))
    assert receiver.connections == 0


@pytest.mark.parametrize("name", LEADING_INSIDE)
async def test_a_name_that_leads_inside_is_refused_at_registration_and_at_sending(
    name: str,
) -> None:
    async with receiving() as receiver:
        url = f"https://{name}.example.com:{receiver.port}/"
        async with Outbound(ports=_ports(receiver), lookup=NAMES, tls=_TLS) as outbound:
            outbound.check(url)
            with pytest.raises(RefusedAddress):
                await outbound.registerable(url)
            assert _refused(await outbound.send(url, HEADERS, BODY))
    assert receiver.connections == 0


async def test_a_name_is_refused_for_the_one_address_that_is_outside_the_allowed_network() -> None:
    async with receiving() as receiver:
        url = f"http://mixed.example.com:{receiver.port}/"
        async with Outbound([LOOPBACK], _ports(receiver), lookup=NAMES, tls=_TLS) as outbound:
            with pytest.raises(RefusedAddress, match="Without TLS"):
                await outbound.registerable(url)
            assert _refused(await outbound.send(url, HEADERS, BODY))
    assert receiver.connections == 0


async def test_a_public_name_is_registered() -> None:
    async with Outbound(lookup=NAMES) as outbound:
        await outbound.registerable("https://hooks.example.com/trivet")
        await outbound.registerable("https://93.184.215.14:8443/trivet")


async def test_a_name_that_does_not_resolve_is_not_registered_and_not_sent_to() -> None:
    async def lookup(host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async with Outbound(lookup=lookup) as outbound:
        with pytest.raises(RefusedAddress, match=r"hooks\.example\.com does not resolve"):
            await outbound.registerable("https://hooks.example.com/")
        answered = await outbound.send("https://hooks.example.com/", HEADERS, BODY)
    assert (answered.status, answered.failure) == (None, "name does not resolve")


async def test_a_name_whose_lookup_never_ends_is_given_up() -> None:
    async def lookup(host: str) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    async with Outbound(lookup=lookup, limits=(30.0, 0.1)) as outbound:
        with pytest.raises(RefusedAddress, match="does not resolve"):
            await outbound.registerable("https://hooks.example.com/")
        answered = await outbound.send("https://hooks.example.com/", HEADERS, BODY)
    assert (answered.status, answered.failure) == (None, "timed out")


async def test_a_webhook_is_posted_as_it_was_given() -> None:
    async with receiving() as receiver:
        answered = await _post(f"http://receiver:{receiver.port}/trivet?team=ld%20d")
    assert (answered.status, answered.answer, answered.failure) == (200, b"taken", None)
    assert answered.accepted
    assert 0 < answered.seconds < 30
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /trivet?team=ld%20d HTTP/1.1\r\nHost: receiver:")
    assert b"User-Agent: trivet/0\r\n" in head
    assert b"webhook-id: evt_1" in head
    assert b"Accept-Encoding: identity" in head
    assert b"Cookie" not in head
    assert body == BODY


async def test_the_system_resolver_is_asked_unless_another_is_given() -> None:
    async with receiving() as receiver:
        networks = [LOOPBACK, ip_network("::1/128")]
        async with Outbound(networks, _ports(receiver)) as outbound:
            url = f"http://localhost:{receiver.port}/"
            await outbound.registerable(url)
            answered = await outbound.send(url, HEADERS, BODY)
    assert answered.status == 200


async def test_a_name_that_leads_elsewhere_after_registration_is_refused_at_sending() -> None:
    async with receiving() as receiver, name_server(_PUBLIC, "127.0.0.1") as (dns, lookup):
        url = f"https://hooks.example.com:{receiver.port}/"
        async with Outbound(ports=_ports(receiver), lookup=lookup) as outbound:
            await outbound.registerable(url)
            assert dns.asked == 1
            assert _refused(await outbound.send(url, HEADERS, BODY))
            assert dns.asked == 2
    assert receiver.connections == 0


async def test_a_name_is_looked_up_once_for_a_send_that_goes_to_what_was_checked() -> None:
    async with receiving(host="127.0.0.9") as receiver:
        async with name_server("127.0.0.9", "10.1.2.3") as (dns, lookup):
            answered = await _post(f"http://hooks.example.com:{receiver.port}/", lookup=lookup)
        assert dns.asked == 1
    assert (answered.status, receiver.connections) == (200, 1)


async def test_a_connection_that_is_open_is_used_again_and_a_new_one_is_checked_anew() -> None:
    async with (
        receiving() as receiver,
        receiving(OK.replace(b"OK", b"OK\r\nConnection: close"), hangs_up=True) as hanging_up,
        name_server("127.0.0.1", "127.0.0.1", "10.1.2.3") as (dns, lookup),
        Outbound([LOOPBACK], EVERY_PORT, lookup=lookup) as outbound,
    ):
        for _ in range(3):
            sent = await outbound.send(f"http://a.example.com:{receiver.port}/", HEADERS, BODY)
            assert sent.accepted
        assert (receiver.connections, dns.asked) == (1, 1)
        url = f"http://a.example.com:{hanging_up.port}/"
        assert (await outbound.send(url, HEADERS, BODY)).accepted
        assert _refused(await outbound.send(url, HEADERS, BODY))
        assert (hanging_up.connections, dns.asked) == (1, 3)


async def test_sends_that_run_at_once_are_each_judged_by_where_they_go_themselves() -> None:
    async with (
        receiving() as receiver,
        Outbound([LOOPBACK], EVERY_PORT, lookup=NAMES) as outbound,
    ):
        hosts = [f"a{n}.example.com" if n % 2 else "mixed.example.com" for n in range(60)]
        sent = await asyncio.gather(
            *(outbound.send(f"http://{h}:{receiver.port}/", HEADERS, BODY) for h in hosts)
        )
    assert [a.accepted for a in sent] == [h != "mixed.example.com" for h in hosts]
    assert all(_refused(a) for a, h in zip(sent, hosts, strict=True) if h == "mixed.example.com")
    assert receiver.connections == 30


async def test_as_many_are_sent_at_once_as_the_caller_asks_for() -> None:
    everybody = asyncio.Event()

    async def answer(receiver: Receiver, writer: asyncio.StreamWriter) -> None:
        if len(receiver.requests) == 150:
            everybody.set()
        await everybody.wait()
        writer.write(OK)

    async with (
        receiving(answer) as receiver,
        Outbound([LOOPBACK], EVERY_PORT, lookup=leading()) as outbound,
    ):
        url = f"http://a.example.com:{receiver.port}/"
        sent = await asyncio.gather(*(outbound.send(url, HEADERS, BODY) for _ in range(150)))
    assert all(answered.accepted for answered in sent)


async def test_no_host_is_looked_up_on_a_send_but_the_one_that_was_checked() -> None:
    async def addresses(going: Destination) -> list[Address]:
        return [ip_address(_PUBLIC)]

    resolver = _Resolver(addresses)
    bound = _bound_for.set(Policy().read("https://hooks.example.com/"))
    try:
        assert [a["host"] for a in await resolver.resolve("hooks.example.com", 443)] == [_PUBLIC]
        for host, port in (("proxy.example.com", 443), ("hooks.example.com", 8443)):
            with pytest.raises(RefusedAddress):
                await resolver.resolve(host, port)
    finally:
        _bound_for.reset(bound)


async def test_a_certificate_has_to_be_for_the_name_though_the_address_is_pinned(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path)
    async with receiving(tls=authority.serves("hooks.example.com")) as receiver:
        trusting = authority.trusted()
        right = f"https://hooks.example.com:{receiver.port}/"
        answered = await _post(right, tls=trusting, lookup=leading())
        assert (answered.status, answered.answer) == (200, b"taken")
        dotted = f"https://HOOKS.example.com.:{receiver.port}/"
        assert (await _post(dotted, tls=trusting, lookup=leading())).status == 200
        requests = len(receiver.requests)
        for url in (
            f"https://other.example.com:{receiver.port}/",
            f"https://127.0.0.1:{receiver.port}/",
        ):
            answered = await _post(url, tls=trusting, lookup=leading())
            assert (answered.status, answered.failure) == (None, "certificate not valid")
        answered = await _post(right, lookup=leading())  # by the authorities of this machine
        assert (answered.status, answered.failure) == (None, "certificate not valid")
        assert len(receiver.requests) == requests


async def test_a_receiver_that_speaks_no_tls_is_an_answer() -> None:
    async with receiving(greeting=b"220 mail.example.com\r\n\r\n") as receiver:
        answered = await _post(f"https://a.example.com:{receiver.port}/")
    assert (answered.status, answered.failure) == (None, "no TLS connection")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with receiving() as second:
        answer = (
            f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{second.port}/\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        async with receiving(answer.encode()) as first:
            answered = await _post(f"http://127.0.0.1:{first.port}/")
    assert (answered.status, answered.failure) == (status, "redirect not followed")
    assert not answered.accepted
    assert (first.connections, second.connections) == (1, 0)


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        receiving() as receiver,
        receiving() as proxy,
        receiving(greeting=b"220 x\r\n") as plain,
    ):
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{proxy.port}")
        assert (await _post(f"http://a.example.com:{receiver.port}/")).status == 200
        assert (await _post(f"https://a.example.com:{plain.port}/", lookup=leading())).failure
        assert plain.connections == 1
    assert proxy.connections == 0


async def test_cookies_are_not_kept() -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with (
        receiving(answer) as receiver,
        Outbound([LOOPBACK], EVERY_PORT, lookup=leading()) as outbound,
    ):
        for _ in range(2):
            await outbound.send(f"http://a.example.com:{receiver.port}/", HEADERS, BODY)
    assert len(receiver.requests) == 2
    assert not any(b"cookie" in request.lower() for request in receiver.requests)


async def _for_ever(receiver: Receiver, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:  # until the sender hangs up
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()
        receiver.sent += 0x10000


async def test_an_endless_body_is_read_no_further_than_its_beginning() -> None:
    async with receiving(_for_ever) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/")
    assert (answered.status, answered.answer) == (200, b"x" * KEPT)
    assert answered.seconds < 15
    assert receiver.sent < 32 * 2**20  # what fits between two sockets


async def test_a_body_of_exactly_what_is_kept_is_kept_whole() -> None:
    for length in (0, 1, KEPT - 1, KEPT, KEPT + 1, 10 * KEPT):
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"
        async with receiving(head.encode() + b"y" * length) as receiver:
            answered = await _post(f"http://127.0.0.1:{receiver.port}/")
        assert answered.answer == b"y" * min(length, KEPT)


async def test_what_is_packed_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50 * 2**20))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    async with receiving(head.encode() + bomb) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/")
    assert (answered.status, answered.answer) == (200, bomb[:KEPT])


def _dripping(at_once: bytes) -> Callable[[Receiver, asyncio.StreamWriter], Awaitable[None]]:
    async def drip(receiver: Receiver, writer: asyncio.StreamWriter) -> None:
        writer.write(at_once)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    return drip


async def test_headers_that_come_drop_by_drop_are_given_up() -> None:
    async with receiving(_dripping(b"HTTP/1.1 200 OK\r\nX: ")) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/", limits=(0.5, 0.5))
    assert (answered.status, answered.failure) == (None, "timed out")
    assert not answered.accepted


async def test_a_body_that_comes_drop_by_drop_does_not_undo_the_status() -> None:
    dripping = _dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    async with receiving(dripping) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/", limits=(0.5, 0.5))
    assert (answered.status, answered.failure) == (200, None)
    assert answered.accepted
    assert 0 < len(answered.answer) < 100
    assert set(answered.answer) == set(b"x")


async def test_a_body_that_breaks_off_does_not_undo_the_status() -> None:
    answer = b"HTTP/1.1 500 Broken\r\nContent-Length: 1000\r\n\r\nhalf"
    async with receiving(answer, hangs_up=True) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/")
    assert (answered.status, answered.answer, answered.failure) == (500, b"half", None)
    assert not answered.accepted


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (b"", "connection closed"),
        (b"HTTP/1.1 200 OK\r\nContent-", "connection closed"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "answer is not HTTP"),
        (b"\x16\x03\x01\x00\xff\x00\r\n\r\n", "answer is not HTTP"),
        (b"HTTP/1.1 two-hundred OK\r\n\r\n", "answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n", "answer is not HTTP"),
    ],
    ids=["nothing", "half a head", "SSH", "TLS", "no status", "a long header", "many headers"],
)
async def test_what_is_no_answer_is_named(answer: bytes, failure: str) -> None:
    async with receiving(answer, hangs_up=True) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/")
    assert (answered.status, answered.failure) == (None, failure)


async def test_a_port_where_nobody_listens_is_an_answer() -> None:
    with deaf_port() as port:
        answered = await _post(f"http://127.0.0.1:{port}/")
        assert (answered.status, answered.failure) == (None, "connection refused")
        several = leading(several=["127.0.0.1", "127.0.0.2"])
        answered = await _post(f"http://several.example.com:{port}/", lookup=several)
        assert (answered.status, answered.failure) == (None, "connection refused")


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async with receiving() as receiver:
        several = leading(several=["127.0.0.77", "127.0.0.1"])
        answered = await _post(f"http://several.example.com:{receiver.port}/", lookup=several)
    assert answered.status == 200


@pytest.mark.parametrize("status", [199, 204, 299, 404, 410, 429, 503])
async def test_only_2xx_is_accepted_and_a_status_is_no_failure_of_the_network(status: int) -> None:
    answer = f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\nRetry-After: 120\r\n\r\n".encode()
    if status == 199:
        answer += OK  # one that announces the answer proper
    async with receiving(answer) as receiver:
        answered = await _post(f"http://127.0.0.1:{receiver.port}/")
    assert answered.failure is None
    assert answered.status == (200 if status == 199 else status)
    assert answered.accepted is (answered.status in {200, 204, 299})
    if status != 199:
        assert answered.retry_after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 120 ", 120),
        ("86400", 86400),
        ("86401", 86400),
        ("9" * 5000, 86400),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_in_seconds_is_heeded_for_a_day_at_most(
    header: str | None, seconds: int | None
) -> None:
    wait = retry_after(header, Clock().now)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_retry_after_as_a_date_is_heeded_for_a_day_at_most() -> None:
    now = Clock().now.replace(microsecond=0)
    for ahead, heeded in ((90, 90), (-90, 0), (10**7, 86400)):
        date = format_datetime(now + timedelta(seconds=ahead), usegmt=True)
        assert retry_after(date, now) == timedelta(seconds=heeded)
    assert retry_after("Sun Nov  6 08:49:37 1994", now) == timedelta()
    assert retry_after("Fri, 31 Feb 2026 25:61:00 GMT", now) is None


@given(st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,9} .{0,9}")))
def test_whatever_retry_after_says_is_a_wait_of_a_day_at_most_or_nothing(header: str) -> None:
    wait = retry_after(header, Clock().now)
    assert wait is None or timedelta() <= wait <= timedelta(days=1)


def test_the_ports_of_webhooks_are_those_of_https() -> None:
    assert [port for ports in PORTS for port in ports] == [443, 8443]
