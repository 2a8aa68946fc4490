from django.db import models


class Switch(models.Model):
    """Something that is off for the whole installation, and when somebody may next try whether it is over."""

    name = models.CharField(max_length=64, primary_key=True)
    thrown_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
