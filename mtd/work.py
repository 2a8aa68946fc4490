"""What lies ahead for a landlord: asked when it is decided whether the connection is kept warm."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from mtd import writes
from mtd.models import Obligation, Submission, SubmissionStatus
from mtd.models.submission import SETTLED
from people.models import Operation
from tenants import clock

# A quarter that is due today or tomorrow, and not reported by us yet.
NEAR = timedelta(days=1)


def is_ahead(landlord_id: UUID) -> bool:
    """Whether something is queued or under way for the landlord, or a quarter is nearly due. Every question is asked by
    an index that begins with the landlord.
    """
    return (
        Submission.objects.filter(landlord_id=landlord_id).exclude(status__in=SETTLED).exists()
        or writes.are_under_way(landlord_id=landlord_id)
        or Operation.objects.filter(subject_id=landlord_id, kind__startswith="fetch.", finished_at=None).exists()
        or _is_nearly_due(landlord_id)
    )


def _is_nearly_due(landlord_id: UUID) -> bool:
    today = clock.today()
    near = Obligation.objects.filter(landlord_id=landlord_id, due_date__range=(today, today + NEAR))
    # HMRC's word that it is fulfilled comes late; our own receipt is as good.
    reported = Submission.objects.filter(
        landlord_id=landlord_id,
        business_id=OuterRef("business_id"),
        status=SubmissionStatus.ACCEPTED,
        period_end__gte=OuterRef("period_end"),
    )
    return near.exclude(status__iexact="fulfilled").exclude(Exists(reported)).exists()
