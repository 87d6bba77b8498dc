"""Commands that run the service or describe it."""

import asyncio
import logging
from pathlib import Path

import msgspec
import uvicorn

from trivet.app import create_app
from trivet.database import upgrade
from trivet.settings import load_settings


def serve(host: str, port: int) -> None:
    """Run the API and its documentation page until interrupted."""
    app = create_app(load_settings())
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level=logging.INFO,
        server_header=False,
        timeout_graceful_shutdown=30,
    )


def upgrade_database() -> None:
    """Bring the database's tables up to date."""
    asyncio.run(upgrade(load_settings().database_url))
    print("The database is up to date.")


def write_openapi(out: Path | None) -> None:
    """Print the OpenAPI document, or write it to a file."""
    document = msgspec.json.format(openapi_document(), indent=2) + b"\n"
    if out is None:
        print(document.decode(), end="")
    else:
        out.write_bytes(document)


def openapi_document() -> bytes:
    """Return the OpenAPI document as compact JSON; it depends on the code alone."""
    settings = msgspec.structs.replace(
        load_settings({}), database_url="sqlite+aiosqlite:///:memory:", pepper="-" * 32
    )
    return msgspec.json.encode(create_app(settings).openapi_schema.to_schema())
