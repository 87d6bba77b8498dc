"""Zip archives, inflated without trust: workbooks, and several csv files kept as one."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

MAX_INFLATED = 200 * 2**20
"""The most that the parts of an archive may hold together, in bytes."""

MAX_RATIO = 200
"""How many times its packed size an archive larger than `_SMALL` may hold."""

_SMALL = 10 * 2**20
_CHUNK = 2**18
_MAX_PARTS = 5000
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest that zip can write


class ArchiveFault(Exception):
    """An archive can't be unpacked, or not safely."""


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of `parts`: uncompressed, sorted, undated; equal parts give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _THEN)
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return packed.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the parts of an archive by name.

    What an archive says of its sizes is not believed: each part is inflated under a cap over all of
    them.

    Raises:
        ArchiveFault: it is truncated, encrypted or damaged, or would grow beyond `MAX_INFLATED` or
        `MAX_RATIO`.
    """
    parts: dict[str, bytes] = {}
    room = min(MAX_INFLATED, max(_SMALL, MAX_RATIO * len(content)))
    for entry in _entries(content, room):
        part = _inflated(content, entry, room)
        if zlib.crc32(part) != entry.CRC:
            raise ArchiveFault(f"its part {entry.filename!a} is damaged")
        room -= len(part)
        parts[entry.filename] = part
    return parts


def _entries(content: bytes, room: int) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise ArchiveFault("it is truncated or damaged: fetch the file again") from error
    if len(entries) > _MAX_PARTS or len({e.filename for e in entries}) < len(entries):
        raise ArchiveFault("it has too many parts, or two of one name")
    if any(e.flag_bits & 0x1 for e in entries):
        raise ArchiveFault("it is encrypted: save it without a password")
    if sum(e.file_size for e in entries) > room:
        raise _too_large(room)
    return entries


def _inflated(content: bytes, entry: zipfile.ZipInfo, room: int) -> bytes:
    packed = _packed(content, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        part = b"".join(_chunks(packed, entry, room))
    else:
        raise ArchiveFault(f"its part {entry.filename!a} is compressed in an unusual way")
    if len(part) > room:
        raise _too_large(room)
    return part


def _packed(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise ArchiveFault(f"its part {entry.filename!a} is not where its index says")
    _, name, extra = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name + extra
    return content[start : start + entry.compress_size]


def _chunks(packed: bytes, entry: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    total = 0
    while packed and not inflater.eof:
        try:
            chunk = inflater.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise ArchiveFault(f"its part {entry.filename!a} is damaged") from error
        total += len(chunk)
        if total > room:
            raise _too_large(room)
        packed = inflater.unconsumed_tail
        yield chunk
    if not inflater.eof:
        rest = inflater.flush()
        if total + len(rest) > room:
            raise _too_large(room)
        yield rest


def _too_large(room: int) -> ArchiveFault:
    return ArchiveFault(
        f"it would grow beyond {room // 2**20} MiB when unpacked: it is no register"
    )
