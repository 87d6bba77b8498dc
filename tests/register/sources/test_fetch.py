"""Fetching from a site: what is asked, what is taken, and what is refused."""

import gzip
import logging
import ssl
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.register.sources.making import profile, providers, workbook
from tests.register.sources.sites import (
    FakeSite,
    Reply,
    drip,
    endless,
    gzipped,
    running_site,
    saying,
)
from trivet.register.sources import Profile, Raw, SourceError, Validators, fetch, read
from trivet.register.sources.bodies import BodyFault, body

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
BODY = b'{"format": "register/1"}'
TLS = Path(__file__).parents[2] / "data" / "tls"
SECRET = "a-fictional-secret"


def _profile(site: FakeSite, folder: Path, more: str = "", path: str = "/list") -> Profile:
    text = (
        f'kind = "json"\nlocation = "{site.address(path)}"\nallow_http = true\n'
        f'vouched_by = "register"\nmax_age = "P1D"\n{more}'
    )
    return profile(folder, text)


def _within(found: Profile, **limits: Any) -> Profile:
    """Return a profile with limits that a test needn't wait long for."""
    assert found.web
    web = msgspec.structs.replace(
        found.web, limits=msgspec.structs.replace(found.web.limits, **limits)
    )
    return msgspec.structs.replace(found, web=web)


def _fetch(found: Profile, before: Raw | None = None, now: datetime = NOW) -> Raw:
    return fetch(found, before, clock=lambda: now, environ={"REGISTER_KEY": SECRET})


