"""Request bodies, read strictly: what is doubtful in a question is refused, never guessed."""

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

import msgspec
from litestar import Request

from trivet.http.problems import FieldError, Problem

_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"contains unknown field `([^`]+)`")


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
            body.decode(), object_pairs_hook=_each_key_once, parse_constant=_no_constant
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
    try:
        return msgspec.convert(value, annotation, strict=True)
    except msgspec.ValidationError as error:
        # What was sent is quoted in the message: a lone surrogate in it could not be sent back.
        field = _field_error(str(error).encode("ascii", "backslashreplace").decode())
        _refuse(f"The body does not fit: {field.detail}.", [field])


def _field_error(message: str) -> FieldError:
    path = _PATH.search(message)
    detail = message[: path.start()] if path else message
    pointer = _pointer(path["path"]) if path else ""
    for pattern, code in ((_MISSING, "missing"), (_UNKNOWN, "unknown_field")):
        named = pattern.search(detail)
        if named:
            return FieldError(pointer=f"{pointer}/{named[1]}", code=code, detail=detail)
    return FieldError(pointer=pointer, code="invalid", detail=detail)


def _pointer(path: str) -> str:
    return "".join(f"/{key or index}" for key, index in _STEP.findall(path))


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:80]!a} is given twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse(detail: str, errors: Sequence[FieldError] = ()) -> NoReturn:
    raise Problem(
        400,
        "invalid_body",
        detail,
        errors=errors or [FieldError(pointer="", code="invalid", detail=detail)],
    )
