from django.db import models
from django.db.models import Q


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
    is_call = models.BooleanField(db_default=False, default=False, help_text="It waits for a turn of the pace.")
    rung_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(
        null=True, help_text="Since when it is due, tried, and not done; null if it was not tried, or waits by plan."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "kind", "subject_id"], name="one_due_row_a_subject")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(is_call=False), name="due_by_time"),
            models.Index(fields=["kind", "lane", "due_at"], name="due_by_lane"),
            # One step for each agency of a lane, however many rows it has: its first is its oldest.
            models.Index(fields=["lane", "agency_id", "due_at"], condition=Q(is_call=True), name="calls_by_agency"),
            models.Index(
                fields=["lane", "agency_id", "deadline", "due_at", "id"],
                condition=Q(is_call=True),
                name="calls_in_order",
            ),
        ]
