"""What is over is dropped, once a day and agency, in every room: docs/retention.md has the table."""

from datetime import datetime

from django.db import transaction

from hmrc_oauth import fraud_contexts
from landlords import retention
from mtd.models import Submission
from mtd.models.submission import SETTLED


def tidy(*, now: datetime) -> None:
    """Drop what the current agency keeps for a while only, and come back tomorrow."""
    with transaction.atomic():
        fraud_contexts.wipe(
            but=[Submission.objects.exclude(status__in=SETTLED)], attached=[Submission.objects.all()], now=now
        )
        retention.tidy(now=now)
