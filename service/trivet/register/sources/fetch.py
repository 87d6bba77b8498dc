"""Fetching a source's newest release, from the file system or from a site."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urljoin

from trivet.register.sources.archive import ArchiveFault, pack, unpack
from trivet.register.sources.errors import Refused, SourceError
from trivet.register.sources.files import fetch_files
from trivet.register.sources.locations import Web
from trivet.register.sources.pages import packed, walk
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Validators
from trivet.register.sources.web import Answer, Kept, Site

_ACCEPT = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
_GONE = (404, 410)


def _now() -> datetime:
    return datetime.now(UTC)


def fetch(
    profile: Profile,
    before: Raw | None = None,
    *,
    clock: Callable[[], datetime] = _now,
    environ: Mapping[str, str] = os.environ,
) -> Raw:
    """Return the source's newest release.

    `before` is the last release that was fetched from the same source: a site is asked whether its
    pages have changed since. `clock` gives the instant (UTC) of an answer, `environ` holds the
    credential that the profile names. A file needs none of the three.

    Raises:
        SourceError: the release is missing, can't be had whole, or is too large; names the file or
        address and what to do. Of a site it has, as `raw`, the pages that came.
    """
    if profile.web is None:
        return fetch_files(profile)
    kept = {} if before is None else dict(_kept(profile, before))
    headers = {"Accept": f"{_ACCEPT[profile.kind]}, */*;q=0.1", **_credential(profile.web, environ)}
    with Site(profile.location, profile.web, kept, clock, headers) as site:
        try:
            content = _content(profile, site)
        except SourceError as error:
            if site.answers:
                came = {address: answer.content for address, answer in site.answers.items()}
                error.raw = _raw(profile, site.answers, pack(came))
            raise
    return _raw(profile, site.answers, content)


def _raw(profile: Profile, answers: Mapping[str, Answer], content: bytes) -> Raw:
    unchanged = all(answer.status == 304 for answer in answers.values())
    return Raw.of(
        profile.location,
        content,
        min(answer.at for answer in answers.values()),
        http_status=304 if unchanged else 200,
        validators={address: a.validators for address, a in answers.items() if a.validators},
    )


def _content(profile: Profile, site: Site) -> bytes:
    tables = profile.tables
    if tables is None:
        return site.get(profile.location).content
    if profile.kind == "html":
        return packed(walk(tables, [profile.location], site.get))
    if tables.files:
        return pack(dict(_files(profile, site)))
    return site.get(profile.location).content


def _files(profile: Profile, site: Site) -> Iterator[tuple[str, bytes]]:
    tables = profile.tables
    for name in tables.files if tables else ():
        try:
            yield name, site.get(_address(profile, name)).content
        except Refused as refusal:
            if refusal.http_status not in _GONE or (tables and name in tables.required_files):
                raise


def _address(profile: Profile, name: str) -> str:
    return urljoin(profile.location, quote(name))


def _kept(profile: Profile, before: Raw) -> Iterator[tuple[str, Kept]]:
    for address, content in _pages(profile, before):
        yield address, Kept(content, before.validators.get(address, Validators()))


def _pages(profile: Profile, before: Raw) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of the last release by address; none if the profile was of another kind then."""
    several = profile.tables and (profile.kind == "html" or profile.tables.files)
    if not several:
        yield before.location, before.content
        return
    try:
        parts = unpack(before.content)
    except ArchiveFault:
        return
    for name, content in parts.items():
        yield name if profile.kind == "html" else _address(profile, name), content


def _credential(web: Web, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the header that carries the credential; no message ever quotes it."""
    if web.credential is None:
        return {}
    secret = environ.get(web.credential, "").strip()
    if not secret or not secret.isascii() or not secret.isprintable():
        raise SourceError(
            f"credential: the environment variable {web.credential} should hold it, on one line of"
            " plain letters, digits and signs"
        )
    if web.credential_header:
        return {web.credential_header: secret}
    return {"Authorization": f"Bearer {secret}"}
