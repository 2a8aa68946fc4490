from django.db import connection, models
from django.db.models import Func

from tenants.ids import new_id


class _Transaction(Func):
    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class _OldestOpen(Func):
    template = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
    output_field = models.BigIntegerField()


def oldest_open() -> int:
    """The oldest transaction that is under way anywhere in the database: before it, nothing can appear any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


class EventQuerySet(models.QuerySet["Event"]):
    def settled(self) -> "EventQuerySet":
        """Events before which nothing can appear any more, in their final order.

        A sequence is handed out before commit, so a reader that went by it alone would skip what commits late.
        """
        return self.filter(transaction__lt=_OldestOpen()).order_by("transaction", "position")


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened: no event without its change, no
    change without its event.
    """

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id)
    transaction = models.BigIntegerField(db_default=_Transaction())
    type = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "position"], name="event_order"),
            models.Index(fields=["subject_id", "transaction"], name="event_by_subject"),
        ]
