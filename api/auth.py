"""Who the caller is, and whether the credential allows what is asked. The one place."""

from typing import Any, cast
from uuid import UUID

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.errors import Forbidden, Unauthenticated
from landlords.models import LandlordSession
from people.models import ApiKey, User
from people.principal import Principal, PrincipalKind
from people.scopes import LANDLORD, Scope
from tenants import clock
from tenants.db import connection
from tenants.errors import CredentialUnknown
from tenants.models import Agency, CredentialKind
from tenants.resolve import Asking

# Of which credentials the middleware reads the subject's own row along, in the statement that finds the agency.
SUBJECTS = {CredentialKind.API_KEY: ApiKey}


class CredentialAuthentication(BaseAuthentication):
    """Authorization: Bearer, one of ours. The middleware has already found its agency."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        known = asking(request)
        credential = known.credential
        if credential is None:
            return None
        return _PRINCIPALS[CredentialKind(credential.kind)](known, credential.subject_id), credential

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="quarterday"'


class StaffSessionAuthentication(SessionAuthentication):
    """The browser client's cookie, with CSRF. `request.auth` is the session."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request) if _in_agency() else None
        session = request._request.session  # noqa: SLF001 - DRF wraps Django's request
        return None if found is None else (_staff(cast("User", found[0])), session)

    def enforce_csrf(self, request: Request) -> None:
        """By the header alone: Django would look for the token in a form first, and read all of a file for that."""
        request._request._post, request._request._files = QueryDict(), MultiValueDict()  # type: ignore[attr-defined] # noqa: SLF001
        super().enforce_csrf(request)


class StaffTokenAuthentication(XSessionTokenAuthentication):
    """The app client's X-Session-Token. `request.auth` is the session."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request._request) if _in_agency() else None  # noqa: SLF001
        return None if found is None else (_staff(found[0]), found[1])


class HasScope(BasePermission):
    """A view names the scope of each method; nothing is open that does not say so."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed: Scope | None = view.scope_for(request.method)
        if needed is None:
            return True
        if not isinstance(request.user, Principal):
            raise Unauthenticated
        if not request.user.may(needed) or (request.user.landlord_id and not view.landlord_may):
            raise Forbidden(f"The scope {needed} is needed.")
        return True


def _in_agency() -> bool:
    return isinstance(connection.tenant, Agency)


def _staff(user: User) -> Principal:
    return Principal(PrincipalKind.STAFF, user.pk, user.scopes)


def _api_key(known: Asking, _: UUID) -> Principal:
    key = known.subject
    if not isinstance(key, ApiKey) or key.revoked_at is not None:
        raise CredentialUnknown
    key.touch(now=clock.now())
    return Principal(PrincipalKind.API_KEY, key.pk, key.granted)


def _landlord(_: Asking, session_id: UUID) -> Principal:
    session = LandlordSession.objects.filter(pk=session_id, landlord__archived_at=None).first()
    if session is None:
        raise CredentialUnknown
    return Principal(PrincipalKind.LANDLORD, session.landlord_id, LANDLORD)


def _operator(_: Asking, key_id: UUID) -> Principal:
    return Principal(PrincipalKind.OPERATOR, key_id, frozenset({Scope.OPERATOR}))


def _nobody(_: Asking, __: UUID) -> Principal:
    raise CredentialUnknown  # an invitation is exchanged for a session, never used as one


_PRINCIPALS = {
    CredentialKind.API_KEY: _api_key,
    CredentialKind.LANDLORD: _landlord,
    CredentialKind.OPERATOR: _operator,
    CredentialKind.INVITATION: _nobody,
}


def caller(request: Request) -> Principal:
    """Who is calling. Raises Unauthenticated if nobody is known."""
    if not isinstance(request.user, Principal):
        raise Unauthenticated
    return request.user


def asking(request: Request) -> Asking:
    """What the middleware found out before the body was read: the agency and the credential."""
    known: Asking = request._request.asking  # type: ignore[attr-defined] # noqa: SLF001 - DRF wraps Django's request
    return known
