"""Which agency is meant: by its host, or by the credential on any host. The two may not disagree.

Who asks with a credential is looked up in one statement: the credential, its agency, whose the host is, and the row of
the subject in the agency's own schema. Nothing that allows anything is remembered: what was revoked or suspended is so
with the next request.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import ProgrammingError, models, transaction
from django_tenants.utils import quote_schema_name

from tenants import credentials
from tenants.db import connection
from tenants.errors import AgencyLeaving, AgencySuspended, CredentialUnknown, KeyElsewhere, WrongAgency
from tenants.models import Agency, Credential, CredentialKind, Domain
from tenants.models.agency import AgencyStatus
from tenants.rows import Columns

# For each kind of credential whose subject has a row of its own in the agency's schema, the model of that row.
Subjects: TypeAlias = Mapping[CredentialKind, type[models.Model]]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_NO_SUBJECTS: Final[Subjects] = {}
# In which schema a credential's subject was last found, by digest: where to look, and never what is there.
_seen: dict[bytes, str] = {}
_MOST_SEEN: Final = 10_000
# The search path goes to the agency's with the same answer, so that no SET is needed before its first statement.
_STATEMENT: Final = """
    SELECT {columns}, host.tenant_id, set_config('search_path', quote_ident(agency.schema_name) || ', public', false)
    FROM public.tenants_credential AS credential
    LEFT JOIN public.tenants_agency AS agency ON agency.id = credential.agency_id
    LEFT JOIN public.tenants_domain AS host ON host.domain = %s
    {join}
    WHERE credential.digest = %s
"""
_JOIN: Final = """
    LEFT JOIN {schema}.{table} AS subject ON subject.{key} = credential.subject_id AND agency.schema_name = %s
"""


@dataclass(frozen=True)
class Asking:
    """What is known of a request before its body is read."""

    agency: Agency | None
    credential: Credential | None
    by_default: bool = False  # on one's own machine, nothing named an agency and the demo agency was taken
    subject: Any = None  # the credential's own row in the agency's schema, if its kind has one and it is there


class _Found(NamedTuple):
    credential: Credential
    agency: Agency | None
    subject: models.Model | None
    host_of: UUID | None


def resolve(*, host: str, bearer: str | None, now: datetime, subjects: Subjects = _NO_SUBJECTS) -> Asking:
    """Find the agency of a request. `host` without its port; `bearer` as sent, if it was.

    An unknown host without a credential is no agency: only public pages answer there.
    Raises CredentialMalformed, KeyElsewhere, CredentialUnknown, WrongAgency, AgencySuspended, AgencyLeaving.
    """
    if bearer:
        return _by_credential(host, bearer, now, subjects)
    named = _by_host(host)
    agency = named or _demo(host)
    _refuse_inactive(agency)
    return Asking(agency, None, by_default=named is None)


def of_host(host: str) -> Agency | None:
    """Whose host it is, whatever the credential says and whether or not the agency is active."""
    return _by_host(host) or _demo(host)


def _by_credential(host: str, bearer: str, now: datetime, subjects: Subjects) -> Asking:
    kind, mark = credentials.parse(bearer)
    if credentials.is_of_another_environment(bearer):
        raise KeyElsewhere
    found = _look_up(host, mark, subjects.get(kind))
    if found is None or not found.credential.is_live(now=now):
        raise CredentialUnknown
    if found.agency is not None and found.host_of not in {None, found.agency.pk}:
        raise WrongAgency
    agency = found.agency or (_by_host(host) if found.host_of else None)
    _refuse_inactive(agency)
    return Asking(agency, found.credential, by_default=agency is None, subject=found.subject)


def _refuse_inactive(agency: Agency | None) -> None:
    if agency is not None and not agency.is_active:
        raise AgencyLeaving if agency.status == AgencyStatus.LEAVING else AgencySuspended


def _look_up(host: str, mark: bytes, subject: type[models.Model] | None) -> _Found | None:
    schema = _seen.get(mark)
    if schema is not None and subject is not None:
        with suppress(ProgrammingError), _unspoilt():  # the schema may have gone with its agency
            found = _ask(host, mark, subject, schema)
            if found is None or (found.agency is not None and found.agency.schema_name == schema):
                return found
    found = _ask(host, mark)
    if subject is None or found is None or found.agency is None or not found.agency.is_active:
        return found
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[mark] = found.agency.schema_name
    return _ask(host, mark, subject, found.agency.schema_name)


def _unspoilt() -> AbstractContextManager[Any]:
    """A transaction that is open survives a statement that fails."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _ask(host: str, mark: bytes, subject: type[models.Model] | None = None, schema: str = "") -> _Found | None:
    columns = [_columns(Credential, "credential"), _columns(Agency, "agency")]
    join, given = "", [host.lower(), mark]
    if subject is not None:
        columns.append(_columns(subject, "subject"))
        meta = subject._meta
        join = _JOIN.format(schema=quote_schema_name(schema), table=meta.db_table, key=meta.pk.column)
        given.insert(1, schema)
    statement = _STATEMENT.format(columns=", ".join(each.listed for each in columns), join=join)
    with connection.anywhere() as cursor:
        cursor.execute(statement, given)
        values = cursor.fetchone()
    if values is None:
        return None
    rows = []
    for each in columns:
        rows.append(each.read(values[: each.width]))
        values = values[each.width :]
    credential, agency, its_row = rows[0], rows[1], rows[2] if subject is not None else None
    credential.agency = agency
    return _Found(credential, agency, its_row, values[0])


@cache
def _columns(model: type[models.Model], alias: str) -> Any:
    return Columns(model, alias)


def _by_host(host: str) -> Agency | None:
    domain = Domain.objects.select_related("tenant").filter(domain=host.lower()).first()
    return None if domain is None else domain.tenant


def _demo(host: str) -> Agency | None:
    # Few clients resolve *.localhost, so on one's own machine the bare loopback names mean the demo agency.
    local = settings.HMRC.name == "local" and host in _LOOPBACK
    return _by_host(settings.DEMO_HOST) if local else None


def is_reserved(host: str) -> bool:
    """Whether no agency may have this host: one's own machine, and the host to which HMRC redirects."""
    return host.lower() in {*_LOOPBACK, urlsplit(settings.PUBLIC_URL).hostname}
