"""Bodies of answers, inflated without trust: gzip and deflate, under a cap."""

import zlib

_BITS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class BodyFault(Exception):
    """A body can't be taken in, or not whole."""


class Plain:
    """A body as it is, up to `room` bytes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._parts: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Take in the next bytes; BodyFault if they are damaged or too many."""
        self._room -= len(data)
        if self._room < 0:
            raise BodyFault("is larger than the profile's max_bytes: is it the right address?")
        self._parts.append(data)

    def whole(self) -> bytes:
        """Return all of the body; BodyFault if it breaks off."""
        return b"".join(self._parts)


class Packed(Plain):
    """A body that arrives compressed, inflated as it comes, never further than there is room."""

    def __init__(self, room: int, bits: int) -> None:
        super().__init__(room)
        self._bits = bits
        self._inflater = zlib.decompressobj(bits)

    def add(self, data: bytes) -> None:
        """Take in the next bytes; BodyFault if they are damaged or too many."""
        while data:
            if self._inflater.eof:  # gzip may have several members, one after the other
                self._inflater = zlib.decompressobj(self._bits)
            try:
                part = self._inflater.decompress(data, self._room + 1)
            except zlib.error:
                raise BodyFault("can't be decompressed: it is damaged, fetch it again") from None
            super().add(part)
            data = self._inflater.unused_data

    def whole(self) -> bytes:
        """Return all of the body; BodyFault if it breaks off."""
        if not self._inflater.eof:
            raise BodyFault("breaks off in the middle: fetch it again")
        return super().whole()


def body(encoding: str, room: int) -> Plain:
    """Return what takes in a body of a Content-Encoding, up to `room` bytes when inflated.

    Raises:
        BodyFault: it is encoded in a way that was not asked for.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return Plain(room)
    if name not in _BITS:
        raise BodyFault(f"is encoded as {name[:40]!a}, though only gzip was asked for")
    return Packed(room, _BITS[name])
