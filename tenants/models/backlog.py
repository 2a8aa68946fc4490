from django.db import models


class Backlog(models.Model):
    """What waits, counted once a second by whoever leads the schedulers. One row; never older than its `taken_at`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    taken_at = models.DateTimeField()
    lines = models.JSONField(help_text="One for each agency in each lane: lane, agency, count, start, weight, cap.")
    served = models.BigIntegerField(help_text="Turns taken since ever, at that moment.")
    rate = models.FloatField(null=True, help_text="Turns a second as they really go; null while nothing waits.")
