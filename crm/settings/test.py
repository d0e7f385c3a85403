"""The suite: fast hashing, no manifest, real PostgreSQL and Redis started by the pytest plugin."""

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Databases are dropped and cloned between tests; a connection kept open would stand in the way.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Fakes of other people's servers stand on this machine.
OUTBOUND_LOOPBACK = True
# As in production: a test that wants text messages says so.
SMS = {"sender": "none", "countries": []}
