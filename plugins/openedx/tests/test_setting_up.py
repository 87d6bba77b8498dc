"""The settings and what `manage.py check` says of them, the plugin system, and the tables."""

from types import SimpleNamespace

import pytest
from courses import chosen, nobody_there
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from edx_django_utils.plugins import get_plugin_apps
from openedx_filters.learning.filters import CourseEnrollmentStarted

from trivet_openedx.configured import Configured, configured
from trivet_openedx.settings import common, production


def found() -> list[tuple[str | None, str]]:
    """Return what the checks say of this plugin."""
    said = [(each.id, f"{each.msg} {each.hint or ''}") for each in run_checks()]
    return [each for each in said if (each[0] or "").startswith("trivet_openedx")]


def test_nothing_is_said_of_settings_that_are_right() -> None:
    assert found() == []
    with chosen(URL=nobody_there()):
        assert found() == []  # nobody is asked by a check


@pytest.mark.parametrize(
    "given", [{}, {"URL": "https://trivet.example"}, {"KEY": "x"}, {"URL": "trivet", "KEY": "x"}]
)
def test_an_address_or_key_that_is_missing_is_told_with_what_it_means(
    given: dict[str, str],
) -> None:
    with override_settings(TRIVET_OPENEDX=given):
        ((code, words),) = found()
    assert code == "trivet_openedx.W001"
    assert "every bound course is held up" in words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"URI": "x"}, "'URI', which is not known"),
        ({"URL": 5}, "['URL'] has to be a text"),
        ({"HOLD": "enrolment"}, "['HOLD'] has to be a list of texts"),
        ({"HOLD": ["enrollment"]}, "['HOLD'] takes enrolment, courseware, certificate"),
        ({"COURSEWARE_OPEN_TO": ["teacher"]}, "['COURSEWARE_OPEN_TO'] takes staff, teachers"),
        ({"ASK_AGAIN_MINUTES": -1}, "['ASK_AGAIN_MINUTES'] has to be a whole number"),
        ({"OUTAGE_HOURS": True}, "['OUTAGE_HOURS'] has to be a whole number"),
        ({"TIME_LIMIT_SECONDS": 0}, "['TIME_LIMIT_SECONDS'] has to be above 0"),
        ({"TIME_LIMIT_SECONDS": "2"}, "['TIME_LIMIT_SECONDS'] has to be a number"),
        ({"WAIVER_DAYS": 400}, "['WAIVER_DAYS'] has to be at most 31"),
    ],
)
def test_a_setting_that_can_not_be_is_named(given: dict[str, object], words: str) -> None:
    with override_settings(TRIVET_OPENEDX=given):
        ((code, told),) = found()
    assert (code, words in told) == ("trivet_openedx.E001", True)


def test_a_key_is_shown_nowhere() -> None:
    secret = "tvt_live_secret"
    with chosen(KEY=secret, WEBHOOK_SECRETS=["whsec_secret"]):
        assert "secret" not in repr(configured())
    with override_settings(TRIVET_OPENEDX={"KEY": [secret]}):
        assert secret not in str(found())


@pytest.mark.parametrize(
    ("pipeline", "code"),
    [
        ([], "W002"),
        (["other.Step"], "W002"),
        (["other.Step", "trivet_openedx.steps.HoldEnrolment"], "W003"),
        (["trivet_openedx.steps.HoldEnrolment", "trivet_openedx.steps.HoldEnrollment"], "E002"),
        (["trivet_openedx.steps.HoldEnrolment", "trivet_openedx.steps.HoldCertificate"], "E002"),
        (["trivet_openedx.steps.HoldEnrolment", "other.Step"], None),
    ],
)
def test_a_step_that_is_missing_misspelled_or_not_first_is_told(
    pipeline: list[str], code: str | None, settings_of_filters: dict[str, object]
) -> None:
    config = settings_of_filters | {CourseEnrollmentStarted.filter_type: {"pipeline": pipeline}}
    with override_settings(OPEN_EDX_FILTERS_CONFIG=config):
        codes = [each[0] for each in found()]
    assert codes == ([f"trivet_openedx.{code}"] if code else [])


@pytest.fixture
def settings_of_filters() -> dict[str, object]:
    from django.conf import settings  # noqa: PLC0415 - as it is when the test runs

    return dict(settings.OPEN_EDX_FILTERS_CONFIG)


# ---- The plugin system


def test_the_platform_finds_the_app_its_settings_and_its_address() -> None:
    assert get_plugin_apps("lms.djangoapp") == ["trivet_openedx.apps.TrivetConfig"]
    assert reverse("trivet_openedx:webhook") == "/trivet/webhook"


def test_the_settings_come_from_the_platform_s_file_or_are_empty() -> None:
    platform = SimpleNamespace()
    common.plugin_settings(platform)
    assert platform.TRIVET_OPENEDX == {}
    production.plugin_settings(platform)
    assert platform.TRIVET_OPENEDX == {}
    platform.ENV_TOKENS = {"TRIVET_OPENEDX": {"URL": "https://trivet.example"}}
    production.plugin_settings(platform)
    assert platform.TRIVET_OPENEDX == {"URL": "https://trivet.example"}
    common.plugin_settings(platform)
    assert platform.TRIVET_OPENEDX == {"URL": "https://trivet.example"}


def test_by_default_everything_is_held_up_and_no_outage_is_bridged() -> None:
    default = Configured()
    assert default.hold == ("enrolment", "courseware", "certificate")
    assert default.outage_hours == 0


def test_every_change_of_a_table_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
