from django.db import models


class PauseScope(models.TextChoices):
    LANE = "lane"
    AGENCY = "agency"
    OPERATION = "operation"


class Pause(models.Model):
    """A lane, an agency or one of HMRC's operations for which an operator lets nothing go, and why."""

    scope = models.CharField(max_length=16, choices=PauseScope.choices)
    name = models.CharField(max_length=100, help_text="The lane, the agency's id, or the operation.")
    reason = models.CharField(max_length=500)
    paused_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="one_pause_a_thing")]
