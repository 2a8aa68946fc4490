from django.db import models


class Due(models.Model):
    """One thing to be done for one agency, and when it is next to be looked at.

    Written in the same transaction as the agency's row it stands for, so no job ever loops over all schemas to find
    work. The row is a hint, not a lock: the agency's own row says, under its own guard, whether there is something to
    do.
    """

    agency_id = models.UUIDField()
    kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    lane = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "kind", "subject_id"], name="one_due_row_a_subject")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="due_by_time"),
            models.Index(fields=["kind", "lane", "due_at"], name="due_by_lane"),
        ]
