"""`trivet roster --scim`: a real directory says who has which reference, and never half of it."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.client.answering import Answering, answering_service
from tests.commands import Operator, Ran
from tests.directories import ENTERPRISE, TOKEN, Directory, directory
from trivet.cli import CouldNot
from trivet.cli.roster.attributes import Attribute, is_active
from trivet.cli.roster.directory import Limits, members_at
from trivet.cli.roster.mapping import Scim
from trivet.cli.roster.outcomes import ADDED
from trivet.cli.roster.people import Member

COURSE = """
[courses."PMVA-1"]
provider = "certificate:SAMPLE-0001"
programme = "register:lf-foundation"
"""
LIST = f"""
[constants]
course = "PMVA-1"
[scim]
trainer = "externalId"
show = {{ Name = "displayName" }}
{COURSE}"""
ROTA = f"""
[columns]
staff = "Staff"
course = "Course"
[split]
trainers = [";"]
[scim]
trainer = 'roles[type eq "trainer"].value'
{COURSE}"""


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("roster")) as service:
        yield service


@pytest.fixture(scope="module")
def staff() -> Iterator[Directory]:
    with directory(most_at_once=50) as running:
        running.add("E-2", "AUTH-04", displayName="Two (fictional)")
        running.add(
            "E-1", "AUTH-01", displayName="=One (fictional)", name={"familyName": "Lampwright"}
        )
        running.add("E-3", "AUTH-01", active=False)
        running.add("E-4", None)
        running.add("E-6", "AUTH-01")
        running.add("E-6", "AUTH-04", active=False, userName="user-E-6-before")
        running.add("E-7", "AUTH-01")
        running.add("E-7", "AUTH-01", userName="user-E-7-again")
        running.add("E-5", "AUTH-01", roles=[])
        yield running


@pytest.fixture
def team(operator: Operator, answering: Answering) -> Operator:
    operator.set("TRIVET_URL", answering.url)
    operator.set("TRIVET_API_KEY", answering.key)
    operator.set("TRIVET_SCIM_TOKEN", TOKEN)
    operator.set("no_proxy", "127.0.0.1")
    return operator


def run(team: Operator, mapping: str, url: str, rows: Sequence[Sequence[str]] = ()) -> Ran:
    """Run a rota of these rows, or without any the directory's own list."""
    (team.folder / "map.toml").write_text(mapping)
    source = team.folder / "in.csv"
    with source.open("w", newline="") as written:
        csv.writer(written).writerows(rows)
    files = [str(source)] if rows else []
    for left in team.folder.glob("out.csv*"):
        left.unlink()
    options = ("--map", str(team.folder / "map.toml"), "--scim", url)
    return team("roster", *files, str(team.folder / "out.csv"), *options)


def read(team: Operator) -> list[dict[str, str]]:
    with (team.folder / "out.csv").open(encoding="utf-8-sig", newline="") as written:
        return list(csv.DictReader(written))


def test_a_directory_is_the_staff_list_without_the_inactive_and_those_who_do_not_teach(
    team: Operator, staff: Directory
) -> None:
    ran = run(team, LIST, staff.url)
    rows = read(team)
    assert list(rows[0]) == ["staff", "Name", *ADDED]
    assert [(row["staff"], row["Name"], row["outcome"]) for row in rows] == [
        ("E-1", "'=One (fictional)", "permitted"),
        ("E-2", "Two (fictional)", "refused"),
        *((number, "", "permitted") for number in ("E-5", "E-6", "E-7", "E-7")),
    ]
    assert ran.status == 1
    assert "Of the directory are left out: 2 inactive, 1 without a reference." in ran.out
    assert not [name for name in ("One", "Two", "E-3", "E-4") if name in f"{ran.out}{ran.err}"]


def test_no_more_of_people_is_asked_for_than_is_needed(team: Operator, staff: Directory) -> None:
    run(team, LIST, staff.url)
    asked = staff.asked[-1]
    assert asked["attributes"] == [f"active,externalId,{ENTERPRISE}:employeeNumber,displayName"]
    assert "filter" not in asked
    run(team, ROTA, staff.url, [("Staff", "Course"), ("E-1", "PMVA-1")])
    assert staff.asked[-1]["attributes"] == [f"active,roles,{ENTERPRISE}:employeeNumber"]


def test_a_filter_goes_to_the_directory(team: Operator, staff: Directory) -> None:
    mapping = LIST.replace("[scim]", "[scim]\nfilter = 'userName eq \"user-E-1\"'")
    assert run(team, mapping, staff.url).status == 0
    assert [row["staff"] for row in read(team)] == ["E-1"]
    mapping = LIST.replace("[scim]", "[scim]\nfilter = 'userName eq \"nobody\"'")
    assert "nobody and nothing" in run(team, mapping, staff.url).err


