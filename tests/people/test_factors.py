"""The second factor as the session remembers it: which, when, and never its secret."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings

from people.factors import SecondFactor, second_factors
from people.models import User
from tenants.context import tenant
from tenants.models import Agency
from tests.people.clients import AppClient, totp
from tests.people.test_second_factor import recovery_codes, set_up

pytestmark = pytest.mark.usefixtures("in_alpha")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def session_of(app: AppClient) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(app.token)


def again(app: AppClient, mo: User, code: str) -> AppClient:
    """Signed in anew, with a code as the second factor."""
    fresh = AppClient(app.agency, "alpha.localhost")
    fresh.sign_in(mo.email)
    assert fresh.call("POST", "auth/2fa/authenticate", {"code": code}).status_code == 200
    return fresh


def test_a_password_alone_is_no_second_factor(app: AppClient, mo: User) -> None:
    app.sign_in(mo.email)

    assert second_factors(session=session_of(app), user_id=mo.pk) == []


def test_a_code_of_the_authenticator_app_is_one(app: AppClient, mo: User) -> None:
    secret = set_up(app, mo)

    (factor,) = second_factors(session=session_of(again(app, mo, totp(secret))), user_id=mo.pk)

    assert factor.kind == "TOTP"
    assert factor.at.tzinfo is UTC
    assert len(factor.reference) == 64
    assert secret not in factor.reference


def test_the_same_authenticator_has_the_same_reference_at_each_sign_in(app: AppClient, mo: User) -> None:
    codes = recovery_codes(app) if set_up(app, mo) else []

    found = [second_factors(session=session_of(again(app, mo, code)), user_id=mo.pk) for code in codes[:2]]

    assert found[0][0].reference == found[1][0].reference
    assert {factors[0].kind for factors in found} == {"OTHER"}


def test_the_latest_proof_counts_and_the_reference_is_the_agencys_own(mo: User, alpha: Agency, beta: Agency) -> None:
    proofs = [{"method": "mfa", "type": "totp", "id": 1, "at": AT.timestamp() + after} for after in (60, 0)]
    session: Any = {
        "_auth_user_id": str(mo.pk),
        "account_authentication_methods": [{"method": "password", "at": AT.timestamp()}, *proofs],
    }

    (here,) = second_factors(session=session, user_id=mo.pk)
    with tenant(beta):
        (there,) = second_factors(session=session, user_id=mo.pk)

    assert here == SecondFactor("TOTP", datetime(2026, 11, 22, 12, 1, tzinfo=UTC), here.reference)
    assert here.reference != there.reference


def test_somebody_elses_session_says_nothing_of_me(app: AppClient, mo: User) -> None:
    secret = set_up(app, mo)
    session = session_of(again(app, mo, totp(secret)))

    assert second_factors(session=session, user_id=User.invite(email="other@alpha.example", role="member").pk) == []
