"""A small interchange document with one record of each kind and more where it matters; fictional throughout."""

from typing import Any

COMPLETE = dict.fromkeys(
    ("bodies", "providers", "programmes", "authorisations", "affiliations"), "complete"
)


def period(status: str, begins: str | None, ends: str | None = None) -> dict[str, Any]:
    return {"status": status, "from": begins, "to": ends}


def in_force(begins: str | None = "2024-01-01", ends: str | None = None) -> list[dict[str, Any]]:
    return [period("in_force", begins, ends)]


def body(register: str = "body", **fields: Any) -> dict[str, Any]:
    return {
        "register": register,
        "name": "Body (fictional)",
        "licensed": {"from": "2020-01-01", "to": None},
        "accreditation": {"number": "00001", "from": "2020-01-01", "to": None},
        **fields,
    }


def provider(register: str = "heron", **fields: Any) -> dict[str, Any]:
    return {
        "register": register,
        "name": f"{register.title()} Training (fictional)",
        "body": "body",
        "periods": in_force(),
        **fields,
    }


def programme(register: str = "heron-1", **fields: Any) -> dict[str, Any]:
    return {
        "register": register,
        "provider": "heron",
        "title": f"Programme {register}",
        "periods": in_force(),
        **fields,
    }


def authorisation(register: str = "AU-1", **fields: Any) -> dict[str, Any]:
    return {
        "register": register,
        "trainer": "tr-1",
        "provider": "heron",
        "role": "senior",
        "programmes": "all",
        "periods": in_force(),
        **fields,
    }


def affiliation(register: str = "AF-1", **fields: Any) -> dict[str, Any]:
    return {
        "register": register,
        "organisation": {
            "name": "Reed Ward (fictional)",
            "identifiers": [{"scheme": "ods", "value": "ZZ1"}],
        },
        "provider": "heron",
        "programmes": ["heron-1"],
        "periods": in_force(),
        **fields,
    }


def identifier(scheme: str, value: str) -> dict[str, str]:
    return {"scheme": scheme, "value": value}


def document(coverage: dict[str, str] | None = None, **records: Any) -> dict[str, Any]:
    """Return a document of these records, by kind; its coverage is complete unless stated."""
    return {
        "format": "register/1",
        "publisher": "body (fictional)",
        "publishedAt": "2026-11-01T09:00:00Z",
        "coverage": COMPLETE if coverage is None else coverage,
        **records,
    }


def whole(**records: Any) -> dict[str, Any]:
    """Return a document with a record of each kind, those of the kinds named here instead."""
    return document(
        **{
            "bodies": [body()],
            "providers": [
                provider(
                    tradingNames=["Heron"],
                    identifiers=[
                        identifier("companies-house", "ZZ000001"),
                        identifier("ods", "ZZ9"),
                    ],
                    certificate="HE-1",
                    standardsEdition="1.2",
                    settings=["school"],
                    nations=["england"],
                )
            ],
            "programmes": [programme(), programme("heron-2")],
            "authorisations": [
                authorisation(
                    familyName="Wader",
                    organisation={
                        "name": "Reed Ward (fictional)",
                        "identifiers": [identifier("ods", "ZZ1")],
                    },
                    programmes=["heron-1"],
                )
            ],
            "affiliations": [affiliation()],
            **records,
        }
    )
