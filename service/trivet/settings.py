"""Settings: `TRIVET_*` environment variables, read once and checked where they are needed."""

import os
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, cast, get_args

import msgspec

SHORTEST_PEPPER = 32
LogFormat = Literal["json", "text"]


class SettingError(Exception):
    """A setting is missing, weak or can't be read; the message names it and says what to do."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator decided. A secret is empty until it is asked for through its checked property."""

    database_url: str
    sources: Path | None
    pepper: str
    signing_key: Path | None
    url: str
    api_key: str
    keep_raw: str
    keep_questions: str
    unknown_trainers: str
    requests: str
    trainer_questions: str
    most_at_once: str
    log_format: str
    secrets_key: str
    webhook_networks_given: str
    webhook_ports_given: str

    @property
    def on_sqlite(self) -> bool:
        """Whether everything is kept in a SQLite file: one machine, whose one process does all there is to do."""
        return self.database_url.startswith("sqlite")

    @property
    def unknown_trainers_per_day(self) -> int:
        """How many unknown trainers a key may ask about in a London day; SettingError if it is no number from 1 on."""
        return _number("TRIVET_UNKNOWN_TRAINERS_PER_DAY", self.unknown_trainers, 100)

    @property
    def requests_per_minute(self) -> int:
        """How many requests a key may send in a minute; SettingError if it is no number from 1 on."""
        return _number("TRIVET_REQUESTS_PER_MINUTE", self.requests, 600)

    @property
    def trainer_questions_per_minute(self) -> int:
        """How many single questions that name a trainer a key may ask in a minute; SettingError likewise."""
        return _number("TRIVET_TRAINER_QUESTIONS_PER_MINUTE", self.trainer_questions, 120)

    @property
    def requests_at_once(self) -> int:
        """How many requests one process answers at a time; SettingError if it is no number from 1 on."""
        return _number("TRIVET_REQUESTS_AT_ONCE", self.most_at_once, 64)

    @property
    def webhook_networks(self) -> Sequence[IPv4Network | IPv6Network]:
        """The networks beside the public ones that webhooks may go to; SettingError if one is none."""
        given = [part.strip() for part in self.webhook_networks_given.split(",") if part.strip()]
        try:
            return [ip_network(network) for network in given]
        except ValueError as error:
            raise SettingError(
                f"TRIVET_WEBHOOK_NETWORKS: {error}: give networks such as 10.20.0.0/16, divided by commas"
            ) from None

    @property
    def webhook_ports(self) -> Sequence[range]:
        """The ports that webhooks may go to; SettingError if one is none."""
        return [_ports(part.strip()) for part in self.webhook_ports_given.split(",")]

    @property
    def log_as(self) -> LogFormat:
        """How the log is written; SettingError if it is neither."""
        for known in get_args(LogFormat):
            if self.log_format == known:
                return cast("LogFormat", known)
        raise SettingError(f"TRIVET_LOG_FORMAT: {self.log_format!a} is neither json nor text")

    @property
    def key_pepper(self) -> bytes:
        """The secret under which API keys and family names are hashed; SettingError if missing or weak."""
        if len(self.pepper) < SHORTEST_PEPPER:
            state = "is not set" if not self.pepper else "is too short"
            raise SettingError(
                f"TRIVET_KEY_PEPPER {state}: set it to a random secret of at least {SHORTEST_PEPPER} characters, "
                "for example from `openssl rand -hex 32`, and keep it: keys made under another one stop working"
            )
        return self.pepper.encode()

    @property
    def sources_folder(self) -> Path:
        """The folder of source profiles; SettingError if it is not set or not there."""
        if self.sources is None:
            raise SettingError(
                "TRIVET_SOURCES is not set: name the folder that holds the source profiles"
            )
        if not self.sources.is_dir():
            raise SettingError(f"TRIVET_SOURCES: {self.sources} is not a folder")
        return self.sources


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment; what is not set takes its default.

    Raises:
        SettingError: a secret is given twice, or its file can't be read.
    """
    sources, signing_key = environ.get("TRIVET_SOURCES"), environ.get("TRIVET_SIGNING_KEY")
    return Settings(
        database_url=_async_url(
            _secret(environ, "TRIVET_DATABASE_URL") or _default_database(environ)
        ),
        sources=Path(sources) if sources else None,
        signing_key=Path(signing_key) if signing_key else None,
        pepper=_secret(environ, "TRIVET_KEY_PEPPER"),
        url=environ.get("TRIVET_URL") or "http://127.0.0.1:8000",
        api_key=environ.get("TRIVET_API_KEY", ""),
        keep_raw=environ.get("TRIVET_KEEP_RAW") or "P1Y",
        keep_questions=environ.get("TRIVET_KEEP_QUESTIONS") or "P7Y",
        unknown_trainers=environ.get("TRIVET_UNKNOWN_TRAINERS_PER_DAY") or "100",
        requests=environ.get("TRIVET_REQUESTS_PER_MINUTE") or "600",
        trainer_questions=environ.get("TRIVET_TRAINER_QUESTIONS_PER_MINUTE") or "120",
        most_at_once=environ.get("TRIVET_REQUESTS_AT_ONCE") or "64",
        log_format=environ.get("TRIVET_LOG_FORMAT") or "json",
        secrets_key=_secret(environ, "TRIVET_SECRETS_KEY"),
        webhook_networks_given=environ.get("TRIVET_WEBHOOK_NETWORKS", ""),
        webhook_ports_given=environ.get("TRIVET_WEBHOOK_PORTS") or "443,8443",
    )


def _ports(given: str) -> range:
    first, _, last = given.partition("-")
    ends = first, last or first
    known = all(end.isascii() and end.isdigit() and 0 < int(end) < 65536 for end in ends)
    if not known or int(ends[0]) > int(ends[1]):
        raise SettingError(
            f"TRIVET_WEBHOOK_PORTS: {given!a} is no port: give ports such as 443,8443 or 9000-9010"
        )
    return range(int(ends[0]), int(ends[1]) + 1)


def _number(name: str, given: str, such_as: int) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given)):
        raise SettingError(f"{name}: {given!a} is not a whole number from 1 on, such as {such_as}")
    return int(given)


def _secret(environ: Mapping[str, str], name: str) -> str:
    """Return a setting that is secret: its own value, or what stands in the file that NAME_FILE names."""
    given, file = environ.get(name, ""), environ.get(f"{name}_FILE")
    if not file:
        return given
    if given:
        raise SettingError(f"{name} and {name}_FILE are both set: keep one of them")
    try:
        kept = Path(file).read_text().rstrip("\n")
    except OSError as error:
        raise SettingError(f"{name}_FILE: {file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingError(f"{name}_FILE: {file} holds no text") from None
    if not kept:
        raise SettingError(f"{name}_FILE: {file} is empty")
    return kept


def _default_database(environ: Mapping[str, str]) -> str:
    data = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return f"sqlite:///{data / 'trivet' / 'trivet.db'}"


def _async_url(url: str) -> str:
    """Return the URL with the driver that the service uses; SettingError for an engine that it does not."""
    scheme, _, rest = url.partition("://")
    driver = _DRIVERS.get(scheme.partition("+")[0])
    if driver is None or scheme.partition("+")[2] not in ("", driver.partition("+")[2]):
        raise SettingError(
            f"TRIVET_DATABASE_URL begins with {scheme!r}: give sqlite:////absolute/path/to/trivet.db"
            " or postgresql://user:password@host/database"
        )
    return f"{driver}://{rest}"


_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
