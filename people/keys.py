"""API keys: made once, shown once, revoked for good."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from people.errors import ScopeNotYours
from people.models import ApiKey
from people.principal import Principal
from people.scopes import KEY_SCOPES, Scope
from tenants import credentials
from tenants.context import current_agency
from tenants.faults import NotFound
from tenants.models import Credential


class MadeKey(NamedTuple):
    key: ApiKey
    secret: str


def make_key(*, by: Principal, name: str, scopes: Iterable[Scope], expires_at: datetime | None) -> MadeKey:
    """A key with at most the scopes of whoever makes it. Raises ScopeNotYours."""
    wanted = frozenset(scopes)
    if not wanted <= by.scopes & KEY_SCOPES:
        raise ScopeNotYours
    prefix = credentials.api_key_prefix()
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        scopes=sorted(wanted),
        expires_at=expires_at,
        created_by_kind=by.kind,
        created_by_id=by.id,
    )
    return MadeKey(
        key, credentials.mint(prefix=prefix, subject_id=key.pk, agency=current_agency(), expires_at=expires_at)
    )


def revoke_key(*, key_id: UUID, now: datetime) -> ApiKey:
    """Raises NotFound."""
    key = get_key(key_id=key_id)
    if key.revoke(now=now):
        Credential.forget(agency_id=current_agency().pk, subject_id=key_id)
    return get_key(key_id=key_id)


def get_key(*, key_id: UUID) -> ApiKey:
    """Raises NotFound."""
    found = ApiKey.objects.filter(pk=key_id).first()
    if found is None:
        raise NotFound
    return found
