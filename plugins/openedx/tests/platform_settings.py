"""The Django settings of the tests: a small platform with this plugin in it. Not an LMS."""

import os

SECRET_KEY = "fictional"
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("PLATFORM_DATABASE", ":memory:"),
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA synchronous=OFF",  # nothing here outlives its test
        },
    }
}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "trivet_openedx.apps.TrivetConfig",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "platform_urls"
STATIC_URL = "/static/"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

TRIVET_OPENEDX = {
    "URL": os.environ.get("PLATFORM_TRIVET_URL", ""),
    "KEY": os.environ.get("PLATFORM_TRIVET_KEY", ""),
}
STEPS = {
    "org.openedx.learning.course.enrollment.started.v1": "HoldEnrolment",
    "org.openedx.learning.courseware.access_checks.requested.v1": "HoldCourseware",
    "org.openedx.learning.certificate.creation.requested.v1": "HoldCertificate",
}
OPEN_EDX_FILTERS_CONFIG = {
    filter_type: {"pipeline": [f"trivet_openedx.steps.{step}"], "fail_silently": False}
    for filter_type, step in STEPS.items()
}
