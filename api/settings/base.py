"""Django, the database, the agencies."""

from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url

from api.log import configure as _configure_logs
from api.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", "localhost,127.0.0.1,.localhost")
ROOT_URLCONF = "api.urls"
WSGI_APPLICATION = "api.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

# Agencies. An app is public or per agency, never both: django-tenants routes whole apps.
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.staticfiles",
    "api",
    "workers",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "events",
    "landlords",
    "hmrc_oauth",
    "mtd",
    "leaving",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "tenants.Agency"
TENANT_DOMAIN_MODEL = "tenants.Domain"
GET_EXECUTOR_FUNCTION = "tenants.fleet.executor.get_executor"  # who migrates many agencies
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEMO_HOST = "demo.localhost"

MIDDLEWARE = [
    "api.middleware.RequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.middleware.AgencyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "api.middleware.StaffDoorMiddleware",
]

try:
    _database: dict[str, Any] = dict(dj_database_url.parse(env.text("DATABASE_URL")))
except (ValueError, dj_database_url.UnknownSchemeError):
    env.refuse("DATABASE_URL", "must look like postgresql://user:password@host:port/name")
if "postgresql" not in _database.get("ENGINE", ""):
    env.refuse("DATABASE_URL", "must be a PostgreSQL address")
_POOLED = env.yes("DATABASE_POOL", default=False)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "tenants.postgresql_backend",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 0 if _POOLED else 600,
        "CONN_HEALTH_CHECKS": not _POOLED,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            # A connection that has visited many agencies keeps their catalogues in memory, so it is let go after a
            # while.
            **({"pool": {"min_size": 1, "max_size": 6, "max_lifetime": 900, "timeout": 10}} if _POOLED else {}),
        },
    }
}

REDIS_URL = env.text("REDIS_URL")
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    env.refuse("REDIS_URL", "must look like redis://host:port/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

# Keys. API processes are not given TOKEN_KEK_FILE.
KEK_PROVIDER = env.text("KEK_PROVIDER", "file")
if KEK_PROVIDER != "file":
    env.refuse("KEK_PROVIDER", "only file is known")
KEK_FILE = env.path("KEK_FILE")
TOKEN_KEK_FILE = env.path("TOKEN_KEK_FILE")

try:
    _mail = dj_email_url.parse(env.text("EMAIL_URL", "console:"))
except ValueError:
    env.refuse("EMAIL_URL", "must look like smtp+tls://user:password@host:587?timeout=20")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"] or None
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
# Seconds for each step of the talk with a mail server: a silent one must not hold a thread for ever.
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 20
if EMAIL_TIMEOUT < 0:
    env.refuse("EMAIL_URL", "its timeout must be a number of seconds")
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", "Quarterday <no-reply@localhost>")


STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a body of JSON; imports have their own way in
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"

# Where workers and the scheduler show what they count (docs/runbooks). Off without a port.
METRICS_PORT = env.port("METRICS_PORT")
METRICS_HOST = env.text("METRICS_HOST", "127.0.0.1")

LOGGING_CONFIG = None
_configure_logs()
