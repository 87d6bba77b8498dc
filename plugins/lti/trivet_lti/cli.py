"""The command `trivet-lti`: register platforms, show how the tool is registered there, serve."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

import uvicorn
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_client import AsyncTrivetClient, TrivetError
from trivet_lti import attestations, database, registry
from trivet_lti.app import application, configuration
from trivet_lti.platforms import BadAddress, checked, origin
from trivet_lti.settings import BadSetting, Settings, settings_from

Work = Callable[[AsyncConnection, Settings, argparse.Namespace], Awaitable[None]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 1 with one line on stderr that says what to do."""
    asked = _parser().parse_args(arguments)
    try:
        settings = settings_from()
        asked.run(settings, asked)
    except (BadSetting, BadAddress, registry.AlreadyRegistered, TrivetError, ValueError) as error:
        print(f"trivet-lti: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(settings: Settings, asked: argparse.Namespace) -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(
        logging.WARNING
    )  # it logs addresses, which have ids of people in them
    app = application(settings, AsyncTrivetClient.from_settings())
    # Addresses of logins name people by the platform's ids, so that none is logged.
    uvicorn.run(app, host=asked.host, port=asked.port, access_log=False, log_config=None)


def _config(settings: Settings, _: argparse.Namespace) -> None:
    print(json.dumps(configuration(settings), indent=2))


async def _add(connection: AsyncConnection, settings: Settings, asked: argparse.Namespace) -> None:
    urls = {
        name: checked(
            f"--{name.replace('_', '-')}", getattr(asked, name), loopback=settings.loopback
        )
        for name in ("auth_url", "token_url", "jwks_url")
    }
    origins = [checked("--origin", each, loopback=settings.loopback) for each in asked.origin]
    platform = await registry.add(
        connection,
        **urls,
        issuer=asked.issuer,
        client_id=asked.client_id,
        deployments=tuple(asked.deployment),
        token_audience=asked.token_audience or asked.token_url,
        origins=tuple(origin(each) for each in origins),
        asks_role=asked.asks_role,
    )
    print(platform.id)


async def _list(connection: AsyncConnection, _: Settings, __: argparse.Namespace) -> None:
    for platform in await registry.every(connection):
        deployments = ",".join(platform.deployments)
        print(platform.id, platform.issuer, platform.client_id, deployments, sep="\t")


async def _remove(connection: AsyncConnection, _: Settings, asked: argparse.Namespace) -> None:
    if not await registry.remove(connection, asked.platform):
        raise ValueError("there is no such platform: see trivet-lti platforms list")


async def _forget(connection: AsyncConnection, _: Settings, asked: argparse.Namespace) -> None:
    print(await attestations.forget_before(connection, asked.before))


def _kept(work: Work) -> Callable[[Settings, argparse.Namespace], None]:
    """Return a command that works with the database."""

    async def run(settings: Settings, asked: argparse.Namespace) -> None:
        engine = await database.opened(settings.database)
        try:
            async with database.writing(engine) as connection:
                await work(connection, settings, asked)
        finally:
            await engine.dispose()

    return lambda settings, asked: asyncio.run(run(settings, asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trivet-lti", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve the tool")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8020)
    serve.set_defaults(run=_serve)
    config = commands.add_parser("config", help="print what a platform has to know of the tool")
    config.set_defaults(run=_config)
    _platforms(commands.add_parser("platforms", help="add, list and remove learning platforms"))
    forget = commands.add_parser(
        "forget", help="delete attestations that need to be kept no longer"
    )
    forget.add_argument("--before", type=date.fromisoformat, required=True, metavar="DAY")
    forget.set_defaults(run=_kept(_forget))
    return parser


def _platforms(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="register a platform, and print its id here")
    add.add_argument(
        "--issuer", required=True, help="the platform's own id, exactly as it sends it"
    )
    add.add_argument("--client-id", required=True, help="what the platform calls this tool")
    add.add_argument(
        "--deployment", required=True, action="append", help="a deployment id; may be repeated"
    )
    add.add_argument("--auth-url", required=True, help="where logins are sent to")
    add.add_argument("--token-url", required=True, help="where access tokens are asked for")
    add.add_argument(
        "--token-audience", help="whom a token request is addressed to, if not the token URL"
    )
    add.add_argument("--jwks-url", required=True, help="where the platform's public keys are")
    add.add_argument(
        "--origin",
        action="append",
        default=[],
        help="another origin of the platform, where its services answer or its pages frame the tool; may be repeated",
    )
    add.add_argument(
        "--asks-role", action="store_true", help="the roster can be asked for instructors alone"
    )
    add.set_defaults(run=_kept(_add))
    commands.add_parser("list", help="list the platforms").set_defaults(run=_kept(_list))
    remove = commands.add_parser("remove", help="remove a platform, its courses and its mappings")
    remove.add_argument("platform", help="the id that add printed")
    remove.set_defaults(run=_kept(_remove))
