from django.db import models


class Doubt(models.Model):
    """A grant of which nobody knows whether its token still works, and since when: so that the oldest doubt of all
    agencies is seen without visiting any.
    """

    grant_id = models.UUIDField(primary_key=True)
    agency_id = models.UUIDField()
    since = models.DateTimeField(db_index=True)
