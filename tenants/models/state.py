from django.db import models


class ConnectState(models.Model):
    """Digest of an OAuth state → the connect session it began. HMRC's redirect carries nothing else of ours.

    Kept for 30 days after use, so that a back button or a second tab still finds its way home.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    agency_id = models.UUIDField()
    session_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="connect_state_age")]
