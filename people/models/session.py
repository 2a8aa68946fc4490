from django.db import models


class Session(models.Model):
    """A staff session. Its key is stored as a digest and its data sealed: a dump of this table signs nobody in."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    data = models.BinaryField()
    user_id = models.UUIDField(null=True, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
