"""The whole service on one machine with the fictional sample register: what `make run` starts."""

import argparse
import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import uvicorn

from trivet.access.keys import Scope, Secret
from trivet.access.store import Grant, add_key, find_caller
from trivet.alerts.rounds import Rounds
from trivet.app import create_app
from trivet.database import connect, writing_alone
from trivet.listening import Announced, listen
from trivet.private_files import kept
from trivet.register.mirror import Synced, sync
from trivet.register.sources import load_profiles
from trivet.sample import FOLDER
from trivet.settings import SettingError, Settings, load_settings
from trivet.upgrading import upgrade

QUESTION = {
    "provider": {"scheme": "certificate", "value": "SAMPLE-0001"},
    "programme": {"scheme": "register", "value": "lf-foundation"},
    "trainer": {"scheme": "authorisation", "value": "AUTH-01"},
}


class Keys(msgspec.Struct):
    """The two keys that are shown: for the mirrored register, and for the sandbox."""

    live: str
    test: str


def main() -> None:
    """Prepare what is missing, then serve on 127.0.0.1 until interrupted."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="where it keeps its own")
    given = parser.parse_args()
    try:
        settings = _settings(given.folder)
        keys, synced = asyncio.run(_prepare(settings, given.folder))
        _serve(settings, given.port, keys, synced)
    except SettingError as error:
        parser.exit(3, f"make run: {error}\n")


def _settings(folder: Path) -> Settings:
    """Return settings of its own; what the environment sets stays as it is set."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = {
        "TRIVET_DATABASE_URL": f"sqlite:///{(folder / 'trivet.db').resolve()}",
        "TRIVET_SOURCES": str(FOLDER),
        "TRIVET_KEY_PEPPER": kept(folder / "pepper", lambda: secrets.token_hex(32)),
        # So that `trivet listen` on the same machine can be told of events.
        "TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "TRIVET_WEBHOOK_PORTS": "443,1024-65535",
    }
    return load_settings({**own, **{k: v for k, v in os.environ.items() if v}})


async def _prepare(settings: Settings, folder: Path) -> tuple[Keys, Sequence[Synced]]:
    await upgrade(settings.database_url)
    engine = connect(settings.database_url)
    now = datetime.now(UTC)
    shown = json.loads(kept(folder / "keys.json", lambda: json.dumps(_new_keys())))
    keys = Keys(**shown)
    async with writing_alone(engine) as connection:
        for text in (keys.live, keys.test):
            secret = Secret.parse(text)
            if secret and not await find_caller(connection, secret, settings.key_pepper, now):
                await add_key(
                    connection,
                    secret,
                    settings.key_pepper,
                    Grant(
                        account="demo",
                        scopes=[Scope.VERIFY, Scope.READ, Scope.WATCH],
                        purpose="other",
                    ),
                    now,
                )
    key = settings.key_pepper
    synced = [
        await sync(engine, profile, key, lambda: datetime.now(UTC), herald=Rounds(engine, key))
        for profile in load_profiles(settings.sources_folder)
    ]
    await engine.dispose()
    return keys, synced


def _new_keys() -> dict[str, str]:
    return {"live": str(Secret.new(test=False)), "test": str(Secret.new(test=True))}


def _serve(settings: Settings, port: int, keys: Keys, synced: Sequence[Synced]) -> None:
    try:
        listening = listen("127.0.0.1", port)
    except SettingError as error:
        raise SettingError(f"{error} with `make run PORT=8001`") from error
    config = uvicorn.Config(
        create_app(settings, works=True), log_level="warning", server_header=False
    )
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    told = _announcement(address, keys, synced)
    with suppress(KeyboardInterrupt):  # the server has ended in order and hands the signal on
        Announced(config, partial(print, told, flush=True)).run(sockets=[listening])


def _announcement(address: str, keys: Keys, synced: Sequence[Synced]) -> str:
    mirrored = "\n".join(f"  {s.fetch.source}: {s.fetch.error or s.fetch.outcome}" for s in synced)
    return f"""
trivet answers at {address} (documentation: {address}/docs). Ctrl-C ends it.

Mirrored:
{mirrored}

Live key (the mirrored register):   {keys.live}
Test key (the fictional sandbox):   {keys.test}

Try this line. Every organisation of the sample register is fictional.

curl -s {address}/v1/verifications -H 'Authorization: Bearer {keys.live}' \\
  -H 'Content-Type: application/json' -d '{json.dumps(QUESTION)}'
"""


if __name__ == "__main__":
    main()
