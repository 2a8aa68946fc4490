"""What is over is dropped, once a day and agency: docs/retention.md has the table."""

from datetime import datetime, timedelta

from django.db import transaction

from events import audit
from events import retention as of_events
from landlords.models import LandlordSession, SignInCode
from people.models import IdempotencyRecord, Session
from tenants import due
from tenants.context import current_agency
from tenants.models import Credential

IDEMPOTENCY_KEPT = timedelta(hours=24)
CODES_KEPT = timedelta(hours=1)  # so long they count against the next ones


def tidy(*, now: datetime) -> None:
    """Drop the current agency's expired sessions, credentials, idempotency records and deliveries, and come back
    tomorrow.
    """
    agency = current_agency()
    with transaction.atomic():
        Session.objects.filter(expires_at__lt=now).delete()
        IdempotencyRecord.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT).delete()
        LandlordSession.objects.filter(expires_at__lt=now).delete()
        SignInCode.objects.filter(expires_at__lt=now - CODES_KEPT).delete()
        Credential.objects.filter(agency=agency, expires_at__lt=now).delete()
        of_events.tidy(now=now)
        due.keep(kind=due.Kind.SEAL_AUDIT, subject_id=audit.CHAIN, lane=due.Lane.BACKGROUND, at=now)
        due.put(kind=due.Kind.TIDY, subject_id=agency.pk, lane=due.Lane.BACKGROUND, at=now + due.TIDY_EVERY)
