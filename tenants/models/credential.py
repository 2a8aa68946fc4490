from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from tenants.models.agency import Agency


class CredentialKind(models.TextChoices):
    API_KEY = "api_key"
    LANDLORD = "landlord"
    INVITATION = "invitation"
    OPERATOR = "operator"


class Credential(models.Model):
    """Digest of a bearer credential → agency and subject, read before anything else about a request is known."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=16, choices=CredentialKind.choices)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.CASCADE)
    subject_id = models.UUIDField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "subject_id"], name="credential_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CredentialKind.OPERATOR, agency=None)
                | (~Q(kind=CredentialKind.OPERATOR) & Q(agency__isnull=False)),
                name="only_an_operator_has_no_agency",
            )
        ]

    # Queries

    @classmethod
    def get_live(cls, digest: bytes, *, now: datetime) -> Self | None:
        """The credential with this digest, unless it has expired."""
        found = cls.objects.select_related("agency").filter(digest=digest).first()
        return found if found is not None and found.is_live(now=now) else None

    def is_live(self, *, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or self.expires_at > now

    # Mutators

    @classmethod
    def forget(cls, *, agency_id: UUID, subject_id: UUID) -> None:
        """Revoke every credential of this subject."""
        cls.objects.filter(agency_id=agency_id, subject_id=subject_id).delete()
