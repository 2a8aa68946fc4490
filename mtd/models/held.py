from django.db import models

from landlords.models import Landlord
from mtd.models.submission import Submission
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel


class Held(SealedModel):
    """What HMRC held of one business and tax year when we last read it, or wrote it and were answered.

    Without a digest: nothing. `submission` is the one of ours that it is; none if somebody else sent it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="held_figures", db_index=False)
    business_id = models.CharField(max_length=15)
    tax_year = models.CharField(max_length=7)
    body = SealedField(label="held.body", null=True)
    digest = models.BinaryField(max_length=32, null=True)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.SET_NULL, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "business_id", "tax_year"], name="one_held_figure_a_year")
        ]
