"""Where the client finds the service and its key."""

import pytest

from tests.client.scripted import KEY
from trivet_client import AsyncTrivetClient, NotConfigured, TrivetClient

URL = "https://trivet.example"


def test_a_client_is_made_in_one_line_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIVET_URL", URL)
    monkeypatch.setenv("TRIVET_API_KEY", f"{KEY}\n")
    with TrivetClient.from_settings() as client:
        assert repr(client) == f"TrivetClient({URL!r})"


def test_what_is_given_comes_before_the_environment() -> None:
    environ = {"TRIVET_URL": "https://elsewhere.example", "TRIVET_API_KEY": "other"}
    with TrivetClient.from_settings(URL, KEY, environ=environ) as client:
        assert URL in repr(client)


@pytest.mark.parametrize("kind", [TrivetClient, AsyncTrivetClient])
@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"TRIVET_API_KEY": KEY}, "TRIVET_URL"),
        ({"TRIVET_URL": URL}, "TRIVET_API_KEY"),
        ({"TRIVET_URL": URL, "TRIVET_API_KEY": " "}, "TRIVET_API_KEY"),
    ],
)
def test_what_is_missing_is_named(
    kind: type[TrivetClient] | type[AsyncTrivetClient], environ: dict[str, str], missing: str
) -> None:
    with pytest.raises(NotConfigured, match=f"Set {missing}"):
        kind.from_settings(environ=environ)


def test_an_empty_key_that_is_given_is_not_replaced_by_another() -> None:
    with pytest.raises(NotConfigured, match="TRIVET_API_KEY"):
        TrivetClient.from_settings(URL, "", environ={"TRIVET_API_KEY": KEY})


@pytest.mark.parametrize(
    "url",
    [
        "trivet.example",
        "ftp://trivet.example",
        "https://",
        "https://user:secret@trivet.example",
        "https://trivet.example?key=secret",
        "https://trivet.example:port",
        "https://[trivet",
    ],
)
def test_an_address_that_can_not_be_one_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(NotConfigured, match="TRIVET_URL") as refused:
        TrivetClient(url, KEY)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("key", ["tvt_live_ü", "tvt live", "tvt_live\r\nX-Admin: yes"])
def test_a_key_that_can_not_be_one_is_refused_and_not_quoted(key: str) -> None:
    with pytest.raises(NotConfigured) as refused:
        TrivetClient(URL, key)
    assert key not in repr(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SSL_CERT_FILE", "/nowhere/at/all.pem"), ("HTTPS_PROXY", "gopher://proxy.example")],
)
def test_an_unusable_environment_is_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured, match="environment"):
        TrivetClient(URL, KEY)
