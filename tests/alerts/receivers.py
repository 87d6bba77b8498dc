"""Receivers of webhooks, and what a sender asks on its way to one: servers on loopback that tell what came."""

import asyncio
import secrets
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_network
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trivet.alerts.outbound import Lookup

LOOPBACK = ip_network("127.0.0.0/8")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntaken"


class Receiver:
    """A server: how many connections it was made, and what was asked over them."""

    port: int

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self.sent = 0


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ),
        0,
    )
    return head + await reader.readexactly(length)


@asynccontextmanager
async def receiving(
    answer: bytes | Callable[[Receiver, asyncio.StreamWriter], Awaitable[None]] = OK,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    greeting: bytes = b"",
    hangs_up: bool = False,
) -> AsyncIterator[Receiver]:
    """Receive on loopback; every request is answered with the same bytes, or by a function that writes the answer."""
    receiver = Receiver()
    at_work: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.connections += 1
        writer.write(greeting)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                receiver.requests.append(await _request(reader))
                if callable(answer):
                    await answer(receiver, writer)
                else:
                    writer.write(answer)
                await writer.drain()
                if hangs_up:
                    break
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        at_work.add(task)
        task.add_done_callback(at_work.discard)

    server = await asyncio.start_server(connected, host, 0, ssl=tls)
    async with server:
        receiver.port = server.sockets[0].getsockname()[1]
        yield receiver
    # Whoever was sent to has hung up by now, or is made to.
    await asyncio.wait_for(asyncio.gather(*at_work), 30)


def leading(**names: str | Sequence[str]) -> Lookup:
    """Return a lookup that knows these names of example.com, and that everything else is on this machine."""
    known = {f"{name}.example.com": [a] if isinstance(a, str) else a for name, a in names.items()}

    async def lookup(host: str) -> Sequence[str]:
        return known.get(host, ["127.0.0.1"])

    return lookup


class NameServer(asyncio.DatagramProtocol):
    """A DNS server that gives one answer after another, for no longer than it takes (TTL 0), and the last for ever."""

    def __init__(self, *answers: str) -> None:
        self._answers = [IPv4Address(answer).packed for answer in answers]
        self.asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        address = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        header = data[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0)
        # The name is where the question has it, at byte 12.
        record = struct.pack("!HHHIH", 0xC00C, 1, 1, 0, 4) + address
        self._transport.sendto(header + data[12:] + record, addr)


@asynccontextmanager
async def name_server(*answers: str) -> AsyncIterator[tuple[NameServer, Lookup]]:
    """Run a DNS server on loopback, and give the lookup that asks it."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(*answers), ("127.0.0.1", 0)
    )
    where = transport.get_extra_info("sockname")

    async def lookup(host: str) -> Sequence[str]:
        name = b"".join(bytes([len(part)]) + part.encode() for part in host.split(".")) + b"\0"
        number = secrets.token_bytes(2)
        question = number + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1"
        with socket.socket(type=socket.SOCK_DGRAM) as asking:
            asking.settimeout(0)
            asking.connect(where)
            await loop.sock_sendall(asking, question)
            data = await asyncio.wait_for(loop.sock_recv(asking, 512), 30)
        assert data[:2] == number
        assert data[12 : len(question)] == question[12:]
        return [str(IPv4Address(data[-4:]))]

    try:
        yield server, lookup
    finally:
        transport.close()


class Authority:
    """A certificate authority that lasts as long as a test: what it signs, and who trusts it alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fictional authority")])
        self._certificate = (
            self._dated(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _dated(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
        )

    def serves(self, name: str) -> ssl.SSLContext:
        """Return what a server shows that is called by a name."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._dated(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        chain = self._folder / f"{name}.pem"
        chain.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(chain)
        return context

    def trusted(self) -> ssl.SSLContext:
        """Return the default way of judging certificates, with this authority alone trusted."""
        pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)


@contextmanager
def deaf_port() -> Iterator[int]:
    """Give a port of 127.0.0.1 that refuses connections, and that nobody else is given meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]
