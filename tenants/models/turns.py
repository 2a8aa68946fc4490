"""What the fair order remembers between two turns. Numbers and ids only: lost, it begins anew, and nothing is lost."""

from uuid import UUID

from django.db import models

NOBODY = UUID(int=0)


class LaneTurn(models.Model):
    """A lane: its virtual time, whom it served last, and how often it was passed over since."""

    lane = models.CharField(max_length=16, primary_key=True)
    clock = models.FloatField(default=0)
    last = models.UUIDField(default=NOBODY)
    passed = models.PositiveIntegerField(default=0)
    served = models.BigIntegerField(default=0)
    picked_at = models.DateTimeField(
        null=True, help_text="When an ordinary carrier last picked, by PostgreSQL's clock."
    )


class AgencyTurn(models.Model):
    """An agency in a lane: the virtual time at which its last turn ends."""

    lane = models.CharField(max_length=16)
    agency_id = models.UUIDField()
    ends = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "agency_id"], name="one_turn_an_agency")]


class Share(models.Model):
    """What an operator has granted an agency: a weight among others, and a cap to its part of HMRC's rate."""

    agency_id = models.UUIDField(primary_key=True)
    weight = models.FloatField(default=1)
    cap = models.FloatField(null=True, help_text="Of HMRC's rate, above 0 and up to 1.")
    allowance = models.FloatField(default=1, help_text="Turns saved up under the cap.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="a_weight_is_positive"),
            models.CheckConstraint(
                condition=models.Q(cap=None) | models.Q(cap__gt=0, cap__lte=1), name="a_cap_is_a_share"
            ),
        ]
