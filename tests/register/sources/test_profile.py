from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.register.sources.making import JSON, profile, providers
from trivet.register.durations import Duration
from trivet.register.guards import Guards
from trivet.register.records import Coverage, Kind, VouchedBy
from trivet.register.sources import ProfileError, SourceError, load_profile, load_profiles
from trivet.register.sources.locations import Limits, Web


def test_four_lines_are_enough_for_a_json_source(tmp_path: Path) -> None:
    loaded = profile(tmp_path, JSON, "bild.toml")
    assert loaded.name == "bild"
    assert loaded.vouched_by is VouchedBy.REGISTER
    assert loaded.max_age == timedelta(days=1)
    assert loaded.term == Duration(months=36, seconds=0)
    assert loaded.coverage == {}


def test_a_term_may_be_none(tmp_path: Path) -> None:
    assert profile(tmp_path, JSON + 'term = "none"').term is None


def test_coverage_holds_only_what_is_stated(tmp_path: Path) -> None:
    loaded = profile(tmp_path, JSON + '[coverage]\nproviders = "partial"')
    assert loaded.coverage == {Kind.PROVIDERS: Coverage.PARTIAL}


def test_a_day_of_release_stands_for_its_start_in_london(tmp_path: Path) -> None:
    text = JSON + '[releases]\n"a.json" = 2024-07-01\n"b.json" = 2024-07-01T12:00:00+02:00'
    assert profile(tmp_path, text).releases == {
        "a.json": datetime(2024, 6, 30, 23, tzinfo=UTC),
        "b.json": datetime(2024, 7, 1, 10, tzinfo=UTC),
    }


def test_profiles_of_a_folder_come_by_name(tmp_path: Path) -> None:
    for name in ("second.toml", "first.toml"):
        (tmp_path / name).write_text(JSON)
    (tmp_path / "notes.txt").write_text("no profile")
    assert [p.name for p in load_profiles(tmp_path)] == ["first", "second"]


@pytest.mark.parametrize("name", ["confirmations.toml", "Confirmations.toml"])
def test_the_mirror_s_own_source_of_confirmations_has_no_profile(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(JSON)
    with pytest.raises(ProfileError, match=f"{name}: is the name of the mirror's own source"):
        load_profile(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "said"), [("", "holds no source profile"), ("no", "not a folder")]
)
def test_a_folder_without_profiles_is_an_error(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said):
        load_profiles(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (JSON + "colour = 1", 5, "colour"),
        (JSON + "\n[[programmes]]\n", 6, "programmes"),
        (JSON.replace('"json"', '"yaml"'), 1, "kind"),
        (JSON.replace('"json"', '["json"]'), 1, "kind"),
        (JSON.replace('"register.json"', '""'), 2, "location"),
        (JSON.replace('"register.json"', "7"), 2, "location"),
        (JSON.replace('location = "register.json"', ""), 1, "location"),
        (JSON.replace('vouched_by = "register"', 'vouched_by = "me"'), 3, "vouched_by"),
        (JSON.replace("P1D", "a day"), 4, "max_age"),
        (JSON.replace("P1D", "P0D"), 4, "max_age"),
        (JSON.replace("P1D", "P9999999999D"), 4, "max_age"),
        (JSON + 'term = "three years"', 5, "term"),
        (JSON + 'schedule = "daily"', 5, "schedule"),
        (JSON + 'files = "a/*.json"', 5, "files"),
        (JSON + '[coverage]\ntrainers = "none"', 6, "coverage.trainers"),
        (JSON + '\n[coverage]\nproviders = "all"', 7, "coverage.providers"),
        (JSON + '[releases]\n"a.json" = "may"', 6, "releases.a.json"),
        (JSON + "[releases]\n'a.json' = 2024-05-01T09:00:00", 6, "releases.a.json"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, text, "mistaken.toml")
    assert (caught.value.line, caught.value.key) == (line, key)
    assert str(caught.value).startswith(f"mistaken.toml, line {line}: {key}: ")


HTTPS = JSON.replace('"register.json"', '"https://EXAMPLE.org/register"')


def test_an_address_is_asked_with_care_unless_the_profile_says_more(tmp_path: Path) -> None:
    loaded = profile(tmp_path, HTTPS)
    assert loaded.location == "https://example.org/register"
    assert loaded.web == Web(limits=Limits())


def test_a_profile_says_how_an_address_is_asked(tmp_path: Path) -> None:
    text = HTTPS + (
        'credential = "KEY"\ncredential_header = "X-Api-Key"\nproxy = "environment"\n'
        'ca_file = "ca.pem"\n[limits]\nconnect = "PT5S"\ntotal = "PT1M"\nmax_bytes = 1000'
    )
    assert profile(tmp_path, text).web == Web(
        limits=Limits(connect=timedelta(seconds=5), total=timedelta(minutes=1), max_bytes=1000),
        credential="KEY",
        credential_header="X-Api-Key",
        proxy="environment",
        ca_file=tmp_path / "ca.pem",
    )


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/x", "http://[::1]/x", "http://localhost/x"]
)
def test_http_is_for_this_machine_if_the_profile_says_so(tmp_path: Path, address: str) -> None:
    text = JSON.replace("register.json", address)
    with pytest.raises(ProfileError, match="use https"):
        profile(tmp_path, text)
    assert profile(tmp_path, f"{text}allow_http = true").location == address


