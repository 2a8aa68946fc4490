"""Second factors that staff add and remove, audited in the transaction in which allauth does it.

Recovery codes come and go with them, and open nothing without the password.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed

from events import audit
from people.models import User
from people.principal import Principal, PrincipalKind
from tenants import clock

_AUDITED = frozenset({Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN})


def listen() -> None:
    """Once, when Django is ready."""
    authenticator_added.connect(_added, dispatch_uid="quarterday.factor_added")
    authenticator_removed.connect(_removed, dispatch_uid="quarterday.factor_removed")


def _added(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record("staff.factor_added", user, authenticator)


def _removed(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record("staff.factor_removed", user, authenticator)


def _record(action: str, user: User, authenticator: Authenticator) -> None:
    if authenticator.type in _AUDITED:
        by = Principal(PrincipalKind.STAFF, user.pk, user.scopes)
        detail = {"factor": str(authenticator.type)}
        audit.record(by=by, action=action, subject_type="staff", subject_id=user.pk, now=clock.now(), **detail)