def _refused(found: Profile, before: Raw | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        _fetch(found, before)
    return caught.value


def test_a_page_is_as_old_as_the_answer(site: FakeSite, tmp_path: Path) -> None:
    site.show(
        "/list", BODY.decode(), etag='"1"', **{"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    )
    raw = _fetch(_profile(site, tmp_path))
    assert (raw.content, raw.as_of, raw.http_status) == (BODY, NOW, 200)
    assert raw.location == site.address()
    assert raw.validators == {site.address(): Validators('"1"', "Thu, 01 Jan 2026 00:00:00 GMT")}


def test_a_page_from_a_cache_is_as_old_as_the_cache_says(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", "{}", Age="3600")
    assert _fetch(_profile(site, tmp_path)).as_of == NOW - timedelta(hours=1)


def test_the_site_is_told_who_asks_and_no_more(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", "{}")
    _fetch(_profile(site, tmp_path))
    [asked] = site.asked
    assert asked.headers["User-Agent"].startswith("trivet/")
    assert asked.headers["Accept-Encoding"] == "gzip"
    assert asked.headers["Connection"] == "close"
    assert "Authorization" not in asked.headers
    assert "If-None-Match" not in asked.headers


def test_a_304_makes_the_same_content_fresh(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", BODY.decode(), etag='"1"')
    found = _profile(site, tmp_path)
    first = _fetch(found)
    again = _fetch(found, first, LATER)
    assert (again.content, again.digest) == (first.content, first.digest)
    assert (again.http_status, again.as_of) == (304, LATER)
    assert again.validators == first.validators


def test_a_page_without_an_etag_is_asked_for_by_its_date(site: FakeSite, tmp_path: Path) -> None:
    day = "Thu, 01 Jan 2026 00:00:00 GMT"
    site.show("/list", "{}", **{"Last-Modified": day})
    found = _profile(site, tmp_path)
    again = _fetch(found, _fetch(found), LATER)
    assert site.asked[1].headers["If-Modified-Since"] == day
    assert (again.http_status, again.as_of) == (200, LATER)


def test_what_was_kept_of_another_address_is_not_asked_by(site: FakeSite, tmp_path: Path) -> None:
    site.show("/old", "{}", etag='"1"')
    site.show("/list", "[]", etag='"1"')
    before = _fetch(_profile(site, tmp_path, path="/old"))
    assert _fetch(_profile(site, tmp_path), before).content == b"[]"


def test_a_304_to_whoever_has_nothing_is_refused(site: FakeSite, tmp_path: Path) -> None:
    site.pages["/list"] = Reply(status=304)
    assert "304" in str(_refused(_profile(site, tmp_path)))


def test_a_json_document_of_a_site_is_as_old_as_the_answer(site: FakeSite, tmp_path: Path) -> None:
    site.show(
        "/list",
        '{"format": "register/1", "publisher": "p", "publishedAt": "2020-01-01T00:00:00Z"}',
    )
    found = _profile(site, tmp_path, '[coverage]\nproviders = "partial"\n')
    assert read(found, _fetch(found)).as_of == NOW


@pytest.mark.parametrize(
    "reply",
    [
        gzipped(BODY),
        Reply(
            gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), headers={"Content-Encoding": "GZIP"}
        ),
        Reply(zlib.compress(BODY), headers={"Content-Encoding": "deflate"}),
    ],
    ids=["gzip", "two members", "deflate"],
)
def test_a_body_comes_unpacked(site: FakeSite, tmp_path: Path, reply: Reply) -> None:
    site.pages["/list"] = reply
    assert _fetch(_profile(site, tmp_path)).content == BODY


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}), "breaks off"),
        (Reply(b"", headers={"Content-Encoding": "gzip"}), "breaks off"),
        (Reply(BODY, headers={"Content-Encoding": "gzip"}), "damaged"),
        (Reply(gzip.compress(BODY) + b"more", headers={"Content-Encoding": "gzip"}), "damaged"),
        (Reply(BODY, headers={"Content-Encoding": "br"}), "encoded as 'br'"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), "expected 99"),
        (saying(b"HTTP/1.1 200 OK\r\n\r\n{}"), "without its length"),
        (saying(b"SSH-2.0-none\r\n"), "can't be fetched"),
        (saying(b""), "disconnected"),
    ],
)
def test_what_may_not_be_whole_is_refused(
    site: FakeSite, tmp_path: Path, reply: Any, said: str
) -> None:
    site.pages["/list"] = reply
    error = _refused(_profile(site, tmp_path))
    assert said in str(error)
    assert str(error).startswith(site.address())


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "has failed"),
        (503, "try again later"),
        (429, "too often"),
        (401, "credential"),
        (403, "credential"),
        (404, "mend `location`"),
        (410, "any more"),
        (204, "200 was expected"),
        (206, "200 was expected"),
    ],
)
def test_a_status_that_brings_no_page_is_named(
    site: FakeSite, tmp_path: Path, status: int, said: str
) -> None:
    site.pages["/list"] = Reply(b"" if status == 204 else b"{}", status)
    error = _refused(_profile(site, tmp_path))
    assert f"answers {status}: " in str(error)
    assert said in str(error)
    assert error.http_status == status


def test_a_site_that_is_not_there_is_named(site: FakeSite, tmp_path: Path) -> None:
    text = _profile(site, tmp_path)
    gone = msgspec.structs.replace(text, location="http://127.0.0.1:1/list")
    assert "127.0.0.1:1/list: can't be fetched" in str(_refused(gone))


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        Reply(status=302, headers={"Location": "/slow"}),
    ],
    ids=["body", "headers", "after a redirect"],
)
def test_an_answer_that_comes_drop_by_drop_is_given_up(
    site: FakeSite, tmp_path: Path, reply: Any
) -> None:
    site.pages["/list"] = reply
    site.pages["/slow"] = drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    found = _within(_profile(site, tmp_path), total=timedelta(milliseconds=300))
    assert "not all had come after 0.3 s" in str(_refused(found))


def test_a_site_that_falls_silent_is_given_up(site: FakeSite, tmp_path: Path) -> None:
    site.pages["/list"] = lambda _, closing: closing.wait()
    found = _within(_profile(site, tmp_path), read=timedelta(milliseconds=200))
    assert "does not answer in time" in str(_refused(found))