def _at(address: str) -> str:
    return JSON.replace("register.json", address)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (_at("http://example.org/x"), "location"),
        (_at("http://example.org/x") + "allow_http = true", "location"),
        (_at("http://127.0.0.1.example.org/") + "allow_http = true", "location"),
        (_at("http://192.168.0.1/") + "allow_http = true", "location"),
        (_at("ftp://example.org/x"), "location"),
        (_at("https://"), "location"),
        (_at("https://a:b@example.org/x"), "location"),
        (_at("https://example.org/x?api_key=1"), "location"),
        (_at("https://example.org/x?access_token=1"), "location"),
        (_at("https://example.org/x#top"), "location"),
        (_at("https://example.org:port/"), "location"),
        (HTTPS + 'credential = "Bearer abc"', "credential"),
        (HTTPS + 'credential_header = "X-Key"', "credential_header"),
        (HTTPS + 'credential = "A"\ncredential_header = "Host"', "credential_header"),
        (HTTPS + 'credential = "A"\ncredential_header = "X: y"', "credential_header"),
        (HTTPS + 'proxy = "http://proxy"', "proxy"),
        (HTTPS + 'files = "*.json"', "files"),
        (HTTPS + "[releases]\nx = 2024-01-01", "releases"),
        (HTTPS + '[limits]\nread = "soon"', "limits.read"),
        (HTTPS + '[limits]\ntotal = "PT0S"', "limits.total"),
        (HTTPS + '[limits]\ntotal = "P1D"', "limits.total"),
        (HTTPS + "[limits]\nmax_bytes = 0", "limits.max_bytes"),
        (JSON + 'credential = "A"', "credential"),
        (JSON + "allow_http = true", "allow_http"),
        (
            providers(table='file = "p.csv"').replace("register.csv", "https://example.org/p.csv"),
            "location",
        ),
    ],
)
def test_a_mistake_about_an_address_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, text)
    assert caught.value.key == key
    assert caught.value.line


def test_an_address_may_be_searched_by_word(tmp_path: Path) -> None:
    address = "https://example.org/list?keywords=training&authorised=yes"
    assert profile(tmp_path, _at(address)).location == address


def test_a_profile_states_its_guards(tmp_path: Path) -> None:
    text = JSON + (
        "[guards]\nmin_rows = { providers = 100 }\nmax_shrink = 0.2\nmax_status_change = 0\n"
        'required = { providers = ["identifiers.ods", "to"] }\nduplicates = "error"'
    )
    assert profile(tmp_path, text).guards == Guards(
        min_rows={Kind.PROVIDERS: 100},
        max_shrink=0.2,
        required={Kind.PROVIDERS: ("identifiers.ods", "to")},
        no_duplicates=True,
        max_status_change=0.0,
    )
    assert profile(tmp_path, JSON + "guards = { min_rows = 3 }").guards.min_rows == {None: 3}
    assert profile(tmp_path, JSON).guards == Guards()


@pytest.mark.parametrize(
    ("stated", "key"),
    [
        ("min_rows = 0", "guards.min_rows"),
        ("min_rows = { trainers = 3 }", "guards.min_rows.trainers"),
        ("min_rows = { providers = 0 }", "guards.min_rows.providers"),
        ("max_shrink = 20", "guards.max_shrink"),
        ("max_shrink = -0.1", "guards.max_shrink"),
        ('max_shrink = "20 %"', "guards.max_shrink"),
        ("max_status_change = 2", "guards.max_status_change"),
        ('required = { providers = ["colour"] }', "guards.required.providers"),
        ('required = { providers = ["changed"] }', "guards.required.providers"),
        ('required = { trainers = ["name"] }', "guards.required.trainers"),
        ('duplicates = "all"', "guards.duplicates"),
        ("colour = 1", "guards.colour"),
    ],
)
def test_a_mistake_about_a_guard_is_named_with_its_line(
    tmp_path: Path, stated: str, key: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, f"{JSON}[guards]\n{stated}")
    assert caught.value.key == key
    assert caught.value.line == 6


