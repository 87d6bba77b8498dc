"""Where a server listens: taken before it starts, so that what is wrong with it is said in one line."""

import os
import socket
from collections.abc import Callable

import uvicorn

from trivet.settings import SettingError


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes a free one. SettingError says why it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        known = isinstance(error, OSError) and error.errno
        reason = os.strerror(known) if known else error
        raise SettingError(
            f"{host}:{port} can't be listened on ({reason}): name another port"
        ) from error


class Announced(uvicorn.Server):
    """A server that tells that it answers only once it does."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._tell()