@pytest.mark.parametrize(
    ("cell", "outcome", "says"),
    [
        ("E-1", "permitted", "Certified"),
        (" e-1 ", "permitted", "Certified"),
        ("E-1; E-2", "refused", "AUTH-04"),
        ("E-3", "incomplete", "Staff number E-3 is inactive in the directory."),
        ("E-1; E-4", "incomplete", "Staff number E-4 has no references in the directory"),
        ("E-5", "incomplete", "Staff number E-5 has no references"),
        ("E-6", "permitted", "Certified"),
        ("E-7", "incomplete", "Staff number E-7 is twice or more in the directory."),
        ("E-9", "incomplete", "Staff number E-9 is not in the directory."),
        ("", "incomplete", "The staff number is missing."),
    ],
)
def test_a_rota_finds_its_trainers_by_staff_number(
    team: Operator, staff: Directory, cell: str, outcome: str, says: str
) -> None:
    run(team, ROTA, staff.url, [("Staff", "Course"), (cell, "PMVA-1")])
    (row,) = read(team)
    assert (row["outcome"], says in row["why"]) == (outcome, True), row


def test_family_names_come_from_the_directory_where_they_are_to_be_compared(
    team: Operator, staff: Directory
) -> None:
    mapping = LIST.replace("[scim]", '[scim]\nfamily_name = "name.familyName"')
    ran = run(team, mapping, staff.url)
    assert "name.familyName" in staff.asked[-1]["attributes"][0]
    assert [row["outcome"] for row in read(team)] == ["permitted", *["incomplete"] * 5]
    assert "Lampwright" not in f"{ran.out}{ran.err}{(team.folder / 'out.csv').read_text()}"


def test_all_pages_are_read_though_the_server_gives_fewer_than_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIVET_SCIM_TOKEN", TOKEN)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with directory(most_at_once=50) as running:
        for number in range(125):
            running.add(f"E-{number:03}", f"AUTH-{number:03}")
        members = members_at(running.url, Scim(trainer="externalId"))
        assert [member.staff for member in members] == [f"E-{n:03}" for n in range(125)]
        assert [asked["startIndex"] for asked in running.asked] == [["1"], ["51"], ["101"]]
        with pytest.raises(CouldNot, match="125 users are more than 100"):
            members_at(running.url, Scim(trainer="externalId"), Limits(users=100))
        with pytest.raises(CouldNot, match="a page is longer than 1000 bytes"):
            members_at(running.url, Scim(trainer="externalId"), Limits(page_bytes=1000))


# ---- servers that are not as they should be


Answers = Sequence[tuple[int, Mapping[str, str], object]]


@contextmanager
def answers(given: Answers) -> Iterator[tuple[str, list[str]]]:
    """Run a server that gives these answers one after the other, the last again and again; say who was asked for."""
    left, asked = [*given], list[str]()

    class Giving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = left.pop(0) if len(left) > 1 else left[0]
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Giving) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v2", asked
        finally:
            server.shutdown()
            thread.join()


def page(total: int, *ids: str, **more: Any) -> dict[str, Any]:
    users = [{"id": each, "externalId": f"AUTH-{each}", **more} for each in ids]
    return {"totalResults": total, "Resources": users}


NAME = "Lampwright"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([(301, {"Location": "http://127.0.0.2:9/"}, b"")], "301: it is somewhere else"),
        ([(400, {}, {"scimType": "invalidFilter", "detail": NAME})], "400: it does not take the filter"),
        ([(401, {}, {"detail": NAME})], "401: it does not accept the token in TRIVET_SCIM_TOKEN"),
        ([(403, {}, b"")], "403: the token in TRIVET_SCIM_TOKEN may not read users"),
        ([(404, {}, b"")], "404: it has no users there"),
        ([(429, {"Retry-After": "9999"}, b"")], "429: it was asked too often"),
        ([(500, {}, b"<html>")], "500: it can't answer at present"),
        ([(503, {"Retry-After": "9999"}, b"")], "503: it can't answer at present"),
        ([(200, {}, b"<html>")], "did not answer as a SCIM 2.0 server"),
        ([(200, {}, {"totalResults": "2", "Resources": []})], "did not answer as a SCIM 2.0 server"),
        ([(200, {}, {"totalResults": 1, "Resources": [{"userName": NAME}]})], "did not answer as"),
        ([(200, {}, page(3, "1", "2"))], "tells of 3 users and gave 2"),
        ([(200, {}, page(3, "1", "2")), (200, {}, page(3))], "tells of 3 users and gave 2"),
        ([(200, {}, page(4, "1", "2")), (200, {}, page(3, "3"))], "run it again"),
        ([(200, {}, page(4, "1", "2")), (200, {}, page(5, "2", "3"))], "run it again"),
        ([(200, {}, page(1, "1", "2"))], "tells of 1 users and gave 2"),
    ],
)  # fmt: skip
def test_half_a_list_or_none_is_told_in_a_line_and_nothing_is_asked(
    team: Operator, given: Answers, says: str
) -> None:
    with answers(given) as (url, _):
        ran = run(team, LIST, url)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1), ran
    assert says in ran.err
    assert NAME not in ran.err
    assert TOKEN not in ran.err
    assert not (team.folder / "out.csv").exists()


