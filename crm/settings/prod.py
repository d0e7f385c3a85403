"""Production: refuses to start on a default, and speaks HTTPS only. See docs/deployment.md."""

from . import env

env.require("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS")

from .base import *  # noqa: E402,F403
from .base import BASE_URL, SMS  # noqa: E402

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", default=True)
# The load balancer asks these without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
if env.flag("BEHIND_PROXY", default=True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS")
# Subdomains and the browsers' preload list concern names beyond this product: their owner decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Outside production text messages become files; here nobody would notice that they go nowhere.
SMS = {**SMS, **env.sms("SMS_URL", "none://")}
