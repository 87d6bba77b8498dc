"""The API's own page and document are served from here, to anyone, and say what the repository says."""

import json
import re
from pathlib import Path

import pytest

from tests.service import Service
from trivet.cli.serving import openapi_document

EXPORTED = Path(__file__).parents[2] / "openapi" / "openapi.json"


async def test_the_document_is_the_one_that_is_exported(service: Service) -> None:
    response = await service.http.get("/openapi.json")

    assert response.status_code == 200
    assert "json" in response.headers["Content-Type"]
    assert response.json() == json.loads(openapi_document())
    assert response.json() == json.loads(EXPORTED.read_text())


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_the_page_loads_nothing_from_elsewhere(path: str, service: Service) -> None:
    page = await service.http.get(path)

    assert page.headers["Content-Type"].startswith("text/html")
    markup = page.text.split("SwaggerUIBundle({")[0]
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", markup)
    assert len(loaded) == 4
    assert "//" not in re.sub(r"<!DOCTYPE[^>]*>", "", markup).replace("</", "")
    for address in loaded:
        if not address.startswith("data:"):
            assert address.startswith("/docs/assets/")
            assert (await service.http.get(address)).status_code == 200


async def test_the_page_shows_the_document(service: Service) -> None:
    page = (await service.http.get("/docs")).text
    document = (await service.http.get("/openapi.json")).text

    assert document in page


async def test_every_address_in_the_page_is_one_that_a_reader_may_follow_or_not(
    service: Service,
) -> None:
    page = (await service.http.get("/docs")).text
    document = (await service.http.get("/openapi.json")).text

    assert re.findall(r"https?://[^\s\"'<]+", page) == re.findall(r"https?://[^\s\"'<]+", document)
