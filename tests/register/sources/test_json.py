import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.register.sources.making import AS_OF, JSON, counts, profile, raw
from trivet.register.records import Coverage, Kind
from trivet.register.sources import Reading, SourceError, read


def _provider(register: str = "TP-1", **changes: object) -> dict[str, Any]:
    period = {"status": "in_force", "from": "2023-04-01", "to": None}
    plain = {
        "register": register,
        "name": "Fictional Training",
        "body": "body",
        "periods": [period],
    }
    return {**plain, **changes}


def _document(**changes: object) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "format": "register/1",
        "publisher": "a fictional body",
        "coverage": {"providers": "complete"},
        "providers": [_provider()],
    }
    return {**plain, **changes}


def _read(folder: Path, content: object, text: str = JSON) -> Reading:
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    return read(profile(folder, text), raw(content, "register.json"))


def test_a_document_is_read_as_it_is(tmp_path: Path) -> None:
    reading = _read(tmp_path, _document())
    assert [p.register for p in reading.document.providers] == ["TP-1"]
    assert reading.coverage.providers is Coverage.COMPLETE
    assert reading.coverage.programmes is Coverage.NONE
    assert counts(reading, Kind.PROVIDERS) == (1, 0, 0, 1)
    assert reading.rejected == ()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbf" + json.dumps(_document()).encode()).document.providers


def test_a_document_is_as_old_as_it_says(tmp_path: Path) -> None:
    reading = _read(tmp_path, _document(publishedAt="2024-03-01T09:00:00+01:00"))
    assert reading.as_of == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_a_document_that_does_not_say_is_as_old_as_its_file(tmp_path: Path) -> None:
    assert _read(tmp_path, _document()).as_of == AS_OF


def test_the_profile_overrides_the_coverage_of_the_document(tmp_path: Path) -> None:
    text = JSON + '[coverage]\nproviders = "partial"'
    assert _read(tmp_path, _document(), text).coverage.providers is Coverage.PARTIAL


def test_a_document_without_coverage_needs_a_profile_that_states_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="coverage: neither"):
        _read(tmp_path, _document(coverage=None))
    text = JSON + '[coverage]\nproviders = "partial"'
    assert _read(tmp_path, _document(coverage=None), text).coverage.bodies is Coverage.NONE


WHOLE = json.dumps(_document())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (WHOLE[:100], "line 1, column .*breaks off"),
        (WHOLE[:-1], "breaks off"),
        (WHOLE + "}", "is not JSON at line 1"),
        ("<!doctype html><title>Sign in</title>", "web page"),
        (WHOLE.encode("utf-16"), "not UTF-8 at byte 0"),
        (WHOLE.replace("Fictional", "Fictiönal").encode("latin-1"), "not UTF-8"),
        ('{"format": "register/1", "format": "register/1"}', "'format' twice"),
        ('{"providers": [{"name": "a", "name": "b"}]}', "'name' twice"),
        (WHOLE.replace("null", "NaN"), "NaN"),
        (WHOLE.replace("null", "-Infinity"), "-Infinity"),
        (WHOLE.replace("null", "9" * 5000), "digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        (WHOLE.replace("Fictional", "\\ud800"), r"providers\[0\]\.name has half"),
        (_document(format="register/2"), "format: "),
        (_document(publisher=""), "publisher: is empty"),
        (
            _document(publishedAt="2024-03-01T09:00:00"),
            "publishedAt: Expected `datetime` with a timezone",
        ),
        (_document(coverage={"trainers": "none"}), "coverage: .*trainers"),
        (_document(providers={}), "providers: Expected"),
        (_document(providers=[_provider(name=7)]), r"providers\[0\]\.name: Expected `str`"),
        (
            _document(providers=[_provider(periods=[{"status": "in_force", "from": "May"}])]),
            r"providers\[0\]\.periods\[0\]\.from: ",
        ),
        (_document(providers=[_provider(hue="red")]), r"providers\[0\]: .*hue"),
        (_document(providers=[_provider(), _provider()]), "used by another record"),
        (_document(providers=[_provider(periods=[])]), "at least one period"),
        (_document(providers=[_provider(name="a\u202eb")]), "bidirectional"),
        ([], "the document: Expected `object`"),
    ],
)
def test_what_is_no_good_document_is_refused_whole(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        _read(tmp_path, content)
    assert str(caught.value).startswith("register.json: ")


def test_the_first_few_faults_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    bad = [_provider(f"TP-{number}", name=" ") for number in range(8)]
    with pytest.raises(SourceError, match="and 3 more") as caught:
        _read(tmp_path, _document(providers=bad))
    assert str(caught.value).count("is empty") == 5


def test_a_family_name_is_never_quoted(tmp_path: Path) -> None:
    trainer = {
        "register": "A-1",
        "trainer": "T-1",
        "familyName": "Sample\u202e",
        "provider": "TP-9",
        "role": "senior",
        "programmes": "all",
        "periods": [{"status": "in_force", "from": "2023-04-01"}],
    }
    with pytest.raises(SourceError, match="familyName") as caught:
        _read(tmp_path, _document(authorisations=[trainer]))
    assert "Sample" not in str(caught.value)