FIELDS = "providers[0].fields"


@pytest.mark.parametrize(
    ("text", "where", "key"),
    [
        (providers("colour = 'Colour'"), "colour =", f"{FIELDS}.colour"),
        (providers("identifiers.nhs = 'X'"), "identifiers.nhs", f"{FIELDS}.identifiers.nhs"),
        (providers("status = { column = 'S', hue = 1 }"), "status =", f"{FIELDS}.status"),
        (providers("status = 3"), "status =", f"{FIELDS}.status"),
        (providers("status = {}"), "status =", f"{FIELDS}.status"),
        (providers("status = { value = 'good' }"), "status =", f"{FIELDS}.status.value"),
        (
            providers("status = { column = 'S', map = { Good = 'good' } }"),
            "status =",
            f"{FIELDS}.status.map.Good",
        ),
        (providers("to = { column = 'T', optional = true }"), "to =", f"{FIELDS}.to"),
        (providers("from = { value = 'May' }"), "from =", f"{FIELDS}.from.value"),
        (providers("nations = { column = 'N', separator = '' }"), "nations", "separator"),
        (providers("certificate = { template = 'C' }"), "certificate", "certificate.template"),
        (providers("certificate = { column = 'C', value = '1' }"), "certificate", "certificate"),
        (
            providers("certificate = { lookup = 'no', by = 'A', column = 'B' }"),
            "certificate",
            "certificate.lookup",
        ),
        (providers(table='sheet = "S"'), "sheet =", "providers[0].sheet"),
        (providers(table="header = 0"), "header", "providers[0].header"),
        (providers(table='dates = ["%d/%m"]'), "dates", "providers[0].dates"),
        (providers(table="rows = 3"), "rows", "providers[0].rows"),
        (providers(table='file = "../x.csv"'), "file =", "providers[0].file"),
        (providers(top='encoding = "martian"\n'), "encoding", "encoding"),
        (providers(top='delimiter = "::"\n'), "delimiter", "delimiter"),
        (providers().replace('name = "Name"', ""), "[providers.fields]", FIELDS),
        (providers().replace("providers = ", "programmes = "), "programmes", "coverage.programmes"),
        (providers().replace('ends = "exclusive"', "") + "to = 'T'", "[[providers]]", "ends"),
        (
            providers() + '[[records.bodies]]\nregister = "b d"\nname = "B"\n'
            "licensed = { from = 2020-01-01 }\naccreditation = { from = 2020-01-01 }",
            'register = "b d"',
            "records.bodies[0].register",
        ),
        (
            providers() + '[[records.bodies]]\nregister = "b"\nname = "B"\nhue = 1',
            "hue",
            "records.bodies[0].hue",
        ),
        (providers() + '[lookups.a]\nkey = "K"\nhue = 1', "hue", "lookups.a.hue"),
    ],
)
def test_a_mistake_in_a_table_is_named_with_line_and_key(
    tmp_path: Path, text: str, where: str, key: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, text)
    assert caught.value.key.endswith(key)
    assert caught.value.line
    assert where in text.splitlines()[caught.value.line - 1]


def test_the_line_is_that_of_the_table_it_happened_in(tmp_path: Path) -> None:
    text = providers() + '\n[[providers]]\n[providers.fields]\nregister = "R"\nhue = "H"\n'
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, text)
    assert caught.value.key == "providers[1].fields.hue"
    assert caught.value.line == len(text.splitlines())


def test_a_family_name_is_read_into_no_other_field(tmp_path: Path) -> None:
    text = """
kind = "csv"
location = "trainers.csv"
vouched_by = "register"
max_age = "P1D"
[coverage]
authorisations = "partial"
[[authorisations]]
[authorisations.fields]
register = "No"
trainer = { template = "{Surname}-{No}" }
familyName = "Surname"
provider = "Provider"
role = "Role"
programmes = { value = "all" }
"""
    with pytest.raises(ProfileError, match="family name") as caught:
        profile(tmp_path, text)
    assert caught.value.line == 11


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind = ", "not TOML"),
        (b"kind = 'json'\nkind = 'csv'", "not TOML"),
        (b"# \xff", "not UTF-8 at byte 2"),
    ],
)
def test_what_is_not_toml_is_said_to_be_none(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(ProfileError, match=said):
        load_profile(tmp_path / "a.toml")


def test_a_missing_profile_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.toml: can't be read"):
        load_profile(tmp_path / "gone.toml")
