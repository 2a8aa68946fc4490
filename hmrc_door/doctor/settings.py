"""Our own settings, against HMRC's rules for them. Needs no network."""

from collections.abc import Iterator

from hmrc_door.doctor.finding import Finding, failure, ok, warning
from hmrc_door.environment import SCOPES, BadSetting, Environment


def look(environment: Environment) -> Iterator[Finding]:
    """Addresses, client id and secrets, redirect URI, scopes, pace."""
    try:
        environment.check()
    except BadSetting as bad:
        yield failure("settings", f"{bad.name} {bad.reason}", f"Correct {bad.name}.")
        return
    yield ok("settings", f"{environment.name}: {environment.api_url}, redirect to {environment.redirect_uri}")
    yield from _secrets(environment)
    yield from _scopes(environment)


def _secrets(environment: Environment) -> Iterator[Finding]:
    if not environment.client_secrets:
        yield failure(
            "secrets", "this process holds no client secret", "Set HMRC_CLIENT_SECRETS where the workers run."
        )


def _scopes(environment: Environment) -> Iterator[Finding]:
    missing = sorted(set(SCOPES) - set(environment.scopes))
    if missing:
        yield warning(
            "scopes",
            f"{', '.join(missing)} is not asked for",
            "Add it to HMRC_SCOPES, or connect without what needs it; a new scope needs a new sign-in.",
        )
