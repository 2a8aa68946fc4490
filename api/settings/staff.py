"""Staff sign-in: django-allauth, headless, in the agency's own schema."""

from api.settings.hmrc import HMRC

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "people.sessions"
SESSION_COOKIE_NAME = "quarterday_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HMRC.name != "local"
CSRF_COOKIE_NAME = "quarterday_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "api.problems.csrf_failure"

PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # for an invitation, too

# Mails, in people/templates; where there is none of ours, allauth's.
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

HEADLESS_ONLY = True
HEADLESS_ADAPTER = "people.adapters.HeadlessAdapter"
HEADLESS_CLIENTS = ("app", "browser")
HEADLESS_SERVE_SPECIFICATION = False
HEADLESS_FRONTEND_URLS = {  # paths below the agency's own front end
    "account_reset_password": "/staff/password/reset",
    "account_reset_password_from_key": "/staff/password/reset/{key}",
    "account_signup": "/staff/sign-up-is-closed",
}
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A change of address takes effect once the code mailed to the new one is entered. A code lives in the session, sealed;
# allauth's links are signed for all agencies alike, and one agency's would open another's address of the same number.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the person is told of every change to how they sign in
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
MFA_ADAPTER = "people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# A passkey alone signs in, so each one asks for a PIN, a finger or a face. If only sign-in without a password did, its
# challenge could be fetched as that of a second factor, and a key that was found would do.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# An office signs in from one address at nine o'clock; nothing about a passkey can be guessed.
MFA_RATE_LIMITS = dict.fromkeys(("webauthn_challenge", "webauthn_login"), "30/m/ip")
