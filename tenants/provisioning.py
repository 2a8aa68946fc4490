"""A new agency: its row, its host, its schema and its keys."""

import structlog
from django.db import IntegrityError, transaction

from tenants import blueprint, clock, due
from tenants.context import tenant
from tenants.errors import AgencyTaken
from tenants.models import Agency, Domain
from tenants.resolve import is_reserved
from tenants.vault import Purpose, keyring

log = structlog.get_logger()

# The key for tokens is made by the first worker that needs it: this may be an API process, which is not given the ring.
_PURPOSES = (Purpose.FLOW, Purpose.PII, Purpose.INDEX)


def create_agency(*, name: str, host: str) -> Agency:
    """Create an agency with its schema, of this release, and its data keys. All of it or nothing.

    Raises AgencyTaken if another agency answers at the host, or it is nobody's: loopback, and HMRC's redirect.
    """
    if is_reserved(host):
        raise AgencyTaken
    with transaction.atomic():
        agency: Agency = Agency.objects.create(name=name)
        try:
            with transaction.atomic():
                Domain.objects.create(domain=host.lower(), tenant=agency, is_primary=True)
        except IntegrityError:
            raise AgencyTaken from None
        _make_schema(agency)
        with tenant(agency):
            keyring.begin(agency.pk, _PURPOSES)
            due.put(kind=due.Kind.TIDY, subject_id=agency.pk, lane=due.Lane.BACKGROUND, at=clock.now() + due.TIDY_EVERY)
    return agency


def _make_schema(agency: Agency) -> None:
    if blueprint.fits():
        blueprint.build(agency)
    else:
        log.warning("agency.blueprint_outdated", agency_id=str(agency.pk))
        agency.create_schema(check_if_exists=True, verbosity=0)
