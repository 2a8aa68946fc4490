"""The daily round of an agency: what is over is dropped in every room (docs/retention.md), what is old read again."""

from datetime import datetime

from django.db import transaction

from hmrc_oauth import fraud_contexts
from landlords import retention
from mtd import rereading
from mtd.models import Calculation, Submission, Write, calculation, write
from mtd.models.submission import SETTLED


def tidy(*, now: datetime) -> None:
    """Drop what the current agency keeps for a while only, read again what HMRC says is due, and come back tomorrow."""
    with transaction.atomic():
        fraud_contexts.wipe(
            but=[
                Submission.objects.exclude(status__in=SETTLED),
                Write.objects.exclude(status__in=write.SETTLED),
                Calculation.objects.filter(status__in=calculation.OPEN),
            ],
            attached=[Submission.objects.all(), Write.objects.all(), Calculation.objects.all()],
            now=now,
        )
        rereading.ask(now=now)
        retention.tidy(now=now)
