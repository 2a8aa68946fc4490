"""Which agency is meant: by its host, or by the credential on any host. The two may not disagree."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from tenants import credentials
from tenants.errors import AgencyLeaving, AgencySuspended, CredentialUnknown, KeyElsewhere, WrongAgency
from tenants.models import Agency, Credential, Domain
from tenants.models.agency import AgencyStatus

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Asking:
    """What is known of a request before its body is read."""

    agency: Agency | None
    credential: Credential | None
    by_default: bool = False  # on one's own machine, nothing named an agency and the demo agency was taken


def resolve(*, host: str, bearer: str | None, now: datetime) -> Asking:
    """Find the agency of a request. `host` without its port; `bearer` as sent, if it was.

    An unknown host without a credential is no agency: only public pages answer there.
    Raises CredentialMalformed, KeyElsewhere, CredentialUnknown, WrongAgency, AgencySuspended, AgencyLeaving.
    """
    credential = _find(bearer, now) if bearer else None
    named = _agree(_by_host(host), credential)
    agency = named or (None if credential else _demo(host))
    if agency is not None and not agency.is_active:
        raise AgencyLeaving if agency.status == AgencyStatus.LEAVING else AgencySuspended
    return Asking(agency, credential, by_default=named is None)


def of_host(host: str) -> Agency | None:
    """Whose host it is, whatever the credential says and whether or not the agency is active."""
    return _by_host(host) or _demo(host)


def _find(bearer: str, now: datetime) -> Credential:
    mark = credentials.parse(bearer).digest
    if credentials.is_of_another_environment(bearer):
        raise KeyElsewhere
    found = Credential.get_live(mark, now=now)
    if found is None:
        raise CredentialUnknown
    return found


def _agree(by_host: Agency | None, credential: Credential | None) -> Agency | None:
    by_credential = credential.agency if credential else None
    if by_host and by_credential and by_host.pk != by_credential.pk:
        raise WrongAgency
    return by_credential or by_host


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
