"""Request bodies, read strictly: what is doubtful in a question is refused, never guessed."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import msgspec
from litestar import Request

from trivet.http.problems import FieldError, Problem

_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_MISSING = re.compile(r"missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"contains unknown field `(.*)`", re.DOTALL)
_HALF = re.compile(r"[\ud800-\udfff]")
LONGEST_QUOTE, MOST_DIGITS = 120, 100


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body must be what the handler declares, field by field, each key once."""

    async def json(self) -> Any:
        """Return the body as the type of the handler's `data`; a Problem of 400 or 415 says what is wrong."""
        if self.content_type[0] != "application/json":
            raise Problem(
                415, "unsupported_media_type", "Send the body as Content-Type: application/json."
            )
        field = self.route_handler.parsed_data_field
        value = parse_json(await self.body())
        return value if field is None else typed(value, field.annotation)


def parse_json(body: bytes) -> Any:
    """Read JSON strictly: UTF-8, no duplicate keys, no NaN; a Problem of 400 says where it ends being JSON."""
    try:
        return json.loads(
            body.decode(),
            object_pairs_hook=_each_key_once,
            parse_constant=_no_constant,
            parse_int=_integer,
        )
    except UnicodeDecodeError as error:
        _refuse(f"The body is not UTF-8: byte {error.start}.")
    except json.JSONDecodeError as error:
        _refuse(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.")
    except RecursionError:
        _refuse("The body is nested too deeply.")
    except ValueError as error:
        _refuse(f"The body can't be taken: {error}.")


def typed(value: Any, annotation: Any) -> Any:
    """Return a parsed body as a type; a Problem of 400 names the first field that does not fit."""
    for pointer in _half_characters(value):
        detail = "has half of a surrogate pair, which is no character"
        field = FieldError(pointer=pointer, code="ill_formed", detail=detail)
        _refuse(f"The body can't be taken: a text {detail}.", [field])
    try:
        return msgspec.convert(value, annotation, strict=True)
    except msgspec.ValidationError as error:
        field = _field_error(str(error))
        _refuse(f"The body does not fit: {field.detail}.", [field])


def _half_characters(value: Any) -> Iterator[str]:
    """Find the texts that UTF-8 can't hold, which could be neither kept nor quoted: a pointer to each."""
    waiting = [("", value)]
    while waiting:
        pointer, at = waiting.pop()
        if isinstance(at, dict):
            waiting += [(f"{pointer}/{_token(key)}", held) for key, held in at.items()]
            waiting += [(pointer, key) for key in at]
        elif isinstance(at, list):
            waiting += [(f"{pointer}/{i}", held) for i, held in enumerate(at)]
        elif isinstance(at, str) and _HALF.search(at):
            yield pointer


def _field_error(message: str) -> FieldError:
    path = _PATH.search(message)
    detail = message[: path.start()] if path else message
    pointer = _pointer(path["path"]) if path else ""
    for pattern, code in ((_MISSING, "missing"), (_UNKNOWN, "unknown_field")):
        named = pattern.search(detail)
        if named:
            return FieldError(
                pointer=f"{pointer}/{_token(named[1])}", code=code, detail=clipped(detail)
            )
    return FieldError(pointer=pointer, code="invalid", detail=clipped(detail))


def _pointer(path: str) -> str:
    return "".join(f"/{key or index}" for key, index in _STEP.findall(path))


def _token(key: str) -> str:
    """Return a key as a part of a pointer (RFC 6901)."""
    return _short(key).replace("~", "~0").replace("/", "~1")


def clipped(quoted: str) -> str:
    """Return what a caller sent as it may be quoted back: not too long, and in ASCII alone."""
    return _short(quoted).encode("ascii", "backslashreplace").decode()


def _short(quoted: str) -> str:
    return quoted if len(quoted) <= LONGEST_QUOTE else f"{quoted[:LONGEST_QUOTE]}..."


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key '{clipped(twice)}' is given twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse(detail: str, errors: Sequence[FieldError] = ()) -> NoReturn:
    raise Problem(
        400,
        "invalid_body",
        detail,
        errors=errors or [FieldError(pointer="", code="invalid", detail=detail)],
    )
