"""A real platform: the LTI consumer of Open edX on a bare Django, with a database of its own. Run as a process.

    python openedx_platform.py FOLDER TOOL_URL

What the rest of Open edX would provide - members of a course, their ids outside, who may write in Studio - is a small
fake in the modules that the consumer imports it from. Launches, keys, tokens, rosters with their pages and deep links
are the consumer's own. It prints one line of JSON that says how it is registered with a tool, then serves.
"""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

FOLDER, TOOL = Path(sys.argv[1]), sys.argv[2]
COURSE = "course-v1:Example+RP1+2026"
LEARNERS = 114

server = make_server("127.0.0.1", 0, lambda *_: [])
BASE = f"http://127.0.0.1:{server.server_port}"


def members(_: object) -> dict[int, dict[str, Any]]:
    """Return 120 members: six who teach, one of them by a role that the platform tells as a sub-role."""
    roles = [
        ["instructor"],
        ["staff"],
        ["staff"],
        ["limited_staff"],
        ["instructor"],
        ["Community TA"],
    ]
    roles += [["student"]] * LEARNERS
    return {
        number: {"id": number, "name": f"Person {number} (fictional)", "roles": each}
        for number, each in enumerate(roles, 1)
    }


def external_ids(_: Any, __: str) -> dict[int, SimpleNamespace]:
    return {number: SimpleNamespace(external_user_id=f"user-{number}") for number in members(None)}


class OverEnrollmentLimitException(Exception):
    pass


FAKES: dict[str, dict[str, Any]] = {
    "lms.djangoapps.course_api.api": {"get_course_members": members},
    "lms.djangoapps.course_api.exceptions": {
        "OverEnrollmentLimitException": OverEnrollmentLimitException
    },
    "openedx.core.djangoapps.external_user_ids.models": {
        "ExternalId": SimpleNamespace(batch_get_or_create_user_ids=external_ids)
    },
    "common.djangoapps.student.auth": {"has_studio_write_access": lambda *_: True},
}


def provide_fakes() -> None:
    for name, contents in FAKES.items():
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            module = sys.modules.setdefault(".".join(parts[:end]), ModuleType(parts[end - 1]))
            module.__path__ = []
        vars(sys.modules[name]).update(contents)


def with_an_author(handle: Any) -> Any:
    """Have somebody logged in who may write in Studio: the fake above says that everybody may."""

    def handled(request: Any) -> Any:
        request.user = SimpleNamespace(id=1)
        return handle(request)

    return handled


def set_up() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        SECRET_KEY="a key for tests, and only for tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "config_models",
            "rest_framework",
            "lti_consumer",
        ],
        MIGRATION_MODULES=dict.fromkeys(["contenttypes", "auth", "config_models", "lti_consumer"]),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": FOLDER / "platform.db",
                "OPTIONS": {"init_command": "PRAGMA synchronous=OFF"},
            }
        },
        MIDDLEWARE=[
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
            f"{__name__}.with_an_author",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USAGE_ID_PATTERN=r"(?P<usage_id>[^/]+)",
        LTI_API_BASE=BASE,
        LTI_BASE=BASE,
        LMS_ROOT_URL=BASE,
        PLATFORM_NAME="Example platform (fictional)",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def configured() -> dict[str, Any]:
    """Configure the tool in the platform, and return what the tool has to know."""
    from lti_consumer.models import (
        CourseAllowPIISharingInLTIFlag,
        Lti1p3Passport,
        LtiConfiguration,
    )

    CourseAllowPIISharingInLTIFlag.objects.create(course_id=COURSE, enabled=True)
    passport = Lti1p3Passport.objects.create(lti_1p3_tool_keyset_url=f"{TOOL}/jwks.json")
    LtiConfiguration.objects.create(
        version=LtiConfiguration.LTI_1P3,
        config_store=LtiConfiguration.CONFIG_ON_DB,
        location="block-v1:Example+RP1+2026+type@lti_consumer+block@standing",
        lti_1p3_passport=passport,
        lti_1p3_oidc_url=f"{TOOL}/login",
        lti_1p3_launch_url=f"{TOOL}/launch",
        lti_advantage_enable_nrps=True,
        lti_advantage_deep_linking_enabled=True,
        lti_advantage_deep_linking_launch_url=f"{TOOL}/launch",
        lti_advantage_ags_mode=LtiConfiguration.LTI_ADVANTAGE_AGS_DISABLED,
    )
    return {
        "issuer": BASE,
        "client_id": passport.lti_1p3_client_id,
        "deployments": ["1"],
        "auth_url": f"{BASE}/api/lti_consumer/v1/launch/",
        "token_url": f"{BASE}/api/lti_consumer/v1/token/{passport.passport_id}",
        "token_audience": f"{BASE}/api/lti_consumer/v1/token/{passport.passport_id}",
        "jwks_url": f"{BASE}/api/lti_consumer/v1/public_keysets/{passport.passport_id}",
    }


def start(request: Any) -> Any:
    """Begin what a click in a course begins: `?user=3&role=staff`; with `choose` a deep link, with `item` its link."""
    from django.http import HttpResponseRedirect
    from lti_consumer.data import Lti1p3LaunchData
    from lti_consumer.models import LtiConfiguration

    asked = request.GET
    configuration = LtiConfiguration.objects.get()
    data = Lti1p3LaunchData(
        user_id=asked["user"],
        user_role=asked["role"],
        config_id=configuration.config_id,
        resource_link_id=str(configuration.location),
        external_user_id=f"user-{asked['user']}",
        name=f"Person {asked['user']} (fictional)",
        context_id=COURSE,
        context_type=["course_offering"],
        context_title="Positive handling, January (fictional)",
        message_type="LtiDeepLinkingRequest" if "choose" in asked else "LtiResourceLinkRequest",
        deep_linking_content_item_id=asked.get("item"),
    )
    return HttpResponseRedirect(configuration.get_lti_consumer().prepare_preflight_url(data))


def items(_: Any) -> Any:
    """Return the links that deep linking left in the course."""
    from django.http import JsonResponse
    from lti_consumer.models import LtiDlContentItem

    return JsonResponse(
        {"items": [{"id": each.id, **each.attributes} for each in LtiDlContentItem.objects.all()]}
    )


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def main() -> None:
    provide_fakes()
    set_up()
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    globals()["urlpatterns"] = [
        path("start", start),
        path("items", items),
        path("api/", include("lti_consumer.plugin.urls")),
    ]
    registered = configured()
    server.RequestHandlerClass = Quiet
    server.set_app(get_wsgi_application())
    print(json.dumps(registered), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
