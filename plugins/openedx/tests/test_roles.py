"""Who teaches a course, as the platform's own events tell, and what is forgotten."""

import io
import sys
from collections.abc import Iterator

import pytest
from courses import asked, bound, enrol, key_of, teaches, words_of
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from edx_django_utils.plugins import connect_plugin_receivers
from openedx_events.learning.data import CourseAccessRoleData, UserData, UserPersonalData
from openedx_events.learning.signals import COURSE_ACCESS_ROLE_ADDED, COURSE_ACCESS_ROLE_REMOVED

from trivet_openedx.models import BoundCourse, KeptVerdict, Teaching, TrainerMapping

pytestmark = pytest.mark.usefixtures("trivet")

NAME = "Quillfeather"
HEADER = ["course_id,user_id,role"]


@pytest.fixture(autouse=True)
def receivers() -> Iterator[None]:
    connect_plugin_receivers("lms.djangoapp")
    yield
    for signal in (COURSE_ACCESS_ROLE_ADDED, COURSE_ACCESS_ROLE_REMOVED):
        signal.receivers.clear()
        signal.sender_receivers_cache.clear()


def tells(signal: object, course: BoundCourse, staff_id: int, role: str = "instructor") -> None:
    """Have the platform tell of a role."""
    pii = UserPersonalData(username=NAME, email=f"{NAME}@example.org", name=NAME)
    data = CourseAccessRoleData(
        user=UserData(id=staff_id, is_active=True, pii=pii),
        org_key="Lanternfold",
        course_key=key_of(course),
        role=role,
    )
    signal.send_event(course_access_role_data=data)  # type: ignore[attr-defined]  # the library has no types


def test_a_role_makes_somebody_a_teacher_until_it_is_removed() -> None:
    course = bound(trainer=None)
    TrainerMapping.objects.create(staff_id=31, reference="authorisation:AUTH-01")
    assert words_of(enrol, course)
    for _ in range(2):  # an event may come twice
        tells(COURSE_ACCESS_ROLE_ADDED, course, 31)
    enrol(course)
    assert Teaching.objects.count() == 1
    tells(COURSE_ACCESS_ROLE_REMOVED, course, 31, "staff")
    enrol(course)
    tells(COURSE_ACCESS_ROLE_REMOVED, course, 31)
    assert words_of(enrol, course)
    assert not Teaching.objects.exists()


def test_nothing_of_a_person_is_kept_but_the_number() -> None:
    tells(COURSE_ACCESS_ROLE_ADDED, bound(trainer=None), 31)
    (row,) = Teaching.objects.values()
    assert {key: row[key] for key in ("staff_id", "role")} == {"staff_id": 31, "role": "instructor"}
    assert NAME not in str(row)


# ---- The command


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("trivet_trainers", *arguments)
    return capsys.readouterr().out.strip()


def pipes(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have lines come by standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))


def test_roles_given_before_are_entered_and_until_then_a_course_is_on_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = bound(trainer=None)
    assert said(capsys, "unmapped") == f"{course}: nobody is known to teach it"
    assert "This is not a finding against anybody" in words_of(enrol, course)
    rows = ["course_id,user_id,role", f"{course},41,staff", f"{course},42,instructor"]
    pipes(monkeypatch, *rows, ",43,instructor", f"{course},41,staff")
    assert said(capsys, "roles") == "3 roles are known"
    assert said(capsys, "unmapped") == f"{course}: 41\n{course}: 42"
    said(capsys, "map", "41", "authorisation:AUTH-04")
    said(capsys, "map", "41", "authorisation:AUTH-01", "--course", str(course))
    said(capsys, "map", "42")
    assert said(capsys, "unmapped") == ""
    enrol(course)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["course_id,role", "course-v1:A+B+C,staff"], "line 1: user_id is missing"),
        ([], "line 1: course_id and user_id"),
        (
            [*HEADER, "course-v1:A+B+C,14,staff", "course-v1:A B C,14,staff"],
            "line 3: course_id can't",
        ),
        ([*HEADER, f"course-v1:A+B+C,{NAME},staff"], "line 2: user_id can't"),
        ([*HEADER, "course-v1:A+B+C,-1,staff"], "line 2: user_id can't"),
        ([*HEADER, "course-v1:A+B+C,14,"], "line 2: role can't"),
        ([*HEADER, "course-v1:A+B+C,14"], "line 2: role can't"),
    ],
)
def test_of_roles_that_can_not_be_read_none_is_kept(
    lines: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipes(monkeypatch, *lines)
    with pytest.raises(CommandError, match=words) as refused:
        call_command("trivet_trainers", "roles")
    assert NAME not in str(refused.value)
    assert not Teaching.objects.exists()


def test_a_name_in_the_place_of_a_reference_is_refused_and_not_repeated() -> None:
    with pytest.raises(CommandError, match="Give authorisation") as refused:
        call_command("trivet_trainers", "map", "41", NAME)
    assert NAME not in str(refused.value)
    assert not TrainerMapping.objects.exists()


def test_a_person_who_is_forgotten_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    course, other = bound(), bound(trainer=None)
    teaches(other, 77, "authorisation:AUTH-01")
    for each in (course, other):
        enrol(each)
    mapping = TrainerMapping.objects.get(staff_id=12)
    LogEntry.objects.create(
        user=User.objects.create(username="admin"),
        content_type=ContentType.objects.get_for_model(TrainerMapping),
        object_id=str(mapping.pk),
        object_repr=str(mapping),
        action_flag=ADDITION,
    )
    words = said(capsys, "forget", "12")
    assert words == "0 waivers, 0 reviews, 1 kept answers, 1 roles, 1 references deleted"
    assert [row.course for row in KeptVerdict.objects.all()] == [other]
    assert not LogEntry.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM trivet_openedx_teaching")
        assert [row[2] for row in cursor.fetchall()] == [77]
    assert words_of(enrol, course)
    enrol(other)
    assert asked(other) == 1