@pytest.mark.parametrize(
    "reply",
    [endless, Reply(bytes(2**20)), gzipped(bytes(50 * 2**20))],
    ids=["endless", "1 MiB", "packed"],
)
def test_what_is_too_large_is_not_read_to_its_end(
    site: FakeSite, tmp_path: Path, reply: Any
) -> None:
    site.pages["/list"] = reply
    assert "max_bytes" in str(_refused(_profile(site, tmp_path, "[limits]\nmax_bytes = 65536\n")))


def test_a_redirect_within_the_site_is_followed(site: FakeSite, tmp_path: Path) -> None:
    for step in range(5):
        site.pages[f"/{step}"] = Reply(status=302, headers={"Location": f"/{step + 1}"})
    site.show("/5", "{}")
    assert _fetch(_profile(site, tmp_path, path="/0")).content == b"{}"


def test_too_many_redirects_are_refused(site: FakeSite, tmp_path: Path) -> None:
    site.pages["/list"] = Reply(status=307, headers={"Location": "/list"})
    assert "more than 5 times" in str(_refused(_profile(site, tmp_path)))
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "to",
    [
        "http://localhost:{port}/x",
        "https://127.0.0.1:{port}/x",
        "//127.0.0.1:1/x",
        "http://a:b@127.0.0.1:{port}/x",
    ],
)
def test_a_redirect_to_another_site_is_not_followed(
    site: FakeSite, tmp_path: Path, to: str
) -> None:
    found = _profile(site, tmp_path, 'credential = "REGISTER_KEY"\n')
    site.pages["/list"] = Reply(status=301, headers={"Location": to.format(port=site.port)})
    assert "leads away from the site" in str(_refused(found))
    assert site.paths == ["/list"]


@pytest.mark.parametrize(
    ("more", "header", "sent"),
    [
        ("", "Authorization", f"Bearer {SECRET}"),
        ('credential_header = "X-Api-Key"\n', "X-Api-Key", SECRET),
    ],
)
def test_a_credential_is_sent_and_never_told(
    site: FakeSite,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    more: str,
    header: str,
    sent: str,
) -> None:
    site.pages["/list"] = Reply(status=302, headers={"Location": "/refused"})
    site.pages["/refused"] = Reply(b"no", 403)
    caplog.set_level(logging.DEBUG)
    error = _refused(_profile(site, tmp_path, f'credential = "REGISTER_KEY"\n{more}'))
    assert [asked.headers[header] for asked in site.asked] == [sent, sent]
    assert SECRET not in f"{error}{error.__context__}{caplog.text}"
    assert SECRET not in "".join(site.paths)


@pytest.mark.parametrize("value", [None, "", "  ", f"{SECRET}\nX-More: 1", f"{SECRET}é"])
def test_a_credential_that_cannot_be_sent_is_not_quoted(
    site: FakeSite, tmp_path: Path, value: str | None
) -> None:
    found = _profile(site, tmp_path, 'credential = "REGISTER_KEY"\n')
    with pytest.raises(SourceError, match="REGISTER_KEY") as caught:
        fetch(found, environ={} if value is None else {"REGISTER_KEY": value})
    assert SECRET not in str(caught.value)
    assert site.asked == []


