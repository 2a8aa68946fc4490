from django.db import models


class Ending(models.Model):
    """When a grant in use ends at HMRC: so that endings are counted over all agencies without visiting any."""

    grant_id = models.UUIDField(primary_key=True)
    agency_id = models.UUIDField()
    ends_at = models.DateTimeField(db_index=True)
