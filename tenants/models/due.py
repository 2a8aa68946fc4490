from django.db import models
from django.db.models import Q

from tenants.clock import NEVER


class Due(models.Model):
    """One thing to be done for one agency, and when it is next to be looked at.

    Written in the same transaction as the agency's row it stands for, so no job ever loops over all schemas to find
    work. The row is a hint, not a lock: the agency's own row says, under its own guard, whether there is something to
    do. What is a call to HMRC waits here for its turn (tenants/turns).
    """

    agency_id = models.UUIDField()
    kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    lane = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    deadline = models.DateField(null=True, help_text="HMRC's day by which it must be done, if there is one.")
    calls = models.PositiveSmallIntegerField(db_default=1, default=1, help_text="How many calls it still takes.")
    is_call = models.BooleanField(db_default=False, default=False, help_text="It waits for a turn of the pace.")
    halted_by = models.CharField(
        max_length=100, blank=True, db_default="", default="", help_text="HMRC's operation whose pause holds it back."
    )
    rung_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(
        null=True, help_text="Since when it is due, tried, and not done; null if it was not tried, or waits by plan."
    )
    created_at = models.DateTimeField(auto_now_add=True, help_text="Since when it waits, however often it is put off.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "kind", "subject_id"], name="one_due_row_a_subject")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(is_call=False), name="due_by_time"),
            models.Index(fields=["kind", "lane", "due_at"], name="due_by_lane"),
            # One step for each agency of a lane, however many rows it has: its first is its oldest.
            models.Index(fields=["lane", "agency_id", "due_at"], condition=Q(is_call=True), name="calls_by_agency"),
            # By age, not by `due_at`, which is the present at every put-off. What is put off without end is left out:
            # a paused batch is not stepped over at every pick.
            models.Index(
                fields=["lane", "agency_id", "deadline", "created_at", "id", "due_at"],
                condition=Q(is_call=True, due_at__lt=NEVER),
                name="calls_in_order",
            ),
        ]
