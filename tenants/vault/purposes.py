from enum import StrEnum


class Purpose(StrEnum):
    """What a data key is for. Four, since four audiences may use them."""

    FLOW = "flow"  # codes and PKCE verifiers: API and workers
    TOKEN = "token"  # noqa: S105 - access and refresh tokens: workers only
    PII = "pii"  # NINOs, figures, TOTP secrets, sessions: API and workers
    INDEX = "index"  # the HMAC key of the blind index: API and workers
