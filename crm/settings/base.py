"""Settings shared by every role. What a deployer may change is read in `env`."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from crm.launch.paths import DataDir, default_data_dir
from crm.launch.state import read_state

from . import env, logs

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("DATA_DIR", str(default_data_dir()))).expanduser().absolute()
#: What `bin/run` left for commands started beside it: connection strings and the secret of this machine.
RUN_STATE = read_state(DataDir(DATA_DIR).state_file)

INSTALLED_APPS = [
    "crm.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "crm.accounts",
    "crm.jobs",
    "crm.activity",
    "crm.calendars",
    "crm.conditions",
    "crm.files",
    "crm.fields",
    "crm.ui",
    "crm.search",
    "crm.blocks",
    "crm.messaging",
    "crm.notifications",
    "crm.planner",
    "crm.approvals",
    "crm.exchange",
    "crm.integrations",
    "crm.console",
    "customers",
    "knowledge",
    "tickets",
    "sales",
    "marketing",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "crm.ui.middleware.CookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.accounts.middleware.ActorMiddleware",
    "crm.ui.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.ui.middleware.AddressMiddleware",
    "crm.ui.middleware.DomainErrorMiddleware",
    "customers.middleware.PortalMiddleware",
    "crm.console.middleware.SwitchesMiddleware",
    "crm.console.middleware.FirstRunMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.ui.context.shell",
            ],
            "builtins": ["crm.ui.templatetags.ui"],
        },
    }
]

#: Widgets may have templates of their own in templates/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", RUN_STATE.get("database_url", "postgres://crm@127.0.0.1:5432/crm")),
        conn_max_age=env.number("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", RUN_STATE.get("redis_url", "redis://127.0.0.1:6379/0"))
# In each process by itself: only for what may differ between two of them. Redis may vanish at any moment,
# so nothing that a request needs is kept there.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = env.number("PASSWORD_LINK_HOURS", 24) * 3600
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "crm.ui.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm.formats"]
USE_I18N = True
USE_TZ = True
# A template prints ids into forms and addresses too; figures are grouped where they are drawn (`number_format`).
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", 20) * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A publisher gives up at once: the ticker repeats what did not arrive. crm.celery lengthens the
    # time-outs for workers.
    "socket_timeout": 0.3,
    "socket_connect_timeout": 0.3,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True

globals().update(env.email("EMAIL_URL", f"file://{DataDir(DATA_DIR).mail}"))
EMAIL_TIMEOUT = 10
MAIL_PER_MINUTE = env.number("MAIL_PER_MINUTE", 300)
SMS = {"folder": str(DataDir(DATA_DIR).root / "sms"), **env.sms("SMS_URL", "console://")}
SMS_PER_MINUTE = env.number("SMS_PER_MINUTE", 60)
#: The longest text message, in parts: each is paid.
SMS_MAX_PARTS = env.number("SMS_MAX_PARTS", 3)
SMS_TIMEOUT = 10
#: Who is asked how customers pay (`customers.figures.credit_sources`).
CREDIT = env.credit("CREDIT_URL", "none://")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "help@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: Whether calls to addresses that people name (`core.outbound`) may lead to this machine: never in production.
OUTBOUND_LOOPBACK = False
#: Private networks that such calls may lead into, such as 10.20.0.0/16; none unless the deployer opens one.
OUTBOUND_NETWORKS = env.networks("OUTBOUND_NETWORKS")
#: Calls of one API token a minute.
API_PER_MINUTE = env.number("API_PER_MINUTE", 300)
SPECTACULAR_SETTINGS = {
    "TITLE": "CRM",
    "VERSION": "1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
}
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")

LOGGING = logs.configuration(env.text("LOG_LEVEL", "INFO").upper())
