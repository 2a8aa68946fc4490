"""The JSON API and its document."""

from typing import Any

from api.settings import env
from api.settings.enums import ENUM_NAMES

# Of one caller. Far above what a front end or a nightly synchronisation needs: it is for loops gone wrong.
_most = env.text("REQUESTS_PER_MINUTE", "60000")
if not (_most.isascii() and _most.isdigit() and int(_most[:9]) > 0):
    env.refuse("REQUESTS_PER_MINUTE", "must be a whole number above 0")
REQUESTS_PER_MINUTE = int(_most)

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.ExactJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.auth.CredentialAuthentication",
        "api.auth.StaffSessionAuthentication",
        "api.auth.StaffTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "schema.autoschema.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # ?format= is no parameter of ours
    "COERCE_DECIMAL_TO_STRING": True,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Quarterday",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Landlords connected to HMRC and quarters filed, for letting agencies.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "SORT_OPERATIONS": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # A page of all operations at once is too much for the page itself: with some 120 of them it stops in the middle.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none"},
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "schema.hooks.finish"],
    "AUTHENTICATION_WHITELIST": [],
}

CORS_ALLOW_CREDENTIALS = True
CORS_ALLOWED_ORIGINS: list[str] = []  # each agency has its own list: api.middleware asks it
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Request-Id",
    "Idempotent-Replayed",
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "last-event-id",
    "x-csrftoken",
    "x-password-reset-key",
    "x-request-id",
    "x-session-token",
]
CORS_PREFLIGHT_MAX_AGE = 600