def test_no_proxy_of_the_environment_is_used_unless_the_profile_says_so(
    site: FakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.show("/list", "{}")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert _fetch(_profile(site, tmp_path)).content == b"{}"
    assert "can't be fetched" in str(_refused(_profile(site, tmp_path, 'proxy = "environment"\n')))


def test_an_error_shows_the_address_without_what_looks_like_a_secret(
    site: FakeSite, tmp_path: Path
) -> None:
    site.pages["/list"] = Reply(status=302, headers={"Location": "/x?token=abc&page=2"})
    site.pages["/x?token=abc&page=2"] = Reply(b"", 500)
    assert "abc" not in str(_refused(_profile(site, tmp_path)))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_single_table_is_read_from_a_site(site: FakeSite, tmp_path: Path, kind: str) -> None:
    rows = [["Ref", "Name"], ["TP-1", "A"]]
    content = workbook({"Providers": rows}) if kind == "xlsx" else b"Ref,Name\nTP-1,A\n"
    site.pages["/get?list=1"] = Reply(content)
    text = providers(kind=kind).replace(f"register.{kind}", site.address("/get?list=1"))
    found = profile(tmp_path, f"allow_http = true\n{text}")
    assert [p.name for p in read(found, _fetch(found)).document.providers] == ["A"]


FILES = """
kind = "csv"
location = "{address}"
allow_http = true
vouched_by = "register"
max_age = "P1D"
[coverage]
providers = "complete"
[[providers]]
file = "the providers.csv"
[providers.fields]
register = "Ref"
name = {{ lookup = "names", by = "Ref", column = "Name" }}
body = {{ value = "body" }}
[[providers]]
file = "more.csv"
optional = true
[providers.fields]
register = "Ref"
name = "Name"
body = {{ value = "body" }}
[lookups.names]
file = "names.csv"
key = "Ref"
"""


def test_several_files_of_a_site_are_one_release(site: FakeSite, tmp_path: Path) -> None:
    found = profile(tmp_path, FILES.format(address=site.address("/lists/")))
    site.show("/lists/the%20providers.csv", "Ref\nTP-1\n", etag='"p"')
    site.show("/lists/names.csv", "Ref,Name\nTP-1,A\n", etag='"n"')
    first = _fetch(found)
    assert [p.name for p in read(found, first).document.providers] == ["A"]
    again = _fetch(found, first, LATER)
    assert (again.http_status, again.digest, again.as_of) == (304, first.digest, LATER)
    site.show("/lists/names.csv", "Ref,Name\nTP-1,B\n", etag='"o"')
    changed = _fetch(found, again)
    assert changed.http_status == 200
    assert [p.name for p in read(found, changed).document.providers] == ["B"]


def test_a_file_that_the_site_lacks_is_missed_unless_it_is_optional(
    site: FakeSite, tmp_path: Path
) -> None:
    site.show("/lists/names.csv", "Ref,Name\nTP-1,A\n")
    error = _refused(profile(tmp_path, FILES.format(address=site.address("/lists/"))))
    assert "answers 404" in str(error)


@pytest.fixture
def tls_site() -> Iterator[FakeSite]:
    """A site over TLS, whose certificate nobody else vouches for; its key is in the repository."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "loopback.pem", TLS / "loopback.key")
    with running_site(context) as site:
        yield site


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tls_site: FakeSite, tmp_path: Path
) -> None:
    tls_site.show("/list", "{}")
    error = _refused(_profile(tls_site, tmp_path))
    assert "CERTIFICATE_VERIFY_FAILED" in str(error)
    assert tls_site.asked == []


def test_a_certificate_that_the_profile_vouches_for_is_taken(
    tls_site: FakeSite, tmp_path: Path
) -> None:
    tls_site.show("/list", "{}")
    (tmp_path / "internal.pem").write_bytes((TLS / "loopback.pem").read_bytes())
    found = _profile(tls_site, tmp_path, 'ca_file = "internal.pem"\n')
    assert _fetch(found).content == b"{}"


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_without_certificates_is_named(
    site: FakeSite, tmp_path: Path, content: bytes | None
) -> None:
    if content:
        (tmp_path / "internal.pem").write_bytes(content)
    assert "internal.pem" in str(_refused(_profile(site, tmp_path, 'ca_file = "internal.pem"\n')))


def test_a_file_that_fails_is_missed_even_if_it_is_optional(site: FakeSite, tmp_path: Path) -> None:
    site.show("/lists/the%20providers.csv", "Ref\nTP-1\n")
    site.show("/lists/names.csv", "Ref,Name\nTP-1,A\n")
    site.pages["/lists/more.csv"] = Reply(b"", 503)
    error = _refused(profile(tmp_path, FILES.format(address=site.address("/lists/"))))
    assert error.http_status == 503


def test_no_more_is_unpacked_than_there_is_room_for() -> None:
    packed = gzip.compress(bytes(50 * 2**20))
    tracemalloc.start()
    with pytest.raises(BodyFault):
        body("gzip", 2**16).add(packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
