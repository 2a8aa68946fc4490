from django.db import models


class Adoption(models.Model):
    """This database was put into the hands of an environment. The newest row says whose it is; none is ever changed."""

    fingerprint = models.CharField(max_length=64)
    history = models.CharField(max_length=64, help_text="Which server wrote it, on which of its timelines.")
    adopted_at = models.DateTimeField()