def test_a_redirect_is_not_followed(team: Operator) -> None:
    with (
        answers([(200, {}, page(0))]) as (elsewhere, asked),
        answers([(302, {"Location": f"{elsewhere}/Users"}, b"")]) as (url, _),
    ):
        run(team, LIST, url)
        assert asked == []


def test_a_busy_directory_is_asked_again(team: Operator) -> None:
    busy = (503, {"Retry-After": "0"}, b"")
    with answers([busy, (200, {}, page(1, "01"))]) as (url, asked):
        assert run(team, LIST, url).status == 0
    assert len(asked) == 2


def test_a_directory_that_nobody_is_at_is_told(team: Operator) -> None:
    assert "gave no answer" in run(team, LIST, "http://127.0.0.1:9/v2").err


@pytest.mark.parametrize(
    ("address", "token", "says"),
    [
        ("http://directory.example/v2", TOKEN, "only https is safe"),
        ("http://10.0.0.1/v2", TOKEN, "only https is safe"),
        ("directory.example", TOKEN, "give an address like https"),
        ("https://user:secret@directory.example", TOKEN, "give an address like https"),
        ("https://directory.example?a=b", TOKEN, "give an address like https"),
        ("https://directory.example:x", TOKEN, "no address"),
        ("https://directory.example", "", "set TRIVET_SCIM_TOKEN"),
        ("https://directory.example", "two parts", "TRIVET_SCIM_TOKEN holds no token"),
    ],
)
def test_no_token_goes_where_it_is_not_safe(
    team: Operator, address: str, token: str, says: str
) -> None:
    team.set("TRIVET_SCIM_TOKEN", token)
    ran = run(team, LIST, address)
    assert (ran.status, says in ran.err, "secret" in ran.err) == (3, True, False), ran


@pytest.mark.parametrize(
    ("mapping", "rows", "says"),
    [
        (ROTA, (), "columns.staff: there is no file that has it"),
        (LIST, (("Staff",), ("E-1",)), "columns.staff: say which column"),
        (ROTA.replace("[columns]", '[columns]\ntrainer = "T"'), (("Staff",),), "columns.trainer: with --scim"),
        (f"{ROTA}[scim.show]\nN = 'displayName'", (("Staff",),), "scim.show: it is for a staff list"),
        (COURSE, (), "[scim] is missing"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_a_directory_is_told(
    team: Operator, mapping: str, rows: Sequence[Sequence[str]], says: str
) -> None:
    assert says in run(team, mapping, "http://127.0.0.1:9/v2", rows).err


USER: Mapping[str, Any] = {
    "externalId": " A-1 ",
    "Active": "False",
    "name": {"familyName": "Example"},
    "roles": [
        {"type": "Trainer", "value": "A-2"},
        {"type": "trainer", "value": "A-3", "primary": True},
        {"type": "badge", "value": "B-1"},
    ],
    "phones": ["1", "", "1"],
    "urn:example:2.0:User": {"Authorisation": 17, "training": {"code": "A-4"}},
}


@pytest.mark.parametrize(
    ("path", "values", "asked_for"),
    [
        ("externalId", ("A-1",), "externalId"),
        ("EXTERNALID", ("A-1",), "EXTERNALID"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:externalId", ("A-1",), "externalId"),
        ("name.familyName", ("Example",), "name.familyName"),
        ('roles[type eq "trainer"].value', ("A-2", "A-3"), "roles"),
        ('roles[type EQ "badge"]', ("B-1",), "roles"),
        ("roles[primary eq true].value", ("A-3",), "roles"),
        ("roles", ("A-2", "A-3", "B-1"), "roles"),
        ("roles.type", ("Trainer", "trainer", "badge"), "roles.type"),
        ("phones", ("1",), "phones"),
        ("urn:example:2.0:User:authorisation", ("17",), "urn:example:2.0:User:authorisation"),
        ("urn:example:2.0:User:training.code", ("A-4",), "urn:example:2.0:User:training.code"),
        ("urn:other:User:authorisation", (), "urn:other:User:authorisation"),
        ("active", ("False",), "active"),
        ("nothing.such", (), "nothing.such"),
    ],
)
def test_an_attribute_is_found_by_its_path(path: str, values: tuple[str], asked_for: str) -> None:
    attribute = Attribute.parse(path)
    assert (attribute.values(USER), attribute.asked_for) == (values, asked_for)


@pytest.mark.parametrize(
    "path", ["", "a b", "a[b]", 'a[b co "c"].d', "a.b.c", "urn:x", "[a eq true]"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no attribute's path"):
        Attribute.parse(path)


def test_a_user_is_active_unless_that_is_denied() -> None:
    assert not is_active(USER)
    assert not is_active({"active": False})
    assert is_active({"active": True})
    assert is_active({})


def test_a_name_is_in_no_representation() -> None:
    member = Member(staff="1", references=(), active=True, shown=(NAME,), family_name=NAME)
    assert NAME not in repr(member)
