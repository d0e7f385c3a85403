"""The product as production runs it, without HTTPS: no debugging, connections kept, templates cached."""

from crm.settings.base import *  # noqa: F403
from crm.settings.base import STORAGES

DEBUG = False
SECRET_KEY = "benchmarks-only"
ALLOWED_HOSTS = ["*"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
#: A benchmark calls more often than any token may.
API_PER_MINUTE = 10**6
